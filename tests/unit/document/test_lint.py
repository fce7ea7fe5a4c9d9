"""What each rule of the linter finds, and what it leaves alone."""

from __future__ import annotations

import pytest

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.lint.lint import lint

from .conftest import HEAD, ResolveText

Found = list[tuple[str, str | None]]


def linted(resolve_text: ResolveText, text: str, *only: str, version: str = "3.1.0") -> Diagnostics:
    resolved, diagnostics = resolve_text(text.replace("3.1.0", version))
    assert resolved is not None, list(diagnostics)
    lint(resolved, diagnostics)
    chosen = Diagnostics()
    for found in diagnostics:
        if not only or found.id in only:
            chosen.add(found)
    return chosen


def mismatches(resolve_text: ResolveText, text: str, version: str = "3.1.0") -> list[tuple[str | None, str]]:
    found = linted(resolve_text, text, "example-mismatch", "validator-limit", version=version)
    return [(one.place.pointer, one.message.partition(": ")[2]) for one in found]


def schema(text: str, more: str = "") -> str:
    return f"{HEAD}paths: {{}}\ncomponents: {{schemas: {{A: {text}{more}}}}}\n"


EXAMPLES = [
    ("{type: string, default: 3}", ["/default"]),
    ("{type: string, default: x}", []),
    ("{type: integer, example: 1.0}", []),
    ("{type: number, multipleOf: 0.005, example: 12.355}", []),
    ("{type: number, multipleOf: 0.01, example: 12.355}", ["/example"]),
    ("{type: number, multipleOf: 0.01, example: 8468327.79}", []),
    ("{type: number, multipleOf: 0.01, example: 0.0100000001}", ["/example"]),
    ("{enum: [18446744073709551616], default: 18446744073709551616}", []),
    ("{enum: [18446744073709551616], default: 18446744073709551617}", ["/default"]),
    ("{type: object, properties: {a: {type: integer, example: x}}, example: {a: y}}",
     ["/properties/a/example", "/example/a"]),
    ("{type: object, required: [a, b, c], properties: {a: {readOnly: true}, b: {writeOnly: true}, c: {}}, example: {}}",
     ["/example"]),
    ("{anyOf: [{type: string}, {type: object, required: [x]}], default: {}}", ["/default"]),
    ("{enum: [a, b], default: c}", ["/default"]),
    ("{type: array, items: {$ref: '#/components/schemas/B'}, example: [1, x, {}]}", ["/example/1", "/example/2"]),
    ("{pattern: '(', example: x}", []),
    ("{type: nonsense, minimum: x, enum: 3, required: true, example: 3}", []),
    ("{type: object, additionalProperties: false, example: {k: 1}}", ["/example"]),
    ("{type: object, properties: {a: {}}, additionalProperties: false, example: {k: 1}}", ["/example/k"]),
    ("false", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "places"), EXAMPLES)
@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_examples_and_defaults_are_held_against_their_schema(
    text: str, places: list[str], version: str, resolve_text: ResolveText
) -> None:
    found = mismatches(resolve_text, schema(text, ", B: {type: integer}"), version)
    assert [pointer for pointer, _ in found] == [f"/components/schemas/A{place}" for place in places]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("{type: string, nullable: true, default: null}", []),
        ("{type: string, default: null}", ["/default"]),
        ("{type: string, nullable: true, enum: [a], example: null}", []),
        ("{type: number, minimum: 0, exclusiveMinimum: true, example: 0}", ["/example"]),
        ("{type: number, minimum: 0, exclusiveMinimum: false, example: 0}", []),
        ("{type: number, maximum: 9, exclusiveMaximum: true, example: 9}", ["/example"]),
        ("{$ref: '#/components/schemas/B', example: x}", []),
        ("{nullable: true, allOf: [{$ref: '#/components/schemas/B'}], example: null}", []),
    ],
)
def test_the_words_of_openapi_3_0_are_understood(
    text: str, places: list[str], resolve_text: ResolveText
) -> None:
    found = mismatches(resolve_text, schema(text, ", B: {type: integer}"), "3.0.3")
    assert [pointer for pointer, _ in found] == [f"/components/schemas/A{place}" for place in places]


def test_siblings_of_a_ref_count_from_3_1_on(resolve_text: ResolveText) -> None:
    text = schema("{$ref: '#/components/schemas/B', minimum: 5, examples: [3, x, 7]}", ", B: {type: integer}")
    assert [pointer for pointer, _ in mismatches(resolve_text, text)] == [
        "/components/schemas/A/examples/0",
        "/components/schemas/A/examples/1",
    ]


def operation(
    body: str = "", response: str = "", parameters: str = "[]", media: str = "application/json"
) -> str:
    return (
        f"{HEAD}paths:\n  /a:\n    post:\n      parameters: {parameters}\n"
        f"      requestBody: {{content: {{{media}: {{{body}}}}}}}\n"
        f"      responses: {{'200': {{description: x, content: {{{media}: {{{response}}}}}}}}}\n"
    )


_MARKED = "schema: {required: [id, secret], properties: {id: {readOnly: true}, secret: {writeOnly: true}}}"


def test_a_request_needs_nothing_that_is_read_only_and_a_response_nothing_that_is_write_only(
    resolve_text: ResolveText,
) -> None:
    text = operation(f"{_MARKED}, example: {{secret: s}}", f"{_MARKED}, example: {{id: i}}")
    assert mismatches(resolve_text, text) == []
    text = operation(f"{_MARKED}, example: {{id: i}}", f"{_MARKED}, example: {{secret: s}}")
    assert [message for _, message in mismatches(resolve_text, text)] == [
        "the field 'secret' is missing",
        "the field 'id' is missing",
    ]


def test_read_only_properties_are_seen_through_all_of(resolve_text: ResolveText) -> None:
    parts = "schema: {allOf: [{required: [id]}, {properties: {id: {$ref: '#/components/schemas/Id'}}}]}"
    text = operation(f"{parts}, example: {{}}") + "components: {schemas: {Id: {readOnly: true}}}\n"
    assert mismatches(resolve_text, text) == []


def test_named_examples_and_parameters_are_checked_where_they_stand(resolve_text: ResolveText) -> None:
    text = operation(
        "schema: {type: integer}, examples: {one: {value: x}, two: {$ref: '#/components/examples/E'}, "
        "three: {externalValue: 'http://x'}}",
        parameters="[{name: q, in: query, schema: {type: integer}, example: x}, "
        "{name: r, in: query, content: {application/json: {schema: {type: integer}, example: y}}}]",
    )
    text += "components: {examples: {E: {value: z}}}\n"
    assert [pointer for pointer, _ in mismatches(resolve_text, text)] == [
        "/paths/~1a/post/parameters/0/example",
        "/paths/~1a/post/parameters/1/content/application~1json/example",
        "/paths/~1a/post/requestBody/content/application~1json/examples/one/value",
        "/components/examples/E/value",
    ]


@pytest.mark.parametrize(
    ("media", "count"), [("application/xml", 0), ("application/json", 1), ("application/vnd.x+json", 1)]
)
def test_text_in_a_format_of_its_own_is_not_held_against_the_schema(
    media: str, count: int, resolve_text: ResolveText
) -> None:
    text = operation("schema: {type: object}, example: '<a/>'", media=media)
    assert len(mismatches(resolve_text, text)) == count


def test_examples_of_recursive_schemas_across_files_are_checked(resolve_text: ResolveText) -> None:
    resolved, diagnostics = resolve_text(
        schema("{$ref: 'b.yaml#/Tree'}"),
        {"b.yaml": "Tree:\n  properties: {below: {items: {$ref: '#/Tree'}}}\n  example: {below: [{below: 3}, {below: x}]}\n"
         "  type: object\n"},
    )  # fmt: skip
    assert resolved is not None
    lint(resolved, diagnostics)
    assert not [found for found in diagnostics if found.id == "example-mismatch"]
    resolved, diagnostics = resolve_text(
        schema("{$ref: 'b.yaml#/Tree'}"),
        {
            "b.yaml": "Tree:\n  properties: {below: {type: array, items: {$ref: '#/Tree'}}}\n  example: {below: [{below: 3}]}\n"
        },
    )
    assert resolved is not None
    lint(resolved, diagnostics)
    found = [one.place.pointer for one in diagnostics if one.id == "example-mismatch"]
    assert found == ["b.yaml#/Tree/example/below/0/below"]


OPERATIONS = f"""\
{HEAD}servers: [{{url: 'http://example.com'}}, {{url: 'http://localhost:1'}}, {{url: /v1}}, {{url: 'https://x'}}]
paths:
  /a:
    get:
      servers: [{{url: 'http://127.0.0.1'}}, {{url: 'HTTP://example.org'}}]
      parameters: [{{name: q, in: query, schema: {{}}}}]
      responses: {{'200': {{description: x}}}}
    put:
      operationId: two
      tags: [t]
      summary: s
      security: []
      responses: {{'200': {{description: x}}}}
"""


def test_what_operations_lack_is_told(resolve_text: ResolveText) -> None:
    found = [(one.id, one.severity.value, one.place.pointer) for one in linted(resolve_text, OPERATIONS)]
    assert sorted(found) == [
        ("insecure-server", "warning", "/paths/~1a/get/servers/1"),
        ("insecure-server", "warning", "/servers/0"),
        ("missing-description", "note", "/paths/~1a/get"),
        ("missing-description", "note", "/paths/~1a/get/parameters/0"),
        ("missing-operation-id", "warning", "/paths/~1a/get"),
        ("missing-security", "warning", "/paths/~1a/get"),
        ("missing-tag", "warning", "/paths/~1a/get"),
    ]


def test_components_are_used_by_reference_by_name_and_by_mapping(resolve_text: ResolveText) -> None:
    text = f"""\
{HEAD}security: [{{key: []}}]
paths: {{/a: {{get: {{responses: {{'200': {{$ref: '#/components/responses/R'}}}}}}}}}}
components:
  securitySchemes:
    key: {{type: http, scheme: basic}}
    other: {{type: http, scheme: basic}}
  responses:
    R: {{description: x, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Base'}}}}}}}}
  schemas:
    Base: {{discriminator: {{propertyName: t, mapping: {{m: Mapped, n: '#/components/schemas/Missing'}}}}}}
    Mapped: {{}}
    Variant: {{allOf: [{{$ref: '#/components/schemas/Base'}}]}}
    Derived: {{allOf: [{{properties: {{a: {{}}}}}}, {{$ref: '#/components/schemas/Variant'}}]}}
    Looping: {{allOf: [{{$ref: '#/components/schemas/Looping'}}]}}
    Lonely: {{properties: {{self: {{$ref: '#/components/schemas/Lonely'}}}}}}
"""
    found = linted(resolve_text, text, "unused-component", "dangling-discriminator")
    assert [(one.id, one.place.pointer) for one in found] == [
        ("unused-component", "/components/securitySchemes/other"),
        ("dangling-discriminator", "/components/schemas/Base/discriminator/mapping/n"),
        ("unused-component", "/components/schemas/Looping"),
        ("unused-component", "/components/schemas/Lonely"),
    ]


@pytest.mark.parametrize(
    ("pattern", "known"),
    [
        ("^a+$", True),
        (r"^\p{Lu}$", True),
        ("^.{0,262144}$", True),
        ("(?<!x)y", True),
        ("(", False),
        ("a(?i)b", False),
        ("(?P<year>[0-9]{4})", False),
        ("(?<year>[0-9]{4})", True),
        (r"\(?P<", True),
    ],
)
def test_only_what_no_engine_takes_is_an_invalid_pattern(
    pattern: str, known: bool, resolve_text: ResolveText
) -> None:
    found = linted(resolve_text, schema(f"{{pattern: '{pattern}'}}"), "invalid-pattern")
    assert bool(len(found)) is not known


OVERLAPPING = [
    "{oneOf: [{type: object, properties: {a: {}}}, {type: object, properties: {b: {}}}]}",
    "{oneOf: [{type: string}, {type: string, maxLength: 3}]}",
    "{oneOf: [{type: number}, {type: boolean}, {type: integer}]}",
    "{oneOf: [{type: array, items: {type: string}}, {type: array, items: {type: integer}}]}",
    "{oneOf: [{type: [string, 'null']}, {type: [integer, 'null']}]}",
    "{oneOf: [{type: object, required: [k], properties: {k: {type: string}}}, {type: object, properties: {k: {type: string}}}]}",
    "{oneOf: [{enum: [a, b]}, {enum: [b, c]}]}",
    "{discriminator: {propertyName: k}, oneOf: [{type: object, properties: {k: {}}}, {type: object, properties: {k: {}}}]}",
]
APART = [
    "{anyOf: [{type: string}, {type: string}]}",
    "{oneOf: [{type: string}, {type: integer}]}",
    "{oneOf: [{type: string, pattern: a}, {type: string, pattern: b}]}",
    "{oneOf: [{type: integer, minimum: 5}, {type: integer, maximum: 3}]}",
    "{oneOf: [{type: object, required: [a]}, {type: object, required: [b], not: {required: [a]}}]}",
    "{oneOf: [{type: object, required: [a], properties: {a: {}}}, {type: object, properties: {b: {}}, additionalProperties: false}]}",
    "{oneOf: [{type: object, required: [k], properties: {k: {const: 1}}}, {type: object, required: [k], properties: {k: {const: 2}}}]}",
    "{discriminator: {propertyName: k}, oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}]}",
]
B_AND_C = (
    ", B: {type: object, properties: {k: {type: string}}}, C: {type: object, properties: {k: {type: string}}}"
)


@pytest.mark.parametrize(
    ("text", "expected"), [*((one, True) for one in OVERLAPPING), *((one, False) for one in APART)]
)
def test_members_of_a_one_of_that_overlap(text: str, expected: bool, resolve_text: ResolveText) -> None:
    found = linted(resolve_text, schema(text, B_AND_C), "overlapping-members")
    assert [one.place.pointer for one in found] == ["/components/schemas/A/oneOf"] * expected
    for one in found:
        assert len(one.related) == 2 and one.place.span is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{oneOf: [{$ref: '#/components/schemas/A'}, {type: string}]}", True),
        ("{anyOf: [{type: integer}, {allOf: [{$ref: '#/components/schemas/D'}]}]}", True),
        ("{oneOf: [{$ref: '#/components/schemas/B'}]}", False),
        ("{oneOf: [{type: string}, {type: array, items: {$ref: '#/components/schemas/A'}}]}", False),
        (
            "{anyOf: [{$ref: '#/components/schemas/B'}], properties: {a: {$ref: '#/components/schemas/A'}}}",
            False,
        ),
    ],
)
def test_a_union_that_is_a_member_of_itself(text: str, expected: bool, resolve_text: ResolveText) -> None:
    more = B_AND_C + ", D: {oneOf: [{type: string}, {$ref: '#/components/schemas/A'}]}"
    found = linted(resolve_text, schema(text, more), "member-of-itself")
    assert ("/components/schemas/A" in [one.place.pointer for one in found]) is expected


def test_members_may_overlap_at_a_place_that_is_named(resolve_text: ResolveText) -> None:
    resolved, diagnostics = resolve_text(schema(OVERLAPPING[0]))
    assert resolved is not None and resolved.let_overlap("#/components/schemas/A/oneOf")
    lint(resolved, diagnostics)
    assert "overlapping-members" not in [found.id for found in diagnostics]
