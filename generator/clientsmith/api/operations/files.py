"""Where files may be passed: bodies of bytes, and the fields of multipart bodies; elsewhere bytes are not text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from clientsmith.api.model.api import Operation
from clientsmith.api.model.expressions import Leaf, mapped, members, union
from clientsmith.api.model.types import (
    TEXT_ONLY,
    ConstrainedType,
    ListType,
    ModelClass,
    NamedType,
    ScalarType,
    Schema,
    TypeExpr,
    UnionType,
)

_WITH_FILES = ("binary", "multipart")


def schemas_without_files(schemas: Iterable[Schema], operations: Iterable[Operation]) -> tuple[Schema, ...]:
    """The schemas, with text instead of files in all whose fields are not parts of a multipart body."""
    by_name = {schema.name: schema for schema in schemas}
    bodies = [operation.body for operation in operations if operation.body is not None]
    with_files = {
        name for body in bodies if body.codec == "multipart" for name in _leads_to(body.type, by_name)
    }
    return tuple(
        _with_files(schema) if schema.name in with_files else _without_files(schema)
        for schema in by_name.values()
    )


def _leads_to(expression: TypeExpr, by_name: dict[str, Schema]) -> Iterator[str]:
    """The schemas that a body may have, the aliases that lead to them included."""
    waiting, seen = [expression], set[str]()
    while waiting:
        for member in members(waiting.pop()):
            if isinstance(member, NamedType) and member.name not in seen:
                seen.add(member.name)
                yield member.name
                schema = by_name[member.name]
                waiting += [] if isinstance(schema, ModelClass) else [schema.type]


def _with_files(schema: Schema) -> Schema:
    if isinstance(schema, ModelClass):
        return replace(schema, fields=tuple(replace(one, type=_as_parts(one.type)) for one in schema.fields))
    return schema


def _without_files(schema: Schema) -> Schema:
    if isinstance(schema, ModelClass):
        return replace(schema, fields=tuple(replace(one, type=_as_text(one.type)) for one in schema.fields))
    return replace(schema, type=_as_text(schema.type))


def operation_without_files(operation: Operation) -> Operation:
    """The operation, with text instead of files in parameters and in bodies that cannot hold files."""
    parameters = tuple(replace(one, type=_as_text(one.type)) for one in operation.parameters)
    body = operation.body
    if body is not None:
        takes_files = body.codec in _WITH_FILES
        change = _as_parts if takes_files else _as_text
        fields = body.fields and tuple(replace(one, type=change(one.type)) for one in body.fields)
        body = replace(body, type=body.type if takes_files else _as_text(body.type), fields=fields)
    return replace(operation, parameters=parameters, body=body)


def _as_parts(expression: TypeExpr, *, inside: bool = False) -> TypeExpr:
    """The type of a field: a file is a part, alone or in a list; one that is deeper is text, as it is in JSON."""
    match expression:
        case ListType(items=inner) if not inside:
            return ListType(_as_parts(inner, inside=True))
        case ConstrainedType(base=inner):
            return replace(expression, base=_as_parts(inner, inside=inside))
        case UnionType():
            return union(_as_parts(one, inside=inside) for one in expression.members)
        case ScalarType():
            return expression
        case _:
            return _as_text(expression)


def _as_text(expression: TypeExpr) -> TypeExpr:
    def change(leaf: Leaf) -> TypeExpr:
        return TEXT_ONLY if leaf == ScalarType("bytes") else leaf

    return mapped(expression, change)
