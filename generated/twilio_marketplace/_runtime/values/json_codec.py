# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""JSON text to Python values and back without losing a digit: numbers with a fraction are Decimal in both directions.

Nothing here knows of HTTP, models or schemas.
"""

from __future__ import annotations

import base64
import codecs
import enum
import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface
from itertools import accumulate, repeat
from json import JSONDecoder
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any, Final, NoReturn
from uuid import UUID

from .exact_numbers import ReadFloat
from .shapes import is_mapping

DEPTH: Final = 200
"""Levels of nesting that are read unless a client says otherwise."""
_STRING: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
_TOKEN: Final = re.compile(rf"{_STRING.pattern}|\[\]|{{}}|[\[\]{{}},:]", re.DOTALL)
_MINUTE: Final = timedelta(minutes=1)
_STEPS: Final = {"[": 1, "{": 1, "]": -1, "}": -1}
_PLAIN_EXPONENT: Final = 400
"""Beyond it a Decimal is written with an exponent, so that `Decimal("1E+999999")` does not become a megabyte."""


class JsonError(ValueError):
    """Text that is not JSON, or a value that JSON cannot hold; internal, never leaves a call."""


def _refuse_constant(token: str) -> NoReturn:
    raise JsonError(f"{token} is not JSON")


_DECODER: Final = JSONDecoder(parse_float=Decimal, parse_constant=_refuse_constant)


def parse(content: bytes, charset: str = "utf-8", depth: int = DEPTH) -> Any:
    """The value of a JSON text (RFC 8259), nested at most `depth` levels; of a repeated key the last value counts.

    Raises `JsonError`.
    """
    try:
        if content.startswith(codecs.BOM_UTF8):
            content = content[3:]
        text = content.decode(charset)
        if text.count("[") + text.count("{") > depth and _depth(text) > depth:
            raise JsonError(f"nested more than {depth} levels deep")
        return _DECODER.decode(text)
    except JsonError:
        raise
    except RecursionError:
        raise JsonError("nested too deeply") from None
    except (ValueError, LookupError, ArithmeticError) as error:
        # ValueError covers UnicodeDecodeError, JSONDecodeError and integers beyond Python's digit limit.
        raise JsonError(_reason(error)) from None


def _depth(text: str) -> int:
    """How deep the brackets of a JSON text nest, strings left out; for what is not JSON, some number."""
    steps = map(_STEPS.get, _STRING.sub("", text), repeat(0))
    return max(accumulate(steps), default=0)


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"not {error.encoding} text (byte {error.start})"
    return str(error) or type(error).__name__


def decimal_token(value: Decimal) -> str:
    """The digits of a finite Decimal as a number token: all of them, trailing zeros included."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise JsonError(f"{value} is not a JSON number")
    return format(value, "f") if -_PLAIN_EXPONENT <= exponent <= _PLAIN_EXPONENT else str(value)


def write(value: Any, *, ascii_only: bool = False) -> str:
    """Compact JSON text of plain values; Decimal becomes a number token. Raises `JsonError`.

    A lone surrogate is found when the text is encoded, or here if it has to be ASCII (UnicodeEncodeError).
    """
    out: list[str] = []
    try:
        _write(value, out.append, _ascii_string if ascii_only else encode_basestring)
    except RecursionError:
        raise JsonError("nested too deeply, or contains itself") from None
    return "".join(out)


def indented(text: str, spaces: int) -> str:
    """The text of `write` over several lines."""
    level = 0

    def lines(found: re.Match[str]) -> str:
        nonlocal level
        token = found[0]
        if token == ":":
            return ": "
        level += _STEPS.get(token, 0)
        line = "\n" + " " * (spaces * level)
        return line + token if token in ("]", "}") else token + line if token in ("[", "{", ",") else token

    return _TOKEN.sub(lines, text)


def write_bytes(value: Any) -> bytes:
    """`write` as UTF-8."""
    try:
        return write(value).encode()
    except UnicodeEncodeError:
        raise JsonError("text with a lone surrogate cannot be written as UTF-8") from None


def _ascii_string(text: str) -> str:
    """A string in ASCII. Raises UnicodeEncodeError for a lone surrogate, which an escape would let through."""
    text.encode()
    return encode_basestring_ascii(text)


def _write(value: Any, out: Callable[[str], None], quote: Callable[[str], str]) -> None:
    kind = value.__class__
    if kind is str:
        out(quote(value))
    elif kind is dict:
        _write_object(value, out, quote)
    elif kind is list or kind is tuple:
        _write_array(value, out, quote)
    elif kind is Decimal:
        out(decimal_token(value))
    elif value is None:
        out("null")
    elif kind is bool:
        out("true" if value else "false")
    elif kind is int:
        out(_integer_token(value))
    elif kind is float:
        out(_float_token(value))
    else:
        _write(_simplify(value), out, quote)


def _write_object(value: dict[Any, Any], out: Callable[[str], None], quote: Callable[[str], str]) -> None:
    separator = "{"
    for key, item in value.items():
        out(separator)
        out(quote(key if type(key) is str else key_text(key)))
        out(":")
        _write(item, out, quote)
        separator = ","
    out("}" if separator == "," else "{}")


def _write_array(
    value: list[Any] | tuple[Any, ...], out: Callable[[str], None], quote: Callable[[str], str]
) -> None:
    separator = "["
    for item in value:
        out(separator)
        _write(item, out, quote)
        separator = ","
    out("]" if separator == "," else "[]")


def _integer_token(value: int) -> str:
    try:
        return int.__repr__(value)
    except ValueError:
        raise JsonError("an integer has more digits than Python writes") from None


def _float_token(value: float) -> str:
    if not math.isfinite(value):
        raise JsonError(f"{value} is not a JSON number")
    return float.__repr__(value)


def _simplify(value: Any) -> Any:
    """One step from a richer Python value towards JSON."""
    if isinstance(value, enum.Enum):
        return value.value
    if is_mapping(value):
        return dict(value)
    if isinstance(value, (datetime, date)):
        return _moment(value)
    if (text := object_text(value)) is not None:
        return text
    if isinstance(value, (bytes, bytearray, memoryview)):
        raise JsonError("bytes cannot be sent here; pass text, such as their base64")
    plain = base_value(value)
    if type(plain) is type(value):
        raise JsonError(f"a {type(value).__name__} has no JSON form")
    return plain


def base_value(value: Any) -> Any:
    """The text or the number in an instance of a subclass, whatever its methods say; other values as they are."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int.__int__(value)
    if isinstance(value, ReadFloat):
        return value.digits
    if isinstance(value, float):
        return float.__float__(value)
    return Decimal(value) if isinstance(value, Decimal) else value


def key_text(key: Any) -> str:
    """The name of a member of an object. Raises `JsonError` for what is not a str: 1 and "1" may both be keys."""
    if not isinstance(key, str):
        raise JsonError(f"has a key of type {type(key).__name__}; keys have to be str")
    return str.__str__(key)


class ObjectText(str):
    """The text of an object, and the name of its class, by which strings with a format refuse what is not theirs."""

    kind: str = ""


BYTES: Final = "bytes"
"""The `kind` of bytes in base64."""


def base64_text(content: bytes) -> ObjectText:
    """Bytes in base64 (RFC 4648 section 4), by whose `kind` a check sees what they are."""
    text = ObjectText(base64.b64encode(content).decode("ascii"))
    text.kind = BYTES
    return text


def object_text(value: Any) -> ObjectText | None:
    """The text that an object such as a UUID is sent as, None for other values. Raises `JsonError` if it has none."""
    # Interfaces pass for addresses, and their text is a network's.
    kinds = () if isinstance(value, (IPv4Interface, IPv6Interface)) else _WRITERS.items()
    for base, (kind, write) in kinds:
        if isinstance(value, base):
            text = ObjectText(write(value))
            text.kind = kind
            return text
    return None


def _moment(value: date | time) -> str:
    if isinstance(value, (datetime, time)):
        offset = value.utcoffset()
        if offset is None:
            kind = "date-time" if isinstance(value, datetime) else "time"
            raise JsonError(f"a {kind} has to have an offset from UTC (RFC 3339 section 5.6)")
        if offset % _MINUTE:
            raise JsonError("an offset from UTC has no seconds (RFC 3339 section 5.6)")
    return value.isoformat()


def _duration(value: timedelta) -> str:
    """As RFC 3339, appendix A, has it: no sign, no fraction, and minutes between hours and seconds even if 0."""
    if value < timedelta(0) or value.microseconds:
        raise JsonError("a duration has to be a whole number of seconds, 0 or more (RFC 3339, appendix A)")
    counts = ((value.seconds // 3600, "H"), (value.seconds // 60 % 60, "M"), (value.seconds % 60, "S"))
    used = [place for place, (count, _) in enumerate(counts) if count] or ([] if value.days else [2])
    clock = "".join(f"{count}{unit}" for count, unit in counts[used[0] : used[-1] + 1]) if used else ""
    return f"P{f'{value.days}D' if value.days else ''}{f'T{clock}' if clock else ''}"


_WRITERS: Final[Mapping[type, tuple[str, Callable[[Any], str]]]] = {
    UUID: ("UUID", str),
    IPv4Address: ("IPv4Address", str),
    IPv6Address: ("IPv6Address", str),
    time: ("time", _moment),
    timedelta: ("timedelta", _duration),
}


def scalar_text(value: Any) -> str:
    """A scalar as it stands in a URL, a header or a form field. Raises `JsonError` for anything else."""
    kind = value.__class__
    if kind is str:
        return str(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return _integer_token(value)
    if kind is Decimal:
        return decimal_token(value)
    if kind is float:
        return _float_token(value)
    if value is None:
        return ""
    return scalar_text(_simplify(value))
