"""Final names: one class for each direction that needs its own, and no name twice."""

from __future__ import annotations

from typing import Any

import pytest

from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Severity
from tests.unit.api.apis import receiving, ref, sending
from tests.unit.api.conftest import Build

PET = {"type": "object", "properties": {"name": {"type": "string", "minLength": 1}}}


def both(schemas: dict[str, Any], schema: Any) -> dict[str, Any]:
    document = sending(schemas, {"type": "array", "items": schema})
    document["paths"]["/x"]["get"] = receiving({}, schema)["paths"]["/x"]["get"]
    return document


def test_a_class_used_in_both_directions_becomes_two(api: Build) -> None:
    made = api(both({"Pet": PET}, ref("Pet")))
    assert made.fields("Pet") == {"name": "str?"}
    assert made.fields("PetInput") == {"name": "str(min_length=1)?"}
    assert (made.cls("Pet").direction, made.cls("PetInput").direction) == ("response", "request")
    assert (made.cls("Pet").counterpart, made.cls("PetInput").counterpart) == (None, "Pet")


def test_a_class_used_in_one_direction_has_the_plain_name(api: Build) -> None:
    assert api(sending({"Pet": PET}, ref("Pet"))).cls("Pet").direction == "request"
    assert api(receiving({"Pet": PET}, ref("Pet"))).cls("Pet").direction == "response"


def test_schemas_that_no_operation_uses_can_be_read(api: Build) -> None:
    made = api(
        {"paths": {}, "components": {"schemas": {"Pet": PET, "Text": {"type": "string"}, "Same": ref("Pet")}}}
    )
    assert made.cls("Pet").direction == "response"
    assert made.alias("Text") == "str"
    assert sorted(made.schemas) == ["Pet", "Text"]


def test_a_schema_that_only_requests_reach_through_a_reference_is_not_made_twice(api: Build) -> None:
    assert sorted(api(sending({"Pet": PET, "Same": ref("Pet")}, ref("Same"))).schemas) == ["Pet"]


def test_aliases_that_say_the_same_both_ways_are_one(api: Build) -> None:
    schemas = {"Text": {"type": "string"}, "Texts": {"type": "array", "items": ref("Text")}}
    assert sorted(api(both(schemas, ref("Texts"))).schemas) == ["Text", "Texts"]


def test_aliases_that_differ_are_two_and_so_are_those_that_use_them(api: Build) -> None:
    schemas = {
        "Kind": {"enum": ["a"]},
        "Kinds": {"type": "array", "items": ref("Kind")},
        "More": {"type": "array", "items": ref("Kinds")},
        "Text": {"type": "string"},
    }
    made = api(both(schemas, {"anyOf": [ref("More"), ref("Text")]}))
    assert sorted(made.schemas) == ["Kind", "KindInput", "Kinds", "KindsInput", "More", "MoreInput", "Text"]
    assert made.alias("MoreInput") == "list[KindsInput]"
    assert made.alias("Kind") == "Literal['a'] | str"


def test_components_keep_their_names_against_inline_schemas(api: Build) -> None:
    inline: dict[str, Any] = {
        "type": "object",
        "properties": {"owner": {"type": "object", "properties": {"a": {}}}},
    }
    made = api(receiving({"Pet": inline, "PetOwner": PET}, ref("Pet")))
    assert made.fields("Pet") == {"owner": "PetOwner2?"}
    assert made.ids() == []


def test_components_that_ask_for_one_name_get_numbers_and_a_warning(api: Build) -> None:
    made = api(receiving({"pet": PET, "Pet": PET, "p.e.t": PET}, ref("Pet")))
    assert sorted(made.schemas) == ["PET", "Pet", "Pet2"]
    assert made.ids() == ["name-collision"]


@pytest.mark.parametrize("key", ["Field", "none", "Decimal", "RequestModel", "Any"])
def test_components_give_way_to_what_the_module_imports(api: Build, key: str) -> None:
    [name] = api(receiving({key: PET}, ref(key))).schemas
    assert name == f"{key[0].upper()}{key[1:]}Model"


def test_names_do_not_depend_on_the_order_of_keys(api: Build) -> None:
    schemas = {
        "b": {"$ref": "#/components/schemas/c"},
        "a-b": PET,
        "a.b": PET,
        "c": {"anyOf": [PET, {"title": "A b", **PET}]},
    }
    turned = dict(reversed(schemas.items()))
    assert api(receiving(schemas, ref("b"))).made == api(receiving(turned, ref("b"))).made


# -- configured names ------------------------------------------------------------------------------------------------


def test_a_configured_name_is_taken_from_nobody(api: Build) -> None:
    document = receiving(
        {"Animal": PET, "Zebra": {"type": "object", "properties": {"a": {}}}},
        {"anyOf": [ref("Animal"), ref("Zebra")]},
    )
    made = api(document, Config(schema_names={"Zebra": "Animal"}))
    assert made.fields("Animal") == {"a": "Any?"}
    assert made.fields("Animal2") == {"name": "str?"}
    assert made.ids() == ["name-collision"]


def test_both_halves_of_a_pair_follow_the_configured_name(api: Build) -> None:
    made = api(both({"Pet": PET}, ref("Pet")), Config(schema_names={"Pet": "Animal"}))
    assert sorted(made.schemas) == ["Animal", "AnimalInput"]


def test_two_schemas_cannot_be_given_one_name(api: Build) -> None:
    made = api(
        receiving({"A": PET, "B": PET}, {"anyOf": [ref("A"), ref("B")]}),
        Config(schema_names={"A": "X", "B": "X"}),
    )
    assert (made.api, made.ids()) == (None, ["name-collision"])


@pytest.mark.parametrize("name", ["Field", "Literal", "str", "pet"])
def test_a_configured_name_that_the_module_needs_is_an_error(api: Build, name: str) -> None:
    made = api(receiving({"A": PET}, ref("A")), Config(schema_names={"A": name}))
    assert (made.api, made.ids()) == (None, ["reserved-name"])


# -- constraints inside other types ----------------------------------------------------------------------------------


def test_constraints_inside_other_types_get_names(api: Build) -> None:
    short = {"type": "string", "maxLength": 3}
    schema = {
        "type": "object",
        "properties": {
            "plain": short,
            "maybe": {"type": ["string", "null"], "maxLength": 3},
            "list": {"type": "array", "items": short, "maxItems": 2},
            "map": {"type": "object", "additionalProperties": short},
            "either": {"anyOf": [short, {"type": "integer"}]},
            "deep": {"type": "array", "items": {"type": "array", "items": short}},
        },
    }
    made = api(sending({"A": schema}, ref("A")))
    assert made.fields("A") == {
        "plain": "str(max_length=3)?",
        "maybe": "str | None(max_length=3)?",
        "list": "list[AListItem](max_items=2)?",
        "map": "dict[AMapValue]?",
        "either": "AEitherOption1 | int?",
        "deep": "list[list[ADeepItemItem]]?",
    }
    assert {made.alias(name) for name in made.schemas if name != "A"} == {"str(max_length=3)"}


def test_a_nullable_field_says_so_through_its_alias(api: Build) -> None:
    schemas = {
        "Maybe": {"type": ["string", "null"]},
        "A": {"type": "object", "properties": {"a": ref("Maybe"), "b": {}}},
    }
    made = api(sending(schemas, ref("A")))
    assert [field.nullable for field in made.cls("A").fields] == [True, True]


def test_findings_name_both_places(api: Build) -> None:
    made = api(receiving({"pet": PET, "Pet": PET}, ref("Pet")))
    [found] = [item for item in made.diagnostics if item.severity is Severity.WARNING]
    assert (found.place.pointer, found.related[0].place.pointer) == (
        "/components/schemas/pet", "/components/schemas/Pet",
    )  # fmt: skip
