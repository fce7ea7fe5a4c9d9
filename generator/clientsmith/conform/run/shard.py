"""A share of a run, such as 2 of 3, in a file of its own, and the report of a whole run made of all shares.

A share is a part of the tasks and not of the draws: what a unit finds is the same in every share that it could be in.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from clientsmith.conform.model import Report
from clientsmith.conform.run.unit_outcome import UnitOutcome, summed
from clientsmith.conform.run.written import tree_of, value_of
from clientsmith.input_file import InputFileError, read_file

FILE = "shard.json"
"""The name of the file in the folder of the reports."""
_LIMIT = 1024 * 1024 * 1024
_SHOWN = 10


class ShardError(ValueError):
    """Shares that do not make up a whole run; the text says why."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Which of how many shares; both count from 1."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


@dataclass(frozen=True, slots=True)
class WrittenShard:
    """All that a share of a run found. `about` holds by name what all shares have to agree on."""

    format: int
    about: Mapping[str, str]
    shard: Shard
    blank: Report
    """The report of the whole run before anything was looked at."""
    units: tuple[str, ...]
    """The names of all units of the whole run."""
    outcomes: tuple[UnitOutcome, ...]
    seconds: float
    rounds: int
    unfinished: str

    def render(self) -> str:
        """The content of its file."""
        return json.dumps(tree_of(self)) + "\n"


def read_shard(folder: Path) -> WrittenShard:
    """The share whose reports are in a folder. Raises ShardError."""
    file = folder / FILE
    try:
        tree = json.loads(read_file(file, _LIMIT))
        if isinstance(tree, dict) and cast("dict[str, object]", tree).get("format") != 1:
            raise ShardError(f"{file}: another version of clientsmith wrote it")
        shard: WrittenShard = value_of(WrittenShard, tree)
    except InputFileError as error:
        hint = (
            "; name folders that `clientsmith conform --shard I/N --report-dir` wrote"
            if error.is_missing
            else ""
        )
        raise ShardError(f"{file} {error}{hint}") from None
    except ShardError:
        raise
    except (ValueError, OverflowError, RecursionError):
        raise ShardError(f"{file} was not written by `clientsmith conform --shard`, or was changed") from None
    return shard


def merged(folders: Sequence[Path]) -> Report:
    """The report that one run would have given, of the shares in these folders. Raises ShardError."""
    shards = [(folder, read_shard(folder)) for folder in folders]
    _check_complete(shards)
    first, *_ = found = sorted((shard for _, shard in shards), key=lambda one: one.shard.number)
    stopped = [f"shard {one.shard}: {one.unfinished}" for one in found if one.unfinished]
    report = replace(
        first.blank,
        seconds=max(one.seconds for one in found),
        rounds=min(one.rounds for one in found),
        unfinished="; ".join(stopped),
        source_folder="",
    )
    return summed(report, (outcome for one in found for outcome in one.outcomes))


def _check_complete(shards: Sequence[tuple[Path, WrittenShard]]) -> None:
    (first_folder, first), *others = shards
    for folder, other in others:
        for name in {**first.about, **other.about}:
            here, there = first.about.get(name, "none"), other.about.get(name, "none")
            if here != there:
                message = f"{first_folder} and {folder} are not of the same run: {name} is {here:.60} and {there:.60}"
                raise ShardError(message)
        if first.shard.of != other.shard.of:
            raise ShardError(f"{first_folder} is shard {first.shard}, and {folder} is shard {other.shard}")
    numbers = Counter(one.shard.number for _, one in shards)
    if not all(1 <= number <= first.shard.of for number in numbers):
        raise ShardError(f"{first_folder}: there is no shard {max(numbers)} of {first.shard.of}")
    repeated = [str(number) for number, times in sorted(numbers.items()) if times > 1]
    if repeated:
        raise ShardError(f"shard {', '.join(repeated)} of {first.shard.of} is there more than once")
    missing = [str(number) for number in range(1, first.shard.of + 1) if number not in numbers]
    if missing:
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        raise ShardError(f"shard {', '.join(missing[:_SHOWN])}{more} of {first.shard.of} is missing")
    _check_units(shards)


def _check_units(shards: Sequence[tuple[Path, WrittenShard]]) -> None:
    """Every unit of the run has to be in one share, and no other: a part has no cells that would show it missing."""
    first = shards[0][1]
    done = Counter[tuple[int, str]]()
    for folder, shard in shards:
        here, there = first.blank, shard.blank
        is_same = shard.units == first.units and here.cells == there.cells
        if not is_same or [one.id for one in here.operations] != [one.id for one in there.operations]:
            raise ShardError(f"{folder / FILE} was changed: it is not about the same units as the others")
        done.update((one.number, one.result.name) for one in shard.outcomes)
    due = Counter(enumerate(first.units))
    is_stopped = any(shard.unfinished for _, shard in shards)
    if done - due or (due - done and not is_stopped):
        raise ShardError("the shards do not hold every unit once: one of them was changed")
