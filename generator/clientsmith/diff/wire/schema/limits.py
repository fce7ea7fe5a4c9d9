"""Bounds of all kinds in a form in which they compare exactly: fractions for numbers, whole numbers for counts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import cast

from clientsmith.diff.wire.schema.model import Limit
from clientsmith.document.model import JSON, Node
from clientsmith.json_values.codec import Value, equality_key
from clientsmith.json_values.decimals import EXACT, exact, normalized
from clientsmith.jsonschema.bounds import COUNTS, LENGTHS, SIZES, Bounds
from clientsmith.jsonschema.keywords import exact_value
from clientsmith.jsonschema.pattern_syntax import searches

LOWER = frozenset({"minimum", "minLength", "minItems", "minProperties", "minContains", "uniqueItems"})
"""Limits of which a greater one allows less."""
_COUNTED = {"string": LENGTHS, "array": COUNTS, "object": SIZES}


def is_tighter(keyword: str, limit: Limit | None, other: Limit | None) -> bool | None:
    """Whether a limit allows less than another one, None being no limit; None if each allows what the other forbids."""
    if limit is None or other is None:
        return other is None
    if keyword == "multipleOf" and isinstance(limit, Fraction) and isinstance(other, Fraction):
        is_multiple, is_divisor = (limit / other).denominator == 1, (other / limit).denominator == 1
        return True if is_multiple else False if is_divisor else None
    one, another = (each if isinstance(each, tuple) else (each, 0) for each in (limit, other))
    return one > another if keyword in LOWER else one < another


def is_contradiction(limits: Mapping[str, Limit]) -> bool:
    """Whether no value keeps a lower and an upper bound."""
    for lower, upper in (("minimum", "maximum"), LENGTHS, COUNTS, SIZES):
        least, most = limits.get(lower), limits.get(upper)
        if isinstance(least, int) and isinstance(most, int) and least > most:
            return True
        if (
            isinstance(least, tuple)
            and isinstance(most, tuple)
            and (least[0], least[1] - most[1]) > (most[0], 0)
        ):
            return True
    return False


def combined(limits: Mapping[str, Limit], others: Mapping[str, Limit]) -> dict[str, Limit]:
    """The limits of values that keep both."""
    both = {**limits, **others}
    for keyword in limits.keys() & others.keys():
        if is_tighter(keyword, limits[keyword], others[keyword]):
            both[keyword] = limits[keyword]
    least, most = both.get("minimum"), both.get("maximum")
    if both.get("multipleOf") == 1:
        both |= {} if not isinstance(least, tuple) else {"minimum": _whole(least, math.ceil, 1)}
        both |= {} if not isinstance(most, tuple) else {"maximum": _whole(most, math.floor, -1)}
    return both


def _whole(
    bound: tuple[Fraction, int], rounded: Callable[[Fraction], int], step: int
) -> tuple[Fraction, int]:
    """The first whole number that a bound allows."""
    number = Fraction(rounded(bound[0]))
    return (number + step if bound[1] and number == bound[0] else number), 0


def limits_of(kind: str, nodes: Iterable[Node], *, is_whole: bool = False) -> dict[str, Limit]:
    """What schema objects say together about the size of a value of a JSON type; what says nothing is left out."""
    nodes = tuple(nodes)
    bounds = Bounds()
    for node in nodes:
        bounds.merge(node.mapping)
    if kind == "number":
        return _of_numbers(bounds, is_whole=is_whole)
    limits: dict[str, Limit] = {}
    for keyword in _COUNTED.get(kind, ()):
        count = bounds.count(keyword)
        if count is not None and (count or keyword not in LOWER):
            limits[keyword] = count
    if kind == "array" and any(node.mapping.get("uniqueItems") is True for node in nodes):
        limits["uniqueItems"] = 1
    return limits


def _of_numbers(bounds: Bounds, *, is_whole: bool) -> dict[str, Limit]:
    stated = bounds.number("multipleOf")
    step = None if stated is None else Fraction(exact(stated))
    if is_whole:
        step = Fraction(1) if step is None else _common_multiple(step)
    limits: dict[str, Limit] = {} if step is None else {"multipleOf": step}
    is_whole = step is not None and step.denominator == 1
    for keyword, exclusive, sign in (("minimum", "exclusiveMinimum", 1), ("maximum", "exclusiveMaximum", -1)):
        known = [
            (sign * Fraction(exact(bound)), is_open)
            for bound, is_open in ((bounds.number(keyword), 0), (bounds.number(exclusive), 1))
            if bound is not None
        ]
        if known:
            least, is_open = max(known)
            if is_whole:
                least, is_open = Fraction(math.floor(least) + 1 if is_open else math.ceil(least)), 0
            limits[keyword] = (least, is_open) if sign > 0 else (-least, -is_open)
    return limits


def _common_multiple(step: Fraction) -> Fraction:
    """The smallest whole number that is a multiple of a step."""
    return Fraction(step.numerator)


def fits(kind: str, value: JSON, limits: Mapping[str, Limit], patterns: Iterable[str] = ()) -> bool:
    """Whether a value keeps the limits and patterns; a pattern that cannot be read refuses nothing."""
    if kind == "number" and isinstance(value, int | float | Decimal):
        number = Fraction(exact(value))
        step, least, most = (limits.get(one) for one in ("multipleOf", "minimum", "maximum"))
        return not (
            (isinstance(step, Fraction) and (number / step).denominator != 1)
            or (least is not None and is_tighter("minimum", least, (number, 0)) is True)
            or (most is not None and is_tighter("maximum", most, (number, 0)) is True)
        )
    if kind not in _COUNTED or not isinstance(value, str | list | dict):
        return True
    least, most = map(limits.get, _COUNTED[kind])
    return (
        not (isinstance(least, int) and len(value) < least)
        and not (isinstance(most, int) and len(value) > most)
        and not (isinstance(value, list) and "uniqueItems" in limits and _repeats(value))
        and not (isinstance(value, str) and any(searches(pattern, value) is False for pattern in patterns))
    )


def _repeats(items: list[JSON]) -> bool:
    keys = [equality_key(cast("Value", exact_value(item))) for item in items]
    return len(set(keys)) < len(keys)


def shown(keyword: str, limit: Limit | None) -> str:
    """A limit as a reader knows it."""
    if limit is None:
        return "none"
    if keyword == "uniqueItems":
        return "true"
    if isinstance(limit, tuple):
        return f"{_number(limit[0])}{' (exclusive)' if limit[1] else ''}"
    return _number(limit)


def _number(number: int | Fraction) -> str:
    if number.denominator == 1:
        return str(int(number))
    return format(normalized(EXACT.divide(Decimal(number.numerator), Decimal(number.denominator))), "f")
