"""Discriminators: the values that tell the variants of a union apart."""

from __future__ import annotations

from typing import Any

from clientsmith.api.model.types import Tag
from tests.unit.api.apis import receiving, ref
from tests.unit.api.conftest import Build

KIND = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}


def pets(mapping: dict[str, str] | None, **more: Any) -> dict[str, Any]:
    discriminator: dict[str, Any] = {"propertyName": "kind"}
    if mapping is not None:
        discriminator["mapping"] = mapping
    union = {"oneOf": [ref("Cat"), ref("Dog")], "discriminator": discriminator}
    return receiving({"Pet": union, "Cat": KIND, "Dog": KIND, **more}, ref("Pet"))


def test_without_a_mapping_the_names_of_the_schemas_are_the_values(api: Build) -> None:
    made = api(pets(None))
    assert made.cls("Cat").tag == Tag("kind", ("Cat",), ("Dog",))
    assert made.cls("Dog").tag == Tag("kind", ("Dog",), ("Cat",))


def test_a_mapping_names_schemas_or_refers_to_them(api: Build) -> None:
    made = api(pets({"cat": "Cat", "kitten": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"}))
    assert made.cls("Cat").tag == Tag("kind", ("cat", "kitten"), ("dog",))
    assert made.cls("Dog").tag == Tag("kind", ("dog",), ("cat", "kitten"))


def test_a_variant_that_the_mapping_leaves_out_keeps_its_name(api: Build) -> None:
    assert api(pets({"cat": "Cat"})).cls("Dog").tag == Tag("kind", ("Dog",), ("cat",))


def test_a_mapping_may_lead_through_a_schema_that_only_refers_on(api: Build) -> None:
    made = api(pets({"cat": "Tiger", "dog": "Dog"}, Tiger=ref("Cat")))
    assert made.cls("Cat").tag == Tag("kind", ("cat",), ("dog",))


def test_a_mapping_may_refer_to_another_file(api: Build) -> None:
    document = pets({"cat": "other.yaml#/Cat", "dog": "Dog"})
    document["components"]["schemas"]["Pet"]["oneOf"][0] = {"$ref": "other.yaml#/Cat"}
    made = api(document, other="Cat:\n  type: object\n  properties: {kind: {type: string}}\n")
    assert made.cls("Cat2").tag == Tag("kind", ("cat",), ("dog",))


def test_a_mapping_to_nothing_is_passed_over(api: Build) -> None:
    made = api(pets({"bird": "Bird", "cat": "https://example.com/Cat", "odd": "::"}))
    assert made.cls("Cat").tag == Tag("kind", ("Cat",), ("Dog",))


def test_a_variant_of_two_unions_knows_the_values_of_both(api: Build) -> None:
    document = pets({"cat": "Cat", "dog": "Dog"})
    document["components"]["schemas"]["Wild"] = {
        "oneOf": [ref("Cat"), ref("Fox")],
        "discriminator": {"propertyName": "kind", "mapping": {"cat": "Cat", "fox": "Fox"}},
    }
    document["components"]["schemas"]["Fox"] = KIND
    assert api(document).cls("Cat").tag == Tag("kind", ("cat",), ("dog", "fox"))


def test_a_union_without_a_discriminator_has_no_tags(api: Build) -> None:
    document = pets(None)
    del document["components"]["schemas"]["Pet"]["discriminator"]
    assert api(document).cls("Cat").tag is None
