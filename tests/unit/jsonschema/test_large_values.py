"""Large values: what is wrong with them is found, and their beginnings are written, without building all of it."""

from __future__ import annotations

from collections.abc import Iterator

import jsonschema_rs
import pytest

from clientsmith.document.validation.violations import Violation
from clientsmith.json_values.codec import Value, write, write_beginning
from clientsmith.jsonschema import large_values


class Counted:
    """A validator that counts the errors that were asked of it."""

    def __init__(self, schema: dict[str, object]) -> None:
        self._validator = jsonschema_rs.validator_for(schema)
        self.errors = 0

    def is_valid(self, value: object) -> bool:
        return self._validator.is_valid(value)

    def iter_errors(self, value: object) -> Iterator[jsonschema_rs.ValidationError]:
        found = list(self._validator.iter_errors(value))
        self.errors += len(found)
        return iter(found)


ITEMS: dict[str, object] = {
    "properties": {
        "items": {"type": "array", "uniqueItems": True, "minItems": 3, "items": {"type": "integer"}}
    }
}


def found_in(schema: dict[str, object], value: Value) -> list[Violation]:
    validator = Counted(schema)
    assert large_values.is_large(value) and not validator.is_valid(value)
    found = large_values.violations_of_large(validator, value)  # type: ignore[arg-type]
    assert validator.errors <= large_values.LARGE
    return found


@pytest.mark.parametrize("index", [0, 49, 50, 7_123, 19_999])
def test_one_wrong_item_of_many_is_named(index: int) -> None:
    items: list[Value] = list(range(20_000))
    items[index] = "x"
    (found,) = found_in(ITEMS, {"items": items})
    assert (found.pointer, found.keyword) == (("items", str(index)), "type")


def test_many_wrong_items_are_named_by_the_first_ones() -> None:
    wrong: list[Value] = [str(number) for number in range(200_000)]
    assert found_in(ITEMS, {"items": wrong})[0].pointer == ("items", "0")
    assert found_in({"oneOf": [ITEMS, {"maxProperties": 0}]}, {"items": wrong})


def test_what_no_single_item_breaks_is_said_of_the_array_or_of_all() -> None:
    twice: list[Value] = [*range(10_000), 5]
    (found,) = found_in(ITEMS, {"items": twice})
    assert (found.pointer, found.message) == (("items",), "from item 10000 on, this array breaks its schema")
    members: dict[str, Value] = {f"k{number}": "x" for number in range(6_000)}
    (found,) = found_in({"additionalProperties": {"type": "integer"}}, members)
    assert (found.pointer, found.keyword) == ((), "too-large")


@pytest.mark.parametrize("value", [list(range(99)), {"a": ["x" * 99, {"b": None}]}, "é" * 50, [[]] * 40])
@pytest.mark.parametrize("length", [1, 7, 60, 10_000])
def test_the_beginning_of_a_text_is_written_without_the_rest(value: Value, length: int) -> None:
    whole, beginning = write(value), write_beginning(value, length)
    assert beginning[:length] == whole[:length]
    assert len(beginning) >= min(length, len(whole))
