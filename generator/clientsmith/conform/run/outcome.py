"""What came of each unit, and the report that the outcomes of many units add up to, whoever ran them and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from clientsmith.conform.model import Report, UnitResult
from clientsmith.conform.run.context import Tally


@dataclass(frozen=True, slots=True)
class UnitOutcome:
    """What a unit found and counted; `number` is its place among all units of the suite, in a round from 1."""

    round: int
    number: int
    result: UnitResult
    tally: Tally


def summed(blank: Report, outcomes: Iterable[UnitOutcome]) -> Report:
    """A report without units, which has every cell that is to be looked at, with what came of units added to it.

    They are added in the order of the suite, so that it makes no difference which of them ended first, or where.
    """
    total = Tally(cells=dict(blank.cells))
    ordered = sorted(outcomes, key=lambda one: (one.round, one.number))
    for outcome in ordered:
        total.add(outcome.tally)
    return replace(
        blank,
        cells=total.cells,
        parameters=total.parameters,
        media_types=total.media_types,
        phases=total.phases,
        hindrances=total.hindrances,
        accepted=tuple(total.accepted.values()),
        exchanges=tuple(total.exchanges),
        exchanged=dict(total.exchanged),
        units=tuple(outcome.result for outcome in ordered),
    )
