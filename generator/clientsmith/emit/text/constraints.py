"""Constraints as keyword arguments of `pydantic.Field`: numbers from the document's own tokens, never through float.

Which values a type may hold is decided in `api`; this module only writes it down.
"""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from clientsmith.api.model.types import Constraints
from clientsmith.emit.text.imports import Imports
from clientsmith.emit.text.literals import string

_NUMERIC = ("int", "Decimal", "ExactNumber")

# Beyond any number that a bound is meant to exclude; a literal of that many digits would only cost time.
_LARGEST_EXPONENT = 400


def field_arguments(constraints: Constraints, base: str, imports: Imports) -> list[str]:
    """The arguments that hold for a base type ("str", "int", "ExactNumber", "list", "" if unknown)."""
    found = _bounds(constraints, base, imports) if base in _NUMERIC else []
    minimum, maximum = _lengths(constraints, base)
    if minimum is not None:
        found.append(f"min_length={minimum}")
    if maximum is not None:
        found.append(f"max_length={maximum}")
    if constraints.pattern is not None and base == "str":
        found.append(f"pattern={string(constraints.pattern)}")
    return found


def _lengths(constraints: Constraints, base: str) -> tuple[int | None, int | None]:
    if base in ("str", "bytes"):
        return constraints.min_length, constraints.max_length
    if base == "list":
        return constraints.min_items, constraints.max_items
    return None, None


def _bounds(constraints: Constraints, base: str, imports: Imports) -> list[str]:
    tokens = {
        "ge": constraints.minimum,
        "gt": constraints.exclusive_minimum,
        "le": constraints.maximum,
        "lt": constraints.exclusive_maximum,
        "multiple_of": constraints.multiple_of,
    }
    found: list[str] = []
    for keyword, token in tokens.items():
        number = _number(token) if token is not None else None
        if number is not None:
            found.append(f"{keyword}={_literal(keyword, number, base, imports)}")
    return found


def _number(token: str) -> Decimal | None:
    try:
        number = Decimal(token)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= _LARGEST_EXPONENT else None


def _literal(keyword: str, number: Decimal, base: str, imports: Imports) -> str:
    if base == "int":
        return str(whole(keyword, number))
    if number == number.to_integral_value() and abs(number.adjusted()) < 20:
        return str(int(number))
    if keyword == "multiple_of" and Decimal(repr(float(number))) == number:
        return repr(float(number))  # type checkers know no other type, and it is read by its digits
    return f'{imports.symbol("decimal", "Decimal")}("{number}")'


def whole(keyword: str, number: Decimal) -> int:
    """The whole number that says the same of whole numbers, as an argument of `Field`: `ge=0.5` is `ge=1`."""
    if keyword == "multiple_of":
        return Fraction(number).numerator
    return math.ceil(number) if keyword in ("ge", "lt") else math.floor(number)
