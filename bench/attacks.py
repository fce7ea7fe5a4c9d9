"""Sends raw requests that are meant to cost much to `clientsmith serve` and `record`: CPU, peak memory, and who waits.

    .venv/bin/python bench/attacks.py --seed 1 --requests 200

Each request has a connection of its own; another connection asks for something small all the while, and its longest
wait is the time for which the request held the others up. CPU and memory are those of the attacked process (Linux).
"""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from raw_requests import DOCUMENT, RawRequest, as_facts, draw

PROBE: Final = b"GET /probe HTTP/1.1\r\nHost: localhost\r\n\r\n"
TICKS: Final = os.sysconf("SC_CLK_TCK")
QUIET_SECONDS: Final = 0.06


@dataclass(frozen=True, slots=True)
class Cost:
    """What one request did to a process: seconds of CPU, seconds that others waited, and MiB at the peak."""

    request: RawRequest
    cpu: float
    wait: float
    peak: float
    status: str

    @property
    def line(self) -> str:
        """All of it in one line."""
        return (
            f"{self.cpu:6.2f} s CPU, others waited {self.wait:5.2f} s, {self.peak:5.0f} MiB, "
            f"{self.status}: {as_facts(self.request)}"
        )


class Attacked:
    """A running command, and what it has used."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.pid = process.pid
        self.port = port

    def cpu(self) -> float:
        """Seconds, in user mode and in the kernel."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def peak(self) -> float:
        """MiB of memory at most since the last call."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        found = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
        with contextlib.suppress(OSError):
            Path(f"/proc/{self.pid}/clear_refs").write_text("5")
        return found / 1024

    def connect(self) -> socket.socket:
        """A connection to it."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=120)


class Probe(threading.Thread):
    """Asks for something small over and over; `longest` is the longest wait in seconds."""

    def __init__(self, attacked: Attacked) -> None:
        super().__init__(daemon=True)
        self._attacked = attacked
        self._stopped = threading.Event()
        self.longest = 0.0

    def run(self) -> None:
        """Ask until told to stop."""
        with contextlib.suppress(OSError), self._attacked.connect() as connection:
            while not self._stopped.is_set():
                began = time.perf_counter()
                connection.sendall(PROBE)
                received = b""
                while not received.endswith(b"ok"):
                    data = connection.recv(4096)
                    if not data:
                        return
                    received += data
                self.longest = max(self.longest, time.perf_counter() - began)
                self._stopped.wait(0.002)

    def stop(self) -> float:
        """The longest wait."""
        self._stopped.set()
        self.join()
        return self.longest


def main() -> int:
    """Attack both programs and print what the worst requests did."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--requests", type=int, default=200, help="for each program")
    parser.add_argument("--program", choices=("serve", "record"), help="one of them only")
    options = parser.parse_args()
    requests = list(draw(options.seed, options.requests))
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder, "attacked.yaml")
        spec.write_text(DOCUMENT)
        with _running("serve", str(spec)) as upstream:
            if options.program != "record":
                _report("serve", [_cost(upstream, request) for request in requests])
            if options.program != "serve":
                _report("record", _costs_of_record(spec, upstream, requests))
    return 0


def _costs_of_record(spec: Path, upstream: Attacked, requests: list[RawRequest]) -> list[Cost]:
    costs: list[Cost] = []
    to = ("--upstream", f"http://127.0.0.1:{upstream.port}")
    # A tape has room for a few large bodies only, and a full one ends the recorder.
    for start in range(0, len(requests), 8):
        tape = spec.with_name(f"{start}.har")
        with _running("record", str(spec), "--tape", str(tape), *to) as recorder:
            costs += [_cost(recorder, request) for request in requests[start : start + 8]]
        tape.unlink()
    return costs


@contextlib.contextmanager
def _running(*arguments: str) -> Generator[Attacked, None, None]:
    command = [sys.executable, "-m", "clientsmith", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        yield Attacked(process, int(process.stdout.readline().split(":")[2].partition("/")[0]))
    finally:
        process.kill()
        process.wait()


def _cost(attacked: Attacked, request: RawRequest) -> Cost:
    attacked.peak()
    before = attacked.cpu()
    probe = Probe(attacked)
    probe.start()
    status = _send(attacked, request.data)
    used = attacked.cpu()
    while True:  # Some of the work may come after the answer.
        time.sleep(QUIET_SECONDS)
        now = attacked.cpu()
        if now - used < QUIET_SECONDS / 2:
            break
        used = now
    cost = Cost(request, used - before, probe.stop(), attacked.peak(), status)
    sys.stderr.write(f"{cost.line}\n")
    return cost


def _send(attacked: Attacked, data: bytes) -> str:
    received = bytearray()
    with attacked.connect() as connection:
        sender = threading.Thread(target=_send_all, args=(connection, data), daemon=True)
        sender.start()
        with contextlib.suppress(OSError):
            while piece := connection.recv(65536):
                received += piece
        sender.join()
    return received[9:12].decode("latin-1") or "none"


def _send_all(connection: socket.socket, data: bytes) -> None:
    with contextlib.suppress(OSError):
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)


def _report(name: str, costs: list[Cost]) -> None:
    print(f"{name}: {len(costs)} requests, {sum(one.cpu for one in costs):.1f} s of CPU in all")
    orders: dict[str, Callable[[Cost], float]] = {
        "CPU": lambda one: one.cpu,
        "others waited": lambda one: one.wait,
        "peak memory": lambda one: one.peak,
    }
    for label, key in orders.items():
        print(f"  worst by {label}:")
        for one in sorted(costs, key=key, reverse=True)[:5]:
            print(f"    {one.line}")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
