"""What is wrong with a large value, found without making an error of each of its parts.

The validator lists all errors at once, each with a copy of what it is about: 200,000 wrong items take seconds and a
gigabyte. Saying whether a value is valid takes microseconds, so a place is searched for with that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

import jsonschema_rs

from clientsmith.document.model import Pointer
from clientsmith.document.validation.violations import Violation, violations
from clientsmith.json_values.codec import Value

LARGE = 5_000
"""Values in a value from which on it is large."""
_KEPT_ITEMS = 50
_ABOUT_LENGTH = frozenset({"minItems", "contains", "minContains"})
"""Keywords that complain about an array because it was cut."""
_Path = tuple[str | int, ...]


class Validator(Protocol):
    """What says whether a value is valid, and why not."""

    def is_valid(self, value: Value, /) -> bool:
        """Whether the value is valid."""
        ...

    def iter_errors(self, value: Value, /) -> Iterator[jsonschema_rs.ValidationError]:
        """What is wrong with it."""
        ...


def is_large(value: Value) -> bool:
    """Whether a value holds so many values that its errors should not be listed as they are."""
    return sum(1 for _ in zip(range(LARGE + 1), _walk(value), strict=False)) > LARGE


def violations_of_large(validator: Validator, value: Value) -> list[Violation]:
    """Violations of an invalid value: those near the start of its arrays, else one of the first wrong item."""
    return (
        _near_the_start(validator, value)
        or _in_the_longest_array(validator, value)
        or [Violation("too-large", (), "this breaks its schema; it is too large to say where")]
    )


def _near_the_start(validator: Validator, value: Value) -> list[Violation]:
    shortened = _cut(value)
    if is_large(shortened) or validator.is_valid(shortened):
        return []
    found = violations(validator.iter_errors(shortened))
    return [one for one in found if one.keyword not in _ABOUT_LENGTH]


def _in_the_longest_array(validator: Validator, value: Value) -> list[Violation]:
    """Beginnings of the array are checked for the shortest one that is wrong: its last item is."""
    nowhere: tuple[_Path, list[Value]] = ((), [])
    path, items = max(_arrays(value), key=lambda found: len(found[1]), default=nowhere)
    valid, invalid = min(_KEPT_ITEMS, len(items)), len(items)
    if not validator.is_valid(_with(value, path, items[:valid])):
        return []
    while invalid - valid > 1:
        middle = (valid + invalid) // 2
        if validator.is_valid(_with(value, path, items[:middle])):
            valid = middle
        else:
            invalid = middle
    found = _near_the_start(validator, _with(value, path, items[invalid - 1 : invalid]))
    pointer = tuple(str(step) for step in path)
    if not found:
        said = f"from item {invalid - 1} on, this array breaks its schema"
        return [Violation("too-large", pointer, said)]
    return [replace(one, pointer=_moved(one.pointer, pointer, invalid - 1)) for one in found]


def _moved(pointer: Pointer, array: Pointer, index: int) -> Pointer:
    """The place of something in the only item of an array, if that item were at `index`."""
    if pointer[: len(array)] != array or len(pointer) == len(array):
        return pointer
    return (*array, str(index), *pointer[len(array) + 1 :])


def _cut(value: Value) -> Value:
    """A value with the first items of its arrays only."""
    if isinstance(value, dict):
        return {key: _cut(member) for key, member in value.items()}
    return [_cut(item) for item in value[:_KEPT_ITEMS]] if isinstance(value, list) else value


def _with(value: Value, path: _Path, items: list[Value]) -> Value:
    """A value with other items in the array at a path; shares everything else."""
    if not path:
        return items
    step, rest = path[0], path[1:]
    if isinstance(value, dict):
        return {**value, str(step): _with(value[str(step)], rest, items)}
    if isinstance(value, list) and isinstance(step, int):
        return [*value[:step], _with(value[step], rest, items), *value[step + 1 :]]
    return value


def _arrays(value: Value) -> Iterator[tuple[_Path, list[Value]]]:
    waiting: list[tuple[_Path, Value]] = [((), value)]
    while waiting:
        path, outer = waiting.pop()
        if isinstance(outer, dict):
            waiting.extend(((*path, key), inner) for key, inner in outer.items() if _is_container(inner))
        elif isinstance(outer, list):
            yield path, outer
            waiting.extend(
                ((*path, index), inner) for index, inner in enumerate(outer) if _is_container(inner)
            )


def _walk(value: Value) -> Iterator[Value]:
    waiting = [value]
    while waiting:
        outer = waiting.pop()
        yield outer
        if isinstance(outer, dict):
            waiting.extend(outer.values())
        elif isinstance(outer, list):
            waiting.extend(outer)


def _is_container(value: Value) -> bool:
    return isinstance(value, dict | list)
