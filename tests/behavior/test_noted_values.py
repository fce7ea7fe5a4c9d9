"""Hints on refused values, sizes that are warned about, notifications of other services, and external documentation."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from tests.behavior.calls import call
from tests.behavior.packages import generate, package_of, spec

DOCUMENT = spec("""
externalDocs: {description: The overview., url: 'https://docs.example.com/overview'}
tags: [{name: s, description: Things., externalDocs: {url: 'https://docs.example.com/things'}}]
paths:
  /things/{id}:
    post:
      operationId: post
      tags: [s]
      externalDocs: {url: 'https://docs.example.com/post'}
      parameters:
        - name: id
          in: path
          required: true
          schema: {type: string, pattern: '^XE[0-9a-f]{4}$'}
          x-clientsmith-hints:
            - {pattern: '^XD', hint: an XD id is for reading}
            - {pattern: '[A-F]{2}$', hint: digits are in lower case}
        - {name: q, in: query, schema: {type: string, maxLength: 3}, x-clientsmith-hints: [{pattern: '^\\s', hint: it begins with a space}]}
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {big: {type: object, description: A tree., additionalProperties: true}, list: {type: array, items: {type: string}}, small: {type: string}}}
            encoding:
              big: {contentType: application/json, x-clientsmith-warn-above: 20}
              list: {x-clientsmith-warn-above: 5}
      responses:
        '204': {description: ok}
        '403': {description: no, x-clientsmith-notification: {service: the Watcher, level: Warning, days: 30, url: 'https://watch.example.com/x'}}
        '500': {description: broken, x-clientsmith-notification: {service: the Watcher, level: Error}}
  /files:
    post:
      operationId: upload
      tags: [s]
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, properties: {file: {type: string, format: binary}, note: {type: string}}}
            encoding: {file: {x-clientsmith-warn-above: 4}}
      responses: {'204': {description: ok}}
""")


@pytest.mark.parametrize(
    ("value", "hints"),
    [
        ("XD0000", ["an XD id is for reading"]),
        ("XE00AF", ["digits are in lower case"]),
        ("XD00AF", ["an XD id is for reading", "digits are in lower case"]),
        ("nothing", []),
        (7, []),
    ],
)
def test_a_refused_value_gives_the_hints_whose_patterns_are_found(value: Any, hints: list[str]) -> None:
    package = package_of(DOCUMENT)
    with pytest.raises(package.errors.RequestValidationError) as caught:
        call(package, "s.post", value)
    assert [one.reason for one in caught.value.problems if one.kind == "hint"] == hints
    assert all(hint in str(caught.value) for hint in hints)
    assert caught.value.operation == "post" and "'id' was refused: " in str(caught.value)


def test_a_value_that_is_taken_gives_none_and_query_parameters_have_hints_too() -> None:
    package = package_of(DOCUMENT)
    assert call(package, "s.post", "XE00af", q=" ab").raw_query == "q=%20ab"
    with pytest.raises(package.errors.RequestValidationError, match="it begins with a space"):
        call(package, "s.post", "XE00af", q=" abcd")


@pytest.mark.parametrize(
    ("method", "arguments", "warned"),
    [
        ("post", {"big": {"a": "x" * 20}}, "the field big has 28 bytes: more than 20 may be refused"),
        ("post", {"big": {"a": "ä" * 6}}, None),
        ("post", {"big": {"a": "ä" * 7}}, "the field big has 22 bytes"),
        ("post", {"list": ["abc", "def"]}, "the field list has 6 bytes"),
        ("post", {"list": ["abc"], "small": "x" * 100}, None),
        ("upload", {"file": b"12345", "note": "x" * 100}, "the field file has 5 bytes"),
        ("upload", {"file": b"1234"}, None),
    ],
)
def test_a_field_above_its_size_is_warned_about_and_sent(
    method: str, arguments: dict[str, Any], warned: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    given = ("XE00af",) if method == "post" else ()
    with caplog.at_level(logging.WARNING):
        exchange = call(DOCUMENT, f"s.{method}", *given, **arguments)
    assert exchange.content
    texts = {record.getMessage() for record in caplog.records}
    assert len(texts) == (warned is not None) and all(text.startswith(warned or "") for text in texts)


def test_the_reference_page_says_all_of_it() -> None:
    page = package_of(DOCUMENT).files["REFERENCE.md"].decode()
    for said in (
        "See The overview: `https://docs.example.com/overview`",
        "See `https://docs.example.com/things`",
        "See `https://docs.example.com/post`",
        "A tree. A warning is logged if it has more than 20 bytes.",
        "no Raises a notification in the Watcher, level Warning, readable for 30 days: `https://watch.example.com/x`",
        "broken Raises a notification in the Watcher, level Error.",
    ):
        assert said in page, said


GOOD = "{name: q, in: query, schema: {type: string}}"


@pytest.mark.parametrize(
    ("parameter", "response", "encoding", "message"),
    [
        ("x-clientsmith-hints: {pattern: x, hint: y}", "", "", "is not a list of hints"),
        ("x-clientsmith-hints: []", "", "", "is not a list of hints"),
        ("x-clientsmith-hints: [{pattern: x}]", "", "", "needs the keys pattern and hint"),
        ("x-clientsmith-hints: [{pattern: x, hint: 5}]", "", "", "not text"),
        (
            "x-clientsmith-hints: [{pattern: '(?=x)', hint: y}]",
            "",
            "",
            "cannot be read, or needs look-around",
        ),
        ("", "x-clientsmith-notification: Warning", "", "is not an object"),
        ("", "x-clientsmith-notification: {service: x}", "", "needs texts for service and level"),
        ("", "x-clientsmith-notification: {service: x, level: y, day: 3}", "", "has no key 'day'"),
        ("", "x-clientsmith-notification: {service: x, level: y, days: 0}", "", "days that are not"),
        (
            "",
            "x-clientsmith-notification: {service: x, level: y, url: 'javascript:x'}",
            "",
            "not an https URL",
        ),
        ("", "", "x-clientsmith-warn-above: 0", "not a whole number of bytes"),
        ("", "", "x-clientsmith-warn-above: true", "not a whole number of bytes"),
        ("x-clientsmith-warn-above: 5", "", "", "means something in the encoding object only"),
    ],
)
def test_wrong_values_are_errors_with_their_place(
    parameter: str, response: str, encoding: str, message: str
) -> None:
    document = spec(f"""
paths:
  /x:
    post:
      operationId: x
      tags: [s]
      parameters: [{{name: q, in: query, schema: {{type: string}}, {parameter}}}]
      requestBody: {{content: {{application/x-www-form-urlencoded: {{schema: {{type: object, properties: {{a: {{}}}}}}, encoding: {{a: {{{encoding}}}}}}}}}}}
      responses: {{'204': {{description: ok, {response}}}}}
""")
    generated, diagnostics, _ = generate({"openapi.yaml": document})
    found = [one for one in diagnostics if one.id in ("invalid-extension", "misplaced-extension")]
    assert generated is None and len(found) == 1
    assert message in found[0].message and found[0].place.span is not None
