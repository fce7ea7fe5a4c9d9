"""Objects: what they take beyond their properties, and keys that are data."""

from __future__ import annotations

from typing import Any

import pytest

from tests.behavior.calls import call, json_answer, plain
from tests.behavior.packages import both_ways, package_of

DOCUMENT = both_ways("""
    Root:
      type: object
      properties:
        unsaid: {type: object, properties: {a: {type: string}}}
        open: {type: object, properties: {a: {type: string}}, additionalProperties: true}
        empty_schema: {type: object, properties: {a: {type: string}}, additionalProperties: {}}
        closed: {type: object, properties: {a: {type: string}}, additionalProperties: false}
        typed: {type: object, properties: {a: {type: string}}, additionalProperties: {type: integer}}
        map: {type: object, additionalProperties: {type: integer}}
        maps: {type: object, additionalProperties: {type: object, additionalProperties: {type: array, items: {type: string}}}}
        models: {type: object, additionalProperties: {$ref: '#/components/schemas/Inner'}}
        patterns: {type: object, patternProperties: {'^x-': {type: string}}}
        beside_patterns: {type: object, properties: {a: {type: string}}, patternProperties: {'^x-': {type: string}}}
        keys: {type: object, propertyNames: {pattern: '^[a-z]+$'}, additionalProperties: {type: integer}}
        free: {type: object}
        anything: {}
        true_schema: true
        untyped: {properties: {a: {type: string}}}
        only_required: {type: object, required: [a]}
        nothing: {type: object, additionalProperties: false}
        unevaluated: {type: object, properties: {a: {type: string}}, unevaluatedProperties: false}
    Inner: {type: object, required: [n], properties: {n: {type: integer}}}
""")

VALUES: list[dict[str, Any]] = [
    {"unsaid": {"a": "1"}}, {"open": {"a": "1", "b": [2]}}, {"empty_schema": {"b": None}}, {"closed": {"a": "1"}},
    {"typed": {"a": "1", "b": 2}}, {"map": {}}, {"map": {"any key": 1, "class": 2, "": 3, "é": 4}},
    {"maps": {"a": {"b": ["c"]}}}, {"models": {"x": {"n": 1}}}, {"patterns": {"x-a": "1"}},
    {"beside_patterns": {"a": "1", "x-b": "2"}}, {"keys": {"abc": 1}}, {"free": {"a": {"b": [1, None, True]}}}, {"free": {}},
    {"anything": {"a": 1}}, {"anything": [1, "x"]}, {"anything": None}, {"anything": "text"}, {"true_schema": 5},
    {"untyped": {"a": "1"}}, {"only_required": {"a": 1, "b": 2}}, {"nothing": {}}, {"unevaluated": {"a": "1"}},
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_objects_travel_both_ways(value: dict[str, Any]) -> None:
    exchange = call(DOCUMENT, "things.send", **value, answer=json_answer(value))

    assert exchange.json == value
    assert plain(exchange.result) == value


@pytest.mark.parametrize(
    "value",
    [
        {"closed": {"b": 1}}, {"map": {"a": "x"}}, {"map": {"a": None}}, {"maps": {"a": {"b": [1]}}}, {"models": {"x": {}}},
        {"models": {"x": {"n": 1, "typo": 2}}}, {"patterns": {"x-a": 1}}, {"unsaid": {"typo": 1}}, {"free": []},
        {"nothing": {"a": 1}}, {"unevaluated": {"b": 1}}, {"map": {1: 2}}, {"untyped": {"a": 1}},
    ],
    ids=repr,
)  # fmt: skip
def test_what_an_object_does_not_take_is_refused(value: dict[str, Any]) -> None:
    package = package_of(DOCUMENT)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", **value)


@pytest.mark.parametrize(
    "name",
    ["unsaid", "closed", "typed", "beside_patterns", "untyped", "nothing", "unevaluated", "free", "open"],
)
def test_keys_that_the_server_adds_are_kept(name: str) -> None:
    value = {name: {"a": "1", "new": {"deep": [1, None]}}, "also new": 5}

    result = call(DOCUMENT, "things.send", answer=json_answer(value)).result

    assert plain(result) == value


DIRECTIONS = """
    Root:
      type: object
      required: [id, secret, name]
      properties:
        id: {type: string, readOnly: true}
        created: {type: string, format: date-time, readOnly: true}
        secret: {type: string, writeOnly: true}
        name: {type: string}
        tags: {type: array, items: {$ref: '#/components/schemas/Tag'}}
        parent: {$ref: '#/components/schemas/Root'}
        stamp: {$ref: '#/components/schemas/Stamp'}
    Tag: {type: object, required: [key, id], properties: {key: {type: string}, id: {type: integer, readOnly: true}}}
    Stamp: {type: string, readOnly: true}
"""


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_read_only_properties_are_no_arguments_and_neither_required_nor_refused(version: str) -> None:
    package = package_of(both_ways(DIRECTIONS, version=version))

    exchange = call(
        package, "things.send", secret="s", name="n", tags=[{"key": "k"}], parent={"secret": "t", "name": "p"},
        answer=json_answer({"id": "1", "name": "n"}),
    )  # fmt: skip

    assert exchange.json == {
        "secret": "s",
        "name": "n",
        "tags": [{"key": "k"}],
        "parent": {"secret": "t", "name": "p"},
    }
    for extra in ({"id": "x"}, {"stamp": "s"}, {"created": "c"}):
        with pytest.raises(TypeError):
            call(package, "things.send", secret="s", name="n", **extra)
    tags = [{"key": "k", "id": 1}]
    sent = call(
        package, "things.send", secret="s", name="n", tags=tags, answer=json_answer({"id": "1", "name": "n"})
    )
    assert sent.json["tags"] == tags


def test_write_only_properties_are_not_expected_back() -> None:
    package = package_of(both_ways(DIRECTIONS))
    value = {
        "id": "1",
        "name": "n",
        "tags": [{"key": "k", "id": 5}],
        "parent": {"id": "2", "name": "p"},
        "stamp": "s",
    }

    result = call(package, "things.send", secret="s", name="n", answer=json_answer(value)).result

    assert plain(result) == value
    assert "secret" not in package.models.Root.model_fields


PETS = """
    Root: {type: object, required: [name], properties: {id: {type: integer, readOnly: true}, name: {type: string, maxLength: 5}, born: {type: string, format: date}, home: {$ref: '#/components/schemas/Home'}, friends: {type: array, items: {$ref: '#/components/schemas/Root'}}}}
    Home: {type: object, properties: {street: {type: string}}}
"""
WRAPPED_PETS = both_ways(
    PETS
    + "    Box: {type: object, required: [pet], properties: {pet: {$ref: '#/components/schemas/Root'}}}\n",
    root="Box",
)


def test_a_schema_used_both_ways_is_two_classes() -> None:
    package = package_of(both_ways(PETS))

    assert issubclass(package.models.Root, package.submodule("_runtime").ResponseModel)
    assert issubclass(package.models.RootInput, package.submodule("_runtime").RequestModel)


def test_what_was_received_can_be_passed_back_and_keeps_what_nobody_knew() -> None:
    pet = {
        "id": 7,
        "name": "Rex",
        "born": "2020-01-01",
        "home": {"street": "s", "zip": "1"},
        "chip": {"x": [1]},
        "friends": [{"name": "Mia", "age": 3}],
    }
    received = call(WRAPPED_PETS, "things.send", pet={"name": "x"}, answer=json_answer({"pet": pet})).result

    exchange = call(WRAPPED_PETS, "things.send", pet=received.pet, answer=json_answer({"pet": pet}))

    assert exchange.json == {"pet": pet}


def test_what_was_received_is_checked_before_it_is_sent() -> None:
    package = package_of(WRAPPED_PETS)
    received = call(
        package, "things.send", pet={"name": "x"}, answer=json_answer({"pet": {"name": "too long"}})
    ).result

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", pet=received.pet)


def test_models_dicts_and_both_mixed_give_the_same_bytes() -> None:
    package = package_of(WRAPPED_PETS)
    models = package.models
    as_dict = {"name": "a", "home": {"street": "s"}, "friends": [{"name": "b"}]}
    as_model = models.RootInput(
        name="a", home=models.HomeInput(street="s"), friends=[models.RootInput(name="b")]
    )
    mixed = {"name": "a", "home": models.HomeInput(street="s"), "friends": [models.Root(name="b")]}

    sent = {
        call(package, "things.send", pet=pet, answer=json_answer({"pet": as_dict})).content
        for pet in (as_dict, as_model, mixed)
    }

    assert len(sent) == 1
