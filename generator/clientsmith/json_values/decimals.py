"""Exact arithmetic on the numbers that `codec` reads; Python's default context rounds to 28 digits."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from functools import reduce

EXACT = Context(prec=20_000, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""More digits than there are between the largest and the smallest number that `codec` reads."""


def exact(number: float | Decimal) -> int | Decimal:
    """The number that the digits of a float say: 12.355 is a multiple of 0.005, although no float is either number."""
    return Decimal(repr(number)) if isinstance(number, float) else number


def shortest(number: Decimal) -> float | Decimal:
    """A number as documents are read: a float if one has the digits."""
    return float(number) if Decimal(repr(float(number))) == number else number


def total(numbers: Iterable[int | Decimal]) -> Decimal:
    """The sum, digit by digit."""
    return reduce(EXACT.add, map(Decimal, numbers), Decimal(0))


def normalized(number: Decimal) -> Decimal:
    """The same number without zeros at its end."""
    return number.normalize(EXACT)
