"""A change inside a member of a union has a place that only that member decides, on both sides alike."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from clientsmith.diff.model import Change
from clientsmith.diff.wire.compare import compare
from tests.cases.diff.descriptions import of_schema, opened
from tests.unit.diff.pets import described
from tests.unit.diff.test_joined import changes as joined_changes

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": sorted(properties)[:1]}


def _found(old: list[Any], new: list[Any], keyword: str = "oneOf", parts: Any = None) -> list[Change]:
    sides = (of_schema("3.1", {keyword: members}, parts) for members in (old, new))
    return compare(*(opened(copy.deepcopy(one)) for one in sides))


CAT, DOG = _object(kind=TEXT, meow=NUMBER), _object(kind=TEXT, bark=NUMBER)
LOUD = _object(kind=TEXT, meow=TEXT)
MORE = _object(kind=TEXT, meow=TEXT, age=NUMBER)
CASES: dict[str, tuple[Any, Any, str]] = {
    "names of properties": (CAT, LOUD, "kind,meow/properties/meow"),
    "a title": ({**CAT, "title": "Cat"}, {**LOUD, "title": "Cat"}, "Cat/properties/meow"),
    "a title of one side only": ({**CAT, "title": "Cat"}, LOUD, "kind,meow/properties/meow"),
    "a value of a property": (
        _object(kind={"const": "cat"}, meow=NUMBER), _object(kind={"const": "cat"}, meow=TEXT),
        "kind=cat/properties/meow"),
    "a JSON type": ({"type": "array", "items": NUMBER}, {"type": "array", "items": TEXT}, "array/items"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_place_names_the_member_by_what_both_sides_have(case: str) -> None:
    before, after, place = CASES[case]

    (there,) = _found([before, DOG, TEXT], [after, DOG, TEXT])
    (back,) = _found([after, DOG, TEXT], [before, DOG, TEXT])
    (moved,) = _found([before, DOG, TEXT], [TEXT, DOG, after])

    assert there.at == back.at == moved.at == f"/components/schemas/Thing/oneOf/{place}"
    assert there.fingerprint == moved.fingerprint


def test_what_is_new_in_the_member_does_not_alter_the_fingerprint_of_another_change() -> None:
    (alone,) = _found([CAT, DOG], [LOUD, DOG])
    (beside,) = (one for one in _found([CAT, DOG], [DOG, MORE]) if one.rule == alone.rule)

    assert beside.fingerprint == alone.fingerprint


def test_members_that_have_only_a_type_in_common_are_apart_by_their_position_in_old() -> None:
    one, other = {**TEXT, "pattern": "^a"}, {**TEXT, "pattern": "^b", "maxLength": 9}

    (there,) = _found([one, other], [one, {**other, "maxLength": 5}], "anyOf")
    (moved,) = _found([one, other], [{**other, "maxLength": 5}, one], "anyOf")

    assert there.at == moved.at == "/components/schemas/Thing/anyOf/string 1"


@pytest.mark.parametrize(
    ("one", "other"),
    [(_object(a=TEXT), _object(b=TEXT)), ({**TEXT, "pattern": "^a"}, {**TEXT, "pattern": "^b"})],
)
def test_members_without_a_name_that_leave_a_union_have_a_fingerprint_each(one: Any, other: Any) -> None:
    gone = _found([one, other, CAT, NUMBER], [CAT, NUMBER])
    (alone,) = _found([one, CAT, NUMBER], [CAT, NUMBER])

    assert len({change.fingerprint for change in gone}) == len(gone) == 2
    assert alone.fingerprint in {change.fingerprint for change in gone}


def test_what_leaves_a_union_is_told_where_the_union_was() -> None:
    cat = {"$ref": "#/components/schemas/Cat"}
    sides = [of_schema("3.1", schema, {"Cat": CAT}) for schema in ({"oneOf": [cat, DOG]}, cat)]

    (there,) = compare(*map(opened, copy.deepcopy(sides)))
    (back,) = compare(*map(opened, copy.deepcopy(sides[::-1])))

    assert there.at == back.at == "/components/schemas/Thing"


def test_a_reference_names_the_member_that_says_more() -> None:
    cat = {"$ref": "#/components/schemas/Cat"}

    (found,) = _found([cat, DOG], [DOG, {**cat, "maxProperties": 3}], "anyOf", {"Cat": CAT})

    assert found.at == "/components/schemas/Thing/anyOf/#~1components~1schemas~1Cat"


def test_what_only_callers_notice_has_the_same_place() -> None:
    def tree(*members: Any) -> dict[str, Any]:
        made = of_schema("3.1", {"oneOf": list(members)})
        made["servers"] = [{"url": "https://a.example"}]
        return made

    assert described(tree(CAT, DOG))[1].schemas
    found = joined_changes(tree(CAT, DOG), tree(DOG, LOUD))

    assert {one.at.split("/")[5] for one in found} == {"kind,meow", "bark,kind"}


def test_items_by_position_are_named_by_it() -> None:
    sides = ({"type": "array", "prefixItems": [TEXT, kind]} for kind in (NUMBER, TEXT))

    (found,) = compare(*(opened(of_schema("3.1", side)) for side in sides))

    assert found.at == "/components/schemas/Thing/prefixItems/1"
