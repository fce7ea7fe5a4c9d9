"""Where a reader of the new description looks for a change: at the change itself, or at what is left around it."""

from __future__ import annotations

from clientsmith.accepted.places import item_name
from clientsmith.diagnostics.model import Place
from clientsmith.diff.model import Change
from clientsmith.document.model import JSON, Document, Pointer, parse_pointer
from clientsmith.document.references.targets import step_into
from clientsmith.document.resolved import ResolvedDocument

_HOME = 3
"""Steps to an operation or a component: what is left of one is closer to what it lost than anything elsewhere."""


def surviving_place(change: Change, old: ResolvedDocument, new: ResolvedDocument) -> Place:
    """The place in `new`; of what is gone that of the nearest parent, by its old place or by what took its part."""
    if change.new is not None:
        return change.new
    parent, is_close = _parent(change, old, new)
    places = [place for place in (parent, None if is_close else change.anchor) if place is not None]
    return max(places, key=lambda place: (place.pointer or "").count("/"), default=new.root.place(()))


def _parent(change: Change, old: ResolvedDocument, new: ResolvedDocument) -> tuple[Place | None, bool]:
    """What is left around the old place, and whether that is in the same operation or component, or what holds it."""
    shown = None if change.old is None else change.old.pointer
    if shown is None:
        return None, False
    uri, mark, steps = ("", "", shown) if shown.startswith("/") else shown.rpartition("#")
    before = old.documents.get(uri) if mark else old.root
    after = new.documents.get(uri) if mark else new.root
    pointer = parse_pointer(steps)
    if before is None or after is None or pointer is None:
        return None, False
    common = _common(before, after, pointer)
    return after.place(common), len(common) >= min(_HOME, len(pointer) - 1)


def _common(before: Document, after: Document, pointer: Pointer) -> Pointer:
    """As many steps of a pointer as lead to the same thing in both: an item of a list is known by what it says."""
    old: JSON = before.tree
    new: JSON = after.tree
    for index, step in enumerate(pointer):
        _, inner_old = step_into(old, step)
        known, inner_new = step_into(new, step)
        if not known or (isinstance(new, list) and item_name(inner_old) != item_name(inner_new)):
            return pointer[:index]
        old, new = inner_old, inner_new
    return pointer
