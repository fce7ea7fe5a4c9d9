"""Reads and writes the file of deviations: YAML, a list of entries, comments and reasons kept."""

from __future__ import annotations

import json
import re
from bisect import bisect
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from clientsmith.accepted.blocks import blocks, write_whole
from clientsmith.characters import escape
from clientsmith.config.model import place_of
from clientsmith.config.tables import TableReader, TooManyFindingsError
from clientsmith.config.toml_spans import KeyPath
from clientsmith.config.values import did_you_mean
from clientsmith.diagnostics.model import NOWHERE, Diagnostics, Place, Span
from clientsmith.diff.rules import rules
from clientsmith.document.model import Document
from clientsmith.document.text.parse import parse, read_bytes

DIGEST = re.compile(r"wire1-[0-9a-f]{20}")
"""The number changes with the form in which meanings are written down."""
_KEYS = ("rule", "place", "reason", "digest")
_HEAD = (
    "# Where our document differs from the vendor's on purpose. Each entry says why. Its digest is of what\n"
    "# the vendor's says there, so that a change is noticed. `clientsmith upstream --write` proposes entries.\n"
    "deviations:\n"
)
_SHOWN = 200
_UNPRINTABLE = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_EMPTY = re.compile(r"^deviations:(?:[ \t]*(?:\[\s*\]|~|null))?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Deviation:
    """A difference, or those of some places, that is there on purpose. `pattern` is of places in our document."""

    rule: str
    pattern: str
    reason: str = ""
    digest: str = ""
    about: str = ""
    """What a reader sees of it, for one that is to be written."""
    place: Place = NOWHERE
    """Where the entry is in its file."""

    @property
    def key(self) -> tuple[str, str]:
        """The order of a file."""
        return self.pattern, self.rule

    @property
    def content(self) -> tuple[str, str, str, str]:
        """What a file says of it."""
        return self.rule, self.pattern, self.reason, self.digest


@dataclass(frozen=True, slots=True)
class DeviationsFile:
    """A file and its entries, in its order; `is_missing` if there is none yet."""

    file: str
    text: str = _HEAD
    entries: tuple[Deviation, ...] = ()
    is_missing: bool = False

    def extended(self, added: Iterable[Deviation], digests: Mapping[Deviation, str]) -> DeviationsFile | None:
        """The same with more entries, each in its place by pattern and rule, and digests for those that have none.

        None if the entries are written in a way that text cannot be added to, such as `{rule: ...}`.
        """
        ended = self.text if self.text.endswith("\n") else f"{self.text}\n"
        head, texts = blocks(ended, [entry.place for entry in self.entries])
        if not self.entries:
            head = _EMPTY.sub("deviations:", ended) if _EMPTY.search(ended) else f"{ended}deviations:\n"
            texts = []
        indent = _indent(texts[0]) if texts else "  "
        found = [
            (
                replace(entry, digest=digests.get(entry, entry.digest)),
                _with_digest(text, indent, digests.get(entry)),
            )
            for entry, text in zip(self.entries, texts, strict=True)
        ]
        for one in sorted(added, key=lambda one: one.key):
            index = bisect(found, one.key, key=lambda block: block[0].key)
            found.insert(index, (one, _text(one, indent)))
        text = "".join([head, *(block for _, block in found)])
        again = parse_deviations(text.encode(), self.file, Diagnostics())
        wanted = [one.content for one, _ in found]
        is_same = again is not None and [one.content for one in again.entries] == wanted
        return again if is_same else None

    @property
    def braced(self) -> Place:
        """The first entry that is written in braces, or else the start of the file."""
        lines = self.text.splitlines()
        for entry in self.entries:
            span = entry.place.span
            if span is not None and lines[span.line - 1][span.column - 1 :].startswith("{"):
                return entry.place
        return Place(span=Span(self.file, 1, 1))

    def write(self) -> None:
        """Write the file as a whole, or not at all."""
        write_whole(self.file, self.text)


def open_deviations(path: str, diagnostics: Diagnostics) -> DeviationsFile | None:
    """The file at that path, which need not be there; None after reporting what is wrong with it."""
    shown = Path(path).as_posix()
    if not Path(path).exists():
        return DeviationsFile(shown, is_missing=True)
    data = read_bytes(path, shown, diagnostics)
    return None if data is None else parse_deviations(data, shown, diagnostics)


def parse_deviations(data: bytes, file: str, diagnostics: Diagnostics) -> DeviationsFile | None:
    """The entries that those bytes hold; None after reporting what is wrong with them."""
    if all(not line.strip() or line.lstrip().startswith(b"#") for line in data.splitlines()):
        with suppress(UnicodeDecodeError):
            return DeviationsFile(file, data.decode("utf-8-sig").replace("\r\n", "\n") or _HEAD)
    document = parse(data, diagnostics, uri="deviations.yaml", file=file)
    if document is None:
        return None
    if not isinstance(document.tree, dict):
        diagnostics.error(
            "deviations-wrong", "this is not a mapping with a list of deviations", document.place(())
        )
        return None
    reader = _Reader(file, _positions(document), Diagnostics())
    entries: tuple[Deviation, ...] = ()
    with suppress(TooManyFindingsError):
        entries = reader.entries(cast("Mapping[str, object]", document.tree))
    for found in reader.diagnostics:
        diagnostics.add(found)
    source = document.source.replace("\r\n", "\n")
    return None if reader.diagnostics.has_errors else DeviationsFile(file, source, entries)


def _positions(document: Document) -> dict[KeyPath, tuple[int, int]]:
    """Where the entries and their keys are."""
    tree = cast("dict[str, object]", document.tree)
    listed = tree.get("deviations")
    entries = enumerate(cast("list[object]", listed)) if isinstance(listed, list) else ()
    paths: list[KeyPath] = [(key,) for key in tree]
    for index, entry in entries:
        path = ("deviations", str(index))
        keys = cast("dict[str, object]", entry) if isinstance(entry, dict) else ()
        paths += [path, *((*path, key) for key in keys)]
    spans = ((path, document.span(path)) for path in paths)
    return {path: (span.line, span.column) for path, span in spans if span is not None}


class _Reader(TableReader):
    """Walks the parsed tree once."""

    def entries(self, tree: Mapping[str, object]) -> tuple[Deviation, ...]:
        self._known((), tree, ("deviations",))
        listed = tree.get("deviations")
        tables = self._tables(("deviations",), [] if listed is None else listed)
        found = tuple(self._entry(path, table) for path, table in tables)
        seen: dict[tuple[str, str], Deviation] = {}
        for (path, _), one in zip(tables, found, strict=True):
            first = seen.setdefault(one.key, one)
            if first is not one and all(one.key):
                where = "" if first.place.span is None else f" in line {first.place.span.line}"
                self._error("config-bad-value", path, f"this rule and place have an entry already{where}")
        return found

    def _entry(self, path: KeyPath, table: Mapping[str, object]) -> Deviation:
        self._known(path, table, _KEYS)
        for key in ("rule", "place"):
            if key not in table:
                self._error("config-bad-value", (*path, key), "is missing; every deviation has one")
        rule = self._text(table, (*path, "rule"))
        if rule is not None and rule not in rules():
            message = f"no difference has the rule {rule!r:.80}"
            listed = [one.id for one in rules().values() if one.is_of_wire]
            self._error("config-unknown-name", (*path, "rule"), message, did_you_mean(rule, listed))
        elif rule is not None and not rules()[rule].is_of_wire:
            message = (
                f"{rule} is about what callers of a package notice; documents are compared on the wire level"
            )
            self._error("config-bad-value", (*path, "rule"), message, "remove the entry")
        pattern = self._pattern(table, (*path, "place"))
        reason, digest = table.get("reason"), table.get("digest")
        stated = (
            str(reason or "").strip() if reason is None or self._is((*path, "reason"), reason, str) else ""
        )
        if digest is not None and not (isinstance(digest, str) and DIGEST.fullmatch(digest)):
            message = "is not a digest of this version of clientsmith"
            hint = "remove it, look at the deviation again, and run with --write"
            self._error("config-bad-value", (*path, "digest"), message, hint)
        place = place_of(self.file, self.positions, path)
        return Deviation(rule or "", pattern or "", stated, str(digest or ""), place=place)


def _indent(block: str) -> str:
    """What is before the dash of the first entry."""
    line = next((one for one in block.splitlines() if one.lstrip().startswith("-")), "")
    return line[: len(line) - len(line.lstrip())]


def _text(one: Deviation, indent: str) -> str:
    values = {"rule": one.rule, "place": one.pattern, "reason": one.reason, "digest": one.digest}
    listed = [
        f"{key}: {value if key in ('rule', 'digest') else _quoted(value)}" for key, value in values.items()
    ]
    lines = [f"# {escape(one.about)[:_SHOWN]}", f"- {listed[0]}", *(f"  {line}" for line in listed[1:])]
    return "".join(f"{indent}{line}\n" for line in lines)


def _with_digest(block: str, indent: str, digest: str | None) -> str:
    if digest is None:
        return block
    lines = [line for line in block.splitlines(keepends=True) if not re.match(r"\s*digest:\s*$", line)]
    end = max((index for index, line in enumerate(lines) if line.strip()), default=-1) + 1
    return "".join([*lines[:end], f"{indent}  digest: {digest}\n", *lines[end:]])


def _quoted(text: str) -> str:
    """A text in double quotes, which JSON's escapes fit."""
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
