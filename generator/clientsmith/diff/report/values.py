"""A comparison as values of JSON, whose schema is docs/diff.schema.json."""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import cast

from clientsmith.diagnostics.model import Place
from clientsmith.diagnostics.render import as_json, place_json
from clientsmith.diff.model import ReachedOperation
from clientsmith.diff.report.groups import operation_id
from clientsmith.diff.report.model import Report, ShownChange
from clientsmith.diff.sides import Side

_OF_KIND = ("rule", "level", "wire", "python", "hint", "ignored")
"""What many changes have in common."""


def render_json(report: Report) -> str:
    """The whole report as one object; a long one has a line for each change."""
    found = as_object(report)
    if not report.is_long:
        return json.dumps(found, indent=2) + "\n"
    lines = (f'"{name}":{_in_lines(value)}' for name, value in found.items())
    return "{" + ",\n".join(lines) + "}\n"


def _in_lines(value: object) -> str:
    """A value in short form; a list with a line for each item."""
    if isinstance(value, list):
        return "[" + ",\n".join(map(_short, cast("list[object]", value))) + "]"
    return _short(value)


def _short(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def as_object(report: Report) -> dict[str, object]:
    """The report as values of JSON; what the changes of a long one share is told once."""
    shared = _Shared(report) if report.is_long else None
    return {
        "old": _side(report.old),
        "new": _side(report.new),
        "changes": [_change(one) if shared is None else shared.change(one) for one in report.changes],
        "totals": report.totals,
        "step": report.step,
        "version": None if report.version is None else dict(zip(("from", "to"), report.version, strict=True)),
        "lowered": [one.as_json() for one in report.lowered],
        "notes": [as_json(one) for one in report.notes],
        "today": None if report.today is None else report.today.isoformat(),
        "shared": None if shared is None else shared.as_object(),
    }


def _side(side: Side) -> dict[str, object]:
    return {"file": side.file, "title": side.info("title"), "version": side.info("version")}


def _change(one: ShownChange) -> dict[str, object]:
    change = one.change
    return {
        "rule": change.rule,
        "level": one.level.word,
        "wire": {"request": change.request.word, "response": change.response.word},
        "python": change.python.word,
        "operations": list(map(_operation, change.operations)),
        "old": None if change.old is None else place_json(change.old),
        "new": None if change.new is None else place_json(change.new),
        "text": change.text,
        "hint": change.hint,
        "fingerprint": change.fingerprint,
        "ignored": one.ignored,
    }


def _operation(one: ReachedOperation) -> dict[str, object]:
    return {
        "id": operation_id(one),
        "method": one.method.upper(),
        "path": one.path,
        "python": one.python or None,
    }


@dataclass(slots=True)
class _Shared:
    """What changes of a long report share; each of them has the number of it instead."""

    report: Report
    _operations: dict[Hashable, int] = field(default_factory=dict[Hashable, int], init=False)
    _reached: dict[Hashable, int] = field(default_factory=dict[Hashable, int], init=False)
    _kinds: dict[Hashable, int] = field(default_factory=dict[Hashable, int], init=False)
    _listed: dict[str, list[object]] = field(init=False)

    def __post_init__(self) -> None:
        self._listed = {"kinds": [], "reached": [], "operations": []}

    def as_object(self) -> dict[str, object]:
        """All of it, after the changes."""
        return dict(self._listed)

    def change(self, one: ShownChange) -> dict[str, object]:
        """A change without what it shares."""
        change, whole = one.change, _change(one)
        kind = {name: whole[name] for name in _OF_KIND}
        reached = [
            self._number("operations", self._operations, each, _operation(each)) for each in change.operations
        ]
        return {
            "kind": self._number("kinds", self._kinds, json.dumps(kind), kind),
            "operations": self._number("reached", self._reached, tuple(reached), reached),
            "old": _place(change.old, self.report.old, None),
            "new": _place(change.new, self.report.new, change.old),
            "text": change.text.removeprefix(f"{change.at}: "),
            "fingerprint": change.fingerprint,
        }

    def _number(self, name: str, known: dict[Hashable, int], key: Hashable, value: object) -> int:
        """Where a list holds a value, which is known by a key."""
        if key not in known:
            known[key] = len(known)
            self._listed[name].append(value)
        return known[key]


def _place(place: Place | None, side: Side, other: Place | None) -> dict[str, object] | None:
    """A place without the file if that is the one of the side, and without the pointer if the other one has it."""
    if place is None:
        return None
    found = place_json(place)
    if found["file"] == side.file:
        del found["file"]
    if other is not None and other.pointer == place.pointer:
        del found["pointer"]
    return found
