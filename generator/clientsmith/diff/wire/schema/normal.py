"""Reads schemas into what they allow: references followed, `allOf` merged, unions as lists of alternatives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import prod

from clientsmith.diff.wire.schema.leaf import LeafReader
from clientsmith.diff.wire.schema.model import Allowed, Alternative, Direction, Schema, SchemaKey
from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.jsonschema.discriminator import TagReader
from clientsmith.jsonschema.keywords import (
    ALL_OF,
    CHOICES,
    REFERENCES,
    asserts,
    elements,
    references,
)
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.shape import Group, Part

_MOST_COMBINED = 64
"""Members of unions beside each other that are combined with each other; a single union may have any number."""
_OWN = frozenset({"default", "deprecated", "readOnly", "writeOnly", "x-sunset"})
"""What is said beside a reference about the place of use."""


class SchemaNormalizer:
    """Answers what the schemas of one document allow, each worked out once by direction."""

    def __init__(self, document: ResolvedDocument) -> None:
        self.document = document
        self.reader = SchemaReader(document)
        self.tags = TagReader(self.reader)
        self._leaves = LeafReader(self.reader)
        self._allowed: dict[tuple[SchemaKey, Direction], Allowed] = {}

    def schema(self, nodes: Iterable[Node], place: Node) -> Schema:
        """What several schemas of one place say together; without any, everything fits."""
        ends = list(dict.fromkeys(self._end(node) for node in nodes if node.value is not True))
        return Schema(ends[0] if ends else place, tuple(ends))

    def _end(self, node: Node) -> Node:
        """The schema that really says something: references and wrappers add nothing of their own."""
        for _ in range(len(self.document.references) + 1):
            says_more = asserts(node, REFERENCES) or not _OWN.isdisjoint(node.mapping)
            if not references(node) or (says_more and not self.reader.is_bare_reference(node)):
                break
            target = self.document.ref_target(node)
            if target is None:
                return node
            node = target
        target, is_nullable, _ = self.reader.canonical(node)
        return node if is_nullable or not _OWN.isdisjoint(node.mapping) else target

    def allowed(self, schema: Schema, direction: Direction) -> Allowed:
        """What a schema allows in a direction. A union that is a member of itself allows no more values for it."""
        key = (schema.key, direction)
        known = self._allowed.get(key)
        if known is None:
            self._allowed[key] = Allowed(schema, {})
            known = self._allowed[key] = self._read(schema, direction)
        return known

    def _parts(self, schema: Schema) -> list[Part]:
        """All schema objects that hold at once, except those that a reference before 3.1 leaves unread."""
        parts = [part for node in schema.nodes for part in self.reader.parts(node)]
        unique = {(part.node.identity, part.masked): part for part in (*parts, *schema.flat)}
        return [part for part in unique.values() if not self.reader.is_bare_reference(part.node)]

    def _read(self, schema: Schema, direction: Direction) -> Allowed:
        parts = self._parts(schema)
        if any(part.node.value is False for part in parts):
            return Allowed(schema, {})
        groups = [group for part in parts for group in _groups(part)]
        if groups and (len(groups) == 1 or prod(group.size for group in groups) <= _MOST_COMBINED):
            return self._union(schema, parts, groups[0], direction)
        return Allowed(schema, self._leaves.read(schema, parts, groups, direction))

    def _union(self, schema: Schema, parts: Sequence[Part], group: Group, direction: Direction) -> Allowed:
        masked = group.part.masked | {group.keyword}
        others = [Part(one.node, masked) if one == group.part else one for one in parts]
        beside = tuple(one for one in others if self._says_something(one))
        nodes = list(group.node.elements())
        discriminator = group.part.node.get("discriminator")
        tags = self.tags.of_members(discriminator, nodes)
        collected: dict[str, list[Alternative]] = {}
        exclusive: list[Node] = []
        met_twice = False
        for node, own in zip(nodes, tags, strict=True):
            end = self._end(node)
            inner = self.allowed(Schema(end, (end,), beside), direction)
            exclusive += inner.exclusive
            for kind, alternatives in inner.kinds.items():
                met_twice = met_twice or kind in collected
                named = (self._tagged(one, own, discriminator) for one in alternatives)
                collected.setdefault(kind, []).extend(named)
        if (
            group.keyword == "oneOf"
            and met_twice
            and not all(tags)
            and not self.document.may_overlap(group.node)
        ):
            exclusive.append(group.node)
        kinds = {kind: tuple(_joined(kind, found)) for kind, found in collected.items()}
        return Allowed(schema, kinds, tuple(exclusive), discriminator)

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


def _joined(kind: str, found: list[Alternative]) -> list[Alternative]:
    """The alternatives of one type; those that only list values, or say nothing more, are one."""
    if kind == "object" or kind == "array" or len(found) == 1:
        return found
    plain = [one for one in found if not one.conditions and (one.values is not None or kind == "null")]
    others = [one for one in found if one not in plain]
    if len(plain) < 2:
        return found
    values = {key: value for one in plain for key, value in (one.values or {}).items()}
    parts = tuple(part for one in plain for part in one.parts)
    return [replace(plain[0], parts=parts, values=None if kind == "null" else values), *others]
