"""The values in CSV and TSV (RFC 4180; IANA, text/tab-separated-values) by the names of their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clientsmith.traffic.redaction.notations.spots import Spot, as_is

_DELIMITERS = ",;\t|"
_NAME = re.compile(r"[^\n\r=:{}<>]{1,80}")
_NAMING = frozenset({"name", "key", "field", "variable", "setting", "parameter", "header"})


def delimiter_of(text: str) -> str | None:
    """What separates the columns of a text that looks like a table: two lines or more with equally many fields."""
    first, _, rest = text[_start(text) :].partition("\n")
    second = rest.partition("\n")[0]
    if not second.strip() or _NAME.fullmatch(first.strip()) is None:
        return None
    return next(
        (sign for sign in _DELIMITERS if sign in first and second.count(sign) >= first.count(sign)), None
    )


def _start(text: str) -> int:
    """Where the first line is that is not a comment."""
    position = 1 if text.startswith("\ufeff") else 0
    while text.startswith("#", position) and "\n" in text[position : position + 10_000]:
        position = text.index("\n", position) + 1
    return position


def table_spots(text: str, delimiter: str) -> Iterator[Spot]:
    """The fields below the first line, in the order of the text; of a table of names and values by these names."""
    header: list[str] = []
    row: list[str] = []
    start_of_table = _start(text)
    for value, start, end, quotes, is_last in _fields(text, start_of_table, delimiter):
        if header and value:
            steps = _path(header, row)
            if steps:
                yield Spot(steps, start, end, value, _quoted if quotes else as_is)
        row.append(value)
        if is_last:
            header = header or [name.strip("\ufeff ").strip() for name in row]
            row = []


def _path(header: list[str], row: list[str]) -> tuple[str, ...]:
    if len(row) >= len(header):
        return ()
    own = header[len(row)]
    if own.lower() in ("value", "content") and row:
        named = [value for name, value in zip(header, row, strict=False) if name.lower() in _NAMING]
        return (*named[:1], own)
    return (own,)


def _quoted(value: str) -> str:
    return value.replace('"', '""')


def _fields(text: str, position: int, delimiter: str) -> Iterator[tuple[str, int, int, bool, bool]]:
    """Each field with its place inside of its quotes, whether it has some, and whether its line ends with it."""
    field = re.compile(
        rf'[ ]*"((?:[^"]|"")*)"[^{re.escape(delimiter)}\r\n]*|([^{re.escape(delimiter)}\r\n]*)'
    )
    while position <= len(text):
        cell = field.match(text, position)
        assert cell is not None
        group = 1 if cell[1] is not None else 2
        after = text[cell.end() : cell.end() + 1]
        value = cell[group].replace('""', '"') if group == 1 else cell[group]
        yield value, *cell.span(group), group == 1, after != delimiter
        position = cell.end() + 1
        if after == "\r" and text.startswith("\n", position):
            position += 1
        if not after:
            return
