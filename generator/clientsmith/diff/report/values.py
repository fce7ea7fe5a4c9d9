"""A comparison as values of JSON, whose schema is docs/diff.schema.json."""

from __future__ import annotations

import json
from typing import cast

from clientsmith.diagnostics.render import as_json, place_json
from clientsmith.diff.model import ReachedOperation
from clientsmith.diff.report.groups import operation_id
from clientsmith.diff.report.model import Report, ShownChange
from clientsmith.diff.sides import Side


def render_json(report: Report) -> str:
    """The whole report as one object, with a line for each change and each note."""
    lines = (f'"{name}":{_in_lines(value)}' for name, value in as_object(report).items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _in_lines(value: object) -> str:
    """A value in short form; a list with a line for each item."""
    whole = _short(value)
    if not isinstance(value, list) or whole == "[]":
        return whole
    return "[\n" + ",\n".join(map(_short, cast("list[object]", value))) + "\n]"


def _short(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def as_object(report: Report) -> dict[str, object]:
    """The report as values of JSON."""
    return {
        "old": _side(report.old),
        "new": _side(report.new),
        "changes": [_change(one) for one in report.changes],
        "totals": report.totals,
        "step": report.step,
        "version": None if report.version is None else dict(zip(("from", "to"), report.version, strict=True)),
        "lowered": [one.as_json() for one in report.lowered],
        "notes": [as_json(one) for one in report.notes],
        "today": None if report.today is None else report.today.isoformat(),
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
