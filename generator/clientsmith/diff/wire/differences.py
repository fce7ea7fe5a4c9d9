"""What a comparison finds at one place, before it is known which operations it reaches, and how much it weighs."""

from __future__ import annotations

from dataclasses import dataclass, field

from clientsmith.diff.model import Level
from clientsmith.diff.rules import rules
from clientsmith.diff.wire.schema.model import Direction
from clientsmith.document.model import Node


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. `is_severe` chooses the highest level of a rule that has several.

    `old` and `new` are the places that differ; None if there is none. `at` is what the difference is about, `anchor`
    the nearest place in the new description. `name`, `was` and `now` are what the text says; `key` tells what has no
    name from others of its kind.
    """

    rule: str
    old: Node | None
    new: Node | None
    at: Node
    anchor: Node | None = None
    name: str = ""
    key: str = field(default="", kw_only=True)
    was: str = ""
    now: str = ""
    is_severe: bool = False
    note: str = field(default="", compare=False)

    def level(self, direction: Direction) -> Level:
        """How much it weighs in a message of that direction."""
        return level_of(self.rule, direction, is_severe=self.is_severe)

    @property
    def narrows(self) -> bool:
        """Whether the new description may refuse something that the old one allows."""
        return rules()[self.rule].undecided or self.level("request") is Level.BREAKING

    @property
    def widens(self) -> bool:
        """Whether the new description may allow something that the old one refuses: what the way back narrows."""
        back = rules()[self.rule].counterpart
        is_narrower = bool(back) and level_of(back, "request", is_severe=self.is_severe) is Level.BREAKING
        return rules()[self.rule].undecided or is_narrower


def level_of(rule: str, direction: Direction, *, is_severe: bool = False) -> Level:
    """The level of a rule in a direction: the usual one, or the highest one that it can have."""
    levels = rules()[rule].request if direction == "request" else rules()[rule].response
    if not levels:
        return Level.NONE
    return max(map(_level, levels)) if is_severe else _level(levels[0])


def _level(word: str) -> Level:
    return Level[word.upper()]
