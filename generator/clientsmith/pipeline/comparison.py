"""`diff`: two descriptions opened and compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientsmith.pipeline.policies import policies_of

if TYPE_CHECKING:
    from clientsmith.config.request import DiffRequest
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.diff.model import Change
    from clientsmith.diff.sides import Side


@dataclass(frozen=True, slots=True)
class Compared:
    """Both sides of a comparison, the changes between them, and whether they say different things at all.

    `notes` say why the level of callers is missing, if one side makes no package.
    """

    sides: tuple[Side, Side]
    changes: tuple[Change, ...]
    differs: bool
    notes: Diagnostics


def compare(request: DiffRequest, diagnostics: Diagnostics) -> Compared | None:
    """Open both sides and compare them; None after reporting the errors of both."""
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.diff.levels import compare_levels
    from clientsmith.diff.sides import open_sides
    from clientsmith.document.digest import digest

    sides = open_sides(request.old, request.new, policies_of(request.config), diagnostics)
    if sides is None:
        return None
    old, new = (side.document for side in sides)
    notes = Diagnostics()
    changes = compare_levels(old, new, request.config, request.level, notes)
    return Compared(sides, tuple(changes), digest(old) != digest(new), notes)
