"""Exact arithmetic on the numbers that `codec` reads; Python's default context rounds to 28 digits."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from functools import reduce

_EXACT = Context(prec=20_000, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""More digits than there are between the largest and the smallest number that `codec` reads."""


def total(numbers: Iterable[int | Decimal]) -> Decimal:
    """The sum, digit by digit."""
    return reduce(_EXACT.add, map(Decimal, numbers), Decimal(0))


def normalized(number: Decimal) -> Decimal:
    """The same number without zeros at its end."""
    return number.normalize(_EXACT)
