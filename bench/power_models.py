"""Faults of the domain in the models of an API and in the schemas that its responses are held against."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, cast

from power_sites import Change, Edit, File, altered, calls, text_of

_RETYPED = (("Decimal", "float"), ("str", "int"), ("int", "str"), ("bool", "str"))


def classes(file: File) -> Iterator[Edit]:
    """What a model does with keys that it does not know."""
    for node in file.tree.body:
        if isinstance(node, ast.ClassDef) and node.bases:
            base = node.bases[-1]
            name = ast.unparse(base)
            for extra in ("allow", "ignore") if "Request" in name else ("ignore", "forbid"):
                text = f"{name}, extra={extra!r}"
                yield Edit(f"unknown keys: {extra}", (file.replaced(base, text),))


def fields(file: File) -> Iterator[Edit]:
    """Each field: its wire name, its type, whether it is required, its constraints."""
    for node in file.tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        found = [
            one for one in node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        ]
        for field in found:
            yield Edit("field dropped", (file.replaced(field, "pass"),))
            yield Edit("wire name wrong", (_renamed(file, field, f"{_wire(file, field)}X"),))
            yield from _requiredness(file, field)
            yield from _retyped(file, field)
            yield from _constraints(file, field)
        for one, other in pairwise(found):
            if (
                ast.unparse(one.annotation).partition(",")[0]
                == ast.unparse(other.annotation).partition(",")[0]
            ):
                changes = _renamed(file, one, _wire(file, other)), _renamed(file, other, _wire(file, one))
                yield Edit("two wire names swapped", changes)
        yield from _closed(file, found[:1])


def _wire(file: File, field: ast.AnnAssign) -> str:
    aliases = (
        one.value for call in calls(file, "Field", field) for one in call.keywords if one.arg == "alias"
    )
    return text_of(next(aliases, None)) or ast.unparse(field.target)


def _renamed(file: File, field: ast.AnnAssign, wire: str) -> Change:
    for call in calls(file, "Field", field.annotation):
        return altered(file, call, alias=repr(wire))
    annotation = ast.unparse(field.annotation)
    return file.replaced(field.annotation, f"Annotated[{annotation}, Field(alias={wire!r})]")


def _requiredness(file: File, field: ast.AnnAssign) -> Iterator[Edit]:
    name, annotation = ast.unparse(field.target), ast.unparse(field.annotation)
    if field.value is None:
        yield Edit("required is optional", (file.replaced(field, f"{name}: {annotation} | None = None"),))
    else:
        yield Edit("optional is required", (file.replaced(field, f"{name}: {annotation}"),))


def _retyped(file: File, field: ast.AnnAssign) -> Iterator[Edit]:
    for node in ast.walk(field.annotation):
        if isinstance(node, ast.Name):
            for own, other in _RETYPED:
                if node.id == own:
                    yield Edit(f"{own} is {other}", (file.replaced(node, other),))
    if isinstance(field.annotation, ast.BinOp) and ast.unparse(field.annotation.right) == "None":
        yield Edit("null not allowed", (file.replaced(field.annotation, ast.unparse(field.annotation.left)),))


def _constraints(file: File, field: ast.AnnAssign) -> Iterator[Edit]:
    for call in calls(file, "Field", field.annotation):
        for one in call.keywords:
            yield Edit(f"{one.arg} lost", (altered(file, call, None, **{str(one.arg): None}),))
            if one.arg in ("gt", "lt"):
                loose = {"gt": "ge", "lt": "le"}[one.arg]
                yield Edit(
                    f"{one.arg} is {loose}",
                    (altered(file, call, None, **{one.arg: None, loose: ast.unparse(one.value)}),),
                )
            value = one.value
            if isinstance(value, ast.Constant) and type(value.value) is int:
                yield Edit(
                    f"{one.arg} off by one",
                    (altered(file, call, None, **{str(one.arg): str(value.value - 1)}),),
                )


def _closed(file: File, found: list[ast.AnnAssign]) -> Iterator[Edit]:
    """The first field of a class takes one value only."""
    for field in found:
        for node in ast.walk(field.annotation):
            if isinstance(node, ast.Name) and node.id == "str":
                literal = "__import__('typing').Literal['known']"
                yield Edit("open text is a closed enum", (file.replaced(node, literal),))
                break


def schemas(file: File) -> Iterator[Edit]:
    """The schemas of responses: one missing, one of anything, and each keyword that constrains a value lost."""
    for node in file.nodes():
        if not isinstance(node, ast.Dict):
            continue
        for key, value in zip(node.keys, node.values, strict=True):
            text, name = text_of(value), text_of(key)
            if text is None or key is None or name is None:
                continue
            yield Edit("schema missing", (file.replaced(key, repr(f"{name}X")),))
            yield Edit("schema of anything", (file.replaced(value, "'{}'"),))
            schema: dict[str, Any] = json.loads(text)
            for where, looser in _looser(schema):
                changed = json.dumps(looser, separators=(",", ":"))
                yield Edit(f"{where} lost", (file.replaced(value, repr(changed)),))


_KEYWORDS = ("type", "pattern", "items", "anyOf", "enum", "required", "minimum", "maximum", "$ref", "format")


def _looser(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Copies of a schema that lack one keyword, of the whole or of one of its properties."""
    for word in _KEYWORDS:
        if word in schema:
            yield word, {key: value for key, value in schema.items() if key != word}
    properties = cast("dict[str, dict[str, Any]]", schema.get("properties", {}))
    for name, inner in properties.items():
        for where, looser in _looser(inner):
            changed = properties | {name: looser}
            yield f"{name}.{where}", schema | {"properties": changed}
