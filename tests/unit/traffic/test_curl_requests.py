"""The command on the server's page is a request that this server accepts and reads as the example of the document."""

from __future__ import annotations

import itertools
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from clientsmith.json_values.codec import Value
from clientsmith.openapi.parameter import STYLES
from clientsmith.serve.page import fixed_facts
from clientsmith.serve.service import Service
from clientsmith.traffic.check import CheckedRequest
from tests.unit.serve.answering import opened
from tests.unit.traffic.curl_requests import request_of

SCHEMAS: dict[str, Any] = {
    "scalar": {"type": "string"},
    "number": {"type": "number"},
    "array": {"type": "array", "items": {"type": "string"}},
    "numbers": {"type": "array", "items": {"type": "number"}},
    "object": {"type": "object", "properties": {"R,1": {"type": "integer"}, "G": {"type": "string"}}},
}
VALUES: dict[str, Any] = {
    "scalar": "a b&c=d,é/'\"%2F;+[x]{y}",
    "number": -12.5,
    "array": ["a,b", "c d", "é'&=;x", "$HOME"],
    "numbers": [1, 2.25],
    "object": {"R,1": 100, "G": "blue;green & 'black'"},
}
# What a style cannot tell apart by RFC 6570 and OpenAPI: headers are not percent-encoded, a dot never is, an encoded
# delimiter is the delimiter, and style `cookie` escapes nothing.
INEXPRESSIBLE = {
    "header": ",=é", "label": ".", "spaceDelimited": " ", "pipeDelimited": "|", "cookie": " ,;\"é[]{}%&=+/'",
}  # fmt: skip
GRID = [
    (location, style, explode, kind)
    for location, styles in STYLES.items()
    for style, explode, kind in itertools.product(styles, (True, False), VALUES)
    if not (style == "label" and explode and kind == "numbers")
]


def expressible(value: Any, cell: str) -> Any:
    """A value without the characters that the style has no way to say."""
    gone = str.maketrans("", "", INEXPRESSIBLE.get(cell, ""))
    if isinstance(value, str):
        return value.translate(gone)
    if isinstance(value, list):
        return [expressible(item, cell) for item in value]
    if isinstance(value, dict):
        return {key.translate(gone): expressible(item, cell) for key, item in value.items()}
    return value


def exact(value: Any) -> Value:
    return json.loads(json.dumps(value), parse_float=Decimal)  # type: ignore[no-any-return] # JSON


def served(tmp_path: Path, operation: dict[str, Any], path: str = "/p", **more: Any) -> Service:
    spec = {
        "openapi": "3.2.0",
        "info": {"title": "t", "version": "1"},
        "paths": {
            path: {"post": {"operationId": "op", "responses": {"204": {"description": ""}}, **operation}}
        },
        **more,
    }
    file = tmp_path / "spec.json"
    file.write_text(json.dumps(spec), encoding="utf-8")
    return opened(file)


def sent(service: Service) -> CheckedRequest:
    """What the server makes of the command on its page, which it answers as the document says."""
    facts: Any = fixed_facts(service, f"http://127.0.0.1:1{service.checker.index.base_path}")
    request = request_of(facts["operations"][0]["curl"])
    assert service.respond(request).response.status == 204, facts["operations"][0]["curl"]
    return service.checker.check_request(request)


@pytest.mark.parametrize(("location", "style", "explode", "kind"), GRID)
def test_a_parameter_is_read_as_its_example(
    tmp_path: Path, location: Any, style: str, explode: bool, kind: str
) -> None:
    cell = "header" if location == "header" else style
    value = expressible(VALUES[kind], cell)
    schema = SCHEMAS[kind]
    if kind == "object":
        schema = {
            "type": "object",
            "properties": {
                expressible(key, cell): inner for key, inner in SCHEMAS[kind]["properties"].items()
            },
        }
    parameter = {
        "name": "v", "in": location, "required": True, "style": style, "explode": explode, "schema": schema,
        "example": value,
    }  # fmt: skip
    service = served(tmp_path, {"parameters": [parameter]}, "/p/{v}/q" if location == "path" else "/p")
    found = sent(service)
    assert found.parameters.values(location) == {"v": exact(value)}
    assert found.findings == ()


@pytest.mark.parametrize("location", STYLES)
@pytest.mark.parametrize(
    ("media_type", "value"),
    [
        ("application/json", {"a": [1.5, "é;,=&"]}),
        ("*/*", ["x"]),
        ("text/plain", "a"),
        ("text/plain", 7),
    ],
)
def test_a_parameter_with_a_media_type_is_read_as_its_example(
    tmp_path: Path, location: Any, media_type: str, value: Any
) -> None:
    kinds = {dict: "object", list: "array", str: "string", int: "integer"}
    media = {"schema": {"type": kinds[type(value)]}, "example": value}
    parameter = {"name": "v", "in": location, "required": True, "content": {media_type: media}}
    service = served(tmp_path, {"parameters": [parameter]}, "/p/{v}" if location == "path" else "/p")
    assert sent(service).parameters.values(location) == {"v": exact(value)}


BODY: dict[str, Any] = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "number": {"type": "number"},
        "list": {"type": "array", "items": {"type": "string"}},
        "object": {"type": "object", "properties": {"x": {"type": "number"}}},
        "objects": {"type": "array", "items": {"type": "object"}},
        "coded": {"type": "string"},
        "file": {},
    },
}
FIELDS: dict[str, Any] = {
    "text": "@a b&c=d;é'\"\\",
    "number": 1.25,
    "list": ["a,b", "c d"],
    "object": {"x": 2.5},
    "objects": [{"y": 1}, {"y": 2}],
}


@pytest.mark.parametrize("media_type", ["application/json", "application/*", "application/vnd.a+json"])
@pytest.mark.parametrize("value", [FIELDS, [1, 2.5], "it's", None])
def test_a_json_body_is_read_as_its_example(tmp_path: Path, media_type: str, value: Any) -> None:
    content = {media_type: {"example": value}}
    found = sent(served(tmp_path, {"requestBody": {"required": True, "content": content}}))
    assert found.body == exact(value)


@pytest.mark.parametrize("media_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize(
    "encoding",
    [
        {},
        {"object": {"contentType": "application/json"}, "coded": {"contentType": "application/json"}},
        {"list": {"contentType": "application/json"}, "text": {"contentType": "text/plain"}},
        {"list": {"style": "form", "explode": False}, "object": {"style": "deepObject"}},
        {"list": {"explode": True}, "object": {"allowReserved": True}},
        {"list": {"style": "pipeDelimited"}, "object": {"allowReserved": False}},
        {"text": {"contentType": "text/plain, application/json"}},
    ],
)
def test_a_form_is_read_as_its_example(tmp_path: Path, media_type: str, encoding: Any) -> None:
    value = FIELDS | {"coded": 'quoted "text"'}
    if media_type == "multipart/form-data" and encoding.get("list", {}).get("explode") is False:
        value |= {
            "list": ["a;b", "c d"]
        }  # in a part nothing tells a comma inside an item from one between items
    content = {media_type: {"schema": BODY, "example": value, "encoding": encoding}}
    found = sent(served(tmp_path, {"requestBody": {"required": True, "content": content}}))
    assert found.body == exact(value)


@pytest.mark.parametrize(
    "scheme",
    [
        {"type": "http", "scheme": "basic"},
        {"type": "http", "scheme": "bearer"},
        {"type": "http", "scheme": "digest"},
        {"type": "apiKey", "in": "header", "name": "X-Key"},
        {"type": "apiKey", "in": "query", "name": "a key"},
        {"type": "apiKey", "in": "cookie", "name": "key"},
        {"type": "oauth2", "flows": {}},
    ],
)
@pytest.mark.parametrize("parameters", [False, True])
def test_credentials_are_where_the_server_looks_for_them(
    tmp_path: Path, scheme: Any, parameters: bool
) -> None:
    listed = [
        {"name": where, "in": where, "required": True, "schema": {"type": "string"}, "example": "x"}
        for where in ("query", "cookie", "header")
    ]
    service = served(
        tmp_path,
        {"security": [{"main": []}], "parameters": listed if parameters else []},
        components={"securitySchemes": {"main": scheme}},
    )
    assert sent(service).refusal is None


def test_the_base_path_of_the_server_is_part_of_the_command(tmp_path: Path) -> None:
    served(tmp_path, {})
    sent(opened(tmp_path / "spec.json", base_path="/only/here/"))
