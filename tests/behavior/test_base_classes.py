"""A base class with a discriminator: answers are read as the subtype that is named, requests take each of them."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from tests.behavior.calls import call, json_answer, plain
from tests.behavior.packages import alone, package_from, package_of, spec

ANIMALS = spec("""
security: []
paths:
  /animals:
    get:
      operationId: list
      tags: [animals]
      responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Animal'}}}}}}
    post:
      operationId: add
      tags: [animals]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Animal'}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Animal'}}}}}
  /owners:
    post:
      operationId: own
      tags: [animals]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Owner'}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Owner'}}}}}
  /dogs:
    get:
      operationId: dog
      tags: [animals]
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Dog'}}}}}
components:
  schemas:
    Owner:
      type: object
      properties:
        pet: {$ref: '#/components/schemas/Animal'}
        others: {type: object, additionalProperties: {$ref: '#/components/schemas/Animal'}}
    Animal:
      type: object
      required: [animalKind]
      properties: {animalKind: {type: string}, friend: {$ref: '#/components/schemas/Animal'}}
      discriminator: {propertyName: animalKind, mapping: {dog: '#/components/schemas/Dog', beast: Animal}}
    Dog: {allOf: [{$ref: '#/components/schemas/Animal'}, {type: object, properties: {bark: {type: boolean}}}]}
    Puppy: {allOf: [{$ref: '#/components/schemas/Dog'}, {type: object, required: [weeks], properties: {weeks: {type: integer}}}]}
    Cat: {allOf: [{$ref: '#/components/schemas/Animal'}], required: [lives], properties: {lives: {type: integer}}}
""")


def kind(value: Any) -> str:
    return type(value).__name__


@pytest.mark.parametrize(
    ("animal", "name"),
    [
        ({"animalKind": "dog", "bark": True, "new": [1]}, "Dog"),
        ({"animalKind": "Puppy", "weeks": 3, "bark": False}, "Puppy"),
        ({"animalKind": "Cat", "lives": 9}, "Cat"),
        ({"animalKind": "Dog", "bark": True}, "Dog"),
        ({"animalKind": "unicorn", "bark": 7}, "Animal"),
        ({"animalKind": "beast"}, "Animal"),
    ],
    ids=repr,
)
def test_an_answer_is_read_as_the_subtype_that_it_names(animal: dict[str, Any], name: str) -> None:
    package = package_of(ANIMALS)
    owner = {"pet": animal, "others": {"x": animal}}

    listed = call(package, "animals.list", answer=json_answer([animal])).result
    one = call(package, "animals.add", body={"animalKind": "x"}, answer=json_answer(animal)).result
    owned = call(package, "animals.own", answer=json_answer(owner)).result

    assert [kind(value) for value in (listed[0], one, owned.pet, owned.others["x"])] == [name] * 4
    assert (plain(listed), plain(one), plain(owned)) == ([animal], animal, owner)


def test_subtypes_are_read_inside_of_subtypes() -> None:
    package = package_of(ANIMALS)
    animal = {
        "animalKind": "dog",
        "friend": {"animalKind": "Puppy", "weeks": 1, "friend": {"animalKind": "Cat", "lives": 2}},
    }

    result = call(package, "animals.list", answer=json_answer([animal])).result[0]

    assert [kind(one) for one in (result, result.friend, result.friend.friend)] == ["Dog", "Puppy", "Cat"]
    assert plain(result) == animal


@pytest.mark.parametrize(
    "animal", [{"animalKind": "dog", "bark": "loud"}, {"animalKind": "Puppy", "weeks": None}], ids=repr
)
def test_what_does_not_fit_its_subtype_is_read_as_the_base_with_a_note(
    animal: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    package = alone(package_of(ANIMALS))

    with caplog.at_level(logging.WARNING):
        result = call(package, "animals.list", answer=json_answer([animal])).result[0]

    assert kind(result) == "Animal"
    assert plain(result) == animal
    [record, _] = [one for one in caplog.records if one.name == package.module.__name__]
    assert "'animalKind' names a subtype of Animal" in record.getMessage()
    assert "loud" not in record.getMessage()


def test_strict_validation_asks_the_schema_of_the_base_alone() -> None:
    package = package_of(ANIMALS)
    strict = {"validation": "strict"}

    odd = call(
        package, "animals.list", answer=json_answer([{"animalKind": "dog", "bark": "x"}]), settings=strict
    )
    assert kind(odd.result[0]) == "Animal"
    with pytest.raises(package.errors.ClientError):
        call(package, "animals.list", answer=json_answer([{"bark": True}]), settings=strict)


@pytest.mark.parametrize(
    "animal",
    [
        {"animalKind": "dog", "bark": True},
        {"animalKind": "Puppy", "weeks": 3, "bark": False},
        {"animalKind": "unicorn", "horn": {"length": 2}},
        {"animalKind": "dog", "friend": {"animalKind": "Cat", "lives": 1}},
    ],
    ids=repr,
)
def test_each_subtype_and_what_the_base_allows_can_be_sent_as_a_dict(animal: dict[str, Any]) -> None:
    owner = {"pet": animal, "others": {"x": animal}}

    assert call(ANIMALS, "animals.add", body=animal, answer=json_answer(animal)).json == animal
    assert call(ANIMALS, "animals.own", answer=json_answer({}), **owner).json == owner


def test_subtypes_can_be_sent_as_instances() -> None:
    package = package_of(ANIMALS)
    puppy = package.models.PuppyInput(animal_kind="Puppy", weeks=3)
    cat = {"animalKind": "Cat", "lives": 1, "new": "kept"}
    received = call(package, "animals.list", answer=json_answer([cat])).result[0]

    added = call(package, "animals.add", body=puppy, answer=json_answer(cat))
    assert added.json == {"animalKind": "Puppy", "weeks": 3}
    assert call(package, "animals.own", pet=received, answer=json_answer({})).json == {"pet": cat}


@pytest.mark.parametrize("animal", [{"bark": True}, {"animalKind": 5}, {"animalKind": None}, "dog"], ids=repr)
def test_what_the_base_refuses_is_refused(animal: Any) -> None:
    package = package_of(ANIMALS)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "animals.add", body=animal)


CLOSED = ANIMALS.replace(
    "      discriminator: {propertyName: animalKind", "      additionalProperties: false\n      discriminator: {propertyName: animalKind"
)  # fmt: skip


@pytest.mark.parametrize(
    "animal",
    [
        {"animalKind": "dog", "bark": True},
        {"animalKind": "Puppy", "weeks": 3, "bark": False},
        {"animalKind": "unicorn"},
        {"animalKind": "beast", "friend": {"animalKind": "Cat", "lives": 1}},
    ],
    ids=repr,
)
def test_subtypes_of_a_closed_base_keep_their_own_members(animal: dict[str, Any]) -> None:
    owner = {"pet": animal, "others": {"x": animal}}

    assert call(CLOSED, "animals.add", body=animal, answer=json_answer(animal)).json == animal
    assert call(CLOSED, "animals.own", answer=json_answer({}), **owner).json == owner


@pytest.mark.parametrize(
    "animal",
    [
        {"animalKind": "unicorn", "horn": 1},
        {"animalKind": "beast", "bark": True},
        {"animalKind": "dog", "friend": {"animalKind": "unicorn", "horn": 1}},
    ],
    ids=repr,
)
def test_what_no_subtype_is_named_for_is_the_closed_base(animal: dict[str, Any]) -> None:
    package = package_of(CLOSED)

    for method, given in (("add", {"body": animal}), ("own", {"pet": animal})):
        with pytest.raises(package.errors.RequestValidationError, match=r"Extra inputs|not described"):
            call(package, f"animals.{method}", **given)


def test_a_subtype_that_is_asked_for_by_itself_is_read_as_it_is() -> None:
    package = package_of(ANIMALS)

    result = call(package, "animals.dog", answer=json_answer({"animalKind": "Cat", "lives": 1})).result

    assert kind(result) == "Dog"


def test_subtypes_may_be_in_other_files() -> None:
    root = spec("""
    paths:
      /a:
        get:
          operationId: list
          tags: [animals]
          responses: {'200': {description: ok, content: {application/json: {schema: {$ref: 'base.yaml#/components/schemas/Animal'}}}}}
    components:
      schemas:
        Dog: {$ref: 'dogs.yaml'}
    """)
    base = """
components:
  schemas:
    Animal: {type: object, properties: {kind: {type: string}}, discriminator: {propertyName: kind, mapping: {lion: '#/components/schemas/Lion'}}}
    Lion: {allOf: [{$ref: '#/components/schemas/Animal'}, {properties: {mane: {type: boolean}}}]}
"""
    dogs = "{allOf: [{$ref: 'base.yaml#/components/schemas/Animal'}, {properties: {bark: {type: boolean}}}]}"
    package = package_from({"openapi.yaml": root, "base.yaml": base, "dogs.yaml": dogs})

    for tag, key in (("lion", "mane"), ("Dog", "bark")):
        result = call(package, "animals.list", answer=json_answer({"kind": tag, key: True})).result
        assert getattr(result, key) is True and kind(result) in ("Lion", "Dog", "Dogs")


def test_no_note_says_that_the_base_is_read_if_it_does_not_fit_either(
    caplog: pytest.LogCaptureFixture,
) -> None:
    package = alone(package_of(ANIMALS.replace("required: [animalKind]", "required: [animalKind, age]")))

    with caplog.at_level(logging.WARNING):
        answer = json_answer([{"animalKind": "Puppy"}])
        result = call(package, "animals.list", answer=answer).result[0]

    assert kind(result) == "Puppy"
    assert not [one for one in caplog.records if one.name == package.module.__name__]
    for name in ("age", "weeks"):
        with pytest.raises(package.errors.AbsentMemberError):
            getattr(result, name)


@pytest.mark.parametrize(
    ("animal", "place", "members"),
    [
        ({"animalKind": "unicorn", "friend": []}, "0.friend: ", []),
        ({"animalKind": "dog", "friend": []}, "0.friend: ", [" (as Dog.Dog)", " (as Dog.Animal)"]),
        ({"friend": {"animalKind": "unicorn", "friend": []}}, "0.friend.friend: ", []),
    ],
)
def test_errors_name_classes_and_places_and_nothing_else(
    animal: dict[str, Any], place: str, members: list[str]
) -> None:
    package = package_of(ANIMALS)

    with pytest.raises(package.errors.ResponseDecodeError) as raised:
        call(package, "animals.list", answer=json_answer([animal]))
    assert [text for text in (place, *members) if text not in str(raised.value)] == [], raised.value
    assert "[" not in str(raised.value)


NAMED = spec("""
security: []
paths:
  /key:
    get:
      operationId: fetch
      tags: [keys]
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Key'}}}}}
components:
  schemas:
    Key:
      type: object
      properties: {kty: {type: string}, status: {type: string}}
      discriminator:
        propertyName: kty
        mapping: {copy: '#/components/schemas/Copied', less: '#/components/schemas/Lesser', either: '#/components/schemas/Either'}
    Copied: {type: object, properties: {kty: {type: string}, status: {type: string}, e: {type: string}}}
    Lesser: {type: object, properties: {kty: {type: string}, x: {type: string}}}
    Either:
      oneOf: [{$ref: '#/components/schemas/First'}, {$ref: '#/components/schemas/Second'}]
    First: {type: object, required: [a], properties: {kty: {type: string}, a: {type: string}, status: {type: string}}}
    Second: {type: object, required: [b], properties: {kty: {type: string}, b: {type: string}, status: {type: string}}}
""")


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ({"kty": "copy", "status": "on", "e": "x"}, "Copied"),
        ({"kty": "either", "status": "on", "b": "x"}, "Second"),
        ({"kty": "less", "status": "on", "x": "x"}, "Key"),
    ],
)
def test_only_what_declares_all_of_the_base_takes_its_place(key: dict[str, Any], name: str) -> None:
    package = package_of(NAMED)

    result = call(package, "keys.fetch", answer=json_answer(key)).result

    assert (kind(result), result.status, plain(result)) == (name, "on", key)
    assert "status" not in (result.model_extra or {})
    told = [one for one in package.diagnostics if one.id == "contradicting-discriminator"]
    assert [one.place.pointer for one in told] == ["/components/schemas/Key/discriminator/mapping/less"]
