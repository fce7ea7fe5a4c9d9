"""oneOf and anyOf: which variant is chosen, with and without a discriminator, and what stands beside a group."""

from __future__ import annotations

from typing import Any

import pytest

from tests.behavior.calls import call, json_answer, plain
from tests.behavior.packages import package_of, spec

PETS = spec("""
paths:
  /pets:
    get:
      operationId: list
      tags: [pets]
      responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}}
    post:
      operationId: create
      tags: [pets]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'204': {description: ok}}
  /implicit:
    get:
      operationId: implicit
      tags: [pets]
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Implicit'}}}}}
    post:
      operationId: send_implicit
      tags: [pets]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Implicit'}}}}
      responses: {'204': {description: ok}}
components:
  schemas:
    Pet:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Fish'}]
      discriminator:
        propertyName: kind
        mapping: {cat: '#/components/schemas/Cat', kitten: '#/components/schemas/Cat', dog: '#/components/schemas/Dog', fish: Fish}
    Cat: {type: object, required: [kind], properties: {kind: {type: string}, name: {type: string}, lives: {type: integer}}}
    Dog: {type: object, required: [kind], properties: {kind: {type: string}, name: {type: string}, tricks: {type: array, items: {type: string}}}}
    Fish: {type: object, required: [kind], properties: {kind: {type: string}, name: {type: string}}}
    Implicit:
      anyOf: [{$ref: '#/components/schemas/Fish'}, {$ref: '#/components/schemas/Dog'}]
      discriminator: {propertyName: kind}
""")


@pytest.mark.parametrize(
    ("kind", "name"), [("cat", "Cat"), ("kitten", "Cat"), ("dog", "Dog"), ("fish", "Fish")]
)
def test_the_discriminator_picks_the_variant(kind: str, name: str) -> None:
    package = package_of(PETS)
    pet = {"kind": kind, "name": "x", "extra": [1]}

    result = call(package, "pets.list", answer=json_answer([pet])).result

    assert type(result[0]) is getattr(package.models, name)
    assert plain(result) == [pet]


def test_a_variant_added_later_stays_readable() -> None:
    pet = {"kind": "dragon", "name": "x", "fire": {"hot": True}}

    result = call(PETS, "pets.list", answer=json_answer([pet])).result

    assert plain(result) == [pet]
    assert result[0].kind == "dragon"


@pytest.mark.parametrize("pet", [{"kind": 5}, {"kind": None}, {"name": "no kind"}, {}, "text", 7, None, []])
def test_what_fits_no_variant_is_read_or_reported_but_never_another_error(pet: Any) -> None:
    package = package_of(PETS)

    try:
        result = call(package, "pets.list", answer=json_answer([pet])).result
    except package.errors.ResponseDecodeError:
        return
    there = {key: value for key, value in pet.items() if value is not None}  # null without leave is absent
    assert plain(result) in ([there], [{}])


@pytest.mark.parametrize(("kind", "name"), [("Fish", "Fish"), ("Dog", "Dog")])
def test_without_a_mapping_schema_names_are_the_values(kind: str, name: str) -> None:
    package = package_of(PETS)

    result = call(package, "pets.implicit", answer=json_answer({"kind": kind, "name": "x"})).result

    assert type(result) is getattr(package.models, name)


def test_a_dict_is_sent_as_the_variant_that_its_mark_names() -> None:
    exchange = call(PETS, "pets.create", body={"kind": "dog", "tricks": ["sit"]})

    assert exchange.json == {"kind": "dog", "tricks": ["sit"]}


@pytest.mark.parametrize(
    "pet",
    [
        {"kind": "dog", "lives": 9},
        {"kind": "dragon"},
        {"kind": "fish", "tricks": []},
        {"name": "no kind"},
        {"kind": None},
    ],
    ids=repr,
)
def test_a_dict_that_fits_no_variant_is_refused(pet: dict[str, Any]) -> None:
    package = package_of(PETS)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "pets.create", body=pet)


def test_a_received_variant_can_be_sent_back_whole() -> None:
    pet = {"kind": "kitten", "lives": 8, "extra": {"kept": None}}
    received = call(PETS, "pets.list", answer=json_answer([pet])).result[0]

    assert call(PETS, "pets.create", body=received).json == pet


SHAPES = spec("""
paths:
  /s:
    post:
      operationId: send
      tags: [shapes]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Shape'}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Shape'}}}}}
components:
  schemas:
    Shape: {oneOf: [{$ref: '#/components/schemas/Circle'}, {$ref: '#/components/schemas/Square'}, {type: string}, {type: integer}, {type: array, items: {$ref: '#/components/schemas/Shape'}}, {type: 'null'}]}
    Circle: {type: object, required: [radius], properties: {radius: {type: number}}}
    Square: {type: object, required: [side], properties: {side: {type: number}}, additionalProperties: false}
""")


@pytest.mark.parametrize(
    "value",
    [{"radius": 1.5}, {"side": 2}, "text", "5", 5, [{"side": 1}, "x", [7]], None],
    ids=repr,
)
def test_variants_without_a_discriminator_go_by_their_shape(value: Any) -> None:
    package = package_of(SHAPES)

    exchange = call(package, "shapes.send", body=value, answer=json_answer(value))

    assert exchange.json == value
    assert plain(exchange.result) == value
    assert type(plain(exchange.result)) is type(value)
    if isinstance(value, dict):
        wanted = "Circle" if "radius" in value else "Square"
        assert type(exchange.result) is getattr(package.models, wanted)


@pytest.mark.parametrize("value", [{"radius": "1"}, {"edge": 1}, True, 1.5, [{"edge": 1}]], ids=repr)
def test_what_fits_no_variant_is_refused(value: Any) -> None:
    package = package_of(SHAPES)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "shapes.send", body=value)


BESIDE = spec("""
paths:
  /b:
    post:
      operationId: send
      tags: [things]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
  /r:
    post:
      operationId: contact
      tags: [things]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Contact'}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Contact'}}}}}
components:
  schemas:
    Thing:
      type: object
      required: [id]
      properties: {id: {type: string}, note: {type: string}}
      oneOf:
        - {title: Sized, type: object, required: [size], properties: {size: {type: integer}}}
        - {title: Weighed, type: object, required: [weight], properties: {weight: {type: integer}}}
    Contact:
      type: object
      properties: {email: {type: string}, phone: {type: string}}
      anyOf: [{required: [email]}, {required: [phone]}]
""")


@pytest.mark.parametrize("extra", [{"size": 1}, {"weight": 2}], ids=repr)
def test_properties_beside_a_group_belong_to_every_variant(extra: dict[str, int]) -> None:
    value = {"id": "i", "note": "n", **extra}

    exchange = call(BESIDE, "things.send", body=value, answer=json_answer({**value, "new": 1}))

    assert exchange.json == value
    assert plain(exchange.result) == {**value, "new": 1}
    assert (exchange.result.id, exchange.result.note) == ("i", "n")
    (name,) = extra
    assert getattr(exchange.result, name) == extra[name]


@pytest.mark.parametrize("value", [{"size": 1}, {"id": "i"}, {"id": 1, "size": 1}], ids=repr)
def test_what_stands_beside_a_group_is_checked_too(value: dict[str, Any]) -> None:
    package = package_of(BESIDE)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", body=value)


def test_a_group_of_requirements_leaves_one_class() -> None:
    package = package_of(BESIDE)

    exchange = call(package, "things.contact", email="e", answer=json_answer({"phone": "p"}))

    assert exchange.json == {"email": "e"}
    assert type(exchange.result) is package.models.Contact
    with pytest.raises(package.errors.RequestValidationError, match="fits none of 2 alternatives"):
        call(package, "things.contact")


TAGS = spec("""
paths:
  /t:
    post:
      operationId: send
      tags: [things]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Base'}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Either'}}}}}
components:
  schemas:
    Base:
      type: object
      required: [type]
      properties: {type: {type: string}, id: {type: string}}
      discriminator: {propertyName: type, mapping: {a: '#/components/schemas/A', b: '#/components/schemas/B'}}
    A: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {a: {type: string}}}]}
    B: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {b: {type: string}}}]}
    Either: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: type, mapping: {a: '#/components/schemas/A', b: '#/components/schemas/B'}}}
""")


def test_a_base_with_a_discriminator_and_its_subtypes() -> None:
    package = package_of(TAGS)

    body = {"type": "b", "b": "y", "id": "1"}
    exchange = call(package, "things.send", body=body, answer=json_answer({"type": "b", "b": "x", "id": "2"}))

    assert exchange.json == body
    assert type(exchange.result) is package.models.B
    assert (exchange.result.id, exchange.result.b) == ("2", "x")


IMPLIED = spec("""
paths:
  /i:
    post:
      operationId: send
      tags: [things]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
components:
  schemas:
    Thing: {anyOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Machine'}, {$ref: '#/components/schemas/Point'}, {$ref: '#/components/schemas/Circle'}]}
    Cat: {type: object, required: [kind], properties: {kind: {const: cat}, name: {type: string}}}
    Dog: {type: object, required: [kind], properties: {kind: {type: string, enum: [dog, puppy]}, name: {type: string}}}
    Machine: {anyOf: [{$ref: '#/components/schemas/Car'}, {$ref: '#/components/schemas/Boat'}]}
    Car: {type: object, required: [wheels], properties: {wheels: {type: integer}}}
    Boat: {type: object, required: [sails], properties: {sails: {type: integer}}}
    Point: {type: object, required: [x], properties: {x: {type: integer}, y: {type: integer}}}
    Circle: {type: object, required: [x], properties: {x: {type: integer}, y: {type: integer}, radius: {type: integer}}}
""")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"kind": "cat", "name": "a"}, "Cat"),
        ({"kind": "dog", "name": "a"}, "Dog"),
        ({"kind": "puppy"}, "Dog"),
        ({"wheels": 4}, "Car"),
        ({"sails": 1}, "Boat"),
        ({"x": 1, "y": 2}, "Point"),
        ({"x": 1, "y": 2, "radius": 3}, "Circle"),
    ],
    ids=repr,
)
def test_constants_and_properties_tell_variants_apart(value: dict[str, Any], name: str) -> None:
    package = package_of(IMPLIED)

    exchange = call(package, "things.send", body=value, answer=json_answer(value))

    assert exchange.json == value
    assert type(exchange.result) is getattr(package.models, name)


OVERLAPPING = spec("""
paths:
  /whole:
    post:
      operationId: whole
      tags: [contacts]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Contact'}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Contact'}}}}}
  /part:
    post:
      operationId: part
      tags: [contacts]
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [to], properties: {to: {type: array, items: {anyOf: [{$ref: '#/components/schemas/Mail'}, {$ref: '#/components/schemas/Post'}, {type: string}]}}}}}}}
      responses: {'204': {description: ok}}
  /beside:
    post:
      operationId: beside
      tags: [contacts]
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: integer}}, anyOf: [{$ref: '#/components/schemas/Mail'}, {$ref: '#/components/schemas/Post'}]}}}}
      responses: {'204': {description: ok}}
  /tagged:
    post:
      operationId: tagged
      tags: [contacts]
      requestBody: {required: true, content: {application/json: {schema: {anyOf: [{$ref: '#/components/schemas/Left'}, {$ref: '#/components/schemas/Right'}], discriminator: {propertyName: side}}}}}
      responses: {'204': {description: ok}}
components:
  schemas:
    Contact: {anyOf: [{$ref: '#/components/schemas/Mail'}, {$ref: '#/components/schemas/Post'}, {$ref: '#/components/schemas/Sealed'}]}
    Mail: {type: object, required: [mail], properties: {mail: {type: string}, note: {type: string}, inner: {$ref: '#/components/schemas/Sealed'}}}
    Post: {type: object, required: [streetName], properties: {streetName: {type: string}, weight: {type: number, format: decimal}}}
    Sealed: {type: object, required: [seal], properties: {seal: {type: integer}}, additionalProperties: false}
    Left: {type: object, required: [side], properties: {side: {type: string}, a: {type: integer}}}
    Right: {type: object, required: [side], properties: {side: {type: string}, b: {type: integer}}}
""")


@pytest.mark.parametrize(
    "value",
    [
        {"mail": "m", "streetName": "s"},
        {"note": "n", "streetName": "s", "weight": 2},
        {"mail": "m", "inner": {"seal": 1}, "streetName": "s"},
        {"mail": "m", "weight": "of another kind, which only the other member would mind"},
        {"mail": "m", "seal": 1},
        {"mail": 5, "streetName": "s"},
        {"seal": 1},
    ],
    ids=repr,
)
def test_an_object_that_fits_several_members_is_sent_and_read_whole(value: dict[str, Any]) -> None:
    exchange = call(OVERLAPPING, "contacts.whole", body=value, answer=json_answer(value))

    assert exchange.json == value
    assert list(exchange.json) == list(value)
    assert plain(exchange.result) == value


@pytest.mark.parametrize(
    "value",
    [
        {"note": "n"},
        {"mail": "m", "streetNmae": "s"},
        {"mail": "m", "inner": {"seal": 1, "more": 2}, "streetName": 7},
        {"seal": 1, "mail": 5},
        {"mail": None, "weight": 1},
    ],
    ids=repr,
)
def test_what_fits_no_member_or_is_declared_by_none_is_refused(value: dict[str, Any]) -> None:
    package = package_of(OVERLAPPING)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "contacts.whole", body=value)


def test_an_object_may_fit_several_members_inside_lists_and_beside_properties() -> None:
    both = {"mail": "m", "streetName": "s"}

    assert call(OVERLAPPING, "contacts.part", to=[both, "text", {"mail": "m"}]).json == {
        "to": [both, "text", {"mail": "m"}]
    }
    assert call(OVERLAPPING, "contacts.beside", body={"id": 1, **both}).json == {"id": 1, **both}


def test_python_names_of_another_member_are_written_as_on_the_wire() -> None:
    exchange = call(
        OVERLAPPING, "contacts.whole", body={"mail": "m", "street_name": "s"}, answer=json_answer({"seal": 1})
    )

    assert exchange.json == {"mail": "m", "streetName": "s"}


def test_what_was_read_is_sent_back_with_the_properties_of_both_members() -> None:
    value = {"mail": "m", "streetName": "s", "new": [None]}
    received = call(OVERLAPPING, "contacts.whole", body={"seal": 1}, answer=json_answer(value)).result

    assert call(OVERLAPPING, "contacts.whole", body=received, answer=json_answer(value)).json == value


@pytest.mark.parametrize(
    "value", [{"side": "Left", "a": 1, "b": 2}, {"side": "Right", "b": 1, "a": "x"}], ids=repr
)
def test_the_member_that_a_tag_names_takes_the_properties_of_others(value: dict[str, Any]) -> None:
    assert call(OVERLAPPING, "contacts.tagged", body=value).json == value


@pytest.mark.parametrize(
    "value", [{"side": "Left", "a": "x", "b": 1}, {"side": "Up"}, {"side": None}], ids=repr
)
def test_the_member_that_a_tag_names_decides_alone(value: dict[str, Any]) -> None:
    package = package_of(OVERLAPPING)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "contacts.tagged", body=value)


ALONE = spec("""
paths:
  /cat:
    post:
      operationId: cat
      tags: [pets]
      requestBody: {required: true, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Cat'}}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Cat'}}}}}
  /pet:
    post:
      operationId: pet
      tags: [pets]
      requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {pet: {$ref: '#/components/schemas/Pet'}}}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {type: object, additionalProperties: {$ref: '#/components/schemas/Pet'}}}}}}
components:
  schemas:
    Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: petKind, mapping: {cat: Cat, dog: Dog, hound: Dog}}}
    Cat: {type: object, required: [petKind], properties: {petKind: {type: string}, lives: {type: integer}}}
    Dog: {type: object, required: [petKind], properties: {petKind: {type: string, enum: [dog, wolf]}, name: {type: string}}}
""")


def test_a_member_by_itself_takes_any_tag_that_its_own_schema_allows() -> None:
    exchange = call(
        ALONE, "pets.cat", body=[{"petKind": "tiger"}], answer=json_answer({"petKind": "dog", "lives": 9})
    )

    assert exchange.json == [{"petKind": "tiger"}]
    assert (exchange.result.pet_kind, exchange.result.lives) == ("dog", 9)


@pytest.mark.parametrize("pet", [{"petKind": "cat", "lives": 1}, {"pet_kind": "dog"}], ids=repr)
def test_a_tag_binds_where_the_union_is_written(pet: dict[str, Any]) -> None:
    assert call(ALONE, "pets.pet", pet=pet, answer=json_answer({})).json == {
        "pet": {"petKind" if key == "pet_kind" else key: value for key, value in pet.items()}
    }


@pytest.mark.parametrize(
    "pet", [{"petKind": "tiger"}, {"pet_kind": "Cat"}, {"petKind": "hound"}, {"petKind": "wolf"}]
)
def test_a_tag_that_the_union_does_not_know_is_refused_there(pet: dict[str, Any]) -> None:
    package = package_of(ALONE)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "pets.pet", pet=pet)
    with pytest.raises(package.errors.RequestValidationError):
        call(package, "pets.pet", pet=package.models.CatInput(pet_kind="tiger"))


def test_a_tag_binds_where_the_union_is_read() -> None:
    package = package_of(ALONE)
    pets = {"a": {"petKind": "dog", "lives": 1}, "b": {"petKind": "tiger", "name": 5}}

    result = call(package, "pets.pet", answer=json_answer(pets)).result

    assert plain(result) == pets
    assert type(result["a"]) is package.models.Dog
    assert type(result["b"]) is package.models.Cat


CONTRADICTING = spec("""
paths:
  /pet:
    post:
      operationId: pet
      tags: [pets]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'204': {description: ok}}
components:
  schemas:
    Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind, mapping: {cat: Cat, dog: Dog}}}
    Cat: {type: object, required: [kind], properties: {kind: {const: CAT}, lives: {type: integer}}}
    Dog: {type: object, required: [kind], properties: {kind: {type: string, enum: [Dog, dog]}}}
""")


def test_a_mapping_against_the_listed_values_leaves_what_the_schema_allows() -> None:
    package = package_of(CONTRADICTING)

    assert call(package, "pets.pet", body={"kind": "CAT", "lives": 1}).json == {"kind": "CAT", "lives": 1}
    assert call(package, "pets.pet", body={"kind": "dog"}).json == {"kind": "dog"}
    [warning] = [one for one in package.diagnostics if one.id == "contradicting-discriminator"]
    assert warning.place.pointer == "/components/schemas/Pet/discriminator/mapping/cat"


PLACES = spec("""
paths:
  /boxes:
    get:
      operationId: fetch
      tags: [s]
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Box'}}}}}
    post:
      operationId: send
      tags: [s]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Box'}}}}
      responses: {'204': {description: ok}}
components:
  schemas:
    Box: {type: object, properties: {list: {type: array, items: {$ref: '#/components/schemas/Item'}}, one: {$ref: '#/components/schemas/Item'}}}
    Item:
      oneOf: [{$ref: '#/components/schemas/Left'}, {$ref: '#/components/schemas/Right'}]
      discriminator: {propertyName: kind}
    Left: {type: object, properties: {kind: {type: string}, any member: {type: integer}}}
    Right: {type: object, properties: {kind: {type: string}, any member: {type: integer}}}
""")


@pytest.mark.parametrize(
    ("given", "pointer", "place", "member"),
    [
        ({"one": {"any member": "x"}}, "/one/any member", "one.any member: ", "Left"),
        ({"list": [{}, {"any member": "x"}]}, "/list/1/any member", "list.1.any member: ", "Left"),
        ({"one": {"kind": "Right", "any member": "x"}}, "/one/any member", "one.any member: ", "Right"),
    ],
)
def test_errors_name_members_and_steps_and_nothing_else(
    given: dict[str, Any], pointer: str, place: str, member: str
) -> None:
    package = package_of(PLACES)

    with pytest.raises(package.errors.RequestValidationError) as refused:
        call(package, "s.send", **given)
    assert place in str(refused.value) and f"(as {member}Input)" in str(refused.value)
    assert refused.value.problems[0].pointer == pointer
    with pytest.raises(package.errors.ResponseDecodeError) as undecodable:
        call(package, "s.fetch", answer=json_answer(given))
    assert f": {place}" in str(undecodable.value) and f"(as {member})" in str(undecodable.value)


NESTED = spec("""
paths:
  /things:
    get:
      operationId: fetch
      tags: [s]
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/All'}}}}}
components:
  schemas:
    All: {type: object, properties: {one: {$ref: '#/components/schemas/Outer'}, list: {type: array, items: {$ref: '#/components/schemas/Bare'}}}}
    Bare:
      oneOf: [{$ref: '#/components/schemas/Loose'}, {$ref: '#/components/schemas/Third'}]
      discriminator: {propertyName: kind, mapping: {loose: '#/components/schemas/Loose', third: '#/components/schemas/Third'}}
    Loose: {oneOf: [{$ref: '#/components/schemas/First'}, {$ref: '#/components/schemas/Second'}]}
    Outer:
      oneOf: [{$ref: '#/components/schemas/Tagged'}, {$ref: '#/components/schemas/Third'}]
      discriminator: {propertyName: kind, mapping: {tagged: '#/components/schemas/Tagged', third: '#/components/schemas/Third'}}
    Tagged:
      description: Described too.
      oneOf: [{$ref: '#/components/schemas/First'}, {$ref: '#/components/schemas/Second'}]
      discriminator: {propertyName: sort, mapping: {first: '#/components/schemas/First', second: '#/components/schemas/Second'}}
    First: {type: object, required: [a], properties: {kind: {type: string}, sort: {type: string}, a: {type: string}}}
    Second: {type: object, required: [b], properties: {kind: {type: string}, sort: {type: string}, b: {type: string}}}
    Third: {type: object, required: [c], properties: {kind: {type: string}, c: {type: string}}}
""")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"kind": "tagged", "sort": "second", "b": "x"}, "Second"),
        ({"kind": "third", "c": "x"}, "Third"),
        ({"kind": "loose", "a": "x"}, "First"),
    ],
)
def test_unions_of_unions_are_read_and_written_before_they_are_named(
    value: dict[str, Any], name: str
) -> None:
    package = package_of(NESTED)
    answer = {"list": [value]} if name == "First" else {"one": value}

    result = call(package, "s.fetch", answer=json_answer(answer)).result

    assert plain(result) == answer
    assert type(result.list_[0] if name == "First" else result.one) is getattr(package.models, name)
    source = (package.folder / "models.py").read_text(encoding="utf-8")
    order = {one: source.index(f"\n{one} = TypeAliasType(") for one in ("Bare", "Loose", "Outer", "Tagged")}
    assert order["Loose"] < order["Bare"] and order["Tagged"] < order["Outer"]
