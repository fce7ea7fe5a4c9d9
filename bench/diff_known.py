"""A copy of a description with known changes, each of which has one finding."""

from __future__ import annotations

import hashlib
import random

from clientsmith.document.model import Pointer, render_pointer
from diff_breaking_messages import MESSAGE_OPERATORS
from diff_breaking_objects import OBJECT_OPERATORS
from diff_breaking_operations import OPERATION_OPERATORS
from diff_breaking_values import VALUE_OPERATORS
from diff_operators import Setting
from diff_places import Place, Reached, Tree, replaced, value_at

CHANGES = 20
_USED = frozenset({
    "maxLength less", "minLength more", "maxItems less", "pattern new", "enum value gone", "type changed",
    "items changed", "required property new", "property required", "property optional", "query parameter due",
    "header due", "parameter required", "body new", "success status new",
})  # fmt: skip


def with_known_changes(tree: Tree) -> tuple[Tree, list[str]]:
    """The copy, and the pointers of what has changed: no two in the same component or the same path."""
    every = (*VALUE_OPERATORS, *OBJECT_OPERATORS, *OPERATION_OPERATORS, *MESSAGE_OPERATORS)
    operators = [one for one in every if one.name in _USED]
    places = sorted(
        (one for one in Reached(tree).places() if _is_plain(one)),
        key=lambda one: hashlib.sha256(render_pointer(one.pointer).encode()).digest(),
    )
    made, told, homes = tree, list[str](), set[Pointer]()
    for turn in range(CHANGES * len(operators)):
        operator = operators[turn % len(operators)]
        for place in places:
            home = place.pointer[:3] if place.pointer[0] == "components" else place.pointer[:2]
            if home in homes or not operator.fits(place):
                continue
            setting = Setting(tree, place, random.Random(turn))
            edit = operator.change(value_at(tree, place.pointer), setting)
            if edit is not None:
                homes.add(home)
                made = replaced(made, place.pointer, edit.value)
                told.append(render_pointer(place.pointer))
                break
        if len(told) == CHANGES:
            break
    return made, told


def _is_plain(place: Place) -> bool:
    return not any(use.is_in_union or use.is_part for use in place.uses)
