"""Values to try for a schema, one kind at a time: those the document states, and the plainest within the limits."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import cast

from clientsmith.document.model import Node
from clientsmith.json_values.codec import Value
from clientsmith.json_values.decimals import EXACT
from clientsmith.jsonschema import pattern_samples
from clientsmith.jsonschema.bounds import LENGTHS, NUMERIC, Bounds
from clientsmith.jsonschema.keywords import exact_value, stated_types
from clientsmith.jsonschema.shape import Shape

_MAX_LENGTH = 100_000
_FORMATS = {
    "date": "1970-01-01",
    "date-time": "1970-01-01T00:00:00Z",
    "time": "00:00:00Z",
    "duration": "P1D",
    "email": "someone@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "uri-reference": "https://example.com/",
    "url": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "byte": "AA==",
    "base64": "AA==",
    "json-pointer": "/a",
    "regex": "a",
    "decimal": "1",
}


def stated(parts: list[Node]) -> Iterator[Value]:
    """The values that the document itself gives, by how much they say."""
    for part in parts:
        examples = part.mapping.get("examples")
        listed = examples if isinstance(examples, list) else []
        for key in ("const", "example"):
            if key in part.mapping:
                listed = [*listed, part.mapping[key]]
        yield from (cast("Value", exact_value(value)) for value in listed[:5])
    for part in parts:
        if "default" in part.mapping:
            yield cast("Value", exact_value(part.mapping["default"]))
        members = part.mapping.get("enum")
        yield from (
            cast("Value", exact_value(value))
            for value in (members if isinstance(members, list) else [])[:200]
        )


def kinds(shape: Shape, parts: list[Node]) -> list[str]:
    """The types of a schema in the order of its parts, null last; without any all of them, the likely ones first."""
    null = ["null"] if shape.nullable else []
    if shape.types is not None:
        in_order = dict.fromkeys(name for part in parts for name in stated_types(part))
        return [*(name for name in in_order if name in shape.types), *null]
    likely = sorted(shape.implied, reverse=True)
    if shape.patterns or shape.format or any(key in shape.bounds for key in LENGTHS):
        likely.append("string")
    if any(key in shape.bounds for key in NUMERIC):
        likely.append("number")
    return [*dict.fromkeys((*likely, "object", "string", "array", "number")), *null]


def strings(shape: Shape) -> Iterator[Value]:
    """StyleDecoder: of the pattern, of the format, and of the right length."""
    shortest = min(shape.bounds.count("minLength") or 0, _MAX_LENGTH)
    longest = shape.bounds.count("maxLength")
    for pattern in shape.patterns:
        yield from pattern_samples.examples(str(pattern.value), shortest)
    known = _FORMATS.get(shape.format or "")
    if known is not None:
        yield known
    yield "string".ljust(shortest, "x")[: _MAX_LENGTH if longest is None else longest]


def numbers(bounds: Bounds) -> Iterator[int | Decimal]:
    """Numbers around the limits, and between them."""
    limits = [Decimal(str(one)) for key in NUMERIC if (one := bounds.number(key)) is not None]
    yield from (0, 1)
    multiples = [limit for limit in limits if limit > 0]
    for limit in limits:
        for step in (Decimal(0), Decimal(1), Decimal(-1), Decimal("0.001"), Decimal("-0.001")):
            yield _plain(EXACT.add(limit, step))
        yield from (_plain(_next_multiple(limit, step)) for step in multiples)
        yield from (_plain(EXACT.multiply(limit, Decimal(factor))) for factor in (2, 10))
    for low in limits:
        yield from (_plain(EXACT.divide(EXACT.add(low, high), Decimal(2))) for high in limits)


def _next_multiple(limit: Decimal, step: Decimal) -> Decimal:
    try:
        return EXACT.multiply(EXACT.add(EXACT.divide_int(limit, step), Decimal(1)), step)
    except ArithmeticError:  # the quotient has more digits than a Decimal
        return limit


def _plain(number: Decimal) -> int | Decimal:
    return int(number) if number == number.to_integral_value() and abs(number) < 10**30 else number


def varied(value: Value, number: int) -> Value:
    """Another value of the same kind, for arrays that hold nothing twice."""
    if isinstance(value, bool) or number == 0:
        return value
    if isinstance(value, int):
        return value + number
    if isinstance(value, str):
        return (
            f"{value[: -len(str(number))]}{number}" if len(value) > len(str(number)) else f"{value}{number}"
        )
    if isinstance(value, dict):
        return {key: varied(item, number) for key, item in value.items()}
    return value
