"""Reads and writes files of accepted findings: TOML, an `[[accepted]]` table for each, comments kept.

An entry has a `fingerprint`, or a `place` (a pattern) with or without a `rule`; a `reason`; and perhaps an `until`. One
of a change between two descriptions may have `operations`: those that the change reached when it was accepted.
"""

from __future__ import annotations

import datetime
import json
from bisect import bisect
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from clientsmith.accepted.blocks import blocks, write_whole
from clientsmith.characters import escape
from clientsmith.config.load import parse_toml
from clientsmith.config.model import place_of
from clientsmith.config.tables import TableReader, TooManyFindingsError
from clientsmith.config.toml_spans import KeyPath, described, locate_keys
from clientsmith.config.values import did_you_mean
from clientsmith.diagnostics.model import Diagnostics, Place
from clientsmith.input_file import InputFileError, read_input

_MAX_BYTES = 8 * 1024 * 1024
_KEYS = ("fingerprint", "place", "rule", "reason", "until")
_HEAD = "# Findings that are accepted: each needs a reason, and holds to the day in `until` if it has one.\n"
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding, or those of some places, that a team accepts."""

    place: Place
    """Where the entry is in its file."""
    fingerprint: str | None = None
    pattern: str | None = None
    rule: str | None = None
    reason: str = ""
    until: datetime.date | None = None
    operations: tuple[str, ...] | None = None

    @property
    def key(self) -> str:
        """What it recognizes findings by."""
        return self.fingerprint or self.pattern or ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A finding to be written: its fingerprint, or the pattern of a place, and what a reader sees of it."""

    fingerprint: str
    about: str
    operations: tuple[str, ...] | None = None
    is_place: bool = False

    def entry(self, reason: str) -> Entry:
        """The entry that accepts it, which has no place yet."""
        fingerprint, pattern = (None, self.fingerprint) if self.is_place else (self.fingerprint, None)
        return Entry(Place(), fingerprint, pattern, reason=reason, operations=self.operations)

    def text(self, reason: str) -> str:
        """The same as TOML."""
        operations = (
            "" if self.operations is None else f"operations = [{', '.join(map(_quoted, self.operations))}]\n"
        )
        return (
            f"\n[[accepted]]\n# {escape(self.about)[:_SHOWN]}\n"
            f"{'place' if self.is_place else 'fingerprint'} = {_quoted(self.fingerprint)}\n"
            f"reason = {_quoted(reason)}\n{operations}"
        )


@dataclass(frozen=True, slots=True)
class ListKind:
    """What a file may list: findings of which rules, and how it comes to be."""

    rules: Collection[str]
    written_by: str
    has_operations: bool = False


@dataclass(frozen=True, slots=True)
class AcceptedFile:
    """A file and its entries, in its order."""

    file: str
    text: str = _HEAD
    entries: tuple[Entry, ...] = ()

    def without(self, stale: Collection[Entry]) -> AcceptedFile:
        """The same without some entries, and without the comments that belong to them."""
        head, texts = blocks(self.text, [entry.place for entry in self.entries])
        kept = [
            (entry, block) for entry, block in zip(self.entries, texts, strict=True) if entry not in stale
        ]
        text = "".join([head, *(block for _, block in kept)])
        return AcceptedFile(self.file, text, tuple(entry for entry, _ in kept))

    def extended(self, listed: Iterable[Listed], reason: str) -> AcceptedFile:
        """The same with an entry for each finding that has none yet."""
        known = {entry.fingerprint for entry in self.entries}
        text = self.text if self.text.endswith("\n") or not self.text else f"{self.text}\n"
        added: list[Entry] = []
        for one in sorted(listed, key=lambda one: (one.about, one.fingerprint)):
            if one.fingerprint not in known:
                known.add(one.fingerprint)
                added.append(one.entry(reason))
                text += one.text(reason)
        return AcceptedFile(self.file, text, (*self.entries, *added))

    def accepting(self, listed: Iterable[Listed], reason: str) -> AcceptedFile:
        """The same with an entry for each finding in its alphabetical place, instead of one that it may have had."""
        head, texts = blocks(self.text, [entry.place for entry in self.entries])
        found = list(zip(self.entries, texts, strict=True))
        for one in listed:
            found = [block for block in found if block[0].key != one.fingerprint]
            index = bisect(found, one.fingerprint, key=lambda block: block[0].key)
            found.insert(index, (one.entry(reason), one.text(reason)))
        text = "\n".join(f"{part.strip()}\n" for part in (head, *(text for _, text in found)) if part.strip())
        return AcceptedFile(self.file, text, tuple(entry for entry, _ in found))

    def write(self) -> None:
        """Write the file as a whole, or not at all."""
        write_whole(self.file, self.text)


def open_accepted(
    named: str | None, default: str, kind: ListKind, diagnostics: Diagnostics, *, is_written: bool
) -> AcceptedFile | None:
    """The file that is named, else the default one, which need not be there; nor if it is about to be written."""
    path = named or default
    if not Path(path).exists() and (named is None or is_written):
        return AcceptedFile(Path(path).as_posix())
    return read_accepted(path, kind, diagnostics)


def read_accepted(path: str, kind: ListKind, diagnostics: Diagnostics) -> AcceptedFile | None:
    """The file at that path; None after reporting what is wrong with it."""
    file = Path(path).as_posix()
    try:
        text = read_input(path, _MAX_BYTES).decode("utf-8-sig").replace("\r\n", "\n")
    except InputFileError as error:
        hint = error.hint or (f"{kind.written_by} writes it" if error.is_missing else None)
        diagnostics.error("config-unreadable", f"the file of accepted findings {file} {error}", hint=hint)
        return None
    except UnicodeDecodeError as error:
        message = f"the file of accepted findings {file} is not UTF-8 text (byte {error.start})"
        diagnostics.error("config-unreadable", message)
        return None
    tree = parse_toml(text, file, diagnostics)
    if tree is None:
        return None
    reader = _Reader(file, locate_keys(text), Diagnostics(), kind, text.split("\n"))
    entries: tuple[Entry, ...] = ()
    with suppress(TooManyFindingsError):
        entries = reader.entries(tree)
    for found in reader.diagnostics:
        diagnostics.add(found)
    return None if reader.diagnostics.has_errors else AcceptedFile(file, text, entries)


@dataclass(slots=True)
class _Reader(TableReader):
    """Walks the parsed tree once."""

    kind: ListKind
    lines: list[str]

    def entries(self, tree: Mapping[str, object]) -> tuple[Entry, ...]:
        self._known((), tree, ("accepted",))
        return tuple(
            self._entry(path, table) for path, table in self._tables(("accepted",), tree.get("accepted", []))
        )

    def _entry(self, path: KeyPath, table: Mapping[str, object]) -> Entry:
        self._known(path, table, (*_KEYS, "operations") if self.kind.has_operations else _KEYS)
        fingerprint, rule = self._text(table, (*path, "fingerprint")), self._text(table, (*path, "rule"))
        pattern = self._pattern(table, (*path, "place"))
        if ("fingerprint" in table) == ("place" in table):
            self._error("config-bad-value", path, "an entry has either a fingerprint or a place")
        if rule is not None and rule not in self.kind.rules:
            message = f"no finding has the id {rule!r:.80}"
            hint = did_you_mean(rule, self.kind.rules)
            self._error("config-unknown-name", (*path, "rule"), message, hint)
        reason = table.get("reason", "")
        text = str(reason).strip() if self._is((*path, "reason"), reason, str) else ""
        until = self._until(table.get("until"), (*path, "until"))
        place = place_of(self.file, self.positions, path)
        if place.span is not None and not self.lines[place.span.line - 1].lstrip().startswith("["):
            # Entries are added and removed by their lines.
            self._error(
                "config-bad-value", path, "an entry is a table of its own: write it below [[accepted]]"
            )
        return Entry(place, fingerprint, pattern, rule, text, until, self._operations(table, path))

    def _operations(self, table: Mapping[str, object], path: KeyPath) -> tuple[str, ...] | None:
        if "operations" not in table:
            return None
        return self._texts(table["operations"], (*path, "operations"), bool)

    def _until(self, value: object, path: KeyPath) -> datetime.date | None:
        if value is None or type(value) is datetime.date:
            return value
        with suppress(TypeError, ValueError):
            return datetime.date.fromisoformat(value)  # type: ignore[arg-type]
        self._error("config-wrong-type", path, f"must be a date such as 2030-12-31, not {described(value)}")
        return None


def _quoted(text: str) -> str:
    """A basic string of TOML, which JSON's escapes fit but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
