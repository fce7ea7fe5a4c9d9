"""Which values of a discriminator's property name which member of its union (OpenAPI Discriminator Object)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from clientsmith.document.model import JSON, Node
from clientsmith.document.resolved import Identity
from clientsmith.jsonschema.keywords import references
from clientsmith.jsonschema.reader import SchemaReader


@dataclass(frozen=True)
class TagReader:
    """Answers about the discriminators of one document."""

    reader: SchemaReader

    def of_members(self, discriminator: Node | None, members: list[Node]) -> list[list[str]]:
        """The values that name each member, in the order of the members; none for one that has no name."""
        tag = "" if discriminator is None else discriminator.text("propertyName")
        if discriminator is None or not tag:
            return [[] for _ in members]
        mapped: dict[Identity, list[str]] = {}
        for value, node, _ in self.targets(discriminator):
            mapped.setdefault(node.identity, []).append(value)
        targets = [self.reader.canonical(member)[0] for member in members]
        return [self._values(target, tag, mapped.get(target.identity, [])) for target in targets]

    def mapped(self, entry: Node) -> Node | None:
        """The component or reference that an entry of a mapping means; if it may mean either, the component."""
        if not isinstance(entry.value, str):
            return None
        document = self.reader.document
        return document.components("schemas").get(entry.value) or document.lookup(entry, entry.value)

    def targets(self, discriminator: Node) -> Iterator[tuple[str, Node, Node]]:
        """Each value of a mapping with the schema that it means, and the place of the entry."""
        mapping = discriminator.get("mapping")
        for value, entry in mapping.items() if mapping is not None else ():
            node = self.mapped(entry)
            if node is not None:
                yield value, self.reader.canonical(node)[0], entry

    def contradictions(self, discriminator: Node) -> Iterator[tuple[str, Node]]:
        """The values of a mapping that the schema which they lead to does not list, each with its place."""
        tag = discriminator.text("propertyName")
        for value, node, place in self.targets(discriminator):
            listed = self._listed_by(node, tag)
            if listed is not None and value not in listed:
                yield value, place

    def implied(self, node: Node, tag: str) -> list[str]:
        """Without a mapping the name of the schema is its value, unless its own `const` or `enum` says otherwise."""
        key = self.name(node)
        implied = [] if key is None else [key]
        listed = self._listed_by(node, tag)
        return implied if listed is None or key in listed else _texts(listed)

    def name(self, node: Node) -> str | None:
        """The name of a schema among the components, also of one elsewhere that a component only refers to."""
        return self._names.get(node.identity)

    def of_subtypes(self, base: Node, subtypes: list[Node]) -> list[list[str]]:
        """The values that name each subtype of a base class; a list of values that all inherit names none of them."""
        discriminator = base.child("discriminator")
        tag = discriminator.text("propertyName")
        inherited = set(_texts(self._listed_by(base, tag) or ()))
        mapped = {node.identity for _, node, _ in self.targets(discriminator)}
        named = zip(subtypes, self.of_members(discriminator, subtypes), strict=True)
        return [
            [] if node.identity not in mapped and inherited == set(values) else values
            for node, values in named
        ]

    def listed(self, schemas: list[Node]) -> list[JSON] | None:
        """The values that a property may have, if its schemas list them."""
        parts = [part for schema in schemas for part in self.reader.parts(self.reader.canonical(schema)[0])]
        return self.reader.shape(parts).values

    def _values(self, node: Node, tag: str, mapped: list[str]) -> list[str]:
        """Those of the mapping that the schema's own `const` or `enum` allows; if it allows none, its own."""
        if not mapped:
            return self.implied(node, tag)
        listed = self._listed_by(node, tag)
        return mapped if listed is None else [one for one in mapped if one in listed] or _texts(listed)

    def _listed_by(self, node: Node, tag: str) -> list[JSON] | None:
        return self.listed(self.reader.shape(self.reader.parts(node)).properties.get(tag, []))

    @cached_property
    def _names(self) -> dict[Identity, str]:
        listed = sorted(self.reader.document.components("schemas").items())
        names = {node.identity: key for key, node in listed}
        for key, node in listed:
            if references(node):
                names.setdefault(self.reader.canonical(node)[0].identity, key)
        return names


def _texts(values: Iterable[JSON]) -> list[str]:
    return [value for value in values if isinstance(value, str)]


def tagged_union(
    keyword: str, name: str, members: Sequence[object], values: Sequence[Sequence[str]]
) -> dict[str, Any]:
    """The union of the members that a value names, if it names any, as JSON Schema 2020-12: that one alone decides."""

    def tagged(own: Iterable[str]) -> dict[str, Any]:
        return {"properties": {name: {"enum": list(own)}}}

    pairs = zip(members, values, strict=True)
    return {
        "if": {"type": "object", "required": [name], **tagged(chain.from_iterable(values))},
        "then": {keyword: [{"allOf": [tagged(own), member]} for member, own in pairs]},
    }


def component_key(node: Node) -> str | None:
    """The key of a schema that is directly under `components/schemas` of the root document."""
    is_component = node.pointer[:-1] == ("components", "schemas")
    return node.key if node.document.is_root and is_component else None
