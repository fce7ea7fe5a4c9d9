"""Types of single values: listed ones (`enum`, `const`), strings, numbers; and the bounds that requests must keep.

Arrays, objects and unions are read in `schemas`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, cast

from clientsmith.api.model.expressions import union
from clientsmith.api.model.types import (
    ANY,
    NONE,
    STR,
    TEXT_ONLY,
    ConstrainedType,
    Constraints,
    LiteralType,
    ObjectName,
    ScalarType,
    TypeExpr,
)
from clientsmith.api.schemas.sources import Sources, TypeSource
from clientsmith.diagnostics.model import Diagnostics, Related
from clientsmith.document.model import Node
from clientsmith.document.uses import Direction
from clientsmith.jsonschema.bounds import LENGTHS, NUMERIC, Bounds
from clientsmith.jsonschema.pattern_syntax import to_rust
from clientsmith.jsonschema.satisfiability.contradictions import Contradiction, Contradictions
from clientsmith.jsonschema.shape import GROUPS, Part, Shape

_LARGEST_LITERAL = 2**63 - 1
"""Larger integers cannot be in a `Literal`: mypy and pydantic refuse them."""
_OBJECTS: dict[str, ObjectName] = {
    "uuid": "UUID", "guid": "UUID", "ipv4": "IPv4Address", "ipv6": "IPv6Address", "time": "time",
    "duration": "timedelta", "decimal": "Decimal",
}  # fmt: skip
"""What a caller may pass for a string, by its format; without a format, any of them."""
_LISTED_OBJECTS: dict[str, ObjectName] = {
    **{format: kind for format, kind in _OBJECTS.items() if kind != "Decimal"},
    "date": "date", "date-time": "datetime",
}  # fmt: skip
"""The same for listed strings. A Decimal is a number beside them: 1.10 may be a version, and 1.1 another one."""
_DECIDING = frozenset({"binary", "byte", "date", "date-time", *_OBJECTS})
"""Formats that decide what is taken or read. All others only keep objects out."""
_TEXT = frozenset({"string"})
_SPELLED = {
    "minimum": "minimum", "maximum": "maximum", "exclusiveMinimum": "exclusive_minimum",
    "exclusiveMaximum": "exclusive_maximum", "multipleOf": "multiple_of", "minLength": "min_length",
    "maxLength": "max_length", "minItems": "min_items", "maxItems": "max_items",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ValueReader:
    """Reads what schemas say about single values; `rest` finds what a type does not check."""

    sources: Sources
    diagnostics: Diagnostics
    decimals: bool = False
    """Whether every number that is received is read as a Decimal."""

    def none_satisfies(self, node: Node) -> TypeExpr:
        """The type of a schema that contradicts itself."""
        self.diagnostics.warning(
            "unsatisfiable-schema", "no value satisfies this schema; its type is any value", node.place
        )
        return ANY

    def note_contradictions(self, source: TypeSource, shape: Shape) -> None:
        """Report keywords of a schema that no value of its type can satisfy together."""
        reader = self.sources.reader
        own = list(Contradictions(reader, source.parts, shape).found())
        every = [*own, *(one for one in self._in_members(source, shape) if one not in own)]
        for found in every:
            related = (Related("this contradicts it", found.other.place),) if found.other is not None else ()
            self.diagnostics.warning(
                "contradicting-keywords", found.message, found.node.place, related=related
            )

    def _in_members(self, source: TypeSource, shape: Shape) -> Iterator[Contradiction]:
        """What contradicts the rest of a schema in a member of a union that makes no type of its own."""
        reader = self.sources.reader
        groups = [group for group in reader.shape(source.parts).groups if group not in shape.groups]
        parts = [Part(part.node, GROUPS) for part in source.parts]
        for member in (one for group in groups for one in group.node.elements()):
            joined = [*parts, *reader.parts(reader.canonical(member)[0])]
            yield from Contradictions(reader, joined, reader.shape(joined)).found()

    def listed(self, source: TypeSource, shape: Shape, direction: Direction) -> TypeExpr:
        """The type of values that are listed one by one, null left out."""
        values = [value for value in shape.values or [] if value is not None]
        if not values:
            return NONE if shape.values else self.none_satisfies(source.node)
        if direction == "request" and shape.is_base64 and shape.kinds <= _TEXT:
            return self.plain("string", source, shape, direction)  # bytes may be passed for their text
        bases: set[type] = {type(value) for value in values}
        scalars = [self._scalar_of(value, shape, direction) for value in values]
        if not bases <= {str, int, bool}:
            return union(scalars)
        small = _distinct(cast("list[str | int | bool]", [value for value in values if is_literal(value)]))
        literal = [LiteralType(small)] if small else []
        if direction == "request":
            kind = _LISTED_OBJECTS.get(shape.format or "")
            if kind is not None and str in bases:
                literal = [LiteralType(small, kind)]
                self._use(source, direction, "format")
            return union(literal if all(map(is_literal, values)) else [*literal, ScalarType("int")])
        # Open on the way in: a value added by the server later must stay readable.
        return union([*literal, *scalars] if bases != {bool} else [ScalarType("bool")])

    def plain(self, kind: str, source: TypeSource, shape: Shape, direction: Direction) -> TypeExpr:
        """The type of a string, a number or a boolean; anything if the document names another type."""
        made = self._plain(kind, source, shape, direction)
        # Whether a file may be passed depends on the body that the schema is of.
        if made != ScalarType("bytes"):
            if shape.format in _DECIDING and made != self._plain(
                kind, source, replace(shape, format=None), direction
            ):
                self._use(source, direction, "format")
            if shape.is_base64 and made != self._plain(
                kind, source, replace(shape, is_base64=False), direction
            ):
                self._use(source, direction, "format", "contentEncoding")
        return made

    def _use(self, source: TypeSource, direction: Direction, *keywords: str) -> None:
        for part in source.parts:
            self.sources.uses.add(part.node, direction, *keywords)

    def _plain(self, kind: str, source: TypeSource, shape: Shape, direction: Direction) -> TypeExpr:
        if kind == "string":
            return self._string(source, shape, direction)
        if kind == "integer":
            return self.constrained(ScalarType("int"), source, shape, direction, NUMERIC)
        if kind == "number":
            return self.constrained(self._number(shape, direction), source, shape, direction, NUMERIC)
        return ScalarType("bool") if kind == "boolean" else ANY

    def _number(self, shape: Shape, direction: Direction) -> ScalarType:
        if shape.format == "decimal" or (self.decimals and direction == "response"):
            return ScalarType("Decimal")
        return ScalarType("ExactNumber" if direction == "request" else "float")

    def _scalar_of(self, value: object, shape: Shape, direction: Direction) -> TypeExpr:
        if isinstance(value, bool):
            return ScalarType("bool")
        if isinstance(value, int):
            return ScalarType("int")
        if isinstance(value, float | Decimal):
            return self._number(shape, direction)
        return STR if isinstance(value, str) else ANY

    def _string(self, source: TypeSource, shape: Shape, direction: Direction) -> TypeExpr:
        if direction == "response":
            return ScalarType("str", "bytes" if shape.is_base64 else "")
        if shape.format == "binary":
            return ScalarType("bytes")
        if shape.format in ("date-time", "date"):
            return union([ScalarType("datetime" if shape.format == "date-time" else "date"), TEXT_ONLY])
        if shape.is_base64:
            return ScalarType("Base64")
        text = STR if shape.format is None else ScalarType("str", _OBJECTS.get(shape.format, "nothing"))
        return self.constrained(text, source, shape, direction, LENGTHS)

    def constrained(
        self, base: TypeExpr, source: TypeSource, shape: Shape, direction: Direction, keys: tuple[str, ...]
    ) -> TypeExpr:
        """Bounds hold for what is sent; what is received is never refused for its length or pattern."""
        if direction == "response":
            return base
        pattern: str | None = None
        is_text = isinstance(base, ScalarType) and base.name == "str"
        for node in shape.patterns if is_text else []:
            translated = to_rust(str(node.value))
            if translated is not None:  # a field has room for one
                pattern = pattern or translated
        found = _constraints(shape.bounds, pattern, keys)
        return base if found is None else ConstrainedType(base, found, source.key)


def _constraints(bounds: Bounds, pattern: str | None, keys: Iterable[str]) -> Constraints | None:
    """The bounds among `keys` and the pattern as constraints; None without any."""
    found: dict[str, Any] = {} if pattern is None else {"pattern": pattern}
    for key in keys:
        number = bounds.number(key)
        # A model cannot state all digits of a Decimal; the check of the whole schema does.
        if number is not None and not isinstance(number, Decimal):
            found[_SPELLED[key]] = repr(number) if key in NUMERIC else bounds.count(key)
    return Constraints(**found) if found else None


def _distinct(values: list[str | int | bool]) -> tuple[str | int | bool, ...]:
    """Without repeats; 1 and true are equal in Python but not in JSON."""
    return tuple({(type(value), value): value for value in values}.values())


def is_literal(value: object) -> bool:
    """Whether a listed value can be in a `Literal`; a request's other ones are compared by its validator."""
    if isinstance(value, int):
        return abs(value) <= _LARGEST_LITERAL
    return value is None or isinstance(value, str)
