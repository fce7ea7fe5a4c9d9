"""Two alternatives of the same JSON type, and where what they differ in is reported."""

from __future__ import annotations

from collections.abc import Iterable

from clientsmith.diff.wire.differences import Difference
from clientsmith.diff.wire.schema.model import Alternative
from clientsmith.diff.wire.schema.pairs import PairReport, changed_in
from clientsmith.document.model import Node


class Sides:
    """Two alternatives, and the report that their differences go to."""

    def __init__(self, report: PairReport, old: Alternative, new: Alternative) -> None:
        self.report = report
        self.old = old
        self.new = new

    def tell(
        self,
        rule: str,
        keywords: tuple[str, ...],
        was: str = "",
        now: str = "",
        *,
        severe: bool = False,
        name: str = "",
    ) -> None:
        """Note a difference at the keyword that says it on each side, or else at the schema."""
        changed = changed_in(self.old.parts, self.new.parts, keywords)
        sides = ([changed[0]], [changed[1]]) if changed else (nodes_of(self.old), nodes_of(self.new))
        stated = stated_in(sides[0], keywords), stated_in(sides[1], keywords)
        places = self.report.places_of(self.old, self.new, *stated)
        self.report.tell(
            Difference(
                rule,
                stated[0] or places[0],
                stated[1] or places[1],
                places[1],
                name=name or keywords[0],
                was=was,
                now=now,
                is_severe=severe,
            )
        )


def nodes_of(one: Alternative) -> list[Node]:
    return [part.node for part in one.parts]


def stated_in(nodes: Iterable[Node], keywords: Iterable[str]) -> Node | None:
    """Where schema objects say a keyword."""
    nodes = tuple(nodes)
    stated = (node.get(keyword) for keyword in keywords for node in nodes)
    return next((node for node in stated if node is not None), None)
