"""Compares what `oneOf` adds to a union: a value that fits two members is refused, unless a discriminator decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

from clientsmith.diff.wire.differences import Difference
from clientsmith.diff.wire.schema.limits import combined, is_tighter
from clientsmith.diff.wire.schema.model import Allowed, Alternative
from clientsmith.diff.wire.schema.normal import SchemaNormalizer
from clientsmith.diff.wire.schema.pairs import PairReport
from clientsmith.diff.wire.schema.unions.matching import Matching, union_names
from clientsmith.diff.wire.schema.unions.nesting import Nesting
from clientsmith.diff.wire.schema.unions.overlaps import Overlaps, Several, inner_of, listed_in, needs

_MOST_COMPARED = {2: 50, 3: 15}
"""Members of a JSON type that are looked at, by how many of them at a time."""
_BY_DISCRIMINATOR = {
    "union-exclusive": ("discriminator-removed", "a value that fits two members is refused now"),
    "union-inclusive": ("discriminator-added", "a value may fit two members"),
}
"""By rule that of a discriminator which decides among members that a value fits, and what is said of it then."""


def compare_exclusion(report: PairReport, old: Allowed, new: Allowed, matching: Matching) -> None:
    """Report whether values that fit several members are refused now, or no longer."""
    if not (old.exclusive or new.exclusive):
        return
    names = [union_names(side.kinds.get("object", ())) for side in (new, old)]
    sides = (
        _Exclusion(Overlaps(report.pairs.old, names[0]), Nesting(old)),
        _Exclusion(Overlaps(report.pairs.new, names[1]), Nesting(new)),
    )
    twins = dict(matching.pairs), {theirs: mine for mine, theirs in matching.pairs}
    verdicts = [list(sides[way].exceeding(sides[1 - way], twins[way])) for way in (0, 1)]
    for narrowed, widened in _changed(report, matching, sides) if old.exclusive and new.exclusive else ():
        verdicts[0].append(narrowed)
        verdicts[1].append(widened)
    refused = [_any(one) for one in verdicts]
    places = (old.exclusive or (old.schema.place,))[0], (new.exclusive or (new.schema.place,))[0]
    at = new.schema.place
    if None in refused:
        report.tell(Difference("union-undecided", *places, at, at, "oneOf"))
        return
    for rule, is_told in zip(("union-inclusive", "union-exclusive"), refused, strict=True):
        if is_told and not (_is_one_of(old) and _is_one_of(new) and _is_of_discriminator(report, rule)):
            report.tell(Difference(rule, *places, at, at, "oneOf"))


def _is_one_of(side: Allowed) -> bool:
    """Whether its objects are members of a `oneOf`, which refuses some that fit two unless a discriminator decides."""
    return any(one.entries and one.entries[-1].pointer[-2] == "oneOf" for one in side.kinds.get("object", ()))


def _is_of_discriminator(report: PairReport, rule: str) -> bool:
    """Whether a discriminator that is gone or new is the cause, which then has the level of both, and says so."""
    cause, text = _BY_DISCRIMINATOR[rule]
    for one in [one for one in report.pair.findings if one.rule == cause]:
        del report.pair.findings[one]
        report.tell(replace(one, is_severe=True, note=text))
        return True
    return False


def excluded(side: SchemaNormalizer, allowed: Allowed) -> list[Several]:
    """The members that values may fit at once and are refused for it: two of them, of unions in unions three too."""
    overlaps = Overlaps(side, union_names(allowed.kinds.get("object", ())))
    exclusion = _Exclusion(overlaps, Nesting(allowed))
    counts = (2, 3) if exclusion.nesting.is_deep else (2,)
    every = (several for count in counts for several in exclusion.several(count))
    return [several for several in every if exclusion.verdict(several) is not False]


@dataclass(frozen=True, slots=True)
class _Exclusion:
    """What one side refuses because it fits several members."""

    overlaps: Overlaps
    nesting: Nesting

    def several(self, count: int) -> Iterable[Several]:
        """The members of each JSON type that are not fitted together, by so many."""
        for found in self.nesting.side.kinds.values() if self.nesting.side.exclusive else ():
            for several in combinations(found[: _MOST_COMPARED[count]], count):
                if self.nesting.refuses(several):
                    yield several

    def verdict(self, several: Several) -> bool | None:
        """Whether it refuses values that fit several members: others around these may allow them all the same."""
        verdict = self.overlaps.verdict(several)
        if not verdict or not self.nesting.is_deep:
            return verdict
        alike = self.nesting.side.kinds[several[0].kind]
        others = [one for one in alike if one not in several and not self.nesting.refuses((*several, one))]
        if any(one.is_free for one in others):
            return False
        return True if all(self.overlaps.leaves_out(several, one) for one in others) else None

    def exceeding(self, other: _Exclusion, twins: Mapping[Alternative, Alternative]) -> Iterable[bool | None]:
        """By members that it does not allow together: whether that refuses values which the other side allows."""
        is_deep = self.nesting.is_deep or other.nesting.is_deep
        for count in (2, 3) if is_deep else (2,):
            for several in self.several(count):
                known = tuple(twins[one] for one in several if one in twins)
                if (len(known) < count and count == 2) or (
                    len(known) == count and not other.nesting.refuses(known)
                ):
                    yield self.verdict(several)


def _any(verdicts: Sequence[bool | None]) -> bool | None:
    return True if True in verdicts else None if None in verdicts else False


def _changed(
    report: PairReport, matching: Matching, sides: tuple[_Exclusion, _Exclusion]
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
        if not (sides[0].nesting.refuses(before) and sides[1].nesting.refuses(after)):
            continue
        counts = [len({one, other} & set(changed)) for changed in (narrowed, widened)]
        back = (sides[1], sides[0])
        verdicts = _growth(back, after, before, counts[0]), _growth(sides, before, after, counts[1])
        is_told = bool({one, other} & {*narrowed} & {*widened})
        yield verdicts if not is_told else (verdicts[0] or False, verdicts[1] or False)


def _growth(sides: tuple[_Exclusion, _Exclusion], before: Several, after: Several, count: int) -> bool | None:
    """Whether values fit two members that did not before; `count` is how many of these allow more than before."""
    verdict = sides[1].verdict(after) if count else False
    if not verdict:
        return verdict
    was = sides[0].verdict(before)
    shared = listed_in(before), listed_in(after)
    if was and shared[0] is not None and shared[1] is not None:
        return bool(shared[1] - shared[0])
    if after[0].kind in ("number", "string") and was and _are_simple((*before, *after)):
        limits, known = combined(*(one.limits for one in after)), combined(*(one.limits for one in before))
        return any(is_tighter(keyword, bound, limits.get(keyword)) for keyword, bound in known.items())
    is_sure = was is False or needs(before) - needs(after) or _inner_overlap_is_new(sides, before, after)
    return True if is_sure and count == 1 else None


def _are_simple(alternatives: Iterable[Alternative]) -> bool:
    return not any(one.values is not None or one.patterns or one.conditions for one in alternatives)


def _inner_overlap_is_new(sides: tuple[_Exclusion, _Exclusion], before: Several, after: Several) -> bool:
    """Whether values of a property or of an item fit both members, of which none did before."""
    return any(
        sides[1].overlaps.inner_verdict(mine) is True and sides[0].overlaps.inner_verdict(known) is False
        for known, mine in zip(inner_of(before, after), inner_of(after, before), strict=True)
    )
