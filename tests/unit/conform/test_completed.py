"""Complete values: every property set, as far as a schema allows that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clientsmith.conform.inputs.completed import complete, completes, most_near
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.load import open_document
from clientsmith.document.model import Node
from clientsmith.traffic.check import MessageChecker

INTEGER: dict[str, Any] = {"type": "integer"}


@pytest.mark.parametrize(
    ("schema", "fits"),
    [
        (
            {"properties": {"a": INTEGER, "map": {"type": "object", "patternProperties": {"^x": False}}}},
            {"a": 0, "map": {}},
        ),
        (
            {"properties": {"a": INTEGER, "b": {"type": "object", "properties": {"c": INTEGER}, "not": {}}}},
            {"a": 0},
        ),
        (
            {"properties": {"a": INTEGER, "list": {"type": "array", "items": {"allOf": [INTEGER, {"minimum": 9, "maximum": 3}]}}}},
            {"a": 0},
        ),
    ],
)  # fmt: skip
def test_members_that_cannot_be_set_are_left_out(schema: Any, fits: Any, tmp_path: Path) -> None:
    checker, node = read({"type": "object", "additionalProperties": False, **schema}, tmp_path)

    made = completes(checker, node, "response")

    assert fits in made and not checker.schemas.is_valid(node, made[0], "response")


def test_a_schema_is_complete_once_more_within_itself(tmp_path: Path) -> None:
    inner = {"$ref": "#/components/schemas/Inner"}
    schema = {"type": "object", "properties": {"a": INTEGER, "own": inner}}

    made = complete(*read(schema, tmp_path, Inner=schema))

    # The body is a schema of its own, which holds Inner.
    assert made == {"a": 0, "own": {"a": 0, "own": {"a": 0, "own": {}}}}


@pytest.mark.parametrize("holder", ["items", "additionalProperties", "properties"])
def test_what_a_schema_requires_of_itself_is_always_there(holder: str, tmp_path: Path) -> None:
    ref = {"$ref": "#/components/schemas/Inner"}
    held = {
        "items": ("array", ref),
        "additionalProperties": ("object", ref),
        "properties": ("object", {"x": ref}),
    }
    kind, inner = held[holder]
    own = {
        "type": "object",
        "required": ["a"],
        "properties": {"a": INTEGER, "own": {"type": kind, holder: inner}},
    }
    checker, node = read(ref, tmp_path, Inner=own)

    assert checker.schemas.is_valid(node, complete(checker, node), "response")


@pytest.mark.parametrize(("size", "wholes"), [(100, 1), (100, 4), (100, 12)])
def test_complete_values_of_a_schema_share_what_is_tried_beside_them(size: int, wholes: int) -> None:
    whole: Any = [0] * (size - 1)

    assert most_near(whole, wholes) * wholes <= most_near(whole, 1) == 500


def test_something_is_tried_beside_each_of_many_large_values() -> None:
    assert most_near([0] * 50_000, 12) == 25


def read(schema: Any, tmp_path: Path, **schemas: Any) -> tuple[MessageChecker, Node]:
    """The schema of the one answer of a document."""
    media = {"application/json": {"schema": schema}}
    operation = {"operationId": "send", "responses": {"200": {"description": "ok", "content": media}}}
    path = tmp_path / "openapi.json"
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": operation}},
        "components": {"schemas": schemas},
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    resolved = open_document(str(path), Diagnostics())
    assert resolved is not None
    checker = MessageChecker(resolved, None, ())
    return checker, checker.operations[0].responses["200"].contents["application/json"].child("schema")
