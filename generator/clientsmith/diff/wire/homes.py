"""Where something that two schemas say is reported: at the schema objects that say it, or would say it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from clientsmith.diff.wire.schema.model import Schema
from clientsmith.diff.wire.schema.normal import SchemaNormalizer
from clientsmith.document.model import Node
from clientsmith.jsonschema.keywords import ALL_OF
from clientsmith.jsonschema.shape import Part


class Homes(NamedTuple):
    """Where something is on both sides, and at which of the places it is reported, or else where it is said."""

    old: Node
    new: Node
    at: Node


def holder_of(parts: Iterable[Part], stated: Node | None) -> Node | None:
    """The schema object that says something; a member of an `allOf` belongs to the object around it."""
    if stated is None:
        return None
    nodes = {(part.node.document.uri, part.node.pointer): part.node for part in parts}
    ends = range(len(stated.pointer), -1, -1)
    keys = ((stated.document.uri, stated.pointer[:end]) for end in ends)
    found = next((nodes[key] for key in keys if key in nodes), None)
    while found is not None and found.pointer[-2:-1] == (ALL_OF,):
        around = nodes.get((found.document.uri, found.pointer[:-2]))
        if around is None:
            break
        found = around
    return found


def place_beside(
    side: SchemaNormalizer, mine: Schema, other_side: SchemaNormalizer, other: Schema
) -> Node | None:
    """Where the other side refers to a schema beside whose reference this one says something."""
    place = mine.place
    held = (part.node for part in side.reader.parts(place) if part.node != place)
    if place.pointer == other.place.pointer or not any(one.pointer == other.place.pointer for one in held):
        return None
    way = other_side.way(other)
    at_use = way[0] if way and mine.use == place else None
    return next((node for node in way if node.pointer == place.pointer), at_use)


def same_place(parts: Iterable[Part], other: Node | None) -> Node | None:
    """The schema object at the place of one of the other side."""
    nodes = (part.node for part in parts)
    return next((one for one in nodes if other is not None and one.pointer == other.pointer), None)
