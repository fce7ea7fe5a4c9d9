"""How the units of a run are dealt out: to the processes of one machine, and to the shares of several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TypeVar

from clientsmith.conform.model import Part
from clientsmith.conform.run.shard import Shard

T = TypeVar("T")
_MOST_TASKS = 32
"""Of one part: enough to keep many processes busy, few enough that starting them takes little time."""


def tasks_of(units: Sequence[T], part_of: Callable[[T], Part], shard: Shard | None) -> list[tuple[T, ...]]:
    """Tasks of consecutive units of a part. Of N shares each takes every Nth task, so that it has some of every part.

    Which units are a task depends on the suite alone, since a task is what runs in one process.
    """
    found: list[tuple[T, ...]] = []
    for _, group in groupby(units, key=part_of):
        part = list(group)
        size = -(-len(part) // _MOST_TASKS)
        found += [tuple(part[start : start + size]) for start in range(0, len(part), size)]
    return found if shard is None else found[shard.number - 1 :: shard.of]
