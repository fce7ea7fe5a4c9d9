"""Whether values can fit two schemas at once, as far as types, listed values and required members show.

Some pairs are neither certainly disjoint nor certainly overlapping, such as two patterns.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity
from clientsmith.jsonschema.keywords import asserts, common_values
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.shape import Shape

_DEEPEST = 4
_MOST_PAIRS = 200_000
"""Pairs of schemas that are compared in one document; past it nothing is certain."""
_SIMPLE = frozenset(
    {
        "$ref", "additionalProperties", "allOf", "const", "enum", "exclusiveMaximum", "exclusiveMinimum", "format",
        "items", "maxItems", "maxLength", "maximum", "minItems", "minLength", "minimum", "multipleOf", "pattern",
        "properties", "required", "type",
    }
)  # fmt: skip

TELLING = frozenset({"format", "readOnly"})
"""Formats are not checked, and requests lack members that are only read; but both say which case an author means."""


@dataclass(slots=True)
class Pairs:
    """Compares the schemas of one document."""

    reader: SchemaReader
    telling: frozenset[str] = TELLING
    """What tells schemas apart beside what a validator sees."""
    _left: int = _MOST_PAIRS
    _shapes: dict[Identity, Shape] = field(default_factory=dict[Identity, Shape])

    def are_disjoint(self, one: Node, other: Node, depth: int = 0) -> bool:
        """Whether it is certain that no request fits both, or that only `telling` says which of them is meant."""
        return self._are_apart(self._shape(one), self._shape(other), depth)

    def surely_overlap(self, one: Node, other: Node, depth: int = 0) -> bool:
        """Whether it is certain that some request fits both."""
        if depth >= _DEEPEST or self._left <= 0 or self.are_disjoint(one, other, depth):
            return False
        first, second = self._shape(one), self._shape(other)
        if first.nullable and second.nullable:
            return True
        if not (self._is_simple(one) and self._is_simple(other)):
            return False
        if first.values is not None or second.values is not None:
            return first.values is not None and second.values is not None
        return any(self._meet(kind, first, second, depth) for kind in first.kinds & second.kinds)

    def _shape(self, node: Node) -> Shape:
        shape = self._shapes.get(node.identity)
        if shape is None:
            target, nullable, _ = self.reader.canonical(node)
            shape = self._shapes[node.identity] = self.reader.shape(self.reader.parts(target))
            shape.nullable = shape.nullable or nullable
        return shape

    def _are_apart(self, one: Shape, other: Shape, depth: int) -> bool:
        self._left -= 1
        if depth >= _DEEPEST or self._left <= 0 or (one.nullable and other.nullable):
            return False
        if self._through_a_choice(one, other, depth) or self._through_a_choice(other, one, depth):
            return True
        if one.values is not None and other.values is not None:
            return not common_values(one.values, other.values)
        if not (_is_typed(one) and _is_typed(other)):
            return False
        return all(self._differ_as(kind, one, other, depth) for kind in one.kinds & other.kinds)

    def _through_a_choice(self, one: Shape, other: Shape, depth: int) -> bool:
        """Whether every member of one of its unions is disjoint from the other schema."""
        return any(
            all(self._are_apart(self._shape(member), other, depth + 1) for member in group.node.elements())
            for group in one.groups
        )

    def _differ_as(self, kind: str, one: Shape, other: Shape, depth: int) -> bool:
        if kind == "object":
            lacks = self._lacks(one, other) or self._lacks(other, one)
            lacks = lacks or ("readOnly" in self.telling and self._are_read_apart(one, other, depth))
            return lacks or self._has_apart(one, other, depth)
        if kind == "string":
            return "format" in self.telling and one.format != other.format
        if kind == "array":
            # An empty array fits both, whatever their items are.
            return all((shape.bounds.count("minItems") or 0) > 0 for shape in (one, other)) and any(
                self.are_disjoint(mine, theirs, depth + 1) for mine in one.items for theirs in other.items
            )
        return False

    def _lacks(self, one: Shape, other: Shape) -> bool:
        """Whether one schema requires a member that the other, being closed, does not know."""
        closed = other.closed and not other.is_open and not other.groups
        return closed and any(name not in other.properties for name in self._required(one))

    def _has_apart(self, one: Shape, other: Shape, depth: int) -> bool:
        """Whether a member that both require has no value in common."""
        return any(
            self.are_disjoint(mine, theirs, depth + 1)
            for name in self._required(one) & self._required(other)
            for mine in one.properties.get(name, [])
            for theirs in other.properties.get(name, [])
        )

    def _are_read_apart(self, one: Shape, other: Shape, depth: int) -> bool:
        """Whether only members that requests leave out say which of two schemas of objects is meant."""
        mine, theirs = (
            one.required.keys() - self._required(one),
            other.required.keys() - self._required(other),
        )
        return mine != theirs or any(
            self.are_disjoint(first, second, depth + 1)
            for name in mine
            for first in one.properties.get(name, [])
            for second in other.properties.get(name, [])
        )

    def _required(self, shape: Shape) -> set[str]:
        """What a request has to have: not what is only read."""
        return {
            name
            for name in shape.required
            if not any(self.reader.is_marked(node, "readOnly") for node in shape.properties.get(name, []))
        }

    def _is_simple(self, node: Node) -> bool:
        """Whether a schema says what it says by types, listed values, bounds and members alone."""
        parts = self.reader.parts(self.reader.canonical(node)[0])
        return bool(parts) and not any(asserts(part.node, _SIMPLE) for part in parts)

    def _meet(self, kind: str, one: Shape, other: Shape, depth: int) -> bool:
        if kind == "object":
            # Members that neither requires are left out, and those that only one of them knows fit it alone.
            names = (one.required | other.required).keys() & one.properties.keys() & other.properties.keys()
            return all(
                self.surely_overlap(mine, theirs, depth + 1)
                for name in names
                for mine in one.properties[name]
                for theirs in other.properties[name]
            )
        if kind == "array":
            return not any(shape.bounds.count("minItems") for shape in (one, other))
        return sum(bool(list(shape.bounds) or shape.patterns) for shape in (one, other)) < 2


def _is_typed(shape: Shape) -> bool:
    return bool(shape.kinds) or shape.nullable
