"""The outcome of each unit, and the report that many outcomes add up to, wherever and whenever units were run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from clientsmith.conform.model import Report, UnitResult
from clientsmith.conform.run.tally import Tally


@dataclass(frozen=True, slots=True)
class UnitOutcome:
    """What a unit found and counted; `number` is its place among all units of the suite, in a round from 1."""

    round: int
    number: int
    result: UnitResult
    tally: Tally


def summed(blank: Report, outcomes: Iterable[UnitOutcome]) -> Report:
    """The report of outcomes; `blank` is one without units, which has every cell that is to be looked at.

    Outcomes are added in the order of the suite: which of them ended first, or where, makes no difference.
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
