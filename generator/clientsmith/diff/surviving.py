"""Where a reader of the new description looks for a change: at the change itself, or at what is left around it."""

from __future__ import annotations

from clientsmith.accepted.places import item_name
from clientsmith.diagnostics.model import NOWHERE, Place
from clientsmith.diff.model import Change
from clientsmith.document.model import JSON, Document, Pointer, parse_pointer
from clientsmith.document.references.targets import step_into
from clientsmith.document.resolved import ResolvedDocument


def surviving_place(change: Change, old: ResolvedDocument, new: ResolvedDocument) -> Place:
    """The place in `new`, or that of the nearest parent of the old one that is still there."""
    if change.new is not None:
        return change.new
    if change.old is None or change.old.pointer is None:
        return NOWHERE
    shown = change.old.pointer
    uri, mark, steps = ("", "", shown) if shown.startswith("/") else shown.rpartition("#")
    before = old.documents.get(uri) if mark else old.root
    after = new.documents.get(uri) if mark else new.root
    pointer = parse_pointer(steps)
    if before is None or after is None or pointer is None:
        return new.root.place(())
    return after.place(_common(before, after, pointer))


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
