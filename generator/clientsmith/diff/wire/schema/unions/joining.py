"""Puts the members of a union together: those that add nothing to others, and unions that say nothing beside others."""

from __future__ import annotations

from dataclasses import replace

from clientsmith.diff.wire.schema.implied import uncovered
from clientsmith.diff.wire.schema.model import Alternative
from clientsmith.jsonschema.shape import Group

MOST_COMBINED = 64
"""Members of unions beside or inside each other that are combined; a single union may have any number of members.

A union that has more is not taken apart wherever it is, so that the work follows the size of the document.
"""


def may_imply(one: Group, other: Group) -> bool:
    """Whether a union with the same members allows no more than another one, and no discriminator is lost with that."""
    is_silent = "discriminator" not in other.part.node.mapping or one.part.node == other.part.node
    is_as_strict = one.keyword == "oneOf" and one.size == other.size
    return is_silent and (other.keyword == "anyOf" or is_as_strict)


def joined(kind: str, found: list[Alternative], *, is_strict: bool) -> list[Alternative]:
    """The alternatives of one type; those that only list values, or say nothing more, are one.

    If the union is strict, a value that two members list is valid for neither; otherwise a member that another one
    covers adds nothing.
    """
    if kind in ("object", "array") or len(found) == 1:
        return found
    if not is_strict and len(found) <= MOST_COMBINED:
        found = _standing_for(uncovered(found), found)
    plain = [one for one in found if not one.conditions and (one.values is not None or kind == "null")]
    others = [one for one in found if one not in plain]
    if len(plain) < 2:
        return found
    parts = tuple(part for one in plain for part in one.parts)
    if kind == "null":
        return others if is_strict else [replace(plain[0], parts=parts), *others]
    values = {key: value for one in plain for key, value in (one.values or {}).items()}
    if is_strict:
        values = {
            key: value
            for key, value in values.items()
            if sum(key in (one.values or ()) for one in plain) == 1
        }
    return (
        _standing_for([replace(plain[0], parts=parts, values=values), *others], found) if values else others
    )


def _standing_for(kept: list[Alternative], found: list[Alternative]) -> list[Alternative]:
    """The alternatives that are kept, the first one with those that they stand for."""
    places = {one.schema.key for one in kept}
    gone = [one for one in found if one.schema.key not in places]
    return [replace(kept[0], covered=(*kept[0].covered, *gone)), *kept[1:]] if gone else kept
