"""Which values of a discriminator's property name which member of its union (OpenAPI Discriminator Object)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from clientsmith.document.model import JSON, Node
from clientsmith.document.resolved import Identity, ResolvedDocument
from clientsmith.jsonschema.reader import SchemaReader


@dataclass(frozen=True, slots=True)
class TagReader:
    """Answers about the discriminators of one document."""

    reader: SchemaReader

    def of_members(self, discriminator: Node | None, members: list[Node]) -> list[list[str]]:
        """The values that name each member, in the order of the members; none for one that has no name."""
        name = "" if discriminator is None else discriminator.text("propertyName")
        if discriminator is None or not name:
            return [[] for _ in members]
        mapped = self.mapping(discriminator)
        targets = [self.reader.canonical(member)[0] for member in members]
        return [mapped.get(target.identity) or self.implied(target, name) for target in targets]

    def mapping(self, discriminator: Node) -> dict[Identity, list[str]]:
        """The values of the `mapping` by the schema that each leads to."""
        mapping = discriminator.get("mapping")
        found: dict[Identity, list[str]] = {}
        for value, target in mapping.items() if mapping is not None else ():
            node = self._target(target)
            if node is not None:
                found.setdefault(node.identity, []).append(value)
        return found

    def implied(self, node: Node, name: str) -> list[str]:
        """Without a mapping the name of the schema is its value, unless its own `const` or `enum` says otherwise."""
        key = component_key(node, self.reader.document)
        implied = [] if key is None else [key]
        listed = self.listed(self.reader.shape(self.reader.parts(node)).properties.get(name, []))
        if listed is None or key in listed:
            return implied
        return [value for value in listed if isinstance(value, str)]

    def listed(self, schemas: list[Node]) -> list[JSON] | None:
        """The values that a property may have, if its schemas list them."""
        parts = [part for schema in schemas for part in self.reader.parts(self.reader.canonical(schema)[0])]
        return self.reader.shape(parts).values

    def _target(self, target: Node) -> Node | None:
        """A mapping names a component or gives a reference; where it may mean either, the component is meant."""
        if not isinstance(target.value, str):
            return None
        found = self.reader.document.components("schemas").get(target.value)
        found = found or self.reader.document.lookup(target, target.value)
        return None if found is None else self.reader.canonical(found)[0]


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


def component_key(node: Node, document: ResolvedDocument) -> str | None:
    """The key of a schema that stands directly under `components/schemas` of the root document."""
    if (
        node.document is document.root
        and len(node.pointer) == 3
        and node.pointer[:2] == ("components", "schemas")
    ):
        return node.pointer[2]
    return None
