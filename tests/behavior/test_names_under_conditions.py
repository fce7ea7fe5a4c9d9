"""Names inside an object that only a condition of the object around it describes: dicts take them, at any depth."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clientsmith.conform.suite import Settings, Suite
from clientsmith.diagnostics.model import Diagnostics
from tests.behavior.calls import call, json_answer
from tests.behavior.packages import Package, both_ways, package_of, spec

CONDITION = "if: {properties: {k: {const: a}}, required: [k]}"
OWN, EXTRA = "type: object, properties: {s: {type: string}}", "properties: {extra: {type: integer}}"


def described(schema: str) -> Package:
    content = f"content: {{application/json: {{schema: {{type: object, {schema}}}}}}}"
    operation = f"{{operationId: send, tags: [s], requestBody: {{required: true, {content}}}, responses: {{'204': {{description: ok}}}}}}"
    return package_of(spec(f"paths: {{/x: {{post: {operation}}}}}\n"))


PLACES: dict[str, tuple[str, str, Any]] = {
    "object": ("{%s}", "{%s}", {"s": "x", "extra": 1}),
    "list": ("{type: array, items: {%s}}", "{items: {%s}}", [{"extra": 1}, {"s": "x"}]),
    "map": ("{type: object, additionalProperties: {%s}}", "{additionalProperties: {%s}}", {"a": {"s": "x", "extra": 1}}),
    "deeper": ("{type: object, properties: {o: {%s}}}", "{properties: {o: {%s}}}", {"o": {"extra": 1}}),
    "union": ("{oneOf: [{%s, required: [s]}, {type: object, required: [z], properties: {z: {}}}]}", "{%s}", {"s": "x", "extra": 1}),
    "either": ("{anyOf: [{%s}, {type: string}, {type: 'null'}]}", "{%s}", {"s": "x", "extra": 1}),
    "unions": ("{type: array, items: {oneOf: [{type: integer}, {%s}]}}", "{items: {%s}}", [{"extra": 1}, {"s": "x"}]),
}  # fmt: skip
WAYS = {
    "then": f"{CONDITION}, then: %s",
    "else": f"{CONDITION}, then: true, else: %s",
    "dependent": "dependentSchemas: {k: %s}",
    "all-of": f"allOf: [{{{CONDITION}, then: %s}}]",
    "inside": f"{CONDITION}, then: {{allOf: [%s]}}",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("way", WAYS)
def test_a_name_that_only_a_condition_describes_is_taken_below_it(place: str, way: str) -> None:
    kind, said, value = PLACES[place]
    held = f"{{properties: {{n: {said % EXTRA}}}}}"
    package = described(f"properties: {{k: {{type: string}}, n: {kind % OWN}}}, {WAYS[way] % held}")
    key = "b" if way == "else" else "a"

    assert call(package, "s.send", k=key, n=value).json == {"k": key, "n": value}
    plain = json.dumps(value)
    wrong, unknown = (json.loads(plain.replace('"extra": 1', text)) for text in ('"extra": "x"', '"extr": 1'))
    with pytest.raises(package.errors.RequestValidationError, match="extra: is not of type integer"):
        call(package, "s.send", k=key, n=wrong)
    with pytest.raises(package.errors.RequestValidationError, match="extr: Extra inputs"):
        call(package, "s.send", k=key, n=unknown)


def test_a_name_that_is_only_required_is_taken_as_any_value() -> None:
    package = described(
        f"properties: {{k: {{type: string}}, n: {{{OWN}}}}}, {CONDITION}, then: {{properties: {{n: {{required: [more]}}}}}}"
    )
    assert call(package, "s.send", k="a", n={"more": [1]}).json == {"k": "a", "n": {"more": [1]}}
    with pytest.raises(package.errors.RequestValidationError, match="n: lacks 'more'"):
        call(package, "s.send", k="a", n={"s": "x"})
    assert call(package, "s.send", k="b", n={"s": "x"}).json == {"k": "b", "n": {"s": "x"}}


def test_a_closed_object_stays_closed() -> None:
    package = described(
        f"properties: {{k: {{type: string}}, n: {{additionalProperties: false, {OWN}}}}}, {CONDITION}, then: {{properties: {{n: {{{EXTRA}}}}}}}"
    )
    with pytest.raises(package.errors.RequestValidationError, match="extra"):
        call(package, "s.send", k="a", n={"extra": 1})


SHARED = both_ways(f"""
    Root: {{type: object, properties: {{k: {{type: string}}, n: {{$ref: '#/components/schemas/N'}}, o: {{$ref: '#/components/schemas/N'}}}}, {CONDITION}, then: {{properties: {{n: {{{EXTRA}}}}}}}}}
    N: {{{OWN}}}
""")


def test_a_component_keeps_its_class_in_answers_and_beside_the_condition() -> None:
    package = package_of(SHARED)
    answer = json_answer({"n": {"extra": 1}, "o": {}})
    exchange = call(package, "things.send", k="a", n={"extra": 1}, o={"s": "x"}, answer=answer)
    assert exchange.json == {"k": "a", "n": {"extra": 1}, "o": {"s": "x"}}
    assert type(exchange.result.n) is type(exchange.result.o) is package.models.N
    with pytest.raises(package.errors.RequestValidationError, match=r"o\.extra"):
        call(package, "things.send", o={"extra": 1})


@pytest.mark.parametrize("place", ["object", "list", "map"])
def test_conform_agrees(place: str) -> None:
    kind, said, _ = PLACES[place]
    held = f"{{properties: {{n: {said % EXTRA}}}}}"
    package = described(f"properties: {{k: {{type: string}}, n: {kind % OWN}}}, {WAYS['then'] % held}")
    document = str(package.folder.parent / "openapi.yaml")
    suite = Suite.open(document, str(package.folder), [], Diagnostics(), Settings(examples=4))
    assert suite is not None
    results = [unit.run() for unit in suite.units if unit.part in ("request", "both-ends")]
    suite.close()
    assert [f"{one.id}: {one.message}" for result in results for one in result.failures] == []
