"""What the Python level finds, before it meets what the wire level found in the same place."""

from __future__ import annotations

from dataclasses import dataclass

from clientsmith.api.model.types import TypeExpr
from clientsmith.diff.model import Level

IN_CONFIG = "; [runtime] features in the config"
"""How the end of a hint begins that is for whoever generates a package, and not for its callers."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a finding is in both descriptions, as shown pointers; empty if it is not there.

    `owner` is the operation or the schema, `part` what of it: `query.limit`, a wire name of a property, or nothing.
    `schema` is the name of the schema in the old package: a place may make several.
    """

    old: str = ""
    new: str = ""
    part: str = ""
    schema: str = ""


def renaming(still_works: bool) -> tuple[Level, str]:
    """The level of a new name, and what is said of the old one."""
    return (Level.INFO, "; the old name still works") if still_works else (Level.BREAKING, "")


@dataclass(frozen=True, slots=True)
class PythonFinding:
    """One change for callers. `operations` are ids in NEW, or in OLD of those that are gone."""

    rule: str
    level: Level
    text: str
    hint: str
    spot: Spot
    values: tuple[str, ...] = ()
    operations: frozenset[str] = frozenset()
    was: tuple[TypeExpr, ...] = ()
    now: tuple[TypeExpr, ...] = ()
    """The types in OLD and in NEW that it is about: what they lead to comes and goes with them."""
