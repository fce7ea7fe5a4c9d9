"""Where a document has no example, a valid response is generated; where it has one, that is the answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clientsmith.jsonschema import pattern_samples
from tests.unit.serve.answering import ask, document, opened

GET = """
  /g:
    get:
      responses:
        '{status}': {{description: ok, content: {{application/json: {{schema: {schema}{more}}}}}}}
"""
TREE = """
components:
  schemas:
    Tree:
      type: object
      required: [name, children]
      properties:
        name: {type: string}
        children: {type: array, items: {$ref: '#/components/schemas/Tree'}}
    Endless: {type: object, required: [next], properties: {next: {$ref: '#/components/schemas/Endless'}}}
    Cat: {type: object, required: [kind, lives], properties: {kind: {const: cat}, lives: {type: integer, minimum: 1}}}
    Dog: {type: object, required: [kind], properties: {kind: {const: dog}}}
"""


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("{type: string}", "string"),
        ("{type: string, minLength: 9, maxLength: 9}", "stringxxx"),
        ("{type: string, maxLength: 3}", "str"),
        ("{type: string, format: uuid}", "00000000-0000-4000-8000-000000000000"),
        ("{type: string, format: date-time}", "1970-01-01T00:00:00Z"),
        ("{type: string, pattern: '^XB[0-9a-f]{4}$'}", "XB0000"),
        ("{type: string, pattern: '^(?:GET|POST) /[a-z]+$', minLength: 12}", "GET /" + 7 * "a"),
        ("{type: integer, minimum: 7}", 7),
        ("{type: integer, exclusiveMinimum: 7, multipleOf: 5}", 10),
        ("{type: number, exclusiveMinimum: 0, exclusiveMaximum: 1}", 0.001),
        ("{enum: [b, a]}", "b"),
        ("{const: {a: [1]}}", {"a": [1]}),
        ("{type: [string, 'null']}", "string"),
        ("{type: array, items: {type: integer}, minItems: 2}", [0, 0]),
        ("{type: array, items: {type: integer}, minItems: 3, uniqueItems: true}", [0, 1, 2]),
        ("{type: object, required: [a], properties: {a: {type: boolean}, b: {type: string}}}", {"a": True}),
        ("{type: object, properties: {a: {type: string, example: x}, b: {type: string}}}", {"a": "x"}),
        ("{type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}", {}),
        (
            "{type: object, minProperties: 2, additionalProperties: {type: integer}}",
            {"property1": 0, "property2": 0},
        ),
        ("{allOf: [{type: object, required: [a]}, {properties: {a: {type: integer}}}]}", {"a": 0}),
        (
            "{$ref: '#/components/schemas/Tree'}",
            {"name": "string", "children": [{"name": "string", "children": []}]},
        ),
        (
            "{oneOf: [{$ref: '#/components/schemas/Endless'}, {$ref: '#/components/schemas/Cat'}]}",
            {"kind": "cat", "lives": 1},
        ),
        ("{anyOf: [{type: 'null'}, {$ref: '#/components/schemas/Dog'}]}", {"kind": "dog"}),
        ("{not: {type: [object, string, array, 'null']}}", 0),
    ],
)
def test_an_instance_of_a_schema(tmp_path: Path, schema: str, expected: object) -> None:
    service = opened(document(tmp_path, GET.format(status=200, schema=schema, more=""), more=TREE))
    answer = ask(service, "GET", "/g")
    assert (answer.response.status, answer.source) == (200, "generated")
    assert json.loads(answer.response.body) == expected


@pytest.mark.parametrize(
    "schema",
    ["{$ref: '#/components/schemas/Endless'}", "{allOf: [{type: string}, {type: integer}]}", "false"],
)
def test_a_schema_without_an_instance_is_answered_with_501(tmp_path: Path, schema: str) -> None:
    service = opened(document(tmp_path, GET.format(status=200, schema=schema, more=""), more=TREE))
    answer = ask(service, "GET", "/g")
    assert (answer.response.status, answer.response.header("content-type")) == (
        501,
        "application/problem+json",
    )
    assert "no valid response could be generated" in json.loads(answer.response.body)["detail"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (", example: {a: 1}", {"a": 1}),
        (", examples: {bad: {value: {a: x}}, good: {value: {a: 2}}}", {"a": 2}),
        (", examples: {bad: {value: {a: x}}}", {"a": "x"}),
        (", example: '{\"a\": 3}'", {"a": 3}),
    ],
)
def test_the_first_valid_example_is_the_answer_and_else_the_first(
    tmp_path: Path, more: str, expected: object
) -> None:
    schema = "{type: object, properties: {a: {type: integer}}}"
    service = opened(document(tmp_path, GET.format(status=200, schema=schema, more=more)))
    answer = ask(service, "GET", "/g")
    assert (answer.source, json.loads(answer.response.body)) == ("example", expected)


@pytest.mark.parametrize(
    ("responses", "status", "body"),
    [
        ("{'204': {description: none}}", 204, b""),
        ("{'404': {description: no}, '201': {description: made}, '200': {description: ok}}", 200, b""),
        ("{'404': {description: no, content: {application/json: {example: 1}}}, default: {description: ok}}", 200, b""),
        ("{2XX: {description: ok, content: {application/json: {example: 1}}}}", 200, b"1"),
        ("{'200': {description: ok, content: {application/json: {schema: {}}}}, '202': {description: ok, content: {application/json: {example: 2}}}}", 202, b"2"),
        ("{default: {description: any, content: {application/json: {example: {status: 418}}}}}", 200, b'{"status":418}'),
        ("{'404': {description: no, content: {application/json: {example: 1}}}}", 200, b""),
        ("{'302': {description: elsewhere, headers: {Location: {required: true, schema: {type: string, format: uri}}}}}", 302, b""),
        ("{'200': {description: ok, content: {'*/*': {example: text}}}}", 200, b"text"),
        ("{'200': {description: ok, content: {application/xml: {schema: {xml: {name: pet}}}}}}", 200, b"<pet/>"),
        ("{'200': {description: ok, content: {text/csv: {example: 'a,b'}}}}", 200, b"a,b"),
    ],
)  # fmt: skip
def test_which_response_is_the_usual_one(tmp_path: Path, responses: str, status: int, body: bytes) -> None:
    service = opened(document(tmp_path, f"  /g: {{get: {{responses: {responses}}}}}"))
    answer = ask(service, "GET", "/g")
    assert (answer.response.status, answer.response.body) == (status, body)
    assert (answer.response.header("location") == "https://example.com/") is (status == 302)
    assert "*" not in (answer.response.header("content-type") or "")


def test_accept_chooses_among_the_media_types(tmp_path: Path) -> None:
    content = "{application/json: {example: 1}, text/plain: {example: one}}"
    service = opened(
        document(
            tmp_path, f"  /g: {{get: {{responses: {{'200': {{description: ok, content: {content}}}}}}}}}"
        )
    )
    for accept, body in (
        ("text/plain", b"one"),
        ("text/*;q=0.5, application/json", b"1"),
        ("*/*", b"1"),
        ("image/png", b"1"),
    ):
        assert ask(service, "GET", "/g", ("Accept", accept)).response.body == body


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"^\d{3}-\w+$", "000-a"),
        (r"^[^a-z]{2}$", "AA"),
        (r"^(?<year>\d{4})(?:-|/)\x41\u0042[-.]$", "0000-AB-"),
        (r"a+?b*?c??", "a"),
        (r"^(?=.*x)\p{Lu}?[\s\S]$", "a"),
        (r"(?-u:\b)\x{41}\u{1F600}[\x{08}]", "A\U0001f600\b"),
        (r"", ""),
    ],
)
def test_a_text_for_a_pattern(pattern: str, text: str) -> None:
    assert pattern_samples.example(pattern) == text


@pytest.mark.parametrize(
    "pattern",
    ["(", "[a", "a{", r"\q", "(?P=x)", ")", "[^\\s\\S]", "(" * 60, "((a{9999}){9999}){9999}", r"\x{zz}"],
)
def test_a_pattern_that_is_not_understood_is_said_to_be_so(pattern: str) -> None:
    with pytest.raises(pattern_samples.PatternError):
        pattern_samples.example(pattern)
