"""Reads the schemas of one document: follows references, flattens `allOf`, and says what is left as a `Shape`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from clientsmith.document.listed_values import fits_type
from clientsmith.document.model import JSON, Node
from clientsmith.document.resolved import Identity, ResolvedDocument
from clientsmith.jsonschema.keywords import (
    ALL_OF,
    CHOICES,
    COMBINATORS,
    REFERENCES,
    asserts,
    conditional,
    elements,
    is_null,
    references,
    says_nullable,
    stated_types,
)
from clientsmith.jsonschema.shape import Part, Shape, declare_required, merge

_EVALUATING = frozenset({"anyOf", "contains", "else", "if", "items", "oneOf", "then"})
"""Beside one of these, `unevaluatedItems: false` may allow more items than `prefixItems` lists (Core 11.2)."""


@dataclass(slots=True)
class SchemaReader:
    """Answers what schemas say."""

    document: ResolvedDocument
    _canonical: dict[Identity, tuple[Node, bool, bool]] = field(
        default_factory=dict[Identity, tuple[Node, bool, bool]]
    )
    _with_names: dict[Identity, bool] = field(default_factory=dict[Identity, bool])

    def canonical(self, node: Node) -> tuple[Node, bool, bool]:
        """The schema that really says something, whether null was added on the way, and whether a `$ref` led there.

        Looks through references and through wrappers with a single member, so that `allOf: [{$ref: X}]` with a
        description is X itself.
        """
        steps: list[tuple[Node, bool]] = []
        entered: set[Identity] = set()
        while (known := self._canonical.get(node.identity)) is None:
            entered.add(node.identity)
            inner, lets_null_in = self._look_through(node)
            if inner is None:
                known = self._canonical[node.identity] = (node, False, False)
                break
            steps.append((node, lets_null_in))
            if inner.identity in entered:  # a loop has no end that would be the same from everywhere
                return inner, any(nullable for _, nullable in steps), references(node)
            node = inner
        target, nullable, by_reference = known
        for step, lets_null_in in reversed(steps):
            nullable = nullable or lets_null_in
            by_reference = references(step) if node == target else by_reference
            node = step
            self._canonical[step.identity] = target, nullable, by_reference
        return target, nullable, by_reference

    def _look_through(self, node: Node) -> tuple[Node | None, bool]:
        if not isinstance(node.value, dict):
            return None, False
        if references(node):
            siblings = self.document.version >= (3, 1) and asserts(node, REFERENCES)
            return (None, False) if siblings else (self.document.ref_target(node), says_nullable(node))
        for keyword in COMBINATORS:
            group = node.get(keyword)
            if group is None or not isinstance(group.value, list):
                continue
            if asserts(node, (keyword, "type") if node.value.get("type") == "object" else (keyword,)):
                return None, False
            members = list(group.elements())
            essential = [member for member in members if not is_null(member) and asserts(member)]
            if len(essential) != 1 or (keyword != ALL_OF and any(not asserts(member) for member in members)):
                return None, False
            by_member = keyword != ALL_OF and "type" not in node.value and any(map(is_null, members))
            return essential[0], says_nullable(node) or by_member
        return None, False

    def parts(self, node: Node) -> list[Part]:
        """Return the schema itself and everything in its `allOf`, each once."""
        found: dict[Identity, Part] = {}
        pending, entered = [(node, False)], set[Identity]()
        while pending:
            current, leaving = pending.pop()
            if leaving:
                if asserts(current, (ALL_OF, *REFERENCES)) or says_nullable(current):
                    found.setdefault(current.identity, Part(current))
                continue
            if current.identity in entered:
                continue
            entered.add(current.identity)
            pending.append((current, True))
            pending.extend((inner, False) for inner in reversed(self.conjuncts(current)))
        return list(found.values())

    def formats(self, node: Node | None) -> frozenset[str]:
        """The format of a schema of strings as a set; empty if it has none, or is a choice."""
        shape = None if node is None else self.shape(self.parts(self.canonical(node)[0]))
        if shape is None or shape.format is None or (shape.kinds and "string" not in shape.kinds):
            return frozenset()
        return frozenset({shape.format})

    def conjuncts(self, node: Node) -> list[Node]:
        """The schemas that hold beside a schema object itself: the target of its reference, and its `allOf`."""
        target = self.document.ref_target(node)
        found = [] if target is None else [target]
        return found if self.is_bare_reference(node) else found + elements(node, ALL_OF)

    def composing(self, node: Node) -> list[Node]:
        """The schemas that a value of this one is checked against as a whole."""
        if self.is_bare_reference(node):
            return self.conjuncts(node)
        choices = (one for key in CHOICES for one in elements(node, key))
        return [*self.conjuncts(node), *choices, *conditional(node)]

    def open_reference(self, node: Node) -> Node | None:
        """The `$dynamicRef` of a schema object if it may lead to several schemas, or has a `$ref` beside it."""
        dynamic = node.get("$dynamicRef")
        is_followed = "$ref" not in node.mapping and self.document.ref_target(node) is not None
        return None if is_followed else dynamic

    def is_bare_reference(self, node: Node) -> bool:
        """Whether a schema object says nothing but its `$ref`: before 3.1 what is beside a reference is ignored."""
        return self.document.version < (3, 1) and references(node)

    def is_marked(self, node: Node, keyword: str) -> bool:
        """Whether a schema, or one that holds beside it, says `keyword: true` (JSON Schema Validation 9.3 and 9.4)."""
        return any(one.mapping.get(keyword) is True for one in self.marks(node))

    def marks(self, node: Node) -> list[Node]:
        """The schema objects whose `readOnly`, `deprecated` and the like count for a schema: all that always hold."""
        found: dict[Identity, Node] = {}
        pending = [self.canonical(node)[0], node]
        while pending:
            current = pending.pop()
            if current.identity not in found:
                found[current.identity] = current
                pending += reversed(self.conjuncts(current))
        return list(found.values())

    def has_named_member(self, union: Node) -> bool:
        """Whether some member of an `anyOf` or `oneOf`, not of one inside it, is an object that `Shape.takes_names`."""
        if union.identity not in self._with_names:
            shapes = (self.shape(self.parts(self.canonical(one)[0])) for one in union.elements())
            self._with_names[union.identity] = any(shape.takes_names for shape in shapes)
        return self._with_names[union.identity]

    def shape(self, parts: Iterable[Part]) -> Shape:
        """Merge a conjunction."""
        shape = Shape()
        may_be_null: bool | None = None
        parts = tuple(parts)
        for part in parts:
            # Vendors write `nullable: true` beside a reference and mean it, so one part that lets null in is enough.
            shape.nullable = shape.nullable or part.node.mapping.get("nullable") is True
            if not self.is_bare_reference(part.node):
                merge(shape, part)
                stated = stated_types(part.node)
                may_be_null = "null" in stated and may_be_null is not False if stated else may_be_null
        shape.nullable = shape.nullable or may_be_null is True
        if shape.values is not None:
            shape.nullable = shape.nullable or (None in shape.values and may_be_null is None)
            shape.values = list(_possible(shape, shape.values))
        declare_required(shape)
        if shape.prefix and not any(part.node.mapping.keys() & _EVALUATING for part in parts):
            shape.items = [
                part.node.child("unevaluatedItems")
                for part in parts
                if part.node.mapping.get("unevaluatedItems") is False
            ]
        return shape


def _possible(shape: Shape, values: list[JSON]) -> Iterator[JSON]:
    """The listed values that the declared types allow too (JSON Schema Validation 6.1.1 and 6.1.2)."""
    for value in values:
        if value is None or shape.types is None:
            if value is not None or shape.nullable:
                yield value
        elif fits_type(value, shape.types):
            is_fraction = isinstance(value, float | Decimal) and "number" in shape.types
            yield int(value) if isinstance(value, float | Decimal) and not is_fraction else value
