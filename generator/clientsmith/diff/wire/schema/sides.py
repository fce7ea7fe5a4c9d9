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
        sides = ([changed[0]], [changed[1]]) if changed else self._apart(keywords)
        stated = stated_in(sides[0], keywords), stated_in(sides[1], keywords)
        homes = self.report.places_of(self.old, self.new, *stated)
        is_apart = homes.at not in (homes.old, homes.new)
        self.report.tell(
            Difference(
                rule,
                stated[0] or (None if is_apart else homes.old),
                stated[1] or (None if is_apart else homes.new),
                homes.at,
                name=name or keywords[0],
                was=was,
                now=now,
                is_severe=severe,
            )
        )

    def changed(self, keywords: tuple[str, ...]) -> tuple[Node | None, Node | None] | None:
        """The schema objects of one place that say a keyword in another way; None for a side that has no such object.

        None alone if the change comes of several keywords together.
        """
        changed = changed_in(self.old.parts, self.new.parts, keywords)
        if changed is not None:
            return changed
        apart = self._apart(keywords)
        stated = [
            next((node for node in side if stated_in([node], keywords) is not None), None) for side in apart
        ]
        own = [
            node is not None and one.schema.says_beside(node)
            for node, one in zip(stated, (self.old, self.new), strict=True)
        ]
        beside = stated[0] if own[0] else None, stated[1] if own[1] else None
        return beside if own[0] != own[1] else None

    def _apart(self, keywords: tuple[str, ...]) -> tuple[list[Node], list[Node]]:
        """The schema objects of one side only if these say a keyword: what both sides have is not the cause."""
        every = nodes_of(self.old), nodes_of(self.new)
        pointers = [{node.pointer for node in side} for side in every]
        own = [
            [node for node in side if node.pointer not in pointers[1 - index]]
            for index, side in enumerate(every)
        ]
        return (own[0], own[1]) if any(stated_in(side, keywords) for side in own) else every


def nodes_of(one: Alternative) -> list[Node]:
    return [part.node for part in one.parts]


def stated_in(nodes: Iterable[Node], keywords: Iterable[str]) -> Node | None:
    """Where schema objects say a keyword."""
    nodes = tuple(nodes)
    stated = (node.get(keyword) for keyword in keywords for node in nodes)
    return next((node for node in stated if node is not None), None)
