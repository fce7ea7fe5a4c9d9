"""Promises about time: what a busy machine explains is tried again, and a fault shows all the same."""

from __future__ import annotations

import pytest

from clientsmith.conform.promises.time_bounds import BOUNDS, until_on_time


@pytest.mark.parametrize(
    ("late", "expected"),
    [((), BOUNDS[:1]), (BOUNDS[:1], BOUNDS[:2]), (BOUNDS[:3], BOUNDS), (BOUNDS, BOUNDS)],
)
def test_the_first_attempt_that_is_not_late_counts_or_else_the_last(
    late: tuple[float, ...], expected: tuple[float, ...]
) -> None:
    made: list[float] = []

    def attempt(bound: float) -> float:
        made.append(bound)
        return bound

    found = until_on_time(attempt, late.__contains__)

    assert (tuple(made), found) == (expected, expected[-1])
