# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""What a fork must not break: locks are made anew in a child, and some work is never cut in two.

A child process has one thread. A lock that another thread held at the fork stays locked in it for ever, and so does the
lock of a module that was just being imported.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final, Protocol

_PATIENCE: Final = 30.0
"""Seconds that a fork waits for work that is not to be cut in two; it then goes on, as it would without this module."""


class Renewed(Protocol):
    """Something with a lock."""

    def after_fork(self) -> None:
        """Make the lock anew; called in a child process, before anything else runs there."""
        ...


_renewed: Final[weakref.WeakSet[Renewed]] = weakref.WeakSet()


def renew_in_children(holder: Renewed) -> None:
    """Have `holder.after_fork` called in every child that is forked from this process, as long as `holder` lives."""
    _renewed.add(holder)


class _Gate:
    """Lets work in from many threads, and a fork only while none is inside."""

    def __init__(self) -> None:
        self._changed = threading.Condition(threading.Lock())
        self._inside = 0
        self._forking = False
        self._own = threading.local()

    def _depth(self) -> int:
        depth: int = getattr(self._own, "depth", 0)
        return depth

    def enter(self) -> None:
        with self._changed:
            # Work within work goes on: the fork is waiting for the outer one.
            self._changed.wait_for(lambda: not self._forking or self._depth() > 0, _PATIENCE)
            self._inside += 1
        self._own.depth = self._depth() + 1

    def leave(self) -> None:
        self._own.depth = self._depth() - 1
        with self._changed:
            self._inside -= 1
            self._changed.notify_all()

    def before(self) -> None:
        self._changed.acquire()
        self._forking = True
        # A thread that forks in the midst of its own work must not wait for itself.
        self._changed.wait_for(lambda: self._inside <= self._depth(), _PATIENCE)

    def after_in_parent(self) -> None:
        self._forking = False
        self._changed.notify_all()
        self._changed.release()

    def after_in_child(self) -> None:
        self._changed = threading.Condition(threading.Lock())
        self._inside = self._depth()
        self._forking = False


_gate: Final = _Gate()


@contextmanager
def whole_at_a_fork() -> Generator[None]:
    """Do not let this process fork while the block runs, in any thread: for imports, and for a file that is locked."""
    _gate.enter()
    try:
        yield
    finally:
        _gate.leave()


def _after_in_child() -> None:
    _gate.after_in_child()
    for holder in list(_renewed):
        holder.after_fork()


if hasattr(os, "register_at_fork"):  # not on Windows, which knows no fork
    os.register_at_fork(
        before=_gate.before, after_in_parent=_gate.after_in_parent, after_in_child=_after_in_child
    )
