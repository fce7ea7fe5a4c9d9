"""What a schema allows in one direction, whatever keywords say it: by JSON type, what a value of the type has to be."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

from clientsmith.document.listed_values import fits_type
from clientsmith.document.model import JSON, Node
from clientsmith.document.resolved import Identity
from clientsmith.jsonschema.shape import Part

Direction: TypeAlias = Literal["request", "response"]
KINDS = ("null", "boolean", "number", "string", "array", "object")
"""The types of JSON; an integer is a number that is a multiple of one."""
IMPLICATIONS = ("then", "else")
"""Keywords that ask something of values that fit `if`, or do not."""
SchemaKey: TypeAlias = tuple[object, ...]
Limit: TypeAlias = "int | Fraction | tuple[Fraction, int]"


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """All that holds at one place of a message: schema objects, and parts of others. Without any, everything fits.

    `place` is where it is, or that of the schema around it; `use` is where the references start that lead there.
    """

    place: Node
    nodes: tuple[Node, ...] = ()
    flat: tuple[Part, ...] = ()
    use: Node | None = None
    key: SchemaKey = field(init=False)

    def __post_init__(self) -> None:
        parts = tuple((part.node.identity, part.masked) for part in self.flat)
        nodes = tuple(node.identity for node in self.nodes)
        key = (nodes, parts) if nodes or parts else (self.place.identity,)
        object.__setattr__(self, "key", key)

    def says_beside(self, node: Node) -> bool:
        """Whether a node is of a part that holds beside the member of a union, and so for each member."""
        is_own = any(is_below(node, one) for one in self.nodes)
        return not is_own and any(is_below(node, part.node) for part in self.flat)

    @property
    def is_single(self) -> bool:
        """Whether one schema object says all."""
        return len(self.nodes) == 1 and not self.flat


def is_below(node: Node, other: Node) -> bool:
    """Whether a node is in another one, or is that itself."""
    return node.document is other.document and node.pointer[: len(other.pointer)] == other.pointer


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A keyword that some values have to keep (`not`, `then`, `contains`...), with the schemas that it is made of.

    The last schema is what they have to fit; those before it, and the `text`, say which values.
    """

    keyword: str
    node: Node
    schemas: tuple[Schema, ...] = ()
    text: str = ""
    kind: str = ""
    """The JSON type whose values it judges, if only what it says of these counts."""
    values: frozenset[Hashable] = frozenset()
    """The values that it refuses, if it only lists these."""
    limits: Mapping[str, Limit] = field(default_factory=dict[str, Limit])
    """How many items have to fit."""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """What one schema object says of the members of objects: by name, by pattern, and of all others.

    The schema of a name is None if the layer only knows the name. `others` is None if they may be anything.
    """

    properties: Mapping[str, Node | None]
    patterned: tuple[tuple[str, Node | None], ...]
    others: Node | None


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """What one schema object says of the items of arrays: of the first ones by place, and of all others."""

    first: tuple[Node | None, ...]
    others: Node | None


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """What is said of the members of an object; `hidden` are those that the direction does not have."""

    layers: tuple[Layer, ...]
    required: Mapping[str, Node]
    hidden: frozenset[str]
    names: tuple[Node, ...]
    dependent: frozenset[tuple[str, str]]

    @property
    def is_free(self) -> bool:
        """Whether every object fits."""
        return not (self.layers or self.required or self.names or self.dependent)


@dataclass(frozen=True, slots=True, eq=False)
class Alternative:
    """One way for a value of a JSON type to be valid.

    `values` are the listed ones by their equality key; None if none are listed. `limits` are bounds by keyword, in a
    form in which they compare. `tags` are the discriminator's values that name it.
    """

    kind: str
    schema: Schema
    parts: tuple[Part, ...]
    values: Mapping[Hashable, JSON] | None = None
    limits: Mapping[str, Limit] = field(default_factory=dict[str, Limit])
    patterns: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    encoding: str = ""
    media: str = ""
    conditions: tuple[Condition, ...] = ()
    members: Members | None = None
    rows: tuple[Row, ...] = ()
    tags: frozenset[str] = frozenset()
    is_tagged: bool = False
    """Whether the tags are those of a discriminator rather than values that the schema lists itself."""
    entries: tuple[Node, ...] = ()
    """Where unions list it, the innermost first."""
    covered: tuple[Alternative, ...] = ()
    """Other members of the union that add nothing to this one, or whose listed values are among its own."""

    @property
    def is_free(self) -> bool:
        """Whether every value of the JSON type fits."""
        says = self.limits or self.patterns or self.encoding or self.media or self.conditions or self.rows
        lists = self.values is not None and (self.kind != "boolean" or len(self.values) < 2)
        return not (says or lists) and (self.members is None or self.members.is_free)

    @property
    def is_whole(self) -> bool:
        """Whether every number of it is an integer."""
        if self.values is not None:
            return all(fits_type(value, ("integer",)) for value in self.values.values())
        step = self.limits.get("multipleOf")
        return isinstance(step, Fraction) and step.denominator == 1


@dataclass(frozen=True, slots=True, eq=False)
class Allowed:
    """What a schema allows: by JSON type the alternatives, of which a value fits one.

    `exclusive` are the `oneOf`s that refuse a value which fits two of their members.
    """

    schema: Schema
    kinds: Mapping[str, tuple[Alternative, ...]]
    exclusive: tuple[Node, ...] = ()
    discriminator: Node | None = None


Identified: TypeAlias = tuple[Identity, ...]
