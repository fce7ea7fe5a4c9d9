"""JSON read and written without loss: numbers as int or Decimal, digit by digit; no schemas here."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable
from decimal import Decimal
from itertools import islice
from typing import TypeAlias

Value: TypeAlias = "bool | int | float | str | bytes | Decimal | list[Value] | dict[str, Value] | None"
"""A decoded value; bytes occur in multipart forms and binary bodies only."""

MAX_DEPTH = 200
MAX_EXPONENT = 5_000
"""Of ten; a larger one makes a few bytes expensive to compare."""

MAX_DIGITS = 4_300
"""Of a number that is not an integer; for integers Python has the same limit of its own."""


class JsonError(ValueError):
    """A text is not JSON, or deeper or with longer numbers than is read."""


_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def _constant(text: str) -> float:
    raise JsonError(f"{text} is not JSON")


def _decimal(text: str) -> Decimal:
    if len(text) > MAX_DIGITS:
        raise JsonError("a number in this has too many digits")
    number = Decimal(text)
    if abs(number.adjusted()) > MAX_EXPONENT:
        raise JsonError(f"the number {text:.40} is out of every range")
    return number


_DECODER = json.JSONDecoder(parse_float=_decimal, parse_constant=_constant)


def read(data: bytes | str) -> Value:
    """The value of a JSON text; raises JsonError."""
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
        value: Value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        reason = f"{error.msg[:1].lower()}{error.msg[1:]}"
        raise JsonError(f"this is not JSON: {reason} (line {error.lineno}, column {error.colno})") from None
    except UnicodeDecodeError as error:
        raise JsonError(f"this is not JSON: byte {error.start} is not UTF-8") from None
    except RecursionError:
        raise JsonError("this nests too deep") from None
    except ArithmeticError:
        raise JsonError("a number in this is out of every range") from None
    except JsonError:
        raise
    except ValueError:
        raise JsonError("an integer in this has too many digits") from None
    if _is_deeper(value, MAX_DEPTH):
        raise JsonError("this nests too deep")
    if _SURROGATE.search(text) and not _is_text(value):
        raise JsonError("a \\u escape in this is half of a pair and stands for no character")
    return value


def _is_text(value: Value) -> bool:
    try:
        write(value).encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_deeper(value: Value, limit: int) -> bool:
    level: list[Value] = [value] if isinstance(value, dict | list) else []
    for _ in range(limit):
        if not level:
            return False
        level = [
            inner
            for outer in level
            for inner in (
                outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ()
            )
            if isinstance(inner, dict | list)
        ]
    return bool(level)


def write(value: Value) -> str:
    """Compact JSON text; numbers keep their digits, members their order."""
    if isinstance(value, dict):
        members = (f"{json.dumps(key, ensure_ascii=False)}:{write(item)}" for key, item in value.items())
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(write(item) for item in value) + "]"
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return json.dumps(value.decode("utf-8", "replace"), ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False)


def write_beginning(value: Value, length: int) -> str:
    """At least so many characters of what `write` gives, all of it if it is shorter; no more is written than needed."""
    written: list[str] = []
    missing = length
    waiting: list[str | tuple[Value]] = [(value,)]
    while waiting and missing > 0:
        piece = waiting.pop()
        if isinstance(piece, tuple):
            piece = _opened(piece[0], waiting, length)
        written.append(piece)
        missing -= len(piece)
    return "".join(written)


def _opened(value: Value, waiting: list[str | tuple[Value]], length: int) -> str:
    """The text of a scalar or the bracket of a container, whose items are put on `waiting`, last ones first."""
    if isinstance(value, dict):
        waiting.append("}")
        for number, (key, item) in reversed([*enumerate(islice(value.items(), length))]):
            waiting += ((item,), f"{',' if number else ''}{json.dumps(key[:length], ensure_ascii=False)}:")
        return "{"
    if isinstance(value, list):
        waiting.append("]")
        for number, item in reversed([*enumerate(value[:length])]):
            waiting += ((item,), "," if number else "")
        return "["
    return write(value[:length] if isinstance(value, str | bytes) else value)


def equality_key(value: Value) -> Hashable:
    """Equal for equal values: numbers by value whatever their digits, objects without the order of their keys."""
    if isinstance(value, dict):
        return "{", frozenset([(key, equality_key(item)) for key, item in value.items()])
    if isinstance(value, list):
        return "[", tuple([equality_key(item) for item in value])
    # True equals 1 in Python and not in JSON.
    return ("?", value) if isinstance(value, bool) else value
