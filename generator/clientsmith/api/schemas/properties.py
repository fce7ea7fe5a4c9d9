"""Properties of an object: which a direction has, in which order, under which Python names; types stand elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from clientsmith.api.model.naming import FIELD_RESERVED, Scope, argument_forms
from clientsmith.api.names.contest import Collision, uncontested
from clientsmith.diagnostics.model import Diagnostics, Related
from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity
from clientsmith.document.uses import Direction, SchemaUses
from clientsmith.jsonschema.branches import Branches
from clientsmith.jsonschema.keywords import elements
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.satisfiability.unused import UnusedProperties
from clientsmith.jsonschema.shape import Part, Shape


@dataclass(frozen=True, slots=True)
class PropertyReader:
    """Reads what the document says about properties beside their types."""

    reader: SchemaReader
    uses: SchemaUses
    diagnostics: Diagnostics
    branches: Branches
    unused: Mapping[Direction, UnusedProperties]
    _without_decimals: set[Identity] = field(default_factory=set[Identity])
    """Schemas below which no number is known to be of `format: decimal`; others may lead to them many times."""

    def visible(self, shape: Shape, direction: Direction) -> list[str]:
        """Required properties in the order of `required`, then the others by name; the other direction's left out."""
        hidden = "readOnly" if direction == "request" else "writeOnly"
        for node in (node for nodes in shape.properties.values() for node in nodes):
            for one in self.reader.marks(node):
                self.uses.add(one, direction, "deprecated", hidden)
        for node in shape.properties.get("", ()):
            message = "a property without a name becomes no field; received, it stays among the unknown keys"
            self.diagnostics.warning("property-without-name", message, node.place)
        return [
            wire
            for wire in _ordered(shape)
            if not any(self.reader.is_marked(node, hidden) for node in shape.properties[wire])
        ]

    def is_required(self, shape: Shape, wire: str, parts: Sequence[Part], direction: Direction) -> bool:
        """Whether a property has to be there, whatever alternative holds: what one of them leaves out need not be."""
        unused = self.unused[direction]
        return wire in shape.required and not any(
            unused.leaves_out(part.node, wire)
            and wire in unused.beside(part.node, self._told_apart(part), [wire])
            for part in parts
        )

    def _told_apart(self, part: Part) -> list[Node]:
        """The schemas beside one of a conjunction that are parts of it too, or make conjunctions of their own."""
        choices = (one for keyword in sorted(part.masked) for one in elements(part.node, keyword))
        return [*self.reader.conjuncts(part.node), *choices]

    def names(self, shape: Shape) -> tuple[dict[str, str], list[Collision[str]]]:
        """The Python name of each property, the same in both directions, in models and as an argument.

        A property that is its own Python name keeps it; of the others the first one gets the name, and the rest
        get a number.
        """
        forms = {wire: argument_forms(wire, FIELD_RESERVED) for wire in _ordered(shape)}
        free = uncontested([[(name, int(wire != name)) for name in forms[wire]] for wire in forms])
        wanted = dict(zip(forms, free, strict=True))
        holders = {name: wire for wire, name in wanted.items() if wire == name}
        scope = Scope(set(holders))
        names: dict[str, str] = {}
        collisions: list[Collision[str]] = []
        for wire, name in wanted.items():
            names[wire] = name if wire == name else scope.claim(name)
            if names[wire] != name:
                collisions.append(Collision(name, wire, holders[name]))
            holders.setdefault(names[wire], wire)
        return names, collisions

    def note_forbidden(self, shape: Shape) -> None:
        """Report names that a schema requires and forbids."""
        for name, entry in shape.required.items() if shape.closed else ():
            if name and not shape.of_property(name):
                closer = shape.closers[0]
                self.diagnostics.warning(
                    "required-but-forbidden",
                    f"'{closer.key}: false' forbids the property '{name:.80}', which the schema requires",
                    closer.place,
                    hint="declare it under 'properties', or take it out of 'required'",
                    related=(Related("required here", entry.place),),
                    values=(name,),
                )

    def report(self, shape: Shape, collision: Collision[str], names: Mapping[str, str]) -> None:
        """Report which of two properties has the name that both ask for."""
        settled = collision.settled(names)
        wire, other = settled.one, settled.first
        if names[other] != settled.name:
            return
        self.diagnostics.warning(
            "name-collision",
            f"two properties ask for the name '{settled.name}': "
            f"'{other:.80}' has it, '{wire:.80}' is called '{names[wire]}'",
            shape.properties[wire][0].place,
            related=(Related("the other one", shape.properties[other][0].place),),
            values=(wire, other),
        )

    def read_only(self, shape: Shape) -> tuple[str, ...]:
        """The properties that only answers have."""
        return tuple(
            wire
            for wire, nodes in sorted(shape.properties.items())
            if wire and any(self.reader.is_marked(node, "readOnly") for node in nodes)
        )

    def are_others_exact(self, shape: Shape) -> bool:
        """Whether properties without a name of their own hold numbers of `format: decimal`, which are never floats."""
        branches, seen = self.branches, set[Identity]()
        pending, exact = [*shape.additional, *shape.patterned], False
        while pending:
            node = pending.pop()
            if node.identity in seen or node.identity in self._without_decimals:
                continue
            seen.add(node.identity)
            for part in branches.of(node) if "decimal" in branches.formats(node) else ():
                self.uses.add(part, "response", "format")
                exact = True
            pending += (inner for _, inner in branches.inner(node))
        if not exact:
            self._without_decimals.update(seen)
        return exact

    def description(self, nodes: Sequence[Node]) -> str:
        """What is said last about a property itself, else about the schema that it refers to."""
        said = next((text for node in reversed(nodes) if (text := node.text("description"))), "")
        return said or self.reader.canonical(nodes[0])[0].text("description")


def _ordered(shape: Shape) -> list[str]:
    """Required properties in the order of `required`, then the others by name; one without a name is left out."""
    required = [wire for wire in shape.required if wire and wire in shape.properties]
    return required + [wire for wire in sorted(shape.properties) if wire and wire not in shape.required]
