"""Reads schemas into what they allow: references followed, `allOf` merged, unions as lists of alternatives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from math import prod

from clientsmith.diff.wire.schema.leaf import LeafReader
from clientsmith.diff.wire.schema.model import (
    KINDS,
    Allowed,
    Alternative,
    Condition,
    Direction,
    Schema,
    SchemaKey,
)
from clientsmith.diff.wire.schema.unions.joining import MOST_COMBINED, joined, may_imply
from clientsmith.document.digest import digest
from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity, ResolvedDocument
from clientsmith.jsonschema.discriminator import TagReader
from clientsmith.jsonschema.keywords import (
    ALL_OF,
    CHOICES,
    REFERENCES,
    asserts,
    elements,
)
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.shape import Group, Part

_MOST_MEMBERS = 1000
"""Alternatives of one JSON type; a union of unions that has more is not taken apart."""
_DEEPEST = 100
"""How deep unions and negations may nest through references; what is deeper is not taken apart."""
_MOST_STEPS = 2000
"""Members of members that are read for one schema; what comes after them is not taken apart."""
_OWN = frozenset({"default", "deprecated", "readOnly", "writeOnly", "x-sunset"})
"""What is said beside a reference about the place of use."""


class SchemaNormalizer:
    """Answers what the schemas of one document allow, each worked out once by direction."""

    def __init__(self, document: ResolvedDocument) -> None:
        self.document = document
        self.reader = SchemaReader(document)
        self.tags = TagReader(self.reader)
        self._leaves = LeafReader(self.reader, self.allowed)
        self._depth = 0
        self._steps = 0
        self._whole: set[Identity] = set()
        self._ends: dict[Identity, Node] = {}
        self._allowed: dict[tuple[SchemaKey, Direction], Allowed] = {}

    @cached_property
    def subtypes(self) -> dict[Identity, list[Node]]:
        """The components that build on each schema with a discriminator by `allOf`."""
        found: dict[Identity, list[Node]] = {}
        listed = (
            self.reader.canonical(node)[0] for _, node in sorted(self.document.components("schemas").items())
        )
        for child in {node.identity: node for node in listed}.values():
            for part in self.reader.parts(child):
                if part.node != child and "discriminator" in part.node.mapping:
                    found.setdefault(part.node.identity, []).append(child)
        return found

    def schema(self, nodes: Iterable[Node], place: Node) -> Schema:
        """What several schemas of one place say together; without any, everything fits."""
        uses = [node for node in nodes if node.value is not True]
        ends = list(dict.fromkeys(map(self._end, uses)))
        return Schema(ends[0] if ends else place, tuple(ends), use=next(iter(uses), None))

    def way(self, schema: Schema) -> list[Node]:
        """The schema objects that lead from the use of a schema to its place, which say nothing of their own."""
        found: list[Node] = []
        node = schema.use
        while node is not None and node != schema.place and node not in found:
            found.append(node)
            node = self._inner(node)
        return found

    def _end(self, node: Node) -> Node:
        """The schema that really says something: references and wrappers add nothing of their own."""
        end = self._ends.get(node.identity)
        if end is None:
            end, met = node, set[Identity]()
            while end.identity not in met:
                met.add(end.identity)
                end = self._inner(end) or end
            self._ends[node.identity] = end
        return end

    def _inner(self, node: Node) -> Node | None:
        """What a reference or a wrapper with a single member leads to, if it says nothing of its own."""
        if self.reader.is_bare_reference(node):
            return self.document.ref_target(node)
        if not _OWN.isdisjoint(node.mapping) or asserts(node, (ALL_OF, *REFERENCES)):
            return None
        inner = self.reader.conjuncts(node)
        if len(inner) > 1:
            inner = [one for one in inner if asserts(one) or not _OWN.isdisjoint(one.mapping)]
        return inner[0] if len(inner) == 1 and self.reader.open_reference(node) is None else None

    def marks(self, schema: Schema) -> list[Node]:
        """The schema objects that say something beside the values: those of the place, the closest one first."""
        found = [one for node in schema.nodes for one in (node, *self.reader.marks(node))]
        read = [one for one in dict.fromkeys(found) if not self.reader.is_bare_reference(one)]
        return read or [schema.place]

    def allowed(self, schema: Schema, direction: Direction) -> Allowed:
        """What a schema allows in a direction. A union that is a member of itself allows no more values for it."""
        key = (schema.key, direction)
        known = self._allowed.get(key)
        if known is not None:
            return known
        self._steps = self._steps + 1 if self._depth else 0
        if self._depth >= _DEEPEST or self._steps >= _MOST_STEPS:
            return self._not_taken_apart(schema)
        self._depth += 1
        self._allowed[key] = Allowed(schema, {})
        known = self._allowed[key] = self._read(schema, direction)
        self._depth -= 1
        return known

    def _not_taken_apart(self, schema: Schema) -> Allowed:
        """What is said of a schema that is not read: it is equal to itself only, in a document that is the same."""
        pointers = [node.pointer for node in (*schema.nodes, *(part.node for part in schema.flat))]
        condition = Condition("$ref", schema.place, text=f"{self._digest} {pointers}")
        return Allowed(
            schema, {kind: (Alternative(kind, schema, (), conditions=(condition,)),) for kind in KINDS}
        )

    @cached_property
    def _digest(self) -> str:
        return digest(self.document)

    def _parts(self, schema: Schema) -> list[Part]:
        """All schema objects that hold at once, except those that a reference before 3.1 leaves unread.

        A member of a union that builds on the union by `allOf` has been chosen there already.
        """
        chosen = {part.node.identity for part in schema.flat if part.masked}
        chosen -= {node.identity for node in schema.nodes}
        parts = [part for node in schema.nodes for part in self.reader.parts(node)]
        parts = [part for part in parts if part.node.identity not in chosen]
        unique = {(part.node.identity, part.masked): part for part in (*parts, *schema.flat)}
        return [part for part in unique.values() if not self.reader.is_bare_reference(part.node)]

    def _read(self, schema: Schema, direction: Direction) -> Allowed:
        parts = self._parts(schema)
        if any(part.node.value is False for part in parts):
            return Allowed(schema, {})
        groups = [group for part in parts for group in _groups(part)]
        if len(groups) > 1:
            parts, groups = self._without_implied(parts, groups)
        apart = [group for group in groups if group.node.identity not in self._whole]
        if apart and (len(apart) == 1 or prod(group.size for group in apart) <= MOST_COMBINED):
            found = self._union(schema, parts, apart[0], direction)
            if found is not None:
                return found
            if len(apart) == 1:
                self._whole.add(apart[0].node.identity)
        return Allowed(schema, self._leaves.read(schema, parts, groups, direction))

    def _without_implied(self, parts: list[Part], groups: list[Group]) -> tuple[list[Part], list[Group]]:
        """Without each union that another one implies, since that has its members and no others."""
        members = [frozenset(map(self._meant, group.node.elements())) for group in groups]
        left = list(range(len(groups)))
        for index, group in enumerate(groups):
            others = (other for other in left if other != index and may_imply(groups[other], group))
            if any(
                members[other] <= members[index]
                if group.keyword == "anyOf"
                else members[other] == members[index]
                for other in others
            ):
                left.remove(index)
        for group in [one for index, one in enumerate(groups) if index not in left]:
            parts = [
                Part(one.node, one.masked | {group.keyword}) if one.node == group.part.node else one
                for one in parts
            ]
        return parts, [group for part in parts for group in _groups(part)]

    def _meant(self, member: Node) -> Hashable:
        """What is equal for the same schema, and for one that is written the same."""
        end = self._end(member)
        return end.identity if end.pointer[: len(member.pointer)] != member.pointer else repr(end.value)

    def _union(
        self, schema: Schema, parts: Sequence[Part], group: Group, direction: Direction
    ) -> Allowed | None:
        """A union by its members; None if there are too many of them, or too many ways to one of them."""
        masked = group.part.masked | {group.keyword}
        others = [Part(one.node, masked) if one == group.part else one for one in parts]
        beside = tuple(one for one in others if self._says_something(one))
        nodes = list(group.node.elements())
        discriminator = group.part.node.get("discriminator")
        tags = self.tags.of_members(discriminator, nodes)
        is_strict = group.keyword == "oneOf" and not self.document.may_overlap(group.node)
        collected: dict[str, list[Alternative]] = {}
        ways = Counter[tuple[str, Identity]]()
        exclusive: list[Node] = []
        for node, own in zip(nodes, tags, strict=True):
            end = self._end(node)
            inner = self.allowed(
                Schema(end, (end,), self._beside(beside, Part(group.part.node, masked), end)), direction
            )
            exclusive += inner.exclusive
            for kind, alternatives in inner.kinds.items():
                members = (replace(one, entries=(*one.entries, node)) for one in alternatives)
                named = (self._tagged(one, own, discriminator) for one in members)
                collected.setdefault(kind, []).extend(named)
                places = [(kind, one.schema.place.identity) for one in alternatives]
                ways.update(places)
                is_too_large = len(collected[kind]) > _MOST_MEMBERS
                if is_too_large or any(ways[place] > MOST_COMBINED for place in places):
                    return None
        of_kinds = {kind: joined(kind, found, is_strict=is_strict) for kind, found in collected.items()}
        kinds = {kind: tuple(found) for kind, found in of_kinds.items() if found}
        if is_strict and any(len(found) > 1 and not _are_tagged(found) for found in kinds.values()):
            exclusive.append(group.node)
        return Allowed(schema, kinds, tuple(exclusive), discriminator)

    def _beside(self, beside: tuple[Part, ...], union: Part, member: Node) -> tuple[Part, ...]:
        """What holds beside a member, with the union itself if the member builds on it."""
        is_own = member != union.node and any(part.node == union.node for part in self.reader.parts(member))
        return (*beside, union) if is_own and union not in beside else beside

    def _tagged(self, one: Alternative, own: list[str], discriminator: Node | None) -> Alternative:
        if discriminator is None or one.kind != "object" or not own:
            return one
        name = discriminator.text("propertyName")
        nodes = [node for part in one.parts for node in _properties(part.node, name)]
        is_listed = bool(nodes) and self.tags.listed(nodes) is not None
        return replace(one, tags=frozenset(own), is_tagged=not is_listed)

    def _says_something(self, part: Part) -> bool:
        node = part.node
        read = (ALL_OF, *REFERENCES, *part.masked)
        return asserts(node, read) or any(one not in part.masked and elements(node, one) for one in CHOICES)


def _properties(node: Node, name: str) -> list[Node]:
    properties = node.get("properties")
    inner = None if properties is None else properties.get(name)
    return [] if inner is None else [inner]


def _groups(part: Part) -> list[Group]:
    listed = (part.node.get(keyword) for keyword in CHOICES if keyword not in part.masked)
    return [Group(part, node) for node in listed if node is not None and elements(part.node, node.key)]


def _are_tagged(found: Iterable[Alternative]) -> bool:
    return all(one.tags for one in found)
