"""Parts whose encoding has a style: since OpenAPI 3.1 written as query parameters are, with nothing percent-encoded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clientsmith.conform.suite import Settings, Suite
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.traffic.check import MessageChecker
from tests.behavior.calls import call
from tests.behavior.packages import Package, package_of, spec
from tests.behavior.test_multipart import parts
from tests.unit.openapi.both_sides import as_received
from tests.unit.traffic.recording import resolved

TEXTS = "type: array, items: {type: string}"
PAIR = "type: object, properties: {x: {type: string}, y: {type: integer}}"
FILES = "type: array, items: {type: string, format: binary}"


def described(
    schema: str, encoding: str, version: str = "3.1.0", media_type: str = "multipart/form-data"
) -> str:
    content = f"content: {{{media_type}: {{schema: {{type: object, {schema}}}, encoding: {{{encoding}}}}}}}"
    return spec(
        f"paths: {{/x: {{post: {{operationId: send, tags: [s], requestBody: {{required: true, {content}}}, "
        "responses: {'204': {description: ok}}}}}\n",
        version=version,
    )


def of_one(kind: str, encoding: str, version: str = "3.1.0", media_type: str = "multipart/form-data") -> str:
    """A body with the property `v`, and another one beside it."""
    return described(
        f"properties: {{v: {{{kind}}}, w: {{type: string}}}}", f"v: {{{encoding}}}", version, media_type
    )


WRITTEN: list[tuple[str, str, Any, list[tuple[str, str]]]] = [
    (TEXTS, "explode: false", ["a b", "é&%z"], [("v", "a b,é&%z")]),
    (TEXTS, "explode: true", ["a,b", "c"], [("v", "a,b"), ("v", "c")]),
    (TEXTS, "style: form", ["a,b", "c"], [("v", "a,b"), ("v", "c")]),
    (TEXTS, "style: pipeDelimited", ["a,b", "c d"], [("v", "a,b|c d")]),
    (TEXTS, "style: pipeDelimited, explode: true", ["a|b", "c"], [("v", "a|b"), ("v", "c")]),
    (TEXTS, "style: spaceDelimited", ["a,b", "c+d"], [("v", "a,b c+d")]),
    ("type: array, items: {type: integer}", "style: spaceDelimited", [1, 20], [("v", "1 20")]),
    (PAIR, "style: form", {"x": "a=b", "y": 2}, [("x", "a=b"), ("y", "2")]),
    (PAIR, "explode: false", {"x": "a", "y": 2}, [("v", "x,a,y,2")]),
    (PAIR, "style: pipeDelimited", {"x": "a,b", "y": 2}, [("v", "x|a,b|y|2")]),
    (PAIR, "style: deepObject", {"x": "[a]", "y": 2}, [("v[x]", "[a]"), ("v[y]", "2")]),
    ("type: string", "style: form", "a,b&c", [("v", "a,b&c")]),
    ("type: string", "allowReserved: true", "a/b%2F?", [("v", "a/b%2F?")]),
    (PAIR, "allowReserved: false, contentType: application/json", {"x": "a"}, [("x", "a")]),
    ("type: number", "style: form, contentType: application/json", 2.5, [("v", "2.5")]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "encoding", "value", "written"), WRITTEN)
def test_a_part_is_written_by_its_style_and_read_back(
    kind: str, encoding: str, value: Any, written: list[tuple[str, str]]
) -> None:
    document = of_one(kind, encoding)
    exchange = call(document, "s.send", v=value, w="x")

    *styled, beside = parts(exchange)
    assert [(name, content.decode()) for name, _, _, content in styled] == written
    assert {(file, media) for _, file, media, _ in styled} == {(None, None)}
    assert beside[0] == "w"
    checked = MessageChecker(resolved(document)).check_request(as_received(exchange.request))
    assert (checked.findings, checked.body) == ((), {"v": value, "w": "x"})


@pytest.mark.parametrize(
    ("kind", "encoding", "value", "reason"),
    [
        (TEXTS, "explode: false", ["a,b"], "v: has ',' inside"),
        (TEXTS, "style: pipeDelimited", ["a|b"], r"v: has '\|' inside"),
        (TEXTS, "style: spaceDelimited", ["a b"], "v: has ' ' inside"),
        (PAIR, "explode: false", {"x": "a,b"}, "v: has ',' inside"),
        ("type: object, additionalProperties: {type: string}", "style: deepObject", {"a]": "b"}, "v: has ']' inside"),
        ("type: object, additionalProperties: {type: string}", "style: form", {"w": "b"}, "the member 'w'"),
        (FILES, "explode: false", [b"a", b"b"], "v: files cannot be joined"),
    ],
)  # fmt: skip
def test_what_a_style_cannot_say_is_refused_by_name(
    kind: str, encoding: str, value: Any, reason: str
) -> None:
    package = package_of(of_one(kind, encoding))
    with pytest.raises(package.errors.RequestValidationError, match=reason):
        call(package, "s.send", v=value, w="x")


def test_files_stay_files_and_lose_the_content_type_that_the_style_outdoes() -> None:
    document = of_one(FILES, "style: form, contentType: image/png")
    exchange = call(document, "s.send", v=[b"1", ("n.gif", b"2", "image/gif")])
    assert parts(exchange) == [
        ("v", "v", "application/octet-stream", b"1"),
        ("v", "n.gif", "image/gif", b"2"),
    ]


def test_what_is_required_and_sends_nothing_is_refused() -> None:
    package = package_of(described(f"required: [v], properties: {{v: {{{TEXTS}}}}}", "v: {explode: false}"))
    with pytest.raises(package.errors.RequestValidationError, match="v: is required"):
        call(package, "s.send", v=[])


@pytest.mark.parametrize("version", ["3.0.3", "3.0.4"])
def test_before_3_1_a_style_says_nothing_of_a_part(version: str) -> None:
    document = of_one(PAIR, "style: deepObject, explode: true", version)
    exchange = call(document, "s.send", v={"x": "a", "y": 2})
    assert [(name, media, json.loads(content)) for name, _, media, content in parts(exchange)] == [
        ("v", "application/json", {"x": "a", "y": 2})
    ]


def test_a_form_reads_and_writes_its_styles_as_before() -> None:
    document = of_one(TEXTS, "style: spaceDelimited", media_type="application/x-www-form-urlencoded")
    exchange = call(document, "s.send", v=["a", "b"])
    assert exchange.content == b"v=a%20b"
    package = package_of(document)
    with pytest.raises(package.errors.RequestValidationError, match="v: has ' ' inside"):
        call(package, "s.send", v=["a b"])


EVERY = f"properties: {{a: {{{TEXTS}}}, p: {{{TEXTS}}}, o: {{{PAIR}}}, d: {{{PAIR}}}, f: {{{FILES}}}, n: {{type: array, items: {{type: array, items: {{type: integer}}}}}}}}"
STYLES = "a: {explode: false}, p: {style: pipeDelimited}, o: {style: form}, d: {style: deepObject}, f: {style: form, contentType: image/png}, n: {explode: false}"


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_conform_agrees(version: str) -> None:
    package: Package = package_of(described(EVERY, STYLES, version))
    document = str(package.folder.parent / "openapi.yaml")
    suite = Suite.open(document, str(package.folder), [], Diagnostics(), Settings(examples=6))
    assert suite is not None
    results = [unit.run() for unit in suite.units if unit.part in ("request", "both-ends")]
    suite.close()
    assert [f"{one.id}: {one.message}" for result in results for one in result.failures] == []
