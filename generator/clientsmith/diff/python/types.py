"""Whether the values of a type of one package can be used where another package declares a type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from itertools import starmap
from typing import Literal, TypeAlias

from clientsmith.api.model.expressions import names, union
from clientsmith.api.model.types import (
    ANY,
    ConstrainedType,
    ListType,
    LiteralType,
    MapType,
    ModelClass,
    NamedType,
    ObjectName,
    ScalarType,
    Schema,
    TupleType,
    TypeExpr,
    UnionType,
)

Face: TypeAlias = Literal["argument", "field", "result"]
"""A type as a caller passes it to a method, to a class, or as a caller gets it: an argument takes more than the others.
"""
_FIELD = {
    "ExactNumber": ("float", "int", "Decimal"),
    "float": ("float", "int"),
    "Base64": ("bytes", "str"),
    "bytes": ("Any",),
}
_TAKEN: Mapping[Face, Mapping[str, tuple[str, ...]]] = {
    "argument": {**_FIELD, "Decimal": ("Decimal", "int"), "bytes": ("bytes",)},
    "field": _FIELD,
    "result": {"ExactNumber": ("float",)},
}
_NARROWER = {"int": ("float",), "bool": ("int", "float")}
"""What type checkers take beside a type itself (PEP 484, the numeric tower)."""
_JSON = frozenset({"str", "int", "float", "bool", "None", "Any"})
_ANY_JSON = ScalarType("JsonValue")
"""What a result is that can be anything: its values are JSON as it came, which a class or a Decimal is not."""
_CLASSES = frozenset(
    {"UUID", "IPv4Address", "IPv6Address", "date", "datetime", "time", "timedelta", "bytes", "Decimal"}
)


@dataclass(frozen=True, slots=True)
class Package:
    """The schemas of one package by name."""

    schemas: Mapping[str, Schema]

    def members(self, expression: TypeExpr, face: Face) -> Set[TypeExpr]:
        """The members of a type with aliases looked through, each a scalar, a literal, a container or a class."""
        found: dict[TypeExpr, None] = {}
        entered: set[str] = set()
        waiting = [expression]
        while waiting:
            current = waiting.pop()
            schema = self.schemas.get(current.name) if isinstance(current, NamedType) else None
            match current:
                case UnionType(members):
                    waiting += members
                case ConstrainedType(base):
                    waiting.append(base)
                case NamedType(name) if schema is not None and not isinstance(schema, ModelClass):
                    waiting += [] if name in entered else [schema.type]
                    entered.add(name)
                case ScalarType():
                    found.update(dict.fromkeys(_scalars(current, face)))
                case LiteralType(values, kind):
                    found.update(dict.fromkeys(LiteralType((value,)) for value in values))
                    found.update(dict.fromkeys(_objects(kind, face)))
                case _:
                    found[current] = None
        return found.keys()


def _united(expression: TypeExpr) -> tuple[TypeExpr, ...]:
    return expression.members if isinstance(expression, UnionType) else (expression,)


def _scalars(scalar: ScalarType, face: Face) -> Iterator[TypeExpr]:
    yield from map(ScalarType, _TAKEN[face].get(scalar.name, (scalar.name,)))  # type: ignore[arg-type]
    yield from _objects(scalar.stands_for, face)


def _objects(kind: ObjectName, face: Face) -> Iterator[TypeExpr]:
    """The class whose objects a method takes in place of text."""
    if face == "argument" and kind in _CLASSES:
        yield ScalarType("Decimal") if kind == "Decimal" else ScalarType("str", kind)


@dataclass(slots=True)
class Fit:
    """Answers whether every value of a type of package `given` fits a type of package `taken`.

    `classes` names the class of `taken` that each class of `given` is.
    """

    given: Package
    taken: Package
    classes: Mapping[str, str]
    face: Face

    def __call__(self, value: TypeExpr, place: TypeExpr) -> bool:
        """Whether the values of one type fit the other; `Any` fits `Any` alone, and takes everything."""
        is_same = value == place and all(self.classes.get(name) == name for name in names(value))
        return is_same or _Question(self).fits(value, place)


@dataclass(slots=True)
class _Question:
    """One question. A pair that is met again inside of itself is taken to fit: types may be recursive."""

    rules: Fit
    assumed: set[tuple[TypeExpr, TypeExpr]] = field(default_factory=set[tuple[TypeExpr, TypeExpr]])

    def fits(self, value: TypeExpr, place: TypeExpr) -> bool:
        if (value, place) in self.assumed:
            return True
        self.assumed.add((value, place))
        wanted = self.rules.taken.members(place, self.rules.face)
        return all(
            self._fits(member, wanted)
            for one in _united(value)
            if not self._is_paired(one, place)
            for member in self.rules.given.members(one, self.rules.face)
        )

    def _is_paired(self, value: TypeExpr, place: TypeExpr) -> bool:
        """Whether a type is a schema that the other has too: what changed in it is a finding of its own."""
        name = self.rules.classes.get(value.name) if isinstance(value, NamedType) else None
        return name is not None and NamedType(name) in _united(place)

    def _fits(self, value: TypeExpr, wanted: Set[TypeExpr]) -> bool:
        if value in wanted or (ANY in wanted and self.rules.face != "result"):
            return True
        every = (*wanted, _ANY_JSON) if ANY in wanted else wanted
        return any(self._fits_one(value, one) for one in every)

    def _fits_one(self, value: TypeExpr, wanted: TypeExpr) -> bool:
        match value, wanted:
            case ScalarType(name), ScalarType(other):
                is_json = other == "JsonValue" and name in _JSON
                return is_json or (wanted.stands_for == "" and other in _NARROWER.get(name, ()))
            case LiteralType(values), ScalarType(other, ""):
                names = {type(one).__name__ for one in values}
                return (
                    all(name == other or other in _NARROWER.get(name, ()) for name in names)
                    or other == "JsonValue"
                )
            case ListType(items), ListType(others):
                return self.fits(items, others)
            case TupleType(items), TupleType(others):
                return len(items) == len(others) and all(starmap(self.fits, zip(items, others, strict=True)))
            case TupleType(items), ListType(others):
                return self.rules.face == "argument" and self.fits(union(items), others)
            case MapType(values), MapType(others):
                return self.fits(values, others)
            case ((ListType(inner) | MapType(inner)), ScalarType("JsonValue")):
                return self.fits(inner, wanted)
            case NamedType(name), NamedType(other):
                return self.rules.classes.get(name) == other
            case _:
                return False


def shown(expression: TypeExpr) -> str:
    """A type as a reader of Python knows it."""
    match expression:
        case ScalarType("ExactNumber"):
            return "float"
        case ScalarType("Base64"):
            return "bytes"
        case ScalarType("str", kind) if kind in _CLASSES:
            return f"{kind} | str"
        case ScalarType(name) | NamedType(name):
            return name
        case LiteralType(values):
            return f"Literal[{', '.join(map(repr, values))}]"
        case ListType(items):
            return f"list[{shown(items)}]"
        case TupleType(items):
            return f"tuple[{', '.join(map(shown, items))}]"
        case MapType(values):
            return f"dict[str, {shown(values)}]"
        case UnionType(members):
            return " | ".join(map(shown, members))
        case ConstrainedType(base):
            return shown(base)
