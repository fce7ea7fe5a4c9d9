"""A discriminator that names a member of a union decides alone, in requests and answers that the server checks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.references.resolve import resolve
from clientsmith.document.text.parse import parse
from clientsmith.traffic.check import MessageChecker
from clientsmith.traffic.message import HttpRequest, HttpResponse

DOCUMENT = """
openapi: 3.1.0
info: {title: Tags, version: '1'}
security: []
paths:
  /x:
    post:
      operationId: x
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
components:
  schemas:
    Pet:
      KEYWORD: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}, {type: string}]
      discriminator: {propertyName: kind, mapping: {kitty: Cat, Dog: '#/components/schemas/Dog', hound: '#/components/schemas/Dog'}}
    Cat: {type: object, required: [kind], properties: {kind: {type: string}, lives: {type: integer}}}
    Dog: {type: object, required: [kind], properties: {kind: {type: string}, lives: {type: integer, maximum: 1}}}
"""


def checker(keyword: str) -> MessageChecker:
    diagnostics = Diagnostics()
    document = parse(
        DOCUMENT.replace("KEYWORD", keyword).encode(), diagnostics, uri="openapi.yaml", file="openapi.yaml"
    )
    assert document is not None
    resolved = resolve(document, diagnostics)
    assert resolved is not None, list(diagnostics)
    return MessageChecker(resolved)


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ({"kind": "kitty", "lives": 1}, True),
        ({"kind": "kitty", "lives": 9}, True),
        ({"kind": "Dog", "lives": 1}, True),
        ({"kind": "hound", "lives": 9}, False),
        ("text", True),
        (7, False),
        ({"lives": 9}, False),
    ],
    ids=repr,
)
def test_the_member_that_is_named_decides(keyword: str, value: Any, fits: bool) -> None:
    check = checker(keyword)
    body = json.dumps(value).encode()
    head = (("Content-Type", "application/json"),)
    checked = check.check_request(HttpRequest("POST", "/x", head, body))
    assert (checked.refusal is None) is fits, checked.findings
    (operation,) = check.operations
    assert (check.check_response(operation, HttpResponse(200, head, body)) == []) is fits


def test_without_a_name_the_specification_decides() -> None:
    head = (("Content-Type", "application/json"),)
    for keyword, fits in (("oneOf", False), ("anyOf", True)):
        body = json.dumps({"kind": "bird", "lives": 1}).encode()
        checked = checker(keyword).check_request(HttpRequest("POST", "/x", head, body))
        assert (checked.refusal is None) is fits
