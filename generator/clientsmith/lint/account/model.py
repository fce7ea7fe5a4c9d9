"""An account as a value, as JSON and as notes: what came of the members, counted, and what is not carried out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from clientsmith.diagnostics.model import Diagnostic, Place, Related, Severity
from clientsmith.document.model import Node
from clientsmith.document.uses import Direction
from clientsmith.lint.account.reasons import reason_of

Fate: TypeAlias = Literal["carried out", "documentation only", "noted", "refused"]
FATES: tuple[Fate, ...] = ("carried out", "documentation only", "noted", "refused")
_SHOWN = 3
"""How many places a note about several of them points at."""


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
        """Equal for places that are told together."""
        return self.id, self.keyword, self.direction or "", self.kind


@dataclass(frozen=True, slots=True)
class Account:
    """How many members of each keyword met which fate, and every place that is not carried out."""

    totals: Mapping[tuple[str, Fate], int]
    left_out: tuple[LeftOut, ...]

    def to_json(self) -> dict[str, object]:
        """The totals by keyword, and the places by finding, keyword and direction, each group with its count."""
        keywords: dict[str, dict[str, int]] = {}
        for (keyword, fate), count in sorted(self.totals.items()):
            keywords.setdefault(keyword, {})[fate] = count
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
        return {"totals": self.by_fate(), "keywords": keywords, "not_carried_out": groups}

    def by_fate(self) -> dict[str, int]:
        """How many members met each fate."""
        counted = Counter[str]()
        for (_, fate), count in self.totals.items():
            counted[fate] += count
        return {fate: counted[fate] for fate in FATES}

    def groups(self) -> Iterator[list[LeftOut]]:
        """The places that are told together, each group in the order of the document."""
        found: dict[tuple[str, str, str, str], list[LeftOut]] = {}
        for one in self.left_out:
            found.setdefault(one.group, []).append(one)
        for key in sorted(found):
            yield found[key]

    def notes(self) -> Iterator[Diagnostic]:
        """One note for each group that no stage has reported: its count, its first place, and the next ones."""
        for places in self.groups():
            first = places[0]
            reason = reason_of(first)
            if reason is not None:
                count = "" if len(places) == 1 else f" ({len(places)} places; `lint --account` lists them)"
                others = (one.node.place for one in places[1:_SHOWN])
                yield Diagnostic(
                    first.id,
                    Severity.NOTE,
                    f"{reason}{count}",
                    first.node.place,
                    related=tuple(Related("also", place) for place in others),
                )


def as_place(one: LeftOut) -> Place:
    """The place with its line, which is looked up."""
    return one.node.place
