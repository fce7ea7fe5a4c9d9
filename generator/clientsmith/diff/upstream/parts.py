"""Where a difference is in our document, and what of the vendor's document it answers."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cached_property

from clientsmith.diff.model import Change, Level
from clientsmith.diff.rules import rules
from clientsmith.diff.upstream.canonical import number_of
from clientsmith.diff.upstream.places import split, stable_pointer
from clientsmith.diff.upstream.reading import WireReading
from clientsmith.diff.wire.schema.annotations import said_beside
from clientsmith.diff.wire.schema.model import Direction
from clientsmith.document.grammar import Kind
from clientsmith.document.model import Node, render_pointer
from clientsmith.document.operations import FoundOperation, operations
from clientsmith.document.references.targets import step_into
from clientsmith.document.resolved import Identity, ResolvedDocument
from clientsmith.document.walk import all_objects
from clientsmith.openapi.media_type import contents
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.parameter import read_header, read_parameter

_SECTIONS = {"header": "headers", "parameter": "parameters", "property": "properties", "status": "responses"}
"""Where something that is gone would be below what is left around it, by a word of the rule."""
_WHOLE = ("condition-", "discriminator-", "type-", "union-")
"""Rules after which what is inside is not compared any further, so that all of it is what a difference answers."""
_READ: frozenset[Kind] = frozenset(
    {
        "document", "header", "media-type", "operation", "parameter", "path-item", "request-body", "response",
        "schema", "security-scheme",
    }
)  # fmt: skip
_MISSING = "nothing"


def place_of(change: Change, official: ResolvedDocument, ours: ResolvedDocument) -> str:
    """The place of a difference in our document, or the place it would have there if only the vendor has it."""
    old = vendor_place(change, official)
    if change.new is not None:
        return stable_pointer(change.new.pointer or "", ours)
    if change.anchor is None or change.anchor.pointer is None:
        return old
    if change.rule == "operation-removed" and change.operations:
        return render_pointer(("paths", change.operations[0].path, change.operations[0].method.lower()))
    anchor = stable_pointer(change.anchor.pointer, ours)
    if change.rule == "webhook-removed":
        _, mark, steps = old.rpartition("/callbacks/")
        return anchor + mark + steps if mark else old
    section = next((steps for word, steps in _SECTIONS.items() if word in change.rule), None)
    below = (*([] if section is None else [section]), *change.values[:1])
    return anchor + render_pointer(below)


def vendor_place(change: Change, official: ResolvedDocument) -> str:
    """The place of a difference in the vendor's document; empty if it is not there."""
    shown = None if change.old is None else change.old.pointer
    return stable_pointer(shown or "", official)


class VendorParts:
    """Answers what the vendor's document says at the place of a difference."""

    def __init__(self, document: ResolvedDocument) -> None:
        self._document = document
        self._reading = WireReading(document)
        self._known: dict[object, int] = {}

    @cached_property
    def _kinds(self) -> dict[Identity, tuple[Node, Kind]]:
        """The objects of the document that can be read; of a place that has two kinds the first one counts."""
        found: dict[Identity, tuple[Node, Kind]] = {}
        for node, kind in all_objects(self._document):
            if kind in _READ:
                found.setdefault(node.identity, (node, kind))
        return found

    @cached_property
    def _operations(self) -> dict[Identity, FoundOperation]:
        listed = operations(self._document.node(), self._document.deref)
        return {one.node.identity: one for one in listed}

    def of(self, change: Change) -> int:
        """A number for what the wire level reads there; equal whenever the meaning is."""
        around = self._around(change)
        if around is None:
            return number_of(_MISSING)
        node, kind = around
        is_whole = change.rule.endswith("-removed") and change.old is not None and change.new is None
        is_whole = is_whole or change.rule.startswith(_WHOLE) or rules()[change.rule].undecided
        levels: dict[Direction, Level] = {"request": change.request, "response": change.response}
        directions: list[Direction] = [
            direction for direction, level in levels.items() if level is not Level.NONE
        ]
        subject = next((one for one in ("security", "server") if change.rule.startswith(f"{one}-")), "")
        key = node.identity, kind, tuple(directions), is_whole, subject
        if key not in self._known:
            read = (self._read(node, kind, one, subject, is_whole=is_whole) for one in directions)
            self._known[key] = number_of((kind, *read))
        return self._known[key]

    def _around(self, change: Change) -> tuple[Node, Kind] | None:
        """The innermost object that can be read at the vendor's place, with its kind."""
        shown = None if change.old is None else change.old.pointer
        if shown is None:
            return None
        _, document, steps = split(shown, self._document)
        if document is None or steps is None:
            return None
        node, found = document.root, self._kinds.get(document.root.identity)
        for step in steps:
            known, value = step_into(node.value, step)
            if not known:
                break
            node = Node(document, (*node.pointer, step), value)
            found = self._kinds.get(node.identity, found)
        return found

    def _read(
        self, node: Node, kind: Kind, direction: Direction, subject: str, *, is_whole: bool
    ) -> Hashable:
        reading, target = self._reading, self._document.deref(node)
        if subject == "security" and kind != "security-scheme":
            return reading.security(node)
        if subject == "server":
            return reading.servers(node)
        if kind == "schema":
            return reading.schema([node], node, direction, is_whole=is_whole)
        if kind in ("parameter", "header"):
            named = read_header(node.key, node, self._document) if kind == "header" else None
            one = named or read_parameter(target, self._document)
            return None if one is None else reading.parameter(one, node, direction, is_whole=is_whole)
        if kind == "media-type":
            return reading.media(node.key, target, direction, is_whole=is_whole)
        if kind == "security-scheme":
            return reading.scheme(target)
        if kind in ("request-body", "response"):
            read = reading.body if kind == "request-body" else reading.response
            return read(target, contents(target, self._document), direction, is_whole=is_whole)
        if kind != "operation":
            return None
        return self._read_operation(node) if is_whole else said_beside([node])

    def _read_operation(self, node: Node) -> Hashable:
        found = self._operations.get(node.identity)
        is_turned = found is None
        if found is None:
            item = self._kinds[node.document.uri, node.pointer[:-1]][0]
            found = FoundOperation(item.key, node.key, item, node, item.key)
        return self._reading.operation(DescribedOperation(found, self._document), is_turned=is_turned)
