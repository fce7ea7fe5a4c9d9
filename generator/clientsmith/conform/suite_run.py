"""A run of the suite: its units in processes side by side, with a report at any moment.

The report says the same whatever the number of processes, and a stopped run has one as well.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from clientsmith.conform.inputs.drawing.draws import Draws
from clientsmith.conform.model import Failure, Part, Report, UnitResult
from clientsmith.conform.run.processes.stop import StoppedError, StopSignals
from clientsmith.conform.run.processes.tasks import tasks_of
from clientsmith.conform.run.processes.workers import Begun, Died, Done, run_tasks
from clientsmith.conform.run.proof import digest_of_folder
from clientsmith.conform.run.shard import WrittenShard
from clientsmith.conform.run.tally import Tally
from clientsmith.conform.run.unit_outcome import UnitOutcome, summed
from clientsmith.conform.suite import Suite, Unit
from clientsmith.conform.suite_report import PACKAGE, blank_report, facts

_OUT_OF_TIME = "the budget ended before everything was looked at once"


class Watch(Protocol):
    """Receives each event of a run as it happens."""

    def begins(self, unit: Unit, number: int, total: int) -> None:
        """A unit begins; it is number such of the total of its part."""
        ...

    def ended(self, result: UnitResult) -> None:
        """It has ended."""
        ...

    def part_ended(self, part: Part, results: list[UnitResult], round_: int) -> None:
        """All units of a part have ended, in a round that counts from 1."""
        ...


class _OutOfTimeError(Exception):
    """The budget is used up."""


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A unit with its place among all of the suite."""

    number: int
    unit: Unit


@dataclass(slots=True)
class Run:
    """One run of a suite; with a budget again and again with other draws until it is used up."""

    suite: Suite
    watch: Watch
    save: Callable[[Run], None]
    """Called after each unit, to write down what is known so far."""
    jobs: int = 1
    """How many processes run units at a time."""
    outcomes: list[UnitOutcome] = field(default_factory=list[UnitOutcome])
    rounds: int = 0
    unfinished: str = "it ended before everything was looked at once"
    """Why not everything was looked at once; empty if it was."""
    _began: float = field(default_factory=time.monotonic)
    _about: dict[str, str] = field(default_factory=dict[str, str])
    _units: tuple[Unit, ...] = ()
    _tasks: list[tuple[_Numbered, ...]] = field(default_factory=list[tuple[_Numbered, ...]])

    def __post_init__(self) -> None:
        """Deal out the units."""
        self._about = facts(self.suite)
        self._units = self.suite.units
        numbered = [_Numbered(number, unit) for number, unit in enumerate(self._units)]
        self._tasks = tasks_of(numbered, lambda one: one.unit.part, self.suite.settings.shard)

    def go(self, signals: StopSignals) -> Report:
        """Run every unit, or those before a signal to stop."""
        try:
            for _ in self._rounds():
                self._round(signals)
                self.rounds += 1
                self.unfinished = ""
        except _OutOfTimeError:
            self.unfinished = "" if self.rounds else _OUT_OF_TIME
        except StoppedError:
            self.unfinished = f"stopped by {signals.received} before everything was looked at once"
        if digest_of_folder(Path(self.suite.package.folder)) != self._about[PACKAGE]:
            self.unfinished = "the package was changed during the run"
        self.suite.close()
        return self.report()

    def _rounds(self) -> Iterator[None]:
        yield
        suite = self.suite
        while (
            suite.settings.budget
            and self._is_in_time()
            and not any(one.result.failures for one in self.outcomes)
        ):
            suite.settings = settings = replace(suite.settings, seed=suite.settings.number + 1)
            suite.draws = suite.context.draws = Draws(
                suite.checker,
                number=settings.number,
                examples=settings.examples,
                folder=settings.draws_folder,
            )
            yield

    def _round(self, signals: StopSignals) -> None:
        totals = Counter(one.unit.part for task in self._tasks for one in task)
        begun, results = Counter[Part](), dict[Part, list[UnitResult]]()
        with closing(self._events()) as events:
            for event in events:
                signals.check()
                unit = event.work.unit
                if isinstance(event, Begun):
                    begun[unit.part] += 1
                    self.watch.begins(unit, begun[unit.part], totals[unit.part])
                    continue
                outcome = event.outcome if isinstance(event, Done) else self._death(event)
                self.outcomes.append(outcome)
                results.setdefault(unit.part, []).append(outcome.result)
                self.watch.ended(outcome.result)
                self.save(self)
                if len(results[unit.part]) == totals[unit.part]:
                    self.watch.part_ended(unit.part, results[unit.part], self.rounds + 1)
        if sum(map(len, results.values())) < totals.total():
            raise _OutOfTimeError

    def _events(self) -> Generator[Begun[_Numbered] | Done[_Numbered, UnitOutcome] | Died[_Numbered]]:
        tasks = self._tasks
        # The time that is left is looked at before each task, so with a budget every unit is one.
        if self.suite.settings.budget is not None:
            tasks = [(one,) for task in tasks for one in task]
        in_time = (task for task in tasks if self._is_in_time())
        return run_tasks(in_time, self.jobs, self._do)

    def _do(self, work: _Numbered) -> UnitOutcome:
        return self.suite.outcome(self.rounds + 1, work.number, work.unit)

    def _death(self, event: Died[_Numbered]) -> UnitOutcome:
        """The outcome of a unit whose process is dead: it has not passed."""
        unit = event.work.unit
        failure = Failure(
            "process-died", unit.part, unit.operation, f"the process of {unit.name} {event.how}"
        )
        result = UnitResult(unit.part, unit.name, unit.operation, 1, 0.0, (failure,))
        return UnitOutcome(self.rounds + 1, event.work.number, result, Tally())

    def _is_in_time(self) -> bool:
        budget = self.suite.settings.budget
        return budget is None or time.monotonic() - self._began <= budget

    def report(self) -> Report:
        """What came of the units that have ended."""
        shard = self.suite.settings.shard
        own = [one.unit for task in self._tasks for one in task]
        return summed(
            replace(
                blank_report(self.suite, own),
                seconds=time.monotonic() - self._began,
                rounds=self.rounds,
                unfinished=self.unfinished,
                shard="" if shard is None else str(shard),
            ),
            self.outcomes,
        )

    def written_shard(self) -> WrittenShard | None:
        """The same as a share of a whole run; None if it is the whole."""
        shard = self.suite.settings.shard
        if shard is None:
            return None
        return WrittenShard(
            format=1,
            about=self._about,
            shard=shard,
            blank=blank_report(self.suite, self._units),
            units=tuple(unit.name for unit in self._units),
            outcomes=tuple(self.outcomes),
            seconds=time.monotonic() - self._began,
            rounds=self.rounds,
            unfinished=self.unfinished,
        )
