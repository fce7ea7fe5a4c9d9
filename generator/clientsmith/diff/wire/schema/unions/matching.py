"""Finds which member of an old union is which of a new one: by meaning and by names, never by position."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from clientsmith.diff.wire.schema.members import names_of
from clientsmith.diff.wire.schema.model import Allowed, Alternative
from clientsmith.diff.wire.schema.pairs import PairReport, alone
from clientsmith.document.model import Node, Pointer
from clientsmith.openapi.likeness import most_alike

_DEPTH = 4
"""How far members of a union are compared to see whether they mean the same."""


@dataclass(slots=True)
class Matching:
    """Pairs of members, and those of each side that are left; `ties` are among them."""

    pairs: list[tuple[Alternative, Alternative]] = field(
        default_factory=list[tuple[Alternative, Alternative]]
    )
    old: list[Alternative] = field(default_factory=list[Alternative])
    new: list[Alternative] = field(default_factory=list[Alternative])
    ties: list[Alternative] = field(default_factory=list[Alternative])
    _entries: dict[bool, frozenset[Node]] = field(default_factory=dict[bool, frozenset[Node]], init=False)

    def entries(self, *, is_old: bool) -> frozenset[Node]:
        """Where unions of one side list members that the other side has too."""
        if is_old not in self._entries:
            members = (pair[0] if is_old else pair[1] for pair in self.pairs)
            self._entries[is_old] = frozenset(entry for one in members for entry in one.entries)
        return self._entries[is_old]

    def match(self, keys: Callable[[Alternative, int], Iterable[Hashable]]) -> None:
        """Pair members that alone on their side have a key in common."""
        by_key: list[dict[Hashable, list[Alternative]]] = [{}, {}]
        for index, members in enumerate((self.old, self.new)):
            for one in members:
                for key in keys(one, index):
                    by_key[index].setdefault(key, []).append(one)
        for key, mine in by_key[0].items():
            theirs = by_key[1].get(key, [])
            if len(mine) == 1 and len(theirs) == 1:
                self._pair(mine[0], theirs[0])

    def match_same(self) -> None:
        """Pair members that are written the same at the same place, whose meaning need not be looked for."""
        places = {one.schema.place.pointer: one for one in self.new if one.schema.is_single}
        for one in list(self.old):
            other = places.get(one.schema.place.pointer) if one.schema.is_single else None
            if other is not None and one.schema.place.value == other.schema.place.value:
                self._pair(one, other)

    def match_equal(self, keys: Callable[[Alternative, int], Hashable]) -> None:
        """Pair members that have the same key; it does not matter which of those that are equal."""
        waiting: dict[Hashable, list[Alternative]] = {}
        for one in self.new:
            waiting.setdefault(keys(one, 1), []).append(one)
        for one in list(self.old):
            theirs = waiting.get(keys(one, 0))
            if theirs:
                self._pair(one, theirs.pop(0))

    def match_alike(self) -> None:
        """Pair members that are each other's most alike; of several that are equally alike none."""
        names = ({one: _names(one) for one in members} for members in (self.old, self.new))
        pairs, ties = most_alike(*names)
        for mine, theirs in pairs:
            self._pair(mine, theirs)
        self.ties = [one for pair in ties for one in pair]

    def match_last(self) -> None:
        """Pair what is left if it is one of each side and no object, which would have names to be known by."""
        if len(self.old) == len(self.new) == 1 and self.old[0].kind != "object":
            self._pair(self.old[0], self.new[0])

    def _pair(self, mine: Alternative, theirs: Alternative) -> None:
        if mine in self.old and theirs in self.new:
            self.old.remove(mine)
            self.new.remove(theirs)
            self.pairs.append((mine, theirs))


def matched(report: PairReport, old: Sequence[Alternative], new: Sequence[Alternative]) -> Matching:
    """The members of one JSON type of both sides."""
    matching = Matching(old=list(old), new=list(new))
    if len(old) == len(new) == 1:
        return Matching([(old[0], new[0])])
    matching.match_same()
    sides, meanings = (report.pairs.old, report.pairs.new), report.pairs.meanings
    matching.match_equal(
        lambda one, index: meanings.of_alternative(sides[index], one, report.direction, _DEPTH)
    )
    matching.match_equal(
        lambda one, index: meanings.of_alternative(
            sides[index], alone(sides[index], one, report.direction), report.direction, _DEPTH
        )
    )
    matching.match(lambda one, _: sorted(one.tags))
    matching.match(lambda one, _: [one.schema.place.pointer] if _is_referred(one) else [])
    matching.match(lambda one, _: [title] if (title := one.schema.place.text("title")) else [])
    matching.match(lambda one, _: [names] if (names := _names(one)) else [])
    matching.match_alike()
    matching.match_last()
    return matching


def covered_pairs(
    matching: Matching, old: Iterable[Alternative], new: Iterable[Alternative]
) -> list[tuple[Alternative, Alternative]]:
    """Members that both sides list and only one side needs, taken out of those that are left.

    What holds beside a union may make one of its members cover another one; that is the change then.
    """
    found: list[tuple[Alternative, Alternative]] = []
    for one in list(matching.old):
        other = _listed_too(one, new)
        if other is not None:
            matching.old.remove(one)
            found.append((one, other))
    for one in list(matching.new):
        other = _listed_too(one, old)
        if other is not None:
            matching.new.remove(one)
            found.append((other, one))
    return found


def _listed_too(one: Alternative, others: Iterable[Alternative]) -> Alternative | None:
    place = one.schema.place
    covered = (inner for other in others for inner in other.covered)
    return next(
        (
            inner
            for inner in covered
            if inner.schema.place.pointer == place.pointer and inner.schema.place.value == place.value
        ),
        None,
    )


def compared_apart(report: PairReport, old: Allowed, new: Allowed) -> tuple[Allowed, Allowed]:
    """Both sides without the components that are members of both and have no JSON type in common any more.

    These are compared as what they are; in a list of the members of one type they would be gone and new.
    """
    sides = _components(old), _components(new)
    apart = {
        pointer
        for pointer in sides[0].keys() & sides[1].keys()
        if not {one.kind for one in sides[0][pointer]} & {one.kind for one in sides[1][pointer]}
    }
    for pointer in sorted(apart):
        mine, theirs = sides[0][pointer][0].schema, sides[1][pointer][0].schema
        report.compare(mine.nodes, theirs.nodes, (mine.place, theirs.place))
    return _without(old, apart), _without(new, apart)


def _components(side: Allowed) -> dict[Pointer, list[Alternative]]:
    """The members that are components, by pointer."""
    found: dict[Pointer, list[Alternative]] = {}
    for one in (one for alternatives in side.kinds.values() for one in alternatives):
        if _is_referred(one):
            found.setdefault(one.schema.place.pointer, []).append(one)
    return found


def _without(side: Allowed, apart: set[Pointer]) -> Allowed:
    if not apart:
        return side
    kinds = {
        kind: tuple(one for one in found if not one.entries or one.schema.place.pointer not in apart)
        for kind, found in side.kinds.items()
    }
    return replace(side, kinds={kind: found for kind, found in kinds.items() if found})


def _is_referred(one: Alternative) -> bool:
    """Whether a reference leads to a member, so that its place is a name of its own."""
    place = one.schema.place
    return bool(one.entries) and place.pointer[: len(one.entries[0].pointer)] != one.entries[0].pointer


def union_names(alternatives: Iterable[Alternative]) -> frozenset[str]:
    """The names of properties that members of a union speak of."""
    return frozenset(name for one in alternatives for name in _names(one))


def _names(one: Alternative) -> frozenset[str]:
    return frozenset() if one.members is None else frozenset(names_of(one.members))
