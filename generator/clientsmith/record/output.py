"""What is told while traffic is recorded: lines for people, or one JSON object a line; no secret is in it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import TextIO

from clientsmith.characters import escape
from clientsmith.record.examiner import Passed
from clientsmith.record.recorder import Totals
from clientsmith.traffic.tapes.har_write import Json


class RecordLines:
    """Writes what a recorder reports."""

    def __init__(self, events: TextIO | None, *, is_dry: bool = False) -> None:
        """With `events` JSON goes there; without, the address goes to stdout and all else to stderr."""
        self._events = events
        self._is_dry = is_dry

    def started(self, url: str, upstream: str, tape: str | None) -> None:
        """The recorder listens at `url`."""
        if self._events is not None:
            self._event("started", url=url, upstream=upstream, tape=tape)
            return
        _write(sys.stdout, url)
        self._line(
            f"clientsmith record: to {upstream}, {f'tape: {tape}' if tape else 'no tape'}; Ctrl+C stops it"
        )

    def passed(self, passed: Passed) -> None:
        """One request was answered: a line for each thing to tell of it, which may be none."""
        if self._events is not None:
            self._event("exchange", **asdict(passed))
            return
        operation = f" ({passed.operation})" if passed.operation else ""
        label = f"#{passed.number} {passed.method} {passed.target:.300} {passed.status}{operation}"
        for finding in passed.findings:
            at = f" at {finding.pointer}" if finding.pointer else ""
            self._line(f"{label}: {finding.part}{at}: {finding.message} [{finding.id}]")
        for note in passed.notes:
            self._line(f"{label}: note: {note}")
        if passed.failure is not None:
            self._line(f"{label}: {passed.failure}")

    def kept(self, entry: dict[str, Json], lines: Iterable[str]) -> None:
        """An exchange as a tape would hold it: the entry of a HAR, and lines for people that say the same."""
        if self._events is not None:
            self._event("kept", entry=entry)
            return
        for line in lines:
            self._line(line)

    def stopped(self, totals: Totals) -> None:
        """The recorder has stopped."""
        if self._events is not None:
            self._event("stopped", **asdict(totals))
            return
        taped = f"{totals.taped} {'to be kept' if self._is_dry else 'on tape'}"
        self._line(
            f"clientsmith record: {totals.exchanges} exchanges, {taped}, {totals.findings} findings, "
            f"{totals.failures} failures, {totals.redacted} values redacted"
            + (f", {totals.opaque} with a body that cannot be read" if totals.opaque else "")
        )

    def _event(self, event: str, **members: object) -> None:
        assert self._events is not None
        _write(self._events, json.dumps({"event": event, **members}))

    def _line(self, text: str) -> None:
        _write(sys.stderr, escape(text))


def _write(stream: TextIO, line: str) -> None:
    stream.write(line + "\n")
    stream.flush()
