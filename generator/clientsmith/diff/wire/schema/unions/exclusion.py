"""Compares what `oneOf` adds to a union: a value that fits two members is refused, unless a discriminator decides."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

from clientsmith.diff.wire.differences import Difference
from clientsmith.diff.wire.schema.limits import combined, fits, is_contradiction, is_tighter
from clientsmith.diff.wire.schema.members import names_of, of_item, of_name, places_of
from clientsmith.diff.wire.schema.model import Allowed, Alternative, Members
from clientsmith.diff.wire.schema.normal import SchemaNormalizer
from clientsmith.diff.wire.schema.pairs import PairReport
from clientsmith.diff.wire.schema.unions.matching import Matching, union_names
from clientsmith.document.model import Node
from clientsmith.jsonschema.satisfiability.disjoint import Pairs

_MOST_COMPARED = 50
_Two = tuple[Alternative, Alternative]


def compare_exclusion(report: PairReport, old: Allowed, new: Allowed, matching: Matching) -> None:
    """Tell whether values that fit two members are refused now, or no longer."""
    if not (old.exclusive or new.exclusive):
        return
    names = [union_names(side.kinds.get("object", ())) for side in (new, old)]
    sides = _Overlaps(report.pairs.old, names[0]), _Overlaps(report.pairs.new, names[1])
    before, after = list(_pairs(old)), list(_pairs(new))
    changed: list[tuple[bool | None, bool | None]] = []
    if old.exclusive and new.exclusive:
        before, after = _with(before, matching.old), _with(after, matching.new)
        changed = list(_changed(report, matching, sides))
    refused = tuple(
        _any([*map(side.verdict, pairs), *(one[index] for one in changed)])
        for index, (side, pairs) in enumerate(zip(sides, (before, after), strict=True))
    )
    places = (old.exclusive or (old.schema.place,))[0], (new.exclusive or (new.schema.place,))[0]
    at = new.schema.place
    if None in refused or ((old.is_nested or new.is_nested) and any(refused)):
        report.tell(Difference("union-undecided", *places, at, at, "oneOf"))
        return
    if refused[0]:
        report.tell(Difference("union-inclusive", *places, at, at, "oneOf"))
    if refused[1]:
        report.tell(Difference("union-exclusive", *places, at, at, "oneOf"))


def excludes(side: SchemaNormalizer, allowed: Allowed) -> bool | None:
    """Whether a `oneOf` refuses values that fit two of its members; None if that cannot be decided."""
    overlaps = _Overlaps(side, union_names(allowed.kinds.get("object", ())))
    return _any([overlaps.verdict(pair) for pair in _pairs(allowed)])


def _pairs(side: Allowed) -> Iterable[_Two]:
    """The members of each JSON type, two by two."""
    for alternatives in side.kinds.values() if side.exclusive else ():
        yield from combinations(alternatives[:_MOST_COMPARED], 2)


def _with(pairs: Iterable[_Two], left: Sequence[Alternative]) -> list[_Two]:
    return [pair for pair in pairs if pair[0] in left or pair[1] in left]


def _any(verdicts: Sequence[bool | None]) -> bool | None:
    return True if True in verdicts else None if None in verdicts else False


def _changed(
    report: PairReport, matching: Matching, sides: tuple[_Overlaps, _Overlaps]
) -> Iterable[tuple[bool | None, bool | None]]:
    """By two members that both sides have: whether values no longer fit both, and whether more do.

    A member that has both lost and gained values is reported as such in both directions; nothing undecided is added.
    """
    narrowed, widened = (
        [pair for pair in matching.pairs if not report.pairs.fits_alone(*pair, report.direction, forward=way)]
        for way in (True, False)
    )
    for one, other in product({*narrowed, *widened}, matching.pairs):
        if one == other or one[0].kind != other[0].kind:
            continue
        before, after = (one[0], other[0]), (one[1], other[1])
        counts = [len({one, other} & set(changed)) for changed in (narrowed, widened)]
        back = (sides[1], sides[0])
        verdicts = _growth(back, after, before, counts[0]), _growth(sides, before, after, counts[1])
        is_told = bool({one, other} & {*narrowed} & {*widened})
        yield verdicts if not is_told else (verdicts[0] or False, verdicts[1] or False)


def _growth(sides: tuple[_Overlaps, _Overlaps], before: _Two, after: _Two, count: int) -> bool | None:
    """Whether values fit two members that did not before; `count` is how many of these allow more than before."""
    verdict = sides[1].verdict(after) if count else False
    if not verdict:
        return verdict
    was = sides[0].verdict(before)
    shared = _listed(before), _listed(after)
    if was and shared[0] is not None and shared[1] is not None:
        return bool(shared[1] - shared[0])
    if after[0].kind in ("number", "string") and was and _are_simple((*before, *after)):
        limits, known = combined(*(one.limits for one in after)), combined(*(one.limits for one in before))
        return any(is_tighter(keyword, bound, limits.get(keyword)) for keyword, bound in known.items())
    is_sure = was is False or _needs(before) - _needs(after) or _inner_overlap_is_new(sides, before, after)
    return True if is_sure and count == 1 else None


def _are_simple(alternatives: Iterable[Alternative]) -> bool:
    return not any(one.values is not None or one.patterns or one.conditions for one in alternatives)


def _needs(pair: _Two) -> set[str]:
    """The names that an object which fits both needs to have."""
    return {name for one in pair if one.members is not None for name in one.members.required}


def _inner_overlap_is_new(sides: tuple[_Overlaps, _Overlaps], before: _Two, after: _Two) -> bool:
    """Whether values of a property or of an item fit both members, of which none did before."""
    return any(
        sides[1].inner_verdict(mine) is True and sides[0].inner_verdict(known) is False
        for known, mine in zip(_inner(before, after), _inner(after, before), strict=True)
    )


def _inner(pair: _Two, other: _Two) -> list[tuple[list[Node], list[Node]]]:
    """The schemas of each property and item that all the members know."""
    members = [one.members for one in (*pair, *other) if one.members is not None]
    names = set[str].intersection(*map(names_of, members)) if members else set[str]()
    named = [tuple(of_name(one, name) for one in members[:2]) for name in sorted(names)]
    count = max(places_of(one.rows) for one in (*pair, *other))
    items = [tuple(of_item(one.rows, place) for one in pair) for place in (*range(count), None)]
    return [(one, two) for one, two in (*named, *items)]


@dataclass(frozen=True, slots=True)
class _Overlaps:
    """Says of members of a union of one side whether some value fits two of them.

    Values whose names the other side does not speak of do not count: nobody who uses the other side sends them.
    """

    side: SchemaNormalizer
    names: frozenset[str]
    known: Pairs = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", Pairs(self.side.reader, frozenset()))

    def verdict(self, pair: _Two) -> bool | None:
        """True or False if it is certain."""
        one, other = pair
        if one.is_free or other.is_free:
            return True
        if one.kind in ("number", "string"):
            return _scalars_overlap(one, other)
        if one.members is not None and other.members is not None:
            return self._objects_overlap(pair, (one.members, other.members))
        places = one.schema.place, other.schema.place
        if self.known.are_disjoint(*places):
            return False
        is_sure = self.known.surely_overlap(*places) or self._arrays_overlap(pair)
        return True if is_sure else None

    def _objects_overlap(self, pair: _Two, members: tuple[Members, Members]) -> bool | None:
        places = pair[0].schema.place, pair[1].schema.place
        needed = _needs(pair)
        inner = [
            self.inner_verdict((of_name(members[0], name), of_name(members[1], name))) for name in needed
        ]
        if needed - self.names or False in inner or self.known.are_disjoint(*places):
            return False
        is_sure = None not in inner and not any(
            one.limits or one.conditions or one.values is not None for one in pair
        )
        is_sure = is_sure and not any(one.names or one.dependent for one in members)
        return True if is_sure or self.known.surely_overlap(*places) else None

    def _arrays_overlap(self, pair: _Two) -> bool:
        if any(one.conditions or one.values is not None for one in pair):
            return False
        limits = combined(pair[0].limits, pair[1].limits)
        inner = [self.inner_verdict(one) for one in _inner(pair, pair)]
        return (
            not is_contradiction(limits) and "uniqueItems" not in limits and inner.count(True) == len(inner)
        )

    def inner_verdict(self, schemas: tuple[list[Node], list[Node]]) -> bool | None:
        """Whether some value fits the schemas that two members have for a property or an item."""
        if any(one.value is False for listed in schemas for one in listed):
            return False
        every = [one for listed in schemas for one in listed]
        if any(self.known.are_disjoint(one, other) for one in schemas[0] for other in schemas[1]):
            return False
        if len({one.identity for one in every}) < 2:
            return True
        is_sure = len(every) == 2 and len(schemas[0]) == 1 and self.known.surely_overlap(every[0], every[1])
        return True if is_sure else None


def _scalars_overlap(one: Alternative, other: Alternative) -> bool | None:
    if one.conditions or other.conditions or one.encoding != other.encoding:
        return None
    shared = _listed((one, other))
    if shared is not None:
        return bool(shared)
    limits = combined(one.limits, other.limits)
    if is_contradiction(limits):
        return False
    is_simple = not (one.patterns or other.patterns) and limits.get("multipleOf") in (None, 1)
    return True if is_simple else None


def _listed(pair: _Two) -> set[Hashable] | None:
    """The values that fit both of a pair, if one of it lists its values."""
    one, other = pair
    if one.values is not None and other.values is not None:
        return one.values.keys() & other.values.keys()
    for listed, free in ((one, other), (other, one)):
        if listed.values is not None:
            known = listed.values.items()
            return {key for key, value in known if fits(free.kind, value, free.limits, free.patterns)}
    return None
