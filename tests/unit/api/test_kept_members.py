"""Members of unions keep the names of their classes and types, whatever comes before them and whatever changes in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clientsmith.api.model.types import ConstrainedType, ModelClass, NamedType
from clientsmith.api.names.union_members import Marks, keys_of
from tests.unit.api.apis import ref
from tests.unit.api.kept_names import Release, Tree, document, operation


def shape(*required: str, **others: Any) -> Tree:
    return {
        "type": "object",
        "required": list(required),
        "properties": {name: {"type": "string"} for name in required},
        **others,
    }


A, B, C = shape("a"), shape("b"), shape("c")
TEXT: Tree = {"type": "string", "maxLength": 3}
NUMBER: Tree = {"type": "integer", "maximum": 5}
CODE: Tree = {"type": "string", "pattern": "^a"}


def both_ways(schema: Tree) -> Tree:
    """A document that sends and receives a component."""
    tree = document()
    tree["components"]["schemas"]["Kind"] = schema
    tree["paths"]["/dogs"]["post"] = operation(
        "addDog",
        "Dogs",
        result=ref("Kind"),
        requestBody={"required": True, "content": {"application/json": {"schema": ref("Kind")}}},
    )
    return tree


def at_the_top(keyword: str, *members: Tree) -> Tree:
    return both_ways({keyword: list(members)})


def in_a_property(keyword: str, *members: Tree) -> Tree:
    return both_ways({"type": "object", "properties": {"own": {keyword: list(members)}}})


def beside_others(keyword: str, *members: Tree) -> Tree:
    return both_ways({"type": "object", "properties": {"z": {}}, keyword: list(members)})


def names(release: Release) -> dict[str, set[str]]:
    """The names of the two classes that have a property."""
    found: dict[str, set[str]] = {}
    for one in release.api.schemas:
        for field in one.fields if isinstance(one, ModelClass) else ():
            found.setdefault(field.wire, set()).add(one.name)
    return {wire: listed for wire, listed in found.items() if wire in ("a", "b", "c", "d")}


PLACES = [at_the_top, in_a_property, beside_others]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
def test_a_new_member_in_front_takes_no_name_and_gets_the_next_number(
    place: Any, keyword: str, tmp_path: Path
) -> None:
    old = Release(tmp_path, place(keyword, A, B))
    new = Release(tmp_path, place(keyword, C, A, shape("d"), B), old.names)
    before, after = names(old), names(new)
    assert {wire: after[wire] for wire in before} == before
    for wire, number in (("c", "3"), ("d", "4")):
        assert {name.replace(f"Option{number}", "Option1") for name in after[wire]} == before["a"]
    assert "name-taken" not in new.ids
    again = Release(tmp_path, place(keyword, B, shape("d"), C, A), new.names)
    assert names(again) == after


def test_a_number_is_not_given_again(tmp_path: Path) -> None:
    old = Release(tmp_path, at_the_top("oneOf", A, B))
    gone = Release(tmp_path, at_the_top("oneOf", A), old.names)
    new = Release(tmp_path, at_the_top("oneOf", A, C), gone.names)
    assert names(new) == {"a": {"KindOption1", "KindOption1Input"}, "c": {"KindOption3", "KindOption3Input"}}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "changed",
    [
        shape("a", description="Words.", properties={"a": {"type": "integer"}}),
        shape("a", properties={"a": {"type": "string"}, "more": {"type": "string"}}),
        shape("a", additionalProperties=False),
    ],
)
def test_a_member_that_changed_is_known_by_its_properties(place: Any, changed: Tree, tmp_path: Path) -> None:
    old = Release(tmp_path, place("oneOf", A, B))
    new = Release(tmp_path, place("oneOf", C, B, changed), old.names)
    assert {wire: names(new)[wire] for wire in ("a", "b")} == names(old)
    assert "name-not-kept" not in new.ids


def test_members_that_could_be_the_same_are_not_guessed(tmp_path: Path) -> None:
    old = Release(tmp_path, at_the_top("oneOf", shape("a", "b"), C))
    several = [shape("a", "b", additionalProperties=False), shape("a", "b", minProperties=2)]
    new = Release(tmp_path, at_the_top("oneOf", *several, C), old.names)
    assert names(new)["a"] == {"KindOption3", "KindOption3Input", "KindOption4", "KindOption4Input"}
    told = [one for one in new.diagnostics if one.id == "name-not-kept"]
    assert [one.place.pointer for one in told] == ["/components/schemas/Kind/oneOf"]


@pytest.mark.parametrize("place", PLACES)
def test_a_union_is_the_same_under_the_other_keyword(place: Any, tmp_path: Path) -> None:
    old = Release(tmp_path, place("oneOf", A, B))
    new = Release(tmp_path, place("anyOf", B, A), old.names)
    back = Release(tmp_path, place("oneOf", C, A, B), new.names)
    assert names(new) == names(old)
    assert {wire: names(back)[wire] for wire in ("a", "b")} == names(old)


def test_a_union_beside_another_one_is_its_own(tmp_path: Path) -> None:
    old = Release(tmp_path, both_ways({"oneOf": [A, B]}))
    new = Release(tmp_path, both_ways({"anyOf": [A, C], "oneOf": [A, B]}), old.names)
    union = new.names.unions["/components/schemas/Kind"]
    assert {place: len(members) for place, members in union.items()} == {"/anyOf": 2, "/oneOf": 2}


@pytest.mark.parametrize(
    ("old", "new", "keys"),
    [
        ([Marks("1", kinds=("string",))], [Marks("2", kinds=("string",))], ["1"]),
        ([Marks("1", kinds=("string",))], [Marks("2", kinds=("array",))], ["2"]),
        ([Marks("1", kinds=("string",))], [Marks("2", kinds=("string",)), Marks("3", kinds=("string",))], ["2", "3"]),
        ([Marks("1", kinds=("object",))], [Marks("2", kinds=("object",))], ["2"]),
        ([Marks("1", properties=("a", "b"))], [Marks("2", properties=("a", "c", "d", "e"))], ["2"]),
        ([Marks("1", title="T", properties=("a",))], [Marks("2", properties=("a",)), Marks("3", title="T")], ["2", "1"]),
        ([Marks("1")], [Marks("2")], ["2"]),
    ],
)  # fmt: skip
def test_what_tells_members_apart(old: list[Marks], new: list[Marks], keys: list[str]) -> None:
    before = {str(number): marks for number, marks in enumerate(old, start=1)}
    assert keys_of(before, new) == (keys, False)


def test_marks_of_a_state_without_properties_are_read(tmp_path: Path) -> None:
    old = Release(tmp_path, at_the_top("oneOf", {**A, "title": "One"}, B))
    assert Marks("m", title="t").to_json() == {"meaning": "m", "title": "t"}
    assert {
        key: one.properties for key, one in old.names.unions["/components/schemas/Kind"]["/oneOf"].items()
    } == {
        "1": ("a",),
        "2": ("b",),
    }


# -- types of members that are no classes -----------------------------------------------------------------------------


def constrained(release: Release) -> dict[str, tuple[int | None, str | None, str | None]]:
    """The constraints of each type that has a name for their sake."""
    return {
        one.name: (
            one.type.constraints.max_length,
            one.type.constraints.maximum,
            one.type.constraints.pattern,
        )
        for one in release.api.schemas
        if not isinstance(one, ModelClass) and isinstance(one.type, ConstrainedType)
    }


def in_items(keyword: str, *members: Tree) -> Tree:
    return both_ways({"type": "array", "items": {keyword: list(members)}})


def as_items(keyword: str, *members: Tree) -> Tree:
    return both_ways({keyword: [{"type": "array", "items": one} for one in members]})


@pytest.mark.parametrize("place", [at_the_top, in_a_property, in_items, as_items])
@pytest.mark.parametrize(
    "members",
    [(NUMBER, TEXT), (CODE, NUMBER, TEXT), ({"type": "boolean"}, TEXT, NUMBER), (ref("Dog"), NUMBER, TEXT)],
)
def test_types_of_members_keep_their_names(place: Any, members: tuple[Tree, ...], tmp_path: Path) -> None:
    old = Release(tmp_path, place("oneOf", TEXT, NUMBER))
    new = Release(tmp_path, place("oneOf", *members), old.names)
    before, after = constrained(old), constrained(new)
    assert len(before) == 2
    assert {name: after[name] for name in before} == before
    assert Release(tmp_path, place("oneOf", *members), new.names).api == new.api


def test_types_of_members_are_known_by_title_and_say_so(tmp_path: Path) -> None:
    old = Release(tmp_path, at_the_top("oneOf", {**TEXT, "title": "Short"}, CODE))
    changed = {"type": "string", "maxLength": 9, "title": "Short"}
    new = Release(tmp_path, at_the_top("oneOf", CODE, changed), old.names)
    assert constrained(new) == {"KindInputOption1": (9, None, None), "KindInputOption2": (None, None, "^a")}
    assert any("KindInputOption2" in one.message for one in new.diagnostics if one.id == "name-kept")


def test_nested_unions_and_null_count_by_what_they_are(tmp_path: Path) -> None:
    null: Tree = {"type": "null"}
    old = Release(tmp_path, at_the_top("anyOf", null, {"oneOf": [TEXT, NUMBER]}, CODE))
    new = Release(tmp_path, at_the_top("anyOf", CODE, {"oneOf": [NUMBER, TEXT]}, null), old.names)
    assert constrained(new) == constrained(old)
    assert len(constrained(old)) == 3


def test_types_of_one_schema_are_told_apart_by_kind(tmp_path: Path) -> None:
    several: Tree = {"type": ["string", "integer"], "maxLength": 3, "maximum": 5}
    old = Release(tmp_path, both_ways(several))
    new = Release(tmp_path, both_ways({**several, "type": ["boolean", "integer", "string"]}), old.names)
    assert constrained(new) == constrained(old)


def test_a_name_by_rule_still_counts_positions(tmp_path: Path) -> None:
    made = Release(tmp_path, at_the_top("anyOf", {"type": "null"}, TEXT, TEXT, NUMBER))
    assert set(constrained(made)) == {"KindInputOption1", "KindInputOption2"}
    assert all(
        member in (NamedType("KindInputOption1"), NamedType("KindInputOption2"))
        for one in made.api.schemas
        if one.name == "KindInput" and not isinstance(one, ModelClass)
        for member in getattr(one.type, "members", ())
    )
