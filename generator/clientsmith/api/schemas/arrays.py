"""Arrays: tuples if each place has a type and there are one or a few lengths, else lists.

With `items: false` alone an array may still be shorter than `prefixItems` (JSON Schema Core 10.3.1): each length that
is valid is a tuple of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from clientsmith.api.model.expressions import union
from clientsmith.api.model.types import ANY, ListType, Positions, TupleType, TypeExpr
from clientsmith.api.schemas.sources import TypeSource
from clientsmith.api.schemas.values import ValueReader
from clientsmith.document.model import Node
from clientsmith.document.uses import Direction
from clientsmith.jsonschema.bounds import COUNTS
from clientsmith.jsonschema.shape import Shape

_LONGEST = 16
_MOST_LENGTHS = 6
"""Longer arrays, and those with more lengths, are lists, as nobody would read their tuple types."""


@dataclass(frozen=True, slots=True)
class ArrayReader:
    """Reads arrays; `lower_all` gives the type of what several schemas say at once, under a suffix."""

    values: ValueReader
    lower: Callable[[Node, Direction], TypeExpr]
    lower_all: Callable[[TypeSource, str, list[Node], Direction], TypeExpr]

    def read(self, source: TypeSource, shape: Shape, direction: Direction) -> TypeExpr:
        """The type of an array."""
        lengths = tuple_lengths(shape)
        if lengths is None:
            found = self._any_item(shape, direction)
            return self.values.constrained(ListType(union(found)), shape, direction, COUNTS)
        items = [self._item(source, shape, index, direction) for index in range(lengths[-1])]
        return union(TupleType(tuple(items[:length])) for length in reversed(lengths))

    def positions(self, source: TypeSource, shape: Shape, direction: Direction) -> Positions | None:
        """The types by place of an array that is a list."""
        if not by_position(shape):
            return None
        first = (self._item(source, shape, index, direction) for index in range(len(shape.prefix)))
        others = [self.lower(node, direction) for node in shape.items if node.value is not False]
        return Positions(tuple(first), union(others))

    def _any_item(self, shape: Shape, direction: Direction) -> list[TypeExpr]:
        found = [self.lower(node, direction) for node in shape.any_item]
        return [*found, ANY] if shape.prefix and not shape.items else found

    def _item(self, source: TypeSource, shape: Shape, index: int, direction: Direction) -> TypeExpr:
        nodes = shape.of_item(index)
        return self.lower_all(source, f"items/{index}", nodes, direction) if nodes else ANY


def tuple_lengths(shape: Shape) -> range | None:
    """The lengths that a tuple may have; None for a list."""
    closed = any(node.value is False for node in shape.items)
    longest = shape.bounds.count("maxItems")
    if closed:
        longest = len(shape.prefix) if longest is None else min(longest, len(shape.prefix))
    elif not shape.prefix:
        return None
    shortest = shape.bounds.count("minItems") or 0
    if longest is None or longest > _LONGEST or not 0 <= longest - shortest < _MOST_LENGTHS:
        return None
    return range(shortest, longest + 1)


def by_position(shape: Shape) -> bool:
    """Whether an array is a list whose first items have types of their own."""
    return "array" in shape.kinds and bool(shape.prefix) and tuple_lengths(shape) is None
