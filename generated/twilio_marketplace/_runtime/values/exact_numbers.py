# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Exact arithmetic on numbers as they are written; nothing is rounded, and no exponent is written out.

`1E+999999999` costs no more than 1.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

_MOST_DIGITS: Final = 4300
"""As many as Python reads in an integer; a fraction with more is not divided."""


def exact(value: float | Decimal) -> int | Decimal:
    """The number that the token of a value says: 0.1 for the float 0.1, although no float is that number."""
    return Decimal(float.__repr__(value)) if isinstance(value, float) else value


def is_multiple(value: int | Decimal, divisor: int | Decimal) -> bool | None:
    """Whether a number is a whole multiple of another; None if it has too many digits to divide."""
    if isinstance(value, int) and isinstance(divisor, int):
        return value % divisor == 0
    (number, exponent), (unit, place) = _parts(Decimal(value)), _parts(Decimal(divisor))
    if number is None or unit is None:
        return None
    if number == 0:
        return True
    distance = exponent - place
    if distance >= 0:
        return number * pow(10, distance, unit) % unit == 0
    return -distance <= _MOST_DIGITS and number % (unit * 10**-distance) == 0


def _parts(number: Decimal) -> tuple[int | None, int]:
    """The digits as an integer, and the power of ten that they are multiplied with."""
    _, digits, exponent = number.as_tuple()
    if len(digits) > _MOST_DIGITS or not isinstance(exponent, int):
        return None, 0
    return int(Decimal((0, digits, 0))), exponent
