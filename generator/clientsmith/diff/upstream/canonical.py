"""Numbers for what the wire level reads, equal in every run and for every spelling of the same meaning."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from decimal import Decimal
from fractions import Fraction
from typing import cast

from clientsmith.diff.wire.schema.annotations import said_beside
from clientsmith.diff.wire.schema.meaning import Meanings
from clientsmith.diff.wire.schema.model import Allowed, Direction, Schema, SchemaKey
from clientsmith.diff.wire.schema.normal import SchemaNormalizer
from clientsmith.diff.wire.schema.unions.discriminators import base_of, meant_by
from clientsmith.diff.wire.schema.unions.exclusion import excluded
from clientsmith.diff.wire.schema.unions.nesting import Nesting
from clientsmith.json_values.codec import equality_key
from clientsmith.json_values.decimals import exact, normalized

_BYTES = 16


def number_of(value: Hashable) -> int:
    """A number that only equal values have: from a SHA-256 of a text in which sets have no order."""
    return int.from_bytes(hashlib.sha256(_text(value).encode("utf-8", "surrogatepass")).digest()[:_BYTES])


def _text(value: object) -> str:
    kind = type(value)
    if kind is int:
        return f"{value:x}"
    if kind is str:
        return repr(value)
    if isinstance(value, tuple):
        return f"({','.join([_text(one) for one in cast('tuple[object, ...]', value)])})"
    if isinstance(value, frozenset):
        return f"{{{','.join(sorted([_text(one) for one in cast('frozenset[object]', value)]))}}}"
    if isinstance(value, Fraction):
        return f"{value.numerator:x}/{value.denominator:x}"
    if isinstance(value, float | Decimal):
        number = normalized(Decimal(exact(value)))
        return f"{int(number):x}" if number == number.to_integral_value() else f"#{number}"
    return str(value)


class StableMeanings(Meanings):
    """The numbers of schemas, with what these say beside their values; `is_xml` if the names of elements count."""

    def __init__(self, *, is_xml: bool = False) -> None:
        super().__init__()
        self._is_xml = is_xml
        self._read: dict[tuple[SchemaKey, Direction, int], int] = {}
        self._beside_known: dict[tuple[SchemaKey, Direction], frozenset[Hashable]] = {}

    def of(self, side: SchemaNormalizer, schema: Schema, direction: Direction, depth: int) -> int:
        """That of a schema; whatever is deeper counts as equal."""
        key = (schema.key, direction, depth)
        known = self._read.get(key)
        if known is None:
            number = super().of(side, schema, direction, depth)
            allowed = side.allowed(schema, direction)
            said = (
                (self._said(side, allowed, direction), self._subtypes(side, allowed, direction, depth - 1))
                if depth > 0
                else ()
            )
            known = self._read[key] = self._number((number, said)) if any(said) else number
        return known

    def _of_union(
        self, side: SchemaNormalizer, allowed: Allowed, direction: Direction, depth: int
    ) -> Hashable:
        """Whether values that fit two members are refused, of unions in unions which, and what names members."""
        is_tagged = any(one.is_tagged for one in allowed.kinds.get("object", ()))
        tag = allowed.discriminator.text("propertyName") if allowed.discriminator and is_tagged else ""
        found = excluded(side, allowed) if allowed.exclusive else []
        if not Nesting(allowed).is_deep:
            return bool(found), tag
        refused = (
            frozenset(self.of_alternative(side, one, direction, depth) for one in several)
            for several in found
        )
        return frozenset(refused) or False, tag

    def _subtypes(
        self, side: SchemaNormalizer, allowed: Allowed, direction: Direction, depth: int
    ) -> tuple[Hashable, ...]:
        """By value of the discriminator of a base class what it means."""
        base = None if allowed.discriminator is not None else base_of(allowed)
        if base is None:
            return ()
        inner = (
            (value, self.of(side, side.schema([node], node), direction, depth))
            for value, node in meant_by(side, base).items()
        )
        return base.child("discriminator").text("propertyName"), frozenset(inner)

    def _said(self, side: SchemaNormalizer, allowed: Allowed, direction: Direction) -> frozenset[Hashable]:
        """What is said of the place, and of each member of a union there."""
        key = (allowed.schema.key, direction)
        if key not in self._beside_known:
            members = {one.schema.key: one.schema for found in allowed.kinds.values() for one in found}
            inner = (self._beside(side, one) for name, one in members.items() if name != allowed.schema.key)
            own = self._beside(side, allowed.schema)
            found = frozenset([*(("member", one) for one in inner if one), *([own] if own else ())])
            self._beside_known[key] = found
        return self._beside_known[key]

    def _beside(self, side: SchemaNormalizer, schema: Schema) -> tuple[Hashable, ...]:
        marks = side.marks(schema)
        said = said_beside(marks)
        xml = next((found for one in marks if (found := one.get("xml")) is not None), None)
        if not self._is_xml or xml is None:
            return said
        names = {key: str(value) for key, value in xml.mapping.items() if value is not False}
        return (*said, equality_key({**names})) if names else said

    def _number(self, value: Hashable) -> int:
        return number_of(value)
