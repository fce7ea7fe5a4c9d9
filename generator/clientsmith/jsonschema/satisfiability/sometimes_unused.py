"""Members that a schema requires and only some of its alternatives leave out: required unless one of those holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from clientsmith.document.model import Node
from clientsmith.jsonschema.discriminator import TagReader
from clientsmith.jsonschema.keywords import CHOICES, Plain, elements, required_entries
from clientsmith.jsonschema.satisfiability.one_direction import MOST_CONDITIONS, View
from clientsmith.jsonschema.satisfiability.unused import UnusedProperties

_DEEPEST = 6
"""How many schemas inside each other are told apart; below them, what one alternative marks is left out by all."""


@dataclass(frozen=True, slots=True)
class SometimesUnused:
    """Says when members are demanded that some alternatives of a schema leave out.

    `written` gives a schema as a view has it.
    """

    unused: UnusedProperties
    tags: TagReader
    written: Callable[[Node, View], Plain]

    def demands(self, node: Node, view: View) -> list[Plain]:
        """Schemas that hold beside a schema for values that lack what the view leaves out in any case.

        What may be left out below `not` is never demanded, and neither is it in conditions that are not written out.
        """
        if view.certain or view.depth >= MOST_CONDITIONS:
            return []
        found: list[tuple[list[Plain], Plain]] = []
        names = self.unused.of(node) - view.unused
        for name in sorted(names.intersection(self._required(node)) if names else ()):
            leaving = _any(self._leaving(node, name, view, 0))
            together = next((listed for listed, plain in found if plain == leaving), None)
            if together is None:
                found.append(([name], leaving))
            else:
                together.append(name)
        return [_any([{"required": listed}, leaving]) for listed, leaving in found if leaving is not True]

    def _required(self, node: Node, depth: int = 0) -> Iterator[str]:
        """The names that a schema requires whatever its alternatives say."""
        if not self.unused.reader.is_bare_reference(node):
            yield from required_entries(node)
        for part in self.unused.reader.conjuncts(node) if depth < _DEEPEST else ():
            yield from self._required(part, depth + 1)

    def _leaving(self, node: Node, name: str, view: View, depth: int) -> Iterator[Plain]:
        """Schemas of the objects for which an alternative holds that leaves a member out."""
        if self.unused.leaves_out(node, name, with_choices=False) or depth == _DEEPEST:
            yield True
        elif self.unused.leaves_out(node, name):
            for part in self.unused.reader.conjuncts(node):
                beside = view.also(self.unused.beside(node, [part]))
                yield from self._leaving(part, name, beside, depth + 1)
            if not self.unused.reader.is_bare_reference(node):
                for holding, inner, inside in self._alternatives(node, name, view):
                    leaving = _any(self._leaving(inner, name, inside, depth + 1))
                    yield _all([*holding, leaving])

    def _alternatives(self, node: Node, name: str, view: View) -> Iterator[tuple[list[Plain], Node, View]]:
        """The schemas that may hold beside a schema and leave a member out: what says so of each, and its view."""
        for keyword in CHOICES:
            members = elements(node, keyword)
            inside = view.also(self.unused.beside(node, members)).deeper()
            tags = self.tags.of_members(node.get("discriminator"), members)
            for member, values in zip(members, tags, strict=True):
                if self.unused.leaves_out(member, name):
                    yield [*_tagged(node, values), self.written(member, inside)], member, inside
        inside = view.also(self.unused.of(node)).deeper()
        condition, dependent = node.get("if"), node.get("dependentSchemas")
        for keyword in ("then", "else") if condition is not None else ():
            inner = node.get(keyword)
            if condition is not None and inner is not None and self.unused.leaves_out(inner, name):
                is_then = keyword == "then"
                holds = self.written(condition, inside._replace(certain=not is_then))
                yield [holds if is_then else {"not": holds}], inner, inside
        for key, inner in dependent.items() if dependent is not None else ():
            if self.unused.leaves_out(inner, name):
                yield [] if key in inside.unused else [{"required": [key]}], inner, inside


def _tagged(node: Node, values: list[str]) -> list[Plain]:
    """What says that a discriminator names a member, if it has values that do."""
    name = node.child("discriminator").text("propertyName") if values else ""
    return [{"properties": {name: {"enum": [*values]}}, "required": [name]}] if values else []


def _all(schemas: list[Plain]) -> Plain:
    kept = [one for one in schemas if one is not True]
    return {"allOf": kept} if len(kept) > 1 else next(iter(kept), True)


def _any(schemas: Iterator[Plain] | list[Plain]) -> Plain:
    listed = list(schemas)
    return True if any(one is True for one in listed) else {"anyOf": listed} if listed else False
