"""Values to try for a schema, one kind at a time: those the document states, and the plainest within the limits."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import cast

from clientsmith.document.model import Node
from clientsmith.json_values.codec import Value
from clientsmith.jsonschema import pattern_samples
from clientsmith.jsonschema.dialect import exact

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
        yield from (cast("Value", exact(value)) for value in listed[:5])
    for part in parts:
        if "default" in part.mapping:
            yield cast("Value", exact(part.mapping["default"]))
        members = part.mapping.get("enum")
        yield from (
            cast("Value", exact(value)) for value in (members if isinstance(members, list) else [])[:200]
        )


def kinds(parts: list[Node]) -> list[str]:
    """The types that all parts allow, null last; guessed from the keywords where none is stated."""
    allowed: list[str] | None = None
    is_nullable = False
    for part in parts:
        stated = part.mapping.get("type")
        is_nullable = is_nullable or part.mapping.get("nullable") is True
        names = [name for name in (stated if isinstance(stated, list) else [stated]) if isinstance(name, str)]
        if names and allowed is None:
            allowed = names
        elif names and allowed is not None:
            allowed = [name for name in allowed if name in names or (name == "integer" and "number" in names)]
    if allowed is None:
        keys = {key for part in parts for key in part.mapping}
        guess = "array" if "items" in keys else "string" if keys & {"pattern", "format", "minLength"} else ""
        guess = "object" if keys & {"properties", "required", "additionalProperties"} else guess
        guess = guess or ("number" if keys & {"minimum", "maximum", "multipleOf"} else "object")
        allowed = [guess, "object", "string", "array", "number"]
    return [
        *(kind for kind in allowed if kind != "null"),
        *(["null"] if is_nullable or "null" in allowed else []),
    ]


def strings(parts: list[Node]) -> Iterator[Value]:
    """Texts: of the pattern, of the format, and of the right length."""
    shortest = max([0, *(count(part, "minLength") for part in parts)])
    longest = min([_MAX_LENGTH, *(count(part, "maxLength", _MAX_LENGTH) for part in parts)])
    for part in parts:
        pattern = part.mapping.get("pattern")
        if isinstance(pattern, str):
            for extra in dict.fromkeys((0, 1, shortest, max(shortest - 1, 0), 2, 3, 8)):
                try:
                    yield pattern_samples.example(pattern, extra)
                except pattern_samples.PatternError:
                    break
    for part in parts:
        known = _FORMATS.get(part.text("format"))
        if known is not None:
            yield known
    yield "string".ljust(min(shortest, _MAX_LENGTH), "x")[:longest]


def numbers(parts: list[Node]) -> Iterator[Value]:
    """Numbers around the limits, and between them."""
    limits: list[Decimal] = []
    for part in parts:
        for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"):
            stated = part.mapping.get(key)
            if isinstance(stated, int | float) and not isinstance(stated, bool):
                limits.append(Decimal(str(stated)))
    yield from (0, 1)
    multiples = [limit for limit in limits if limit > 0]
    for limit in limits:
        for step in (Decimal(0), Decimal(1), Decimal(-1), Decimal("0.001"), Decimal("-0.001")):
            yield _plain(limit + step)
        yield from (_plain((limit // step + 1) * step) for step in multiples)
        yield from (_plain(limit * factor) for factor in (2, 10))
    for low in limits:
        yield from (_plain((low + high) / 2) for high in limits)


def _plain(number: Decimal) -> Value:
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


def count(part: Node, key: str, default: int = 0) -> int:
    """A limit such as minItems; the default where there is none."""
    stated = part.mapping.get(key)
    return stated if isinstance(stated, int) and not isinstance(stated, bool) else default
