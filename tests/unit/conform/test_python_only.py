"""Objects that only Python has: what they are made from, and the places that they are put into."""

from __future__ import annotations

import enum
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from clientsmith.conform.inputs.places import at, put, typed_places
from clientsmith.conform.inputs.python_only import (
    ITERATOR,
    Amount,
    Items,
    Members,
    Real,
    Text,
    Whole,
    as_members,
    as_subclass,
)
from clientsmith.traffic.check import MessageChecker
from tests.security.dear_documents import document, resolved

VALUE: Any = {"text": "a", "numbers": [1, 0.5, Decimal("1.10")], "flag": True, "nothing": None}


def test_instances_of_subclasses_equal_what_they_stand_for_and_say_something_else() -> None:
    made: Any = as_subclass(VALUE)

    assert made == VALUE
    assert [type(one) for one in (made, made["text"], made["numbers"], *made["numbers"])] == [
        Members, Text, Items, Whole, Real, Amount,
    ]  # fmt: skip
    assert "a" not in {f"{made['text']}", str(made["text"])} and int(made["numbers"][0]) != 1
    assert made["flag"] is True and made["nothing"] is None


def test_members_of_enumerations_equal_what_they_stand_for_and_print_their_names() -> None:
    made: Any = as_members(VALUE)

    assert made == VALUE and made["flag"] is True
    assert isinstance(made["text"], enum.Enum) and isinstance(made["numbers"][0], enum.IntEnum | enum.Enum)
    assert str(made["text"]) == "Member.ONE"


def test_an_iterator_is_made_anew_each_time() -> None:
    assert [list(ITERATOR.make([1, 2])) for _ in range(2)] == [[1, 2], [1, 2]]  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((), "new"),
        (("a",), {"a": "new", "b": [1, {"c": 2}]}),
        (("b", 1, "c"), {"a": 0, "b": [1, {"c": "new"}]}),
        (("b", 0), {"a": 0, "b": ["new", {"c": 2}]}),
        (("b", 2), {"a": 0, "b": [1, {"c": 2}, "new"]}),
        (("d",), {"a": 0, "b": [1, {"c": 2}], "d": "new"}),
    ],
)
def test_something_is_put_at_a_place_of_a_copy(path: Any, expected: object) -> None:
    value = {"a": 0, "b": [1, {"c": 2}]}

    assert put(value, path, "new") == expected
    assert value == {"a": 0, "b": [1, {"c": 2}]}
    assert at(expected, path) == "new"


def test_each_typed_place_is_found_once(tmp_path: Path) -> None:
    texts = {"type": "array", "items": {"type": "string"}}
    pair = {
        "type": "array",
        "prefixItems": [{"type": "string"}, {"type": "number"}],
        "items": {"type": "boolean"},
    }
    named = {"type": "object", "additionalProperties": {"type": "string"}}
    schema = {"type": "object", "properties": {"list": texts, "pair": pair, "map": named, "none": texts}}
    checker = MessageChecker(resolved(document(schema), tmp_path))
    [operation] = checker.operations
    node = operation.body_contents["application/json"].get("schema")
    value: Any = {"list": ["a", "b"], "pair": ["a", 1, True, True], "map": {}, "none": []}

    assert [place.path for place in typed_places(checker, node, value)] == [
        (), ("list",), ("list", 0), ("pair",), ("pair", 0), ("pair", 1), ("pair", 2), ("map",), ("map", "key"),
        ("none",), ("none", 0),
    ]  # fmt: skip
