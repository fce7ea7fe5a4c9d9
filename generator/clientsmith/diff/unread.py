"""Leaves out what could not be compared: changes in parts of an invalid document that mean nothing as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clientsmith.diagnostics.model import Place
from clientsmith.diff.model import Change
from clientsmith.diff.sides import Side
from clientsmith.diff.wire.places import EffectivePlaces
from clientsmith.document.grammar import METHODS
from clientsmith.document.model import Document, Node, Pointer, parse_pointer
from clientsmith.document.references.targets import step_into

_WITHOUT_EFFECT = frozenset({"description", "title", "summary", "example", "examples", "operationId", "tags"})
"""Keywords that no change on the wire comes from: what is around them can be compared."""
_AROUND = 3
"""Steps to an operation or a component, of which a broken field is a part of its own."""


def without_unread(changes: Iterable[Change], sides: tuple[Side, Side]) -> list[Change]:
    """The changes that are not in a part which the findings of an invalid side say was not compared."""
    old, new = (list(_unread(side)) for side in sides)
    if not old and not new:
        return list(changes)
    places = EffectivePlaces(sides[0].document, sides[1].document, {})
    at = {places.named(node, number) for number, side in enumerate((old, new)) for node in side}
    pointers = [{node.place.pointer or "" for node in side} for side in (old, new)]

    def is_unread(change: Change) -> bool:
        after = change.new or change.anchor
        return (
            _is_in(change.at, at)
            or _is_in(_pointer(change.old), pointers[0])
            or _is_in(_pointer(after), pointers[1])
        )

    return [change for change in changes if not is_unread(change)]


def _pointer(place: Place | None) -> str:
    return "" if place is None else place.pointer or ""


def _is_in(place: str, parts: set[str]) -> bool:
    return any(place == part or place.startswith((f"{part}/", f"{part} ")) for part in parts)


def _unread(side: Side) -> Iterator[Node]:
    """The smallest parts of a side that say something, for each of its findings."""
    for found in side.left_out:
        for place in (found.place, *(one.place for one in found.related)):
            node = _node(side, place)
            if node is not None and node.pointer:
                yield _part(node)


def _node(side: Side, place: Place) -> Node | None:
    shown = place.pointer or ""
    uri, mark, text = ("", "", shown) if shown.startswith("/") else shown.rpartition("#")
    document = side.document.documents.get(uri) if mark else side.document.root
    pointer = parse_pointer(text)
    return None if document is None or pointer is None else _at(document, pointer)


def _at(document: Document, pointer: Pointer) -> Node:
    value = document.tree
    for step in pointer:
        value = step_into(value, step)[1]
    return Node(document, pointer, value)


def _part(node: Node) -> Node:
    """A node, or for a field the object that it belongs to; not a whole operation."""
    while node.pointer and not isinstance(node.value, dict):
        around = node.pointer[:-1]
        if node.key in _WITHOUT_EFFECT or _is_whole(around):
            break
        node = _at(node.document, around)
    return node


def _is_whole(pointer: Pointer) -> bool:
    is_operation = len(pointer) == _AROUND and pointer[0] == "paths" and pointer[-1] in METHODS
    return is_operation or len(pointer) < _AROUND
