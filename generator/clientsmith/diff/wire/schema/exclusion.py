"""Compares what `oneOf` adds to a union: a value that fits two members is refused, unless a discriminator decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from clientsmith.diff.wire.differences import Difference
from clientsmith.diff.wire.schema.limits import fits, is_contradiction
from clientsmith.diff.wire.schema.matching import Matching
from clientsmith.diff.wire.schema.model import Allowed, Alternative
from clientsmith.diff.wire.schema.normal import SchemaNormalizer
from clientsmith.diff.wire.schema.pairs import PairReport
from clientsmith.jsonschema.satisfiability.disjoint import Pairs

_MOST_COMPARED = 50


def compare_exclusion(report: PairReport, old: Allowed, new: Allowed, left: Matching) -> None:
    """Tell whether values that fit two members are refused now, or no longer; `left` are members of one side only."""
    if not (old.exclusive or new.exclusive):
        return
    before, after = list(_pairs(old)), list(_pairs(new))
    if old.exclusive and new.exclusive:
        before, after = _with(before, left.old), _with(after, left.new)
    refused = _overlap(report.pairs.old, before), _overlap(report.pairs.new, after)
    places = (old.exclusive or (old.schema.place,))[0], (new.exclusive or (new.schema.place,))[0]
    at = new.schema.place
    if None in refused or ((old.is_nested or new.is_nested) and any(refused)):
        report.tell(Difference("union-undecided", *places, at, at, "oneOf"))
        return
    if refused[0]:
        report.tell(Difference("union-inclusive", *places, at, at, "oneOf"))
    if refused[1]:
        report.tell(Difference("union-exclusive", *places, at, at, "oneOf"))


def _pairs(side: Allowed) -> Iterable[tuple[Alternative, Alternative]]:
    """The members of each JSON type, two by two."""
    for alternatives in side.kinds.values() if side.exclusive else ():
        yield from combinations(alternatives[:_MOST_COMPARED], 2)


def _with(
    pairs: Iterable[tuple[Alternative, Alternative]], left: Sequence[Alternative]
) -> list[tuple[Alternative, Alternative]]:
    return [pair for pair in pairs if pair[0] in left or pair[1] in left]


def _overlap(side: SchemaNormalizer, pairs: Iterable[tuple[Alternative, Alternative]]) -> bool | None:
    """Whether some value fits both of a pair; None if that is not certain."""
    known = Pairs(side.reader, frozenset())
    verdicts = [_verdict(known, *pair) for pair in pairs]
    return True if True in verdicts else None if None in verdicts else False


def _verdict(known: Pairs, one: Alternative, other: Alternative) -> bool | None:
    if one.is_free or other.is_free:
        return True
    if one.kind in ("number", "string"):
        return _scalars_overlap(one, other)
    places = one.schema.place, other.schema.place
    return False if known.are_disjoint(*places) else True if known.surely_overlap(*places) else None


def _scalars_overlap(one: Alternative, other: Alternative) -> bool | None:
    if one.conditions or other.conditions or one.encoding != other.encoding:
        return None
    if one.values is not None and other.values is not None:
        return not one.values.keys().isdisjoint(other.values)
    for listed, free in ((one, other), (other, one)):
        if listed.values is not None:
            return any(fits(free.kind, value, free.limits, free.patterns) for value in listed.values.values())
    if is_contradiction(dict(one.limits) | dict(other.limits)) or is_contradiction(
        dict(other.limits) | dict(one.limits)
    ):
        return False
    is_simple = not (one.patterns or other.patterns or "multipleOf" in {*one.limits, *other.limits})
    return True if is_simple else None
