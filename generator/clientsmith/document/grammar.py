"""Which places of an OpenAPI document hold which kind of object, and so where a `$ref` is a reference and not data.

Written from the fixed fields of OpenAPI 3.0, 3.1 and 3.2 and the applicators of JSON Schema; nothing is resolved here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from clientsmith.document.model import JSON

Kind: TypeAlias = Literal[
    "document", "components", "paths", "path-item", "operation", "parameter", "request-body", "media-type", "encoding",
    "responses", "response", "header", "example", "link", "callback", "security-scheme", "schema",
]  # fmt: skip
Shape: TypeAlias = Literal["one", "list", "map", "one-or-list", "map-of-list"]

METHODS = ("get", "put", "post", "patch", "delete", "head", "options", "trace", "query")
"""The fixed fields of a Path Item that hold operations; `query` is new in OpenAPI 3.2."""

_CONTENT: dict[str, tuple[Shape, Kind]] = {"content": ("map", "media-type")}
_PARAMETER: dict[str, tuple[Shape, Kind]] = {
    **_CONTENT,
    "schema": ("one", "schema"),
    "examples": ("map", "example"),
}

ALL_OF = "allOf"
_MAPS_OF_SCHEMAS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
_LISTS_OF_SCHEMAS = (ALL_OF, "anyOf", "oneOf", "prefixItems")
_SCHEMAS = (
    "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames", "unevaluatedItems",
    "unevaluatedProperties", "contentSchema", "additionalItems",
)  # fmt: skip

FIELDS: dict[Kind, dict[str, tuple[Shape, Kind]]] = {
    "document": {
        "components": ("one", "components"),
        "paths": ("one", "paths"),
        "webhooks": ("map", "path-item"),
    },
    "components": {
        "schemas": ("map", "schema"),
        "responses": ("map", "response"),
        "parameters": ("map", "parameter"),
        "examples": ("map", "example"),
        "requestBodies": ("map", "request-body"),
        "headers": ("map", "header"),
        "securitySchemes": ("map", "security-scheme"),
        "links": ("map", "link"),
        "callbacks": ("map", "callback"),
        "pathItems": ("map", "path-item"),
        "mediaTypes": ("map", "media-type"),
    },
    "path-item": {
        **dict.fromkeys(METHODS, ("one", "operation")),
        "additionalOperations": ("map", "operation"),
        "parameters": ("list", "parameter"),
    },
    "operation": {
        "parameters": ("list", "parameter"),
        "requestBody": ("one", "request-body"),
        "responses": ("one", "responses"),
        "callbacks": ("map", "callback"),
    },
    "parameter": _PARAMETER,
    "header": _PARAMETER,
    "request-body": _CONTENT,
    "media-type": {
        "schema": ("one", "schema"),
        "itemSchema": ("one", "schema"),
        "examples": ("map", "example"),
        "encoding": ("map", "encoding"),
        "prefixEncoding": ("list", "encoding"),
        "itemEncoding": ("one", "encoding"),
    },
    "encoding": {"headers": ("map", "header")},
    "response": {**_CONTENT, "headers": ("map", "header"), "links": ("map", "link")},
    "schema": {
        **dict.fromkeys(_MAPS_OF_SCHEMAS, ("map", "schema")),
        **dict.fromkeys(_LISTS_OF_SCHEMAS, ("list", "schema")),
        **dict.fromkeys(_SCHEMAS, ("one", "schema")),
        "items": ("one-or-list", "schema"),
    },
}  # fmt: skip
"""The fields of each kind that lead to other objects; kinds whose members are patterned are in `PATTERNED`."""

PATTERNED: dict[Kind, Kind] = {"paths": "path-item", "responses": "response", "callback": "path-item"}
"""Kinds whose members, except for `x-` extensions, are all of one other kind."""

REFERABLE: frozenset[Kind] = frozenset(
    {
        "path-item", "parameter", "request-body", "response", "header", "example", "link", "callback",
        "security-scheme", "schema", "media-type",
        "components", "operation", "paths", "responses",
    }
)  # fmt: skip
"""Kinds of objects for which a reference is followed: those of OpenAPI and, in the last line, those of vendors."""

Steps: TypeAlias = tuple[str, ...]


def children(value: dict[str, JSON], kind: Kind) -> Iterator[tuple[Steps, JSON, Kind]]:
    """Every object below this one that has a kind of its own, with the steps that lead there."""
    patterned = PATTERNED.get(kind)
    if patterned is not None:
        for key, member in value.items():
            if not key.startswith("x-") and key != "$ref":
                yield (key,), member, patterned
        return
    fields = FIELDS.get(kind)
    if fields is None:
        return
    for key in value:
        field = fields.get(key)
        if field is not None:
            yield from _members(key, value[key], field[0], field[1])


def misplaced(value: dict[str, JSON], kind: Kind) -> Iterator[Steps]:
    """The places of a `$ref` that is not followed: in an object itself, or instead of a whole map or list."""
    if kind not in REFERABLE and isinstance(value.get("$ref"), str):
        yield ()
    fields = FIELDS.get(kind, {}) if kind != "components" else {}
    for key in sorted(value.keys() & fields.keys()):
        held = value[key]
        if fields[key][0] in ("map", "list") and isinstance(held, dict) and isinstance(held.get("$ref"), str):
            yield (key,)


def _members(key: str, value: JSON, shape: Shape, kind: Kind) -> Iterator[tuple[Steps, JSON, Kind]]:
    if isinstance(value, list) and shape in ("list", "one-or-list"):
        for index, item in enumerate(value):
            yield (key, str(index)), item, kind
    elif isinstance(value, dict) and shape == "map":
        for name, member in value.items():
            yield (key, name), member, kind
    elif shape in ("one", "one-or-list"):
        yield (key,), value, kind
