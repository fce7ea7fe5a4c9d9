"""Places inside a value: which there are, what is at one, and the value with something else there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias, cast

from clientsmith.document.model import Node
from clientsmith.json_values.codec import Value
from clientsmith.traffic.check import MessageChecker

Path: TypeAlias = "tuple[str | int, ...]"
_DEEPEST = 60


class TypedPlace(NamedTuple):
    """A place inside a value, what its schema is, and what is there now."""

    path: Path
    schema: Node | None
    value: Value


def typed_places(
    checker: MessageChecker, schema: Node | None, value: Value, path: Path = ()
) -> Iterator[TypedPlace]:
    """Every place of a value that has a schema of its own, the value first; of items with one schema the first."""
    yield TypedPlace(path, schema, value)
    branches = checker.branches
    if len(path) >= _DEEPEST:
        return
    if isinstance(value, dict):
        inner = {key: branches.property(schema, key) for key in value}
        if not value and (more := branches.additional(schema)) is not None:
            inner = {"key": more}
        for key, one in inner.items():
            yield from typed_places(checker, one, value.get(key), (*path, key))
    elif isinstance(value, list):
        known = set[object]()
        for index, item in enumerate(value or [None]):
            one = branches.item(schema, index)
            identity = None if one is None else one.identity
            if identity not in known:
                known.add(identity)
                yield from typed_places(checker, one, item, (*path, index))


def at(value: object, path: Path) -> object:
    """What is at a place; None if nothing is."""
    for step in path:
        inner = dict(enumerate(cast("list[object]", value))) if isinstance(value, list) else value
        value = cast("dict[str | int, object]", inner).get(step)
    return value


def put(value: object, path: Path, new: object) -> Any:
    """A copy of a value with something else at a place."""
    if not path:
        return new
    inner = put(at(value, path[:1]), path[1:], new)
    step = path[0]
    if isinstance(step, int):
        items = list(cast("list[object]", value))
        items[step : step + 1] = [inner]
        return items
    return {**cast("dict[str, object]", value), step: inner}
