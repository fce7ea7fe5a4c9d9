"""What the client sends is what the server reads, wherever a default or a fallback decides; one test a difference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clientsmith.diagnostics.model import Diagnostics, Severity
from clientsmith.serve.service import Service
from clientsmith.traffic.message import HttpRequest, HttpResponse
from tests.unit.openapi.both_sides import BothSides, called, exact, parameter

OBJECT: dict[str, Any] = {
    "type": "object",
    "properties": {"x": {"type": "integer"}, "l": {"type": "array", "items": {"type": "integer"}}},
}
POINT: dict[str, Any] = {"type": "object", "properties": {"x": {"type": "integer"}}}
INTEGERS: dict[str, Any] = {"type": "array", "items": {"type": "integer"}}


@pytest.mark.parametrize(
    ("more", "schema", "value"),
    [
        ({"style": "deepObject"}, OBJECT, {"x": 1, "l": [1, 2]}),
        ({"style": "deepObject", "explode": False}, OBJECT, {"x": 1}),
        ({"style": "deepObject", "explode": True}, OBJECT, {"x": 1}),
        ({"style": "deepObject"}, INTEGERS, [1, 2]),
        ({"style": "spaceDelimited", "explode": True}, OBJECT, {"x": 1, "l": [1, 2]}),
        ({"style": "pipeDelimited", "explode": True}, OBJECT, {"x": 1}),
        ({"style": "pipeDelimited", "explode": True}, INTEGERS, [1, 2]),
        ({"style": "pipeDelimited"}, {"type": "string"}, "a|b"),
        ({"allowReserved": True}, {"type": "string"}, "http://x/?a=b&c#d[e]+f g%"),
        ({"allowReserved": True}, {"type": "array", "items": {"type": "string"}}, ["a,b", "c&d"]),
        ({"allowEmptyValue": True}, {"type": "string"}, ""),
        ({}, {"type": ["string", "null"]}, "null "),
    ],
)
def test_query_parameters(tmp_path: Path, more: Any, schema: Any, value: Any) -> None:
    found = BothSides(tmp_path, {"parameters": [parameter("query", schema, **more)]}).checked(value)
    assert (found.findings, found.parameters.query) == ((), {"v": exact(value)})


@pytest.mark.parametrize("location", ["path", "query", "header", "cookie"])
@pytest.mark.parametrize(
    ("media_type", "schema", "value"),
    [
        ("application/json", OBJECT, {"x": 1}),
        ("application/vnd.a+json", {"type": "string"}, "1"),
        ("*/*", OBJECT, {"x": 1}),
        ("application/*", {"type": "string"}, "1"),
        ("text/plain", {"type": "string"}, "a b"),
        ("text/plain", {"type": "integer"}, 7),
        ("text/plain", {"type": "boolean"}, True),
        ("text/plain", OBJECT, {"x": 1}),
    ],
)
def test_parameters_with_a_media_type(
    tmp_path: Path, location: Any, media_type: str, schema: Any, value: Any
) -> None:
    stated = {"name": "v", "in": location, "required": True, "content": {media_type: {"schema": schema}}}
    path = "/p/{v}" if location == "path" else "/p"
    found = BothSides(tmp_path, {"parameters": [stated]}, path).checked(value)
    assert (found.findings, found.parameters.values(location)) == ((), {"v": exact(value)})


def test_text_in_a_parameter_has_no_quotes(tmp_path: Path) -> None:
    stated = {"name": "v", "in": "query", "content": {"text/plain": {"schema": {"type": "string"}}}}
    assert BothSides(tmp_path, {"parameters": [stated]}).request("a").target == "/p?v=a"


def test_names_of_headers_have_no_case_and_three_are_no_parameters(tmp_path: Path) -> None:
    text = {"type": "string"}
    ignored = [parameter("header", text, name) for name in ("accept", "Content-type", "AUTHORIZATION")]
    both = BothSides(tmp_path, {"parameters": [*ignored, parameter("header", text, "X-Trace")]})
    assert [one.wire for one in both.operation.parameters] == ["X-Trace"]
    sent = both.request("a")
    lower = tuple((name.lower(), value) for name, value in sent.headers)
    found = both.checker.check_request(HttpRequest(sent.method, sent.target, lower))
    assert (found.findings, found.parameters.header) == ((), {"X-Trace": "a"})


def test_a_header_of_the_path_is_overridden_whatever_its_case(tmp_path: Path) -> None:
    both = BothSides(tmp_path, {"parameters": [parameter("header", {"type": "integer"}, "x-trace")]})
    [declared] = both.checker.operations[0].parameters
    assert declared.name == both.operation.parameters[0].wire == "x-trace"


@pytest.mark.parametrize("explode", [True, False])
@pytest.mark.parametrize("value", ["a%3Bb", ["a", "b"], {"R": "1", "G": "2"}])
def test_style_cookie_escapes_nothing(tmp_path: Path, explode: bool, value: Any) -> None:
    kinds = {str: {"type": "string"}, list: {"type": "array", "items": {"type": "string"}}}
    schema = kinds.get(type(value), {"type": "object", "additionalProperties": {"type": "string"}})
    stated = parameter("cookie", schema, style="cookie", explode=explode)
    both = BothSides(tmp_path, {"parameters": [stated]})
    assert both.diagnostics.has_errors is False
    assert both.checked(value).parameters.cookie == {"v": value}
    assert "%3B" in str(both.request("a%3Bb").header("cookie"))


@pytest.mark.parametrize(
    "value", ["a b", "a;b", 'a"b', "a,b", "é", "a\\b", ["a,b"], {"a b": "c"}, {"a=b": "c"}]
)
def test_style_cookie_refuses_what_would_have_to_be_escaped(tmp_path: Path, value: Any) -> None:
    from clientsmith.runtime import RequestValidationError

    both = BothSides(tmp_path, {"parameters": [parameter("cookie", {}, style="cookie")]})
    with pytest.raises(RequestValidationError, match="cookie parameter 'v'"):
        both.request(value)


def test_a_whole_query_string_is_refused_by_one_side_and_noted_by_the_other(tmp_path: Path) -> None:
    stated = {"name": "q", "in": "querystring", "content": {"application/json": {}}}
    both = BothSides(tmp_path, {"parameters": [stated]})
    [refusal] = [one for one in both.diagnostics if one.severity is Severity.ERROR]
    assert (refusal.id, refusal.place and refusal.place.pointer) == (
        "operation-unsupported",
        "/paths/~1p/post/parameters/0",
    )
    diagnostics = Diagnostics()
    service = Service.open(tmp_path / "api.yaml", [], diagnostics, strict=True)
    assert service is not None
    [note] = diagnostics
    assert (note.id, note.severity, note.place) == ("part-not-checked", Severity.NOTE, refusal.place)
    assert refusal.message.rpartition(": ")[2] == note.message.rpartition(": ")[2]
    assert service.checker.check_request(HttpRequest("POST", "/p?%7B%7D")).findings == ()


BODY: dict[str, Any] = {
    "type": "object",
    "properties": {
        "s": {"type": "string"}, "n": {"type": "integer"}, "l": INTEGERS, "o": POINT,
        "a": {"type": "array", "items": POINT},
    },
}  # fmt: skip
FIELDS: dict[str, Any] = {"s": "a b+c", "n": 7, "l": [1, 2], "o": {"x": 1}, "a": [{"x": 1}, {"x": 2}]}


@pytest.mark.parametrize("media_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize(
    "encoding",
    [
        {},
        {"s": {"contentType": "text/plain"}, "o": {"contentType": "application/json"}},
        {"l": {"contentType": "application/json"}, "a": {"contentType": "application/json"}},
        {"s": {"contentType": "text/plain, application/json"}},
        {"s": {"contentType": "application/json"}, "n": {"contentType": "application/json"}},
        {"l": {"style": "form", "explode": False}},
        {"l": {"style": "spaceDelimited"}, "o": {"style": "deepObject"}},
        {"l": {"style": "pipeDelimited"}, "o": {"style": "form", "explode": False}},
        {"l": {"explode": False}, "o": {"explode": True}},
        {"l": {"allowReserved": True}, "o": {"allowReserved": True}, "s": {"allowReserved": True}},
        {"o": {"allowReserved": False}},
    ],
)
def test_fields_of_forms(tmp_path: Path, media_type: str, encoding: Any) -> None:
    content = {media_type: {"schema": BODY, "encoding": encoding}}
    found = BothSides(tmp_path, {"requestBody": {"required": True, "content": content}}).checked(body=FIELDS)
    assert (found.findings, found.body) == ((), exact(FIELDS))


def test_an_encoding_with_a_style_writes_members_of_an_object_as_pairs(tmp_path: Path) -> None:
    """OpenAPI 3.1.1, Encoding Object: with any of style, explode and allowReserved, contentType is ignored."""
    encoding = {"o": {"allowReserved": False, "contentType": "application/json"}}
    content = {"application/x-www-form-urlencoded": {"schema": BODY, "encoding": encoding}}
    both = BothSides(tmp_path, {"requestBody": {"content": content}})
    assert both.request(body={"o": {"x": 1}}).body == b"x=1"
    request = HttpRequest("POST", "/p", (("Content-Type", "application/x-www-form-urlencoded"),), b"x=1")
    assert both.checker.check_request(request).body == {"o": {"x": 1}}


@pytest.mark.parametrize(
    ("declared", "body"),
    [
        ("application/*", {"x": 1}),
        ("*/*", {"x": 1}),
        ("application/*+json", {"x": 1}),
        ("text/*", "text"),
        ("image/*", b"\x89PNG"),
        ("application/octet-stream", b"\x00"),
        ("font/*", b"\x00"),
    ],
)
def test_a_body_falls_under_the_range_that_is_declared(tmp_path: Path, declared: str, body: Any) -> None:
    both = BothSides(tmp_path, {"requestBody": {"required": True, "content": {declared: {}}}})
    assert both.checked(body=body).refusal is None


def test_a_media_type_may_be_a_reference(tmp_path: Path) -> None:
    content = {"application/json": {"$ref": "#/components/mediaTypes/m"}}
    components = {"mediaTypes": {"m": {"schema": INTEGERS}}}
    answers = {"200": {"description": "", "content": content}}
    operation = {"requestBody": {"required": True, "content": content}, "responses": answers}
    both = BothSides(tmp_path, operation, components=components)
    body = both.operation.body
    assert body is not None and type(body.type).__name__ == "ListType"
    assert type(both.operation.result).__name__ == "ListType"
    assert both.checked(body=["x"]).refusal == "schema"


@pytest.mark.parametrize("keys", [["default"], ["4XX", "default"], ["404", "4XX", "5xx", "default"], ["404"]])
def test_both_sides_read_a_status_by_the_same_response(tmp_path: Path, keys: list[str]) -> None:
    both = BothSides(tmp_path, {"responses": {key: {"description": key} for key in keys}})
    client, server = called(both.operation), both.checker.operations[0]
    for status in range(200, 600):
        found, declared = client.response_for(status), server.response(status)
        assert (found and found.status) == (declared and declared.key)


def test_default_speaks_of_errors_to_the_client_if_a_success_is_declared(tmp_path: Path) -> None:
    """The one difference that is meant: the text calls it a fallback, and documents write an error under it."""
    both = BothSides(tmp_path, {"responses": {"200": {"description": ""}, "default": {"description": ""}}})
    client, server = called(both.operation), both.checker.operations[0]
    for status in range(201, 600):
        declared = server.response(status)
        assert declared is not None and declared.key == "default"
        assert (client.response_for(status) is None) is (status < 300)


@pytest.mark.parametrize(
    ("header", "value", "text", "wrong"),
    [
        ({"schema": POINT, "explode": True}, {"x": 1}, "x=1", "x=a"),
        ({"schema": POINT}, {"x": 1}, "x,1", "x,a"),
        ({"schema": INTEGERS}, [1, 2], "1,2", "1,a"),
        ({"content": {"application/json": {"schema": POINT}}}, {"x": 1}, '{"x":1}', "{"),
    ],
)
def test_headers_of_responses_are_written_as_they_are_read(
    tmp_path: Path, header: Any, value: Any, text: str, wrong: str
) -> None:
    answer = {"description": "", "headers": {"X-A": {"required": True, **header}}}
    owner = header.get("content", {}).get("application/json") or answer["headers"]["X-A"]
    owner["example"] = value
    both = BothSides(tmp_path, {"responses": {"204": answer}})
    service = Service.open(tmp_path / "api.yaml", [], Diagnostics())
    assert service is not None
    response = service.respond(HttpRequest("POST", "/p")).response
    assert response.header("X-A") == text
    [operation] = both.checker.operations
    assert both.checker.check_response(operation, response) == []
    found = both.checker.check_response(operation, HttpResponse(204, (("X-A", wrong),)))
    assert [one.id for one in found] == ["invalid-header"]
