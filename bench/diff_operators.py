"""What an operator is that makes one change in a description, and the places that it is tried at."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from clientsmith.document.grammar import Kind
from clientsmith.document.model import Pointer
from diff_places import Direction, Place, Tree

Object: TypeAlias = dict[str, Tree]

REQUEST: frozenset[Direction] = frozenset({"request"})
RESPONSE: frozenset[Direction] = frozenset({"response"})
BOTH: frozenset[Direction] = frozenset({"request", "response"})


@dataclass(frozen=True, slots=True)
class Setting:
    """Where an operator is tried: the whole description, the place, and chance."""

    tree: Tree
    place: Place
    chance: random.Random

    @property
    def is_3_0(self) -> bool:
        """Whether schemas are those of OpenAPI 3.0."""
        return str(self.tree.get("openapi", "")).startswith("3.0")


@dataclass(frozen=True, slots=True)
class Edit:
    """What an object becomes; `below` leads from it to what has changed."""

    value: Tree
    below: Pointer = ()


Change: TypeAlias = Callable[[Object, Setting], Edit | None]


@dataclass(frozen=True, slots=True)
class Operator:
    """Makes one change in an object of a kind; None if there is nothing to change.

    The change breaks messages of the `directions`. `is_exact` if values that are written as text do not show it,
    `is_wider` if it allows more, which another part of an `allOf` goes on to refuse; `is_null` if it allows null only,
    which a union with null allows already.
    """

    name: str
    kind: Kind
    directions: frozenset[Direction]
    change: Change
    is_exact: bool = False
    is_wider: bool = False
    is_null: bool = False

    def fits(self, place: Place) -> bool:
        """Whether the change breaks something if it is made at a place."""
        return place.kind == self.kind and any(
            use.direction in self.directions
            and not (self.is_exact and use.is_text)
            and not (self.is_wider and use.is_part)
            and not (self.is_null and use.is_nullable)
            for use in place.uses
        )


def without(value: Object, *keys: str) -> Object:
    """A copy without some members."""
    return {key: one for key, one in value.items() if key not in keys}
