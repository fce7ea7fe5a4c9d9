"""Discriminators: which values of a property belong to which variant of a union (OpenAPI Discriminator Object)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from clientsmith.api.model.types import ModelClass, Schema, Tag
from clientsmith.document.model import Node
from clientsmith.jsonschema.discriminator import TagReader
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.shape import GROUPS

_MOST_LISTED = 20_000
"""How many values the variants of an API may list of each other, each for itself."""


@dataclass(slots=True)
class _Tags:
    property: str
    own: set[str] = field(default_factory=set[str])
    unions: list[frozenset[str]] = field(default_factory=list[frozenset[str]])
    """The values of each union that the class is a variant of; one set for all its variants."""

    def listed(self) -> int:
        """How many values there are to list, at most."""
        return sum(map(len, self.unions))

    def every(self) -> frozenset[str]:
        """The values of all variants."""
        return frozenset[str]().union(*self.unions)


@dataclass(slots=True)
class Discriminators:
    """Collects the discriminator values of every class that is a variant somewhere."""

    reader: SchemaReader
    _values: TagReader = field(init=False)
    _tags: dict[str, _Tags] = field(default_factory=dict[str, _Tags])
    _unspoken: dict[str, _Tags] = field(default_factory=dict[str, _Tags])

    def __post_init__(self) -> None:
        self._values = TagReader(self.reader)

    def add(self, discriminator: Node, variants: list[tuple[Node, str]]) -> None:
        """Take in one union: its discriminator, and each variant's schema with the class that it became."""
        name = discriminator.text("propertyName")
        mapped = self._values.mapping(discriminator)
        own: list[tuple[str, list[str]]] = []
        for node, class_key in variants:
            values = mapped.get(node.identity) or self._values.implied(node, name)
            if name and values:
                own.append((class_key, values))
        _enter(self._tags, name, own)

    def imply(self, variants: list[tuple[Node, str]]) -> None:
        """Take in one union without a discriminator: a property no two variants list the same values of is as good."""
        listed: dict[str, list[tuple[str, list[str]]]] = {}
        for node, class_key in variants if len(variants) > 1 else ():
            for name, inner in self.reader.shape(self.reader.parts(node)).properties.items():
                values = self._values.listed(inner)
                if values and all(isinstance(value, str) for value in values):
                    listed.setdefault(name, []).append((class_key, [str(value) for value in values]))
        for name, own in sorted(listed.items(), key=lambda item: (-len(item[1]), item[0])):
            every = [value for _, values in own for value in values]
            if len(own) > 1 and len(set(every)) == len(every):
                _enter(self._unspoken, name, own)
                return

    def attach(self, schemas: dict[str, Schema], spend: Callable[[str, int], None]) -> None:
        """Give the classes their tags; `spend` is told of the values that a class lists for others too."""
        found = {
            key: (made, tags)
            for key, tags in (self._unspoken | self._tags).items()
            if isinstance(made := schemas.get(key), ModelClass)
        }
        if sum(tags.listed() for _, tags in found.values()) <= _MOST_LISTED:
            for key, (made, tags) in found.items():
                others = tuple(sorted(tags.every() - tags.own))
                schemas[key] = replace(made, tag=Tag(tags.property, tuple(sorted(tags.own)), others))
            return
        first: dict[frozenset[int], str] = {}
        for key, (made, tags) in sorted(found.items()):
            own = tuple(sorted(tags.own))
            siblings = first.setdefault(frozenset(map(id, tags.unions)), key)
            if siblings == key:
                spend(key, tags.listed())
                tag = Tag(tags.property, own, every=tuple(sorted(tags.every())))
            else:
                tag = Tag(tags.property, own, siblings=siblings)
            schemas[key] = replace(made, tag=tag)


def _enter(tags: dict[str, _Tags], name: str, own: list[tuple[str, list[str]]]) -> None:
    every = frozenset(value for _, values in own for value in values)
    for class_key, values in own:
        entry = tags.setdefault(class_key, _Tags(name))
        if entry.property == name:
            entry.own.update(values)
            entry.unions.append(every)


def has_subtypes(node: Node) -> bool:
    """Whether schemas that refer to this one in their `allOf` take its place (OpenAPI Discriminator Object).

    A union says itself what its members are; a discriminator without one speaks of schemas elsewhere.
    """
    own = node.value
    return isinstance(own, dict) and isinstance(own.get("discriminator"), dict) and not own.keys() & GROUPS
