"""What a document may cost: budgets in steps that grow with its size, and the finding past them."""

from __future__ import annotations

from dataclasses import dataclass, field

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import Node
from clientsmith.document.pattern_cost import pattern_cost

TOO_COSTLY = "too-costly"
"""The id of every finding that says that a document takes more work than its size allows; each ends a command."""
_FREE_PATTERNS = 3_000_000
_PATTERNS_PER_BYTE = 20


def is_over_budget(diagnostics: Diagnostics) -> bool:
    """Whether a budget has been used up: what comes after would cost even more."""
    return any(found.id == TOO_COSTLY for found in diagnostics)


@dataclass(slots=True)
class PatternBudget:
    """Counts what the patterns of a description cost to compile, each text once, in tenths of a microsecond."""

    left: int = _FREE_PATTERNS
    _seen: set[str] = field(default_factory=set[str])

    def grow(self, size: int) -> None:
        """Take in the size in bytes of one more document."""
        self.left += size * _PATTERNS_PER_BYTE

    def excess(self, schema: Node) -> tuple[str, Node] | None:
        """Count the patterns of a schema; returns the first of all with which they cost too much, and its place."""
        named, own = schema.get("patternProperties"), schema.get("pattern")
        stated = [] if named is None else list(named.items())
        if own is not None and isinstance(own.value, str):
            stated.append((own.value, own))
        for pattern, place in stated:
            if self.left >= 0 and not self.spend(pattern):
                return pattern, place
        return None

    def spend(self, pattern: str) -> bool:
        """Whether there is enough left for a pattern; it is counted, once."""
        if pattern not in self._seen:
            self._seen.add(pattern)
            self.left -= pattern_cost(pattern)
        return self.left >= 0
