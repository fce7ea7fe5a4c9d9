"""Properties of an object: which a direction has, in which order, under which Python names; types stand elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clientsmith.api.model.naming import FIELD_RESERVED, Scope, argument_name
from clientsmith.api.model.types import Direction
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import Node
from clientsmith.document.uses import SchemaUses
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.shape import Shape


@dataclass(frozen=True, slots=True)
class PropertyReader:
    """Reads what the document says about properties beside their types."""

    reader: SchemaReader
    uses: SchemaUses
    diagnostics: Diagnostics

    def visible(self, shape: Shape, direction: Direction) -> list[str]:
        """Required properties in the order of `required`, then the others by name; the other direction's left out."""
        hidden = "readOnly" if direction == "request" else "writeOnly"
        for node in (node for nodes in shape.properties.values() for node in nodes):
            self.uses.add(node, direction, hidden, "deprecated")
            self.uses.add(self.reader.canonical(node)[0], direction, hidden)
        visible = {
            wire: None
            for wire, nodes in sorted(shape.properties.items())
            if wire and not any(self.reader.is_marked(node, hidden) for node in nodes)
        }
        for node in shape.properties.get("", ()):
            message = "a property without a name becomes no field; received, it stays among the unknown keys"
            self.diagnostics.warning("property-without-name", message, node.place)
        required = [wire for wire in shape.required if wire in visible]
        return required + [wire for wire in visible if wire not in shape.required]

    def read_only(self, shape: Shape) -> tuple[str, ...]:
        """The properties that only answers have."""
        return tuple(
            wire
            for wire, nodes in sorted(shape.properties.items())
            if wire and any(self.reader.is_marked(node, "readOnly") for node in nodes)
        )

    def description(self, nodes: Sequence[Node]) -> str:
        """What is said last about a property itself, else about the schema that it refers to."""
        said = next((text for node in reversed(nodes) if (text := node.text("description"))), "")
        return said or self.reader.canonical(nodes[0])[0].text("description")


def is_marked(node: Node, keyword: str) -> bool:
    """Whether a schema object says `keyword: true`."""
    return node.mapping.get(keyword) is True


def python_names(wires: Iterable[str]) -> dict[str, str]:
    """The Python name of each property; one that already is its own Python name keeps it."""
    wanted = {wire: argument_name(wire, FIELD_RESERVED) for wire in wires}
    scope = Scope({wire for wire, name in wanted.items() if wire == name})
    return {wire: name if wire == name else scope.claim(name) for wire, name in wanted.items()}
