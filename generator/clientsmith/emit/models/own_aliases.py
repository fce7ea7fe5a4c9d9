"""Aliases that datamodel-code-generator cannot spell: their statements in the models module are written here.

Those are aliases that contain themselves, such as "any JSON value", unions that say how a value finds its member, maps
that tell their members apart by name, and tuples inside other types. The library is given a stand-in for each, and the
statement it makes of that is replaced.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeGuard

from clientsmith.api.model.expressions import has_tuple, names
from clientsmith.api.model.types import (
    Choice,
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
from clientsmith.document.uses import Direction
from clientsmith.emit.models.alias_order import StatementOrder, on_loops
from clientsmith.emit.models.expressions import defined_name, model_name
from clientsmith.emit.models.models_worker import RUNTIME
from clientsmith.emit.text.constraints import field_arguments
from clientsmith.emit.text.imports import Imports
from clientsmith.emit.text.literals import constant, string, tuple_of
from clientsmith.emit.text.objects_for_text import TEXTS
from clientsmith.emit.text.type_text import Catalog, joined, literal

UNIONS: Mapping[Direction, str] = {"request": "RequestUnion", "response": "ResponseUnion"}
"""The runtime's annotations for unions."""
POSITIONS = "ByPosition"
"""The runtime's annotation for lists whose first items have types of their own."""
BY_NAME = "ByName"
"""The runtime's annotation for maps whose members have types by their names."""
_MODULES = {
    "Any": "typing", "Base64Str": RUNTIME, "Decimal": "decimal", "ExactNumber": RUNTIME, "date": "datetime",
    "datetime": "datetime", **dict.fromkeys(TEXTS.values(), RUNTIME),
}  # fmt: skip


def own_aliases(schemas: Iterable[Schema]) -> dict[str, TypeAlias]:
    """The aliases to spell here; only those that lead back to themselves through aliases alone count as recursive."""
    aliases = {schema.name: schema for schema in schemas if isinstance(schema, TypeAlias)}
    recursive = _recursive({name: names(alias.type) for name, alias in aliases.items()})
    annotated_with = {name for alias in aliases.values() for name in _annotates_with(alias)}
    return {
        name: alias
        for name, alias in aliases.items()
        if alias.choice
        or alias.positions
        or alias.by_name
        or has_tuple(alias.type)
        or name in annotated_with
        or name in recursive
    }


def _annotates_with(alias: TypeAlias) -> Iterator[str]:
    """The types that the annotation of an alias names."""
    if alias.choice is not None:
        yield from (member for _, member in alias.choice.members)
    if alias.positions is not None:
        for kind in (*alias.positions.first, alias.positions.others):
            yield from names(kind)
    for member in alias.by_name:
        yield from names(member.type)


def _recursive(named: Mapping[str, Iterable[str]]) -> set[str]:
    """The aliases that lead back to themselves, from what each of them names."""
    leads_to = {name: sorted(set(found) & named.keys()) for name, found in named.items()}
    return {name for name in named if _leads_back(name, leads_to)}


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


def with_own_aliases(source: str, schemas: tuple[Schema, ...]) -> str:
    """The module with the stand-ins replaced; the names that this needs are imported anew at its head.

    pydantic evaluates text with the local names of whoever uses an alias alone, so the value of an alias is text only
    if it leads back to itself or such an alias names it. Any other alias follows the names that its value needs.
    """
    aliases = own_aliases(schemas)
    if not aliases:
        return source
    lines = source.split("\n")
    statements = ast.parse(source).body
    found = {
        name: (node, (following if _is_docstring(following) else node).end_lineno or 0)
        for node, following in zip_longest(statements, statements[1:])
        if node is not None and (name := defined_name(node))
    }
    text = AliasText.of(schemas)
    recursive = aliases.keys() & _recursive(text.all_needed())
    # Where a class comes before an alias that leads back to itself, pyright does not know the alias.
    leading = _with_annotating(aliases, [name for name in found if name in recursive])
    written = {name: "\n".join(lines[node.lineno - 1 : end]) for name, (node, end) in found.items()}
    for name in [name for name in found if name in aliases]:
        node, end = found[name]
        value = text.alias(aliases[name])
        spelt = f"{name} = TypeAliasType({constant(name)}, {string(value) if name in leading else value})"
        written[name] = "\n".join([spelt, *lines[node.end_lineno or 0 : end]])

    def lines_of(names: Iterable[str]) -> list[str]:
        return "\n\n\n".join(written[name] for name in names).split("\n")

    for name, listed in reversed(_placed(found, leading, text)):
        node, end = found[name]
        lines[node.lineno - 1 : end] = lines_of(listed) if listed else []
    imports = [node.end_lineno or 0 for node in statements if isinstance(node, ast.ImportFrom)]
    head, last = min(imports, default=0), max(imports, default=0)
    needed = filter(None, text.imports.render().split("\n"))
    first = ["", "", *lines_of(leading)] if leading else []
    return "\n".join([*lines[:head], *needed, *lines[head:last], *first, *lines[last:]])


def _is_docstring(node: ast.stmt | None) -> TypeGuard[ast.Expr]:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _with_annotating(aliases: Mapping[str, TypeAlias], listed: Iterable[str]) -> list[str]:
    """Aliases, each after those that its annotation names: pyright does not know one that comes later there."""
    ordered: dict[str, None] = {}
    met = set[str]()

    def add(name: str) -> None:
        if name in aliases and name not in met:
            met.add(name)
            for other in _annotates_with(aliases[name]):
                add(other)
            ordered[name] = None

    for name in listed:
        add(name)
    return list(ordered)


def _placed(found: Iterable[str], leading: Collection[str], text: AliasText) -> list[tuple[str, list[str]]]:
    """For the place of each statement: the names of those to write there."""
    needed = text.all_needed()
    order = StatementOrder(
        {name: those - {*leading} for name, those in needed.items() if name not in leading}
    )
    return [(name, [] if name in leading else order.at(name)) for name in found]


@dataclass(frozen=True, slots=True)
class AliasText:
    """A type as text within the models module, to be evaluated once all of its names are there."""

    imports: Imports
    catalog: Catalog
    looping: frozenset[str]
    """The aliases that lead back to themselves, by the members of maps too."""

    @classmethod
    def of(cls, schemas: Iterable[Schema]) -> AliasText:
        """The texts of the aliases of an API."""
        catalog = Catalog.of(schemas)
        aliases = {name: one for name, one in catalog.schemas.items() if isinstance(one, TypeAlias)}
        leads_to = {
            name: {*names(one.type), *_annotates_with(one)} & aliases.keys() for name, one in aliases.items()
        }
        return cls(Imports(), catalog, on_loops(leads_to))

    def all_needed(self) -> dict[str, set[str]]:
        """For each alias, the names that have to have a meaning when its value is evaluated."""
        schemas = self.catalog.schemas.items()
        return {name: self._needed(alias) for name, alias in schemas if isinstance(alias, TypeAlias)}

    def _needed(self, alias: TypeAlias) -> set[str]:
        by_name = (member.type for member in alias.by_name if not self._is_named_later(member.type))
        parts = [
            alias.type,
            *(() if alias.positions is None else (*alias.positions.first, alias.positions.others)),
        ]
        found = {name for part in (*parts, *by_name) for name in names(part)}
        if alias.choice is not None:
            found.update(member for _, member in alias.choice.members)
            found.update(alias.choice.overlapping)
            found.update(() if alias.choice.base is None else (alias.choice.base,))
        return found

    def alias(self, alias: TypeAlias) -> str:
        """The type that an alias names, with what it says of parts of its values."""
        kind, annotations = self.text(alias.type), list(self.annotations(alias))
        if not annotations:
            return kind
        return f"{self.imports.symbol('typing', 'Annotated')}[{', '.join((kind, *annotations))}]"

    def annotations(self, alias: TypeAlias) -> Iterator[str]:
        """What an alias says beside its type."""
        if alias.choice is not None:
            yield self._union(alias.choice, self.imports.symbol(RUNTIME, UNIONS[alias.direction]))
        if alias.positions is not None:
            types = map(self.text, (*alias.positions.first, alias.positions.others))
            yield f"{self.imports.symbol(RUNTIME, POSITIONS)}({', '.join(types)})"
        if alias.by_name:
            entries = (
                f"{tuple_of(map(string, one.patterns))}: {self._named_later(one.type)}"
                for one in alias.by_name
            )
            arguments = [f"{{{', '.join(entries)}}}"]
            forbidden = [tuple_of(map(string, one.patterns)) for one in alias.by_name if one.is_forbidden]
            arguments += [f"forbidden={tuple_of(forbidden)}"] if forbidden else []
            yield f"{self.imports.symbol(RUNTIME, BY_NAME)}({', '.join(arguments)})"

    def _named_later(self, expression: TypeExpr) -> str:
        """A type, as a string if it names aliases that lead back to themselves: pyright knows none that comes later."""
        text = self.text(expression)
        return string(text) if self._is_named_later(expression) else text

    def _is_named_later(self, expression: TypeExpr) -> bool:
        return not self.looping.isdisjoint(names(expression))

    def _union(self, choice: Choice, name: str) -> str:
        members = ", ".join(f"{string(value)}: {member}" for value, member in choice.members)
        arguments = [string(choice.tag), f"{{{members}}}"] if choice.tag else []
        if choice.base is not None:
            arguments.append(f"base={choice.base}")
        if choice.overlapping:
            arguments.append(f"overlapping={tuple_of(choice.overlapping)}")
        if not choice.binding:
            arguments.append("binding=False")
        return f"{name}({', '.join(arguments)})"

    def text(self, expression: TypeExpr) -> str:
        match expression:
            case ScalarType():
                known = model_name(expression)
                return self.imports.symbol(_MODULES[known], known) if known in _MODULES else known
            case LiteralType(values):
                return literal(values, self.imports)
            case ListType(items):
                return f"list[{self.text(items)}]"
            case TupleType(items):
                return f"tuple[{', '.join(map(self.text, items)) or '()'}]"
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
