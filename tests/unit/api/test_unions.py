"""`anyOf` and `oneOf`: members, what stands beside them, loops among them."""

from __future__ import annotations

from typing import Any

import pytest

from clientsmith.diagnostics.model import Severity
from tests.unit.api.apis import receiving, ref, sending
from tests.unit.api.conftest import Build, TypeOf

CAT = {"type": "object", "properties": {"claws": {"type": "integer"}}}
DOG = {"type": "object", "properties": {"bark": {"type": "string"}}}


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_members_keep_their_order(received: TypeOf, keyword: str) -> None:
    schema = {keyword: [ref("Dog"), ref("Cat"), {"type": "string"}]}
    assert received(schema, Cat=CAT, Dog=DOG) == "Dog | Cat | str"


def test_inline_members_are_named_by_their_title_or_their_place(received: TypeOf) -> None:
    schema = {"anyOf": [{"title": "Small cat", **CAT}, DOG]}
    assert received(schema) == "ReceiveResponseSmallCat | ReceiveResponseOption2"


def test_a_member_that_says_nothing_makes_it_any_value(received: TypeOf) -> None:
    assert received({"anyOf": [{"type": "string"}, {}]}) == "Any"


def test_members_that_say_nothing_at_all_change_nothing(received: TypeOf) -> None:
    assert received({"type": "string", "anyOf": [{}, {"description": "d"}]}) == "str"


def test_properties_beside_a_union_belong_to_every_variant(api: Build) -> None:
    schema = {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "string"}},
        "oneOf": [ref("Cat"), ref("Dog")],
    }
    made = api(receiving({"Pet": schema, "Cat": CAT, "Dog": DOG}, ref("Pet")))
    assert made.alias("Pet") == "PetCat | PetDog"
    assert made.fields("PetCat") == {"id": "str", "claws": "int?"}
    assert made.fields("PetDog") == {"id": "str", "bark": "str?"}


def test_two_unions_beside_each_other_are_multiplied_out(api: Build) -> None:
    one = {"oneOf": [{"type": "object", "properties": {name: {"type": "string"}}} for name in "ab"]}
    two = {"oneOf": [{"type": "object", "properties": {name: {"type": "string"}}} for name in "cd"]}
    made = api(receiving({"A": {"allOf": [one, two]}}, ref("A")))
    variants = [
        sorted(made.fields(name))
        for name in made.schemas
        if name != "A" and "Option" in name and made.schemas[name].pointer
    ]
    assert sorted(fields for fields in variants if len(fields) == 2) == [
        ["a", "c"],
        ["a", "d"],
        ["b", "c"],
        ["b", "d"],
    ]


def test_members_that_only_require_properties_change_no_type(api: Build) -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "anyOf": [{"required": ["a"]}, {"required": ["b"]}, {"not": {"required": ["a"]}}],
    }
    made = api(sending({"A": schema}, ref("A")))
    assert made.fields("A") == {"a": "str?", "b": "str?"}
    assert (made.notes, [schema.key for schema in made.made.request_schemas]) == ([], ["A"])


def test_a_large_union_stays_a_union(received: TypeOf) -> None:
    schemas: dict[str, Any] = {
        f"S{number}": {"type": "object", "properties": {f"p{number}": {}}} for number in range(300)
    }
    kind = received({"oneOf": [ref(name) for name in schemas]}, **schemas)
    assert kind.count(" | ") == 299


def test_more_variants_than_anyone_can_use_are_any_value_with_a_note(api: Build) -> None:
    many = [{"type": "object", "properties": {f"p{number}": {"type": "string"}}} for number in range(15)]
    made = api(receiving({"A": {"allOf": [{"anyOf": many}, {"oneOf": many}]}}, ref("A")))
    assert made.alias("A") == "Any"
    assert made.ids(Severity.NOTE) == ["type-simplified"]


def test_a_union_among_the_variants_of_another_is_one_of_its_members(api: Build) -> None:
    schemas = {
        "Pet": {"oneOf": [ref("Cat"), ref("Wild")]},
        "Wild": {"oneOf": [ref("Dog"), {"type": "string"}]},
        "Cat": CAT,
        "Dog": DOG,
    }
    made = api(receiving(schemas, ref("Pet")))
    assert (made.alias("Pet"), made.alias("Wild")) == ("Cat | Wild", "Dog | str")


def test_a_member_that_leads_back_to_its_union_adds_nothing(api: Build) -> None:
    schemas = {
        "A": {"type": "object", "properties": {"id": {"type": "string"}}, "anyOf": [ref("A"), ref("Cat")]},
        "Cat": CAT,
    }
    made = api(receiving(schemas, ref("A")))
    assert made.alias("A") == "AA | ACat"
    assert made.fields("AA") == {"id": "str?"}


def test_an_alias_that_is_nothing_but_itself_is_any_value(received: TypeOf) -> None:
    assert received(ref("A"), A={"anyOf": [ref("A"), {"type": "null"}]}).startswith(("A", "Any", "None"))


def test_unions_that_lead_back_to_each_other_have_the_members_of_all(api: Build) -> None:
    schemas = {
        "A": {"anyOf": [ref("B"), {"type": "string"}]},
        "B": {"anyOf": [ref("C"), {"type": "integer"}]},
        "C": {"anyOf": [ref("A"), {"type": "boolean"}]},
        "D": {"anyOf": [ref("C"), {"type": "number"}]},
    }
    made = api(receiving(schemas, ref("D")))
    assert set(made.alias("A").split(" | ")) == {"str", "int", "bool"}
    assert [made.alias(name) for name in "BCD"] == ["A", "A", "C | float"]


def test_a_loop_through_a_list_is_no_loop_of_unions(api: Build) -> None:
    schemas: dict[str, Any] = {
        "Json": {"anyOf": [{"type": "string"}, {"type": "array", "items": ref("Json")}]}
    }
    assert api(receiving(schemas, ref("Json"))).alias("Json") == "str | list[Json]"


def test_listed_values_beside_a_union_are_what_counts(sent: TypeOf) -> None:
    assert sent({"enum": ["a"], "anyOf": [{"type": "string"}, {"type": "integer"}]}) == "Literal['a']"


def test_equal_numbers_and_bools_are_different_members(sent: TypeOf) -> None:
    assert sent({"anyOf": [{"const": 1}, {"const": True}]}) == "Literal[1] | Literal[True]"


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": "number", "format": "double", "oneOf": [{"type": "number"}, {"enum": ["INF"]}]}, "float"),
        ({"minimum": 0, "type": "integer", "anyOf": [{"type": "string"}, {"type": "integer"}]}, "int"),
        ({"maxItems": 2, "type": "array", "oneOf": [{"type": "array"}, CAT]}, "list[Any]"),
    ],
)
def test_a_member_that_no_value_fits_beside_the_group_is_left_out(
    api: Build, schema: dict[str, Any], kind: str
) -> None:
    made = api(receiving({"A": schema}, ref("A")))
    assert made.alias("A") == kind
    assert "unsatisfiable-schema" not in made.ids()


def test_a_union_none_of_whose_members_a_value_fits_is_told(api: Build) -> None:
    schema = {"type": "boolean", "format": "x", "oneOf": [{"type": "number"}, {"type": "string"}]}
    made = api(receiving({"A": schema}, ref("A")))
    assert "unsatisfiable-schema" in made.ids()


@pytest.mark.parametrize("kinds", [("string", "number"), ("object", "array")])
def test_types_that_have_only_null_in_common_are_null(received: TypeOf, kinds: tuple[str, str]) -> None:
    assert received({"allOf": [{"type": [kind, "null"]} for kind in kinds]}) == "None"
