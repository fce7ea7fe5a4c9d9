"""What is counted in a run: checks by cell, draws, messages, exchanges."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from clientsmith.conform.inputs.drawing.draws import sample
from clientsmith.conform.model import Accepted, Cell, Direction, Drawn, Exchange, Mode, Part
from clientsmith.json_values.codec import Value

_MOST_EXCHANGES = 10
"""Kept of each operation, part and mode; a run makes more than is ever read."""
_MOST_SAMPLES = 3


@dataclass(slots=True)
class Tally:
    """What was counted in a run; the parts add to it as they go."""

    cells: dict[Cell, int] = field(default_factory=dict[Cell, int])
    parameters: dict[tuple[str, str, str], Drawn] = field(default_factory=dict[tuple[str, str, str], Drawn])
    media_types: dict[tuple[str, Direction, str, str], int] = field(
        default_factory=dict[tuple[str, Direction, str, str], int]
    )
    phases: dict[str, int] = field(default_factory=dict[str, int])
    accepted: dict[tuple[str, str], Accepted] = field(default_factory=dict[tuple[str, str], Accepted])
    exchanges: list[Exchange] = field(default_factory=list[Exchange])
    hindrances: dict[str, str] = field(default_factory=dict[str, str])
    """By operation why no call of it can be made."""
    exchanged: Counter[tuple[str, Part, Mode]] = field(default_factory=Counter[tuple[str, Part, Mode]])
    """How many exchanges there were of each operation, part and mode."""

    def cell(self, operation: str, status: str, direction: Direction, mode: Mode) -> None:
        """Count a check in the cell that it belongs to."""
        key = Cell(operation, status, direction, mode)
        self.cells[key] = self.cells.get(key, 0) + 1

    def drew(self, operation: str, place: str, name: str, value: Value, *, valid: bool) -> None:
        """Count a drawn value and keep a few to show."""
        key = (operation, place, name)
        old = self.parameters.get(key, Drawn())
        samples = old.samples if len(old.samples) >= _MOST_SAMPLES else (*old.samples, sample(value)[:120])
        self.parameters[key] = Drawn(old.valid + valid, old.invalid + (not valid), samples)

    def message(self, operation: str, direction: Direction, status: str, media_type: str) -> None:
        """Count a message of a media type."""
        key = (operation, direction, status, media_type)
        self.media_types[key] = self.media_types.get(key, 0) + 1

    def add(self, other: Tally) -> None:
        """Count what another one has counted, as if it had come after what this one has."""
        for cell, checks in other.cells.items():
            self.cells[cell] = self.cells.get(cell, 0) + checks
        for key, drawn in other.parameters.items():
            old = self.parameters.get(key, Drawn())
            samples = (*old.samples, *drawn.samples)[:_MOST_SAMPLES]
            self.parameters[key] = Drawn(old.valid + drawn.valid, old.invalid + drawn.invalid, samples)
        for kind, messages in other.media_types.items():
            self.media_types[kind] = self.media_types.get(kind, 0) + messages
        for phase, cases in other.phases.items():
            self.phases[phase] = self.phases.get(phase, 0) + cases
        for reason, accepted in other.accepted.items():
            self.accepted.setdefault(reason, accepted)
        for operation, why in other.hindrances.items():
            self.hindrances.setdefault(operation, why)
        self.exchanges += other.exchanges
        self.exchanged.update(other.exchanged)

    def keeps(self, exchange: Exchange) -> bool:
        """Count an exchange, and keep it for the reports if it is one of the first of its kind."""
        kind = (exchange.operation, exchange.part, exchange.mode)
        self.exchanged[kind] += 1
        is_kept = self.exchanged[kind] <= _MOST_EXCHANGES
        if is_kept:
            self.exchanges.append(exchange)
        return is_kept
