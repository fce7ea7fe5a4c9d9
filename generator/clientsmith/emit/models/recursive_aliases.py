"""Aliases that contain themselves, such as "any JSON value": their statements in the models module are spelt here.

datamodel-code-generator drops what leads such a type back to itself, so it is given a stand-in and the statement it
makes of that is replaced.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clientsmith.api.model.expressions import names
from clientsmith.api.model.types import (
    ConstrainedType,
    ListType,
    LiteralType,
    MapType,
    NamedType,
    ScalarType,
    Schema,
    TypeAlias,
    TypeExpr,
    UnionType,
)
from clientsmith.emit.models.models_worker import RUNTIME
from clientsmith.emit.text.constraints import field_arguments
from clientsmith.emit.text.imports import Imports
from clientsmith.emit.text.literals import constant, string
from clientsmith.emit.text.type_text import Catalog, joined, literal

_MODULES = {
    "Any": "typing", "Decimal": "decimal", "ExactNumber": RUNTIME, "date": "datetime", "datetime": "datetime",
}  # fmt: skip


def recursive_aliases(schemas: Iterable[Schema]) -> dict[str, TypeAlias]:
    """The aliases that lead back to themselves through aliases alone; classes are looked up when they are used."""
    aliases = {schema.name: schema for schema in schemas if isinstance(schema, TypeAlias)}
    leads_to = {name: sorted(set(names(alias.type)) & aliases.keys()) for name, alias in aliases.items()}
    return {name: alias for name, alias in aliases.items() if _leads_back(name, leads_to)}


def _leads_back(name: str, leads_to: Mapping[str, list[str]]) -> bool:
    pending, seen = list(leads_to[name]), set[str]()
    while pending:
        current = pending.pop()
        if current == name:
            return True
        if current not in seen:
            seen.add(current)
            pending += leads_to[current]
    return False


def with_recursive_aliases(source: str, schemas: tuple[Schema, ...]) -> str:
    """The module with the stand-ins replaced; the names that this needs are imported anew at its head."""
    aliases = recursive_aliases(schemas)
    if not aliases:
        return source
    text = _AliasText(Imports(), Catalog.of(schemas))
    lines = source.split("\n")
    statements = ast.parse(source).body
    for node in reversed(statements):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) if name in aliases:
                spelt = f"{name} = TypeAliasType({constant(name)}, {string(text.text(aliases[name].type))})"
                lines[node.lineno - 1 : node.end_lineno] = [spelt]
            case _:
                pass
    needed = text.imports.render().split("\n")
    first = next((node.end_lineno or 0 for node in statements if isinstance(node, ast.ImportFrom)), 0)
    return "\n".join([*lines[:first], *filter(None, needed), *lines[first:]])


@dataclass(frozen=True, slots=True)
class _AliasText:
    """A type as text within the models module, to be evaluated once all of its names are there."""

    imports: Imports
    catalog: Catalog

    def text(self, expression: TypeExpr) -> str:
        match expression:
            case ScalarType(name):
                known = "Any" if name == "bytes" else name
                return self.imports.symbol(_MODULES[known], known) if known in _MODULES else known
            case LiteralType(values):
                return literal(values, self.imports)
            case ListType(items):
                return f"list[{self.text(items)}]"
            case MapType(values):
                return f"dict[str, {self.text(values)}]"
            case UnionType(members):
                return joined(self.text(member) for member in members)
            case NamedType(name):
                return name
            case ConstrainedType():
                return self._constrained(expression)

    def _constrained(self, expression: ConstrainedType) -> str:
        base, constraints = expression.base, expression.constraints
        if isinstance(base, UnionType):
            # A bound belongs to the members it can hold for: pydantic refuses one on None.
            none = ScalarType("None")
            bound = (m if m == none else ConstrainedType(m, constraints) for m in base.members)
            return joined(map(self.text, bound))
        arguments = field_arguments(constraints, self.catalog.base_scalar(base), self.imports)
        if not arguments:
            return self.text(base)
        annotated = self.imports.symbol("typing", "Annotated")
        return f"{annotated}[{self.text(base)}, {self.imports.symbol('pydantic', 'Field')}({', '.join(arguments)})]"
