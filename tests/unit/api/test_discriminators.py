"""Discriminators: the values that tell the members of a union apart, and who stands in for a base class."""

from __future__ import annotations

from typing import Any

from clientsmith.api.model.types import Choice
from tests.unit.api.apis import Built, receiving, ref, sending, spelled
from tests.unit.api.conftest import Build

KIND = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}


def union(mapping: dict[str, str] | None, *members: str) -> dict[str, Any]:
    discriminator: dict[str, Any] = {"propertyName": "kind"}
    if mapping is not None:
        discriminator["mapping"] = mapping
    return {"oneOf": [ref(name) for name in members], "discriminator": discriminator}


def pets(mapping: dict[str, str] | None, **more: Any) -> dict[str, Any]:
    return sending({"Pet": union(mapping, "Cat", "Dog"), "Cat": KIND, "Dog": KIND, **more}, ref("Pet"))


def members(made: Built, name: str = "Pet") -> dict[str, str]:
    choice = made.choice(name)
    assert choice.tag == "kind" and choice.binding
    return dict(choice.members)


def test_without_a_mapping_the_names_of_the_schemas_are_the_values(api: Build) -> None:
    assert members(api(pets(None))) == {"Cat": "Cat", "Dog": "Dog"}


def test_a_mapping_names_schemas_or_refers_to_them(api: Build) -> None:
    made = api(pets({"cat": "Cat", "kitten": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"}))
    assert members(made) == {"cat": "Cat", "kitten": "Cat", "dog": "Dog"}


def test_a_member_that_the_mapping_leaves_out_keeps_its_name(api: Build) -> None:
    assert members(api(pets({"cat": "Cat"}))) == {"cat": "Cat", "Dog": "Dog"}


def test_an_answer_may_name_a_schema_that_the_mapping_has_another_value_for(api: Build) -> None:
    document = receiving(
        {"Pet": union({"cat": "Cat", "Dog": "Cat"}, "Cat", "Dog"), "Cat": KIND, "Dog": KIND}, ref("Pet")
    )
    assert members(api(document)) == {"cat": "Cat", "Cat": "Cat", "Dog": "Cat"}


def test_a_mapping_may_lead_through_a_schema_that_only_refers_on(api: Build) -> None:
    made = api(pets({"cat": "Tiger", "dog": "Dog"}, Tiger=ref("Cat")))
    assert members(made) == {"cat": "Cat", "dog": "Dog"}


def test_a_mapping_may_refer_to_another_file(api: Build) -> None:
    document = pets({"cat": "other.yaml#/Cat", "dog": "Dog"})
    document["components"]["schemas"]["Pet"]["oneOf"][0] = {"$ref": "other.yaml#/Cat"}
    made = api(document, other="Cat:\n  type: object\n  properties: {kind: {type: string}}\n")
    assert members(made) == {"cat": "Cat2", "dog": "Dog"}


def test_a_schema_in_another_file_goes_by_the_component_that_refers_to_it(api: Build) -> None:
    document = pets(None)
    document["components"]["schemas"]["Cat"] = {"$ref": "other.yaml#/Feline"}
    made = api(document, other="Feline:\n  type: object\n  properties: {kind: {type: string}}\n")
    assert members(made) == {"Cat": "Feline", "Dog": "Dog"}


def test_a_mapping_to_nothing_is_passed_over(api: Build) -> None:
    made = api(pets({"bird": "Bird", "cat": "https://example.com/Cat", "odd": "::"}))
    assert members(made) == {"Cat": "Cat", "Dog": "Dog"}


def test_a_member_of_two_unions_has_the_values_of_each_there(api: Build) -> None:
    document = pets(
        {"cat": "Cat", "dog": "Dog"}, Wild=union({"lynx": "Cat", "fox": "Fox"}, "Cat", "Fox"), Fox=KIND
    )
    document["components"]["schemas"]["Pair"] = {"properties": {"pet": ref("Pet"), "wild": ref("Wild")}}
    document["paths"]["/x"]["post"]["requestBody"]["content"]["application/json"]["schema"] = ref("Pair")
    made = api(document)
    assert members(made) == {"cat": "Cat", "dog": "Dog"}
    assert members(made, "Wild") == {"lynx": "Cat", "fox": "Fox"}


def test_a_union_without_a_discriminator_has_no_tag(api: Build) -> None:
    document = pets(None)
    del document["components"]["schemas"]["Pet"]["discriminator"]
    assert api(document).choice("Pet") == Choice(overlapping=("Cat", "Dog"))


def test_values_that_the_members_list_are_as_good_as_a_discriminator_in_answers(api: Build) -> None:
    listed = {
        name: {"type": "object", "properties": {"kind": {"enum": values}}}
        for name, values in {"Cat": ["cat", "kitten"], "Dog": ["dog"]}.items()
    }
    made = api(receiving({"Pet": {"oneOf": [ref("Cat"), ref("Dog")]}, **listed}, ref("Pet")))
    assert made.choice("Pet") == Choice(
        "kind", (("cat", "Cat"), ("dog", "Dog"), ("kitten", "Cat")), binding=False, exclusive=True
    )


def test_a_mapping_that_the_listed_values_contradict_gives_way_with_a_warning(api: Build) -> None:
    dog = {"type": "object", "properties": {"kind": {"enum": ["DOG"]}}}
    made = api(pets({"cat": "Cat", "dog": "Dog"}, Dog=dog))
    assert members(made) == {"cat": "Cat", "DOG": "Dog"}
    assert made.ids() == ["contradicting-discriminator"]


def test_a_value_that_is_mapped_beside_those_listed_is_a_warning_too(api: Build) -> None:
    dog = {"type": "object", "properties": {"kind": {"enum": ["dog"]}}}
    made = api(pets({"cat": "Cat", "dog": "Dog", "hound": "Dog"}, Dog=dog))
    assert members(made) == {"cat": "Cat", "dog": "Dog"}
    [warning] = made.diagnostics
    assert warning.place.pointer == "/components/schemas/Pet/discriminator/mapping/hound"


BASE = {**KIND, "discriminator": {"propertyName": "kind", "mapping": {"dog": "Dog"}}}
FAMILY = {
    "Animal": BASE,
    "Dog": {"allOf": [ref("Animal"), {"properties": {"bark": {"type": "boolean"}}}]},
    "Puppy": {"allOf": [ref("Dog"), {"properties": {"weeks": {"type": "integer"}}}]},
}


def test_a_base_class_stands_for_itself_and_what_derives_from_it(api: Build) -> None:
    made = api(sending(FAMILY, {"type": "array", "items": ref("Animal")}))
    assert made.alias("AnyAnimal") == "Dog | Puppy | Animal"
    assert made.choice("AnyAnimal") == Choice("kind", (("Puppy", "Puppy"), ("dog", "Dog")), base="Animal")


def test_the_values_that_a_base_class_lists_name_only_what_the_mapping_says(api: Build) -> None:
    listed = {"kind": {"enum": ["dog", "puppy", "cat", "beast"]}}
    mapping = {"dog": "Dog", "beast": "Animal", "puppy": "Puppy"}
    base = {"properties": listed, "discriminator": {"propertyName": "kind", "mapping": mapping}}
    cat = {"allOf": [ref("Animal"), {"properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}}}]}
    fish = {"allOf": [ref("Animal"), {"properties": {"fins": {"type": "integer"}}}]}
    made = api(sending({**FAMILY, "Animal": base, "Cat": cat, "Fish": fish}, ref("Animal")))
    assert made.choice("AnyAnimal") == Choice(
        "kind", (("beast", "Animal"), ("cat", "Cat"), ("dog", "Dog"), ("puppy", "Puppy")), base="Animal"
    )


def test_a_subtype_by_itself_is_its_own_class(api: Build) -> None:
    made = api(sending(FAMILY, {"type": "array", "items": ref("Dog")}))
    assert made.only.body is not None and spelled(made.only.body.type) == "list[DogInput]"


def test_what_the_mapping_of_a_base_class_names_is_a_subtype_if_it_declares_all_of_the_base(
    api: Build,
) -> None:
    bark = {"bark": {"type": "boolean"}}
    whole = {"Animal": BASE, "Dog": {"type": "object", "properties": {**KIND["properties"], **bark}}}
    assert api(sending(whole, ref("Animal"))).alias("AnyAnimal") == "Dog | Animal"
    without_tag = {"Animal": BASE, "Dog": {"type": "object", "properties": bark}}
    assert "AnyAnimal" not in api(sending(without_tag, ref("Animal"))).schemas


def test_a_base_class_among_the_members_of_a_union_stands_for_its_subtypes(api: Build) -> None:
    made = api(sending({**FAMILY, "Plant": KIND, "Thing": union(None, "Animal", "Plant")}, ref("Thing")))
    assert made.alias("Thing") == "AnyAnimal | Plant"
    assert members(made, "Thing") == {"Animal": "AnyAnimal", "Plant": "Plant"}


def test_a_base_class_without_subtypes_is_a_class(api: Build) -> None:
    made = api(sending({"Animal": {**KIND, "discriminator": {"propertyName": "kind"}}}, ref("Animal")))
    assert list(made.schemas) == ["Animal"]
