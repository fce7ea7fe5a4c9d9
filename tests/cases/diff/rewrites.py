"""Ways to write a description that mean the same."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

Rewrite = Callable[[dict[str, Any], random.Random, dict[str, Any]], dict[str, Any]]


def rewritten(document: dict[str, Any], name: str, chance: random.Random) -> dict[str, Any]:
    """A copy in which every schema is written in another way."""
    made = copy.deepcopy(document)
    if name == "order-of-keys":
        shuffled: dict[str, Any] = _shuffled(made, chance)
        return shuffled
    components = copy.deepcopy(document.get("components", {}).get("schemas", {}))
    for holder, key in list(_schemas(made)):
        if isinstance(holder[key], dict):
            holder[key] = REWRITES[name](holder[key], chance, components)
    return made


def _shuffled(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: _shuffled(value[key], chance) for key in keys}
    return [_shuffled(one, chance) for one in value] if isinstance(value, list) else value


def _schemas(document: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Where schemas are, inner ones first."""
    holders = [(document.get("components", {}).get("schemas", {}), None)]
    waiting: list[Any] = [document.get("paths", {}), document.get("components", {})]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if isinstance(value.get("schema"), dict):
                yield from _below(value, "schema")
            waiting.extend(inner for key, inner in value.items() if key not in ("schema", "schemas"))
        elif isinstance(value, list):
            waiting.extend(value)
    for holder, _ in holders:
        for key in holder:
            yield from _below(holder, key)


def _below(holder: Any, key: Any) -> Iterator[tuple[Any, Any]]:
    schema = holder[key]
    if isinstance(schema, dict):
        for inner in ("properties", "patternProperties"):
            for name in schema.get(inner, {}):
                yield from _below(schema[inner], name)
        for inner in ("items", "additionalProperties", "not"):
            if isinstance(schema.get(inner), dict):
                yield from _below(schema, inner)
        for inner in ("allOf", "anyOf", "oneOf", "prefixItems"):
            for place in range(len(schema.get(inner, []))):
                yield from _below(schema[inner], place)
        yield holder, key


def _wrapped(schema: dict[str, Any], chance: random.Random, components: dict[str, Any]) -> dict[str, Any]:
    return {"allOf": [schema]}


def _inlined(schema: dict[str, Any], chance: random.Random, components: dict[str, Any]) -> dict[str, Any]:
    """A reference replaced by what it leads to, if that leads nowhere else."""
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    target = components.get(name)
    if (
        not isinstance(target, dict)
        or "$ref" in str(target)
        or schema.keys() - {"$ref", "description", "title"}
    ):
        return schema
    return copy.deepcopy(target)


def _listed(schema: dict[str, Any], chance: random.Random, components: dict[str, Any]) -> dict[str, Any]:
    if "const" in schema and "enum" not in schema:
        return {**{key: value for key, value in schema.items() if key != "const"}, "enum": [schema["const"]]}
    return (
        {**schema, "enum": chance.sample(schema["enum"], len(schema["enum"]))} if "enum" in schema else schema
    )


def _spelled_out(schema: dict[str, Any], chance: random.Random, components: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return schema
    kind = schema.get("type")
    defaults: dict[Any, dict[str, Any]] = {
        "string": {"minLength": 0},
        "array": {"minItems": 0, "uniqueItems": False},
        "object": {"minProperties": 0, "additionalProperties": True},
    }
    return {**(defaults.get(kind, {}) if isinstance(kind, str) else {}), "deprecated": False, **schema}


def _documented(schema: dict[str, Any], chance: random.Random, components: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "description": "other words", "title": "Another title", "x-note": [1]}


def _with_null(schema: dict[str, Any], chance: random.Random, components: dict[str, Any]) -> dict[str, Any]:
    """A list of types as a union."""
    kinds = schema.get("type")
    if not isinstance(kinds, list) or "null" not in kinds or "enum" in schema or "const" in schema:
        return schema
    others = [kind for kind in kinds if kind != "null"]
    return {"anyOf": [{**schema, "type": others}, {"type": "null"}]} if others else schema


def _reversed(schema: dict[str, Any], chance: random.Random, components: dict[str, Any]) -> dict[str, Any]:
    lists = ("required", "type", "anyOf", "oneOf", "allOf")
    return {
        key: value[::-1] if key in lists and isinstance(value, list) else value
        for key, value in schema.items()
    }


def _deaf(schema: dict[str, Any], chance: random.Random, components: dict[str, Any]) -> dict[str, Any]:
    """Keywords that the declared type does not listen to."""
    foreign: dict[Any, dict[str, Any]] = {
        "string": {"minimum": 3, "minItems": 2, "required": ["zz"]},
        "integer": {"maxLength": 3, "pattern": "z", "maxProperties": 1},
        "array": {"minLength": 3, "multipleOf": 7},
        "boolean": {"minLength": 3, "minimum": 7},
    }
    kind = schema.get("type")
    return {**(foreign.get(kind, {}) if isinstance(kind, str) and "$ref" not in schema else {}), **schema}


REWRITES: dict[str, Rewrite] = {
    "order-of-keys": lambda schema, chance, components: schema,
    "order-of-lists": _reversed,
    "wrapped-in-all-of": _wrapped,
    "inline-instead-of-a-reference": _inlined,
    "lists-of-values": _listed,
    "defaults-spelled-out": _spelled_out,
    "documentation": _documented,
    "null-by-any-of": _with_null,
    "keywords-of-other-types": _deaf,
}
