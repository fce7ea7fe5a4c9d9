"""Request bodies: the media type that is sent, and whether its properties become arguments."""

from __future__ import annotations

from typing import Any

import pytest

from clientsmith.api.model.api import Encoding, Example, RequestBody
from tests.unit.api.apis import ref, spelled
from tests.unit.api.conftest import Build

PERSON = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
}


def sending(
    schema: Any, media_type: str = "application/json", required: bool = True, **more: Any
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": "op",
        "requestBody": {"required": required, "content": {media_type: {"schema": schema, **more}}},
        "responses": {"204": {"description": ""}},
    }
    return {"paths": {"/x": {"post": operation}}, "components": {"schemas": {"Person": PERSON}}}


def body_of(api: Build, document: dict[str, Any]) -> RequestBody:
    body = api(document).only.body
    assert body is not None
    return body


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string", "minLength": 2}, "str(min_length=2)"),
        ({"type": "string", "enum": ["a", "b"]}, "Literal['a', 'b']"),
        ({"type": "string"}, "str"),
        ({"type": ["string", "null"], "minLength": 2}, "str"),
        ({"type": "string", "format": "date"}, "str"),
        ({"type": "object"}, "str"),
        ({}, "str"),
    ],
)
def test_a_text_is_held_against_a_schema_of_text(api: Build, schema: Any, expected: str) -> None:
    assert spelled(body_of(api, sending(schema, "text/plain")).type) == expected


@pytest.mark.parametrize(
    "media_type", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_the_properties_of_an_object_become_arguments(api: Build, media_type: str) -> None:
    body = body_of(api, sending(ref("Person"), media_type))
    assert body.fields is not None and body.argument is None
    assert [(field.wire, field.required, spelled(field.type)) for field in body.fields] == [
        ("name", True, "str"), ("age", False, "int"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "items": ref("Person")},
        {"type": "string"},
        {},
        {"type": "object"},
        {"type": ["object", "null"], "properties": {"a": {}}},
        {"type": "object", "properties": {"a": {}}, "additionalProperties": True},
        {"oneOf": [ref("Person"), {"type": "string"}]},
    ],
)
def test_anything_else_is_one_argument(api: Build, schema: Any) -> None:
    body = body_of(api, sending(schema))
    assert (body.fields, body.argument) == (None, "body")


def test_a_body_that_may_be_left_out_is_spread_only_where_that_is_no_question(api: Build) -> None:
    assert body_of(api, sending(ref("Person"), required=False)).argument == "body"
    optional = {"type": "object", "properties": {"a": {"type": "string"}}}
    assert body_of(api, sending(optional, required=False)).fields is not None


def test_names_of_body_arguments_give_way_to_parameters(api: Build) -> None:
    document = sending(
        {"type": "object", "properties": {name: {} for name in ("id", "options", "class", "body")}}
    )
    document["paths"]["/x"]["parameters"] = [{"name": "id", "in": "query", "schema": {"type": "string"}}]
    body = body_of(api, document)
    assert body.fields is not None
    assert {field.wire: field.name for field in body.fields} == {
        "id": "body_id", "options": "options_", "class": "class_", "body": "body",
    }  # fmt: skip


def test_a_parameter_called_body_keeps_its_name(api: Build) -> None:
    document = sending({"type": "string"})
    document["paths"]["/x"]["parameters"] = [{"name": "body", "in": "query", "schema": {"type": "string"}}]
    assert body_of(api, document).argument == "request_body"


@pytest.mark.parametrize(
    ("media_type", "codec", "kind"),
    [
        ("application/json", "json", "list[str]"),
        ("application/vnd.a+json", "json", "list[str]"),
        ("text/csv", "text", "str"),
        ("application/pdf", "binary", "bytes"),
        ("application/octet-stream", "binary", "bytes"),
    ],
)
def test_the_media_type_decides_how_a_body_is_written(
    api: Build, media_type: str, codec: str, kind: str
) -> None:
    body = body_of(api, sending({"type": "array", "items": {"type": "string"}}, media_type))
    assert (body.media_type, body.codec, spelled(body.type)) == (media_type, codec, kind)


def test_one_media_type_is_sent_and_the_others_are_named(api: Build) -> None:
    document = sending({"type": "string"})
    content = document["paths"]["/x"]["post"]["requestBody"]["content"]
    content["application/xml"] = {"schema": {"type": "string"}}
    made = api(document)
    assert made.only.body is not None and made.only.body.media_type == "application/json"
    assert made.notes == ["media-type-not-offered: /paths/~1x/post/requestBody/content/application~1xml"]


def test_encodings_are_read_by_property(api: Build) -> None:
    encoding = {
        "b": {"contentType": "application/json"},
        "a": {"style": "deepObject", "explode": True, "allowReserved": True},
        "c": {"style": "matrix"},
    }
    body = body_of(api, sending(ref("Person"), "application/x-www-form-urlencoded", encoding=encoding))
    assert body.encodings == (
        Encoding("a", None, "deepObject", True, True),
        Encoding("b", "application/json"),
        Encoding("c"),
    )


def test_examples_are_listed_by_name_and_external_ones_left_out(api: Build) -> None:
    examples = {"z": {"summary": "Z", "value": 1}, "a": {"value": None}, "far": {"externalValue": "x"}}
    assert body_of(api, sending({}, examples=examples)).examples == (
        Example("a", "", None),
        Example("z", "Z", 1),
    )
    assert body_of(api, sending({}, example=[1])).examples == (Example("example", "", [1]),)


@pytest.mark.parametrize("node", [None, {}, {"content": {}}])
def test_no_content_is_no_body(api: Build, node: Any) -> None:
    document = sending({})
    operation = document["paths"]["/x"]["post"]
    if node is None:
        del operation["requestBody"]
    else:
        operation["requestBody"] = node
    assert api(document).only.body is None


def test_a_body_without_a_schema_is_any_value(api: Build) -> None:
    document = sending({})
    document["paths"]["/x"]["post"]["requestBody"]["content"] = {"application/json": {}}
    body = body_of(api, document)
    assert (spelled(body.type), body.argument) == ("Any", "body")
