"""Compares schemas pair by pair: an old one, a new one and a direction, once each, however many ways lead there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from clientsmith.diff.rules import rules
from clientsmith.diff.wire.differences import Difference
from clientsmith.diff.wire.homes import Homes, holder_of, place_beside, same_place
from clientsmith.diff.wire.schema.meaning import Meanings
from clientsmith.diff.wire.schema.model import Alternative, Direction, Schema, SchemaKey, is_below
from clientsmith.diff.wire.schema.normal import SchemaNormalizer
from clientsmith.document.model import Node
from clientsmith.jsonschema.shape import Part

PairKey: TypeAlias = tuple[SchemaKey, SchemaKey, Direction, bool, str]
_UNKNOWN = {
    True: ("property-removed", "required-property-removed"),
    False: ("property-added", "required-property-added"),
}
"""Rules of properties that the other side does not know."""
_FORMATS = ("format-added", "format-changed", "format-narrowed", "format-removed", "format-widened")
"""Rules of what no validator has to refuse, and callers count on."""
_MOST_TRIED = 300
"""Pairs that are looked at to see whether one schema allows all that another one does."""


@dataclass(slots=True)
class Pair:
    """Two schemas of the same place, what they differ in by themselves, and the pairs inside them.

    `is_text` if values are written as text without quotes, so that a number is a text too. `kind` is the only JSON
    type whose values count, if what is around the place allows no others. `members` are those of unions on both sides.
    """

    old: Schema
    new: Schema
    direction: Direction
    is_text: bool
    kind: str = ""
    findings: dict[Difference, None] = field(default_factory=dict[Difference, None])
    inner: dict[PairKey, None] = field(default_factory=dict[PairKey, None])
    members: list[tuple[Alternative, Alternative]] = field(
        default_factory=list[tuple[Alternative, Alternative]]
    )
    is_compared: bool = False

    @property
    def key(self) -> PairKey:
        """What distinguishes it from other pairs."""
        return self.old.key, self.new.key, self.direction, self.is_text, self.kind


class SchemaPairs:
    """The pairs of two documents."""

    def __init__(
        self,
        old: SchemaNormalizer,
        new: SchemaNormalizer,
        compare_schemas: Callable[[PairReport], None],
        compare_alternatives: Callable[[PairReport, Alternative, Alternative], None],
    ) -> None:
        self.old = old
        self.new = new
        self._compare_schemas = compare_schemas
        self._compare_alternatives = compare_alternatives
        self.meanings = Meanings()
        self.known: dict[PairKey, Pair] = {}

    def pair(
        self, old: Schema, new: Schema, direction: Direction, *, is_text: bool = False, kind: str = ""
    ) -> Pair:
        """The pair of two schemas; it is compared when it is asked for what it found."""
        pair = Pair(old, new, direction, is_text, kind)
        return self.known.setdefault(pair.key, pair)

    def compared(self, key: PairKey) -> Pair:
        """A pair with what it found."""
        pair = self.known[key]
        if not pair.is_compared:
            pair.is_compared = True
            self._compare_schemas(PairReport(self, pair))
        return pair

    def differs(self, pair: Pair) -> bool:
        """Whether anything is found in a pair, or in one inside it."""
        return not self._is_clean([pair.key], lambda finding: True)

    def fits(
        self,
        old: Alternative,
        new: Alternative,
        direction: Direction,
        *,
        forward: bool,
        named: bool = False,
        known: frozenset[str] = frozenset(),
    ) -> bool:
        """Whether a new alternative allows all that an old one does; without `forward`, the reverse.

        If `named`, it has to know each property by its name too, and to have the same formats. Objects may have the
        names that are `known`, so that it must not say anything of these in addition.
        """
        unknown = (*_UNKNOWN[forward], *_FORMATS) if named else ()
        if (new.is_whole and not old.is_whole) if forward else (old.is_whole and not new.is_whole):
            return False
        trial = Pair(old.schema, new.schema, direction, is_text=False)
        self._compare_alternatives(PairReport(self, trial), old, new)

        def says_more(finding: Difference) -> bool:
            said = finding.new if forward else finding.old
            is_more = finding.rule == _UNKNOWN[not forward][0] and finding.name in known
            return is_more and said is not None and said.value not in (True, {})

        if any(map(says_more, trial.findings)):
            return False

        def matters(finding: Difference) -> bool:
            return finding.rule in unknown or (finding.narrows if forward else finding.widens)

        return not any(map(matters, trial.findings)) and self._is_clean(trial.inner, matters)

    def fits_alone(self, old: Alternative, new: Alternative, direction: Direction, *, forward: bool) -> bool:
        """As `fits`, of members of unions without what holds beside these."""
        return self.fits(
            alone(self.old, old, direction), alone(self.new, new, direction), direction, forward=forward
        )

    def verdict(self, pair: Pair) -> tuple[bool, bool] | None:
        """Whether the new schema refuses values of the old one, and allows others; None if that is undecided."""
        found = list[Difference]()

        def note(finding: Difference) -> bool:
            found.append(finding)
            return rules()[finding.rule].undecided

        if not self._is_clean([pair.key], note):
            return None
        return any(one.narrows for one in found), any(one.widens for one in found)

    def _is_clean(self, start: Iterable[PairKey], matters: Callable[[Difference], bool]) -> bool:
        """Whether nothing that matters is found from some pairs on; too many pairs to look at count as a finding."""
        waiting, seen = list(start), set[PairKey]()
        while waiting:
            key = waiting.pop()
            if key in seen:
                continue
            seen.add(key)
            if len(seen) > _MOST_TRIED:
                return False
            pair = self.compared(key)
            if any(matters(finding) for finding in pair.findings):
                return False
            waiting.extend(pair.inner)
        return True


def alone(side: SchemaNormalizer, one: Alternative, direction: Direction) -> Alternative:
    """A member of a union without what holds beside the union."""
    schema = Schema(one.schema.place, one.schema.nodes)
    own = side.allowed(schema, direction).kinds.get(one.kind, ()) if one.schema.flat else ()
    return own[0] if len(own) == 1 else one


def changed_in(old: Iterable[Part], new: Iterable[Part], keywords: Iterable[str]) -> tuple[Node, Node] | None:
    """The schema objects of the same place that say one of the keywords in another way, or of which only one does."""
    known = {part.node.pointer: part.node for part in new}
    keywords = tuple(keywords)
    for part in old:
        other = known.get(part.node.pointer)
        if other is not None and any(
            part.node.mapping.get(one) != other.mapping.get(one) for one in keywords
        ):
            return part.node, other
    return None


@dataclass(frozen=True, slots=True)
class PairReport:
    """Collects what a pair differs in."""

    pairs: SchemaPairs
    pair: Pair

    @property
    def direction(self) -> Direction:
        """That of the messages."""
        return self.pair.direction

    @property
    def union_place(self) -> Node:
        """Where a union of either side is: a side without one may only refer to a component there."""
        way = self.pairs.new.way(self.pair.new)
        pointer = self.pair.old.place.pointer
        return next((node for node in way if node.pointer == pointer), self.pair.new.place)

    def tell(self, finding: Difference) -> None:
        """Note a difference of these two schemas themselves."""
        self.pair.findings[finding] = None

    def places_of(self, old: Alternative, new: Alternative, *stated: Node | None) -> Homes:
        """The schema objects that say something on either side, or would say it: there it is reported once.

        Without these it is where the alternatives are, or the union beside whose members it is said. What only one side
        says, in an object that the other side does not have, is reported there.
        """
        before, after = (*stated, None, None)[:2]
        holders = holder_of(old.parts, before), holder_of(new.parts, after)
        homes = (
            holders[0] or same_place(old.parts, holders[1]),
            holders[1] or same_place(new.parts, holders[0]),
        )
        if homes[0] is not None and homes[1] is not None:
            return Homes(homes[0], homes[1], homes[1])
        if (before is not None and old.schema.says_beside(before)) or (
            after is not None and new.schema.says_beside(after)
        ):
            return self.aligned(self.pair.old, self.pair.new)
        found = self.aligned_alternatives(old, new)
        for holder, own, other in zip(holders, (old, new), reversed(holders), strict=True):
            if holder is not None and other is None and not is_below(holder, own.schema.place):
                return found._replace(at=holder)
        return found

    def aligned_alternatives(self, old: Alternative, new: Alternative) -> Homes:
        """As `aligned`, of the schemas of two alternatives."""
        uses = (replace(one.schema, use=next(iter(one.entries), None)) for one in (old, new))
        return self.aligned(*uses)

    def aligned(self, old: Schema, new: Schema) -> Homes:
        """The places of two schemas of this pair, or of members of its unions.

        If one says something beside a reference to the other, the place of the other is where that reference is.
        """
        old, new = (
            around if around.key == one.key else one
            for one, around in ((old, self.pair.old), (new, self.pair.new))
        )
        new_place = place_beside(self.pairs.old, old, self.pairs.new, new) or new.place
        old_place = place_beside(self.pairs.new, new, self.pairs.old, old) or old.place
        return Homes(old_place, new_place, new_place)

    def compare(
        self,
        old: Iterable[Node],
        new: Iterable[Node],
        places: tuple[Node, Node],
        *,
        is_text: bool = False,
        kind: str = "",
    ) -> None:
        """Note a pair inside this one."""
        pair = self.inner(old, new, places, is_text=is_text, kind=kind)
        self.pair.inner[pair.key] = None

    def inner(
        self,
        old: Iterable[Node],
        new: Iterable[Node],
        places: tuple[Node, Node],
        *,
        is_text: bool = False,
        kind: str = "",
    ) -> Pair:
        """A pair inside this one that is not noted yet."""
        sides = self.pairs.old.schema(old, places[0]), self.pairs.new.schema(new, places[1])
        return self.pairs.pair(*sides, self.direction, is_text=is_text, kind=kind)
