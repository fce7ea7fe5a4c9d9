"""Diagnostics as data: what was found, where, and what to do; collected and sorted. `report` renders them."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


class Severity(enum.Enum):
    """How much a finding weighs: an error stops between stages, a warning is a finding, a note is for the reader."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Place:
    """A node of a document: the JSON pointer (RFC 6901) into it and, where known, the span it starts at."""

    pointer: str | None = None
    span: Span | None = None


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that a diagnostic points at, such as the first of two duplicates."""

    label: str
    place: Place


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: a kebab-case id, a severity, a message, its place, and a hint that says what to do about it."""

    id: str
    severity: Severity
    message: str
    place: Place = NOWHERE
    hint: str | None = None
    related: tuple[Related, ...] = ()
    values: tuple[str, ...] = ()
    """What distinguishes the finding from others of its id at its place: names of the document, never words of ours."""

    @property
    def sort_key(self) -> tuple[str, int, int, int, str, str, str]:
        """File, line and column first, so that a reader can walk the document from top to bottom."""
        span = self.place.span or Span("", 0, 0)
        rank = _RANK[self.severity]
        return (span.file, span.line, span.column, rank, self.id, self.place.pointer or "", self.message)


@dataclass(slots=True)
class Diagnostics:
    """The collector that every stage appends to; equal findings at the same place are kept once."""

    _found: dict[Diagnostic, None] = field(default_factory=dict[Diagnostic, None])
    _has_errors: bool = False

    def add(self, diagnostic: Diagnostic) -> None:
        """Keep one finding."""
        self._found[diagnostic] = None
        self._has_errors = self._has_errors or diagnostic.severity is Severity.ERROR

    def error(self, id: str, message: str, place: Place = NOWHERE, **more: Any) -> None:
        """Keep an error: the pipeline stops after the stage that found it."""
        self.add(Diagnostic(id, Severity.ERROR, message, place, **more))

    def warning(self, id: str, message: str, place: Place = NOWHERE, **more: Any) -> None:
        """Keep a warning: a finding that does not stop generation."""
        self.add(Diagnostic(id, Severity.WARNING, message, place, **more))

    def note(self, id: str, message: str, place: Place = NOWHERE, **more: Any) -> None:
        """Keep a note: something a reader may want to know, never a finding."""
        self.add(Diagnostic(id, Severity.NOTE, message, place, **more))

    @property
    def has_errors(self) -> bool:
        """Whether any error has been collected."""
        return self._has_errors

    def count(self, severity: Severity) -> int:
        """How many findings of one severity there are."""
        return sum(found.severity is severity for found in self._found)

    def sorted(self) -> list[Diagnostic]:
        """All findings in a stable order: by file, line, column, then severity and id."""
        return sorted(self._found, key=lambda found: found.sort_key)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.sorted())

    def __len__(self) -> int:
        return len(self._found)
