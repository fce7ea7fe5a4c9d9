"""Times `clientsmith serve` against Prism on one plain GET in the same run, and soaks it: requests/s and memory.

Each server process runs alone on one core, the load on another; rounds alternate. Prism comes from npm into a folder
of its own (`--prism`), and only if it is not there yet.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
PRISM: Final = "@stoplight/prism-cli@5"
PATH: Final = "/Listing/XB" + "a" * 32
TARGET: Final = 3.0
DISTINCT: Final = "ours, tape, all different"
OURS: Final = ("ours, tape", "ours, example", DISTINCT)
TALKING: Final = "prism"
"""As it comes: it writes lines about each request, here to nowhere."""
SILENT: Final = "prism, silent"
GROWTH_MIB: Final = 5.0
"""What a soak may add after its first tenth, in which caches and the log fill."""


def main() -> int:
    """Run the comparison, or the soak, and say whether the targets were met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spec", default="spec/marketplace.yaml")
    parser.add_argument("--tape", default="spec/recordings")
    parser.add_argument(
        "--prism", type=Path, default=Path(".venv-bench-prism"), help="where Prism is installed"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=10_000, help="for each server in each round")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument(
        "--soak", type=int, metavar="N", help="send N requests to ours alone and watch its memory"
    )
    parser.add_argument("--check", action="store_true", help="exit 1 when a target is missed")
    options = parser.parse_args()
    met = _soak(options) if options.soak else _compare(options)
    return 0 if met or not options.check else 1


def _compare(options: argparse.Namespace) -> bool:
    prism = _installed(options.prism)
    rates: dict[str, list[float]] = {name: [] for name in (*OURS, TALKING, SILENT)}
    with (
        _ours(options, "--tape", options.tape) as taped,
        _ours(options, "--no-tapes") as plain,
        _prism(options, prism) as talking,
        _prism(options, prism, "--verboseLevel", "silent") as silent,
    ):
        urls = dict(zip(rates, (taped.url, plain.url, taped.url, talking, silent), strict=True))
        for number in range(options.rounds + 1):
            for name in sorted(rates, key=lambda name: (list(rates).index(name) + number) % len(rates)):
                rates[name].append(_load(urls[name], options, distinct=name == DISTINCT))
        print(f"ready after {taped.ready:.2f} s (tapes) and {plain.ready:.2f} s (no tapes), imports included")
    for found in rates.values():
        del found[0]  # warming up
    print(
        f"\nGET {PATH[:20]}..., {options.connections} kept connections, requests/s and ratios within the rounds:\n"
    )
    for name, found in rates.items():
        ratios = "".join(f"   {_ratio(found, rates[other]):5.2f} x {other}" for other in (TALKING, SILENT))
        told = ratios if name in OURS else ""
        print(f"  {name:26} {statistics.median(found):8.0f}   {min(found):6.0f} to {max(found):6.0f}{told}")
    met = all(_ratio(rates[name], rates[SILENT]) >= TARGET for name in OURS if name != DISTINCT)
    print(f"\ntarget, {TARGET:g} x {SILENT} with a tape and with an example: {'met' if met else 'missed'}")
    return met


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


def _soak(options: argparse.Namespace) -> bool:
    """Ten parts, every other one of requests of which no two are alike; growth counts from the first one's end."""
    sizes: list[float] = []
    with _ours(options, "--tape", options.tape) as ours:
        print(f"before: {_resident(ours.pid):.1f} MiB")
        for part in range(10):
            rate = _load(ours.url, options, requests=options.soak // 10, distinct=part % 2 == 0)
            sizes.append(_resident(ours.pid))
            print(
                f"after {(part + 1) * (options.soak // 10):>9,} requests: {sizes[-1]:.1f} MiB, {rate:.0f}/s"
            )
    growth = sizes[-1] - sizes[0]
    print(f"growth after the first tenth: {growth:+.1f} MiB (target at most {GROWTH_MIB})")
    return growth <= GROWTH_MIB


class _Running:
    def __init__(self, url: str, pid: int, ready: float) -> None:
        self.url, self.pid, self.ready = url + PATH, pid, ready


@contextmanager
def _ours(options: argparse.Namespace, *arguments: str) -> Generator[_Running, None, None]:
    command = [*_on_core(0), sys.executable, "-m", "clientsmith", "serve", options.spec, *arguments]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        if not url:
            sys.exit("clientsmith serve did not start; try it by hand")
        yield _Running(url, process.pid, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait()


def _installed(folder: Path) -> Path:
    """The script that starts Prism, installed from npm where it is not there yet."""
    script = folder / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
    if not script.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, PRISM], check=True
        )
    version = json.loads((script.parent.parent / "package.json").read_text())["version"]
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    print(f"Prism {version} on node {node}; ours on Python {sys.version.split()[0]}")
    return script


@contextmanager
def _prism(options: argparse.Namespace, script: Path, *arguments: str) -> Generator[str, None, None]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*_on_core(0), "node", str(script), "mock", "--port", str(port), options.spec]
    environment = {**os.environ, "NODE_ENV": "production"}
    process = subprocess.Popen(
        [*command, "--verboseLevel", "silent"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until and process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        else:
            sys.exit("Prism did not start; try it by hand")
        yield f"http://127.0.0.1:{port}{PATH}"
    finally:
        process.terminate()
        process.wait()


def _load(url: str, options: argparse.Namespace, *, distinct: bool, requests: int | None = None) -> float:
    """Requests per second, by a process on the other core."""
    count = requests or options.requests
    words = [url, str(count), str(options.connections), "distinct" if distinct else "same"]
    command = [*_on_core(1), sys.executable, str(HERE / "serve_load.py"), *words]
    found = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    return float(found["requests"] / found["seconds"])


def _on_core(number: int) -> list[str]:
    """Linux only; elsewhere, or with one core, the system decides."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = sorted(affinity(0)) if affinity else []
    return ["taskset", "-c", str(cores[number])] if len(cores) > number and len(cores) > 1 else []


def _resident(pid: int) -> float:
    """The memory of a process in MiB (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024


if __name__ == "__main__":
    sys.exit(main())
