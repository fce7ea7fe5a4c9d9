"""Schemas whose keywords no value can satisfy together are reported with their places; similar satisfiable ones are not."""

from __future__ import annotations

import pytest

from tests.behavior.packages import both_ways, package_of


def told(schema: str, version: str = "3.1.0") -> set[tuple[str, str]]:
    """The id and the last key of the place of each finding in a schema that is a required property."""
    text = both_ways(
        f"    Root: {{type: object, required: [x], properties: {{x: {schema}}}}}", version=version
    )
    return {
        (found.id, found.place.pointer.split("/properties/x", 1)[1])
        for found in package_of(text).diagnostics
        if found.id in ("contradicting-keywords", "required-but-forbidden")
        and found.place is not None
        and found.place.pointer is not None
    }


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ("{type: number, minimum: 5, maximum: 3}", "/maximum"),
        ("{type: integer, exclusiveMinimum: 3, exclusiveMaximum: 4}", "/exclusiveMaximum"),
        ("{type: number, minimum: 3, exclusiveMaximum: 3}", "/exclusiveMaximum"),
        ("{type: number, multipleOf: 0.5, minimum: 0.1, maximum: 0.4}", "/maximum"),
        ("{allOf: [{type: integer, minimum: 5}, {maximum: 3}]}", "/allOf/1/maximum"),
        ("{type: string, minLength: 3, maxLength: 2}", "/maxLength"),
        ("{type: array, items: {type: string}, minItems: 2, maxItems: 1}", "/maxItems"),
        ("{type: array, prefixItems: [{type: string}], items: false, minItems: 2}", "/items"),
        ("{type: object, minProperties: 2, maxProperties: 1}", "/maxProperties"),
        (
            "{type: object, required: [a], properties: {a: {type: string}}, maxProperties: 0}",
            "/maxProperties",
        ),
        (
            "{type: object, properties: {a: {type: string}}, minProperties: 2, additionalProperties: false}",
            "/additionalProperties",
        ),
        (
            "{type: object, properties: {a: {}}, dependentRequired: {a: [b]}, additionalProperties: false}",
            "/additionalProperties",
        ),
        ("{type: object, required: [a], properties: {a: {}}, not: {required: [a]}}", "/not"),
        ("{type: object, required: [a], not: {anyOf: [{required: [b]}, {required: [a]}]}}", "/not"),
        ("{type: string, not: {type: [string, 'null']}}", "/not"),
        ("{enum: [1, 2], not: {enum: [3, 2, 1]}}", "/not"),
        ("{not: {}}", "/not"),
        ("{type: object, maxProperties: 1, oneOf: [{required: [a, b]}, {required: [a]}]}", "/maxProperties"),
        (
            "{type: object, maxProperties: 1, anyOf: [{required: [a, b], properties: {a: {}}}, {required: [a]}]}",
            "/maxProperties",
        ),
        (
            "{type: object, required: [a], properties: {a: {}}, anyOf: [{not: {required: [a]}}, {required: [b]}]}",
            "/anyOf/0/not",
        ),
        ("{type: integer, minimum: 5, anyOf: [{maximum: 3}, {maximum: 9}]}", "/anyOf/0/maximum"),
        (
            "{type: integer, minimum: 5, oneOf: [{oneOf: [{maximum: 3}, {maximum: 7}]}, {minimum: 9}]}",
            "/oneOf/0/oneOf/0/maximum",
        ),
        ("{type: integer, minimum: 5, anyOf: [{enum: [1, 2]}, {maximum: 9}]}", "/anyOf/0/enum"),
        ("{type: string, maxLength: 1, enum: [ab, abc]}", "/enum"),
        ("{type: number, multipleOf: 2, const: 3}", "/const"),
        ("{type: array, items: {}, contains: {type: string}, minContains: 3, maxItems: 2}", "/maxItems"),
        ("{type: array, items: {}, contains: {type: string}, maxItems: 0}", "/maxItems"),
        (
            "{allOf: [{type: array, items: {}, contains: {type: string}, minContains: 2}, {maxItems: 1}]}",
            "/allOf/1/maxItems",
        ),
        ("{type: array, items: {}, contains: {}, minContains: 3, maxContains: 2}", "/maxContains"),
        (
            "{type: array, prefixItems: [{type: string}], items: false, contains: {}, minContains: 2}",
            "/items",
        ),
        ("{type: array, contains: {type: string}, items: {type: integer}}", "/items"),
        (
            "{type: array, prefixItems: [{type: integer}], contains: {type: string}, items: false, minContains: 1}",
            "/items",
        ),
    ],
)
def test_keywords_that_contradict_each_other_are_told(schema: str, place: str) -> None:
    assert told(schema) == {("contradicting-keywords", place)}


def test_exclusive_bounds_of_openapi_3_0_are_told_at_the_bound() -> None:
    schema = "{type: number, minimum: 1, exclusiveMinimum: true, maximum: 1}"
    assert told(schema, "3.0.3") == {("contradicting-keywords", "/maximum")}


@pytest.mark.parametrize(
    "schema",
    [
        "{type: object, required: [a], additionalProperties: false}",
        "{type: object, required: [a], properties: {b: {}}, additionalProperties: false}",
    ],
)
def test_a_required_name_that_is_forbidden_is_told(schema: str) -> None:
    assert told(schema) == {("required-but-forbidden", "/additionalProperties")}


@pytest.mark.parametrize(
    "schema",
    [
        "{type: number, minimum: 3, maximum: 3}",
        "{type: integer, exclusiveMinimum: 3, maximum: 4}",
        "{type: number, multipleOf: 0.1, minimum: 0.3, maximum: 0.3}",
        "{type: string, minimum: 5, maximum: 3}",
        "{type: object, required: [a], properties: {a: {type: string, readOnly: true}}, maxProperties: 0}",
        "{type: object, required: [a], not: {required: [a, b]}}",
        "{type: object, required: [a], not: {required: [a], properties: {a: {const: 1}}}}",
        "{type: object, required: [a], not: {oneOf: [{required: [a]}, {type: object}]}}",
        "{type: [string, integer], not: {type: string}}",
        "{enum: [1, 2], not: {const: 2}}",
        "{type: object, properties: {a: {}}, patternProperties: {^b: {}}, minProperties: 2, additionalProperties: false}",
        "{type: array, prefixItems: [{type: string}], items: false, minItems: 1}",
        "{type: object, maxProperties: 2, oneOf: [{required: [a, b]}, {required: [c]}]}",
        "{type: integer, minimum: 5, anyOf: [{enum: [1, 5]}, {maximum: 9}]}",
        "{type: [string, 'null'], maxLength: 1, enum: [ab, null]}",
        "{type: array, items: {}, contains: {type: string}, minContains: 2, maxItems: 2}",
        "{type: array, items: {}, contains: {type: string}, minContains: 0, maxItems: 0}",
        "{type: array, items: {type: string, format: date}, contains: {const: '2026-01-01'}}",
        "{type: array, items: {type: string, format: uuid}, contains: {type: string, minLength: 3}}",
        "{type: array, prefixItems: [{type: string, format: date}], items: false, contains: {format: date-time}}",
        "{type: array, items: {}, minContains: 3, maxItems: 2}",
        "{type: array, prefixItems: [{type: string}], items: {type: integer}, contains: {type: string}}",
        "{type: [array, string], items: {type: [integer, string]}, contains: {type: string}}",
    ],
)
def test_what_some_value_fits_is_not_told(schema: str) -> None:
    assert told(schema) == set()
