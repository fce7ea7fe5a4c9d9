"""Whether a models module is exactly what was asked for: the classes, aliases, fields and values of the API, no more.

Everything that could run is held against a list of what may: imports by name, class bodies, annotations, defaults.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from clientsmith.api.model.expressions import children
from clientsmith.api.model.types import (
    Field,
    LiteralType,
    ModelClass,
    NamedType,
    ScalarType,
    Schema,
    TypeAlias,
    TypeExpr,
)
from clientsmith.emit.models.expressions import (
    Annotation,
    OddExpressionError,
    data,
    defined_name,
    model_name,
    read_annotation,
)
from clientsmith.emit.models.models_worker import RUNTIME
from clientsmith.emit.models.own_aliases import BY_NAME, POSITIONS, UNIONS, AliasText
from clientsmith.emit.models.schemas import base_class, class_extra
from clientsmith.emit.text.objects_for_text import TEXTS

_ANNOTATIONS = frozenset({BY_NAME, POSITIONS, *UNIONS.values()})
IMPORTS: Mapping[str, frozenset[str]] = {
    "__future__": frozenset({"annotations"}),
    "datetime": frozenset({"date", "datetime"}),
    "decimal": frozenset({"Decimal"}),
    "pydantic": frozenset({"Base64Str", "ConfigDict", "Field"}),
    "typing": frozenset({"Annotated", "Any", "Literal"}),
    "typing_extensions": frozenset({"TypeAliasType"}),
    RUNTIME: frozenset(
        {
            "Base64Str",
            "ExactNumber",
            "OpenRequestModel",
            "RequestModel",
            "ResponseModel",
            *_ANNOTATIONS,
            *TEXTS.values(),
        }
    ),
}
"""What models may import, by module."""


def deviations(tree: ast.Module, schemas: tuple[Schema, ...]) -> Iterator[str]:
    """Every way in which a module differs from exactly the schemas it should define."""
    texts = AliasText.of(schemas)
    wanted = texts.catalog.schemas
    made: set[str] = set()
    for node in tree.body:
        name = defined_name(node)
        if name is None:
            if not _is_harmless(node, wanted):
                yield f"a statement on line {node.lineno}"
            continue
        if name in made:
            yield f"'{name}' is defined twice"
        made.add(name)
        if name not in wanted:
            yield f"'{name}' was not asked for"
        else:
            yield from _definition(node, wanted[name], texts)
    for name in sorted(wanted.keys() - made):
        yield f"'{name}' is missing"


def _is_harmless(node: ast.stmt, wanted: Mapping[str, Schema]) -> bool:
    """Imports that models need, docstrings, and `X.model_rebuild()` of a class."""
    match node:
        case ast.ImportFrom(module=str() as module, names=names, level=0):
            known = IMPORTS.get(module, frozenset[str]())
            return all(name.name in known and name.asname is None for name in names)
        case ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(value=ast.Name(id=name), attr="model_rebuild"), args=[], keywords=[]
            )
        ):
            return isinstance(wanted.get(name), ModelClass)
        case _:
            return False


def _definition(node: ast.stmt, schema: Schema, texts: AliasText) -> Iterator[str]:
    try:
        if isinstance(schema, TypeAlias):
            yield from _alias(node, schema, texts)
        elif isinstance(node, ast.ClassDef):
            yield from _class(node, schema, texts.catalog.schemas)
        else:
            yield f"'{schema.name}' is no class"
    except OddExpressionError as odd:
        yield f"{odd} in '{schema.name}'"


def _alias(node: ast.stmt, schema: TypeAlias, texts: AliasText) -> Iterator[str]:
    match node:
        case ast.Assign(
            value=ast.Call(
                func=ast.Name(id="TypeAliasType"), args=[ast.Constant(value=name), expression], keywords=[]
            )
        ) if name == schema.name:
            kind, annotations = _apart(_unquoted(expression))
            if not _agrees(read_annotation(kind, texts.catalog.schemas), schema.type):
                yield f"'{schema.name}' stands for another type"
            if annotations != _annotations(schema, texts):
                yield f"'{schema.name}' says something else of its members"
        case _:
            yield f"'{schema.name}' is no alias"


def _apart(node: ast.expr) -> tuple[ast.expr, list[str]]:
    """A type, and what its alias says beside it."""
    match node:
        case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[kind, *annotations])) if all(
            map(_is_annotation, annotations)
        ):
            return kind, list(map(ast.unparse, annotations))
        case _:
            return node, []


def _is_annotation(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name in _ANNOTATIONS
        case _:
            return False


def _annotations(schema: TypeAlias, texts: AliasText) -> list[str]:
    return [ast.unparse(ast.parse(text, mode="eval")) for text in texts.annotations(schema)]


def _unquoted(node: ast.expr) -> ast.expr:
    """An alias that names what comes after it is written as text."""
    match node:
        case ast.Constant(value=str() as text):
            try:
                return ast.parse(text, mode="eval").body
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                raise OddExpressionError(f"the annotation {text!r:.80}") from None
        case _:
            return node


def _class(node: ast.ClassDef, schema: ModelClass, wanted: Mapping[str, Schema]) -> Iterator[str]:
    match node:
        case ast.ClassDef(bases=[ast.Name(id=base)], keywords=[], decorator_list=[]) if base == base_class(
            schema
        ):
            pass
        case _:
            yield f"'{schema.name}' does not derive from '{base_class(schema)}' alone"
    fields = {field.name: field for field in schema.fields}
    made: set[str] = set()
    config: object = None
    for statement in node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), simple=1) if name in fields and name not in made:
                made.add(name)
                yield from _field(statement, fields[name], schema, wanted)
            case ast.Assign(
                targets=[ast.Name(id="model_config")],
                value=ast.Call(func=ast.Name(id="ConfigDict"), args=[], keywords=keywords),
            ) if config is None:
                config = {keyword.arg: data(keyword.value) for keyword in keywords}
            case ast.Pass() | ast.Expr(value=ast.Constant(value=str())):
                pass
            case _:
                yield f"a statement in '{schema.name}' on line {statement.lineno}"
    if config != ({"json_schema_extra": extra} if (extra := class_extra(schema)) else None):
        yield f"the configuration of '{schema.name}' differs"
    for name in sorted(fields.keys() - made):
        yield f"'{schema.name}.{name}' is missing"


def _field(
    statement: ast.AnnAssign, field: Field, owner: ModelClass, wanted: Mapping[str, Schema]
) -> Iterator[str]:
    name = f"'{owner.name}.{field.name}'"
    found = read_annotation(statement.annotation, wanted)
    if (found.wire or field.name) != field.wire:
        yield f"{name} goes by '{found.wire or field.name}' on the wire instead of '{field.wire}'"
    if not _agrees(found, field.type):
        yield f"{name} has another type"
    match statement.value:
        case None:
            if not field.required:
                yield f"{name} has no default"
        case ast.Constant(value=None):
            if field.required:
                yield f"{name} has a default"
        case _:
            yield f"{name} has another default than None"


def _agrees(found: Annotation, expression: TypeExpr) -> bool:
    """Whether an annotation names what the type names and lists the values that it lists, in whatever form."""
    names: set[str] = set()
    values: set[tuple[type, object]] = set()
    pending = [expression]
    while pending:
        current = pending.pop()
        pending += children(current)
        match current:
            case NamedType(name=name):
                names.add(name)
            case ScalarType(name=name) if name != "None":
                names.add(model_name(current))
            case LiteralType(values=listed):
                values |= {(type(value), value) for value in listed}
            case _:
                pass
    return found.names == names and {(type(value), value) for value in found.literals} == values
