"""Every object of a document that has a kind, root document and referenced ones alike; each place once."""

from __future__ import annotations

from collections.abc import Iterator

from clientsmith.document.grammar import Kind, children
from clientsmith.document.model import Document, Node
from clientsmith.document.resolved import ResolvedDocument, reference_text


def objects(document: Document) -> Iterator[tuple[Node, Kind]]:
    """The objects of one document that are reached from its root without following references."""
    yield from _below([(document.root, "document")], set())


def all_objects(resolved: ResolvedDocument) -> Iterator[tuple[Node, Kind]]:
    """The objects of the root document, then those that only a reference leads to."""
    seen: set[tuple[str, tuple[str, ...], Kind]] = set()
    holders: dict[tuple[str, tuple[str, ...]], Kind] = {}
    starts: list[tuple[Node, Kind]] = [(resolved.node(), "document")]
    while starts:
        for node, kind in _below(starts, seen):
            if node.identity in resolved.references:
                holders[node.identity] = kind
            yield node, kind
        starts = [(resolved.references[identity], kind) for identity, kind in holders.items()]
        starts = [(node, kind) for node, kind in starts if (*node.identity, kind) not in seen]
        holders = {}


def parts(resolved: ResolvedDocument) -> Iterator[tuple[Node, Kind]]:
    """The outermost objects of each kind that lie in other files than the root; bare references are not among them."""
    targets: dict[tuple[Node, Kind], None] = {
        (resolved.references[node.identity], kind): None
        for node, kind in all_objects(resolved)
        if node.identity in resolved.references
    }
    seen: set[tuple[str, tuple[str, ...], Kind]] = set()
    for node, kind in sorted(
        targets, key=lambda one: (one[0].document.uri, len(one[0].pointer), one[0].pointer, one[1])
    ):
        reference = reference_text(node) is not None and (resolved.version < (3, 1) or kind != "schema")
        if node.document.is_root or reference or (*node.identity, kind) in seen:
            continue
        yield node, kind
        for _ in _below([(node, kind)], seen):
            pass


def _below(
    starts: list[tuple[Node, Kind]], seen: set[tuple[str, tuple[str, ...], Kind]]
) -> Iterator[tuple[Node, Kind]]:
    stack = list(starts)
    while stack:
        node, kind = stack.pop()
        state = (node.document.uri, node.pointer, kind)
        if not isinstance(node.value, dict) or state in seen:
            continue
        seen.add(state)
        yield node, kind
        for steps, value, child_kind in children(node.value, kind):
            stack.append((Node(node.document, node.pointer + steps, value), child_kind))
