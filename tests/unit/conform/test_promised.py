"""Which places that `generate` noted explain that a client takes a wrong value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clientsmith.conform.run.promised import Promised, Side
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.load import open_document
from clientsmith.document.model import Node
from clientsmith.traffic.check import MessageChecker

_TEXT = {"type": "string", "pattern": "^a", "maxLength": 3}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "one": _TEXT,
        "other": _TEXT,
        "both": {"allOf": [{"pattern": "^a"}, {"pattern": "a$"}]},
        "either": {"oneOf": [{"type": "string", "pattern": "^a"}, {"type": "string", "pattern": "^b"}]},
    },
}
_AT = "/components/schemas/S/properties"
_ONE, _OTHER = f"{_AT}/one/pattern", f"{_AT}/other/pattern"
_BOTH = f"{_AT}/both/allOf/0/pattern", f"{_AT}/both/allOf/1/pattern"
_EITHER = f"{_AT}/either/oneOf/0/pattern", f"{_AT}/either/oneOf/1/pattern"


@pytest.mark.parametrize(
    ("noted", "value", "expected"),
    [
        ((_ONE, _OTHER), {"one": "b"}, (_ONE,)),
        ((_ONE, _OTHER), {"other": "b"}, (_OTHER,)),
        ((_ONE, _OTHER), {"one": "b", "other": "b"}, (_ONE, _OTHER)),
        ((_ONE,), {"other": "b"}, ()),
        ((_ONE,), {"one": "b", "other": "b"}, ()),
        ((_ONE,), {"one": "abcd"}, ()),
        ((_ONE,), {"one": "a"}, ()),
        (_BOTH, {"both": "b"}, _BOTH),
        (_BOTH, {"both": "ab"}, _BOTH[1:]),
        (_EITHER, {"either": "c"}, _EITHER),
    ],
)
def test_only_places_that_explain_a_value_are_declared(
    noted: tuple[str, ...], value: Any, expected: tuple[str, ...], tmp_path: Path
) -> None:
    promised, node = read(noted, "request", tmp_path)

    places = f"keyword-not-enforced at {', '.join(expected)}" if expected else ""
    assert promised.declared(node, value, "request") == places


def test_a_place_counts_for_the_direction_that_it_was_noted_for(tmp_path: Path) -> None:
    promised, node = read((_ONE,), "response", tmp_path)

    assert promised.declared(node, {"one": "b"}, "request") == ""
    assert promised.refuses(node, {"one": "b"}, "request")
    assert promised.declared(node, {"one": "b"}, "response") == f"keyword-not-checked at {_ONE}"


def read(noted: tuple[str, ...], side: Side, folder: Path) -> tuple[Promised, Node]:
    media = {"application/json": {"schema": {"$ref": "#/components/schemas/S"}}}
    operation = {"operationId": "send", "responses": {"200": {"description": "ok", "content": media}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": operation}},
        "components": {"schemas": {"S": SCHEMA}},
    }
    path = folder / "openapi.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    resolved = open_document(str(path), Diagnostics())
    assert resolved is not None
    checker = MessageChecker(resolved, None, ())
    node = checker.operations[0].responses["200"].contents["application/json"].child("schema")
    declared: dict[Side, tuple[str, ...]] = {"request": (), "response": (), side: noted}
    return Promised(resolved, checker.schemas, declared), node
