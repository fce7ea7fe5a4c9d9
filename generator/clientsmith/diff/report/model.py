"""A comparison as its reports show it: changes in a fixed order, and what a reader has to know besides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from clientsmith.accepted.file import Entry
from clientsmith.config.model import ChangedLevel
from clientsmith.diagnostics.model import Diagnostic, Diagnostics, Place, Severity
from clientsmith.diagnostics.render import place_json
from clientsmith.diff.judged import Judged, lowered
from clientsmith.diff.model import Change, Level
from clientsmith.diff.sides import Side
from clientsmith.diff.step import Step
from clientsmith.diff.surviving import surviving_place

_MANY, _CUT = 500, 160
"""From this number of changes on, reports for people tell hints once for each rule, and cut texts at that length."""
_COUNTED_NOTES = frozenset({"accepted-nothing"})
"""Notes that are findings of the level info; others only help to read a report."""


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change, why it is ignored, and where a reader of NEW looks for it."""

    change: Change
    ignored: str | None
    place: Place

    @property
    def level(self) -> Level:
        """The highest of its levels."""
        return self.change.level


@dataclass(frozen=True, slots=True)
class Lowered:
    """A rule that the config makes weigh less."""

    rule: str
    was: str
    level: str
    place: Place

    @property
    def text(self) -> str:
        """One sentence for every report."""
        where = "" if self.place.span is None else f" ({self.place.span})"
        return f"{self.rule} is lowered from {self.was} to {self.level} by the config{where}"

    def as_json(self) -> dict[str, object]:
        """The same for a program."""
        return {"rule": self.rule, "from": self.was, "to": self.level, **place_json(self.place)}


def lowered_rules(levels: Iterable[ChangedLevel]) -> tuple[Lowered, ...]:
    """The rules that the config makes weigh less."""
    return tuple(Lowered(one.rule, was, one.level, one.place) for one, was in lowered(levels))


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a report says.

    `fail_on` is NONE if nothing fails; `today` is there if dates mattered, `version` (before and after) if there is a
    last release. `level` is the one that was compared if it was not both: the step of a release may be higher.
    """

    old: Side
    new: Side
    changes: tuple[ShownChange, ...]
    notes: tuple[Diagnostic, ...]
    lowered: tuple[Lowered, ...]
    step: Step
    fail_on: Level
    today: date | None
    version: tuple[str, str] | None = None
    level: str = ""

    @classmethod
    def of(
        cls,
        sides: tuple[Side, Side],
        judged: Iterable[Judged],
        notes: Diagnostics,
        levels: Iterable[ChangedLevel],
        step: Step,
        fail_on: Level,
        today: date | None,
        version: tuple[str, str] | None = None,
        level: str = "",
    ) -> Report:
        """The report of changes in whatever order."""
        old, new = sides
        shown = [
            ShownChange(one.change, one.ignored, surviving_place(one.change, old.document, new.document))
            for one in judged
        ]
        shown.sort(
            key=lambda one: (-one.level, one.change.at, one.change.rule, one.change.values, one.change.text)
        )
        rules = lowered_rules(levels)
        return cls(old, new, tuple(shown), tuple(notes), rules, step, fail_on, today, version, level)

    @property
    def is_long(self) -> bool:
        """Whether there are so many changes that the text of each is shortened."""
        return len(self.changes) >= _MANY

    def shortened(self, text: str) -> str:
        """A text as the report shows it to people."""
        return f"{text[:_CUT]}…" if self.is_long and len(text) > _CUT else text

    def hint(self, one: ShownChange) -> str:
        """What is said at a change of what to do; in a long report the `hints` say it."""
        return "" if self.is_long else one.change.hint

    @property
    def hints(self) -> dict[str, str]:
        """In a long report what to do about the changes of each rule."""
        return (
            {one.change.rule: one.change.hint for one in self.changes if one.change.hint}
            if self.is_long
            else {}
        )

    @property
    def counted(self) -> list[ShownChange]:
        """The changes that are not ignored."""
        return [one for one in self.changes if one.ignored is None]

    @property
    def totals(self) -> dict[str, int]:
        """How many changes of each level count, and how many are ignored."""
        levels = [one.level for one in self.counted]
        shown = (Level.BREAKING, Level.WARNING, Level.INFO, Level.NONE)
        return {level.word: levels.count(level) for level in shown} | {
            "ignored": len(self.changes) - len(levels)
        }

    @property
    def fails(self) -> bool:
        """Whether anything is at or above the level to fail on."""
        return any(map(self.is_failed, self.changes)) or any(map(self.is_failed_note, self.notes))

    def is_failed(self, one: ShownChange) -> bool:
        """Whether a change is one of those that the command fails for."""
        return one.ignored is None and self._is_failed(one.level)

    def is_failed_note(self, found: Diagnostic) -> bool:
        """Whether something that was noted besides the changes is."""
        is_counted = found.severity is Severity.WARNING or found.id in _COUNTED_NOTES
        return is_counted and self._is_failed(
            Level.WARNING if found.severity is Severity.WARNING else Level.INFO
        )

    def _is_failed(self, level: Level) -> bool:
        return self.fail_on is not Level.NONE and level >= self.fail_on

    @property
    def verdict(self) -> str:
        """One line: how many changes, the step, the versions if there was a release, the day if it mattered."""
        counts = [f"{number} {word}" for word, number in self.totals.items() if number]
        parts = [
            ", ".join(counts) or "no changes",
            f"step of the {self.level} level alone: {self.step}" if self.level else f"step: {self.step}",
            *([] if self.version is None else [_versions_text(*self.version)]),
            *([] if self.today is None else [f"dates as of {self.today}"]),
        ]
        return "; ".join(parts)


def _versions_text(last: str, next: str) -> str:
    return f"since release {last}: {'nothing to release' if next == last else f'next {next}'}"


def has_dates(entries: Sequence[Entry]) -> bool:
    """Whether some entry holds to a day only."""
    return any(entry.until is not None for entry in entries)
