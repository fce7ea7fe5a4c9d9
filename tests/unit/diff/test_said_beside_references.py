"""What is said beside a reference is reported where it is said, not at the component that stays as it was."""

from __future__ import annotations

from typing import Any

import pytest

from clientsmith.diff.model import Change
from clientsmith.diff.wire.compare import compare
from tests.cases.diff.descriptions import of_document, opened

CAT = {"$ref": "#/components/schemas/Cat"}
PET = {"$ref": "#/components/schemas/Pet"}
NAME = {"$ref": "#/components/schemas/Name"}
SCHEMAS: dict[str, Any] = {
    "Cat": {"type": "object", "properties": {"kind": {"type": "string"}, "name": NAME}, "maxProperties": 9},
    "Dog": {
        "type": "object",
        "required": ["bark"],
        "properties": {"bark": {"type": "integer"}},
        "maxProperties": 8,
    },
    "Pet": {"anyOf": [CAT, {"$ref": "#/components/schemas/Dog"}]},
    "Name": {"type": "string", "maxLength": 40},
}
SIBLINGS: dict[str, tuple[Any, Any]] = {
    "a property that is required": ({**CAT, "required": ["kind"]}, CAT),
    "a bound": ({**CAT, "maxProperties": 2}, CAT),
    "a property": ({**CAT, "properties": {"tail": {"type": "integer"}}}, CAT),
    "a bound of a property of the component": ({**CAT, "properties": {"kind": {"maxLength": 3}}}, CAT),
    "another type": ({**NAME, "type": ["string", "null"], "enum": ["a", "b"]}, NAME),
    "values": ({**NAME, "enum": ["a", "b"]}, NAME),
    "a pattern": ({**NAME, "pattern": "^a"}, NAME),
    "a default": ({**NAME, "default": "a"}, NAME),
    "a deprecation": ({**NAME, "deprecated": True}, NAME),
    "closedness": ({**CAT, "unevaluatedProperties": False}, CAT),
    "a bound of a union": ({**PET, "maxProperties": 2}, PET),
    "a part of allOf": ({"allOf": [CAT, {"required": ["kind"]}]}, {"allOf": [CAT]}),
    "a part of allOf that is a bound": ({"allOf": [CAT, {"maxProperties": 2}]}, CAT),
    "a part beside a type": (
        {"type": "object", "allOf": [CAT, {"required": ["kind"]}]}, {"type": "object", "allOf": [CAT]}),
    "an item": (
        {"type": "array", "items": {**NAME, "maxLength": 3}}, {"type": "array", "items": NAME}),
    "a member": ({"anyOf": [{**CAT, "maxProperties": 2}, {"type": "string"}]}, {"anyOf": [CAT, {"type": "string"}]}),
}  # fmt: skip


def _found(*schemas: tuple[Any, Any]) -> list[Change]:
    sides = (
        {
            f"/{place}": {
                "get": {
                    "responses": {
                        "200": {"description": "ok", "content": {"application/json": {"schema": schema}}}
                    }
                }
            }
            for place, schema in zip("abc", side, strict=False)
        }
        for side in zip(*schemas, strict=True)
    )
    old, new = (
        opened(of_document("3.1", {"paths": paths, "components": {"schemas": SCHEMAS}})) for paths in sides
    )
    return compare(old, new)


def _places(changes: list[Change]) -> list[str]:
    return [
        f"{change.at} {place.pointer}" for change in changes for place in (change.old, change.new) if place
    ]


@pytest.mark.parametrize("name", SIBLINGS)
def test_it_is_reported_at_the_reference_in_either_direction(name: str) -> None:
    before, after = SIBLINGS[name]
    back = _found((after, before))

    for change in (found := _found((before, after))):
        assert change.at.startswith("GET /a "), change.text
    assert len(found) == len(back) == 1
    assert [one.at for one in back] == [one.at for one in found]
    assert all("/components/" not in place for place in _places([*found, *back])), _places(found)


@pytest.mark.parametrize("name", SIBLINGS)
def test_two_places_are_two_changes_with_a_fingerprint_each(name: str) -> None:
    before, after = SIBLINGS[name]
    untouched = (CAT, CAT)

    found = _found((before, after), (before, after), untouched)

    assert [[one.path for one in change.operations] for change in found] == [["/a"], ["/b"]]
    assert len({change.fingerprint for change in found}) == 2
