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
from typing import Any, Final

from .shapes import is_array, is_object, is_tuple

_MOST_DIGITS: Final = 4300
"""As many as Python reads in an integer; a fraction with more is not divided."""


def exact(value: float | Decimal) -> int | Decimal:
    """The number that the token of a value says: 0.1 for the float 0.1, although no float is that number."""
    return Decimal(float.__repr__(value)) if isinstance(value, float) else value


class ReadFloat(float):
    """A float that knows the digits it was read from: 1.10 is not sent back as 1.1."""

    __slots__ = ("digits",)
    digits: Decimal

    def __new__(cls, digits: Decimal) -> ReadFloat:
        made = super().__new__(cls, digits)
        made.digits = digits
        return made

    def __reduce__(self) -> tuple[type[ReadFloat], tuple[Decimal]]:
        return ReadFloat, (self.digits,)


def as_float(number: Decimal) -> float | Decimal:
    """The float that is written as the same number, if there is one; else the Decimal itself."""
    double = float(number)
    written = float.__repr__(double)
    if Decimal(written) != number:
        return number
    return double if written == f"{number:f}" else ReadFloat(number)


def with_floats(value: Any) -> Any:
    """A copy of a JSON value in which every Decimal is a float, if a float is that number."""
    whole: Any = [value]
    pending: list[Any] = [whole]
    while pending:
        holder = pending.pop()
        entries: Any = holder.items() if is_object(holder) else enumerate(holder)
        for key, inner in entries:
            if isinstance(inner, Decimal):
                holder[key] = as_float(inner)
            elif is_object(inner) or is_array(inner):
                holder[key] = copy = inner.copy()
                pending.append(copy)
    return whole[0]


def holds_digits(value: Any) -> bool:
    """Whether a plain value holds a number that is written by its own digits."""
    pending = [value]
    while pending:
        inner = pending.pop()
        if isinstance(inner, (Decimal, ReadFloat)):
            return True
        if is_object(inner):
            pending += inner.values()
        elif is_array(inner) or is_tuple(inner):
            pending += inner
    return False


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
