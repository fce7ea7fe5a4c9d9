"""Runs the processes of the client benchmark in interleaved rounds: server, contestants, imports; judges nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

OURS: Final = "ours"
"""The name of the contestants that need the generated package."""
HERE: Final = Path(__file__).resolve().parent
_PER_ROUND: Final = 3
"""How often each import is timed in a round: a process is over sooner than a batch of calls."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to make the calls of a contest: a script beside this one, and the interpreter that runs it."""

    contest: str
    name: str
    python: Path
    script: str
    work: str
    tls: bool = False

    @property
    def title(self) -> str:
        """How the tables call it."""
        return f"{self.contest}, {self.name}"


@dataclass(slots=True)
class Measured:
    """What the rounds gave, one figure a round: calls/s, CPU seconds of the caller per call and peak MiB by contestant,
    seconds by statement.
    """

    rates: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    costs: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    peaks: dict[str, float] = field(default_factory=dict[str, float])
    imports: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    versions: dict[str, dict[str, str | None]] = field(default_factory=dict[str, dict[str, str | None]])


def _environment() -> dict[str, str]:
    """Ours without proxies, and with byte code kept: neither is what is measured here."""
    dropped = {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONPATH"}
    return {
        name: value
        for name, value in os.environ.items()
        if name not in dropped and not name.lower().endswith("_proxy")
    }


class Worker:
    """The process of one contestant, which waits for one line of JSON and answers with another."""

    def __init__(self, contestant: Contestant, base_url: str, environment: Mapping[str, str]) -> None:
        if not contestant.python.exists():
            sys.exit(f"{contestant.title}: there is no {contestant.python}; `make bench-client` makes it")
        self.contestant = contestant
        self._process = subprocess.Popen(
            [str(contestant.python), str(HERE / contestant.script), contestant.work, base_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def ask(self, **message: Any) -> dict[str, Any]:
        """The answer to a message. A worker that fails has said why on standard error, and ends the benchmark."""
        assert self._process.stdin
        assert self._process.stdout
        try:
            print(json.dumps(message), file=self._process.stdin, flush=True)
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            sys.exit(f"{self.contestant.title}: failed, exit {self._process.wait()}")
        decoded: dict[str, Any] = json.loads(answer)
        return decoded

    def stop(self) -> None:
        """End the process by ending its input."""
        _end(self._process)


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.close()
    process.wait()


@contextmanager
def _server(environment: Mapping[str, str], authority: Path) -> Generator[tuple[str, str], None, None]:
    """The base URLs of a server of our own, plain and TLS; the certificate to trust is written to `authority`."""
    process = subprocess.Popen(
        [sys.executable, str(HERE / "client_server.py"), str(authority)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdout
    try:
        plain, tls = map(int, process.stdout.readline().split())
        yield f"http://127.0.0.1:{plain}", f"https://127.0.0.1:{tls}"
    finally:
        _end(process)


def _stay_on(core: int) -> None:
    """Keep this process, and those it starts from now on, on one of the cores it may use, where a system can."""
    if sys.platform == "linux" and len(CORES) > 1:
        os.sched_setaffinity(0, {CORES[core]})


CORES: Final = sorted(os.sched_getaffinity(0)) if sys.platform == "linux" else []


def _check(workers: Sequence[Worker]) -> None:
    """Everybody must have got the same from the server: a contest between different works means nothing."""
    first: dict[str, list[Any]] = {}
    for worker in workers:
        contest = worker.contestant.contest
        kind = "report" if "report" in contest else "fetch"
        values = worker.ask()["values"]
        if first.setdefault(kind, values) != values:
            sys.exit(f"{worker.contestant.title}: got {values}, the first one {first[kind]}")


def _time_import(statement: str, environment: Mapping[str, str]) -> float:
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", statement], env=environment, check=False)
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        sys.exit(f"python -c {statement!r}: exit {done.returncode}")
    return seconds


def _rotated(items: Sequence[Any], number: int) -> list[Any]:
    first = number % len(items)
    return [*items[first:], *items[:first]]


def measure(
    contestants: Sequence[Contestant],
    statements: Sequence[str],
    *,
    rounds: int,
    seconds: float,
    generated: Path,
    packages: Sequence[str],
) -> Measured:
    """All contestants and imports in each round, another one first each time; the first round is not kept."""
    environment = _environment()
    with_package = environment | {"PYTHONPATH": str(generated.resolve())}
    measured = Measured(
        rates={contestant.title: [] for contestant in contestants},
        costs={contestant.title: [] for contestant in contestants},
        imports={statement: [] for statement in statements},
    )
    with ExitStack() as stack:
        _stay_on(0)
        authority = Path(stack.enter_context(TemporaryDirectory())) / "authority.pem"
        base_urls = stack.enter_context(_server(environment, authority))
        _stay_on(1)
        workers: list[Worker] = []
        for entry in contestants:
            # A longer path would make others slower: raw httpx in asyncio searches it for `sniffio` on every call.
            own = with_package if entry.name == OURS else environment
            if entry.tls:
                own = own | {"SSL_CERT_FILE": str(authority)}
            workers.append(Worker(entry, base_urls[entry.tls], own))
            stack.callback(workers[-1].stop)
        _check(workers)
        for worker in workers:
            measured.versions[worker.contestant.title] = worker.ask(versions=list(packages))
        for number in range(rounds + 1):
            _batches(_rotated(workers, number), seconds, measured, keep=number > 0)
            for statement in _rotated([*statements] * _PER_ROUND, number):
                taken = _time_import(statement, with_package)
                if number:
                    measured.imports[statement].append(taken)
    return measured


def _batches(workers: Sequence[Worker], seconds: float, measured: Measured, *, keep: bool) -> None:
    for worker in workers:
        answer = worker.ask(seconds=seconds)
        if keep:
            title = worker.contestant.title
            measured.rates[title].append(answer["calls"] / answer["seconds"])
            measured.costs[title].append(answer["cpu"] / answer["calls"])
            measured.peaks[title] = answer["peak_mib"]
