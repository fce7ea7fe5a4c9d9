"""Runs units in processes of their own, several at a time, and notices if one of them dies.

Each task begins in a fork of the same process, which has run none: what a unit finds depends on its task alone, and not
on what was run before, in which process or on which machine.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from types import FrameType
from typing import Any, Generic, NoReturn, TypeVar

_FORK = multiprocessing.get_context("fork")
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_GRACE = 2.0
"""Seconds that a process gets to remove its temporary files when it has to end."""

_AGAIN = 0.02
"""Seconds after which a process tries again to end that could not."""

_LOOK = 1.0
"""Seconds after which processes are looked for that ended without a word."""

TWork = TypeVar("TWork")
TDone = TypeVar("TDone")


@dataclass(frozen=True, slots=True)
class Begun(Generic[TWork]):
    """A piece of work is under way."""

    work: TWork


@dataclass(frozen=True, slots=True)
class Done(Generic[TWork, TDone]):
    """The outcome of a piece of work."""

    work: TWork
    outcome: TDone


@dataclass(frozen=True, slots=True)
class Died(Generic[TWork]):
    """The process that did a piece of work ended before it had an outcome; `how` says what ended it."""

    work: TWork
    how: str


@dataclass(slots=True)
class _Worker(Generic[TWork]):
    process: ForkProcess
    left: deque[TWork]


def run_tasks(
    tasks: Iterable[Sequence[TWork]], jobs: int, do: Callable[[TWork], TDone]
) -> Generator[Begun[TWork] | Done[TWork, TDone] | Died[TWork]]:
    """Do every piece of work of every task, each task in a process of its own, and yield what becomes of each.

    Tasks are begun in their order, as processes become free. A task goes on in another process after one that died.
    """
    gc.collect()
    gc.freeze()  # Collecting in a fork what is here already would copy the memory that it is in.
    waiting: Iterator[Sequence[TWork]] = iter(tasks)
    interrupted = deque[Sequence[TWork]]()
    running: dict[Connection, _Worker[TWork]] = {}
    try:
        while True:
            while len(running) < jobs and (task := _next(interrupted, waiting)):
                _start(task, do, running)
                yield Begun(task[0])
            if not running:
                return
            # A process that is gone may have left others that keep its pipe open, so its end is looked for as well.
            ready = wait([*running], _LOOK)
            for pipe in [
                one for one, worker in running.items() if one in ready or not worker.process.is_alive()
            ]:
                yield from _heard(pipe, running, interrupted)
    finally:
        _end([worker.process for worker in running.values()])
        gc.unfreeze()


def _next(interrupted: deque[Sequence[TWork]], waiting: Iterator[Sequence[TWork]]) -> Sequence[TWork] | None:
    return interrupted.popleft() if interrupted else next(waiting, None)


def _start(
    task: Sequence[TWork], do: Callable[[TWork], object], running: dict[Connection, _Worker[TWork]]
) -> None:
    """Start a process. Signals wait until it is registered: else nothing would end it."""
    ours, theirs = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=_work, args=(task, do, theirs, [ours, *running], os.getpid()), daemon=True)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        process.start()
        running[ours] = _Worker(process, deque(task))
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    theirs.close()


def _heard(
    pipe: Connection, running: dict[Connection, _Worker[TWork]], interrupted: deque[Sequence[TWork]]
) -> Generator[Begun[TWork] | Done[TWork, Any] | Died[TWork]]:
    """What a process has to say, or that it has ended."""
    worker = running[pipe]
    is_alive = worker.process.is_alive()  # asked first: what it has sent before it ended is there then
    try:
        if not is_alive and not pipe.poll():
            raise EOFError
        outcome: Any = pipe.recv()
    except (EOFError, OSError):
        del running[pipe]
        pipe.close()
        worker.process.join()
        if worker.left:
            yield Died(worker.left.popleft(), _how(worker.process.exitcode or 0))
            interrupted.extend([tuple(worker.left)] if worker.left else [])
        return
    yield Done(worker.left.popleft(), outcome)
    if worker.left:
        yield Begun(worker.left[0])


def _work(
    task: Sequence[TWork],
    do: Callable[[TWork], object],
    pipe: Connection,
    inherited: Sequence[Connection],
    parent: int,
) -> None:
    """What a process of a task does. Ctrl-C reaches it as well, but its parent decides when it ends."""
    for other in inherited:  # Else it would never notice that its parent is gone.
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGALRM, _leave)
    sys.unraisablehook = _leave_later
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    gc.enable()
    try:
        for work in task:
            pipe.send(do(work))
            if os.getppid() != parent:
                break
    except (KeyboardInterrupt, BrokenPipeError):  # of the package under test; the parent is gone
        os._exit(1)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # without waiting for threads that the package may have left


def _leave(*_: int | FrameType | None) -> NoReturn:
    sys.exit(128 + signal.SIGTERM)


def _leave_later(error: sys.UnraisableHookArgs) -> None:
    """In a finalizer, or what a weak reference calls, nothing can be raised: an alarm leaves once it is over."""
    if error.exc_type is SystemExit:
        signal.setitimer(signal.ITIMER_REAL, _AGAIN)
    else:
        sys.__unraisablehook__(error)


def _end(processes: Sequence[ForkProcess]) -> None:
    for process in processes:
        process.terminate()
    ends = time.monotonic() + _GRACE
    for process in processes:
        process.join(max(0.0, ends - time.monotonic()))
        process.kill()
        process.join()


def _how(code: int) -> str:
    if code >= 0:
        return f"ended with exit code {code}"
    name = signal.Signals(-code).name
    return f"was killed by {name}" + (" (is memory short? --jobs 1 takes less)" if name == "SIGKILL" else "")
