"""The examples of a document are the same to everybody who asks for them, `dataValue` of OpenAPI 3.2 among them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.lint.lint import lint
from clientsmith.openapi.example import examples, schema_examples
from clientsmith.serve.page import fixed_facts
from clientsmith.serve.service import Service
from clientsmith.traffic.message import HttpRequest
from tests.unit.openapi.both_sides import BothSides, parameter
from tests.unit.openapi.tables import resolved

NAMED = {
    "z": {"dataValue": 1, "summary": "s"},
    "b": {"externalValue": "https://x"},
    "c": {"serializedValue": "3"},
    "a": {"$ref": "#/components/examples/shared"},
}


@pytest.mark.parametrize(
    ("owner", "expected"),
    [
        ({}, []),
        ({"example": None}, [("", None, "")]),
        ({"example": 1, "examples": NAMED}, [("", 1, ""), ("z", 1, "s"), ("a", False, "d")]),
    ],
)
def test_values_come_in_the_order_of_the_document(owner: Any, expected: list[Any]) -> None:
    shared = {"value": False, "description": "d"}
    of = resolved({"owner": owner, "components": {"examples": {"shared": shared}}})
    found = examples(of.node("/owner"), of)
    assert [(one.key, one.value.value, one.summary) for one in found] == expected


def test_a_schema_has_those_of_the_one_that_it_refers_to() -> None:
    own = {"$ref": "#/schemas/b", "example": 1, "examples": [2]}
    of = resolved({"schemas": {"a": own, "b": {"examples": [3, 4], "example": 0}}})
    assert [one.value for one in schema_examples(of.node("/schemas/a"), of)] == [1, 2, 0, 3, 4]
    assert [one.value for one in schema_examples(of.node("/schemas/b"), of)] == [0, 3, 4]
    assert list(schema_examples(None, of)) == []


def test_a_data_value_is_an_example_on_every_side(tmp_path: Path) -> None:
    media = {"schema": {"type": "integer"}, "examples": {"e": {"dataValue": 7}}}
    content = {"application/json": media}
    operation = {
        "parameters": [parameter("query", {"type": "integer"}, examples={"e": {"dataValue": 8}})],
        "requestBody": {"content": content},
        "responses": {"200": {"description": "", "content": content}},
    }
    both = BothSides(tmp_path, operation)
    body = both.operation.body
    assert body is not None and [one.value for one in body.examples] == [7]
    assert [one.value for one in both.operation.responses[0].examples] == [7]
    assert both.operation.parameters[0].example == 8
    service = Service.open(tmp_path / "api.yaml", [], Diagnostics())
    assert service is not None
    facts: Any = fixed_facts(service, "http://x")
    command = facts["operations"][0]["curl"]
    assert "v=8" in command and command.endswith("--data-raw 7")
    request = HttpRequest("POST", "/p?v=8", (("Content-Type", "application/json"),), b"7")
    assert service.respond(request).response.body == b"7"
    assert [one.name for one in service.scenarios] == ["e"]


def test_a_data_value_is_checked_against_its_schema(tmp_path: Path) -> None:
    wrong = parameter("query", {"type": "integer"}, examples={"e": {"dataValue": "x"}})
    both = BothSides(tmp_path, {"parameters": [wrong]})
    diagnostics = Diagnostics()
    lint(both.checker.resolved, diagnostics)
    assert "example-mismatch" in {one.id for one in diagnostics}
