"""Parameters beyond style: content, names that meet, reserved characters, empties, what is sent nowhere."""

from __future__ import annotations

import inspect
import json
from decimal import Decimal
from urllib.parse import unquote

import pytest

from tests.behavior.calls import call
from tests.behavior.packages import package_of, spec

CONTENT = spec("""
paths:
  /c/{p}:
    get:
      operationId: content
      tags: [things]
      parameters:
        - {name: p, in: path, required: true, content: {application/json: {schema: {type: object}}}}
        - name: q
          in: query
          content:
            application/json:
              schema: {type: object, properties: {amount: {type: number, format: decimal}, tags: {type: array, items: {type: string}}}}
        - {name: X-H, in: header, content: {application/json: {schema: {type: array, items: {type: string}}}}}
        - {name: c, in: cookie, content: {application/json: {schema: {type: object}}}}
      responses: {'204': {description: ok}}
""")


def test_parameter_content_is_json_in_every_place() -> None:
    exchange = call(
        CONTENT, "things.content", {"a": "x/y"},
        q={"amount": Decimal("1.50"), "tags": ["a&b"]}, x_h=["é", "l\nine"], c={"k": "v;w"},
    )  # fmt: skip

    assert json.loads(unquote(exchange.raw_path.removeprefix("/c/"))) == {"a": "x/y"}
    assert exchange.query == [("q", '{"amount":1.50,"tags":["a&b"]}')]
    assert json.loads(exchange.request.headers["x-h"]) == ["é", "l\nine"]
    name, _, text = exchange.request.headers["cookie"].partition("=")
    assert (name, json.loads(unquote(text))) == ("c", {"k": "v;w"})
    assert ";" not in text


NAMES = spec("""
paths:
  /items/{id}/parts/{Id}:
    post:
      operationId: post
      tags: [things]
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: Id, in: path, required: true, schema: {type: string}}
        - {name: id, in: query, schema: {type: string}}
        - {name: ID, in: header, schema: {type: string}}
        - {name: id, in: cookie, schema: {type: string}}
        - {name: user-name, in: query, schema: {type: string}}
        - {name: user_name, in: query, schema: {type: string}}
        - {name: userName, in: query, schema: {type: string}}
        - {name: options, in: query, schema: {type: string}}
        - {name: self, in: query, schema: {type: string}}
        - {name: body, in: query, schema: {type: string}}
        - {name: class, in: query, schema: {type: string}}
        - {name: '$filter', in: query, schema: {type: string}}
        - {name: 'ids[]', in: query, schema: {type: array, items: {type: integer}}}
        - {name: '1st', in: query, schema: {type: string}}
        - {name: '日本', in: query, schema: {type: string}}
        - {name: '+', in: query, schema: {type: string}}
        - {name: '-', in: query, schema: {type: string}}
      requestBody: {content: {application/json: {schema: {type: object, properties: {id: {type: string}, options: {type: string}, self: {type: string}, body: {type: string}}}}}}
      responses: {'204': {description: ok}}
""")


def test_every_parameter_keeps_its_own_place_whatever_the_names() -> None:
    package = package_of(NAMES)
    method = inspect.signature(package.submodule("resources.things").Things.post)
    names = [name for name in method.parameters if name not in ("self", "options")]
    values = {name: [index] if "ids" in name else f"v{index}" for index, name in enumerate(names)}
    positional = [values.pop(name) for name in names[:2]]

    exchange = call(package, "things.post", *positional, **values)

    sent = [*exchange.raw_path.split("/")[2::2], *(text for _, text in exchange.query)]
    sent += [exchange.request.headers["id"], exchange.request.headers["cookie"].removeprefix("id=")]
    sent += exchange.json.values()
    expected = [
        str(value[0]) if isinstance(value, list) else value for value in (*positional, *values.values())
    ]
    assert sorted(sent) == sorted(expected)
    assert len(set(sent)) == len(names) == 22
    wires = {
        "id",
        "user-name",
        "user_name",
        "userName",
        "options",
        "self",
        "body",
        "class",
        "$filter",
        "ids[]",
        "1st",
        "日本",
        "+",
        "-",
    }
    assert {wire for wire, _ in exchange.query} == wires


HEADERS = spec("""
paths:
  /h:
    parameters:
      - {name: X-Trace, in: header, schema: {type: string}}
      - {name: shared, in: query, schema: {type: string}}
    get:
      operationId: get
      tags: [things]
      parameters:
        - {name: x-trace, in: header, required: true, schema: {type: integer}}
        - {name: Accept, in: header, schema: {type: string}}
        - {name: Content-Type, in: header, schema: {type: string}}
        - {name: Authorization, in: header, schema: {type: string}}
        - {name: X-Days, in: header, schema: {type: array, items: {type: string, format: date}}}
        - {name: X-When, in: header, schema: {type: string, format: date-time}}
        - {name: q, in: query, allowReserved: true, schema: {type: string}}
        - {name: e, in: query, allowEmptyValue: true, schema: {type: string}}
        - {name: n, in: query, schema: {type: [string, 'null']}}
        - {name: u, in: query, schema: {oneOf: [{type: integer}, {type: string}, {type: array, items: {type: integer}}]}}
        - {name: b, in: query, schema: {type: boolean}}
      responses: {'204': {description: ok}}
""")


def test_an_operation_overrides_the_header_of_its_path_in_whatever_case() -> None:
    package = package_of(HEADERS)

    exchange = call(package, "things.get", x_trace=5, shared="s")

    assert exchange.request.headers.get_list("x-trace") == ["5"]
    assert exchange.query == [("shared", "s")]
    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.get", x_trace="not a number")


def test_headers_that_http_owns_are_no_arguments() -> None:
    signature = inspect.signature(package_of(HEADERS).submodule("resources.things").Things.get)

    assert {"accept", "content_type", "authorization"}.isdisjoint(signature.parameters)
    assert "ignored-header-parameter" in package_of(HEADERS).ids


def test_lists_and_dates_in_headers() -> None:
    exchange = call(
        HEADERS, "things.get", x_trace=1, x_days=["2024-01-31", "2024-02-01"], x_when="2024-01-31T10:00:00Z"
    )

    assert exchange.request.headers["x-days"] == "2024-01-31,2024-02-01"
    assert exchange.request.headers["x-when"] == "2024-01-31T10:00:00Z"


def test_reserved_characters_stay_where_they_are_allowed() -> None:
    exchange = call(HEADERS, "things.get", x_trace=1, q="a/b:c?d=e&f#g h")

    assert exchange.query == [("q", "a/b:c?d=e&f#g h")]
    assert "a/b:c?d" in exchange.raw_query


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"e": ""}, [("e", "")]),
        ({"n": None}, []),
        ({"u": 5}, [("u", "5")]),
        ({"u": "five"}, [("u", "five")]),
        ({"u": [1, 2]}, [("u", "1"), ("u", "2")]),
        ({"b": True}, [("b", "true")]),
        ({"b": False}, [("b", "false")]),
    ],
)
def test_query_values_of_every_kind(given: dict[str, object], sent: list[tuple[str, str]]) -> None:
    assert call(HEADERS, "things.get", x_trace=1, **given).query == sent


@pytest.mark.parametrize("value", ["", ".", "..", None])
def test_a_path_parameter_that_would_change_the_path_is_refused(value: object) -> None:
    package = package_of(NAMES)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.post", value, "b")


@pytest.mark.parametrize("value", ["../x", "a/b", "a?b=c", "a#b", "%2e%2e", "a\\b", "é\n"])
def test_a_path_parameter_stays_one_segment(value: str) -> None:
    exchange = call(NAMES, "things.post", value, "b")

    first = exchange.raw_path.split("/")[2]
    assert (unquote(first), exchange.raw_path.count("/")) == (value, 4)
    assert exchange.raw_query == ""


BOUNDS = spec("""
paths:
  /b:
    get:
      operationId: get
      tags: [things]
      parameters:
        - {name: page, in: query, schema: {type: integer, minimum: 1, maximum: 9}}
        - {name: code, in: query, schema: {type: string, pattern: '^[a-z]\\d+$', minLength: 2, maxLength: 4}}
        - {name: ids, in: query, schema: {type: array, minItems: 1, maxItems: 2, items: {type: string, pattern: '^x'}}}
        - {name: kind, in: query, schema: {type: string, enum: [a, b]}}
        - {name: many, in: query, schema: {type: array, items: {$ref: '#/components/schemas/Kind'}}}
      responses: {'204': {description: ok}}
components: {schemas: {Kind: {type: string, enum: [c, d]}}}
""")


@pytest.mark.parametrize(
    "bad",
    [
        {"page": 0}, {"page": 10}, {"page": "1"}, {"page": True}, {"page": 1.5}, {"code": "a"}, {"code": "a1234"},
        {"code": "11"}, {"code": "a٣"}, {"ids": []}, {"ids": ["x", "x", "x"]}, {"ids": ["y"]}, {"kind": "c"},
        {"many": ["a"]}, {"page": None},
    ],
    ids=repr,
)  # fmt: skip
def test_what_the_document_forbids_is_refused_before_anything_is_sent(bad: dict[str, object]) -> None:
    package = package_of(BOUNDS)

    with pytest.raises(package.errors.RequestValidationError) as caught:
        call(package, "things.get", **bad)

    assert caught.value.outcome == "not_sent"


def test_what_the_document_allows_is_sent() -> None:
    exchange = call(BOUNDS, "things.get", page=9, code="a12", ids=["x1", "x2"], kind="b", many=["c", "d"])

    assert sorted(exchange.query) == sorted(
        [
            ("page", "9"),
            ("code", "a12"),
            ("ids", "x1"),
            ("ids", "x2"),
            ("kind", "b"),
            ("many", "c"),
            ("many", "d"),
        ]
    )
