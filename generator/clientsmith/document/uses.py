"""What stages used of a document: the members whose value decided something, as values that the stages return."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity, ResolvedDocument, reference_text

Direction: TypeAlias = Literal["request", "response"]
DIRECTIONS: tuple[Direction, ...] = ("request", "response")


@dataclass(slots=True)
class SchemaUses:
    """The keywords of schema objects that decided something in one direction of the traffic."""

    _keywords: dict[tuple[Identity, Direction], set[str]] = field(
        default_factory=dict[tuple[Identity, Direction], set[str]]
    )

    def add(self, node: Node, direction: Direction, *keywords: str) -> None:
        """Count in those of the keywords that the schema object states."""
        if isinstance(node.value, dict):
            stated = node.value.keys() & set(keywords)
            self._keywords.setdefault((node.identity, direction), set()).update(stated)

    def merge(self, direction: Direction, keywords: Mapping[Identity, Iterable[str]]) -> None:
        """Count in what another stage used in one direction."""
        for identity, found in keywords.items():
            self._keywords.setdefault((identity, direction), set()).update(found)

    def of(self, identity: Identity, direction: Direction) -> set[str]:
        """The keywords of one schema object."""
        return self._keywords.get((identity, direction), set())


@dataclass(frozen=True, slots=True)
class Uses:
    """What the stages used: members of OpenAPI objects, and keywords of schemas by direction.

    `reached` holds the schema objects that requests, or answers, are checked against or typed by.
    """

    members: frozenset[Identity]
    schemas: SchemaUses
    reached: Mapping[Direction, frozenset[Identity]]


def resolution_uses(resolved: ResolvedDocument) -> frozenset[Identity]:
    """What finding the references used: the version, and the identifiers that some reference depends on."""
    root = resolved.root
    found: set[Identity] = {(root.uri, ("openapi",))}
    if resolved.has_names:
        ends = [Node(resolved.documents[uri], pointer, None) for uri, pointer in resolved.references]
        ends += resolved.references.values()
        for resource in resolved.resources:
            depth = len(resource.pointer)
            if any(end.document.uri == resource.document.uri and end.pointer[:depth] == resource.pointer for end in ends):
                found.add((resource.document.uri, (*resource.pointer, "$self" if not depth else "$id")))
        for (uri, pointer), target in resolved.references.items():
            text = reference_text(_holder(resolved, uri, pointer)) or ""
            fragment = text.partition("#")[2]
            if fragment and not fragment.startswith("/"):
                named = [key for key in ("$anchor", "$dynamicAnchor") if target.mapping.get(key) == fragment]
                found |= {(target.document.uri, (*target.pointer, key)) for key in named}
    return frozenset(found)


def _holder(resolved: ResolvedDocument, uri: str, pointer: tuple[str, ...]) -> Node:
    node = resolved.documents[uri].root
    for step in pointer:
        node = node.child(step)
    return node
