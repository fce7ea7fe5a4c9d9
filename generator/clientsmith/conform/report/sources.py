"""The lines of the document that a report links to, as excerpts that the page holds, so that every link stays in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from clientsmith.conform.client.hidden import hidden
from clientsmith.diagnostics.model import Place, Span
from clientsmith.diagnostics.render import LINE_END, read_files

_AROUND = 2
"""Lines shown before and after one that is linked to."""
_LONGEST = 300
"""Characters of a line that are shown; a minified document has only one line, of megabytes."""


@dataclass(frozen=True, slots=True)
class ExcerptLine:
    """One line of an excerpt, or a window of a long one. `anchor` is empty if nothing links to it."""

    label: str
    text: str
    anchor: str
    follows_gap: bool


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The lines of one file that are shown."""

    file: str
    lines: tuple[ExcerptLine, ...]


class Sources:
    """Excerpts of the files that places are in, and the anchor of each place."""

    def __init__(self, places: Iterable[Place], folder: str) -> None:
        """Only files in the folder of the document and in the working directory are quoted: a share of a run can name
        any other."""
        spans = {place.span for place in places if place.span is not None}
        folders = [Path.cwd(), *([Path(folder)] if folder else [])]
        named = {span.file for span in spans if _is_in(span.file, folders)}
        self._files = {file: LINE_END.split(text) for file, text in read_files(named).items()}
        self._numbers = {file: number for number, file in enumerate(self._files)}
        self._spans = sorted(
            (span for span in spans if self._has(span)), key=lambda span: (span.file, span.line, span.column)
        )

    def _has(self, span: Span) -> bool:
        return 0 < span.line <= len(self._files.get(span.file, ()))

    def anchor(self, place: Place) -> str:
        """The id of the line that a place is in; empty if the file cannot be read, or has no such line."""
        span = place.span
        if span is None or not self._has(span):
            return ""
        column = f"-{span.column}" if len(self._files[span.file][span.line - 1]) > _LONGEST else ""
        return f"line-{self._numbers[span.file]}-{span.line}{column}"

    def excerpts(self) -> Iterator[Excerpt]:
        """What the page shows, file by file."""
        for file, lines in self._files.items():
            spans = [span for span in self._spans if span.file == file]
            if spans:
                yield Excerpt(file, tuple(self._excerpt(lines, spans)))

    def _excerpt(self, lines: list[str], spans: list[Span]) -> Iterator[ExcerptLine]:
        columns: dict[int, list[int]] = {}
        for span in spans:
            columns.setdefault(span.line, []).append(span.column)
        before = 0
        for number in sorted(set(chain.from_iterable(_around(line, len(lines)) for line in columns))):
            yield from self._windows(
                spans[0].file, number, lines[number - 1], columns.get(number, []), before
            )
            before = number

    def _windows(
        self, file: str, number: int, text: str, columns: list[int], before: int
    ) -> Iterator[ExcerptLine]:
        """A line as it is, or of a long one the part around each column that is linked to."""
        is_long = len(text) > _LONGEST
        for index, column in enumerate(columns if is_long and columns else [1]):
            anchor = self.anchor(Place(None, Span(file, number, column))) if columns else ""
            label = f"{number}:{column}" if is_long else str(number)
            yield ExcerptLine(label, _window(text, column), anchor, not index and number != before + 1)


def _is_in(file: str, folders: list[Path]) -> bool:
    try:
        return any(map(Path(file).resolve().is_relative_to, folders))
    except ValueError:
        # No file can have this name: a share is read from JSON, which knows NUL and lone surrogates.
        return False


def _around(number: int, last: int) -> range:
    return range(max(1, number - _AROUND), min(last, number + _AROUND) + 1)


def _window(text: str, column: int) -> str:
    """A line, or the part of a long one around a column, without what looks like a secret."""
    start = max(0, min(column - 1 - _LONGEST // 3, len(text) - _LONGEST))
    end = start + _LONGEST
    shown = hidden(text[start:end]).replace("\t", "    ")
    return ("…" if start else "") + shown + ("…" if end < len(text) else "")
