"""Keywords that bear on each other: every schema here is held against every value, and against jsonschema-rs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import jsonschema_rs
import pytest

from clientsmith.runtime.json_schema.json_schema import Checker

TEXT, WHOLE = {"type": "string"}, {"type": "integer"}
SCHEMAS: list[Any] = [
    {"properties": {"a": WHOLE}, "additionalProperties": False},
    {"properties": {"a": WHOLE}, "patternProperties": {"^b": TEXT}, "additionalProperties": {"type": "null"}},
    {"patternProperties": {"^.b?$": WHOLE, "b$": {"minimum": 2}}},
    {"properties": {"a": WHOLE}, "unevaluatedProperties": False},
    {"allOf": [{"properties": {"a": WHOLE}}, {"patternProperties": {"^b": {}}}], "unevaluatedProperties": False},
    {"allOf": [{"properties": {"a": {}}, "additionalProperties": WHOLE}], "unevaluatedProperties": False},
    {"allOf": [{"unevaluatedProperties": WHOLE}], "unevaluatedProperties": False},
    {"anyOf": [{"properties": {"a": WHOLE}}, {"properties": {"b": WHOLE}}], "unevaluatedProperties": TEXT},
    {"oneOf": [{"required": ["a"]}, {"required": ["b"]}], "properties": {"a": {}}},
    {"oneOf": [{"properties": {"a": WHOLE}, "required": ["a"]}, {"properties": {"b": {}}, "required": ["b"]}],
     "unevaluatedProperties": False},
    {"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"maxProperties": 1}},
    {"if": {"properties": {"a": {"const": 1}}, "required": ["a"]}, "then": {"properties": {"b": {}}},
     "else": {"properties": {"c": {}}}, "unevaluatedProperties": False},
    {"if": {"required": ["a"]}}, {"then": False, "else": False},
    {"not": {"required": ["a", "b"]}}, {"not": {"type": ["object", "array"]}},
    {"dependentRequired": {"a": ["b", "c"]}}, {"propertyNames": {"maxLength": 1}},
    {"dependentSchemas": {"a": {"properties": {"b": TEXT}}}, "unevaluatedProperties": False},
    {"$ref": "Thing", "unevaluatedProperties": False}, {"$ref": "Thing", "properties": {"b": WHOLE}},
    {"$ref": "Node"}, {"anyOf": [{"$ref": "Node"}, {"type": "null"}]}, {"not": {"$ref": "Node"}},
    {"prefixItems": [WHOLE, TEXT]}, {"prefixItems": [WHOLE], "items": False}, {"prefixItems": [WHOLE], "items": TEXT},
    {"items": WHOLE, "uniqueItems": True}, {"contains": WHOLE}, {"contains": WHOLE, "minContains": 2},
    {"contains": WHOLE, "minContains": 0, "maxContains": 1}, {"contains": TEXT, "maxContains": 1},
    {"prefixItems": [WHOLE], "unevaluatedItems": False}, {"contains": TEXT, "unevaluatedItems": WHOLE},
    {"allOf": [{"prefixItems": [{}, {}]}, {"contains": {"const": 1}}], "unevaluatedItems": False},
    {"allOf": [{"items": {}}], "unevaluatedItems": False}, {"minItems": 2, "maxItems": 2},
    {"minProperties": 1, "maxProperties": 2}, {"enum": [{"a": 1}, [1, "a"], 1, None]}, {"const": {"a": [1]}},
]  # fmt: skip
OTHERS: dict[str, Any] = {
    "Thing": {"properties": {"a": WHOLE}, "required": ["a"]},
    "Node": {"type": "object", "properties": {"a": {"$ref": "Node"}}, "additionalProperties": WHOLE},
}
VALUES: list[Any] = [
    None, True, 1, Decimal("1.0"), Decimal("1.5"), "a", "", [], {}, [1], ["a"], [1, "a"], ["a", 1], [1, 1], [1, True],
    [1, Decimal("1.0"), "a"], [1, 2, 3], ["a", "b", 1], [None, None], [[1], [1]], {"a": 1}, {"a": "x"}, {"b": 1},
    {"b": "x"}, {"c": None}, {"a": 1, "b": "x"}, {"a": 1, "b": 2}, {"a": 2, "c": 1}, {"a": 1, "c": 1}, {"ab": 1},
    {"a": 1, "b": 2, "c": 3}, {"a": {}}, {"a": {"a": {"b": 1}}}, {"a": {"a": {"b": "x"}}}, {"a": [1]}, {"bb": "x"},
    {"a": Decimal("1E0"), "b": None}, {"z": {"a": 1}},
]  # fmt: skip


def _for_oracle(schema: Any) -> Any:
    if isinstance(schema, dict):
        kept = ("enum", "const")
        return {
            key: f"#/$defs/{inner}" if key == "$ref" else inner if key in kept else _for_oracle(inner)
            for key, inner in schema.items()
        }
    return [_for_oracle(inner) for inner in schema] if isinstance(schema, list) else schema


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: str(schema)[:80])
def test_keywords_that_bear_on_each_other_are_read_as_an_independent_validator_reads_them(
    schema: Any,
) -> None:
    defs = {key: _for_oracle(one) for key, one in OTHERS.items()}
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": defs,
        "allOf": [_for_oracle(schema)],
    }
    oracle = jsonschema_rs.validator_for(whole, validate_formats=False)
    table = {"root": schema, **OTHERS}
    wrong = [
        value
        for value in VALUES
        if (not list(Checker(table.get).violations("root", value))) != oracle.is_valid(value)
    ]
    assert wrong == []
