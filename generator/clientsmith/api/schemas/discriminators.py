"""Discriminators: which values of a property belong to which member of a union (OpenAPI Discriminator Object).

A base class with a discriminator stands for a union too: of itself and of the schemas that refer to it in `allOf`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from clientsmith.api.model.types import Choice, Direction
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import JSON, Node
from clientsmith.document.resolved import Identity
from clientsmith.jsonschema.keywords import references
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.shape import GROUPS


@dataclass(frozen=True)
class Discriminators:
    """Reads how a value finds its member."""

    reader: SchemaReader
    diagnostics: Diagnostics

    def choice(self, discriminator: Node, members: list[tuple[Node, str]], direction: Direction) -> Choice:
        """What a discriminator says of the members, each given by its schema and the name of its type.

        The name of a schema is a value too, unless the mapping has other ones for it. An answer may use it even then.
        """
        tag = discriminator.text("propertyName")
        mapped = self._mapping(discriminator)
        found: dict[str, str] = {}
        for node, name in members if tag else ():
            for value in self._values(node, tag, mapped):
                found.setdefault(value, name)
        if direction == "response" and tag:
            for node, name in members:
                for value in self._implied(node, tag):
                    found.setdefault(value, name)
        return Choice(tag, tuple(sorted(found.items())))

    def implied(self, members: list[tuple[Node, str]]) -> Choice | None:
        """What tells members apart without a discriminator: a property of which no two list the same values."""
        listed: dict[str, list[tuple[str, str]]] = {}
        holders: dict[str, int] = {}
        for node, name in members if len(members) > 1 else ():
            for wire, inner in self.reader.shape(self.reader.parts(node)).properties.items():
                values = self._listed(inner)
                if values and all(isinstance(value, str) for value in values):
                    listed.setdefault(wire, []).extend((str(value), name) for value in values)
                    holders[wire] = holders.get(wire, 0) + 1
        for wire, own in sorted(listed.items(), key=lambda item: (-holders[item[0]], item[0])):
            if holders[wire] > 1 and len({value for value, _ in own}) == len(own):
                return Choice(wire, tuple(sorted(own)), binding=False)
        return None

    def subtypes(self, base: Node) -> list[Node]:
        """The schemas that take the place of a base class: those that derive from it, and what its mapping names."""
        discriminator = base.get("discriminator")
        if discriminator is None or not has_subtypes(base):
            return []
        found: dict[Identity, Node] = {}
        pending = [base]
        while pending:
            for child in self._children.get(pending.pop().identity, ()):
                if child.identity not in found:
                    found[child.identity] = child
                    pending.append(child)
        for _, node, _ in self._targets(discriminator):
            found.setdefault(node.identity, node)
        found.pop(base.identity, None)
        return list(found.values())

    # -- values ------------------------------------------------------------------------------------------------

    def _values(self, node: Node, tag: str, mapped: dict[Identity, list[tuple[str, Node]]]) -> list[str]:
        """The values that mean a schema: those of the mapping that its own `const` or `enum` allows."""
        given = mapped.get(node.identity)
        if not given:
            return self._implied(node, tag)
        listed = self._listed_by(node, tag)
        possible = [value for value, _ in given if listed is None or value in listed]
        for value, place in given:
            if value not in possible:
                self._contradiction(value, tag, place)
        return possible or [value for value in listed or () if isinstance(value, str)]

    def _implied(self, node: Node, tag: str) -> list[str]:
        """Without a mapping the name of the schema is its value, unless its own `const` or `enum` says otherwise."""
        key = self._names.get(node.identity)
        implied = [] if key is None else [key]
        listed = self._listed_by(node, tag)
        if listed is None or key in listed:
            return implied
        return [value for value in listed if isinstance(value, str)]

    def _contradiction(self, value: str, tag: str, place: Node) -> None:
        message = f"the discriminator maps {value!r:.60} to a schema whose {tag!r:.60} cannot have that value"
        hint = "the values that the schema lists are sent; correct the mapping"
        self.diagnostics.warning("contradicting-discriminator", message, place.place, hint=hint)

    def _listed_by(self, node: Node, tag: str) -> list[JSON] | None:
        return self._listed(self.reader.shape(self.reader.parts(node)).properties.get(tag, []))

    def _listed(self, schemas: list[Node]) -> list[JSON] | None:
        """The values that a property may have, where its schemas list them."""
        parts = [part for schema in schemas for part in self.reader.parts(self.reader.canonical(schema)[0])]
        return self.reader.shape(parts).values

    # -- the document ------------------------------------------------------------------------------------------

    def _mapping(self, discriminator: Node) -> dict[Identity, list[tuple[str, Node]]]:
        found: dict[Identity, list[tuple[str, Node]]] = {}
        for value, node, place in self._targets(discriminator):
            found.setdefault(node.identity, []).append((value, place))
        return found

    def _targets(self, discriminator: Node) -> Iterator[tuple[str, Node, Node]]:
        """Each value of a mapping with the schema that it means, and where it says so."""
        mapping = discriminator.get("mapping")
        for value, target in mapping.items() if mapping is not None else ():
            node = self._target(target)
            if node is not None:
                yield value, node, target

    def _target(self, target: Node) -> Node | None:
        """A mapping names a component or gives a reference; where it may mean either, the component is meant."""
        if not isinstance(target.value, str):
            return None
        found = dict(self._components()).get(target.value)
        found = found or self.reader.document.lookup(target, target.value)
        return None if found is None else self.reader.canonical(found)[0]

    def _components(self) -> Iterable[tuple[str, Node]]:
        return _schemas(self.reader.document.node())

    @cached_property
    def _names(self) -> dict[Identity, str]:
        """The name of each component, also for a schema elsewhere that a component only refers to."""
        listed = list(self._components())
        names = {node.identity: key for key, node in listed}
        for key, node in listed:
            if references(node):
                names.setdefault(self.reader.canonical(node)[0].identity, key)
        return names

    @cached_property
    def _children(self) -> dict[Identity, list[Node]]:
        """The components of all files by what they refer to in their `allOf`."""
        roots = (document.root for document in self.reader.document.documents.values())
        components = {
            target.identity: target
            for root in roots
            for _, node in _schemas(root)
            for target in (self.reader.canonical(node)[0],)
        }
        found: dict[Identity, list[Node]] = {}
        for child in components.values():
            pending, met = [child], {child.identity}
            while pending:
                for inner in self.reader.conjuncts(pending.pop()):
                    target = self.reader.canonical(inner)[0]
                    if target.identity in met:
                        continue
                    met.add(target.identity)
                    found.setdefault(target.identity, []).append(child)
                    if target.identity not in components:
                        pending.append(target)
        return found


def _schemas(root: Node) -> Iterable[tuple[str, Node]]:
    components = root.get("components")
    schemas = components.get("schemas") if components is not None else None
    return schemas.items() if schemas is not None else ()


def has_subtypes(node: Node) -> bool:
    """Whether schemas that refer to this one in their `allOf` take its place (OpenAPI Discriminator Object).

    A union says itself what its members are; a discriminator without one speaks of schemas elsewhere.
    """
    own = node.value
    return isinstance(own, dict) and isinstance(own.get("discriminator"), dict) and not own.keys() & GROUPS
