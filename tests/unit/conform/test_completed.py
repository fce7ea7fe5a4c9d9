"""Complete values: every property set, as far as a schema allows that."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clientsmith.conform.inputs.completed import completes
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.load import open_document
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
def test_members_that_cannot_be_set_are_left_out(schema: Any, fits: Any, tmp_path: Any) -> None:
    media = {"application/json": {"schema": {"type": "object", "additionalProperties": False, **schema}}}
    operation = {"operationId": "send", "responses": {"200": {"description": "ok", "content": media}}}
    path = tmp_path / "openapi.json"
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": operation}},
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    resolved = open_document(str(path), Diagnostics())
    assert resolved is not None
    checker = MessageChecker(resolved, None, ())
    node = checker.operations[0].responses["200"].contents["application/json"].child("schema")

    made = completes(checker, node, "response")

    assert fits in made and not checker.schemas.is_valid(node, made[0], "response")
