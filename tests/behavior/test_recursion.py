"""Schemas that contain themselves: objects, aliases, each other, through unions, maps and arrays."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from tests.behavior.calls import call, json_answer, plain, text_answer
from tests.behavior.packages import Package, both_ways, package_of

NODE = """
    Root: {type: object, required: [name], properties: {name: {type: string}, next: {$ref: '#/components/schemas/Root'}, children: {type: array, items: {$ref: '#/components/schemas/Root'}}, by_name: {type: object, additionalProperties: {$ref: '#/components/schemas/Root'}}}}
"""
MUTUAL = """
    Root: {type: object, properties: {other: {$ref: '#/components/schemas/Other'}}}
    Other: {type: object, properties: {root: {$ref: '#/components/schemas/Root'}, leaf: {type: integer}}}
"""
ALIAS = """
    Root: {type: array, items: {$ref: '#/components/schemas/Root'}}
"""
MAP = """
    Root: {type: object, additionalProperties: {$ref: '#/components/schemas/Root'}}
"""
JSON_VALUE = """
    Root: {oneOf: [{type: string}, {type: integer}, {type: boolean}, {type: 'null'}, {type: array, items: {$ref: '#/components/schemas/Root'}}, {type: object, additionalProperties: {$ref: '#/components/schemas/Root'}}]}
"""
EXPRESSION = """
    Root: {oneOf: [{$ref: '#/components/schemas/Leaf'}, {$ref: '#/components/schemas/Not'}, {$ref: '#/components/schemas/All'}]}
    Leaf: {type: object, required: [leaf], properties: {leaf: {type: string}}, additionalProperties: false}
    Not: {type: object, required: [not], properties: {not: {$ref: '#/components/schemas/Root'}}, additionalProperties: false}
    All: {type: object, required: [all], properties: {all: {type: array, items: {$ref: '#/components/schemas/Root'}}}, additionalProperties: false}
"""
INHERITED = """
    Root: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {parent: {$ref: '#/components/schemas/Base'}}}]}
    Base: {type: object, properties: {id: {type: string}, root: {$ref: '#/components/schemas/Root'}}}
"""
LOOSE = """
    Root: {anyOf: [{$ref: '#/components/schemas/Second'}, {type: string}]}
    Second: {anyOf: [{$ref: '#/components/schemas/Root'}, {type: integer}]}
"""

CASES: dict[str, tuple[str, Any]] = {
    "object": (
        NODE,
        {
            "name": "a",
            "next": {"name": "b", "next": {"name": "c"}},
            "children": [{"name": "d", "children": []}],
            "by_name": {"e": {"name": "e"}},
        },
    ),
    "mutual": (MUTUAL, {"other": {"root": {"other": {"leaf": 1}}}}),
    "alias": (ALIAS, [[], [[], [[]]]]),
    "map": (MAP, {"a": {}, "b": {"c": {"d": {}}}}),
    "any JSON": (JSON_VALUE, {"a": [1, "b", None, True, {"c": []}]}),
    "expression": (EXPRESSION, {"all": [{"leaf": "x"}, {"not": {"all": [{"not": {"leaf": "y"}}]}}]}),
    "inherited": (INHERITED, {"id": "1", "parent": {"id": "2", "root": {"parent": {"id": "3"}}}}),
    "unions of each other": (LOOSE, 5),
}


@pytest.mark.parametrize(("schemas", "value"), CASES.values(), ids=CASES)
def test_recursive_values_travel_both_ways(schemas: str, value: Any) -> None:
    document = both_ways(schemas)
    package = package_of(document)
    spread = "body" not in _arguments(package)

    exchange = call(
        package, "things.send", **(value if spread else {"body": value}), answer=json_answer(value)
    )

    assert exchange.json == value
    assert plain(exchange.result) == value


def _arguments(package: Package) -> set[str]:
    return set(inspect.signature(package.submodule("resources.things").Things.send).parameters)


def test_what_is_deep_inside_is_typed() -> None:
    package = package_of(both_ways(NODE))
    value = {"name": "a", "next": {"name": "b", "children": [{"name": "c"}]}}

    result = call(package, "things.send", name="x", answer=json_answer(value)).result

    assert type(result.next.children[0]) is package.models.Root


def test_what_is_deep_inside_is_checked() -> None:
    package = package_of(both_ways(NODE))

    with pytest.raises(package.errors.RequestValidationError, match=r"children.*name"):
        call(package, "things.send", name="x", children=[{"name": "y", "children": [{}]}])


def test_a_value_that_contains_itself_is_refused_not_followed() -> None:
    package = package_of(both_ways(MAP))
    loop: dict[str, Any] = {}
    loop["self"] = loop

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", body=loop)


def test_an_answer_nested_beyond_reason_is_a_clear_error() -> None:
    package = package_of(both_ways(ALIAS))
    with pytest.raises(package.errors.ResponseDecodeError):
        call(package, "things.send", body=[], answer=text_answer("[" * 100_000 + "]" * 100_000))


DEEP_ARRAYS = {
    "array of itself": "{type: array, items: {$ref: '#/components/schemas/Root'}}",
    "nullable items": "{type: array, items: {oneOf: [{$ref: '#/components/schemas/Root'}, {type: 'null'}]}}",
    "array of arrays of itself": "{type: array, items: {type: array, items: {$ref: '#/components/schemas/Root'}}}",
    "bounds": "{type: array, maxItems: 2, items: {$ref: '#/components/schemas/Root'}}",
    "each other": "{type: array, items: {$ref: '#/components/schemas/Other'}}\n    Other: {type: array, items: {$ref: '#/components/schemas/Root'}}",
}


@pytest.mark.parametrize("schema", DEEP_ARRAYS.values(), ids=DEEP_ARRAYS)
def test_an_array_of_itself_is_checked_at_every_depth(schema: str) -> None:
    package = package_of(both_ways(f"    Root: {schema}\n"))

    assert call(package, "things.send", body=[[[]]], answer=json_answer([[[]]])).json == [[[]]]
    for bad in (["x"], [["x"]], [[["x"]]], [[[["x"]]]]):
        with pytest.raises(package.errors.RequestValidationError):
            call(package, "things.send", body=bad)
