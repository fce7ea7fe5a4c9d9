"""Text in the charset that it is declared in: read and written exactly, or refused; never with other characters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clientsmith.conform.suite import Settings, Suite
from clientsmith.diagnostics.model import Diagnostics
from tests.behavior.calls import Answer, call
from tests.behavior.packages import Package, package_of, spec

TEXTS = spec("""
    security: []
    paths:
      /rows:
        get: {operationId: rows, tags: [s], responses: {'200': {description: ok, content: {text/csv: {schema: {type: string}}}}}}
        post:
          operationId: add
          tags: [s]
          requestBody: {required: true, content: {text/csv; charset=iso-8859-1: {schema: {type: string}}}}
          responses: {'204': {description: ok}}
        put:
          operationId: wide
          tags: [s]
          requestBody: {required: true, content: {text/plain; charset=utf-16: {schema: {type: string}}}}
          responses: {'204': {description: ok}}
        patch:
          operationId: odd
          tags: [s]
          requestBody: {required: true, content: {text/plain; charset=x-sjis: {schema: {type: string}}}}
          responses: {'204': {description: ok}}
      /both:
        get:
          operationId: both
          tags: [s]
          responses:
            '200': {description: ok, content: {application/json: {schema: {type: object}}, text/csv: {schema: {type: string}}}}
      /latin: {get: {operationId: latin, tags: [s], responses: {'200': {description: ok, content: {text/plain; charset=latin-1: {schema: {type: string, example: 'ä'}}}}}}}
      /any: {get: {operationId: any, tags: [s], responses: {'200': {description: ok, content: {'*/*': {schema: {type: string}}}}}}}
      /unsaid: {get: {operationId: unsaid, tags: [s], responses: {default: {description: any, content: {text/plain: {schema: {type: string}}}}}}}
""")


@pytest.fixture(scope="module")
def package() -> Package:
    return package_of(TEXTS)


@pytest.mark.parametrize("method", ["rows", "both", "any"])
@pytest.mark.parametrize("validation", [None, "strict"])
@pytest.mark.parametrize(
    ("content_type", "body", "reason"),
    [
        ("text/csv; charset=utf-8", b"\xe4;1", "the body is not text in utf-8"),
        ("text/csv", b"\xe4;1", "the body is not text in utf-8"),
        ("text/csv; charset=us-ascii", "ä".encode(), "the body is not text in ascii"),
        ("text/csv; charset=utf-16", b"a", "the body is not text in utf-16"),
        ("text/csv; charset=x-sjis", b"a", "its charset 'x-sjis' is not known"),
        ("text/csv; charset=punycode", b"a", "its charset 'punycode' is not known"),
    ],
)
def test_a_text_that_is_not_in_its_charset_is_an_error(
    package: Package, method: str, validation: Any, content_type: str, body: bytes, reason: str
) -> None:
    settings = {} if validation is None else {"validation": validation}
    with pytest.raises(package.errors.ResponseDecodeError, match=reason) as caught:
        call(package, f"s.{method}", answer=Answer(200, body, content_type), settings=settings)
    assert caught.value.outcome == "unknown"
    assert caught.value.response.content == body


@pytest.mark.parametrize("method", ["rows", "both", "any"])
@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/csv; charset=ISO-8859-1", b"\xe4;1", "ä;1"),
        ("text/csv; charset=utf-16", "ä;1".encode("utf-16"), "ä;1"),
        ("text/csv; charset=tis-620", b"\xa1", "ก"),
        ("text/csv; charset=", "ä".encode(), "ä"),
    ],
)
def test_a_text_in_its_charset_is_read(
    package: Package, method: str, content_type: str, body: bytes, text: str
) -> None:
    assert call(package, f"s.{method}", answer=Answer(200, body, content_type)).result == text


def test_what_no_success_describes_stays_bytes(package: Package) -> None:
    answer = Answer(200, b"\xe4", "text/plain; charset=utf-8")
    assert call(package, "s.unsaid", answer=answer).result == b"\xe4"


def test_a_request_goes_out_in_its_charset(package: Package) -> None:
    assert call(package, "s.add", body="ä;1").content == b"\xe4;1"
    assert call(package, "s.wide", body="ä").content.decode("utf-16") == "ä"


@pytest.mark.parametrize(
    ("method", "body", "reason"),
    [
        ("add", "1 €", "has characters that the charset iso8859-1 does not have"),
        ("wide", "\ud800", "has characters that the charset utf-16 does not have"),
        ("odd", "a", "the charset 'x-sjis', which is not known"),
    ],
)
def test_a_request_that_its_charset_cannot_say_is_refused(
    package: Package, method: str, body: str, reason: str
) -> None:
    with pytest.raises(package.errors.RequestValidationError, match=reason):
        call(package, f"s.{method}", body=body)


def test_client_and_server_agree(tmp_path: Path) -> None:
    text = TEXTS.replace("x-sjis", "latin-1")
    path = tmp_path / "openapi.yaml"
    path.write_text(text)
    suite = Suite.open(str(path), str(package_of(text).folder), [], Diagnostics(), Settings(examples=3))
    assert suite is not None
    results = [unit.run() for unit in suite.units if unit.part in ("request", "response", "both-ends")]
    suite.close()
    assert [f"{one.id}: {one.message}" for result in results for one in result.failures] == []


@pytest.mark.parametrize("way", ["request", "response"])
@pytest.mark.parametrize(
    ("media_type", "unknown"),
    [
        ("text/plain; charset=klingon", True),
        ("text/csv;charset='punycode'", True),
        ('text/html; charset="utf-7"', True),
        ("text/plain; charset=windows-1252", False),
        ("text/plain; charset=UTF-8", False),
        ("text/plain", False),
        ("application/json; charset=klingon", False),
        ("application/octet-stream; charset=klingon", False),
    ],
)
def test_a_text_in_an_unknown_charset_is_named_when_the_package_is_made(
    media_type: str, unknown: bool, way: str
) -> None:
    content = f"content: {{{json.dumps(media_type)}: {{schema: {{type: string}}}}}}"
    body = f"requestBody: {{required: true, {content}}}, " if way == "request" else ""
    answer = "'204': {description: ok}" if way == "request" else f"'200': {{description: ok, {content}}}"
    package = package_of(
        spec(f"paths: {{/x: {{post: {{operationId: send, tags: [s], {body}responses: {{{answer}}}}}}}}}")
    )
    found = [one.place for one in package.diagnostics if one.id == "unknown-charset"]

    steps = "requestBody" if way == "request" else "responses/200"
    place = f"/paths/~1x/post/{steps}/content/{media_type.replace('/', '~1')}"
    assert [one.pointer for one in found] == [place] * unknown
    assert all(one.span is not None for one in found)
