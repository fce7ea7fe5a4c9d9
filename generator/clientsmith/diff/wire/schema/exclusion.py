"""Compares what `oneOf` adds to a union: a value that fits two members is refused, unless a discriminator decides."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from clientsmith.diff.wire.findings import Finding
from clientsmith.diff.wire.schema.model import Allowed
from clientsmith.diff.wire.schema.normal import SchemaNormalizer
from clientsmith.diff.wire.schema.pairs import PairReport
from clientsmith.document.model import Node
from clientsmith.jsonschema.satisfiability.disjoint import Pairs

_MOST_COMPARED = 50
_FORMATLESS = frozenset[str]()


def compare_exclusion(report: PairReport, old: Allowed, new: Allowed, *, is_added: bool) -> None:
    """Tell whether values that fit two members are refused now, or no longer; `is_added` if there are new members."""
    if bool(old.exclusive) == bool(new.exclusive) and not is_added:
        return
    before, after = _refuses(report.pairs.old, old.exclusive), _refuses(report.pairs.new, new.exclusive)
    if before == after:
        return
    places = (old.exclusive or (old.schema.place,))[0], (new.exclusive or (new.schema.place,))[0]
    rules = {(False, True): "union-exclusive", (True, False): "union-inclusive"}
    rule = rules.get((bool(before), bool(after))) if None not in (before, after) else "union-undecided"
    at = new.schema.place
    report.tell(Finding(rule or "union-undecided", *places, at, at, "oneOf"))


def _refuses(side: SchemaNormalizer, exclusive: Sequence[Node]) -> bool | None:
    """Whether some value fits two members of one of the unions; None if that is not certain."""
    pairs = Pairs(side.reader, _FORMATLESS)
    verdicts = [
        False if pairs.are_disjoint(one, other) else True if pairs.surely_overlap(one, other) else None
        for group in exclusive
        for one, other in combinations(list(group.elements())[:_MOST_COMPARED], 2)
    ]
    return True if True in verdicts else None if None in verdicts else False
