"""What a conformance run counts and finds, as frozen data: reports render it, the command makes an exit code of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from clientsmith.diagnostics.model import NOWHERE, Place
from clientsmith.traffic.message import HttpRequest, HttpResponse

Direction = Literal["request", "response"]
Mode = Literal["sync", "async"]
Part = Literal["request", "response", "both-ends", "tapes", "promises", "surface", "package"]

MODES: tuple[Mode, ...] = ("sync", "async")
DIRECTIONS: tuple[Direction, ...] = ("request", "response")
PARTS: tuple[Part, ...] = ("surface", "request", "promises", "package", "response", "tapes", "both-ends")


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing that has to be looked at: an operation and a documented status, in one direction and one mode.

    `status` is the key of the document: "202", "4XX" or "default". The request direction of a status is a call that is
    answered with it; its response direction is a body, or the absence of one, that arrives with it.
    """

    operation: str
    status: str
    direction: Direction
    mode: Mode


@dataclass(frozen=True, slots=True)
class Failure:
    """One promise that did not hold. `id` is kebab-case and says which; `place` is where the document makes it.

    `drawn` is the smallest input that shows it, as JSON text; `python` calls the client with it, `curl` sends what the
    client ought to have sent. Both are empty where there is nothing to show.
    """

    id: str
    part: Part
    operation: str
    message: str
    place: Place = NOWHERE
    mode: Mode | None = None
    status: str = ""
    drawn: str = ""
    python: str = ""
    curl: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """An input that the client sent although the document forbids it; `refused_by_server` says who caught it."""

    operation: str
    reason: str
    drawn: str
    refused_by_server: bool
    place: Place = NOWHERE
    declared: str = ""
    """The diagnostic of `generate` that says so, and the places that it names; empty for text that reads as valid."""


@dataclass(frozen=True, slots=True)
class UnitResult:
    """One unit of work: a part of the suite for one operation. `checks` counts what was compared in it."""

    part: Part
    name: str
    operation: str
    checks: int
    seconds: float
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class OperationFacts:
    """What the document declares about an operation, for the matrix of the report."""

    id: str
    method: str
    path: str
    place: Place
    statuses: tuple[str, ...]
    status_places: Mapping[str, Place]
    names: frozenset[tuple[str, str]]
    """What it describes by location and name: parameters, and top-level properties of bodies (location `body`)."""
    client_method: str
    """How a caller writes it, such as `listings.fetch`; empty if the package leaves the operation out."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """How often something was drawn, valid and invalid, with a few of the values as JSON text."""

    valid: int = 0
    invalid: int = 0
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call that the client made: what it sent and what it got (None if no answer came)."""

    operation: str
    part: Part
    mode: Mode
    began: float
    """Seconds since the epoch."""
    seconds: float
    request: HttpRequest
    response: HttpResponse | None


@dataclass(frozen=True, slots=True)
class NotRun:
    """A unit that was left out on purpose, and why."""

    part: Part
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """All of a run. A run is clean only if nothing failed, nothing was left uncovered and it came to its end."""

    spec: str
    title: str
    version: str
    package: str
    client: str
    tool: str
    seed: int
    deterministic: bool
    budget: float | None
    """Seconds; None for a run that draws a fixed number of inputs."""
    seconds: float
    rounds: int
    """How often everything was gone through, each time with other draws; more than one only with a budget."""
    unfinished: str
    """Why not everything was looked at once: the budget ended, or the run was stopped; empty if everything was."""
    operations: tuple[OperationFacts, ...]
    cells: Mapping[Cell, int]
    """Checks by cell; every cell of the document is a key, those never looked at with 0."""
    parameters: Mapping[tuple[str, str, str], Drawn]
    """By operation, location (path, query, header, cookie, body) and name; for the body its top-level properties."""
    media_types: Mapping[tuple[str, Direction, str, str], int]
    """Messages by operation, direction, status key (empty for requests) and media type."""
    phases: Mapping[str, int]
    """Cases by phase of schemathesis (examples, coverage, fuzzing, stateful); 0 if a phase does not apply."""
    units: tuple[UnitResult, ...]
    hindrances: Mapping[str, str]
    """By operation why no call of it could be made."""
    accepted: tuple[Accepted, ...]
    left_out: tuple[str, ...]
    """Operations of the document that the package was generated without."""
    has_converted_files: bool
    """Whether the manifest of the package has other line ends than it was generated with, as a checkout gives them."""
    exchanges: tuple[Exchange, ...]
    """The first few of each operation, part and mode, and those that showed a failure."""
    exchanged: Mapping[tuple[str, Part, Mode], int]
    """How many there were, by operation, part and mode."""
    shard: str = ""
    """Which of how many shares of a run this is, such as "2/3"; empty if it is the whole."""
    not_run: tuple[NotRun, ...] = ()
    source_folder: str = ""
    """Where the document is, whose lines a report may quote; empty for one that is made of shares from elsewhere."""
    flags: tuple[str, ...] = ()
    """Those of the command that decide what is tested, besides the seed."""

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Every failure, in the order of the units."""
        return tuple(failure for unit in self.units for failure in unit.failures)

    @property
    def checks(self) -> int:
        """How many comparisons were made in all."""
        return sum(unit.checks for unit in self.units)

    @property
    def uncovered(self) -> tuple[Cell, ...]:
        """The cells that were never looked at."""
        return tuple(cell for cell, checks in self.cells.items() if not checks)

    @property
    def is_clean(self) -> bool:
        """Whether everything was looked at and held."""
        # Of many shards of a small document some have nothing to look at; all of them together have.
        is_share = bool(self.shard) and not self.units
        is_looked_at = self.checks > 0 or is_share or not self.operations
        return not self.unfinished and not self.failures and not self.uncovered and is_looked_at
