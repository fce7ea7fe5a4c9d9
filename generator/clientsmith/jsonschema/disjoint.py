"""Whether values can fit two schemas at once, as far as types, listed values and required members show.

Some pairs are neither certainly disjoint nor certainly overlapping, such as two patterns.
"""

from __future__ import annotations

from clientsmith.document.model import Node
from clientsmith.jsonschema.keywords import asserts, common_values
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.shape import Shape

_DEEPEST = 4
_SIMPLE = frozenset(
    {
        "$ref", "additionalProperties", "allOf", "const", "enum", "exclusiveMaximum", "exclusiveMinimum", "format",
        "items", "maxItems", "maxLength", "maximum", "minItems", "minLength", "minimum", "multipleOf", "pattern",
        "properties", "required", "type",
    }
)  # fmt: skip


def are_disjoint(reader: SchemaReader, one: Node, other: Node, depth: int = 0) -> bool:
    """Whether it is certain that no request fits both."""
    return depth < _DEEPEST and _Pair(reader, depth).of(_shape(reader, one), _shape(reader, other))


def surely_overlap(reader: SchemaReader, one: Node, other: Node, depth: int = 0) -> bool:
    """Whether it is certain that some request fits both."""
    if depth >= _DEEPEST or are_disjoint(reader, one, other, depth):
        return False
    first, second = _shape(reader, one), _shape(reader, other)
    if first.nullable and second.nullable:
        return True
    if not all(_is_simple(reader, node) for node in (one, other)):
        return False
    if first.values is not None or second.values is not None:
        return first.values is not None and second.values is not None
    return any(_meet(reader, kind, first, second, depth) for kind in first.kinds & second.kinds)


def _is_simple(reader: SchemaReader, node: Node) -> bool:
    """Whether a schema says what it says by types, listed values, bounds and members alone."""
    parts = reader.parts(reader.canonical(node)[0])
    return bool(parts) and all(asserts(part.node) and not asserts(part.node, _SIMPLE) for part in parts)


def _meet(reader: SchemaReader, kind: str, one: Shape, other: Shape, depth: int) -> bool:
    if kind == "object":
        # Members that neither requires are left out, and those that only one of them knows fit it alone.
        names = (one.required | other.required).keys() & one.properties.keys() & other.properties.keys()
        return all(
            surely_overlap(reader, mine, theirs, depth + 1)
            for name in names
            for mine in one.properties[name]
            for theirs in other.properties[name]
        )
    if kind == "array":
        return not any(shape.bounds.count("minItems") for shape in (one, other))
    limited = [shape for shape in (one, other) if list(shape.bounds) or shape.patterns]
    return len(limited) < 2


def _shape(reader: SchemaReader, node: Node) -> Shape:
    target, nullable, _ = reader.canonical(node)
    shape = reader.shape(reader.parts(target))
    shape.nullable = shape.nullable or nullable
    return shape


class _Pair:
    def __init__(self, reader: SchemaReader, depth: int) -> None:
        self._reader = reader
        self._depth = depth

    def of(self, one: Shape, other: Shape) -> bool:
        if one.nullable and other.nullable:
            return False
        if self._through_a_choice(one, other) or self._through_a_choice(other, one):
            return True
        if one.values is not None and other.values is not None:
            return not common_values(one.values, other.values)
        if not (_is_typed(one) and _is_typed(other)):
            return False
        return all(self._of_kind(kind, one, other) for kind in one.kinds & other.kinds)

    def _through_a_choice(self, one: Shape, other: Shape) -> bool:
        """Whether every member of one of its unions is disjoint from the other schema."""
        return self._depth + 1 < _DEEPEST and any(
            all(
                _Pair(self._reader, self._depth + 1).of(_shape(self._reader, member), other)
                for member in group.node.elements()
            )
            for group in one.groups
        )

    def _of_kind(self, kind: str, one: Shape, other: Shape) -> bool:
        if kind == "object":
            return self._lacks(one, other) or self._lacks(other, one) or self._differs(one, other)
        if kind == "array":
            # An empty array fits both, whatever their items are.
            items = [(mine, theirs) for mine in one.items for theirs in other.items]
            return all((shape.bounds.count("minItems") or 0) > 0 for shape in (one, other)) and any(
                self._differ(*pair) for pair in items
            )
        return False

    def _lacks(self, one: Shape, other: Shape) -> bool:
        """Whether one schema requires a member that the other, being closed, does not know."""
        closed = other.closed and not other.is_open and not other.groups
        return closed and any(name not in other.properties for name in self._required(one))

    def _differs(self, one: Shape, other: Shape) -> bool:
        """Whether a member that both require has no value in common."""
        return any(
            self._differ(mine, theirs)
            for name in self._required(one) & self._required(other)
            for mine in one.properties.get(name, [])
            for theirs in other.properties.get(name, [])
        )

    def _differ(self, one: Node, other: Node) -> bool:
        return are_disjoint(self._reader, one, other, self._depth + 1)

    def _required(self, shape: Shape) -> set[str]:
        """What a request has to have: not what is only read."""
        return {
            name
            for name in shape.required
            if not any(self._reader.is_marked(node, "readOnly") for node in shape.properties.get(name, []))
        }


def _is_typed(shape: Shape) -> bool:
    return bool(shape.kinds) or shape.nullable
