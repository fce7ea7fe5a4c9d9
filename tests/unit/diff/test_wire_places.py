"""Where a change on the wire is reported: where it was made, and in NEW at what is left of that."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from clientsmith.diff.surviving import surviving_place
from clientsmith.diff.wire.compare import compare
from tests.cases.diff.descriptions import OK, of_document, of_operation, of_schema, opened

CARD: dict[str, Any] = {"type": "object", "required": ["n"], "properties": {"n": {"type": "string"}}}
CASH: dict[str, Any] = {"type": "object", "required": ["c"], "properties": {"c": {"type": "string"}}}
PARTS = {"Card": CARD, "Cash": CASH}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _union(*names: str) -> dict[str, Any]:
    return {"oneOf": [_ref(name) for name in names]}


def _mapped(*values: str) -> dict[str, Any]:
    mapping = {value: f"#/components/schemas/{name}" for value, name in zip(values, PARTS, strict=True)}
    parts = {name: _with_kind(one) for name, one in PARTS.items()}
    schema = {**_union(*PARTS), "discriminator": {"propertyName": "kind", "mapping": mapping}}
    return of_schema("3.1", schema, parts)


def _with_kind(part: dict[str, Any]) -> dict[str, Any]:
    return {**part, "required": ["kind"], "properties": {**part["properties"], "kind": {"type": "string"}}}


def _nullable(kind: Any) -> dict[str, Any]:
    return of_schema("3.1", _union("Card", "Cash"), {"Card": {**CARD, "type": kind}, "Cash": CASH})


def _requiring(required: list[str]) -> dict[str, Any]:
    base = {"type": "object", "properties": {"k": {"type": "string"}}, "required": required}
    children = {
        name: {"allOf": [_ref("Base"), {"type": "object", "properties": {"k": {"const": name}}}]}
        for name in ("Cat", "Dog")
    }
    return of_schema("3.1", _union("Cat", "Dog"), {"Base": base, **children})


def _array(items: Any) -> dict[str, Any]:
    return of_schema("3.1", {"type": "object", "properties": {"a": {"type": "array", "items": items}}})


def _values(version: str, **schema: Any) -> dict[str, Any]:
    return of_schema(version, {"type": "object", "properties": {"a": schema}})


def _body(*, there: bool) -> dict[str, Any]:
    shared = {"content": {"application/json": {"schema": {"type": "string"}}}}
    used = {"requestBody": {"$ref": "#/components/requestBodies/Shared"}} if there else {}
    return {**of_operation("3.1", used), "components": {"requestBodies": {"Shared": shared}}}


_SECURED: dict[str, Any] = {
    "paths": {"/things": {"get": OK}},
    "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}},
}
THING = "/components/schemas/Thing"
CASES: dict[str, tuple[Any, Any, str, str | None, str]] = {
    "a member that is gone, at the union": (
        of_schema("3.1", _union("Card", "Cash"), PARTS), of_schema("3.1", _union("Card"), PARTS),
        "union-member-removed", f"{THING}/oneOf/1", f"{THING}/oneOf"),
    "a member that is new, at the union": (
        of_schema("3.1", _union("Card"), PARTS), of_schema("3.1", _union("Cash", "Card"), PARTS),
        "union-member-added", None, f"{THING}/oneOf/0"),
    "a value of a mapping": (
        _mapped("card", "cash"), _mapped("card", "coins"),
        "discriminator-value-changed", f"{THING}/discriminator/mapping/cash", f"{THING}/discriminator/mapping/coins"),
    "null in a member that is a component": (
        _nullable("object"), _nullable(["object", "null"]),
        "null-allowed", "/components/schemas/Card/type", "/components/schemas/Card/type"),
    "the type of a member that is a component": (
        _nullable("object"), _nullable("array"),
        "type-changed", "/components/schemas/Card/type", "/components/schemas/Card/type"),
    "the part that requires a property": (
        _requiring(["k"]), _requiring([]),
        "property-optional", "/components/schemas/Base/properties/k", "/components/schemas/Base/properties/k"),
    "items that may be anything": (
        _array({"type": "string"}), _array({}),
        "type-widened", f"{THING}/properties/a/items/type", f"{THING}/properties/a/items"),
    "null in a list beside nullable": (
        _values("3.0", type="string", nullable=True, enum=["x"]),
        _values("3.0", type="string", nullable=True, enum=["x", None]),
        "null-allowed", f"{THING}/properties/a/enum", f"{THING}/properties/a/enum"),
    "nullable beside a list with null": (
        _values("3.0", type="string", enum=["x", None]),
        _values("3.0", type="string", nullable=True, enum=["x", None]),
        "null-allowed", f"{THING}/properties/a/type", f"{THING}/properties/a/nullable"),
    "null in a list beside a type with null": (
        _values("3.1", type=["string", "null"], enum=["x", None]),
        _values("3.1", type=["string", "null"], enum=["x"]),
        "null-forbidden", f"{THING}/properties/a/enum", f"{THING}/properties/a/enum"),
    "null in a list without a type": (
        _values("3.1", enum=["x"]), _values("3.1", enum=["x", None]),
        "null-allowed", f"{THING}/properties/a/enum", f"{THING}/properties/a/enum"),
    "null in types beside a nullable that 3.1 does not read": (
        _values("3.1", type="string", nullable=True), _values("3.1", type=["string", "null"], nullable=True),
        "null-allowed", f"{THING}/properties/a/type", f"{THING}/properties/a/type"),
    "null that is no longer refused": (
        _values("3.1", type=["string", "null"], **{"not": {"const": None}}), _values("3.1", type=["string", "null"]),
        "null-allowed", f"{THING}/properties/a/not", f"{THING}/properties/a"),
    "null as a member of a union": (
        _values("3.1", anyOf=[{"type": "string"}, {"type": "integer"}]),
        _values("3.1", anyOf=[{"type": "string"}, {"type": "integer"}, {"type": "null"}]),
        "null-allowed", f"{THING}/properties/a", f"{THING}/properties/a/anyOf/2"),
    "a list beside a union of values and patterns": (
        _values("3.1", type="string", anyOf=[{"enum": ["x", "y"]}, {"pattern": "^c"}]),
        _values("3.1", type="string", enum=["cd"], anyOf=[{"enum": ["x", "y"]}, {"pattern": "^c"}]),
        "enum-added", f"{THING}/properties/a", f"{THING}/properties/a/enum"),
    "what is required beside a member": (
        of_schema("3.1", {"type": "object", "dependentRequired": {"a": ["b"]}}), of_schema("3.1", {"type": "object"}),
        "bound-widened", f"{THING}/dependentRequired", THING),
    "credentials that the whole document no longer asks for": (
        of_document("3.1", {**_SECURED, "security": [{"key": []}]}), of_document("3.1", _SECURED),
        "security-widened", "/security", ""),
    "a shared body that is no longer used": (
        _body(there=True), _body(there=False),
        "body-removed", "/paths/~1things/post/requestBody", "/paths/~1things/post"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_change_is_reported_once_where_it_was_made(case: str) -> None:
    before, after, rule, was, now = copy.deepcopy(CASES[case])
    old, new = opened(before), opened(after)
    found = [one for one in compare(old, new) if one.rule == rule]
    assert len(found) == 1, [one.text for one in found]
    assert (found[0].old and found[0].old.pointer) == was
    assert surviving_place(found[0], old, new).pointer == now
