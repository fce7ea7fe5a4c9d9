"""Operations on type expressions: joining, walking, renaming, and asking whether null is let in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias as Alias

from clientsmith.api.model.types import (
    ANY,
    NONE,
    ConstrainedType,
    ListType,
    LiteralType,
    MapType,
    NamedType,
    ScalarType,
    Schema,
    TupleType,
    TypeAlias,
    TypeExpr,
    UnionType,
)

Leaf: Alias = ScalarType | LiteralType | NamedType


def union(members: Iterable[TypeExpr], without: tuple[TypeExpr, ...] = ()) -> TypeExpr:
    """The union of the members, flattened and without repeats, null last; `Any` swallows the rest."""
    flat: dict[TypeExpr, None] = {}
    for member in members:
        for inner in member.members if isinstance(member, UnionType) else (member,):
            flat[inner] = None
    kept = [member for member in flat if member not in without]
    if ANY in kept or not kept:
        return ANY if not without or ANY in kept or not flat else NONE if NONE in flat else ANY
    if NONE in kept:
        kept.remove(NONE)
        kept.append(NONE)
    return kept[0] if len(kept) == 1 else UnionType(tuple(kept))


def members(expression: TypeExpr) -> tuple[TypeExpr, ...]:
    """The members of a union, or the one type itself."""
    return expression.members if isinstance(expression, UnionType) else (expression,)


def without_null(expression: TypeExpr) -> TypeExpr:
    """The same type with null taken out of its top level."""
    return union([expression], without=(NONE,))


def children(expression: TypeExpr) -> tuple[TypeExpr, ...]:
    """The types that an expression is made of directly."""
    match expression:
        case ListType(items=inner) | MapType(values=inner) | ConstrainedType(base=inner):
            return (inner,)
        case UnionType(members=inner_members) | TupleType(items=inner_members):
            return inner_members
        case ScalarType() | LiteralType() | NamedType():
            return ()


def has_tuple(expression: TypeExpr) -> bool:
    """Whether a tuple is part of a type."""
    return isinstance(expression, TupleType) or any(map(has_tuple, children(expression)))


def names(expression: TypeExpr) -> Iterator[str]:
    """Every schema name that occurs in an expression."""
    if isinstance(expression, NamedType):
        yield expression.name
    for child in children(expression):
        yield from names(child)


def mapped(expression: TypeExpr, change: Callable[[Leaf], TypeExpr]) -> TypeExpr:
    """The expression with every part changed that has no parts itself."""
    match expression:
        case ListType(items=inner):
            return ListType(mapped(inner, change))
        case TupleType(items=inner_items):
            return TupleType(tuple(mapped(inner, change) for inner in inner_items))
        case MapType(values=inner):
            return MapType(mapped(inner, change))
        case ConstrainedType(base=inner):
            return replace(expression, base=mapped(inner, change))
        case UnionType(members=inner_members):
            return union(mapped(inner, change) for inner in inner_members)
        case ScalarType() | LiteralType() | NamedType():
            return change(expression)


def renamed(expression: TypeExpr, name_of: Callable[[str], str]) -> TypeExpr:
    """The expression with every schema name replaced."""
    return mapped(
        expression, lambda leaf: NamedType(name_of(leaf.name)) if isinstance(leaf, NamedType) else leaf
    )


def schema_types(schema: Schema) -> tuple[TypeExpr, ...]:
    """The type expressions that a schema holds."""
    if not isinstance(schema, TypeAlias):
        return tuple(field.type for field in schema.fields)
    positions = schema.positions
    items = () if positions is None else (*positions.first, positions.others)
    return (schema.type, *items, *(one.type for one in schema.by_name))


def admits_null(expression: TypeExpr, schemas: Mapping[str, Schema]) -> bool:
    """Whether JSON null is a value of the type; aliases never hide one, so one level is enough."""
    for member in members(expression):
        if member in (NONE, ANY):
            return True
        alias = schemas.get(member.name) if isinstance(member, NamedType) else None
        if isinstance(alias, TypeAlias) and any(inner in (NONE, ANY) for inner in members(alias.type)):
            return True
    return False
