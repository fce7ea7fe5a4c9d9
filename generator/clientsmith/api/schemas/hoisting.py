"""Names for constraints and tuples inside other types, such as the items of a list.

Generated models can state constraints on a field or on a named type only, so a constrained type anywhere else becomes
an alias of its own, named after the field it stands in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from clientsmith.api.model.expressions import has_tuple, members, union, without_null
from clientsmith.api.model.naming import Scope, pascal_case, schema_forms
from clientsmith.api.model.types import (
    NONE,
    ConstrainedType,
    Field,
    ListType,
    MapType,
    ModelClass,
    NamedType,
    ScalarType,
    Schema,
    TupleType,
    TypeAlias,
    TypeExpr,
    UnionType,
)
from clientsmith.api.names.keeper import NameKeeper, Wish
from clientsmith.api.names.kept import Thing
from clientsmith.diagnostics.model import NOWHERE

_PLAIN_ITEMS = frozenset({"str", "int", "bool"})


def hoist(
    schemas: Iterable[Schema], scope: Scope, things: Mapping[str, Thing], keeper: NameKeeper
) -> list[Schema]:
    """The schemas with every inner constrained type replaced by an alias, and those aliases.

    `things` says what the schemas are known by; an alias is known by its owner and its place in there.
    """
    hoister = _Hoister(scope, things, keeper)
    return [hoister.schema(schema) for schema in schemas] + hoister.made


@dataclass(slots=True)
class _Hoister:
    scope: Scope
    things: Mapping[str, Thing]
    keeper: NameKeeper
    made: list[Schema] = field(default_factory=list[Schema])

    def schema(self, schema: Schema) -> Schema:
        if isinstance(schema, TypeAlias):
            return replace(schema, type=self._outer(schema.type, schema.name, schema))
        fields = tuple(
            replace(item, type=self._field(item, schema.name + pascal_case(item.wire, "Field"), schema))
            for item in schema.fields
        )
        return replace(schema, fields=fields)

    def _field(self, field: Field, name: str, owner: ModelClass) -> TypeExpr:
        """A tuple may stay at the top of a field if its items have names."""
        if not has_tuple(field.type) or _is_plain_tuple(field):
            return self._outer(field.type, name, owner)
        alias = self._claim(name, owner)
        kind = self._outer(without_null(field.type), name, owner)
        self.made.append(TypeAlias(alias, owner.direction, kind, owner.pointer))
        return union([NamedType(alias), *(member for member in members(field.type) if member == NONE)])

    def _claim(self, name: str, owner: ModelClass | TypeAlias) -> str:
        base, rest = self.things[owner.name]
        first, *others = schema_forms(name, owner.direction)
        thing = base, f"{rest}+{name.removeprefix(owner.name)}"
        return self.keeper.settle_one(
            "classes",
            Wish(thing, first, f"a type of {owner.name}", NOWHERE, others=tuple(others)),
            self.scope,
        )

    def _outer(self, expression: TypeExpr, name: str, owner: ModelClass | TypeAlias) -> TypeExpr:
        """A constrained type may stay at the top of a field, alone or beside null."""
        plain = [member for member in members(expression) if member != NONE]
        if len(plain) == 1 and isinstance(plain[0], ConstrainedType):
            inner = replace(plain[0], base=self._below(plain[0].base, name, owner))
            if not isinstance(owner, TypeAlias) or len(members(expression)) == 1:
                return self._nullable(inner) if NONE in members(expression) else inner
        return self._inner(expression, name, owner)

    def _nullable(self, constrained: ConstrainedType) -> TypeExpr:
        return replace(constrained, base=union([constrained.base, NONE]))

    def _below(self, expression: TypeExpr, name: str, owner: ModelClass | TypeAlias) -> TypeExpr:
        match expression:
            case ListType(items=items):
                return ListType(self._inner(items, f"{name}Item", owner))
            case TupleType(items=listed):
                numbered = enumerate(listed, start=1)
                return TupleType(
                    tuple(self._below(item, f"{name}{number}", owner) for number, item in numbered)
                )
            case MapType(values=values):
                return MapType(self._inner(values, f"{name}Value", owner))
            case UnionType(members=listed):
                options = enumerate(listed, start=1)
                return union(
                    self._inner(member, f"{name}Option{number}", owner) for number, member in options
                )
            case _:
                return expression

    def _inner(self, expression: TypeExpr, name: str, owner: ModelClass | TypeAlias) -> TypeExpr:
        if not isinstance(expression, ConstrainedType):
            return self._below(expression, name, owner)
        alias = self._claim(name, owner)
        kind = replace(expression, base=self._below(expression.base, name, owner))
        self.made.append(TypeAlias(alias, owner.direction, kind, owner.pointer))
        return NamedType(alias)


def _is_plain_tuple(field: Field) -> bool:
    kind = field.type
    return (
        isinstance(kind, TupleType)
        and kind.items != ()
        and all(
            isinstance(item, NamedType) or (isinstance(item, ScalarType) and item.name in _PLAIN_ITEMS)
            for item in kind.items
        )
    )
