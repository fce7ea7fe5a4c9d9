"""Request bodies by media type: JSON, text, binary, several on offer, optional ones, bodies where nobody expects one."""

from __future__ import annotations

import io
from typing import Any

import pytest

from tests.behavior.calls import call
from tests.behavior.packages import package_of, spec

DOCUMENT = spec("""
paths:
  /text: {post: {operationId: text, tags: [b], requestBody: {required: true, content: {text/plain: {schema: {type: string}}}}, responses: {'204': {description: ok}}}}
  /xml: {post: {operationId: xml, tags: [b], requestBody: {required: true, content: {application/xml: {schema: {type: object, properties: {a: {type: string}}}}}}, responses: {'204': {description: ok}}}}
  /octets: {put: {operationId: octets, tags: [b], requestBody: {content: {application/octet-stream: {schema: {type: string, format: binary}}}}, responses: {'204': {description: ok}}}}
  /image: {put: {operationId: image, tags: [b], requestBody: {required: true, content: {image/*: {}}}, responses: {'204': {description: ok}}}}
  /vendor: {patch: {operationId: vendor, tags: [b], requestBody: {required: true, content: {application/merge-patch+json: {schema: {type: object, properties: {a: {type: [string, 'null']}}}}}}, responses: {'204': {description: ok}}}}
  /any: {post: {operationId: any, tags: [b], requestBody: {required: true, content: {'*/*': {schema: {type: array, items: {type: integer}}}}}, responses: {'204': {description: ok}}}}
  /several:
    post:
      operationId: several
      tags: [b]
      requestBody:
        required: true
        content:
          text/csv: {schema: {type: string}}
          application/json: {schema: {type: object, required: [a], properties: {a: {type: string}}}}
          application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: string}}}}
      responses: {'204': {description: ok}}
  /optional:
    post:
      operationId: optional
      tags: [b]
      requestBody: {content: {application/json: {schema: {type: object, properties: {a: {type: string}, b: {type: [string, 'null']}}}}}}
      responses: {'204': {description: ok}}
  /optional_whole:
    post:
      operationId: optional_whole
      tags: [b]
      requestBody: {content: {application/json: {schema: {type: object, required: [a], properties: {a: {type: string}}}}}}
      responses: {'204': {description: ok}}
  /required_empty:
    post:
      operationId: required_empty
      tags: [b]
      requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}
      responses: {'204': {description: ok}}
  /get:
    get:
      operationId: get_body
      tags: [b]
      requestBody: {content: {application/json: {schema: {type: object, properties: {q: {type: string}}}}}}
      responses: {'204': {description: ok}}
    delete:
      operationId: delete_body
      tags: [b]
      requestBody: {required: true, content: {application/json: {schema: {type: array, items: {type: string}}}}}
      responses: {'204': {description: ok}}
  /shared: {post: {operationId: shared, tags: [b], requestBody: {$ref: '#/components/requestBodies/Shared'}, responses: {'204': {description: ok}}}}
  /no_schema: {post: {operationId: no_schema, tags: [b], requestBody: {required: true, content: {application/json: {}}}, responses: {'204': {description: ok}}}}
components:
  requestBodies:
    Shared: {required: true, content: {application/json: {schema: {type: object, required: [s], properties: {s: {type: string}}}}}}
""")


@pytest.mark.parametrize(
    ("method", "given", "content", "content_type"),
    [
        ("text", {"body": "é\nx"}, "é\nx".encode(), "text/plain"),
        ("text", {"body": ""}, b"", "text/plain"),
        ("xml", {"body": b"<a>1</a>"}, b"<a>1</a>", "application/xml"),
        ("octets", {"body": b"\x00\xff"}, b"\x00\xff", "application/octet-stream"),
        ("octets", {"body": ("a.bin", b"x", "application/x-thing")}, b"x", "application/x-thing"),
        ("image", {"body": ("a.png", b"x", "image/png")}, b"x", "image/png"),
        ("image", {"body": b"x"}, b"x", "image/png"),
        ("vendor", {"a": None}, b'{"a":null}', "application/merge-patch+json"),
        ("any", {"body": [1, 2]}, b"[1,2]", "application/json"),
        ("several", {"a": "x"}, b'{"a":"x"}', "application/json"),
        ("optional", {"a": "x"}, b'{"a":"x"}', "application/json"),
        ("optional", {"b": None}, b'{"b":null}', "application/json"),
        ("optional_whole", {"body": {"a": "x"}}, b'{"a":"x"}', "application/json"),
        ("required_empty", {}, b"{}", "application/json"),
        ("get_body", {"q": "x"}, b'{"q":"x"}', "application/json"),
        ("delete_body", {"body": []}, b"[]", "application/json"),
        ("shared", {"s": "é"}, '{"s":"é"}'.encode(), "application/json"),
        ("no_schema", {"body": [None, {"a": 1}]}, b'[null,{"a":1}]', "application/json"),
    ],
)  # fmt: skip
def test_bodies_by_media_type(method: str, given: dict[str, Any], content: bytes, content_type: str) -> None:
    exchange = call(DOCUMENT, f"b.{method}", **given)

    assert exchange.content == content
    assert exchange.request.headers["content-type"].split(";")[0] == content_type
    assert exchange.request.headers["content-length"] == str(len(content))


@pytest.mark.parametrize("method", ["optional", "optional_whole", "get_body", "octets"])
def test_an_optional_body_that_is_not_given_is_not_sent(method: str) -> None:
    exchange = call(DOCUMENT, f"b.{method}")

    assert exchange.content == b""
    assert "content-type" not in exchange.request.headers


def test_a_stream_is_read() -> None:
    class Again(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return b"streamed"

    assert call(DOCUMENT, "b.octets", body=Again()).content == b"streamed"


@pytest.mark.parametrize(
    ("method", "given"),
    [("text", {"body": 5}), ("octets", {"body": 5}), ("any", {"body": "12"}), ("any", {}), ("several", {}), ("text", {}),
     ("several", {"a": "\ud800"}), ("no_schema", {"body": {"a": object()}}), ("no_schema", {"body": float("inf")})],
)  # fmt: skip
def test_bodies_that_cannot_be_sent_are_refused(method: str, given: dict[str, Any]) -> None:
    package = package_of(DOCUMENT)

    with pytest.raises((package.errors.RequestValidationError, TypeError)) as caught:
        call(package, f"b.{method}", **given)

    assert isinstance(caught.value, package.errors.RequestValidationError) or not given


def test_media_types_that_the_client_does_not_send_are_named() -> None:
    notes = [found for found in package_of(DOCUMENT).diagnostics if found.id == "media-type-not-offered"]

    assert [found.place.pointer.rsplit("/", 1)[-1] for found in notes] == [
        "text~1csv",
        "application~1x-www-form-urlencoded",
    ]


def test_extra_fields_go_only_through_the_option_for_them() -> None:
    package = package_of(DOCUMENT)
    options = package.errors.CallOptions(
        extra_body={"new": 1}, extra_query={"q": ["a", "b"]}, headers={"X-Mine": "1"}
    )

    exchange = call(package, "b.optional", a="x", options=options)

    assert exchange.json == {"a": "x", "new": 1}
    assert exchange.query == [("q", "a"), ("q", "b")]
    assert exchange.request.headers["x-mine"] == "1"
    with pytest.raises(package.errors.RequestValidationError):
        call(package, "b.optional_whole", body={"a": "x", "new": 1})
