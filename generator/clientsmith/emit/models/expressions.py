"""The few Python expressions that a models module may hold: annotations, `Field(...)`, aliases; everything else is odd.

An annotation is code that pydantic evaluates, so it is read against a grammar of its own: names from a list, no calls
but `Field` and `Decimal`, text only where text is data. Which of them belongs where is decided in `deviations`.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from clientsmith.api.model.types import ScalarType
from clientsmith.emit.text.objects_for_text import TEXTS

_SCALARS = frozenset(
    {
        "Any",
        "Base64Str",
        "Decimal",
        "ExactNumber",
        "bool",
        "date",
        "datetime",
        "float",
        "int",
        "str",
        *TEXTS.values(),
    }
)
_MODEL_NAMES = {"bytes": "Any", "Base64": "Base64Str"}


def defined_name(node: ast.stmt) -> str | None:
    """The name that a class statement or an assignment gives a meaning to."""
    match node:
        case ast.ClassDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
            return name
        case _:
            return None


def model_name(scalar: ScalarType) -> str:
    """What a scalar is called in models."""
    return TEXTS.get(scalar.stands_for) or _MODEL_NAMES.get(scalar.name, scalar.name)


_FIELD_KEYWORDS = frozenset(
    {
        "alias", "deprecated", "ge", "gt", "json_schema_extra", "le", "lt", "max_length", "min_length", "multiple_of",
        "pattern",
    }
)  # fmt: skip
_MOST_NESTED = 400
"""Far deeper than any document may nest; the grammar is read by recursion."""


class OddExpressionError(Exception):
    """An expression that no models module has a use for."""


@dataclass(slots=True)
class Annotation:
    """What an annotation says: the names in it, the values of its literals, the alias of its field."""

    names: set[str] = field(default_factory=set[str])
    literals: list[object] = field(default_factory=list[object])
    wire: str | None = None


def read_annotation(node: ast.expr, own: Collection[str]) -> Annotation:
    """An annotation that names scalars and what is in `own`; raises where it could do more than describe."""
    found = Annotation()
    _read(node, own, found, 0)
    return found


def _read(node: ast.expr, own: Collection[str], found: Annotation, depth: int) -> None:
    if depth > _MOST_NESTED:
        raise OddExpressionError("an annotation that nests too deep")
    match node:
        case ast.Name(id=name) if name in _SCALARS or name in own:
            found.names.add(name)
        case ast.Constant(value=None):
            pass
        case ast.BinOp(op=ast.BitOr()):
            for member in _members(node):
                _read(member, own, found, depth + 1)
        case ast.Subscript(value=ast.Name(id="Literal"), slice=inner):
            found.literals += [_scalar(item) for item in _items(inner)]
        case ast.Subscript(value=ast.Name(id="list" | "tuple"), slice=inner):
            for item in _items(inner):
                _read(item, own, found, depth + 1)
        case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[ast.Name(id="str"), values])):
            _read(values, own, found, depth + 1)
        case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[inner, call])):
            _read(inner, own, found, depth + 1)
            wire = _field_alias(call)
            found.wire = wire if depth == 0 else found.wire
        case _:
            raise OddExpressionError(f"the annotation '{ast.unparse(node):.80}'")


def _members(node: ast.BinOp) -> Iterator[ast.expr]:
    """The members of `a | b | c`, which nests to the left as deep as there are members."""
    current: ast.expr = node
    while isinstance(current, ast.BinOp) and isinstance(current.op, ast.BitOr):
        yield current.right
        current = current.left
    yield current


def _items(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


def _scalar(node: ast.expr) -> object:
    """A constant of JSON; a number may have a sign."""
    match node:
        case ast.Constant(value=str() | int() | float() | None as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
        case _:
            raise OddExpressionError(f"'{ast.unparse(node):.80}' in place of a constant")


def data(node: ast.expr) -> Any:
    """The value of a display of constants, lists and dicts."""
    match node:
        case ast.Dict(keys=keys, values=values):
            named = [
                (_scalar(key), data(value))
                for key, value in zip(keys, values, strict=True)
                if key is not None
            ]
            if len(named) != len(keys):
                raise OddExpressionError("a dict that unpacks another one")
            return dict(named)
        case ast.List(elts=items):
            return [data(item) for item in items]
        case _:
            return _scalar(node)


def _field_alias(node: ast.expr) -> str | None:
    """The alias in `Field(alias="...")`, all of whose arguments are data; one that is always null has `None` first."""
    match node:
        case ast.Call(func=ast.Name(id="Field"), args=[] | [ast.Constant(value=None)], keywords=keywords):
            values = {keyword.arg: _field_value(keyword) for keyword in keywords}
            alias = values.get("alias")
            return alias if isinstance(alias, str) else None
        case _:
            raise OddExpressionError(f"'{ast.unparse(node):.80}' in place of a field")


def _field_value(keyword: ast.keyword) -> Any:
    if keyword.arg not in _FIELD_KEYWORDS:
        raise OddExpressionError(f"the field argument '{keyword.arg or '**'}'")
    match keyword.value:
        case ast.Call(func=ast.Name(id="Decimal"), args=[ast.Constant(value=str() as text)], keywords=[]):
            return text
        case value:
            return data(value)
