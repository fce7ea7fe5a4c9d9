"""SIGINT and SIGTERM as an exception, so that a run that is stopped can still write what it has found."""

from __future__ import annotations

import os
import signal
from types import FrameType, TracebackType
from typing import Any, Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class StoppedError(KeyboardInterrupt):
    """A signal asks for the end. asyncio lets nothing but a KeyboardInterrupt or SystemExit through its loops."""


class StopSignals:
    """While it is entered, the first signal raises StoppedError; a second one ends the process as usual."""

    def __init__(self) -> None:
        self.received = ""
        """The name of the signal that came."""
        self._before: dict[signal.Signals, Any] = {}
        self._process = os.getpid()

    def __enter__(self) -> StopSignals:
        self._before = {number: signal.signal(number, self._stop) for number in _SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._restore()

    def check(self) -> None:
        """Raise StoppedError if a signal came whose exception somebody caught."""
        if self.received:
            raise StoppedError

    def _stop(self, number: int, _: FrameType | None) -> None:
        self._restore()
        if os.getpid() != self._process:  # A fork of ours has no report to write.
            os.kill(os.getpid(), number)
            return
        self.received = signal.Signals(number).name
        raise StoppedError

    def _restore(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}
