"""Members that only answers have, seen from a request: neither required nor refused, whatever keyword speaks of them."""

from __future__ import annotations

from typing import Any

import pytest

from clientsmith.conform.suite import Settings, Suite
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.load import open_document
from clientsmith.document.model import Node
from clientsmith.json_values.codec import Value
from clientsmith.jsonschema.validators import Schemas
from tests.behavior.calls import call
from tests.behavior.packages import Package, package_of, spec

ID = "id: {type: integer, readOnly: true}"
MANY = ", ".join(f"r{number}: {{type: string, readOnly: true}}" for number in range(7))
SOME = f"properties: {{{ID}, a: {{type: string}}, b: {{type: string}}, k: {{}}}}"


def described(schema: str, version: str = "3.1.0") -> Package:
    content = f"content: {{application/json: {{schema: {{type: object, {schema}}}}}}}"
    operation = f"{{operationId: send, tags: [s], requestBody: {{required: true, {content}}}, responses: {{'204': {{description: ok}}}}}}"
    components = (
        f"components: {{schemas: {{Stored: {{type: object, required: [id], properties: {{{ID}}}}}, "
        "Written: {type: object, properties: {id: {type: integer}}}}}"
    )
    return package_of(spec(f"paths: {{/x: {{post: {operation}}}}}\n{components}\n", version=version))


def _sent(package: Package, value: dict[str, Any]) -> bool:
    parameters = package.client_class()(base_url="https://api.example.com").s.send.__annotations__
    given: dict[str, Any] = {"body": value} if "body" in parameters else value
    try:
        exchange = call(package, "s.send", **given)
    except package.errors.RequestValidationError:
        return False
    assert exchange.json == value
    return True


def _taken(package: Package, value: Value) -> bool:
    """Whether the server takes the same body."""
    document = open_document(str(package.folder.parent / "openapi.yaml"), Diagnostics())
    assert document is not None
    body: Node = document.root.root
    for step in ("paths", "/x", "post", "requestBody", "content", "application/json", "schema"):
        body = body.child(step)
    return Schemas(document).is_valid(body, value, "request")


ONE, TWO = (
    f"{{type: object, properties: {{{ID}, k: {{const: {value}}}}}, required: [k]}}" for value in ("a", "b")
)
_READ, _WRITTEN = (
    f"{{type: object, required: [id, k], properties: {{id: {{type: integer{mark}}}, k: {{const: {value}}}}}}}"
    for mark, value in ((", readOnly: true", "a"), ("", "b"))
)
LEAVES, KEEPS = (
    f"{{type: object, required: [k], properties: {{id: {{type: integer{mark}}}, k: {{const: {value}}}}}}}"
    for mark, value in ((", readOnly: true", "a"), ("", "b"))
)
TAGGED = "discriminator: {propertyName: t, mapping: {r: '#/components/schemas/Stored', w: '#/components/schemas/Written'}}"
ELSEWHERE = "#/paths/~1x/post/requestBody/content/application~1json/schema/$defs/R"
NEEDS = "$defs: {R: {required: [id], not: {required: [zz]}}}"
CASES: list[tuple[str, list[dict[str, Any]], list[dict[str, Any]]]] = [
    (f"{SOME}, not: {{required: [id]}}", [{}, {"a": "x"}], []),
    (f"{SOME}, not: {{required: [id, a]}}", [{}, {"a": "x"}], []),
    (f"{SOME}, not: {{required: [a]}}", [{}], [{"a": "x"}]),
    (f"{SOME}, not: {{not: {{required: [id, a]}}}}", [{"a": "x"}], [{}]),
    (f"properties: {{{ID}, n: {{not: {{type: object, required: [id], properties: {{{ID}}}}}}}}}", [{"n": {}}, {"n": 5}], []),
    ("properties: {n: {not: {$ref: '#/components/schemas/Stored'}}}", [{"n": {}}, {"n": {"x": 1}}], []),
    ("properties: {n: {not: {anyOf: [{$ref: '#/components/schemas/Stored'}, {type: string}]}}}", [{"n": {}}], [{"n": "x"}]),
    (f"{SOME}, if: {{required: [id]}}, then: {{required: [a]}}, else: {{required: [b]}}", [{"a": "x"}, {"b": "x"}], [{}]),
    (f"{SOME}, if: {{required: [k]}}, then: {{required: [id, a]}}", [{}, {"k": 1, "a": "x"}], [{"k": 1}]),
    (f"{SOME}, if: {{not: {{required: [id]}}}}, then: {{required: [a]}}", [{}, {"a": "x"}], []),
    (f"{SOME}, oneOf: [{{required: [id]}}, {{required: [a]}}]", [{}, {"a": "x"}], []),
    (f"{SOME}, oneOf: [{{required: [b]}}, {{required: [a]}}]", [{"a": "x"}], [{}, {"a": "x", "b": "x"}]),
    (f"{SOME}, anyOf: [{{required: [id]}}, {{required: [a]}}]", [{}, {"a": "x"}], []),
    (f"{SOME}, dependentRequired: {{a: [id], b: [id, a]}}", [{"a": "x"}, {"a": "x", "b": "x"}], [{"b": "x"}]),
    (f"{SOME}, not: {{dependentRequired: {{a: [id]}}}}", [{"a": "x"}], []),
    (f"{SOME}, dependentSchemas: {{a: {{required: [id, b]}}}}", [{}, {"a": "x", "b": "x"}], [{"a": "x"}]),
    (f"{SOME}, minProperties: 2", [{"a": "x"}], [{}]),
    (f"{SOME}, not: {{minProperties: 2}}", [{}, {"a": "x"}], [{"a": "x", "b": "x", "k": 1}]),
    (f"{SOME}, maxProperties: 1", [{"a": "x"}], [{"a": "x", "b": "x"}]),
    (f"{SOME}, not: {{maxProperties: 1}}", [{"a": "x", "b": "x"}, {"a": "x"}], []),
    (f"properties: {{{MANY}, a: {{}}, b: {{}}, c: {{}}}}, maxProperties: 2", [{"a": 1, "b": 1}], [{"a": 1, "b": 1, "c": 1}]),
    (f"properties: {{{MANY}, a: {{}}, b: {{}}, c: {{}}}}, minProperties: 8, maxProperties: 9", [{"a": 1}, {"a": 1, "b": 1, "c": 1}], [{}]),
    (f"{SOME}, propertyNames: {{enum: [a, b]}}", [{"a": "x"}], [{"k": 1}]),
    (f"{SOME}, propertyNames: {{pattern: '^[ab]$'}}", [{"a": "x", "b": "x"}], [{"k": 1}]),
    ("properties: {l: {type: array, contains: {$ref: '#/components/schemas/Stored'}, maxContains: 1}}", [{"l": [{}, {}, {}]}], [{"l": ["x"]}]),
    ("properties: {l: {type: array, contains: {type: object, required: [x]}, maxContains: 1}}", [{"l": [{"x": 1}]}], [{"l": [{"x": 1}, {"x": 1}]}]),
    ("properties: {l: {type: array, not: {contains: {$ref: '#/components/schemas/Stored'}}}}", [{"l": [{}]}, {"l": []}], []),
    (f"required: [id], oneOf: [{ONE}, {TWO}]", [{"k": "a"}, {"k": "b"}], [{"k": "c"}, {}]),
    (f"required: [id], anyOf: [{ONE}, {TWO}]", [{"k": "a"}, {"k": "b"}], [{"k": "c"}, {}]),
    (f"required: [id, k], oneOf: [{ONE}, {TWO}], discriminator: {{propertyName: k}}", [{"k": "a"}, {"k": "b"}], [{"k": "c"}, {}]),
    (f"allOf: [{{oneOf: [{ONE}, {TWO}]}}, {{required: [id]}}]", [{"k": "a"}, {"k": "b"}], [{"k": "c"}, {}]),
    ("$ref: '#/components/schemas/Stored', properties: {r: {readOnly: true}, a: {}}, required: [r], not: {required: [a]}", [{}], [{"a": 1}]),
    ("$ref: '#/components/schemas/Stored', properties: {a: {}}, required: [id], not: {required: [a]}", [{}], [{"a": 1}]),
    (f"allOf: [{{$ref: '{ELSEWHERE}'}}, {{properties: {{{ID}, zz: {{}}}}}}], {NEEDS}", [{}], [{"zz": 1}]),
    (f"properties: {{{ID}, zz: {{}}}}, anyOf: [{{$ref: '{ELSEWHERE}'}}], {NEEDS}", [{}], [{"zz": 1}]),
    (f"properties: {{{ID}, k: {{}}}}, not: {{$ref: '{ELSEWHERE}'}}, {NEEDS}", [{}, {"k": 1}], []),
    ("required: [x1], patternProperties: {'^x': {readOnly: true}}", [{}, {"y": 1}], []),
    ("required: [x1, y], patternProperties: {'^x': {readOnly: true}}", [{"y": 1}], [{}]),
    ("properties: {a: {}}, required: [x1], patternProperties: {'^x': {type: integer, readOnly: true}}", [{}, {"a": 1}], []),
    ("properties: {a: {}, b: {}}, required: [z, a], not: {required: [b]}, additionalProperties: {type: integer, readOnly: true}", [{"a": 1}], [{"a": 1, "b": 1}]),
    ("required: [z], additionalProperties: {type: integer, readOnly: true}", [{}], []),
    (f"properties: {{k: {{}}}}, required: [id], if: {{required: [k]}}, then: {{properties: {{{ID}}}}}, else: {{properties: {{{ID}}}}}", [{}, {"k": 1}], []),
    (f"properties: {{k: {{}}, a: {{}}}}, required: [id], not: {{required: [a]}}, dependentSchemas: {{k: {{properties: {{{ID}}}}}}}", [{"k": 1}], [{"a": 1}]),
    (f"{SOME}, if: {{minProperties: 2}}, then: {{required: [b]}}", [{"a": "x", "b": "x"}, {}], [{"a": "x", "k": 1}]),
    (f"{SOME}, if: {{maxProperties: 1}}, then: {{required: [b]}}", [{"a": "x"}, {"b": "x"}, {"a": "x", "k": 1}], []),
    (f"{SOME}, not: {{minProperties: 2}}", [{}, {"a": "x"}], [{"a": "x", "b": "x"}]),
    (f"{SOME}, not: {{maxProperties: 1}}", [{"a": "x"}], [{}]),
    (f"{SOME}, not: {{maxProperties: 0}}", [{"a": "x"}, {}], []),
    (f"{SOME}, oneOf: [{{required: [a]}}, {{minProperties: 2}}]", [{"a": "x"}, {"b": "x"}, {"b": "x", "k": 1}], [{"a": "x", "b": "x"}, {}]),
    (f"{SOME}, not: {{dependentRequired: {{a: [id]}}}}", [{"a": "x"}], [{}, {"b": "x"}]),
    (f"{SOME}, not: {{dependentRequired: {{id: [a]}}}}", [{}, {"b": "x"}], [{"a": "x"}]),
    (f"{SOME}, if: {{dependentRequired: {{a: [id]}}}}, then: {{required: [b]}}", [{"a": "x"}, {"b": "x"}], [{}, {"k": 1}]),
    (f"{SOME}, not: {{propertyNames: {{enum: [a, b]}}}}", [{}, {"a": "x"}, {"k": 1}], []),
    (f"{SOME}, not: {{propertyNames: {{enum: [a, id]}}}}", [{"k": 1}], [{}, {"a": "x"}]),
    # What one member of a choice marks says nothing of the others.
    (f"oneOf: [{_READ}, {_WRITTEN}]", [{"k": "a"}, {"k": "b", "id": 1}], [{"k": "b"}, {}]),
    (f"anyOf: [{_WRITTEN}, {{allOf: [{_READ}]}}]", [{"k": "a"}, {"k": "b", "id": 1}], [{"k": "b"}]),
    (f"allOf: [{{oneOf: [{_READ}, {{anyOf: [{_WRITTEN}]}}]}}]", [{"k": "a"}, {"k": "b", "id": 1}], [{"k": "b"}]),
    (f"properties: {{k: {{}}, {ID}}}, oneOf: [{_READ}, {_WRITTEN}]", [{"k": "a"}, {"k": "b"}], [{}]),
    (f"required: [id], oneOf: [{_READ}, {{required: [k], properties: {{k: {{const: b}}, id: {{readOnly: true}}}}}}]", [{"k": "a"}, {"k": "b"}], [{}]),
    # What one alternative leaves out is required if that one does not hold.
    (f"required: [id], oneOf: [{LEAVES}, {KEEPS}]", [{"k": "a"}, {"k": "b", "id": 1}], [{"k": "b"}, {}]),
    (f"required: [id], anyOf: [{LEAVES}, {KEEPS}]", [{"k": "a"}, {"k": "b", "id": 1}], [{"k": "b"}, {}]),
    (f"allOf: [{{oneOf: [{LEAVES}, {KEEPS}]}}, {{required: [id]}}]", [{"k": "a"}, {"k": "b", "id": 1}], [{"k": "b"}]),
    (f"required: [id], anyOf: [{{oneOf: [{LEAVES}, {KEEPS}]}}, {{required: [z]}}]", [{"k": "a"}, {"z": 1, "id": 1}], [{"k": "b"}, {"z": 1}]),
    (f"properties: {{k: {{}}, id: {{}}}}, required: [id], oneOf: [{LEAVES}, {{properties: {{k: {{const: b}}}}, required: [k]}}]", [{"k": "a"}, {"k": "b", "id": 1}], [{"k": "b"}]),
    (f"properties: {{k: {{}}, id: {{}}}}, required: [id], if: {{properties: {{k: {{const: a}}}}, required: [k]}}, then: {{properties: {{{ID}}}}}", [{"k": "a"}, {"k": "b", "id": 1}], [{"k": "b"}, {}]),
    (f"properties: {{k: {{}}, id: {{}}}}, required: [id], if: {{required: [k]}}, else: {{properties: {{{ID}}}}}", [{}, {"k": "b", "id": 1}], [{"k": "b"}]),
    (f"properties: {{k: {{}}, id: {{}}}}, required: [id], dependentSchemas: {{k: {{properties: {{{ID}}}}}}}", [{"k": "a"}, {"id": 1}], [{}]),
    ("properties: {k: {}, x1: {}}, required: [x1], oneOf: [{properties: {k: {const: a}}, patternProperties: {'^x': {readOnly: true}}}, {properties: {k: {const: b}}}]", [{"k": "a"}, {"k": "b", "x1": 1}], [{"k": "b"}]),
    (f"required: [id, t], properties: {{t: {{type: string}}}}, oneOf: [{{$ref: '#/components/schemas/Stored'}}, {{$ref: '#/components/schemas/Written'}}], {TAGGED}", [{"t": "r"}, {"t": "w", "id": 1}], [{"t": "w"}]),
    (f"properties: {{k: {{}}, id: {{type: integer}}}}, required: [id], if: {{required: [k]}}, then: {{properties: {{{ID}}}}}", [{"k": 1}, {"id": 1}], [{}]),
    (f"properties: {{k: {{}}, id: {{type: integer}}}}, required: [id], oneOf: [{LEAVES}, {{properties: {{k: {{const: b}}}}, required: [k]}}]", [{"k": "a"}, {"k": "b", "id": 1}], [{"k": "b"}]),
    (f"allOf: [{{required: [id], properties: {{id: {{type: integer}}}}}}, {{oneOf: [{LEAVES}, {{properties: {{k: {{const: b}}}}, required: [k]}}]}}]", [{"k": "a"}, {"k": "b", "id": 1}], [{"k": "b"}]),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "valid", "wrong"), CASES)
def test_what_is_left_out_is_neither_required_nor_refused(
    schema: str, valid: list[dict[str, Any]], wrong: list[dict[str, Any]]
) -> None:
    package = described(schema)

    assert [one for one in valid if not _sent(package, one)] == []
    assert [one for one in wrong if _sent(package, one)] == []
    assert [one for one in valid if not _taken(package, one)] == []
    assert [one for one in wrong if _taken(package, one)] == []


def test_the_same_in_3_0() -> None:
    package = described(f"{SOME}, not: {{required: [id]}}, maxProperties: 1", version="3.0.3")
    assert _sent(package, {"a": "x"}) and not _sent(package, {"a": "x", "b": "x"})


def test_conditions_inside_each_other_do_not_grow_without_end() -> None:
    schema = "{required: [id]}"
    for _ in range(40):
        schema = f"{{if: {schema}, then: {{required: [a]}}}}"
    package = described(f"{SOME}, allOf: [{schema}]")
    assert len(package.files["_request_schemas.py"]) < 200_000
    assert _sent(package, {"a": "x"})


@pytest.mark.parametrize(
    ("limit", "fits", "wrong"),
    [
        ("minProperties: 3", {"id": 1, "a": "x", "b": "x"}, {"id": 1, "a": "x"}),
        ("maxProperties: 1", {"id": 1, "a": "x"}, {"id": 1, "a": "x", "b": "x"}),
        ("not: {minProperties: 2}", {"id": 1, "a": "x"}, {"id": 1, "a": "x", "b": "x"}),
        ("not: {maxProperties: 1}", {"id": 1, "a": "x"}, {"id": 1}),
    ],
)
def test_a_member_that_is_sent_back_does_not_count(
    limit: str, fits: dict[str, Any], wrong: dict[str, Any]
) -> None:
    package = described(f"properties: {{n: {{type: object, {SOME}, {limit}}}}}")
    assert call(package, "s.send", n=fits).json == {"n": fits}
    assert _taken(package, {"n": fits}) and not _taken(package, {"n": wrong})
    with pytest.raises(package.errors.RequestValidationError):
        call(package, "s.send", n=wrong)


@pytest.mark.parametrize("index", [0, 7, 10, 20, 24, *range(27, 43), 45, 48])
def test_conform_agrees(index: int) -> None:
    package = described(CASES[index][0])

    suite = Suite.open(
        str(package.folder.parent / "openapi.yaml"),
        str(package.folder),
        [],
        Diagnostics(),
        Settings(examples=2),
    )
    assert suite is not None
    results = [unit.run() for unit in suite.units if unit.part in ("request", "both-ends")]
    suite.close()
    assert [f"{one.id}: {one.message}" for result in results for one in result.failures] == []
