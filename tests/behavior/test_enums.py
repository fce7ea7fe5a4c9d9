"""enum and const of every kind of value: closed in requests, open in responses."""

from __future__ import annotations

from typing import Any

import pytest

from clientsmith.config.model import Config
from tests.behavior.calls import call, json_answer, plain
from tests.behavior.packages import both_ways, package_from, package_of

DOCUMENT = both_ways("""
    Root:
      type: object
      properties:
        text: {type: string, enum: [a, B, "", "1", "two words", "None", "é", "quote\\"'", "back\\\\slash"]}
        number: {type: integer, enum: [1, 2, -3]}
        mixed: {enum: [one, 1, true, null]}
        fraction: {type: number, enum: [0.5, 1, 2.25]}
        truth: {type: boolean, enum: [true]}
        single: {type: string, const: fixed}
        count: {const: 3}
        nothing: {const: null}
        object: {const: {a: [1, {b: null}]}}
        objects: {enum: [{x: 1}, {y: 2}]}
        array: {const: [1, two]}
        zero: {enum: [0, false]}
        colliding: {type: string, enum: ['Europe/Paris', 'Europe_Paris', 'EUROPE PARIS', '+1', '-1']}
        listed: {type: array, items: {type: string, enum: [x, y]}}
        named: {$ref: '#/components/schemas/Named'}
    Named: {type: string, enum: [n, m]}
""")

VALID = [
    *({"text": value} for value in ("a", "B", "", "1", "two words", "None", "é", "quote\"'", "back\\slash")),
    *({"number": value} for value in (1, 2, -3)),
    *({"mixed": value} for value in ("one", 1, True, None)),
    *({"fraction": value} for value in (0.5, 1, 2.25)),
    {"truth": True}, {"single": "fixed"}, {"count": 3}, {"nothing": None}, {"object": {"a": [1, {"b": None}]}},
    {"objects": {"y": 2}}, {"array": [1, "two"]}, {"zero": 0}, {"zero": False},
    *({"colliding": value} for value in ("Europe/Paris", "Europe_Paris", "EUROPE PARIS", "+1", "-1")),
    {"listed": ["x", "y", "x"]}, {"named": "m"},
]  # fmt: skip


def _exactly(left: Any, right: Any) -> bool:
    """Equal as JSON, where 1, 1.0 and true are not one another."""
    return repr(left) == repr(right)


@pytest.mark.parametrize("value", VALID, ids=repr)
def test_a_listed_value_travels_both_ways(value: dict[str, Any]) -> None:
    exchange = call(DOCUMENT, "things.send", **value, answer=json_answer(value))

    assert _exactly(exchange.json, value)
    assert plain(exchange.result) == value


@pytest.mark.parametrize(
    "value",
    [
        {"text": "b"}, {"text": 1}, {"text": None}, {"number": 4}, {"number": "1"}, {"number": True}, {"mixed": "two"},
        {"mixed": False}, {"mixed": 2}, {"truth": False}, {"truth": 1}, {"single": "other"}, {"count": 4}, {"count": "3"},
        {"zero": 1}, {"zero": True}, {"listed": ["z"]}, {"named": "o"}, {"nothing": 1},
    ],
    ids=repr,
)  # fmt: skip
def test_a_value_that_is_not_listed_is_refused(value: dict[str, Any]) -> None:
    package = package_of(DOCUMENT)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", **value)


@pytest.mark.parametrize(
    "value",
    [
        {"text": "brand new"}, {"number": 99}, {"mixed": "later"}, {"truth": False}, {"single": "changed"},
        {"count": 4}, {"fraction": 7.5}, {"object": {"b": 1}}, {"objects": {"z": 3}}, {"array": []},
        {"listed": ["x", "new"]}, {"named": "new"}, {"zero": 2}, {"text": None},
    ],
    ids=repr,
)  # fmt: skip
def test_a_value_added_by_the_server_later_is_readable(value: dict[str, Any]) -> None:
    result = call(DOCUMENT, "things.send", answer=json_answer(value)).result

    assert plain(result) == value


EMPTY = both_ways("    Root: {type: object, properties: {none: {type: string, enum: []}}}\n")


def test_an_empty_enum_forbids_nothing() -> None:
    package = package_from({"openapi.yaml": EMPTY}, Config(allow_invalid=True))

    exchange = call(package, "things.send", none="x", answer=json_answer({"none": "y"}))

    assert (exchange.json, exchange.result.none) == ({"none": "x"}, "y")


@pytest.mark.parametrize(
    "value", [{"fraction": 7.5}, {"object": {"b": 1}}, {"objects": {"z": 3}}, {"array": []}], ids=repr
)
def test_values_that_no_literal_can_hold_are_checked_before_sending(value: dict[str, Any]) -> None:
    package = package_of(DOCUMENT)

    with pytest.raises(package.errors.RequestValidationError, match=r"is none of|is not the only value"):
        call(package, "things.send", **value)


OBJECTS = both_ways("""
    Root: {type: object, properties: {either: {allOf: [{enum: [{a: 1, b: 2}, {a: 3}]}, {type: object, properties: {a: {type: integer}}}]}}}
""")


def test_listed_objects_are_taken_whole_whatever_stands_beside_them() -> None:
    value = {"either": {"a": 1, "b": 2}}

    exchange = call(OBJECTS, "things.send", **value, answer=json_answer(value))

    assert (exchange.json, plain(exchange.result)) == (value, value)
