"""What counts as the same value on its way between a document, Python and the wire."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from clientsmith.json_values import codec
from clientsmith.json_values.codec import Value
from clientsmith.json_values.decimals import normalized


def same(expected: object, got: object) -> bool:
    """Equal as JSON: numbers by value, a float as the double nearest to what was expected, 1 and true apart."""
    if isinstance(expected, dict) and isinstance(got, dict):
        one, other = cast("dict[str, object]", expected), cast("dict[str, object]", got)
        return one.keys() == other.keys() and all(same(item, other[key]) for key, item in one.items())
    if isinstance(expected, list) and isinstance(got, list | tuple):
        left, right = cast("list[object]", expected), cast("list[object]", got)
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(expected, bool) or isinstance(got, bool) or expected is None or got is None:
        return expected is got
    if isinstance(expected, int | float | Decimal) and isinstance(got, int | float | Decimal):
        return float(expected) == got if isinstance(got, float) else expected == got
    if isinstance(expected, str) and isinstance(got, bytes):
        return expected.encode() == got
    return isinstance(expected, str | bytes) and isinstance(got, str | bytes) and expected == got


def alike(expected: Value, got: Value) -> bool:
    """The same as far as text can tell: forms, paths and headers have no types, no null and nothing empty."""
    return same(expected, got) or _text(expected) == _text(got)


def _text(value: Value) -> object:
    if isinstance(value, dict):
        found = {key: _text(item) for key, item in value.items()}
        return {key: item for key, item in found.items() if item not in ("", (), {})} or ""
    if isinstance(value, list):
        items = tuple(_text(item) for item in value)
        return "" if not items else items[0] if len(items) == 1 else items
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        return format(normalized(number), "f") if abs(number.adjusted()) < 400 else str(number)
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return _as_number(text)


def _as_number(text: str) -> object:
    if text[:1] in "{[" and text[:1]:
        try:
            return _text(codec.read(text))
        except codec.JsonError:
            return text
    try:
        number = Decimal(text)
    except ArithmeticError:
        return text
    return format(normalized(number), "f") if number.is_finite() and abs(number.adjusted()) < 400 else text
