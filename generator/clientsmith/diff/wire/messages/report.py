"""Collects what changes in the messages of operations: findings and pairs of schemas, by who is reached and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from clientsmith.diff.wire.differences import Difference
from clientsmith.diff.wire.schema.model import Allowed, Direction
from clientsmith.diff.wire.schema.pairs import Pair, PairKey, SchemaPairs
from clientsmith.document.model import Node

_OTHER: dict[Direction, Direction] = {"request": "response", "response": "request"}


@dataclass(slots=True)
class Reach:
    """The operations that something reaches, as bits of a number: in messages that count in full, and in errors."""

    full: int = 0
    lowered: int = 0

    def add(self, other: Reach) -> bool:
        """Take in others; returns whether there were new ones."""
        full, lowered = self.full | other.full, self.lowered | other.lowered
        is_new = (full, lowered) != (self.full, self.lowered)
        self.full, self.lowered = full, lowered
        return is_new


@dataclass(slots=True)
class Collected:
    """Everything that was found beside schemas, and the pairs of schemas that messages start with."""

    pairs: SchemaPairs
    findings: dict[tuple[Difference, Direction], Reach] = field(
        default_factory=dict[tuple[Difference, Direction], Reach]
    )
    starts: dict[PairKey, Reach] = field(default_factory=dict[PairKey, Reach])
    xml: dict[PairKey, Difference | None] = field(default_factory=dict[PairKey, Difference | None])
    """What pairs differ in that only bodies of XML show."""


@dataclass(frozen=True, slots=True)
class MessageReport:
    """Where the messages of one operation tell what they differ in, for one direction and kind of status.

    `is_turned` if the server is the caller, as in webhooks: what is a request there is received by those who use the
    API.
    """

    collected: Collected
    operation: int
    side: Direction = "request"
    is_error: bool = False
    is_turned: bool = False

    @property
    def direction(self) -> Direction:
        """That of the messages for those who use the API."""
        return _OTHER[self.side] if self.is_turned else self.side

    def of(self, side: Direction, *, is_error: bool = False) -> MessageReport:
        """The same for other messages of the operation."""
        return MessageReport(self.collected, self.operation, side, is_error, self.is_turned)

    def turned(self) -> MessageReport:
        """The same for the operations of a callback."""
        return MessageReport(self.collected, self.operation, "request", False, not self.is_turned)

    @property
    def reach(self) -> Reach:
        """Who is reached by what is reported here."""
        bit = 1 << self.operation
        return Reach(0, bit) if self.is_error else Reach(bit, 0)

    def tell(self, finding: Difference) -> None:
        """Note a difference."""
        self.collected.findings.setdefault((finding, self.direction), Reach()).add(self.reach)

    def compare(
        self, old: Sequence[Node], new: Sequence[Node], places: tuple[Node, Node], *, is_text: bool = False
    ) -> Pair:
        """Note a pair of schemas."""
        pairs = self.collected.pairs
        sides = pairs.old.schema(old, places[0]), pairs.new.schema(new, places[1])
        pair = pairs.pair(*sides, self.direction, is_text=is_text)
        self.collected.starts.setdefault(pair.key, Reach()).add(self.reach)
        return pair

    def kinds(self, pair: Pair) -> list[str]:
        """The JSON types that values of both schemas may have."""
        old = self.collected.pairs.old.allowed(pair.old, pair.direction)
        new = self.collected.pairs.new.allowed(pair.new, pair.direction)
        return sorted(old.kinds.keys() & new.kinds.keys())

    def is_single(self, pair: Pair) -> bool:
        """Whether no array that both schemas allow has a second item."""
        old = self.collected.pairs.old.allowed(pair.old, pair.direction)
        new = self.collected.pairs.new.allowed(pair.new, pair.direction)
        return has_single_items(old) or has_single_items(new)


def has_single_items(side: Allowed) -> bool:
    """Whether no array has a second item."""
    return all(one.limits.get("maxItems") in (0, 1) for one in side.kinds.get("array", ()))
