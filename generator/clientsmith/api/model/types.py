"""The Python types of an API as frozen data: type expressions, and the classes and aliases that are made of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from typing import TypeAlias as Alias

from clientsmith.document.uses import Direction

ScalarName: Alias = Literal[
    "str",
    "int",
    "float",
    "Decimal",
    "ExactNumber",
    "bool",
    "bytes",
    "Base64",
    "datetime",
    "date",
    "None",
    "Any",
    "JsonValue",
]
ObjectName: Alias = Literal[
    "", "bytes", "nothing", "UUID", "IPv4Address", "IPv6Address", "date", "datetime", "time", "timedelta", "Decimal"
]  # fmt: skip


def _typed(values: tuple[str | int | bool, ...]) -> tuple[tuple[type, str | int | bool], ...]:
    return tuple((type(value), value) for value in values)


@dataclass(frozen=True, slots=True)
class ScalarType:
    """A built-in Python type; `Decimal`, `datetime` and `date` come from the standard library.

    `ExactNumber` is a number to send: an int, a float or a Decimal, whose token is kept.
    `Base64` takes bytes and sends them in base64. `stands_for` names the type of object that a request
    takes in place of the text, `nothing` if it takes text only.
    """

    name: ScalarName
    stands_for: ObjectName = ""


@dataclass(frozen=True, slots=True, eq=False)
class LiteralType:
    """One of the values listed (`typing.Literal`); 1 and true are equal in Python but not in JSON.

    `stands_for` names the type of object that a request takes in place of the texts.
    """

    values: tuple[str | int | bool, ...]
    stands_for: ObjectName = ""

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, LiteralType)
            and _typed(self.values) == _typed(other.values)
            and self.stands_for == other.stands_for
        )

    def __hash__(self) -> int:
        return hash(_typed(self.values))


@dataclass(frozen=True, slots=True)
class ListType:
    """A JSON array."""

    items: TypeExpr


@dataclass(frozen=True, slots=True)
class TupleType:
    """A JSON array of a fixed length whose items have a type each."""

    items: tuple[TypeExpr, ...]


@dataclass(frozen=True, slots=True)
class MapType:
    """A JSON object whose keys are data."""

    values: TypeExpr


@dataclass(frozen=True, slots=True)
class UnionType:
    """Any one of the members; never nested, never empty, without repeats."""

    members: tuple[TypeExpr, ...]


@dataclass(frozen=True, slots=True)
class NamedType:
    """A reference to a `ModelClass` or `TypeAlias` of the same API by its final name."""

    name: str


@dataclass(frozen=True, slots=True)
class Constraints:
    """What JSON Schema asks of a value beyond its type; numbers are the document's own tokens, lengths are counts."""

    minimum: str | None = None
    maximum: str | None = None
    exclusive_minimum: str | None = None
    exclusive_maximum: str | None = None
    multiple_of: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    """Already in the syntax of pydantic's default engine (Rust `regex`), never ECMA 262."""
    min_items: int | None = None
    max_items: int | None = None


@dataclass(frozen=True, slots=True)
class ConstrainedType:
    """A type whose values must satisfy constraints; occurs in requests only."""

    base: TypeExpr
    constraints: Constraints
    source: str = field(default="", compare=False, repr=False)
    """The key of the schema that asks for them, while the model is built."""


TypeExpr: Alias = (
    ScalarType | LiteralType | ListType | TupleType | MapType | UnionType | NamedType | ConstrainedType
)

ANY = ScalarType("Any")
NONE = ScalarType("None")
STR = ScalarType("str")
TEXT_ONLY = ScalarType("str", "nothing")


@dataclass(frozen=True, slots=True)
class Field:
    """One property of an object: its name on the wire, its Python name, and its type without `None` for absence."""

    wire: str
    name: str
    type: TypeExpr
    """Includes `None` only where JSON null is allowed by the schema."""
    required: bool
    nullable: bool
    description: str = ""
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """How a value finds its member of a union, which is what the union says and not what the members say."""

    tag: str = ""
    """The property whose value names the member; empty without one."""
    members: tuple[tuple[str, str], ...] = ()
    """The member's schema by each value of the tag; members that no value names are not in it."""
    binding: bool = True
    """Whether the member that is named decides alone; else a value that does not fit it may be any other."""
    exclusive: bool = False
    """Whether one member alone may be meant (`oneOf`)."""
    base: str | None = None
    """The class that the members derive from, if the document names that class alone: what no member fits is one."""
    overlapping: tuple[str, ...] = ()
    """The classes, for requests, that take the properties which only other members declare."""


@dataclass(frozen=True, slots=True)
class ModelClass:
    """A pydantic class; an `open` one accepts unknown properties.

    A request class is `closed` if its schema refuses them, those of a model that was read included. `read_only` names
    the properties that only answers have; they may be sent back.
    """

    name: str
    direction: Direction
    fields: tuple[Field, ...]
    open: bool
    pointer: str
    description: str = ""
    closed: bool = False
    read_only: tuple[str, ...] = ()
    decimals: bool = False
    """Whether the document asks for exact numbers in some of the properties that it does not name."""
    counterpart: str | None = None
    """The response class of the same schema, whose instances are taken where this request class is due."""


@dataclass(frozen=True, slots=True)
class Positions:
    """The types of the first items of an array, and that of the others."""

    first: tuple[TypeExpr, ...]
    others: TypeExpr


@dataclass(frozen=True, slots=True)
class MemberType:
    """The type of those members of an object whose names match exactly these patterns; of all others without any."""

    patterns: tuple[str, ...]
    """In the syntax of pydantic's default engine."""
    type: TypeExpr
    is_forbidden: bool = False


@dataclass(frozen=True, slots=True)
class TypeAlias:
    """A name for a type expression (arrays, unions, scalars, maps)."""

    name: str
    direction: Direction
    type: TypeExpr
    pointer: str
    description: str = ""
    choice: Choice | None = None
    positions: Positions | None = None
    by_name: tuple[MemberType, ...] = ()


Schema: Alias = ModelClass | TypeAlias
