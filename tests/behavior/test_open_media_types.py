"""Bodies whose media type the document leaves open, bodies without bytes, and forms that nothing fits."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clientsmith.diagnostics.model import Severity
from tests.behavior.calls import Answer, call, json_answer
from tests.behavior.packages import package_of, spec

BYTES = "{type: string, format: binary}"
RAW = "{type: string, contentMediaType: application/octet-stream}"


def answering(media_type: str, schema: str) -> str:
    return spec(
        "paths:\n  /r:\n    get:\n      operationId: read\n      tags: [s]\n      responses: {'200': {description: ok, "
        f"content: {{'{media_type}': {{schema: {schema}}}}}}}}}\n"
    )


def taking(media_type: str, media: str, *, required: bool = True, method: str = "post") -> str:
    return spec(
        f"paths:\n  /r:\n    {method}:\n      operationId: send\n      tags: [s]\n      requestBody:\n"
        f"        required: {str(required).lower()}\n        content: {{'{media_type}': {media}}}\n"
        "      responses: {'204': {description: ok}}\n"
    )


@pytest.mark.parametrize("media_type", ["*/*", "application/*", "image/*", "application/octet-stream"])
@pytest.mark.parametrize("schema", [BYTES, RAW, "{$ref: '#/components/schemas/File'}"])
def test_a_binary_answer_of_any_type_is_bytes(media_type: str, schema: str) -> None:
    document = answering(media_type, schema) + f"components: {{schemas: {{File: {BYTES}}}}}\n"
    content_type = media_type.replace("*/*", "image/png").replace("*", "x-own")

    for content in (b"\x89PNG\r\n\xff", b"", b'{"a": 1}'):
        assert call(document, "s.read", answer=Answer(200, content, content_type)).result == content
    assert (
        call(document, "s.read", answer=Answer(200, b"{}", content_type)).request.headers["accept"]
        == media_type
    )


@pytest.mark.parametrize("media_type", ["'*/*'", "'*'", "'application/*'"])
def test_a_string_of_any_type_is_what_its_content_type_says(media_type: str) -> None:
    document = answering(media_type.strip("'"), "{type: string}")

    for content_type, content, expected in (
        ("text/plain; charset=utf-8", 'say "hi" \u00e9'.encode(), 'say "hi" \u00e9'),
        ("text/plain", b"12", "12"),
        ("text/plain", b"", ""),
        ("application/json", b'"hi"', "hi"),
        ("application/problem+json", b'"hi"', "hi"),
    ):
        assert call(document, "s.read", answer=Answer(200, content, content_type)).result == expected
    for content_type, content in (("application/json", b"hi"), ("application/json", b"")):
        with pytest.raises(package_of(document).errors.ResponseDecodeError):
            call(document, "s.read", answer=Answer(200, content, content_type))


def test_a_range_of_anything_else_is_still_json() -> None:
    document = answering("*/*", "{type: object, properties: {a: {type: integer}}}")

    assert call(document, "s.read", answer=json_answer({"a": 1})).result.a == 1


@pytest.mark.parametrize(
    ("value", "content_type", "content"),
    [
        (b"\x00", "application/octet-stream", b"\x00"),
        (("a.zip", b"\x00", "application/zip"), "application/zip", b"\x00"),
        ({"a": [1]}, "application/json", b'{"a":[1]}'),
        ("text", "application/json", b'"text"'),
    ],
)
@pytest.mark.parametrize("media", ["{}", "{schema: {}}", "{schema: true}"])
def test_a_body_of_any_application_type_takes_files_and_json(
    media: str, value: Any, content_type: str, content: bytes
) -> None:
    exchange = call(taking("application/*", media), "s.send", body=value)

    assert (exchange.request.headers["content-type"], exchange.content) == (content_type, content)


def test_a_described_body_of_any_application_type_is_json_unless_it_is_binary() -> None:
    described = taking("application/*", "{schema: {type: object, properties: {name: {type: string}}}}")
    exchange = call(described, "s.send", name="x")
    assert (exchange.request.headers["content-type"], exchange.content) == (
        "application/json",
        b'{"name":"x"}',
    )

    binary = taking("application/*", f"{{schema: {BYTES}}}")
    assert call(binary, "s.send", body=b"{").request.headers["content-type"] == "application/octet-stream"
    named = call(binary, "s.send", body=("a", b"%PDF", "application/pdf"))
    assert (named.request.headers["content-type"], named.content) == ("application/pdf", b"%PDF")


def test_the_caller_may_name_the_media_type() -> None:
    package = package_of(
        taking("application/*", "{schema: {type: object, properties: {name: {type: string}}}}")
    )
    options = package.errors.CallOptions(headers={"Content-Type": "application/vnd.own+json"})
    exchange = call(package, "s.send", name="x", options=options)

    assert (exchange.request.headers.get_list("content-type"), exchange.content) == (
        ["application/vnd.own+json"], b'{"name":"x"}',
    )  # fmt: skip


@pytest.mark.parametrize("method", ["post", "put", "delete"])
@pytest.mark.parametrize("media_type", ["application/octet-stream", "image/png", "text/plain", "*/*"])
def test_a_body_without_bytes_is_a_body(method: str, media_type: str) -> None:
    """RFC 9112 section 6: a length announces a body, even a length of 0."""
    schema = "{type: string}" if media_type == "text/plain" else BYTES
    document = taking(media_type, f"{{schema: {schema}}}", method=method)
    headers = call(document, "s.send", body="" if media_type == "text/plain" else b"").request.headers

    assert headers["content-length"] == "0"
    assert headers["content-type"] == media_type.replace("*/*", "application/octet-stream")


def test_no_body_is_none() -> None:
    headers = call(
        taking("text/plain", "{schema: {type: string}}", required=False, method="delete"), "s.send"
    ).request.headers

    assert not {"content-length", "content-type"} & {*headers}


@pytest.mark.parametrize("media_type", ["multipart/form-data", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize(
    "schema",
    [
        "{type: array, items: {type: object, properties: {name: {type: string}}}}",
        "{type: string}",
        "{type: integer}",
    ],
)
def test_a_form_whose_schema_has_no_fields_takes_any_and_says_so(media_type: str, schema: str) -> None:
    package = package_of(taking(media_type, f"{{schema: {schema}}}"))
    [found] = [one for one in package.diagnostics if one.id == "body-without-fields"]

    assert found.severity is Severity.WARNING
    assert (
        found.place.pointer == f"/paths/~1r/post/requestBody/content/{media_type.replace('/', '~1')}/schema"
    )
    assert found.place.span is not None
    content = call(package, "s.send", body={"file": "a", "more": ["b", "c"]}).content
    assert content.count(b"more") == 2 and b"file" in content
    with pytest.raises(package.errors.RequestValidationError):
        call(package, "s.send", body=["a"])


def test_files_of_a_form_whose_schema_has_no_fields() -> None:
    package = package_of(
        taking("multipart/form-data", "{schema: {type: array, items: {type: string, format: binary}}}")
    )
    content = call(package, "s.send", body={"file": ("a.txt", b"\xff", "text/plain")}).content

    assert b'name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n\xff\r\n' in content


ROWS = taking(
    "multipart/form-data",
    "{schema: {type: object, properties: {rows: {type: array, items: {type: array, items: {type: string}}}, "
    "table: {type: array, items: {type: array, items: {type: integer}}}}}, encoding: {table: {contentType: application/json}}}",
)  # fmt: skip


@pytest.mark.parametrize("rows", [[["a"], ["b", "c"]], [["a"]], [[]]])
def test_nested_arrays_are_parts_of_json(rows: Any) -> None:
    """OpenAPI 3.1.1, Encoding Object: items are parts of their own, and an array in one is JSON."""
    exchange = call(ROWS, "s.send", rows=rows)
    parts = [part.partition(b"\r\n\r\n") for part in exchange.content.split(b"\r\n--")[0:-1]]

    assert [json.loads(content) for _, _, content in parts] == rows
    assert all(b'name="rows"' in head and b"Content-Type: application/json" in head for head, _, _ in parts)


def test_files_below_a_list_are_text() -> None:
    """A file is a part of its own; what is inside of another array or object is JSON, which holds text."""
    deep = "{type: array, items: {type: array, items: {type: string, format: binary}}}"
    pair = "{type: array, prefixItems: [{type: string, format: binary}], items: false, minItems: 1}"
    fields = f"rows: {deep}, flat: {{type: array, items: {BYTES}}}, pair: {pair}, one: {BYTES}"
    package = package_of(
        taking("multipart/form-data", f"{{schema: {{type: object, properties: {{{fields}}}}}}}")
    )

    sent = call(package, "s.send", rows=[["a", "b"]], flat=[b"\x00", b"\xff"], pair=("p",), one=b"1").content
    assert b'\r\n\r\n["a","b"]\r\n' in sent
    assert b"\r\n\r\n\x00\r\n" in sent and b"\r\n\r\n\xff\r\n" in sent
    for wrong in ({"rows": [[b"a"]]}, {"pair": (b"p",)}):
        with pytest.raises(package.errors.RequestValidationError):
            call(package, "s.send", **wrong)


def test_nested_arrays_with_an_encoding_are_one_part() -> None:
    content = call(ROWS, "s.send", table=[[1]]).content

    assert b'name="table"\r\nContent-Type: application/json\r\n\r\n[[1]]\r\n' in content
