"""What schemas say by the text of JSON Schema 2020-12 and of OpenAPI 3.0.4 and 3.1.1, written out by hand.

Every row is a document's schemas, of which `Root` is read, and all that the merged schema says; what is not listed, it
does not say. Nothing of this is computed from the code under test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from clientsmith.json_values.codec import equality_key
from tests.unit.jsonschema.floor import Floor

V30, V31 = "3.0.4", "3.1.1"
_STRING, _INTEGER = {"type": "string"}, {"type": "integer"}


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


@dataclass(frozen=True)
class Row:
    """`others` are the schemas that `schema` refers to."""

    name: str
    schema: Any
    expected: dict[str, Any]
    others: dict[str, Any] | None = None
    version: str = V31


ROWS = [
    # JSON Schema Validation 6.1.1: `type` is a name or a list of names; integers are numbers.
    Row("nothing", {}, {}),
    Row("a type", {"type": "string"}, {"types": ["string"]}),
    Row("types", {"type": ["string", "boolean"]}, {"types": ["boolean", "string"]}),
    Row("a number may be an integer", {"type": "number"}, {"types": ["integer", "number"]}),
    Row("null among types", {"type": ["string", "null"]}, {"types": ["string"], "nullable": True}),
    Row("null alone", {"type": "null"}, {"types": [], "nullable": True}),
    Row("null alone in a list", {"type": ["null"]}, {"types": [], "nullable": True}),
    # OpenAPI 3.0, 4.7.24: `nullable` adds null to the type.
    Row("nullable", {"type": "string", "nullable": True}, {"types": ["string"], "nullable": True}, version=V30),
    Row("not nullable", {"type": "string", "nullable": False}, {"types": ["string"]}, version=V30),
    # JSON Schema Core 10.2.1.1: a value has to be valid against each schema of `allOf`.
    Row("types of a conjunction",
        {"allOf": [{"type": ["number", "string"]}, {"type": ["integer", "boolean"]}]}, {"types": ["integer"]}),
    Row("types beside a conjunction", {"type": ["string", "integer"], "allOf": [{"type": ["string", "array"]},
        {"maxLength": 9}]}, {"types": ["string"], "bounds": {"maxLength": 9}}),
    Row("no type in common", {"allOf": [_STRING, _INTEGER]}, {"types": []}),
    Row("null in one part", {"allOf": [{"type": ["string", "null"]}, _STRING]}, {"types": ["string"]}),
    Row("null in the other part", {"allOf": [_STRING, {"type": ["string", "null"]}]}, {"types": ["string"]}),
    Row("null in every part", {"allOf": [{"type": ["string", "null"]}, {"type": ["null", "string"]}, {"maxLength": 1}]},
        {"types": ["string"], "nullable": True, "bounds": {"maxLength": 1}}),
    Row("properties of a conjunction",
        {"allOf": [{"type": "object", "properties": {"b": _STRING, "a": _INTEGER}},
                   {"properties": {"a": {"minimum": 1}, "c": {}}}]},
        {"types": ["object"], "properties": {"b": [_STRING], "a": [_INTEGER, {"minimum": 1}], "c": [{}]}}),
    Row("required of a conjunction",
        {"required": ["c"], "allOf": [{"type": "object", "required": ["b", "a"]}, {"required": ["a"]}]},
        {"types": ["object"], "required": ["b", "a", "c"]}),
    Row("conjunctions inside of each other",
        {"allOf": [{"allOf": [{"minLength": 1}, {"allOf": [{"maxLength": 5}, {"minLength": 2}]}]}, {"type": "string"}]},
        {"types": ["string"], "bounds": {"minLength": 2, "maxLength": 5}}),
    Row("a part met twice", {"allOf": [ref("A"), ref("A"), {"required": ["a"]}]},
        {"types": ["object"], "properties": {"a": [_STRING]}, "required": ["a"]},
        {"A": {"type": "object", "properties": {"a": _STRING}}}),
    # JSON Schema Validation 6.2 to 6.5: each bound holds.
    Row("bounds of numbers",
        {"allOf": [{"type": "integer", "minimum": 1, "maximum": 9, "exclusiveMinimum": 0, "exclusiveMaximum": 20},
                   {"minimum": 3, "maximum": 7, "exclusiveMinimum": -5, "exclusiveMaximum": 10}]},
        {"types": ["integer"],
         "bounds": {"minimum": 3, "maximum": 7, "exclusiveMinimum": 0, "exclusiveMaximum": 10}}),
    Row("bounds of lengths and counts",
        {"allOf": [{"minLength": 1, "maxLength": 9, "minItems": 2, "maxItems": 8, "minProperties": 3},
                   {"minLength": 4, "maxLength": 5, "minItems": 1, "maxItems": 9, "maxProperties": 6}]},
        {"implied": ["array", "object"],
         "bounds": {"minLength": 4, "maxLength": 5, "minItems": 2, "maxItems": 8, "minProperties": 3,
                    "maxProperties": 6}}),
    Row("a count may be written with a fraction of zero", {"minLength": 2.0}, {"bounds": {"minLength": 2}}),
    Row("what is no bound", {"minLength": -1, "maxLength": 1.5, "multipleOf": 0, "minimum": True, "maximum": "3"}, {}),
    Row("multiples of two numbers", {"allOf": [{"multipleOf": 4}, {"multipleOf": 6}]}, {"bounds": {"multipleOf": 12}}),
    Row("multiples of fractions", {"allOf": [{"multipleOf": 0.1}, {"multipleOf": 0.25}]},
        {"bounds": {"multipleOf": 0.5}}),
    Row("multiples of a multiple", {"allOf": [{"multipleOf": 0.01}, {"multipleOf": 5}]}, {"bounds": {"multipleOf": 5}}),
    # OpenAPI 3.0 has the boolean `exclusiveMinimum` of JSON Schema Wright 00 (5.2, 5.3).
    Row("exclusive bounds of 3.0",
        {"type": "integer", "minimum": 1, "exclusiveMinimum": True, "maximum": 9, "exclusiveMaximum": True},
        {"types": ["integer"], "bounds": {"exclusiveMinimum": 1, "exclusiveMaximum": 9}}, version=V30),
    Row("inclusive bounds of 3.0", {"type": "integer", "minimum": 1, "exclusiveMinimum": False},
        {"types": ["integer"], "bounds": {"minimum": 1}}, version=V30),
    Row("an exclusive bound of 3.0 speaks of its own schema only",
        {"allOf": [{"type": "integer", "minimum": 1, "exclusiveMinimum": True}, {"minimum": 3}]},
        {"types": ["integer"], "bounds": {"exclusiveMinimum": 1, "minimum": 3}}, version=V30),
    # JSON Schema Validation 6.1.2 and 6.1.3, equality by Core 4.2.2: numbers by value, and true is not 1.
    Row("an enum", {"type": "string", "enum": ["a", "b"]}, {"types": ["string"], "values": ["a", "b"]}),
    Row("enums in common", {"allOf": [{"enum": ["a", "b", "c"]}, {"enum": ["c", "d", "b"]}]},
        {"implied": ["string"], "values": ["b", "c"]}),
    Row("a const among an enum", {"const": "b", "enum": ["a", "b"]}, {"implied": ["string"], "values": ["b"]}),
    Row("a const that is not in its enum", {"const": "c", "enum": ["a", "b"]}, {"values": []}),
    Row("a const in another part", {"allOf": [{"type": "string", "enum": ["a", "b"]}, {"const": "b"}]},
        {"types": ["string"], "values": ["b"]}),
    Row("one is one with a fraction of zero", {"allOf": [{"enum": [1, 2]}, {"enum": [1.0, True]}]},
        {"implied": ["boolean", "integer", "number"], "values": [1]}),
    Row("true is not one", {"allOf": [{"enum": [True, 0]}, {"enum": [1, False, 0]}]},
        {"implied": ["boolean", "integer"], "values": [0]}),
    Row("objects are equal in any order, arrays are not",
        {"allOf": [{"enum": [{"a": 1, "b": 2}, [1, 2]]}, {"enum": [{"b": 2, "a": 1.0}, [2, 1]]}]},
        {"implied": ["array", "object"], "values": [{"a": 1, "b": 2}]}),
    # JSON Schema Validation 6.1.1 and 6.1.2: `type` and `enum` both hold.
    Row("listed values of another type", {"type": "string", "enum": ["a", 7, False, None]},
        {"types": ["string"], "values": ["a"]}),
    Row("listed values of none of the types", {"allOf": [{"type": "boolean"}, {"enum": ["yes", 1]}]},
        {"types": ["boolean"], "values": []}),
    Row("an integer that is written with a fraction of zero", {"type": "integer", "enum": [1.0, 2.5]},
        {"types": ["integer"], "values": [1]}),
    Row("null among the types and the values", {"type": ["string", "null"], "enum": ["a", None]},
        {"types": ["string"], "values": ["a", None], "nullable": True}),
    Row("a const of null", {"const": None}, {"values": [None], "nullable": True}),
    Row("null in an enum", {"enum": ["a", None]}, {"implied": ["string"], "values": ["a", None], "nullable": True}),
    # JSON Schema Core 10.3: properties, items, and what applies to the others.
    Row("no other properties", {"type": "object", "properties": {"a": {}}, "additionalProperties": False},
        {"types": ["object"], "properties": {"a": [{}]}, "closed": True}),
    Row("other properties of a kind", {"type": "object", "additionalProperties": _STRING},
        {"types": ["object"], "additional": [_STRING]}),
    Row("any other properties", {"type": "object", "additionalProperties": {}},
        {"types": ["object"], "additional_allowed": True}),
    Row("no unevaluated properties", {"allOf": [ref("A")], "unevaluatedProperties": False},
        {"types": ["object"], "properties": {"a": [{}]}, "closed": True},
        {"A": {"type": "object", "properties": {"a": {}}}}),
    # JSON Schema Validation 6.5.3: what is required need not be declared; Core 10.3.2: what describes it all the same.
    Row("required and not declared", {"properties": {"a": {}}, "required": ["b", "a"]},
        {"implied": ["object"], "properties": {"a": [{}], "b": [True]}, "required": ["b", "a"]}),
    Row("required and declared in another part", {"allOf": [{"properties": {"a": {}}, "required": ["b"]},
        {"properties": {"b": _STRING}, "required": ["c"]}]},
        {"implied": ["object"], "properties": {"a": [{}], "b": [_STRING], "c": [True]}, "required": ["b", "c"]}),
    Row("required by a pattern", {"properties": {"a": {}}, "required": ["n1", "o"], "patternProperties": {"^n": _INTEGER},
        "additionalProperties": _STRING},
        {"implied": ["object"], "properties": {"a": [{}], "n1": [_INTEGER], "o": [_STRING]}, "required": ["n1", "o"],
         "patterned": {"^n": _INTEGER}, "additional": [_STRING]}),
    Row("required and forbidden", {"properties": {"a": {}}, "required": ["b"], "additionalProperties": False},
        {"implied": ["object"], "properties": {"a": [{}]}, "required": ["b"], "closed": True}),
    Row("required of a map", {"type": "object", "required": ["b"]}, {"types": ["object"], "required": ["b"]}),
    Row("properties by pattern", {"type": "object", "patternProperties": {"^x": _STRING, "^n": _INTEGER}},
        {"types": ["object"], "patterned": {"^n": _INTEGER, "^x": _STRING}}),
    Row("items", {"type": "array", "items": _STRING}, {"types": ["array"], "items": [_STRING]}),
    Row("items of a conjunction", {"allOf": [{"type": "array", "items": _STRING}, {"items": {"maxLength": 1}}]},
        {"types": ["array"], "items": [_STRING, {"maxLength": 1}]}),
    Row("items by place", {"type": "array", "prefixItems": [_STRING, _INTEGER], "items": False},
        {"types": ["array"], "prefix": [[_STRING], [_INTEGER]], "items": [False]}),
    Row("items by place in two parts",
        {"allOf": [{"prefixItems": [_STRING]}, {"prefixItems": [{"maxLength": 1}, _INTEGER]}]},
        {"implied": ["array"], "prefix": [[_STRING, {"maxLength": 1}], [_INTEGER]]}),
    Row("patterns all hold", {"allOf": [{"type": "string", "pattern": "^a"}, {"pattern": "b$"}]},
        {"types": ["string"], "patterns": ["^a", "b$"]}),
    # OpenAPI 3.0, 4.7.24, and 3.1, 4.8.24: `format`; raw bytes by JSON Schema Validation 8 in 3.1.
    Row("a format", {"type": "string", "format": "date"}, {"types": ["string"], "format": "date"}),
    Row("a format in a part of its own", {"allOf": [_STRING, {"format": "date"}]},
        {"types": ["string"], "format": "date"}),
    Row("a format in the first part", {"allOf": [{"format": "date"}, _STRING]}, {"types": ["string"], "format": "date"}),
    Row("raw bytes", {"type": "string", "contentMediaType": "image/png"}, {"types": ["string"], "format": "binary"}),
    Row("bytes as text", {"type": "string", "contentMediaType": "image/png", "contentEncoding": "base64"},
        {"types": ["string"]}),
    Row("text", {"type": "string", "contentMediaType": "application/json"}, {"types": ["string"]}),
    # OpenAPI 3.0, 4.7.23: what is beside a `$ref` is ignored; 3.1: it is a keyword like any other (Core 8.2.3.1).
    Row("beside a reference of 3.1", {**ref("A"), "maxLength": 3, "format": "uuid"},
        {"types": ["string"], "bounds": {"minLength": 1, "maxLength": 3}, "format": "uuid"},
        {"A": {"type": "string", "minLength": 1}}),
    Row("beside a reference of 3.0", {**ref("A"), "maxLength": 3, "format": "uuid", "type": "object", "enum": ["b"]},
        {"types": ["string"], "bounds": {"minLength": 1}}, {"A": {"type": "string", "minLength": 1}}, V30),
    Row("a conjunction beside a reference of 3.1", {**ref("A"), "allOf": [{"required": ["b"]}], "required": ["a"]},
        {"types": ["object"], "required": ["b", "a"]}, {"A": {"type": "object"}}),
    Row("a conjunction beside a reference of 3.0", {**ref("A"), "allOf": [{"required": ["b"]}]},
        {"types": ["object"]}, {"A": {"type": "object"}}, V30),
    Row("properties beside a reference of 3.0 in a conjunction",
        {"allOf": [{**ref("A"), "properties": {"b": {}}}, {"required": ["a"]}]},
        {"types": ["object"], "required": ["a"]}, {"A": {"type": "object"}}, V30),
    Row("a chain of references", ref("A"), {"types": ["string"]}, {"A": ref("B"), "B": ref("C"), "C": _STRING}),
    Row("a wrapper", {"allOf": [ref("A")], "description": "told"}, {"types": ["string"]}, {"A": _STRING}),
    Row("wrappers inside of each other", {"allOf": [{"anyOf": [{"oneOf": [ref("A")]}]}]}, {"types": ["string"]},
        {"A": _STRING}),
    Row("a wrapper with a part that says nothing", {"allOf": [{"description": "told"}, ref("A")]},
        {"types": ["string"]}, {"A": _STRING}),
    Row("a choice with null", {"anyOf": [ref("A"), {"type": "null"}]}, {"types": ["string"], "nullable": True},
        {"A": _STRING}),
    Row("a choice with null beside a type", {"type": "object", "oneOf": [ref("A"), {"type": "null"}]},
        {"types": ["object"], "properties": {"a": [{}]}}, {"A": {"type": "object", "properties": {"a": {}}}}),
    Row("a choice with a const of null", {"oneOf": [{"const": None}, ref("A")]},
        {"types": ["string"], "nullable": True}, {"A": _STRING}),
    Row("a choice with a schema that allows everything", {"anyOf": [ref("A"), {}]}, {"groups": {"anyOf": 2}},
        {"A": _STRING}),
    Row("choices", {"oneOf": [_STRING, _INTEGER], "anyOf": [{"minLength": 1}, {"minimum": 1}, {"title": "any"}]},
        {"groups": {"anyOf": 3, "oneOf": 2}}),
    Row("a choice beside properties", {"properties": {"a": {}}, "oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
        {"implied": ["object"], "properties": {"a": [{}]}, "groups": {"oneOf": 2}}),
    Row("a conjunction of itself alone", {"allOf": [ref("Root")]}, {}),
    Row("conjunctions in a circle", {"allOf": [ref("A")]}, {"types": ["string"]},
        {"A": {"allOf": [ref("B"), _STRING]}, "B": {"allOf": [ref("A"), ref("Root")]}}),
    Row("a conjunction with itself", {"allOf": [ref("Root"), _STRING, {"maxLength": 2}]},
        {"types": ["string"], "bounds": {"maxLength": 2}}),
    # What no specification says: the type that is meant where none is stated.
    Row("properties imply an object", {"properties": {"a": {}}}, {"implied": ["object"], "properties": {"a": [{}]}}),
    Row("required implies an object", {"required": ["a"]}, {"implied": ["object"], "required": ["a"]}),
    Row("items imply an array", {"items": {}}, {"implied": ["array"], "items": [{}]}),
    Row("other properties imply an object", {"additionalProperties": False}, {"implied": ["object"], "closed": True}),
    Row("a stated type implies nothing else", {"type": "string", "properties": {"a": {}}, "items": {}},
        {"types": ["string"], "properties": {"a": [{}]}, "items": [{}]}),
    Row("values imply their types", {"enum": [1, 1.5, True, "a", [], {}]},
        {"implied": ["array", "boolean", "integer", "number", "object", "string"],
         "values": [1, 1.5, True, "a", [], {}]}),
]  # fmt: skip


def wrong_shapes(floor: Floor) -> list[str]:
    """The rows whose merged schema is another than the one that is written out, with what is different."""
    wrong: list[str] = []
    for row in ROWS:
        reader, node = floor.reader(row.version, {"Root": row.schema, **(row.others or {})})
        target, nullable, _ = reader.canonical(node)
        found = _said(reader.shape(reader.parts(target)), nullable)
        if equality_key(found) != equality_key(row.expected):
            wrong.append(f"{row.name}: {found}, not {row.expected}")
    return wrong


def _said(shape: Any, nullable: bool) -> dict[str, Any]:
    """All that a shape says, as JSON."""
    found: dict[str, Any] = {
        "types": None if shape.types is None else sorted(shape.types),
        "implied": sorted(shape.implied) if shape.types is None and shape.implied else None,
        "nullable": (nullable or shape.nullable) or None,
        "values": shape.values,
        "properties": {name: [one.value for one in nodes] for name, nodes in shape.properties.items()}
        or None,
        "required": [*shape.required] or None,
        "closed": shape.closed or None,
        "additional": [one.value for one in shape.additional] or None,
        "additional_allowed": shape.additional_allowed or None,
        "patterned": {one.key: one.value for one in shape.patterned} or None,
        "items": [one.value for one in shape.items] or None,
        "prefix": [[one.value for one in nodes] for nodes in shape.prefix] or None,
        "bounds": {keyword: shape.bounds.number(keyword) for keyword in shape.bounds} or None,
        "format": shape.format,
        "patterns": [one.value for one in shape.patterns] or None,
        "groups": {group.keyword: group.size for group in shape.groups} or None,
    }
    return {key: value for key, value in found.items() if value is not None}
