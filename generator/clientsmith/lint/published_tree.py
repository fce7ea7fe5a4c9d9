"""The documents of a set with every reference spelled as an absolute URI, for a reader that can only join and look up.

References may climb folders, name files with spaces or `%`, run through other references, or lie below an `$id` that
moves the base. `resolve` has found all of them, so nothing here joins a URI. No tree is changed in place.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from clientsmith.document.model import JSON, Document, Node, Pointer, parse_pointer, render_pointer
from clientsmith.document.resolved import ResolvedDocument, reference_text

_BASE = "clientsmith://documents/"


def document_uri(uri: str) -> str:
    """The absolute URI of the document that the set knows by `uri`."""
    return _BASE + quote(uri)


def absolute_trees(resolved: ResolvedDocument) -> Mapping[str, JSON]:
    """The tree of each document by its `document_uri`; only what lies above a reference is copied."""
    trees = {uri: _Tree(document) for uri, document in resolved.documents.items()}
    for (uri, pointer), target in resolved.references.items():
        tree = trees[uri]
        if resolved.has_ids or not _is_plain(tree.document, pointer, target):
            fragment = quote(render_pointer(target.pointer), safe="/~")
            tree.refer(pointer, f"{document_uri(target.document.uri)}#{fragment}")
    return {document_uri(uri): tree.content for uri, tree in trees.items()}


def _is_plain(document: Document, holder: Pointer, target: Node) -> bool:
    """Whether a reference is a pointer into its own document, which every reader takes as it is."""
    text = reference_text(Node(document, holder, _value(document.tree, holder))) or ""
    if target.document is not document or text[:1] != "#" or "%" in text:
        return False
    return parse_pointer(text[1:]) == target.pointer


def _value(tree: JSON, pointer: Pointer) -> JSON:
    for step in pointer:
        tree = tree[int(step)] if isinstance(tree, list) else tree[step] if isinstance(tree, dict) else None
    return tree


class _Tree:
    """A tree of which the containers above each change are copies, each made once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.content = document.tree
        self._copies: set[int] = set()

    def refer(self, pointer: Pointer, text: str) -> None:
        """Spell the `$ref` of the object at `pointer` as `text`."""
        self.content = holder = self._own(self.content)
        for step in pointer:
            if isinstance(holder, list):
                holder[int(step)] = inner = self._own(holder[int(step)])
            elif isinstance(holder, dict):
                holder[step] = inner = self._own(holder[step])
            else:
                return
            holder = inner
        if isinstance(holder, dict) and "$ref" in holder:
            holder["$ref"] = text

    def _own(self, value: JSON) -> JSON:
        if not isinstance(value, dict | list) or id(value) in self._copies:
            return value
        copy: JSON = dict(value) if isinstance(value, dict) else list(value)
        self._copies.add(id(copy))
        return copy
