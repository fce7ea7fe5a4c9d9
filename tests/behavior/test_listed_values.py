"""Listed values and the declared type: both hold, and what YAML made of text without quotes is undone or named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.load import open_document
from clientsmith.document.model import Node
from clientsmith.json_values.codec import Value
from clientsmith.jsonschema.validators import Schemas
from clientsmith.lint.lint import lint
from tests.behavior.calls import call, json_answer
from tests.behavior.packages import package_from, package_of, spec

VERSIONS = spec("""
security: []
paths:
  /v/{major}:
    get:
      operationId: get
      tags: [things]
      parameters:
        - {name: major, in: path, required: true, schema: {type: string, enum: [007, 0x10, 1e3]}}
        - {name: version, in: query, schema: {type: string, enum: [1.0, 1.10], default: 1.10}}
        - {name: many, in: query, schema: {type: array, items: {type: string, enum: [true, null]}}}
        - {name: mixed, in: query, schema: {type: string, enum: [regular, false, 12, null]}}
        - {name: whole, in: query, schema: {type: integer, enum: [1.0, 2, 2.5, '3']}}
      responses:
        '200':
          description: ok
          content: {application/json: {schema: {$ref: '#/components/schemas/Answer'}}}
components:
  schemas:
    Answer:
      type: object
      properties:
        version: {type: string, const: 2.50}
        level: {type: [string, 'null'], enum: [1, 2, null]}
        block:
          type: string
          enum:
            - 1.0   # the first
            -   .5
            - &last 3
        again: {allOf: [{type: string}, {enum: [a, 1]}]}
""")


def test_the_text_as_it_is_written_is_sent() -> None:
    exchange = call(
        VERSIONS, "things.get", "007", version="1.10", many=["true", "null"], answer=json_answer({})
    )

    assert (exchange.raw_path, exchange.raw_query) == ("/v/007", "many=true&many=null&version=1.10")


@pytest.mark.parametrize(
    "given",
    [
        {"major": 7},
        {"major": "7"},
        {"version": 1.1},
        {"version": "1.1"},
        {"many": [True]},
        {"mixed": "false"},
        {"mixed": None},
        {"mixed": 12},
        {"whole": 2.5},
        {"whole": "3"},
    ],
    ids=repr,
)
def test_what_the_type_or_the_list_refuses_is_refused(given: dict[str, Any]) -> None:
    package = package_of(VERSIONS)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.get", **{"major": "007", **given})


def test_what_both_allow_is_sent() -> None:
    exchange = call(VERSIONS, "things.get", "1e3", mixed="regular", whole=1, answer=json_answer({}))

    assert exchange.raw_query == "mixed=regular&whole=1"


def test_the_types_list_the_text() -> None:
    source = package_of(VERSIONS).files["models.py"].decode()

    assert 'version: Literal["2.50"] | str | None' in source
    assert 'level: Literal["1", "2"] | str | None' in source
    assert 'block: Literal["1.0", ".5", "3"] | str | None' in source
    assert 'again: Literal["a"] | str | None' in source


def test_the_generator_says_what_was_read_as_text() -> None:
    found = [one for one in package_of(VERSIONS).diagnostics if one.id == "value-without-quotes"]

    assert [one.place.pointer.rsplit("/", 2)[-2:] for one in found if one.place.pointer] == [
        ["schema", "enum"],
        ["schema", "enum"],
        ["items", "enum"],
        ["version", "const"],
        ["level", "enum"],
        ["block", "enum"],
    ]
    assert "007 without quotes is the integer 7" in found[0].message
    assert "1e3 without quotes is the number 1000.0" in found[0].message
    assert "null without quotes is null" in found[2].message


def opened(text: str, folder: Path, name: str = "openapi.yaml") -> tuple[Any, Diagnostics]:
    (folder / name).write_text(text, encoding="utf-8")
    diagnostics = Diagnostics()
    resolved = open_document(folder / name, diagnostics)
    assert resolved is not None
    return resolved, diagnostics


def schema(resolved: Any, pointer: str) -> Node:
    return resolved.node(pointer)


@pytest.mark.parametrize(("value", "valid"), [("1.10", True), ("1.1", False), (1.1, False)])
def test_server_and_checks_take_the_same_values(value: Value, valid: bool, tmp_path: Path) -> None:
    resolved, _ = opened(VERSIONS, tmp_path)
    node = schema(resolved, "/paths/~1v~1{major}/get/parameters/1/schema")

    assert Schemas(resolved).is_valid(node, value, "request") is valid


def test_lint_names_each_value_that_can_never_match_with_its_place(tmp_path: Path) -> None:
    resolved, _ = opened(VERSIONS, tmp_path)
    diagnostics = Diagnostics()
    lint(resolved, diagnostics)

    found = [one for one in diagnostics if one.id == "value-never-matches"]
    lines = VERSIONS.splitlines()
    shown = [
        lines[one.place.span.line - 1][one.place.span.column - 1 :].split(",")[0].split("]")[0]
        for one in found
        if one.place.span
    ]
    assert shown == ["false", "12", "null", "2.5", "'3'"]
    assert "false without quotes is the boolean false" in found[0].message
    assert not [one for one in diagnostics if one.id == "example-mismatch"]


def test_json_has_a_spelling_too(tmp_path: Path) -> None:
    listed = {"type": "string", "enum": [0]}
    document = {
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "paths": {},
        "components": {"schemas": {"A": listed}},
    }
    text = json.dumps(document).replace("[0]", "[1.50, 1E3, true]")
    resolved, diagnostics = opened(text, tmp_path, "openapi.json")

    assert schema(resolved, "/components/schemas/A").mapping["enum"] == ["1.50", "1E3", "true"]
    assert [one.id for one in diagnostics] == ["value-without-quotes"]


def test_examples_and_extensions_are_left_as_they_are(tmp_path: Path) -> None:
    text = spec("""
    paths: {}
    x-payload: {type: string, enum: [1.0]}
    components:
      schemas:
        A: {type: object, example: {type: string, enum: [1.0]}, properties: {enum: {type: string}, n: {type: number, enum: &n [1.0]}, s: {type: string, enum: *n}}}
    """)
    resolved, diagnostics = opened(text, tmp_path)
    node = schema(resolved, "/components/schemas/A")

    assert node.child("example").mapping["enum"] == [1.0]
    assert resolved.node("/x-payload").mapping["enum"] == [1.0]
    assert node.child("properties").child("n").mapping["enum"] == [1.0]
    assert node.child("properties").child("s").mapping["enum"] == ["1.0"], "an alias is a copy"
    assert [one.id for one in diagnostics] == ["value-without-quotes"]


def test_values_in_another_file_are_read_like_those_of_the_root() -> None:
    root = spec("""
    paths:
      /a:
        get:
          operationId: get
          tags: [things]
          parameters: [{name: v, in: query, schema: {$ref: 'other.yaml#/V'}}]
          responses: {'204': {description: ok}}
    """)
    package = package_from({"openapi.yaml": root, "other.yaml": "V: {type: string, enum: [1.10, no]}\n"})
    other = package_from({"openapi.yaml": root, "other.yaml": "V: {type: string, enum: [1.10, 2.0]}\n"})

    assert call(package, "things.get", v="no").raw_query == "v=no"
    assert call(other, "things.get", v="1.10").raw_query == "v=1.10"


SPREAD = """
paths:
  /x:
    post:
      operationId: send
      tags: [things]
      parameters:
        - {name: q, in: query, schema: {allOf: [{$ref: '#/components/schemas/Name'}, {enum: [1.10, 2.0]}]}}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Root'}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Root'}}}}}
components:
  schemas:
    Name: {type: string, minLength: 1}
    Root:
      type: object
      properties:
        inline: {allOf: [{type: string}, {enum: [1.10, 007]}]}
        beside: {allOf: [{$ref: '#/components/schemas/Name'}], enum: [1e3, false]}
        inside: {type: string, allOf: [{enum: [null, 5]}]}
        number: {allOf: [{type: number}, {enum: [1.0, 2.5]}]}
        untyped: {enum: [1.0, 2]}
"""


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_the_type_may_be_stated_by_another_schema_of_all_of(version: str) -> None:
    package = package_of(spec(SPREAD, version=version))
    value = {"inline": "1.10", "beside": "false", "inside": "null", "number": 2.5, "untyped": 2}

    exchange = call(
        package,
        "things.send",
        q="1.10",
        **value,
        answer=json_answer(value),
        settings={"validation": "strict"},
    )

    assert (exchange.raw_query, exchange.json) == ("q=1.10", value)
    for wrong in (
        {"inline": "7"},
        {"beside": "1000"},
        {"inside": "x"},
        {"number": "1.0"},
        {"untyped": "1.0"},
    ):
        with pytest.raises(package.errors.RequestValidationError):
            call(package, "things.send", **wrong)


def test_a_type_and_a_list_beside_a_reference() -> None:
    text = SPREAD.replace(
        "allOf: [{$ref: '#/components/schemas/Name'}], enum", "$ref: '#/components/schemas/Name', enum"
    )

    assert call(spec(text), "things.send", beside="1e3", answer=json_answer({})).json == {"beside": "1e3"}
