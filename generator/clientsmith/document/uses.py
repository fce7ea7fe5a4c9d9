"""What stages used of a document: the members whose value decided something, as values that the stages return."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from clientsmith.document.model import Node, Pointer
from clientsmith.document.resolved import Identity, ResolvedDocument, reference_text

Direction: TypeAlias = Literal["request", "response"]
DIRECTIONS: tuple[Direction, ...] = ("request", "response")


@dataclass(slots=True)
class SchemaUses:
    """The keywords of schema objects that decided something in one direction of the traffic."""

    _keywords: dict[tuple[Identity, Direction], set[str]] = field(
        default_factory=dict[tuple[Identity, Direction], set[str]]
    )
    is_final: bool = False
    """Whether `add` has stopped counting: schemas that no operation uses do not affect messages."""

    def add(self, node: Node, direction: Direction, *keywords: str) -> None:
        """Count in those of the keywords that the schema object states."""
        if isinstance(node.value, dict) and not self.is_final:
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
    """What the stages used: members of OpenAPI objects, what references depend on, and keywords by direction.

    `reached` holds the schema objects that requests, or answers, are checked against or typed by.
    """

    members: frozenset[Identity]
    resolution: frozenset[Identity]
    schemas: SchemaUses
    reached: Mapping[Direction, frozenset[Identity]]


def resolution_uses(resolved: ResolvedDocument) -> frozenset[Identity]:
    """What finding the references used: the version, and the identifiers that some reference depends on."""
    found: set[Identity] = {(resolved.root.uri, ("openapi",))}
    if resolved.has_names:
        ends = {*resolved.references, *(target.identity for target in resolved.references.values())}
        for resource in resolved.resources:
            uri, pointer = resource.identity
            if any(end[0] == uri and end[1][: len(pointer)] == pointer for end in ends):
                found.add((uri, (*pointer, "$id" if pointer else "$self")))
        for (uri, pointer), target in resolved.references.items():
            text = reference_text(_node_at(resolved, uri, pointer)) or ""
            for keyword in ("$anchor", "$dynamicAnchor"):
                if target.mapping.get(keyword) == text.partition("#")[2]:
                    found.add((target.document.uri, (*target.pointer, keyword)))
    return frozenset(found)


def _node_at(resolved: ResolvedDocument, uri: str, pointer: Pointer) -> Node:
    node = resolved.documents[uri].root
    for step in pointer:
        node = node.child(step)
    return node
