"""Discriminators: which values of a property belong to which variant of a union (OpenAPI Discriminator Object)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from clientsmith.api.hints import component_key
from clientsmith.api.model import ModelClass, Schema, Tag
from clientsmith.api.shape import GROUPS, SchemaReader
from clientsmith.document.model import Node


@dataclass(slots=True)
class _Tags:
    property: str
    own: set[str] = field(default_factory=set[str])
    all: set[str] = field(default_factory=set[str])


@dataclass(slots=True)
class Discriminators:
    """Collects the discriminator values of every class that is a variant somewhere."""

    reader: SchemaReader
    _tags: dict[str, _Tags] = field(default_factory=dict[str, _Tags])

    def add(self, discriminator: Node, variants: list[tuple[Node, str]]) -> None:
        """Take in one union: its discriminator, and each variant's schema with the class that it became."""
        name = discriminator.text("propertyName")
        mapped = self._mapping(discriminator)
        own: list[tuple[str, list[str]]] = []
        for node, class_key in variants:
            values = mapped.get(node.identity) or self._implied(node, name)
            if name and values:
                own.append((class_key, values))
        every = {value for _, values in own for value in values}
        for class_key, values in own:
            tags = self._tags.setdefault(class_key, _Tags(name))
            if tags.property == name:
                tags.own.update(values)
                tags.all.update(every)

    def attach(self, schemas: dict[str, Schema]) -> None:
        """Give the classes their tags."""
        for key, tags in self._tags.items():
            made = schemas.get(key)
            if isinstance(made, ModelClass):
                others = tuple(sorted(tags.all - tags.own))
                schemas[key] = replace(made, tag=Tag(tags.property, tuple(sorted(tags.own)), others))

    def _implied(self, node: Node, name: str) -> list[str]:
        """Without a mapping the name of the schema is its value, unless its own `const` or `enum` says otherwise."""
        key = component_key(node, self.reader.document)
        implied = [] if key is None else [key]
        inner = self.reader.shape(self.reader.parts(node)).properties.get(name, [])
        parts = [part for schema in inner for part in self.reader.parts(self.reader.canonical(schema)[0])]
        listed = self.reader.shape(parts).values
        if listed is None or key in listed:
            return implied
        return [value for value in listed if isinstance(value, str)]

    def _mapping(self, discriminator: Node) -> dict[tuple[str, tuple[str, ...]], list[str]]:
        mapping = discriminator.get("mapping")
        found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for value, target in mapping.items() if mapping is not None else ():
            node = self._target(target)
            if node is not None:
                found.setdefault(node.identity, []).append(value)
        return found

    def _target(self, target: Node) -> Node | None:
        """A mapping names a component or gives a reference; where it may mean either, the component is meant."""
        if not isinstance(target.value, str):
            return None
        components = self.reader.document.node().get("components")
        schemas = components.get("schemas") if components is not None else None
        found = schemas.get(target.value) if schemas is not None else None
        found = found or self.reader.document.lookup(target, target.value)
        return None if found is None else self.reader.canonical(found)[0]


def has_subtypes(node: Node) -> bool:
    """Whether schemas that refer to this one in their `allOf` take its place (OpenAPI Discriminator Object).

    A union says itself what its members are; a discriminator without one speaks of schemas elsewhere.
    """
    own = node.value
    return isinstance(own, dict) and isinstance(own.get("discriminator"), dict) and not own.keys() & GROUPS
