"""Arrays: tuples if each place has a type and there are one or a few lengths, else lists. Maps: dicts.

With `items: false` alone an array may still be shorter than `prefixItems` (JSON Schema Core 10.3.1): each length that
is valid is a tuple of its own. A map may tell its members apart by patterns of their names.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from clientsmith.api.model.expressions import union
from clientsmith.api.model.types import ANY, ListType, MapType, MemberType, Positions, TupleType, TypeExpr
from clientsmith.api.schemas.sources import Sources, TypeSource
from clientsmith.api.schemas.values import ValueReader
from clientsmith.api.under_conditions import is_beyond
from clientsmith.document.model import Node
from clientsmith.document.uses import Direction
from clientsmith.jsonschema.bounds import COUNTS
from clientsmith.jsonschema.pattern_syntax import to_rust
from clientsmith.jsonschema.patterned import MemberKind, member_kinds
from clientsmith.jsonschema.satisfiability.contradictions import Contradictions
from clientsmith.jsonschema.shape import Shape

_LONGEST = 16
_MOST_LENGTHS = 6
"""Longer arrays, and those with more lengths, are lists, as nobody would read their tuple types."""


_Lower: TypeAlias = Callable[[Node, Direction], TypeExpr]
_LowerAll: TypeAlias = Callable[[TypeSource, str, list[Node], Direction], TypeExpr]
"""Gives the type of what several schemas say at once, under a suffix."""


@dataclass(frozen=True, slots=True)
class ArrayReader:
    """Reads arrays."""

    values: ValueReader
    lower: _Lower
    lower_all: _LowerAll

    def read(self, source: TypeSource, shape: Shape, direction: Direction) -> TypeExpr:
        """The type of an array."""
        lengths = tuple_lengths(shape)
        if lengths is None:
            found = self._any_item(source, shape, direction)
            return self.values.constrained(ListType(union(found)), source, shape, direction, COUNTS)
        items = [self._item(source, shape, index, direction) for index in range(lengths[-1])]
        return union(TupleType(tuple(items[:length])) for length in reversed(lengths))

    def positions(self, source: TypeSource, shape: Shape, direction: Direction) -> Positions | None:
        """The types by place of an array that is a list."""
        if not by_position(shape):
            return None
        first = (self._item(source, shape, index, direction) for index in range(len(shape.prefix)))
        others = [self.lower(node, direction) for node in shape.items if node.value is not False]
        return Positions(tuple(first), union(others))

    def _any_item(self, source: TypeSource, shape: Shape, direction: Direction) -> list[TypeExpr]:
        found = [self._item(source, shape, index, direction) for index in range(len(shape.prefix))]
        rest = [node for node in shape.items if node.value is not False or not shape.prefix]
        found += together(self, source, "items/item", rest, direction)
        return [*found, ANY] if shape.prefix and not shape.items else found

    def _item(self, source: TypeSource, shape: Shape, index: int, direction: Direction) -> TypeExpr:
        nodes = shape.of_item(index)
        return self.lower_all(source, f"items/{index}", nodes, direction) if nodes else ANY


@dataclass(frozen=True, slots=True)
class MapReader:
    """Reads objects whose members have no names in the document."""

    sources: Sources
    lower: _Lower
    lower_all: _LowerAll
    alternatives: AbstractSet[str]
    """The keys of the sources that unions choose from by names of members."""

    def read(self, source: TypeSource, shape: Shape, direction: Direction) -> TypeExpr:
        """The type of a map."""
        kinds = [kind for kind in self.kinds(source, shape, direction) if not kind.is_forbidden]
        if kinds:
            return MapType(union(self._member(source, kind, direction) for kind in kinds))
        if shape.additional_allowed or not (shape.additional or shape.closed):
            return MapType(ANY)
        others = {"additionalProperties/value": shape.additional}
        for node in shape.patterned:
            if node.value is not False:
                others.setdefault(f"patternProperties/{node.key}", []).append(node)
        found = (together(self, source, suffix, nodes, direction) for suffix, nodes in others.items())
        return MapType(union(chain.from_iterable(found)))

    def kinds(self, source: TypeSource, shape: Shape, direction: Direction) -> tuple[MemberKind, ...]:
        """The kinds of members that a map tells apart by name.

        Forbidden ones matter to an answer, which is read with whatever they are, and to a choice between objects.
        """
        is_map = "object" in shape.kinds and bool(shape.patterned) and not shape.properties
        with_forbidden = direction == "response" or source.component or source.key in self.alternatives
        parts = (*source.parts, *self.sources.under_patterns.get(source.key, ()))
        return member_kinds(self.sources.reader, parts, with_forbidden=with_forbidden) if is_map else ()

    def by_name(self, source: TypeSource, shape: Shape, direction: Direction) -> tuple[MemberType, ...]:
        """The types of members by the patterns that their names match."""
        members = (
            MemberType(
                tuple(dict.fromkeys(str(to_rust(pattern)) for pattern in kind.patterns)),
                self._member(source, kind, direction),
                kind.is_forbidden,
            )
            for kind in self.kinds(source, shape, direction)
        )
        return tuple({one.patterns: one for one in members}.values())

    def _member(self, source: TypeSource, kind: MemberKind, direction: Direction) -> TypeExpr:
        """The type of the members of a kind; any if there can be none: the check of the whole schema says so."""
        if not kind.schemas or kind.is_forbidden or (len(kind.schemas) > 1 and self._contradict(kind)):
            return ANY
        return self.lower_all(
            source, f"patternProperties/{' '.join(kind.patterns)}", list(kind.schemas), direction
        )

    def _contradict(self, kind: MemberKind) -> bool:
        """Whether no value satisfies all schemas of a kind, which then is one of names that nobody uses."""
        schemas = (self.sources.reader.canonical(schema)[0] for schema in kind.schemas)
        parts = [part for schema in schemas for part in self.sources.reader.parts(schema)]
        shape = self.sources.reader.shape(parts)
        return shape.is_impossible or any(Contradictions(self.sources.reader, parts, shape).found())


def together(
    reader: ArrayReader | MapReader,
    source: TypeSource,
    suffix: str,
    nodes: list[Node],
    direction: Direction,
) -> list[TypeExpr]:
    """The types of what several schemas say of one part: one type only where a condition adds to the others.

    Merged wherever two schemas meet, types of schemas that lead to each other would grow without end.
    """
    if any(map(is_beyond, nodes)):
        return [reader.lower_all(source, suffix, nodes, direction)]
    return [reader.lower(node, direction) for node in nodes]


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
