"""Lint of `oneOf`: members that overlap are named, members that exclude each other are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clientsmith.diagnostics.model import Diagnostic, Diagnostics
from clientsmith.lint.lint import lint
from tests.unit.api.apis import resolved


def found(union: dict[str, Any], folder: Path) -> list[Diagnostic]:
    diagnostics = Diagnostics()
    lint(resolved({"components": {"schemas": {"A": union}}}, folder), diagnostics)
    return [one for one in diagnostics if one.id == "overlapping-members"]


def obj(*required: str, **more: Any) -> dict[str, Any]:
    properties = {name: {"type": "string"} for name in required}
    return {"type": "object", "required": list(required), "properties": properties, **more}


@pytest.mark.parametrize(
    "members",
    [
        [obj("a"), obj("a", "b")],
        [obj("a"), obj("b")],
        [{"type": "integer"}, {"type": "number"}],
        [{"type": "string"}, {"type": "null"}, {"type": "string", "maxLength": 3}],
        [obj("a", additionalProperties=False), {"type": "object"}],
        [{"type": "array", "items": {}}, {"type": "array", "items": {"type": "string"}}],
    ],
)
def test_members_that_one_value_fits_are_named(members: list[dict[str, Any]], tmp_path: Path) -> None:
    [warning] = found({"oneOf": members}, tmp_path)

    assert warning.place.pointer == "/components/schemas/A/oneOf"
    assert len(warning.related) == 2


@pytest.mark.parametrize(
    "union",
    [
        {"oneOf": [obj("a", additionalProperties=False), obj("a", "b")]},
        {"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
        {"oneOf": [obj("a", properties={"a": {"const": name}}) for name in "xyz"]},
        {
            "type": "object",
            "properties": {"a": {}, "b": {}},
            "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
        },
        {"anyOf": [obj("a"), obj("a", "b")]},
        {"oneOf": [obj("k"), obj("k", "b")], "discriminator": {"propertyName": "k"}},
        {"oneOf": [obj("a")]},
    ],
)
def test_members_that_exclude_each_other_are_not(union: dict[str, Any], tmp_path: Path) -> None:
    assert found(union, tmp_path) == []
