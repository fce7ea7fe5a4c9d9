"""Lists and maps of many members in one place, values that are large, and bounds out of all proportion."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from hostile_base import JSON, document


def _object(name: str, **more: Any) -> JSON:
    return {"type": "object", "properties": {name: {"type": "string", **more}}}


def _inline(keyword: str, *, title: bool, tags: bool, shared: bool) -> Callable[[Random, int], JSON]:
    def made(draw: Random, size: int) -> JSON:
        members: list[JSON] = []
        for number in range(size):
            name = "same" if shared else f"p{number}"
            members.append(
                _object(name, **({"enum": [f"v{number}"]} if tags else {}))
                | ({"title": "Same"} if title else {})
            )
            if tags:
                members[-1]["required"] = [name]
        return document({keyword: members}, example={"p0": "x"})

    return made


def _values(draw: Random, size: int) -> JSON:
    nested: Any = 0
    for number in range(min(size, 100)):
        nested = draw.choice(({"k": nested}, [nested, number]))
    wide: Any = [{f"k{n}": n} for n in range(size)]
    keyword = draw.choice(("enum", "const", "default", "example", "examples"))
    value = draw.choice((nested, wide))
    parts = [
        {keyword: [value, wide, 1] if keyword in ("enum", "examples") else value}
        for _ in range(draw.randint(1, 4))
    ]
    return document({"allOf": parts})


def _enum(draw: Random, size: int) -> JSON:
    values: list[Any] = draw.choice(
        (
            [f"v{n}" for n in range(size * 4)],
            list(range(size * 4)),
            [n * 1.5 for n in range(size * 4)],
            [{"k": n} for n in range(size)],
        )
    )
    parts = [{"enum": values}] * draw.randint(1, 3)
    parameter = {"name": "q", "in": "query", "required": True, "schema": {"enum": values}}
    return document(
        {
            "type": "object",
            "properties": {"e": {"allOf": parts}, "l": {"type": "array", "items": {"enum": values}}},
        },
        parameters=[parameter],
    )


_LARGE = (10**9, 10**18, 10**30, 10**300, 1e300, 1e-300, 5e-324, 99999, 3)


def _bounds(draw: Random, size: int) -> JSON:
    def one() -> JSON:
        kind = draw.choice(("string", "array", "object", "integer", "number"))
        keywords = {
            "string": ("minLength", "maxLength"), "array": ("minItems", "maxItems", "minContains"),
            "object": ("minProperties", "maxProperties"),
            "integer": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
            "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        }[kind]  # fmt: skip
        counts = kind in ("string", "array", "object")
        chosen = draw.sample(keywords, draw.randint(1, len(keywords)))
        more = (
            {"items": {"type": "string", "minLength": 50_000}, "uniqueItems": draw.random() < 0.3}
            if kind == "array"
            else {}
        )
        return {
            "type": kind,
            **{key: draw.choice(_LARGE[:4] if counts else _LARGE) for key in chosen},
            **more,
        }

    properties = {f"p{n}": one() for n in range(max(1, size // 8))}
    parameters = [{"name": f"q{n}", "in": "query", "required": True, "schema": one()} for n in range(4)]
    return document(
        {"type": "object", "properties": properties, "required": sorted(properties)}, parameters=parameters
    )


def _nested_counts(draw: Random, size: int) -> JSON:
    schema: JSON = {"type": "string", "minLength": draw.choice((10, 100_000))}
    for _ in range(draw.randint(2, 8)):
        schema = {"type": "array", "items": schema, "minItems": draw.choice((10, 100, 1000))}
    return document({"type": "object", "properties": {"p": schema}, "required": ["p"]})


def _text(draw: Random, size: int) -> JSON:
    description = document(_object("z"))
    operation = description["paths"]["/things"]["post"]
    text = draw.choice(
        (
            "word ",
            "a" * 80 + " ",
            "*a",
            "_a_ ",
            "[a](",
            "<b>",
            "|",
            "a\n\n",
            "- a\n",
            "&amp;",
            "#" * 7 + " ",
            "\\",
            "http://a ",
        )
    ) * (size * 4)
    operation["description"] = text
    description["info"]["description"] = text
    description["components"]["schemas"]["Root"]["description"] = text
    description["components"]["schemas"]["Root"]["properties"]["z"]["description"] = text
    if draw.random() < 0.3:
        description["info"]["title"] = "Aa" * size
    return description


WIDE: dict[str, Callable[[Random, int], JSON]] = {
    "inline-one": _inline("oneOf", title=False, tags=False, shared=False),
    "inline-any": _inline("anyOf", title=False, tags=False, shared=False),
    "inline-all": _inline("allOf", title=False, tags=False, shared=False),
    "inline-shared": _inline("oneOf", title=False, tags=False, shared=True),
    "inline-titled": _inline("oneOf", title=True, tags=False, shared=False),
    "inline-tagged": _inline("oneOf", title=False, tags=True, shared=True),
    "inline-tagged-apart": _inline("anyOf", title=True, tags=True, shared=False),
    "values": _values,
    "enum": _enum,
    "bounds": _bounds,
    "nested-counts": _nested_counts,
    "text": _text,
}
