"""A run of the suite: unit after unit, with a report of what came of it at any moment, also if it is stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter
from typing import Protocol

from clientsmith import __version__
from clientsmith.conform.inputs.draws import Draws
from clientsmith.conform.model import OperationFacts, Part, Report, UnitResult
from clientsmith.conform.run.stop import StoppedError, StopSignals
from clientsmith.conform.suite import Suite, Unit
from clientsmith.openapi.operation import DescribedOperation

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


@dataclass(slots=True)
class Run:
    """One run of a suite; with a budget again and again with other draws until it is used up."""

    suite: Suite
    watch: Watch
    save: Callable[[Run], None]
    """Called after each unit, to write down what is known so far."""
    results: list[UnitResult] = field(default_factory=list[UnitResult])
    rounds: int = 0
    unfinished: str = "it ended before everything was looked at once"
    """Why not everything was looked at once; empty if it was."""
    _began: float = field(default_factory=time.monotonic)

    def go(self, signals: StopSignals) -> Report:
        """Run every unit, or those before a signal to stop."""
        for cell in self.suite.expected_cells():
            self.suite.tally.cells.setdefault(cell, 0)
        try:
            for _ in self._rounds():
                self._round(signals)
                self.rounds += 1
                self.unfinished = ""
        except _OutOfTimeError:
            self.unfinished = "" if self.rounds else _OUT_OF_TIME
        except StoppedError:
            self.unfinished = f"stopped by {signals.received} before everything was looked at once"
        self.suite.close()
        return self.report()

    def _rounds(self) -> Iterator[None]:
        yield
        while (
            self._is_in_time()
            and self.suite.settings.budget
            and not any(one.failures for one in self.results)
        ):
            suite = self.suite
            number = suite.settings.number + 1
            suite.draws = Draws(suite.checker, number=number, examples=suite.settings.examples)
            suite.settings = replace(suite.settings, seed=number)
            suite.context.draws = suite.draws
            yield

    def _round(self, signals: StopSignals) -> None:
        by_part: Callable[[Unit], Part] = attrgetter("part")
        for part, found in groupby(self.suite.units, key=by_part):
            units, results = list(found), list[UnitResult]()
            for number, unit in enumerate(units, start=1):
                if not self._is_in_time():
                    raise _OutOfTimeError
                self.watch.begins(unit, number, len(units))
                result = unit.run()
                # What is tested may have taken the exception of a signal for its own; what the unit found is worthless.
                signals.check()
                results.append(result)
                self.results.append(result)
                self.watch.ended(result)
                self.save(self)
            self.watch.part_ended(part, results, self.rounds + 1)

    def _is_in_time(self) -> bool:
        budget = self.suite.settings.budget
        return budget is None or time.monotonic() - self._began <= budget

    def report(self) -> Report:
        """What came of the units that have ended."""
        suite = self.suite
        info = suite.resolved.node().get("info") or suite.resolved.node()
        return Report(
            spec=suite.spec,
            title=info.text("title"),
            version=info.text("version"),
            package=suite.package.folder,
            client=suite.package.client,
            tool=__version__,
            seed=suite.settings.number,
            deterministic=suite.settings.budget is None,
            budget=suite.settings.budget,
            seconds=time.monotonic() - self._began,
            rounds=self.rounds,
            unfinished=self.unfinished,
            operations=tuple(map(self._facts, suite.checker.operations)),
            cells=dict(suite.tally.cells),
            parameters=dict(suite.tally.parameters),
            media_types=dict(suite.tally.media_types),
            phases=dict(suite.tally.phases),
            units=tuple(self.results),
            hindrances=dict(suite.tally.hindrances),
            accepted=tuple(suite.tally.accepted.values()),
            left_out=suite.package.left_out,
            has_converted_files=suite.package.has_converted_files,
            exchanges=tuple(suite.tally.exchanges),
            exchanged=dict(suite.tally.exchanged),
        )

    def _facts(self, operation: DescribedOperation) -> OperationFacts:
        surface = self.suite.package.operations.get(operation.id)
        return OperationFacts(
            operation.id,
            operation.method,
            operation.path,
            operation.node.place,
            tuple(operation.responses),
            {key: one.node.place for key, one in operation.responses.items()},
            self._names(operation),
            "" if surface is None else surface.method,
        )

    def _names(self, operation: DescribedOperation) -> frozenset[tuple[str, str]]:
        properties = self.suite.checker.branches.properties
        bodies = [properties(media.get("schema")) for media in operation.body_contents.values()]
        return frozenset(
            [(one.location, one.name) for one in operation.parameters]
            + [("body", name) for fields in bodies for name in fields]
        )
