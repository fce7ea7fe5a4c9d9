"""Discriminators: how a value finds its member of a union, and which schemas are subtypes of a base class.

A base class with a discriminator is a union too: of itself and the schemas that refer to it in `allOf`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from clientsmith.api.model.types import Choice
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity, components
from clientsmith.document.uses import Direction
from clientsmith.jsonschema.branches import Branches
from clientsmith.jsonschema.discriminator import TagReader
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.shape import GROUPS


@dataclass(frozen=True)
class Discriminators:
    """Makes choices of discriminators."""

    reader: SchemaReader
    diagnostics: Diagnostics

    def choice(self, discriminator: Node, members: list[tuple[Node, str]], direction: Direction) -> Choice:
        """The choice that a discriminator makes among members, each given by its schema and the name of its type.

        The name of a schema is a value too, unless the mapping has others for it; an answer may use it even then.
        """
        tag = discriminator.text("propertyName")
        nodes = [node for node, _ in members]
        named = self._tags.of_members(discriminator, nodes)
        found = _found(named, members)
        if direction == "response" and tag:
            found = _found([self._tags.implied(node, tag) for node in nodes], members) | found
        self._warn(discriminator)
        return Choice(tag, tuple(sorted(found.items())), binding=direction == "response" or all(named))

    def family(self, base: Node, subtypes: list[tuple[Node, str]], own: str, direction: Direction) -> Choice:
        """What the discriminator of a base class says of its subtypes; `own` is the name of the base itself."""
        discriminator = base.child("discriminator")
        named = self._tags.of_subtypes(base, [node for node, _ in subtypes])
        found = _found(named, subtypes)
        if direction == "response":
            names = [self._tags.name(node) for node, _ in subtypes]
            found = _found([[name] if name else [] for name in names], subtypes) | found
        for value, node, _ in self._tags.targets(discriminator):
            if node == base:
                found[value] = own
        self._warn(discriminator)
        return Choice(discriminator.text("propertyName"), tuple(sorted(found.items())), base=own)

    def _warn(self, discriminator: Node) -> None:
        tag = discriminator.text("propertyName")
        for value, place in self._tags.contradictions(discriminator):
            message = (
                f"the discriminator maps {value!r:.60} to a schema whose {tag!r:.60} cannot have that value"
            )
            hint = "the values that the schema lists are sent; correct the mapping"
            self.diagnostics.warning("contradicting-discriminator", message, place.place, hint=hint)

    def implied(self, members: list[tuple[Node, str]]) -> Choice | None:
        """A choice without a discriminator: by a property for which no two members list the same value."""
        listed: dict[str, list[tuple[str, str]]] = {}
        holders: dict[str, int] = {}
        for node, name in members if len(members) > 1 else ():
            for wire, inner in self.reader.shape(self.reader.parts(node)).properties.items():
                values = self._tags.listed(inner)
                if values and all(isinstance(value, str) for value in values):
                    listed.setdefault(wire, []).extend((str(value), name) for value in values)
                    holders[wire] = holders.get(wire, 0) + 1
        for wire, own in sorted(listed.items(), key=lambda item: (-holders[item[0]], item[0])):
            if holders[wire] > 1 and len({value for value, _ in own}) == len(own):
                return Choice(wire, tuple(sorted(own)), binding=False)
        return None

    def subtypes(self, base: Node) -> list[Node]:
        """The schemas that take the place of a base class: those that derive from it, and what its mapping names.

        One that is only named has to declare all that the base declares; else a value would lose the types of members.
        """
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
        declared = self._branches.properties(base).keys()
        for value, node, place in self._tags.targets(discriminator):
            lacking = declared - self._branches.properties(node).keys()
            if node.identity in found or not lacking:
                found.setdefault(node.identity, node)
            elif node != base:
                message = f"the discriminator maps {value!r:.60} to a schema without {min(lacking)!r:.60} of the base"
                hint = "such values are read as the base; add what the schema lacks, or the base to its allOf"
                self.diagnostics.warning("contradicting-discriminator", message, place.place, hint=hint)
        found.pop(base.identity, None)
        return list(found.values())

    @cached_property
    def _branches(self) -> Branches:
        return Branches(self.reader)

    @cached_property
    def _tags(self) -> TagReader:
        return TagReader(self.reader)

    @cached_property
    def _children(self) -> dict[Identity, list[Node]]:
        """The components of all files by what they refer to in their `allOf`."""
        roots = (document.root for document in self.reader.document.documents.values())
        named = {
            target.identity: target
            for root in roots
            for _, node in sorted(components(root, "schemas", self.reader.document.deref).items())
            for target in (self.reader.canonical(node)[0],)
        }
        found: dict[Identity, list[Node]] = {}
        for child in named.values():
            pending, met = [child], {child.identity}
            while pending:
                for inner in self.reader.conjuncts(pending.pop()):
                    target = self.reader.canonical(inner)[0]
                    if target.identity in met:
                        continue
                    met.add(target.identity)
                    found.setdefault(target.identity, []).append(child)
                    if target.identity not in named:
                        pending.append(target)
        return found


def _found(named: list[list[str]], members: list[tuple[Node, str]]) -> dict[str, str]:
    """The type by each value; the first one that a value names."""
    pairs = [(value, name) for values, (_, name) in zip(named, members, strict=True) for value in values]
    return dict(reversed(pairs))


def has_subtypes(node: Node) -> bool:
    """Whether schemas that refer to this one in their `allOf` take its place (OpenAPI Discriminator Object).

    A union says itself what its members are; a discriminator without one speaks of schemas elsewhere.
    """
    own = node.value
    return isinstance(own, dict) and isinstance(own.get("discriminator"), dict) and not own.keys() & GROUPS
