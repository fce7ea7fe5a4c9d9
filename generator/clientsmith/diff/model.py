"""What a comparison finds, as data: levels, changes and the operations that they reach."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from clientsmith.accepted.places import fingerprint
from clientsmith.diagnostics.model import Place


class Level(enum.IntEnum):
    """How much a change matters to those who use the old description; a higher one includes the lower ones."""

    NONE = 0
    INFO = 1
    WARNING = 2
    BREAKING = 3

    @property
    def word(self) -> str:
        """How reports and options write it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, order=True)
class ReachedOperation:
    """An operation that a change reaches, as NEW names it, or OLD if it is gone.

    `python` is the dotted name of its method below the client; empty if no package was compared.
    """

    path: str
    method: str
    id: str
    python: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One cause, reported once, however many operations, statuses and media types lead to it.

    `request` and `response` are levels of the wire, `python` that of the callers. `old` and `new` are the places in
    both descriptions; None if there is none. `at` is the effective place (`GET /pets query.limit`, or a component's
    pointer and the steps below it), which neither order nor lines change; `values` are the values that changed.
    `anchor` is the place of the nearest parent in NEW, for what is gone there. `subject` is what callers call the
    place, `callers` what they notice, most serious first; both have names in backticks, and are empty if no package was
    compared. For the first `advised` of the latter callers may have to do something.
    """

    rule: str
    request: Level
    response: Level
    text: str
    hint: str
    at: str
    values: tuple[str, ...] = ()
    old: Place | None = None
    new: Place | None = None
    operations: tuple[ReachedOperation, ...] = ()
    python: Level = Level.NONE
    anchor: Place | None = None
    subject: str = ""
    callers: tuple[str, ...] = ()
    advised: int = 0

    @property
    def level(self) -> Level:
        """The highest of its levels."""
        return max(self.request, self.response, self.python)

    @property
    def place(self) -> Place:
        """Where it is in NEW, or in OLD if nothing of it is left."""
        return self.new or self.old or Place()

    @property
    def fingerprint(self) -> str:
        """What recognizes it: neither wording, lines, order nor the version of the tool change it."""
        return fingerprint(self.rule, self.at, self.values)
