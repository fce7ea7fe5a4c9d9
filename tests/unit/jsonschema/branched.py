"""What some branch of a schema says, written out by hand: which types a text may be read as, and by which schemas."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.unit.jsonschema.floor import Floor
from tests.unit.jsonschema.merged import V30, V31, ref

_STRING, _INTEGER, _BOOLEAN = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}


@dataclass(frozen=True)
class Row:
    """The types, and the schemas of properties and items by name and place; None for those that have none."""

    name: str
    schema: Any
    types: set[str] = field(default_factory=set[str])
    properties: dict[str, Any] = field(default_factory=dict[str, Any])
    items: dict[int, Any] = field(default_factory=dict[int, Any])
    others: dict[str, Any] = field(default_factory=dict[str, Any])
    version: str = V31


_OF_OBJECTS: dict[str, Any] = {
    "properties": {}, "required": [], "patternProperties": {}, "additionalProperties": True, "minProperties": 1,
    "maxProperties": 1, "propertyNames": {},
}  # fmt: skip
_OF_ARRAYS: dict[str, Any] = {
    "items": {}, "prefixItems": [], "minItems": 1, "maxItems": 1, "uniqueItems": True, "contains": {},
}  # fmt: skip

ROWS = [
    Row("nothing", {}, properties={"a": None}, items={0: None}),
    Row("an integer is read as a number", _INTEGER, {"number"}),
    Row("types in a list", {"type": ["boolean", "null"]}, {"boolean", "null"}),
    Row("nullable", {"type": "string", "nullable": True}, {"string", "null"}, version=V30),
    Row("the members of choices", {"oneOf": [_STRING, {"anyOf": [_BOOLEAN, _INTEGER]}]},
        {"string", "boolean", "number"}),
    Row("values", {"enum": [1, "a", None, True]}, {"number", "string", "null", "boolean"}),
    Row("values of a stated type", {"type": "string", "enum": ["1"]}, {"string"}),
    Row("a reference", ref("A"), {"array"}, items={0: _INTEGER, 7: _INTEGER},
        others={"A": {"type": "array", "items": _INTEGER}}),
    Row("beside a reference of 3.1", {**ref("A"), "properties": {"b": _BOOLEAN}}, {"object"},
        {"a": _STRING, "b": _BOOLEAN}, others={"A": {"properties": {"a": _STRING}}}),
    Row("beside a reference of 3.0", {**ref("A"), "type": "string", "properties": {"b": _BOOLEAN}, "oneOf": [_INTEGER]},
        {"object"}, {"a": _STRING, "b": None}, others={"A": {"properties": {"a": _STRING}}}, version=V30),
    Row("a loop", {"allOf": [ref("Root"), _STRING]}, {"string"}),
    Row("a property, a pattern and all others",
        {"properties": {"na": _STRING}, "patternProperties": {"^n": _INTEGER}, "additionalProperties": _BOOLEAN},
        {"object"}, {"na": _STRING, "nb": _INTEGER, "b": _BOOLEAN}),
    Row("required and not declared", {"properties": {"a": _STRING}, "required": ["a", "b", "n"],
        "patternProperties": {"^n": _INTEGER}}, {"object"}, {"a": _STRING, "b": True, "n": _INTEGER, "c": None}),
    Row("required and forbidden", {"properties": {"a": _STRING}, "anyOf": [{"required": ["b"]}],
        "additionalProperties": False}, {"object"}, {"a": _STRING, "b": None}),
    Row("others that are not evaluated elsewhere", {"type": "object", "unevaluatedProperties": _BOOLEAN}, {"object"},
        {"a": _BOOLEAN}),
    Row("properties of branches", {"anyOf": [{"properties": {"a": _STRING}}, {"properties": {"b": _INTEGER}}]},
        {"object"}, {"a": _STRING, "b": _INTEGER, "c": None}),
    Row("items by place", {"prefixItems": [_STRING, _BOOLEAN], "items": _INTEGER}, {"array"},
        items={0: _STRING, 1: _BOOLEAN, 2: _INTEGER}),
    Row("items by place before 2020-12", {"items": [_STRING, _BOOLEAN]}, {"array"}, items={1: _BOOLEAN, 2: None}),
    *(Row(f"{keyword} implies an object", {keyword: value}, {"object"}) for keyword, value in _OF_OBJECTS.items()),
    *(Row(f"{keyword} implies an array", {keyword: value}, {"array"}) for keyword, value in _OF_ARRAYS.items()),
    Row("a conjunction implies what its parts do", {"allOf": [{"required": ["a"]}, {"title": "told"}]}, {"object"}),
]  # fmt: skip

_PLACES: list[tuple[tuple[str, ...], list[Any]]] = [
    ((), [{"type": "object"}, {"maxProperties": 3}]),
    (("a",), [_STRING, {"maxLength": 4}]),
    (("list", "0"), [_INTEGER]),
    (("list", "1"), [_BOOLEAN]),
    (("n1",), [{"minimum": 1}]),
    (("other",), [{"pattern": "o"}]),
    (("a", "deeper"), []),
]
"""Places inside a value of `_NESTED`, and what the schema objects that speak of them say beside leading elsewhere."""
_NESTED: dict[str, Any] = {
    "Root": {"allOf": [ref("A"), {"oneOf": [ref("B"), {"properties": {"a": {"maxLength": 4}}}]}]},
    "A": {
        "type": "object",
        "properties": {"a": _STRING, "list": {"prefixItems": [_INTEGER], "items": _BOOLEAN}},
        "patternProperties": {"^n": {"minimum": 1}},
        "additionalProperties": {"pattern": "o"},
    },
    "B": {"maxProperties": 3},
}
_SAID = {"type", "maxProperties", "maxLength", "minimum", "pattern"}


def wrong_branches(floor: Floor) -> list[str]:
    """The rows of which something else is said than what is written out."""
    wrong: list[str] = []
    for row in ROWS:
        reader, node = floor.reader(row.version, {"Root": row.schema, **row.others})
        branches = floor.branches(reader)
        found = (
            set(branches.types(node)),
            {name: _value(branches.property(node, name)) for name in row.properties},
            {index: _value(branches.item(node, index)) for index in row.items},
        )
        if found != (row.types, row.properties, row.items):
            wrong.append(f"{row.name}: {found}")
    return wrong


def wrong_places(floor: Floor) -> list[str]:
    """The places inside a value that other schemas are found for than those written out."""
    reader, node = floor.reader(V31, _NESTED)
    wrong: list[str] = []
    for place, expected in _PLACES:
        said = ({key: one.mapping[key] for key in one.mapping.keys() & _SAID} for one in
                floor.branches(reader).at(node, place))  # fmt: skip
        found = [one for one in said if one]
        if sorted(map(str, found)) != sorted(map(str, expected)):
            wrong.append(f"{place}: {found}")
    return wrong


def _value(node: Any) -> Any:
    return None if node is None else node.value
