"""Says which values a union of unions allows, by the members of the innermost ones that they fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from clientsmith.diff.wire.schema.model import Allowed, Alternative
from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity


@dataclass(frozen=True, slots=True)
class Nesting:
    """The unions of one side, each a member of the one around it."""

    side: Allowed
    _exclusive: frozenset[Identity] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_exclusive", frozenset(one.identity for one in self.side.exclusive))

    @property
    def is_deep(self) -> bool:
        """Whether some union is a member of another one."""
        return any(len(one.entries) > 1 for found in self.side.kinds.values() for one in found)

    def refuses(self, fitting: Iterable[Alternative]) -> bool:
        """Whether a value is refused that fits these members and no others."""
        return not self._allows([one.entries[::-1] for one in fitting])

    def _allows(self, paths: list[tuple[Node, ...]]) -> bool:
        """Whether enough members of a union are fitted; each path leads from it to a member of the innermost one."""
        inner: dict[Node, list[tuple[Node, ...]]] = {}
        for path in paths:
            if not path:
                return True
            inner.setdefault(path[0], []).append(path[1:])
        count = sum(map(self._allows, inner.values()))
        entry = next(iter(inner))
        is_exclusive = Node(entry.document, entry.pointer[:-1], None).identity in self._exclusive
        return count == 1 if is_exclusive else count > 0
