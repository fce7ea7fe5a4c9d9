"""Says whether some value fits several members of a union."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TypeAlias

from clientsmith.diff.wire.schema.limits import combined, fits, is_contradiction
from clientsmith.diff.wire.schema.members import names_of, of_item, of_name, places_of
from clientsmith.diff.wire.schema.model import Alternative, Limit
from clientsmith.diff.wire.schema.normal import SchemaNormalizer
from clientsmith.document.model import Node
from clientsmith.jsonschema.satisfiability.disjoint import Pairs

Several: TypeAlias = tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Overlaps:
    """Says of members of a union of one side whether some value fits several of them.

    Values with names that the other side does not declare do not count: users of the other side do not send them.
    """

    side: SchemaNormalizer
    names: frozenset[str]
    known: Pairs = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", Pairs(self.side.reader, frozenset()))

    def verdict(self, several: Several) -> bool | None:
        """True or False if it is certain."""
        if any(one.is_free for one in several) and len(several) == 2:
            return True
        if several[0].kind in ("number", "string"):
            return _scalars_overlap(several)
        places = [one.schema.place for one in several]
        if any(self.known.are_disjoint(*pair) for pair in combinations(places, 2)):
            return False
        if several[0].kind == "object":
            is_sure = self._objects_overlap(several)
        else:
            is_sure = len(several) == 2 and self._arrays_overlap(several)
        if is_sure is False and several[0].kind == "object":
            return False
        return (
            True
            if is_sure or (len(places) == 2 and self.known.surely_overlap(places[0], places[1]))
            else None
        )

    def leaves_out(self, several: Several, other: Alternative) -> bool:
        """Whether it is certain that some value of those that fit several members does not fit another one."""
        shared, known = listed_in(several), listed_in((*several, other))
        if shared is not None and known is not None:
            return bool(shared - known)
        is_apart = any(self.verdict((one, other)) is False for one in several)
        return is_apart or bool(needs((other,)) - needs(several))

    def _objects_overlap(self, several: Several) -> bool | None:
        members = [one.members for one in several if one.members is not None]
        needed = needs(several)
        inner = [self.inner_verdict([of_name(one, name) for one in members]) for name in needed]
        if needed - self.names or False in inner:
            return False
        is_simple = not any(one.limits or one.conditions or one.values is not None for one in several)
        is_simple = is_simple and not any(one.names or one.dependent for one in members)
        return True if is_simple and None not in inner else None

    def _arrays_overlap(self, several: Several) -> bool:
        if any(one.conditions or one.values is not None for one in several):
            return False
        limits = combined(several[0].limits, several[1].limits)
        inner = [self.inner_verdict(one) for one in inner_of(several, several)]
        return (
            not is_contradiction(limits) and "uniqueItems" not in limits and inner.count(True) == len(inner)
        )

    def inner_verdict(self, schemas: Sequence[list[Node]]) -> bool | None:
        """Whether some value fits the schemas that several members have for a property or an item."""
        every = [one for listed in schemas for one in listed]
        if any(one.value is False for one in every):
            return False
        if any(
            self.known.are_disjoint(one, other)
            for first, second in combinations(schemas, 2)
            for one in first
            for other in second
        ):
            return False
        distinct = list({one.identity: one for one in every}.values())
        if len(distinct) < 2:
            return True
        return True if len(distinct) == 2 and self.known.surely_overlap(distinct[0], distinct[1]) else None


def needs(several: Several) -> set[str]:
    """The names that an object which fits several members needs to have."""
    return {name for one in several if one.members is not None for name in one.members.required}


def inner_of(several: Several, others: Several) -> list[list[list[Node]]]:
    """The schemas of each property and item that all the members know; `others` are the same members elsewhere."""
    members = [one.members for one in (*several, *others) if one.members is not None]
    names = set[str].intersection(*map(names_of, members)) if members else set[str]()
    named = [[of_name(one, name) for one in members[: len(several)]] for name in sorted(names)]
    count = max(places_of(one.rows) for one in (*several, *others))
    items = [[of_item(one.rows, place) for one in several] for place in (*range(count), None)]
    return [*named, *items]


def _scalars_overlap(several: Several) -> bool | None:
    if any(one.conditions or one.encoding != several[0].encoding for one in several):
        return None
    shared = listed_in(several)
    if shared is not None:
        return bool(shared)
    limits: dict[str, Limit] = {}
    for one in several:
        limits = combined(limits, one.limits)
    if is_contradiction(limits):
        return False
    is_simple = not any(one.patterns for one in several) and limits.get("multipleOf") in (None, 1)
    return True if is_simple else None


def listed_in(several: Several) -> set[Hashable] | None:
    """The values that fit several members, if one of them lists its values."""
    listed = [one.values for one in several if one.values is not None]
    if not listed:
        return None
    free = [one for one in several if one.values is None]
    return {
        key
        for key, value in listed[0].items()
        if all(key in other for other in listed)
        and all(fits(one.kind, value, one.limits, one.patterns) for one in free)
    }
