"""What the page of a report shows, grouped as a reader goes through it: by check, by operation, by member."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from clientsmith.conform.model import (
    DIRECTIONS,
    MODES,
    Accepted,
    Cell,
    Drawn,
    Exchange,
    Failure,
    OperationFacts,
    Report,
)
from clientsmith.diagnostics.model import Place
from clientsmith.traffic.tapes.exchange_lines import exchange_lines

_Item = TypeVar("_Item")

_MOST_NAMES = 12
"""Names of a group that are shown."""
_LONGEST_NAME = 60
_MOST_EXCHANGES = 1_000
"""On the page; the HAR has all that were kept."""
_MOST_BYTES = 2_000
"""Of each body."""


@dataclass(frozen=True, slots=True)
class Row:
    """A status of an operation: its place, and the checks by direction and mode."""

    status: str
    place: Place
    counts: tuple[int | None, ...]
    """None if the part is not run."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """What was drawn for a parameter or a property; `others` are names of a group that are not in the document."""

    location: str
    name: str
    drawn: Drawn
    others: tuple[str, ...] = ()
    left_out: int = 0
    """How many names of the group are not shown."""


@dataclass(frozen=True, slots=True)
class ShownExchange:
    """An exchange: what it is in one line, and all of it."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class OperationView:
    """Everything that the report knows about one operation."""

    facts: OperationFacts
    rows: tuple[Row, ...]
    members: tuple[MemberRow, ...]
    media_types: tuple[tuple[str, str, str, int], ...]
    """Direction, status, media type and number of messages."""
    accepted: tuple[Accepted, ...]
    failures: int
    exchanges: tuple[ShownExchange, ...]
    exchanged: int
    """How many exchanges there were."""

    @property
    def uncovered(self) -> int:
        """How many of its cells were never looked at."""
        return sum(row.counts.count(0) for row in self.rows)

    @property
    def checks(self) -> int:
        """How many comparisons there were in its cells."""
        return sum(number or 0 for row in self.rows for number in row.counts)

    @property
    def state(self) -> str:
        """Which choice of the filter for operations shows it."""
        return "failed" if self.failures else "uncovered" if self.uncovered else "passed"


@dataclass(frozen=True, slots=True)
class CheckView:
    """The failures of one check, by operation."""

    id: str
    operations: tuple[tuple[str, tuple[Failure, ...]], ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(len(failures) for _, failures in self.operations)


def check_views(report: Report) -> list[CheckView]:
    """The failures grouped by check and operation, in the order of the checks' names."""

    def operations(failures: Iterable[Failure]) -> Iterator[tuple[str, tuple[Failure, ...]]]:
        for operation, found in groupby(failures, key=lambda one: one.operation):
            yield operation, tuple(found)

    failures = sorted(report.failures, key=lambda one: (one.id, one.operation))
    return [
        CheckView(id, tuple(operations(found))) for id, found in groupby(failures, key=lambda one: one.id)
    ]


def operation_views(report: Report) -> list[OperationView]:
    """The operations of the document, in its order."""
    most = max(2, _MOST_EXCHANGES // max(1, len(report.operations)))
    failures = Counter(one.operation for one in report.failures)
    exchanged = Counter[str]()
    for (operation, _, _), number in report.exchanged.items():
        exchanged[operation] += number
    accepted = _by_operation(report.accepted, lambda one: one.operation)
    exchanges = _by_operation(report.exchanges, lambda one: one.operation)
    drawn = _by_operation(report.parameters.items(), lambda item: item[0][0])
    media_types = _by_operation(report.media_types.items(), lambda item: item[0][0])
    return [
        OperationView(
            facts=facts,
            rows=tuple(status_rows(report, facts)),
            members=tuple(_members(drawn[facts.id], facts)),
            media_types=tuple(sorted((*key[1:], number) for key, number in media_types[facts.id])),
            accepted=tuple(accepted[facts.id]),
            failures=failures[facts.id],
            exchanges=tuple(map(_shown, _spread(exchanges[facts.id], most))),
            exchanged=exchanged[facts.id],
        )
        for facts in report.operations
    ]


def _by_operation(items: Iterable[_Item], operation: Callable[[_Item], str]) -> defaultdict[str, list[_Item]]:
    grouped = defaultdict[str, list[_Item]](list)
    for item in items:
        grouped[operation(item)].append(item)
    return grouped


def status_rows(report: Report, facts: OperationFacts) -> Iterator[Row]:
    """The matrix of an operation: for each status the checks by direction and mode."""
    for status in facts.statuses:
        counts = tuple(
            report.cells.get(Cell(facts.id, status, direction, mode))
            for direction in DIRECTIONS
            for mode in MODES
        )
        yield Row(status, facts.status_places.get(status, facts.place), counts)


def _members(
    drawn: Iterable[tuple[tuple[str, str, str], Drawn]], facts: OperationFacts
) -> Iterator[MemberRow]:
    """What the document names, each for itself; then names that were only drawn, in one row for each location."""
    found = sorted((location, name, one) for (_, location, name), one in drawn)
    for location, name, one in found:
        if (location, name) in facts.names:
            yield MemberRow(location, name, one)
    others = [one for one in found if one[:2] not in facts.names]
    for location, group in groupby(others, key=lambda other: other[0]):
        names, counts = zip(*((name, one) for _, name, one in group), strict=True)
        total = Drawn(sum(one.valid for one in counts), sum(one.invalid for one in counts))
        shown = tuple(map(_shortened, names[:_MOST_NAMES]))
        yield MemberRow(location, "", total, shown, len(names) - len(shown))


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"


def _spread(exchanges: list[Exchange], most: int) -> list[Exchange]:
    """No more than `most` exchanges, as many as can be of each part and mode."""
    numbers: dict[tuple[str, str], int] = {}
    ranked: list[tuple[int, int]] = []
    for position, exchange in enumerate(exchanges):
        kind = (exchange.part, exchange.mode)
        numbers[kind] = numbers.get(kind, 0) + 1
        ranked.append((numbers[kind], position))
    return [exchanges[position] for position in sorted(position for _, position in sorted(ranked)[:most])]


def _shown(exchange: Exchange) -> ShownExchange:
    request, response = exchange.request, exchange.response
    answer = "no answer" if response is None else str(response.status)
    title = f"{exchange.part}, {exchange.mode}: {request.method} {request.target} → {answer}"
    return ShownExchange(title, "\n".join(exchange_lines(request, response, most_bytes=_MOST_BYTES)))
