"""Schemas without `type` whose keywords imply one: client, server and sample values take them for the same type."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from typing import Any

import httpx
import pytest

from clientsmith.json_values.codec import equality_key
from clientsmith.jsonschema.instances import Instances
from clientsmith.traffic.check import MessageChecker
from clientsmith.traffic.message import HttpRequest
from tests.behavior.packages import package_of, spec
from tests.unit.serve.answering import opened

ARRAYS: dict[str, tuple[str, Any]] = {
    "items": ("{items: {type: integer}}", [1, 2]),
    "prefixItems": ("{prefixItems: [{type: integer}, {type: boolean}]}", [1, True]),
    "prefixItems and items": ("{prefixItems: [{type: boolean}], items: {type: integer}}", [True, 2, 3]),
    "minItems": ("{minItems: 2}", ["a", "b"]),
    "contains": ("{contains: {const: a}}", ["a", "b"]),
    "uniqueItems": ("{uniqueItems: true}", ["a", "b"]),
    "enum of arrays": ("{enum: [[1, 2], [3, 4]]}", [3, 4]),
    "const array": ("{const: [true, 2]}", [True, 2]),
    "allOf of items": ("{allOf: [{items: {type: integer}}, {minItems: 1}]}", [1, 2]),
    "reference": ("{$ref: '#/components/schemas/List'}", [1, 2]),
}
OBJECTS: dict[str, tuple[str, Any]] = {
    "additionalProperties": ("{additionalProperties: {type: integer}}", {"a": 1, "b": 2}),
    "additionalProperties true": ("{additionalProperties: true}", {"a": "1", "b": "2"}),
    "properties": ("{properties: {a: {type: integer}, b: {type: boolean}}}", {"a": 1, "b": True}),
    "required": ("{required: [a]}", {"a": "1", "b": "2"}),
    "minProperties": ("{minProperties: 1}", {"a": "1", "b": "2"}),
    "propertyNames": ("{propertyNames: {pattern: '^[ab]$'}}", {"a": "1", "b": "2"}),
    "patternProperties": (
        "{patternProperties: {'^n': {type: integer}, '^b': {type: boolean}}}",
        {"n": 1, "bb": True},
    ),
    "enum of objects": ("{enum: [{a: 1}, {a: 2}]}", {"a": 2}),
    "const object": ("{const: {a: 1, b: true}}", {"a": 1, "b": True}),
    "allOf": (
        "{allOf: [{properties: {a: {type: integer}}}, {properties: {b: {type: boolean}}}, {required: [a]}]}",
        {"a": 1, "b": True},
    ),
    "reference": ("{$ref: '#/components/schemas/Map'}", {"a": 1}),
}
STYLES = [
    *itertools.product(["path"], ["simple", "label", "matrix"], [True, False]),
    *itertools.product(["query", "cookie"], ["form"], [True, False]),
    *itertools.product(["header"], ["simple"], [True, False]),
    *itertools.product(["query"], ["spaceDelimited", "pipeDelimited"], [False]),
    ("query", "deepObject", True),
]
GRID = [
    (location, style, explode, name, *row)
    for location, style, explode in STYLES
    for name, row in ({} if style == "deepObject" else ARRAYS).items()
] + [
    (location, style, explode, name, *row)
    for location, style, explode in STYLES
    for name, row in OBJECTS.items()
    if not style.endswith("Delimited")
]


def _operation(number: int, location: str, style: str, explode: bool, schema: str) -> str:
    path = f"/p{number}/{{v}}" if location == "path" else f"/p{number}"
    return f"""
  {path}:
    get:
      operationId: p{number}
      tags: [grid]
      parameters:
        - {{name: v, in: {location}, required: true, style: {style}, explode: {str(explode).lower()}, schema: {schema}}}
      responses: {{'204': {{description: ok}}}}
"""


DOCUMENT = spec(
    "paths:"
    + "".join(
        _operation(number, location, style, explode, schema)
        for number, (location, style, explode, _, schema, _) in enumerate(GRID)
    )
    + """
components:
  schemas:
    List: {items: {type: integer}}
    Map: {additionalProperties: {type: integer}}
"""
)


@pytest.fixture(scope="module")
def checker() -> MessageChecker:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spec.yaml"
        path.write_text(DOCUMENT, "utf-8")
        return opened(path).checker


@pytest.fixture(scope="module")
def sent() -> dict[int, httpx.Request]:
    """What the client sends for each row."""
    requests: dict[int, httpx.Request] = {}

    def keep(request: httpx.Request) -> httpx.Response:
        requests[int(request.url.path.split("/")[1][1:])] = request
        return httpx.Response(204)

    client = package_of(DOCUMENT).client_class()(transport=httpx.MockTransport(keep))
    for number, (location, *_, value) in enumerate(GRID):
        method = getattr(client.grid, f"p{number}")
        method(value) if location == "path" else method(v=value)
    return requests


@pytest.mark.parametrize(
    "number",
    range(len(GRID)),
    ids=[f"{row[0]}-{row[1]}-{'exploded' if row[2] else 'joined'}-{row[3]}" for row in GRID],
)
def test_a_server_reads_back_what_the_client_sent(
    number: int, checker: MessageChecker, sent: dict[int, httpx.Request]
) -> None:
    location, *_, value = GRID[number]
    request = sent[number]
    headers = tuple((key.decode("latin-1"), text.decode("latin-1")) for key, text in request.headers.raw)

    found = checker.check_request(
        HttpRequest("GET", request.url.raw_path.decode("ascii"), headers, request.content)
    )

    assert (found.refusal, found.findings) == (None, ())
    places = {
        "path": found.parameters.path,
        "query": found.parameters.query,
        "header": found.parameters.header,
    }
    read = places.get(location, found.parameters.cookie)["v"]
    assert equality_key(read) == equality_key(value)


@pytest.mark.parametrize("number", range(len(GRID)))
def test_a_sample_value_has_the_implied_type(number: int, checker: MessageChecker) -> None:
    operation = next(one for one in checker.operations if one.id == f"p{number}")
    schema = operation.parameters[0].schema
    assert schema is not None

    made = Instances(checker.resolved, checker.schemas).make(schema, "request")

    assert isinstance(made, type(GRID[number][-1]))
