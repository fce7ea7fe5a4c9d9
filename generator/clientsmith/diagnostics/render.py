"""Diagnostics as text for a terminal, as JSON for a program and as GitHub annotations; nothing is printed here.

What a document says ends up in messages, so everything that could steer a terminal or forge an annotation is escaped.
"""

from __future__ import annotations

import codecs
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from clientsmith.characters import escape
from clientsmith.diagnostics.model import Diagnostic, Place, Severity, Span
from clientsmith.diagnostics.repository import path_in_repository, repository_root
from clientsmith.input_file import InputFileError, read_again

_WIDTH = 100
"""How much of a source line is shown; a minified document has only one, of megabytes."""

_LONGEST = 2000
"""How many characters of a message, a place or a hint are shown; names in a document may have megabytes."""

_COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}
_ANNOTATIONS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
LINE_END = re.compile(r"\r\n|\r|\n")


def render_text(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, str] | None = None, *, color: bool = False
) -> str:
    """One block per finding: `file:line:column: severity[id]: message`, the source line, and what else is known.

    `sources` holds the text of each file by the name that spans use; without it no source lines are shown.
    """
    lines = {file: LINE_END.split(text) for file, text in (sources or {}).items()}
    return "".join(f"{line}\n" for diagnostic in diagnostics for line in _block(diagnostic, lines, color))


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """`{"version": 1, "counts": {severity: count}, "diagnostics": [...]}`; the entries are those of `as_json`."""
    found = list(diagnostics)
    counts = {severity.value: sum(one.severity is severity for one in found) for severity in Severity}
    report = {"version": 1, "counts": counts, "diagnostics": [as_json(one) for one in found]}
    return json.dumps(report, indent=2) + "\n"


def render_github(diagnostics: Iterable[Diagnostic]) -> str:
    """One workflow command per finding: `::error file=...,line=...,col=...,title=...::message`.

    Files are named from the root of the repository that the working directory is in, as GitHub names them.
    """
    root = repository_root(Path.cwd())
    return "".join(f"{_annotation(diagnostic, root)}\n" for diagnostic in diagnostics)


def as_json(diagnostic: Diagnostic) -> dict[str, object]:
    """A finding as JSON: id, severity, message, file, line, column, pointer, hint, related; null for the unknown."""
    return {
        "id": diagnostic.id,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        **place_json(diagnostic.place),
        "hint": diagnostic.hint,
        "related": [{"label": one.label, **place_json(one.place)} for one in diagnostic.related],
    }


def read_sources(diagnostics: Iterable[Diagnostic]) -> dict[str, str]:
    """The text of every file that findings point into, for `render_text`."""
    return read_files({one.place.span.file for one in diagnostics if one.place.span is not None})


def read_files(files: Iterable[str]) -> dict[str, str]:
    """The text of each file by its name; files that cannot be read are left out."""
    sources: dict[str, str] = {}
    for file in sorted(files):
        try:
            data = read_again(file)
        except InputFileError:
            continue
        wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        sources[file] = data.decode("utf-16" if wide else "utf-8-sig", errors="replace")
    return sources


def place_json(place: Place) -> dict[str, object]:
    """A place as JSON: file, line, column and pointer; null for the unknown."""
    span = place.span
    return {
        "file": span.file if span else None,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "pointer": place.pointer,
    }


def _block(diagnostic: Diagnostic, lines: Mapping[str, list[str]], color: bool) -> Iterator[str]:
    span, pointer = diagnostic.place.span, diagnostic.place.pointer
    where = f"{_shown(str(span))}: " if span else ""
    kind = f"{diagnostic.severity.value}[{diagnostic.id}]"
    if color:
        where, kind = f"\x1b[1m{where}\x1b[0m", f"\x1b[1;{_COLORS[diagnostic.severity]}m{kind}\x1b[0m"
    yield f"{where}{kind}: {_shown(diagnostic.message)}"
    if span is not None:
        yield from _excerpt(span, lines.get(span.file, []))
    if pointer:
        yield f"    at {_shown(pointer)}"
    for related in diagnostic.related:
        other = related.place.span or related.place.pointer or ""
        yield f"    {_shown(related.label)}: {_shown(str(other))}"
    if diagnostic.hint:
        yield f"    hint: {_shown(diagnostic.hint)}"


def _shown(text: str) -> str:
    """`text` for a terminal, cut where no reader goes on; the JSON form has all of it."""
    return escape(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


def _excerpt(span: Span, lines: list[str]) -> Iterator[str]:
    """The source line with a caret below the column, both cut to a window around it."""
    if not 0 < span.line <= len(lines):
        return
    line = lines[span.line - 1]
    column = min(max(span.column - 1, 0), len(line))
    start = 0 if column < _WIDTH * 3 // 4 else column - _WIDTH // 2
    before, after = line[start:column], line[column : start + _WIDTH]
    lead = ("…" if start else "") + escape(before.replace("\t", " "))
    tail = escape(after.replace("\t", " ").rstrip()) + ("…" if len(line) > start + _WIDTH else "")
    if not (lead + tail).strip():
        return
    number = str(span.line)
    yield f"    {number} | {lead}{tail}"
    yield f"    {' ' * len(number)} | {' ' * _columns(lead)}^"


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def _annotation(diagnostic: Diagnostic, root: Path | None) -> str:
    span = diagnostic.place.span
    properties: dict[str, str] = {}
    if span is not None:
        file = path_in_repository(span.file, root)
        properties = {"file": file, "line": str(span.line), "col": str(span.column)}
    properties["title"] = diagnostic.id
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    message = diagnostic.message
    if diagnostic.place.pointer:
        message += f" (at {diagnostic.place.pointer})"
    if diagnostic.hint:
        message += f"\nhint: {diagnostic.hint}"
    return f"::{_ANNOTATIONS[diagnostic.severity]} {listed}::{_data(message)}"


def _data(text: str) -> str:
    """The message of a workflow command: percent and line ends encoded, other control characters escaped."""
    encoded = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return escape(encoded)


def _property(text: str) -> str:
    """A property of a workflow command: colons and commas are encoded as well."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
