"""Bounds of a schema (`minimum`, `maxLength` and the like), merged over a conjunction."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from clientsmith.document.model import JSON
from clientsmith.json_values.decimals import EXACT, exact, shortest

NUMERIC = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
LENGTHS = ("minLength", "maxLength")
COUNTS = ("minItems", "maxItems")
SIZES = ("minProperties", "maxProperties")
_LOWER = frozenset({"minimum", "minLength", "minItems", "minProperties", "exclusiveMinimum"})
Number: TypeAlias = int | float | Decimal
_LARGEST_COUNT = 2**63 - 1
"""What a length can be checked against; nothing is that long, so a larger bound says nothing."""
_LARGEST_NUMBER = 10**400
"""What a number can be checked against: a literal of more digits would only cost time."""


@dataclass(slots=True)
class Bounds:
    """The tightest bounds met so far, by keyword."""

    _numbers: dict[str, Number] = field(default_factory=dict[str, Number])

    def merge(self, schema: Mapping[str, JSON]) -> None:
        """Take in the bounds of one more schema object."""
        bounds: dict[str, Number] = {}
        for key in (*NUMERIC, *LENGTHS, *COUNTS, *SIZES):
            bound = schema.get(key)
            if isinstance(bound, Number) and not isinstance(bound, bool) and _is_usable(key, bound):
                bounds[key] = bound
        for inclusive, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if schema.get(exclusive) is True and inclusive in bounds:  # the 3.0 form
                bounds[exclusive] = bounds.pop(inclusive)
        for key, bound in bounds.items():
            known = self._numbers.get(key, bound)
            self._numbers[key] = _tighter(key, known, bound)

    @classmethod
    def of(cls, schema: Mapping[str, JSON]) -> Bounds:
        """The bounds of one schema object."""
        bounds = cls()
        bounds.merge(schema)
        return bounds

    def number(self, keyword: str) -> Number | None:
        """A bound that numbers are compared with; None without one."""
        return self._numbers.get(keyword)

    def count(self, keyword: str) -> int | None:
        """A bound on a length or a number of items or properties; None without one."""
        number = self._numbers.get(keyword)
        return None if number is None else int(number)

    def __iter__(self) -> Iterator[str]:
        """The keywords of the bounds that there are."""
        return iter(self._numbers)


def _tighter(key: str, one: Number, other: Number) -> Number:
    if exact(one) == exact(other):
        return one
    if key == "multipleOf":
        return _common_multiple(one, other)
    return max(one, other, key=exact) if key in _LOWER else min(one, other, key=exact)


def _common_multiple(one: Number, other: Number) -> Number:
    """The smallest number that is a multiple of both: a multiple of 4 and of 6 is one of 12."""
    first, second = Fraction(exact(one)), Fraction(exact(other))
    common = Fraction(
        math.lcm(first.numerator, second.numerator), math.gcd(first.denominator, second.denominator)
    )
    if common in (first, second):
        return one if common == first else other
    if common.denominator == 1:
        return int(common)
    return shortest(EXACT.divide(Decimal(common.numerator), Decimal(common.denominator)))


def _is_usable(key: str, bound: Number) -> bool:
    """Whether a bound is a number that can be compared; JSON has larger ones, and counts that are not counts."""
    if key not in NUMERIC:
        return 0 <= bound <= _LARGEST_COUNT and bound == int(bound)
    if not (
        math.isfinite(bound) if isinstance(bound, float) else -_LARGEST_NUMBER <= bound <= _LARGEST_NUMBER
    ):
        return False
    return key != "multipleOf" or bound > 0


def whole_count(value: object) -> int | None:
    """A length or a number of items as an int: 2.0 is one, as in JSON Schema; None if it is not a count."""
    if not isinstance(value, Number) or isinstance(value, bool) or not _is_usable(LENGTHS[0], value):
        return None
    return int(value)
