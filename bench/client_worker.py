"""The loop of one contestant of the client benchmark: told how long to call, it answers how often it did.

Standard library only, because every contestant runs it in an environment of its own.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import Any, Final

IN_FLIGHT: Final = 32

ITEM: Final = "BI" + "a" * 32
KEY: Final = "SK" + "a" * 32
SECRET: Final = "s" * 32


def sids(prefix: str) -> Iterator[str]:
    """Many SIDs in turn, so that nobody gains by remembering the URL of the last call."""
    return itertools.cycle([f"{prefix}{number:032x}" for number in range(5000)])


@dataclass(frozen=True, slots=True)
class Work:
    """One way to make a call, and the plain values in its result that must be the same for everybody."""

    call: Callable[[], Any]
    values: Callable[[Any], list[Any]]


@dataclass(frozen=True, slots=True)
class AsyncWork:
    """The same for calls that are awaited, `IN_FLIGHT` at a time."""

    call: Callable[[], Awaitable[Any]]
    values: Callable[[Any], list[Any]]


Maker = Callable[[str], Work | AsyncWork]
"""Makes the work from a base URL; what it needs is imported there, so that memory is that of one contestant."""


def _sync_batch(work: Work, seconds: float) -> tuple[int, float]:
    work.call()  # opens the connection where the server or the client has closed it
    calls, started = 0, time.perf_counter()
    end = now = started
    end += seconds
    while now < end:
        work.call()
        calls += 1
        now = time.perf_counter()
    return calls, now - started


async def _slot(work: AsyncWork, end: float) -> int:
    calls = 0
    while time.perf_counter() < end:
        await work.call()
        calls += 1
    return calls


async def _async_batch(work: AsyncWork, seconds: float) -> tuple[int, float]:
    await asyncio.gather(*(work.call() for _ in range(IN_FLIGHT)))
    started = time.perf_counter()
    calls = await asyncio.gather(*(_slot(work, started + seconds) for _ in range(IN_FLIGHT)))
    return sum(calls), time.perf_counter() - started


async def _once(work: AsyncWork) -> Any:
    return await work.call()


def _peak_mib() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def _versions(packages: list[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for package in packages:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = None
    return found


def serve(makers: Mapping[str, Maker]) -> None:
    """Run as `SCRIPT NAME BASE_URL`: one JSON line out for each one in, until there are no more."""
    work = makers[sys.argv[1]](sys.argv[2])
    # One loop for all batches: connections of an asyncio client belong to the loop that opened them.
    with asyncio.Runner() as runner:
        for line in sys.stdin:
            message = json.loads(line)
            if "seconds" in message:
                gc.collect()
                cpu = time.process_time()
                if isinstance(work, Work):
                    calls, seconds = _sync_batch(work, message["seconds"])
                else:
                    calls, seconds = runner.run(_async_batch(work, message["seconds"]))
                cpu = time.process_time() - cpu
                answer: dict[str, Any] = {
                    "calls": calls, "seconds": seconds, "cpu": cpu, "peak_mib": _peak_mib()
                }  # fmt: skip
            elif "versions" in message:
                answer = _versions(message["versions"])
            else:
                result = work.call() if isinstance(work, Work) else runner.run(_once(work))
                answer = {"values": work.values(result)}
            print(json.dumps(answer), flush=True)
