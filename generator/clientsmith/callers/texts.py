"""Types of the old package as a caller writes them: what it passes, what it reads, and displays for containers.

Classes are those of the package that is called; aliases are spelt out in the caller, so that one that changes shows.
What is read is annotated with types that are covariant: callers go through lists, and a list of fewer types is no
mistake. What can be anything is read as JSON, which a class is not. What a class is made of is written as a display,
because type checkers fit a display to what is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from clientsmith.api.model.types import (
    ConstrainedType,
    ListType,
    LiteralType,
    MapType,
    ModelClass,
    NamedType,
    ScalarType,
    Schema,
    TupleType,
    TypeExpr,
    UnionType,
)
from clientsmith.emit.text.imports import Imports
from clientsmith.emit.text.type_text import (
    ABC,
    RUNTIME,
    ArgumentText,
    Catalog,
    ResultText,
    joined,
    scalar,
)

_Member: TypeAlias = tuple["str | ListType | MapType | TupleType", frozenset[str]]
"""The text of a type without items, or a container; and the aliases that it is in."""

LIST, JSON = "ListOf", "Json"
"""Helpers that the caller defines: a list that is only read, and any JSON value that is only read."""


def model_text(name: str) -> str:
    """What the caller calls a class or alias of the models module."""
    return f"models_{name}"


def dict_text(name: str) -> str:
    """What the caller calls the dict type of a class or alias."""
    return f"inputs_{name}Dict"


def alias_text(name: str) -> str:
    """What the caller calls its own copy of an alias."""
    return f"alias_{name}"


class CallerImports(Imports):
    """The imports of the caller, which has the names of the runtime already: the package exports them."""

    def symbol(self, module: str, name: str) -> str:
        """A name out of a module."""
        return name if module == RUNTIME else super().symbol(module, name)


@dataclass(frozen=True, slots=True)
class ReadText(ResultText):
    """What a caller reads."""

    catalog: Catalog

    def members(self, expression: TypeExpr) -> list[str]:
        """The members of the union that the annotation is."""
        match expression:
            case ListType(items):
                return [f"{LIST}[{self.text(items)}]"]
            case MapType(values):
                mapping = self.imports.symbol(ABC, "Mapping")
                return [f"{mapping}[{self.imports.builtin('str')}, {self.text(values)}]"]
            case ScalarType("Any" | "JsonValue"):
                return [JSON]
            case NamedType(name):
                is_class = isinstance(self.catalog.schemas[name], ModelClass)
                return [model_text(name) if is_class else alias_text(name)]
            case _:
                return ResultText.members(self, expression)


@dataclass(frozen=True, slots=True)
class Passed:
    """Expressions for what a caller passes to methods and dicts, or (`to_model`) to a class.

    `parameter` gives a name to a value of a type, `files` says whether binary content may come from a file.
    """

    imports: Imports
    catalog: Catalog
    parameter: Callable[[str], str]
    to_model: bool = False
    files: bool = False

    def of(self, expression: TypeExpr, entered: frozenset[str] = frozenset()) -> list[str]:
        """One expression for each kind of container, and one for all other values."""
        members = self._members(expression, entered)
        plain = [text for text, _ in members if isinstance(text, str)]
        found = [self.parameter(joined(plain))] if plain else []
        for member, inside in members:
            if not isinstance(member, str):
                found += self._container(member, inside)
        return found

    def _members(self, expression: TypeExpr, entered: frozenset[str]) -> list[_Member]:
        match expression:
            case UnionType(members):
                return [one for member in members for one in self._members(member, entered)]
            case ConstrainedType(base):
                return self._members(base, entered)
            case ListType() | MapType() | TupleType():
                return [(expression, entered)]
            case NamedType(name):
                schema = self.catalog.schemas[name]
                if isinstance(schema, ModelClass) or name in entered:
                    return [(text, entered) for text in self._named(schema)]
                return self._members(schema.type, entered | {name})
            case ScalarType() | LiteralType():
                return [(text, entered) for text in self._plain(expression)]

    def _named(self, schema: Schema) -> list[str]:
        """The types of a class, or of an alias inside of itself."""
        own, has_dict = model_text(schema.name), schema.name in self.catalog.with_input
        if self.to_model:
            return [own]
        if not isinstance(schema, ModelClass):
            return [dict_text(schema.name) if has_dict else own]
        taken = [model_text(schema.counterpart)] if schema.counterpart else []
        return [own, *taken, *([dict_text(schema.name)] if has_dict else [])]

    def _plain(self, expression: ScalarType | LiteralType) -> list[str]:
        """The types of a value without items; a class takes no objects for their texts, nor an int for a Decimal."""
        match expression:
            case ScalarType("bytes") if self.to_model:
                return [scalar("Any", self.imports)]
            case ScalarType("Decimal") if self.to_model:
                return [scalar("Decimal", self.imports)]
            case _:
                plain = replace(expression, stands_for="") if self.to_model else expression
                return ArgumentText(self.imports, self.catalog, "", files=self.files).members(plain)

    def _container(self, expression: ListType | MapType | TupleType, entered: frozenset[str]) -> list[str]:
        match expression:
            case ListType(items):
                return [f"[{item}]" for item in self.of(items, entered)]
            case MapType(values):
                return [f'{{"": {value}}}' for value in self.of(values, entered)]
            case TupleType(items):
                choices = [self.of(item, entered) for item in items]
                count = max(map(len, choices), default=1)
                return [
                    f"({''.join(f'{each[min(index, len(each) - 1)]}, ' for each in choices)})"
                    for index in range(count)
                ]
