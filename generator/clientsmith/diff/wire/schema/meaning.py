"""Numbers that are equal for schemas of equal meaning, in whichever of two documents they are, down to a depth."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from clientsmith.diff.wire.schema.implied import (
    asks_nothing,
    fits_name,
    keeps_dependent,
    keeps_names,
    possible_names,
    said_formats,
    said_limits,
    values_of,
)
from clientsmith.diff.wire.schema.members import (
    names_of,
    of_item,
    of_name,
    of_others,
    of_pattern,
    patterns_of,
    places_of,
    refuses_all,
)
from clientsmith.diff.wire.schema.model import (
    IMPLICATIONS,
    Allowed,
    Alternative,
    Condition,
    Direction,
    Members,
    Schema,
    SchemaKey,
)
from clientsmith.diff.wire.schema.normal import SchemaNormalizer
from clientsmith.document.model import Node

DEEP = 12
"""How far the schemas of conditions are compared."""


class Meanings:
    """Gives out the numbers; those of two documents are the same if both are asked for at one of these."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._known: dict[tuple[int, SchemaKey, Direction, int, str], int] = {}

    def of(self, side: SchemaNormalizer, schema: Schema, direction: Direction, depth: int) -> int:
        """That of a schema; whatever is deeper counts as equal."""
        if depth <= 0:
            return 0
        says = schema.nodes or schema.flat
        key = (id(side) if says else 0, schema.key if says else (), direction, depth, "")
        known = self._known.get(key)
        if known is None:
            allowed = side.allowed(schema, direction)
            kinds = frozenset(
                (kind, frozenset(self.of_alternative(side, one, direction, depth) for one in alternatives))
                for kind, alternatives in allowed.kinds.items()
            )
            known = self._known[key] = self._number((kinds, self._of_union(side, allowed, direction, depth)))
        return known

    def _of_union(
        self, side: SchemaNormalizer, allowed: Allowed, direction: Direction, depth: int
    ) -> Hashable:
        """What a union says beside its members."""
        tag = "" if allowed.discriminator is None else allowed.discriminator.text("propertyName")
        return bool(allowed.exclusive), tag

    def of_alternative(
        self, side: SchemaNormalizer, one: Alternative, direction: Direction, depth: int
    ) -> int:
        """That of one alternative."""
        conditions = (
            self.of_condition(side, condition, direction, depth - 1)
            for condition in one.conditions
            if condition.keyword not in IMPLICATIONS
            or not asks_nothing(one, side.allowed(condition.schemas[-1], direction))
        )
        values = values_of(one)
        return self._number(
            (
                one.kind,
                None if values is None else frozenset(values),
                frozenset(said_limits(one).items()),
                (one.patterns, said_formats(one), one.encoding, one.media),
                frozenset(conditions),
                None if one.members is None else self._members(side, one, one.members, direction, depth - 1),
                self._rows(side, one, direction, depth - 1),
                one.tags if one.is_tagged else None,
            )
        )

    def of_condition(self, side: SchemaNormalizer, one: Condition, direction: Direction, depth: int) -> int:
        """That of a keyword that is not taken apart."""
        if one.values:
            return self._number((one.keyword, one.values))
        if one.kind and depth > 0:
            asked = (self.of_kind(side, schema, one.kind, direction, depth) for schema in one.schemas)
            return self._number((one.keyword, tuple(asked)))
        inner = frozenset(
            self.of(side, side.schema(schema.nodes, schema.place), direction, depth) for schema in one.schemas
        )
        return self._number((one.keyword, one.text, frozenset(one.limits.items()), inner))

    def of_kind(
        self, side: SchemaNormalizer, schema: Schema, kind: str, direction: Direction, depth: int
    ) -> int:
        """That of what a schema says of values of one JSON type."""
        key = (id(side), schema.key, direction, depth, kind)
        known = self._known.get(key)
        if known is None:
            allowed = side.allowed(schema, direction)
            found = allowed.kinds.get(kind, ())
            alternatives = frozenset(self.of_alternative(side, one, direction, depth) for one in found)
            known = self._known[key] = self._number(
                (alternatives, self._of_union(side, allowed, direction, depth))
            )
        return known

    def _members(
        self, side: SchemaNormalizer, one: Alternative, members: Members, direction: Direction, depth: int
    ) -> Hashable:
        def number(nodes: Iterable[Node]) -> int:
            return self.of(side, side.schema(nodes, one.schema.place), direction, depth)

        is_closed = any(map(refuses_all, of_others(members)))
        named = (
            (name, name in members.required, number(of_name(members, name)))
            for name in names_of(members) - members.hidden
            if not is_closed or name in members.required or not any(map(refuses_all, of_name(members, name)))
        )
        patterned = ((name, number(of_pattern(members, name))) for name in patterns_of(members))
        return (
            frozenset(named),
            frozenset(patterned),
            number(of_others(members)),
            number(
                () if members.names and self._are_names_kept(side, one, members, direction) else members.names
            ),
            frozenset(pair for pair in members.dependent if not keeps_dependent(members, *pair)),
        )

    def _are_names_kept(
        self, side: SchemaNormalizer, one: Alternative, members: Members, direction: Direction
    ) -> bool:
        names = side.allowed(side.schema(members.names, one.schema.place), direction)
        is_refused = any(fits_name(names, name) is False for name in possible_names(members) or ())
        return not is_refused and keeps_names(members, names, names)

    def _rows(self, side: SchemaNormalizer, one: Alternative, direction: Direction, depth: int) -> Hashable:
        def number(place: int | None) -> int:
            return self.of(side, side.schema(of_item(one.rows, place), one.schema.place), direction, depth)

        first = [number(place) for place in range(places_of(one.rows))]
        is_all = bool(first) and one.limits.get("maxItems") == len(first)
        others = first[-1] if is_all else number(None)  # there is no other item
        while first and first[-1] == others:
            first.pop()
        return *first, others

    def _number(self, value: Hashable) -> int:
        return self._numbers.setdefault(value, len(self._numbers) + 1)
