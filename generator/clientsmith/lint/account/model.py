"""An account as a value and as JSON: how many members met which fate, and which places are not carried out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from clientsmith.document.model import Node
from clientsmith.document.uses import Direction

Fate: TypeAlias = Literal["carried out", "documentation only", "noted", "refused"]
FATES: tuple[Fate, ...] = ("carried out", "documentation only", "noted", "refused")


NOT_CARRIED_OUT = "not-carried-out"
NOT_REACHED = "not-reached"
FORMAT_NOT_CHECKED = "format-not-checked"
OWN = frozenset({NOT_CARRIED_OUT, NOT_REACHED, FORMAT_NOT_CHECKED})
"""The findings of the account itself."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A place that is not carried out: the finding that says so, the keyword, and the direction, None for both."""

    id: str
    keyword: str
    direction: Direction | None
    kind: str
    node: Node

    @property
    def pointer(self) -> str:
        """The place as findings state it."""
        return self.node.document.shown_pointer(self.node.pointer)

    @property
    def group(self) -> tuple[str, str, str, str]:
        """Equal for places that are reported together."""
        return self.id, self.keyword, self.direction or "", self.kind


@dataclass(frozen=True, slots=True)
class Account:
    """How many members of each keyword met which fate, and every place that is not carried out."""

    totals: Mapping[tuple[str, Fate], int]
    left_out: tuple[LeftOut, ...]

    def to_json(self) -> dict[str, object]:
        """The totals by keyword, and the places by finding, keyword and direction, each group with its count."""
        groups = [
            {
                "id": places[0].id,
                "keyword": places[0].keyword,
                "direction": places[0].direction,
                "count": len(places),
                "places": sorted({place.pointer for place in places}),
            }
            for places in self.groups()
        ]
        return {"totals": self.by_fate(), "keywords": self.by_keyword(), "not_carried_out": groups}

    def by_keyword(self) -> dict[str, dict[str, int]]:
        """How many members of each keyword met each fate."""
        keywords: dict[str, dict[str, int]] = {}
        for (keyword, fate), count in sorted(self.totals.items()):
            keywords.setdefault(keyword, {})[fate] = count
        return keywords

    def by_fate(self) -> dict[str, int]:
        """How many members met each fate."""
        counted = Counter[str]()
        for (_, fate), count in self.totals.items():
            counted[fate] += count
        return {fate: counted[fate] for fate in FATES}

    def groups(self) -> Iterator[list[LeftOut]]:
        """The places that are reported together, each group in the order of the document."""
        found: dict[tuple[str, str, str, str], list[LeftOut]] = {}
        for one in self.left_out:
            found.setdefault(one.group, []).append(one)
        for key in sorted(found):
            yield found[key]
