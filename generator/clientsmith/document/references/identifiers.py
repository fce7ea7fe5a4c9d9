"""The URIs and anchors that schemas give themselves, and what a `$dynamicRef` can only mean; nothing is loaded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from clientsmith.diagnostics.model import Diagnostics, Related
from clientsmith.document.grammar import Kind, children
from clientsmith.document.model import Document, Node, Pointer
from clientsmith.document.references.targets import join

_Name = TypeVar("_Name", str, tuple[str, str])

Refuse = Callable[[str, str, Node], None]
"""Reports an id, a message and a node: as an error, or as a warning if the run goes on all the same."""


class Identifiers:
    """What `$id`, `$anchor`, `$dynamicAnchor` and `$self` name.

    If two schemas of a file claim a name, the smaller pointer has it, so that the order of keys decides nothing.
    """

    def __init__(self, root: Document, diagnostics: Diagnostics, refuse: Refuse) -> None:
        self.resources: dict[str, Node] = {}
        self.anchors: dict[tuple[str, str], Node] = {}
        self._root = root
        self._own_uri = root.root.text("$self")
        self._diagnostics = diagnostics
        self._refuse = refuse
        self._dynamic: dict[str, set[Node]] = {}
        self._refused: set[Node] = set()
        self._losers: dict[tuple[Node, str], Node] = {}
        if self._own_uri:
            self.resources[self._own_uri] = root.root

    def identify(self, node: Node, base: str) -> str:
        """Take note of what a schema is called; returns the base of the references in it."""
        own = node.text("$id").removesuffix("#")
        if own:
            base = self._name(node, own, base)
        for keyword in ("$anchor", "$dynamicAnchor"):
            name = node.text(keyword)
            if not name:
                continue
            self._claim(self.anchors, (base, name), node, keyword)
            if keyword == "$dynamicAnchor":
                self._dynamic.setdefault(name, set()).add(node)
        return base

    def base_at(self, document: Document, pointer: Pointer) -> str:
        """The base of a schema at that place: the schemas around it that have an `$id` are taken note of."""
        node, base = document.root, document.uri
        for step in pointer:
            if node.text("$id"):
                base = self.identify(node, base)
            node = node.child(step)
        return base

    def search(self, document: Document) -> None:
        """Take note of every schema of a file, also of those that only a URI or an anchor leads to."""
        kind: Kind = "document" if "openapi" in document.root.mapping else "schema"
        stack: list[tuple[Node, Kind, str]] = [(document.root, kind, document.uri)]
        while stack:
            node, kind, base = stack.pop()
            if isinstance(node.value, dict):
                base = self.identify(node, base) if kind == "schema" else base
                for steps, value, inner in children(node.value, kind):
                    stack.append((Node(document, node.pointer + steps, value), inner, base))

    def is_open(self, name: str, target: Node) -> bool:
        """Whether a `$dynamicRef` of that anchor depends on the way to it (JSON Schema Core 2020-12, section 8.2.3.2).

        If only one schema has that `$dynamicAnchor`, every way leads there.
        """
        return target.text("$dynamicAnchor") == name and len(self._dynamic[name]) > 1

    def _name(self, node: Node, own: str, base: str) -> str:
        try:
            uri = join(base, own)
        except ValueError as error:
            if node not in self._refused:
                self._refused.add(node)
                self._refuse("invalid-reference", f"{own!r:.120} is not a URI: {error}", node.child("$id"))
            return base
        self._claim(self.resources, uri, node, "$id")
        if self._own_uri and base == self._root.uri:
            self.resources.setdefault(join(self._own_uri, own), node)
        return uri

    def _claim(self, names: dict[_Name, Node], name: _Name, node: Node, keyword: str) -> None:
        owner = names.setdefault(name, node)
        if owner == node:
            return
        loser = node
        if owner.document.uri == node.document.uri and node.pointer < owner.pointer:
            names[name], loser = node, owner
        self._losers[loser, keyword] = names[name]

    def report_duplicates(self) -> None:
        """Report every name that a schema claims and another one has."""
        for (node, keyword), owner in self._losers.items():
            name = f"{keyword} {node.text(keyword)!r:.200}"
            message = f"another schema has the {name} too, and references lead to that one"
            related = (Related("the other one", owner.place),)
            self._diagnostics.warning(
                "duplicate-schema-id", message, node.child(keyword).place, related=related
            )
