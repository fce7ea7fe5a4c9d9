"""Which schemas of two groups are likely the same, by the names of the properties that they speak of."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

MOST_COMPARED = 10_000
"""Pairs that are compared with each other; in larger groups nothing is found."""
_LEAST_SHARED = 0.5

One = TypeVar("One", bound=Hashable)
Other = TypeVar("Other", bound=Hashable)


def most_alike(
    old: Mapping[One, frozenset[str]], new: Mapping[Other, frozenset[str]]
) -> tuple[list[tuple[One, Other]], list[tuple[One, Other]]]:
    """Pairs that are each other's most alike, and those that could be pairs if others were not equally alike.

    Schemas are alike if they share at least half of the names that the one with more names has.
    """
    found: list[tuple[One, Other]] = []
    old, new = dict(old), dict(new)
    while old and new and len(old) * len(new) <= MOST_COMPARED:
        alike = {
            (mine, theirs): shared
            for mine, names in old.items()
            for theirs, others in new.items()
            if (shared := _share(names, others)) >= _LEAST_SHARED
        }
        mine_best = _leading((mine, shared) for (mine, _), shared in alike.items())
        theirs_best = _leading((theirs, shared) for (_, theirs), shared in alike.items())
        best = [
            pair
            for pair, shared in alike.items()
            if mine_best.get(pair[0]) == theirs_best.get(pair[1]) == shared
        ]
        if not best:
            return found, list(alike)
        found += best
        for mine, theirs in best:
            del old[mine], new[theirs]
    return found, []


def _leading(shares: Iterable[tuple[One, float]]) -> dict[One, float]:
    """The highest share of each, of those that have it once."""
    listed: dict[One, list[float]] = {}
    for one, shared in shares:
        listed.setdefault(one, []).append(shared)
    return {one: max(found) for one, found in listed.items() if found.count(max(found)) == 1}


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(len(one), len(other), 1)
