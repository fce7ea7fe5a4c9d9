"""Schemas that refer to each other so that a reader who follows every way walks for ever."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from hostile_base import JSON, document, reference

_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAPS = ("properties", "dependentSchemas", "patternProperties")
_IN_DAGS = ("if", "items", "not", "required", "additionalProperties")
_SINGLE = ("items", "additionalProperties", "not", "contains", "propertyNames", "unevaluatedProperties")


def _level(keyword: str, targets: list[Any]) -> JSON:
    if keyword in _LISTS:
        return {keyword: targets}
    if keyword in _MAPS:
        return {"type": "object", keyword: {f"k{number}": one for number, one in enumerate(targets)}}
    if keyword == "if":
        return {"if": targets[0], "then": targets[-1], "else": targets[0]}
    if keyword == "required":
        names = [f"k{number}" for number in range(len(targets))]
        return {"type": "object", "properties": dict(zip(names, targets, strict=True)), "required": names}
    return {keyword: targets[0], "allOf": targets[1:]} if len(targets) > 1 else {keyword: targets[0]}


def _dag(*keywords: str) -> Callable[[Random, int], JSON]:
    """Levels, each of which refers to the next one several times."""

    def made(draw: Random, size: int) -> JSON:
        levels = max(2, min(size, 150))
        schemas: JSON = {}
        for level in range(levels):
            targets = [reference(f"D{level + 1}") for _ in range(draw.randint(2, 3))]
            schemas[f"D{level}"] = _level(draw.choice(keywords), targets)
        schemas[f"D{levels}"] = {"type": "object", "properties": {"z": {"type": "string"}}}
        return document(reference("D0"), schemas, example={"z": "x"})

    return made


def _wide_dag(*keywords: str) -> Callable[[Random, int], JSON]:
    """Levels of several schemas, each of which refers to all of the next level."""

    def made(draw: Random, size: int) -> JSON:
        width, levels = draw.randint(2, 5), max(2, min(size // 8, 40))
        schemas: JSON = {}
        for level in range(levels):
            for number in range(width):
                targets = [reference(f"D{level + 1}x{other}") for other in range(width)]
                schemas[f"D{level}x{number}"] = _level(draw.choice(keywords), targets)
        for number in range(width):
            schemas[f"D{levels}x{number}"] = {
                "type": "object",
                "properties": {f"z{number}": {"type": "string"}},
            }
        return document(reference("D0x0"), schemas, example={"z0": "x"})

    return made


def _mesh(*keywords: str) -> Callable[[Random, int], JSON]:
    """Schemas each of which refers to all of them."""

    def made(draw: Random, size: int) -> JSON:
        count = max(2, int(size**0.5))
        schemas = {
            f"M{number}": _level(draw.choice(keywords), [reference(f"M{other}") for other in range(count)])
            | {"properties": {f"own{number}": {"type": "string"}}}
            for number in range(count)
        }
        return document(reference("M0"), schemas)

    return made


def _nameless(*keywords: str) -> Callable[[Random, int], JSON]:
    """Unions without names that refer to each other's places, with something beside each."""

    def made(draw: Random, size: int) -> JSON:
        count = max(2, min(12, size // 8))
        base = "#/components/schemas/Root/properties"
        properties: JSON = {}
        for number in range(count):
            others = [{"$ref": f"{base}/u{draw.randrange(count)}"} for _ in range(draw.randint(2, 4))]
            properties[f"u{number}"] = {
                draw.choice(keywords): [
                    *others,
                    {"type": "object", "properties": {f"o{number}": {"type": "string"}}},
                ],
                "properties": {f"b{number}": {"type": "integer"}},
                "required": [f"b{number}"],
            }
        return document({"type": "object", "properties": properties})

    return made


def _chain(draw: Random, size: int) -> JSON:
    kind = draw.choice(("$ref", "allOf", "anyOf", "items", "inherit", "inherit"))
    schemas: JSON = {}
    for number in range(size):
        onward = reference(f"C{number + 1}")
        own = {"type": "object", "properties": {f"p{number}": {"type": "string"}}}
        schemas[f"C{number}"] = (
            onward
            if kind == "$ref"
            else {"allOf": [onward, own]}
            if kind == "inherit"
            else _level(kind, [onward])
        )
    schemas[f"C{size}"] = {"type": "object", "properties": {"z": {"type": "string"}}}
    return document(reference("C0"), schemas)


def _requiring(name: str) -> JSON:
    return {"type": "object", "properties": {name: {"type": "string"}}, "required": [name]}


def _groups_beside(draw: Random, size: int) -> JSON:
    """Several unions in one schema: their members multiply."""
    count = draw.randint(2, 12)
    members = range(max(2, size // (8 * count)))
    parts = [
        {draw.choice(("oneOf", "anyOf")): [_requiring(f"g{part}m{member}") for member in members]}
        for part in range(count)
    ]  # fmt: skip
    return document({"type": "object", "allOf": parts, "properties": {"own": {"type": "string"}}})


def _deep(draw: Random, size: int) -> JSON:
    keyword = draw.choice((*_LISTS, *_MAPS, *_SINGLE, "required"))
    schema: JSON = {"type": "object", "properties": {"z": {"type": "string"}}}
    for _ in range(min(size, draw.choice((40, 80, 160, 500)))):
        schema = _level(keyword, [schema])
    return document(schema)


def _same_property(draw: Random, size: int) -> JSON:
    """Parts of a conjunction that all describe the same properties, whose schemas do the same in turn."""
    schemas = {
        f"S{number}": {
            "type": "object",
            "properties": {
                name: reference(f"S{draw.randrange(max(2, size // 4))}") for name in ("left", "right")
            },
        }
        for number in range(max(2, size // 4))
    }
    parts = [reference(name) for name in list(schemas)[: draw.randint(2, 8)]]
    return document({"allOf": parts}, schemas)


SHAPES: dict[str, Callable[[Random, int], JSON]] = {
    **{f"dag-{keyword}": _dag(keyword) for keyword in (*_LISTS, *_MAPS, *_IN_DAGS)},
    "dag-mixed": _dag(*_LISTS, *_MAPS, *_SINGLE, "if"),
    "dag-unions": _dag("anyOf", "oneOf", "allOf"),
    **{f"wide-{keyword}": _wide_dag(keyword) for keyword in ("allOf", "anyOf", "oneOf", "properties", "required")},
    "wide-mixed": _wide_dag(*_LISTS, *_MAPS),
    **{f"mesh-{keyword}": _mesh(keyword) for keyword in ("allOf", "anyOf", "oneOf", "properties")},
    "mesh-mixed": _mesh("allOf", "anyOf", "oneOf", "properties", "if", "dependentSchemas"),
    "nameless-any": _nameless("anyOf"),
    "nameless-one": _nameless("oneOf", "anyOf"),
    "nameless-all": _nameless("oneOf", "anyOf", "allOf"),
    "chain": _chain,
    "groups-beside": _groups_beside,
    "deep": _deep,
    "same-property": _same_property,
}  # fmt: skip
