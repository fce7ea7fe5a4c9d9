"""Schemas of the document as Python types: which become classes, which become names for expressions, which neither.

References are kept by identity, never inlined; classes are defined from a work list, so no chain of references can
exhaust the stack. Names are provisional here (`variants` makes them final).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias as Alias

from clientsmith.api.model.expressions import admits_null, union
from clientsmith.api.model.naming import pascal_case
from clientsmith.api.model.types import (
    ANY,
    NONE,
    Field,
    ModelClass,
    NamedType,
    Schema,
    TypeAlias,
    TypeExpr,
)
from clientsmith.api.names.field_names import FieldNames
from clientsmith.api.names.keeper import NameKeeper
from clientsmith.api.schemas.containers import ArrayReader, MapReader, by_position
from clientsmith.api.schemas.discriminators import has_subtypes
from clientsmith.api.schemas.nullability import Nullability
from clientsmith.api.schemas.properties import PropertyReader
from clientsmith.api.schemas.sources import Sources, TypeSource, pointer_of, type_key
from clientsmith.api.schemas.unions import UnionReader
from clientsmith.api.schemas.values import ValueReader
from clientsmith.api.under_conditions import adds_names, is_beyond
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity, ResolvedDocument
from clientsmith.document.uses import Direction
from clientsmith.jsonschema.branches import Branches
from clientsmith.jsonschema.keywords import ALL_OF, asserts, format_of
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.satisfiability.unused import UNUSED, UnusedProperties
from clientsmith.jsonschema.shape import GROUPS, Part, Shape

_DEEPEST_INLINE = 20
"""How deep types may nest before the next one gets a name; readers of types go down by recursion."""
_OBJECT = frozenset({"object"})

_Draft: Alias = tuple[TypeSource, Shape, Direction]


@dataclass(slots=True)
class SchemaBuilder:
    """Turns schema nodes into type expressions and collects the classes and aliases that those name."""

    document: ResolvedDocument
    diagnostics: Diagnostics
    overrides: Mapping[str, str]
    keeper: NameKeeper
    decimals: bool = False
    operations: Mapping[Identity, str] = field(default_factory=dict[Identity, str])
    """What the names of schemas of an operation begin with."""
    sources: Sources = field(init=False)
    reader: SchemaReader = field(init=False)
    values: ValueReader = field(init=False)
    fields: PropertyReader = field(init=False)
    field_names: FieldNames = field(init=False)
    null: Nullability = field(init=False)
    unions: UnionReader = field(init=False)
    arrays: ArrayReader = field(init=False)
    maps: MapReader = field(init=False)
    defined: dict[str, Schema] = field(default_factory=dict[str, Schema])
    _classes: list[_Draft] = field(default_factory=list["_Draft"])
    _aliases: list[_Draft] = field(default_factory=list["_Draft"])
    _queued: set[str] = field(default_factory=set[str])
    _examined: set[str] = field(default_factory=set[str])
    _depth: int = 0

    def __post_init__(self) -> None:
        self.sources = Sources(
            self.document, self.diagnostics, self.overrides, self.keeper.identities, self.operations
        )
        self.reader = self.sources.reader
        self.values = ValueReader(self.sources, self.diagnostics, self.decimals)
        unused: dict[Direction, UnusedProperties] = {
            "request": UnusedProperties(self.reader, UNUSED["request"]),
            "response": UnusedProperties(self.reader, UNUSED["response"]),
        }
        self.fields = PropertyReader(
            self.reader, self.sources.uses, self.diagnostics, Branches(self.reader), unused
        )
        self.field_names = FieldNames(self.sources, self.fields, self.keeper)
        self.null = Nullability(self.sources)
        self.arrays = ArrayReader(self.values, self.lower, self._lower_all)
        self.unions = UnionReader(self.sources, self.diagnostics, self._lower, self._is_class)
        self.maps = MapReader(self.sources, self.lower, self._lower_all, self.unions.alternatives)

    def lower(self, node: Node, direction: Direction) -> TypeExpr:
        """The type of a schema in one direction; null is part of it if the schema lets null in."""
        node = self.document.own(node)
        if node.value is False:
            self.values.none_satisfies(node)
        target, nullable, by_reference = self.reader.canonical(node)
        self.sources.uses.add(node, direction, "nullable")
        source = self.sources.of(target)
        expression = self._lower(source, direction, named=by_reference or source.component)
        return union([expression, NONE]) if nullable else expression

    def body_fields(self, node: Node, direction: Direction) -> ModelClass | None:
        """The class of a schema if it is a plain object class, without subtypes, with a fixed set of properties."""
        target, nullable, _ = self.reader.canonical(self.document.own(node))
        source = self.sources.of(target)
        shape = self.sources.shape(source)
        if nullable or shape.nullable or shape.groups or not (shape.properties and self._is_class(shape)):
            return None
        lowered = self._lower(source, direction, named=False)
        self.drain()
        made = self.defined[type_key(source.key, direction)]
        return made if isinstance(made, ModelClass) and lowered == NamedType(made.name) else None

    def use_files(self, body: Node) -> None:
        """Count in what makes files of the properties of a multipart body."""
        shape = self.sources.shape(self.sources.of(self.reader.canonical(self.document.own(body))[0]))
        properties = [node for nodes in shape.properties.values() for node in nodes]
        items = [item for node in properties for item in self.reader.shape(self.reader.parts(node)).items]
        for part in (part for node in (*properties, *items) for part in self.reader.parts(node)):
            if format_of(part.node) == "binary":
                self.sources.uses.add(part.node, "request", "format", "contentMediaType", "contentEncoding")

    def reached(self, node: Node) -> bool:
        """Whether some operation has asked for the schema in either direction."""
        key = self.sources.of(self.reader.canonical(self.document.own(node))[0]).key
        return any(type_key(key, direction) in self._queued for direction in ("request", "response"))

    def drain(self) -> None:
        """Define everything that has been named so far, and what that names in turn."""
        while self._classes or self._aliases or self.unions.families:
            if self._classes:
                source, shape, direction = self._classes.pop()
                self.defined[type_key(source.key, direction)] = self._class(source, shape, direction)
            elif self._aliases:
                source, shape, direction = self._aliases.pop()
                self.defined[type_key(source.key, direction)] = self._alias(source, shape, direction)
            else:
                family = self.unions.family(*self.unions.families.pop())
                self.defined[family.name] = family

    def finish(self) -> dict[str, Schema]:
        """All schemas by provisional name."""
        self.drain()
        return self.defined

    def _is_class(self, shape: Shape) -> bool:
        return self._is_one_object(shape) and bool(shape.properties)

    def _is_one_object(self, shape: Shape) -> bool:
        """Whether the values are objects of one kind, none of them listed one by one."""
        listed = any(isinstance(value, dict) for value in shape.values or ())
        return shape.is_object and not shape.groups and not listed

    # -- lowering ----------------------------------------------------------------------------------------------

    def _lower(self, source: TypeSource, direction: Direction, *, named: bool) -> TypeExpr:
        shape = self.sources.shape(source)
        key = type_key(source.key, direction)
        if source.key not in self._examined:
            self._examined.add(source.key)
            self.values.note_contradictions(source, shape)
        is_empty = shape.closed and not shape.is_open and direction == "request"
        if self._is_class(shape) or (is_empty and self._is_one_object(shape)):
            self._queue(self._classes, source, shape, direction)
            key = self.unions.stand_in(source, direction)
            return union([NamedType(key), NONE]) if shape.nullable else NamedType(key)
        named = named or self._depth >= _DEEPEST_INLINE or self._needs_name(source, shape, direction)
        if named and not (shape.types == frozenset() and not shape.groups):
            self._queue(self._aliases, source, shape, direction)
            return union([NamedType(key), NONE]) if self.null.is_value(source) else NamedType(key)
        return self._expression(source, shape, direction)

    def _needs_name(self, source: TypeSource, shape: Shape, direction: Direction) -> bool:
        """Whether a type says more than an expression can: that is for its alias to say."""
        if (
            shape.values is None
            and not shape.groups
            and (by_position(shape) or self.maps.kinds(source, shape, direction))
        ):
            return True
        return self.unions.says_more(shape, direction)

    def _queue(
        self,
        queue: list[tuple[TypeSource, Shape, Direction]],
        source: TypeSource,
        shape: Shape,
        direction: Direction,
    ) -> None:
        key = type_key(source.key, direction)
        if key not in self._queued:
            self._queued.add(key)
            queue.append((source, shape, direction))

    def _expression(self, source: TypeSource, shape: Shape, direction: Direction) -> TypeExpr:
        """The type of anything that is not a class, null included."""
        self._depth += 1
        expression = self._without_null(source, shape, direction)
        self._depth -= 1
        return union([expression, NONE]) if shape.nullable else expression

    def _without_null(self, source: TypeSource, shape: Shape, direction: Direction) -> TypeExpr:
        if shape.values is not None:
            return self.values.listed(source, shape, direction)
        if shape.groups:
            return self.unions.read(source, shape, direction)
        if shape.types == frozenset():
            return NONE if shape.nullable else self.values.none_satisfies(source.node)
        return self._plain(source, shape, direction)

    def _plain(self, source: TypeSource, shape: Shape, direction: Direction) -> TypeExpr:
        kinds = sorted(shape.kinds - ({"integer"} if "number" in shape.kinds else set()))
        members = [self._typed(kind, source, shape, direction) for kind in kinds]
        return union(members) if members else ANY

    def _typed(self, kind: str, source: TypeSource, shape: Shape, direction: Direction) -> TypeExpr:
        if kind == "array":
            return self.arrays.read(source, shape, direction)
        if kind == "object":
            return self._object(source, shape, direction)
        return self.values.plain(kind, source, shape, direction)

    def _object(self, source: TypeSource, shape: Shape, direction: Direction) -> TypeExpr:
        if shape.properties:
            parts = [Part(part.node, GROUPS) for part in source.parts]
            inner = self.sources.derived(source, "object", source.hint + "Object", parts, source.node)
            narrowed = replace(self.reader.shape(inner.parts), types=_OBJECT, nullable=False)
            self._queue(self._classes, inner, narrowed, direction)
            return NamedType(type_key(inner.key, direction))
        return self.maps.read(source, shape, direction)

    # -- definitions -------------------------------------------------------------------------------------------

    def _alias(self, source: TypeSource, shape: Shape, direction: Direction) -> TypeAlias:
        key = type_key(source.key, direction)
        expression = union([self._expression(source, shape, direction)], without=(NONE, NamedType(key)))
        description = source.node.text("description")
        choice = self.unions.choices.pop(key, None)
        alias = TypeAlias(key, direction, expression, pointer_of(source.node), description, choice)
        if shape.values is not None or shape.groups:
            return alias
        positions = self.arrays.positions(source, shape, direction)
        return replace(alias, positions=positions, by_name=self.maps.by_name(source, shape, direction))

    def _class(self, source: TypeSource, shape: Shape, direction: Direction) -> ModelClass:
        wires = self.fields.visible(shape, direction)
        self.sources.budget.spend(source.node, len(wires))
        if direction == "request":
            self.fields.note_forbidden(shape)
        names = self.field_names.of(source, shape)
        fields = [self._field(source, shape, wire, names[wire], direction) for wire in wires]
        is_base = has_subtypes(source.node) and not shape.closed
        is_open = direction == "response" or shape.is_open or is_base
        return ModelClass(
            name=type_key(source.key, direction),
            direction=direction,
            fields=tuple(fields),
            open=is_open,
            closed=shape.closed and not is_open,
            read_only=() if is_open else self.fields.read_only(shape),
            decimals=direction == "response" and self.fields.are_others_exact(shape),
            pointer=pointer_of(source.node),
            description=source.node.text("description"),
        )

    def _field(self, owner: TypeSource, shape: Shape, wire: str, name: str, direction: Direction) -> Field:
        nodes = shape.properties[wire]
        kind = self._lower_all(owner, f"properties/{wire}", nodes, direction)
        return Field(
            wire=wire,
            name=name,
            type=kind,
            required=self.fields.is_required(shape, wire, owner.parts, direction),
            nullable=admits_null(kind, {}),
            description=self.fields.description(nodes),
            deprecated=any(self.reader.is_marked(node, "deprecated") for node in nodes),
        )

    def _lower_all(self, owner: TypeSource, suffix: str, nodes: list[Node], direction: Direction) -> TypeExpr:
        """The type of what several schemas of a conjunction say of the same part of a value."""
        nodes = [one for one in nodes if direction == "request" or not adds_names(one)]
        distinct = {self.reader.canonical(node)[0].identity: node for node in nodes if asserts(node)}
        if len(distinct) > 1 and self.sources.may_grow(owner):
            ends = (self.reader.canonical(node)[0] for node in distinct.values())
            parts = [part for end in ends for part in self.sources.of(end).parts]
            hint = owner.hint + pascal_case(suffix.partition("/")[2], "Field")
            place = next((one for one in reversed(nodes) if not is_beyond(one)), nodes[-1])
            merged = self.sources.merged(owner, suffix, hint, parts, place)
            return self._lower(merged, direction, named=False)
        for passed_over in list(distinct.values())[1:]:
            self.sources.give_up(passed_over, ALL_OF)
        return self.lower(next(iter(distinct.values()), nodes[0]), direction)
