"""What a plain YAML scalar means under the YAML 1.2 core schema (section 10.3.2); no parsing of structure."""

from __future__ import annotations

import math
import re
from decimal import Decimal, InvalidOperation

from clientsmith.json_values.decimals import shortest

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUES = frozenset({"true", "True", "TRUE"})
_FALSES = frozenset({"false", "False", "FALSE"})
_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_OCTAL = re.compile(r"0o[0-7]+\Z")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")
_FIRST = frozenset("~nNtTfF-+.0123456789")

_TOO_LONG = 10**4300
"""The first integer that Python does not write in decimal digits (`sys.int_info.default_max_str_digits`)."""

_SURELY_EXACT, _SMALLEST = 16, 1e-290
"""A text shorter than this, of a number larger than that, has at most 15 digits, which every float keeps."""
_MOST_DIGITS = 4300
_FARTHEST = 1000
"""The largest power of ten, and the smallest, of a number that no float has the digits of."""

Scalar = bool | int | float | Decimal | str | None


class NumberError(ValueError):
    """A number that JSON cannot hold: not finite, or with too many digits."""


def resolve_plain(text: str) -> Scalar:
    """The value of an unquoted scalar; raises NumberError.

    Words and forms that only YAML 1.1 knew (`yes`, `on`, `0b1`, `1_000`, `1:30`, dates) are strings.
    """
    if not text:
        return None
    if text[0] not in _FIRST:
        return text
    if text in _NULLS:
        return None
    if text in _TRUES:
        return True
    if text in _FALSES:
        return False
    return _number(text) if text[0] not in "nNtTfF~" else text


def _number(text: str) -> Scalar:
    if _INTEGER.match(text):
        return integer(text)
    if _OCTAL.match(text):
        return _radix(text, 8)
    if _HEXADECIMAL.match(text):
        return _radix(text, 16)
    if _FLOAT.match(text):
        return finite(text)
    if _NOT_FINITE.match(text):
        raise NumberError(f"{text} is not a number that JSON can hold")
    return text


def _radix(text: str, base: int) -> int:
    value = int(text[2:], base)
    if value >= _TOO_LONG:
        raise NumberError(f"an integer of {len(text) - 2} digits is too long")
    return value


def integer(text: str) -> int:
    """An integer from its decimal digits; raises NumberError beyond Python's limit of digits."""
    try:
        return int(text)
    except ValueError as error:
        raise NumberError(f"an integer of {len(text)} digits is too long") from error


def finite(text: str) -> float | Decimal:
    """A number from its digits: a float if one has them, else a Decimal. Raises NumberError for one out of range."""
    value = float(text)
    if math.isinf(value):
        raise NumberError(f"{text[:40]} is too large for a number")
    if len(text) < _SURELY_EXACT and abs(value) > _SMALLEST:
        return value
    if len(text) > _MOST_DIGITS:
        raise NumberError(f"a number of {len(text)} characters is too long")
    try:
        number = Decimal(text)
    except InvalidOperation:  # An exponent beyond those that Decimal has; those that are too large are above.
        number = None
    if number is None or (number and abs(number.adjusted()) > _FARTHEST):
        raise NumberError(f"{text[:40]} is too small for a number")
    return shortest(number)
