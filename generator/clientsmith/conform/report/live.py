"""Prints a run as it happens: every line at once, into a pipe too, and on a terminal which unit is under way."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import TextIO

from clientsmith.characters import escape
from clientsmith.conform.model import Part, Report, UnitResult
from clientsmith.conform.report import text
from clientsmith.conform.report.machine import as_diagnostics, failures_as_diagnostics
from clientsmith.conform.suite import Unit
from clientsmith.diagnostics.render import render_github

_ERASE = "\r\x1b[K"


class LiveText:
    """The text of a run. `terminal` gets the line of progress; None if nobody looks on."""

    def __init__(self, out: TextIO, terminal: TextIO | None) -> None:
        self._out = out
        self._terminal = terminal

    def opened(self, report: Report) -> None:
        """Print what is going to be tested."""
        self.print(text.opening(report))

    def begins(self, unit: Unit, number: int, total: int) -> None:
        """Show which unit is under way."""
        if self._terminal is not None:
            line = escape(f"  {unit.part}: {number} of {total}{unit.operation and f', {unit.operation}'}")
            width = shutil.get_terminal_size().columns - 1
            self._terminal.write(f"{_ERASE}{line[:width]}")
            self._terminal.flush()

    def ended(self, result: UnitResult) -> None:
        """Print what a unit found."""
        self.print(text.failures(result))

    def part_ended(self, part: Part, results: Sequence[UnitResult], round_: int) -> None:
        """Print what a part came to."""
        self.print(text.part_line(part, results, round_))

    def closed(self, report: Report) -> None:
        """Print the rest."""
        self.print(text.closing(report))

    def print(self, lines: str) -> None:
        """Print lines in the place of the one that shows progress."""
        if self._terminal is not None:
            self._terminal.write(_ERASE)
            self._terminal.flush()
        self._out.write(lines)
        self._out.flush()


class LiveAnnotations(LiveText):
    """GitHub annotations, and the verdict for people on another stream."""

    def __init__(self, out: TextIO, terminal: TextIO | None, log: TextIO) -> None:
        super().__init__(out, terminal)
        self._log = log
        self._printed: set[str] = set()

    def opened(self, report: Report) -> None:
        """Print nothing: annotations are about findings."""

    def ended(self, result: UnitResult) -> None:
        """Annotate what a unit found."""
        self._annotate(render_github(failures_as_diagnostics(result.failures)))

    def part_ended(self, part: Part, results: Sequence[UnitResult], round_: int) -> None:
        """Print nothing."""

    def closed(self, report: Report) -> None:
        """Annotate what only the whole run shows."""
        self._annotate(render_github(as_diagnostics(report)))
        self._log.write(f"{escape(text.verdict(report))}\n")

    def _annotate(self, lines: str) -> None:
        new = [line for line in lines.splitlines(keepends=True) if line not in self._printed]
        self._printed.update(new)
        self.print("".join(new))


class LiveProgress(LiveText):
    """Nothing but the line of progress, beside output for a program, and the verdict."""

    def opened(self, report: Report) -> None:
        """Print nothing."""

    def ended(self, result: UnitResult) -> None:
        """Print nothing."""

    def part_ended(self, part: Part, results: Sequence[UnitResult], round_: int) -> None:
        """Print nothing."""

    def closed(self, report: Report) -> None:
        """Print the verdict."""
        self.print(f"{escape(text.verdict(report))}\n")
