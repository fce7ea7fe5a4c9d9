"""Schemas of the document as Python types: which become classes, which become names for expressions, which neither.

References are kept by identity, never inlined; classes are defined from a work list, so no chain of references can
exhaust the stack. Names are provisional here (`variants` makes them final).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias as Alias

from clientsmith.api.discriminators import Discriminators
from clientsmith.api.expressions import admits_null, union
from clientsmith.api.model import (
    ANY,
    NONE,
    STR,
    ConstrainedType,
    Direction,
    Field,
    ListType,
    LiteralType,
    MapType,
    ModelClass,
    NamedType,
    ScalarType,
    Schema,
    TypeAlias,
    TypeExpr,
)
from clientsmith.api.naming import FIELD_RESERVED, Scope, argument_name, pascal_case
from clientsmith.api.patterns import to_rust
from clientsmith.api.shape import (
    GROUPS,
    Group,
    Part,
    SchemaReader,
    Shape,
    asserts,
    constraints,
    is_null,
)
from clientsmith.api.sources import Source, Sources
from clientsmith.diagnostics import Diagnostics
from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument

_VARIANT_LIMIT = 200
_NOT_ENFORCED = (
    "contains", "dependentRequired", "dependentSchemas", "else", "if", "maxProperties", "minProperties", "not",
    "propertyNames", "then", "uniqueItems",
)  # fmt: skip
_OBJECT = frozenset({"object"})


_Draft: Alias = tuple[Source, Shape, Direction]


@dataclass(slots=True)
class SchemaBuilder:
    """Turns schema nodes into type expressions and collects the classes and aliases that those name."""

    document: ResolvedDocument
    diagnostics: Diagnostics
    overrides: Mapping[str, str]
    sources: Sources = field(init=False)
    reader: SchemaReader = field(init=False)
    discriminators: Discriminators = field(init=False)
    defined: dict[str, Schema] = field(default_factory=dict[str, Schema])
    _classes: list[_Draft] = field(default_factory=list["_Draft"])
    _aliases: list[_Draft] = field(default_factory=list["_Draft"])
    _queued: set[str] = field(default_factory=set[str])

    def __post_init__(self) -> None:
        self.sources = Sources(self.document, self.diagnostics, self.overrides)
        self.reader = self.sources.reader
        self.discriminators = Discriminators(self.reader)

    def lower(self, node: Node, direction: Direction) -> TypeExpr:
        """The type of a schema in one direction; null is part of it where the schema lets null in."""
        if node.value is False:
            self.diagnostics.warning(
                "unsatisfiable-schema", "a schema that no value satisfies is read as any value", node.place
            )
        target, nullable, by_reference = self.reader.canonical(node)
        source = self.sources.of(target)
        expression = self._lower(source, direction, named=by_reference or source.component)
        return union([expression, NONE]) if nullable else expression

    def body_fields(self, node: Node, direction: Direction) -> ModelClass | None:
        """The class of a schema if it is a plain object class with a fixed set of properties."""
        target, nullable, _ = self.reader.canonical(node)
        source = self.sources.of(target)
        shape = self.sources.shape(source)
        if nullable or shape.nullable or shape.groups or not (shape.properties and self._is_class(shape)):
            return None
        self._lower(source, direction, named=False)
        self.drain()
        made = self.defined[_key(source.key, direction)]
        return made if isinstance(made, ModelClass) else None

    def reached(self, node: Node) -> bool:
        """Whether some operation has asked for the schema in either direction."""
        key = self.sources.of(node).key
        return any(_key(key, direction) in self._queued for direction in ("request", "response"))

    def drain(self) -> None:
        """Define everything that has been named so far, and what that names in turn."""
        while self._classes or self._aliases:
            if self._classes:
                source, shape, direction = self._classes.pop()
                self.defined[_key(source.key, direction)] = self._class(source, shape, direction)
            else:
                source, shape, direction = self._aliases.pop()
                self.defined[_key(source.key, direction)] = self._alias(source, shape, direction)

    def finish(self) -> dict[str, Schema]:
        """All schemas by provisional name, discriminator values attached."""
        self.drain()
        self.discriminators.attach(self.defined)
        return self.defined

    def _is_class(self, shape: Shape) -> bool:
        return shape.is_object and not shape.groups and bool(shape.properties)

    # -- lowering ----------------------------------------------------------------------------------------------

    def _lower(self, source: Source, direction: Direction, *, named: bool) -> TypeExpr:
        shape = self.sources.shape(source)
        key = _key(source.key, direction)
        if self._is_class(shape) or (
            shape.is_object and not shape.groups and shape.closed and direction == "request"
        ):
            self._queue(self._classes, source, shape, direction)
            return union([NamedType(key), NONE]) if shape.nullable else NamedType(key)
        if named and not (shape.types == frozenset() and not shape.groups):
            self._queue(self._aliases, source, shape, direction)
            return union([NamedType(key), NONE]) if self._lets_null_in(shape) else NamedType(key)
        return self._expression(source, shape, direction)

    def _queue(
        self, queue: list[tuple[Source, Shape, Direction]], source: Source, shape: Shape, direction: Direction
    ) -> None:
        key = _key(source.key, direction)
        if key not in self._queued:
            self._queued.add(key)
            queue.append((source, shape, direction))

    def _lets_null_in(self, shape: Shape) -> bool:
        return shape.nullable or any(
            is_null(member) or self._member_nullable(member)
            for group in shape.groups
            for member in group.node.elements()
        )

    def _member_nullable(self, member: Node) -> bool:
        target, nullable, _ = self.reader.canonical(member)
        return nullable or is_null(target) or self.reader.shape(self.sources.of(target).parts).nullable

    def _expression(self, source: Source, shape: Shape, direction: Direction) -> TypeExpr:
        """The type of anything that is not a class, null included."""
        if shape.groups and shape.values is None:
            expression = self._group(source, shape, direction)
        elif shape.values is not None:
            expression = self._literal(source, shape, direction)
        elif shape.types == frozenset():
            expression = (
                NONE if any(is_null(part.node) for part in source.parts) else self._contradiction(source)
            )
        else:
            expression = self._plain(source, shape, direction)
        return union([expression, NONE]) if shape.nullable else expression

    def _contradiction(self, source: Source) -> TypeExpr:
        self.diagnostics.warning(
            "unsatisfiable-schema", "a schema that no value satisfies is read as any value", source.node.place
        )
        return ANY

    def _literal(self, source: Source, shape: Shape, direction: Direction) -> TypeExpr:
        values = [value for value in shape.values or [] if value is not None]
        if not values:
            return NONE if shape.values else ANY
        bases: set[type] = {type(value) for value in values}
        if not bases <= {str, int, bool}:
            if direction == "request":
                self._note_not_enforced(source, ("const", "enum"))
            return union([_scalar_of(value) for value in values])
        literal = LiteralType(_distinct(values))
        if direction == "request":
            return literal
        # Open on the way in: a value added by the server later must stay readable.
        return union([literal, *map(_scalar_of, values)] if bases != {bool} else [ScalarType("bool")])

    def _plain(self, source: Source, shape: Shape, direction: Direction) -> TypeExpr:
        if direction == "request":
            self._note_not_enforced(source, _NOT_ENFORCED)
        if shape.types is None:
            kinds = ["object"] if shape.is_object else ["array"] if shape.items else []
        else:
            kinds = sorted(shape.types - ({"integer"} if "number" in shape.types else set()))
        members = [self._typed(kind, source, shape, direction) for kind in kinds]
        return union(members) if members else ANY

    def _note_not_enforced(self, source: Source, keywords: tuple[str, ...]) -> None:
        for part in source.parts:
            for keyword in keywords:
                if isinstance(part.node.value, dict) and part.node.value.get(keyword) not in (None, False):
                    self.sources.not_enforced(part.node, keyword)

    def _typed(self, kind: str, source: Source, shape: Shape, direction: Direction) -> TypeExpr:
        if kind == "array":
            items = [self.lower(item, direction) for item in shape.items]
            listed: TypeExpr = ListType(union(items) if items else ANY)
            return self._constrained(listed, shape, direction, ("minItems", "maxItems"))
        if kind == "object":
            return self._object(source, shape, direction)
        if kind == "string":
            return self._string(shape, direction)
        if kind in ("integer", "number"):
            number = ScalarType(
                "int" if kind == "integer" else "Decimal" if shape.format == "decimal" else "float"
            )
            bounds = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
            return self._constrained(number, shape, direction, bounds)
        return ScalarType("bool") if kind == "boolean" else ANY

    def _object(self, source: Source, shape: Shape, direction: Direction) -> TypeExpr:
        if shape.properties:
            inner = self.sources.derived(
                source,
                "object",
                source.hint + "Object",
                [Part(part.node, GROUPS) for part in source.parts],
                source.node,
            )
            narrowed = replace(self.reader.shape(inner.parts), types=_OBJECT, nullable=False)
            self._queue(self._classes, inner, narrowed, direction)
            return NamedType(_key(inner.key, direction))
        values = [self.lower(node, direction) for node in shape.additional]
        return MapType(ANY if shape.additional_allowed or not values else union(values))

    def _string(self, shape: Shape, direction: Direction) -> TypeExpr:
        if direction == "response":
            return STR
        if shape.format == "binary":
            return ScalarType("bytes")
        if shape.format in ("date-time", "date"):
            return union([ScalarType("datetime" if shape.format == "date-time" else "date"), STR])
        return self._constrained(STR, shape, direction, ("minLength", "maxLength"))

    def _constrained(
        self, base: TypeExpr, shape: Shape, direction: Direction, keys: tuple[str, ...]
    ) -> TypeExpr:
        """Bounds hold for what is sent; what is received is never refused for its length or pattern."""
        if direction == "response":
            return base
        pattern = None
        for node in shape.patterns if base == STR else []:
            pattern = to_rust(str(node.value))
            if pattern is None:
                self.sources.not_enforced(node, "pattern")
        found = constraints(shape, pattern, keys)
        return base if found is None else ConstrainedType(base, found)

    # -- unions ------------------------------------------------------------------------------------------------

    def _group(self, source: Source, shape: Shape, direction: Direction) -> TypeExpr:
        """`oneOf`/`anyOf`: each member, joined with whatever stands beside the group."""
        group = shape.groups[0]
        if math.prod(other.size for other in shape.groups) > _VARIANT_LIMIT:
            self.sources.not_enforced(group.node, group.keyword)
            return ANY
        beside = [_mask(part, group) for part in source.parts]
        beside = [part for part in beside if asserts(part.node, {"type", *part.masked})]
        found: list[TypeExpr] = []
        variants: list[tuple[Node, str]] = []
        for index, member in enumerate(group.node.elements()):
            if is_null(member):
                found.append(NONE)
                continue
            target, nullable, by_reference = self.reader.canonical(member)
            variant = self.sources.of(target)
            named = by_reference or variant.component
            if beside:
                variant, named = self._joined(source, variant, index, beside), False
            expression = self._lower(variant, direction, named=named)
            found.append(union([expression, NONE]) if nullable else expression)
            if self._is_class(self.sources.shape(variant)):
                variants.append((target, _key(variant.key, direction)))
        if shape.discriminator is not None:
            self.discriminators.add(shape.discriminator, variants)
        return union(found)

    def _joined(self, source: Source, variant: Source, index: int, beside: list[Part]) -> Source:
        """A member of a group together with the keywords beside the group."""
        hint = f"{source.hint}{variant.hint if variant.component else f'Option{index + 1}'}"
        # A member that leads back to where its group stands would be joined for ever.
        known = {part.node.identity for part in beside}
        parts = [*beside, *(part for part in variant.parts if part.node.identity not in known)]
        return self.sources.derived(source, str(index), hint, parts, source.node)

    # -- definitions -------------------------------------------------------------------------------------------

    def _alias(self, source: Source, shape: Shape, direction: Direction) -> TypeAlias:
        key = _key(source.key, direction)
        expression = union([self._expression(source, shape, direction)], without=(NONE, NamedType(key)))
        return TypeAlias(key, direction, expression, _pointer(source.node), source.node.text("description"))

    def _class(self, source: Source, shape: Shape, direction: Direction) -> ModelClass:
        wires = self._visible(shape, direction)
        scope = Scope()
        for wire in wires:  # a property that already is its own Python name keeps it
            if argument_name(wire, FIELD_RESERVED) == wire:
                scope.taken.add(wire)
        fields: list[Field] = []
        for wire in wires:
            wanted = argument_name(wire, FIELD_RESERVED)
            name = wire if wanted == wire else scope.claim(wanted)
            fields.append(self._field(source, shape, wire, name, direction))
        return ModelClass(
            name=_key(source.key, direction),
            direction=direction,
            fields=tuple(fields),
            open=direction == "response" or bool(shape.additional or shape.additional_allowed),
            pointer=_pointer(source.node),
            description=source.node.text("description"),
            deprecated=isinstance(source.node.value, dict) and source.node.value.get("deprecated") is True,
        )

    def _visible(self, shape: Shape, direction: Direction) -> list[str]:
        """Required properties in the order of `required`, then the others by name; the other direction's left out."""
        hidden = "readOnly" if direction == "request" else "writeOnly"
        visible = [
            wire
            for wire, nodes in sorted(shape.properties.items())
            if wire and not any(self._marked(node, hidden) for node in nodes)
        ]
        for node in shape.properties.get("", ()):
            message = "a property without a name becomes no field; received, it stays among the unknown keys"
            self.diagnostics.warning("property-without-name", message, node.place)
        required = [wire for wire in shape.required if wire in visible]
        return required + [wire for wire in visible if wire not in required]

    def _marked(self, node: Node, keyword: str) -> bool:
        target = self.reader.canonical(node)[0]
        return any(isinstance(n.value, dict) and n.value.get(keyword) is True for n in (node, target))

    def _field(self, owner: Source, shape: Shape, wire: str, name: str, direction: Direction) -> Field:
        nodes = shape.properties[wire]
        distinct = {self.reader.canonical(node)[0].identity: node for node in nodes if asserts(node)}
        if len(distinct) > 1:
            parts = [
                part
                for node in distinct.values()
                for part in self.sources.of(self.reader.canonical(node)[0]).parts
            ]
            hint = owner.hint + pascal_case(wire, "Field")
            merged = self.sources.derived(owner, f"properties/{wire}", hint, parts, nodes[-1])
            kind = self._lower(merged, direction, named=False)
        else:
            kind = self.lower(next(iter(distinct.values()), nodes[0]), direction)
        described = next((n.text("description") for n in reversed(nodes) if n.text("description")), "")
        if not described:
            described = self.reader.canonical(nodes[0])[0].text("description")
        return Field(
            wire=wire,
            name=name,
            type=kind,
            required=wire in shape.required,
            nullable=admits_null(kind, {}),
            description=described,
            deprecated=any(isinstance(n.value, dict) and n.value.get("deprecated") is True for n in nodes),
        )


def _key(key: str, direction: str) -> str:
    return f"{direction}:{key}"


def _pointer(node: Node) -> str:
    return node.place.pointer or ""


def _mask(part: Part, group: Group) -> Part:
    return Part(part.node, part.masked | {group.keyword}) if part == group.part else part


def _distinct(values: list[str | int | bool]) -> tuple[str | int | bool, ...]:
    """Without repeats; 1 and true are equal in Python but not in JSON."""
    return tuple({(type(value), value): value for value in values}.values())


def _scalar_of(value: object) -> TypeExpr:
    if isinstance(value, bool):
        return ScalarType("bool")
    if isinstance(value, int):
        return ScalarType("int")
    if isinstance(value, float):
        return ScalarType("float")
    return STR if isinstance(value, str) else ANY
