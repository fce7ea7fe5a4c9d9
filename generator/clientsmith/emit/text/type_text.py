"""Type expressions as Python text: pure functions of a `TypeExpr` that note their imports. Nothing is laid out here.

One expression has three faces: what a result is annotated with, what an argument accepts, and what pydantic validates.
`package` is the relative name of the generated package's root as seen from the module ("." or "..").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from clientsmith.api.model.expressions import children, names
from clientsmith.api.model.types import (
    ANY,
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
from clientsmith.emit.text.constraints import field_arguments
from clientsmith.emit.text.imports import Imports
from clientsmith.emit.text.literals import constant
from clientsmith.emit.text.objects_for_text import MODULES, TEXTS

TYPING = "typing"
ABC = "collections.abc"
RUNTIME = "_runtime"


@dataclass(frozen=True, slots=True)
class Catalog:
    """The schemas of an API by name, and which of them have an entry in the inputs module."""

    schemas: Mapping[str, Schema]
    with_input: frozenset[str] = field(default=frozenset())

    @classmethod
    def of(cls, schemas: Iterable[Schema]) -> Catalog:
        """Index schemas; an alias has an input form if its expression leads to a model or takes more than models do."""
        by_name = {schema.name: schema for schema in schemas}
        requests = {name: schema for name, schema in by_name.items() if schema.direction == "request"}
        found = {
            name
            for name, schema in requests.items()
            if isinstance(schema, ModelClass) or schema.by_name or _takes_more(schema.type)
        }
        users: dict[str, list[str]] = {}
        for name, schema in requests.items():
            for inner in names(schema.type) if not isinstance(schema, ModelClass) else ():
                users.setdefault(inner, []).append(name)
        pending = list(found)
        while pending:
            more = [name for name in users.get(pending.pop(), ()) if name not in found]
            found.update(more)
            pending += more
        return cls(by_name, frozenset(found))

    def base_scalar(self, expression: TypeExpr) -> str:
        """The scalar that an expression comes down to, or "" where it does not come down to one."""
        seen: set[str] = set()
        while True:
            if isinstance(expression, ScalarType):
                return expression.name
            if isinstance(expression, ConstrainedType):
                expression = expression.base
                continue
            named = self.schemas.get(expression.name) if isinstance(expression, NamedType) else None
            if named is None or isinstance(named, ModelClass) or named.name in seen:
                return "list" if isinstance(expression, ListType) else ""
            seen.add(named.name)
            expression = named.type


def _takes_more(expression: TypeExpr) -> bool:
    """Whether an argument takes what a model does not: an int for a Decimal, objects for their texts."""
    is_exact = isinstance(expression, ScalarType) and expression.name in ("Base64", "Decimal", "ExactNumber")
    taken = expression.stands_for if isinstance(expression, ScalarType | LiteralType) else ""
    return is_exact or taken in ("bytes", *MODULES) or any(map(_takes_more, children(expression)))


def scalar(name: str, imports: Imports) -> str:
    """The text of a scalar type."""
    match name:
        case "Decimal":
            return imports.symbol("decimal", "Decimal")
        case "ExactNumber":  # what pydantic is given; the runtime takes any exact number for it
            return imports.builtin("float")
        case "datetime" | "date":
            return f"{imports.module('datetime')}.{name}"
        case "Any":
            return imports.symbol(TYPING, "Any")
        case "JsonValue":
            return imports.symbol("pydantic", "JsonValue")
        case "None":
            return "None"
        case _:
            return imports.builtin(name)


def model(name: str, package: str, imports: Imports) -> str:
    """The text of a class or alias of the models module; `package` is the relative name of the package's root."""
    return f"{imports.symbol(package, 'models')}.{name}"


def literal(values: Iterable[str | int | bool], imports: Imports) -> str:
    """The text of `Literal[...]`."""
    return f"{imports.symbol(TYPING, 'Literal')}[{', '.join(constant(value) for value in values)}]"


def tuple_text(items: Iterable[str], imports: Imports) -> str:
    """The text of a tuple of types."""
    return f"{imports.builtin('tuple')}[{', '.join(items) or '()'}]"


def joined(members: Iterable[str]) -> str:
    """A union with `|`, without repeats, with `None` last; `Any` takes everything else in."""
    unique = sorted(dict.fromkeys(members), key=lambda text: text == "None")
    anything = [text for text in unique if text == "Any" or text.strip("_") == "Any"]
    return anything[0] if anything else " | ".join(unique)


@dataclass(frozen=True, slots=True)
class ResultText:
    """What a caller gets back: concrete lists and dicts of classes of the models module."""

    imports: Imports
    package: str

    def text(self, expression: TypeExpr) -> str:
        """The annotation of a result."""
        return joined(self.members(expression))

    def members(self, expression: TypeExpr) -> list[str]:
        """The members of the union that the annotation is."""
        match expression:
            case ScalarType(name):
                return [scalar(name, self.imports)]
            case LiteralType(values):
                return [literal(values, self.imports)]
            case ListType(items):
                return [f"{self.imports.builtin('list')}[{self.text(items)}]"]
            case TupleType(items):
                return [tuple_text(map(self.text, items), self.imports)]
            case MapType(values):
                return [f"{self.imports.builtin('dict')}[{self.imports.builtin('str')}, {self.text(values)}]"]
            case UnionType(members):
                return [text for member in members for text in self.members(member)]
            case NamedType(name):
                return [model(name, self.package, self.imports)]
            case ConstrainedType(base):
                return self.members(base)


@dataclass(frozen=True, slots=True)
class ArgumentText:
    """What a caller may pass: instances or dicts for models, any sequence or mapping, an int for a Decimal.

    With `files`, binary content may come from a file. `local` is for the inputs module itself, which names its dict
    types without a prefix; `quoted` for those of its expressions that are evaluated while dict types are still being
    defined: `Union[...]`, and their names are strings. `within` is the schema whose dict type such an expression
    defines: pyright lets a functional TypedDict not name itself, so there any mapping will do.
    """

    imports: Imports
    catalog: Catalog
    package: str
    files: bool = False
    quoted: bool = False
    local: bool = False
    within: str | None = None

    def text(self, expression: TypeExpr) -> str:
        """The annotation of an argument."""
        return self.union(self.members(expression))

    def union(self, members: Iterable[str]) -> str:
        """A union in the notation of the place."""
        listed = list(dict.fromkeys(members))
        if not self.quoted or len(listed) == 1:
            return joined(listed)
        return f"{self.imports.symbol(TYPING, 'Union')}[{', '.join(listed)}]"

    def members(self, expression: TypeExpr) -> list[str]:
        """The members of the union that the annotation is."""
        match expression:
            case ScalarType(name, kind):
                return [*self._taken(kind), *self._scalar(name)]
            case LiteralType(values, kind):
                return [*self._taken(kind), literal(values, self.imports)]
            case ListType(items):
                return [f"{self.imports.symbol(ABC, 'Sequence')}[{self.text(items)}]"]
            case TupleType(items):
                return [tuple_text(map(self.text, items), self.imports)]
            case MapType(values):
                mapping = self.imports.symbol(ABC, "Mapping")
                return [f"{mapping}[{self.imports.builtin('str')}, {self.text(values)}]"]
            case UnionType(members):
                return [text for member in members for text in self.members(member)]
            case NamedType(name):
                return self._named(name)
            case ConstrainedType(base):
                return self.members(base)

    def _taken(self, kind: str) -> list[str]:
        """The class whose objects are taken in place of text."""
        return [f"{self.imports.module(MODULES[kind])}.{kind}"] if kind in MODULES else []

    def _scalar(self, name: str) -> list[str]:
        if name == "Decimal":
            return [scalar(name, self.imports), self.imports.builtin("int")]
        if name == "ExactNumber":
            return [scalar(name, self.imports), scalar("Decimal", self.imports)]
        if name == "Base64":
            return [self.imports.builtin("bytes"), self.imports.builtin("str")]
        if name == "bytes" and self.files:
            return [self.imports.symbol(f"{self.package}{RUNTIME}", "FileContent")]
        return [scalar(name, self.imports)]

    def _named(self, name: str) -> list[str]:
        plain = model(name, self.package, self.imports)
        if name not in self.catalog.with_input:
            return [plain]
        prefix = "" if self.local else f"{self.imports.symbol(self.package, 'inputs')}."
        dict_name = f"{prefix}{name}Dict"
        dict_text = f'"{dict_name}"' if self.quoted else dict_name
        if name == self.within:
            dict_text = self.text(MapType(ANY))
        schema = self.catalog.schemas[name]
        if not isinstance(schema, ModelClass):
            return [dict_text]
        taken = [model(schema.counterpart, self.package, self.imports)] if schema.counterpart else []
        return [plain, *taken, dict_text]


@dataclass(frozen=True, slots=True)
class AdapterText:
    """What pydantic is to validate: an expression evaluated at import, constraints included."""

    imports: Imports
    catalog: Catalog
    package: str

    def text(self, expression: TypeExpr) -> str:
        """The annotation that a `TypeAdapter` is made of."""
        match expression:
            case ScalarType("Base64"):
                return self.imports.symbol(f"{self.package}{RUNTIME}", "Base64Str")
            case ScalarType(_, kind) if kind in TEXTS:
                return self.imports.symbol(f"{self.package}{RUNTIME}", TEXTS[kind])
            case ScalarType(name):
                return scalar(name, self.imports)
            case LiteralType(values):
                return literal(values, self.imports)
            case ListType(items):
                return f"{self.imports.builtin('list')}[{self.text(items)}]"
            case TupleType(items):
                return tuple_text(map(self.text, items), self.imports)
            case MapType(values):
                return f"{self.imports.builtin('dict')}[{self.imports.builtin('str')}, {self.text(values)}]"
            case UnionType(members):
                return self._union(members)
            case NamedType(name):
                return model(name, self.package, self.imports)
            case ConstrainedType():
                return self._constrained(expression)

    def _union(self, members: tuple[TypeExpr, ...]) -> str:
        texts = list(dict.fromkeys(self.text(member) for member in members))
        annotated = any(isinstance(member, ConstrainedType) for member in members)
        if annotated and len(texts) > 1:
            # pyright knows no `|` between an Annotated form and None.
            return f"{self.imports.symbol(TYPING, 'Union')}[{', '.join(texts)}]"
        return joined(texts)

    def _constrained(self, expression: ConstrainedType) -> str:
        base, constraints = expression.base, expression.constraints
        if isinstance(base, UnionType):
            # A bound belongs to the members it can hold for: pydantic refuses one on None.
            none = ScalarType("None")
            members = tuple(m if m == none else ConstrainedType(m, constraints) for m in base.members)
            return self._union(members)
        arguments = field_arguments(constraints, self.catalog.base_scalar(base), self.imports)
        if not arguments:
            return self.text(base)
        annotated = self.imports.symbol(TYPING, "Annotated")
        return f"{annotated}[{self.text(base)}, {self.imports.symbol('pydantic', 'Field')}({', '.join(arguments)})]"
