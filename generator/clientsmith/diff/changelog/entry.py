"""What the changelog says of one release, as frozen data and as JSON, in which the state keeps it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import cast, get_args

from clientsmith.diff.rules import Section

_VERSION = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9}){2}")


class ChangelogError(ValueError):
    """A value is not what `Entry.to_json` gives; `pointer` leads to it."""

    def __init__(self, message: str, *pointer: str) -> None:
        super().__init__(message)
        self.pointer = pointer


@dataclass(frozen=True, slots=True)
class Line:
    """One change: plain text with names in backticks."""

    section: Section
    text: str
    breaking: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One release. Without a date it is not published yet."""

    version: str
    lines: tuple[Line, ...]
    date: date | None = None

    def to_json(self) -> dict[str, object]:
        """Plain JSON, which `read_entries` reads."""
        changes = [{"section": one.section, "text": one.text, "breaking": one.breaking} for one in self.lines]
        published = None if self.date is None else self.date.isoformat()
        return {"version": self.version, "date": published, "changes": changes}


def read_entries(values: Iterable[object]) -> list[Entry]:
    """The entries in JSON; raises ChangelogError."""
    entries = [_entry(value, str(index)) for index, value in enumerate(values)]
    for index, entry in enumerate(entries):
        if any(entry.version == other.version for other in entries[:index]):
            raise ChangelogError(f"there are two entries of {entry.version}", str(index), "version")
    return entries


def _entry(value: object, at: str) -> Entry:
    members = _members(value, ("version", "date", "changes"), "an entry", at)
    version, published, changes = members["version"], members["date"], members["changes"]
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise ChangelogError(f"{version!r:.40} is not a version such as 1.2.3", at, "version")
    if not isinstance(changes, list):
        raise ChangelogError("changes is not a list", at, "changes")
    lines = enumerate(cast("list[object]", changes))
    return Entry(
        version, tuple(_line(line, at, "changes", str(index)) for index, line in lines), _date(published, at)
    )


def _date(value: object, at: str) -> date | None:
    try:
        return None if value is None else date.fromisoformat(str(value))
    except ValueError:
        raise ChangelogError(f"{value!r:.40} is not a date such as 2026-11-30", at, "date") from None


def _line(value: object, *at: str) -> Line:
    members = _members(value, ("section", "text", "breaking"), "a change", *at)
    section, text, breaking = members["section"], members["text"], members["breaking"]
    if section not in get_args(Section):
        raise ChangelogError(f"there is no section {section!r:.40}", *at, "section")
    if not isinstance(text, str):
        raise ChangelogError("text is not text", *at, "text")
    if not isinstance(breaking, bool):
        raise ChangelogError("breaking is neither true nor false", *at, "breaking")
    return Line(cast("Section", section), text, breaking)


def _members(value: object, names: tuple[str, ...], what: str, *at: str) -> dict[str, object]:
    if not isinstance(value, dict) or value.keys() != {*names}:
        raise ChangelogError(f"{what} is not an object with {', '.join(names)} and nothing else", *at)
    return cast("dict[str, object]", value)
