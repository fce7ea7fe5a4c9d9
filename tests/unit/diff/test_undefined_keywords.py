"""Keywords that the version of OpenAPI does not have: nothing on the wire, and what packages make of them."""

from __future__ import annotations

from typing import Any

import pytest

from clientsmith.api.builder import build
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.diff.joined import Description
from clientsmith.diff.levels import compare_described
from tests.cases.diff.descriptions import opened


def _levels(version: str, old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    def side(schema: dict[str, Any]) -> Description:
        body = {"required": True, "content": {"application/json": {"schema": schema}}}
        operation = {
            "operationId": "send",
            "requestBody": body,
            "responses": {"204": {"description": "done"}},
        }
        tree = {
            "openapi": version,
            "info": {"title": "Things", "version": "1"},
            "paths": {"/a": {"post": operation}},
        }
        document = opened(tree)
        api = build(document, Config(), Diagnostics()).api
        assert api is not None
        return Description(document, api)

    found = compare_described(side(old), side(new))
    return [
        f"{one.rule} {one.request.word} {one.python.word}"
        for one in found
        if one.rule not in ("export-removed", "setting-removed", "setting-added", "export-added")
    ]


TEXT = {"type": "string"}
OBJECT = {"type": "object", "additionalProperties": {"type": "string"}}
ROWS: dict[str, tuple[dict[str, Any], dict[str, Any], list[str], list[str]]] = {
    "const": (
        TEXT,
        TEXT | {"const": "a"},
        ["enum-added none breaking"],
        ["enum-added breaking breaking"],
    ),
    "if": (
        TEXT,
        TEXT | {"if": {"minLength": 2}, "then": {"pattern": "^a"}},
        ["condition-added none breaking"],
        ["condition-added breaking breaking"],
    ),
    "propertyNames": (
        OBJECT,
        OBJECT | {"propertyNames": {"maxLength": 3}},
        ["bound-narrowed none breaking"],
        ["bound-narrowed breaking breaking"],
    ),
    "dependentRequired": (
        OBJECT,
        OBJECT | {"dependentRequired": {"a": ["b"]}},
        ["bound-narrowed none breaking"],
        ["bound-narrowed breaking breaking"],
    ),
    "a bound that both versions have": (
        TEXT,
        TEXT | {"maxLength": 3},
        ["bound-narrowed breaking breaking"],
        ["bound-narrowed breaking breaking"],
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_packages_check_keywords_that_their_version_does_not_define(name: str) -> None:
    old, new, in_3_0, in_3_1 = ROWS[name]

    assert _levels("3.0.3", old, new) == in_3_0
    assert _levels("3.1.1", old, new) == in_3_1


def test_nullable_of_3_1_is_a_matter_of_packages() -> None:
    nullable = {"type": "object", "properties": {"a": TEXT | {"nullable": True}}}
    plain = {"type": "object", "properties": {"a": TEXT}}

    assert all(" none " in one for one in _levels("3.1.1", nullable, plain))
    assert _levels("3.1.1", nullable, plain)
