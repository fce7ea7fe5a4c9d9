"""One place of a description with as many members as asked for: parameters, answers, tags, names that collide."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from hostile_base import JSON, document, reference

Fill = Callable[[JSON, JSON, int], None]
"""Fills a place of a description, given its one operation and how many members there are to be."""


def _object(name: str) -> JSON:
    return {"type": "object", "properties": {name: {"type": "string"}}}


def _content(name: str, media_type: str = "application/json") -> JSON:
    return {media_type: {"schema": _object(name)}}


def _answer() -> JSON:
    return {"200": {"description": "d"}}


def _parameters(description: JSON, operation: JSON, size: int) -> None:
    alike = [f"{('x-y', 'x_y', 'xY', 'X.y')[n % 4]}{'-' * (n // 4)}" for n in range(min(size, 120))]
    named = [*alike, *(f"q{n}" for n in range(size))]
    required = [n % 2 == 0 for n in range(len(named))]
    operation["parameters"] = [
        {"name": name, "in": "query", "required": needed, "schema": {"type": "string"}}
        for name, needed in zip(named, required, strict=True)
    ]


def _responses(description: JSON, operation: JSON, size: int) -> None:
    operation["responses"] = {
        str(100 + n): {"description": "d", "content": _content(f"r{n}")} for n in range(min(size, 500))
    }


def _media(description: JSON, operation: JSON, size: int) -> None:
    content: JSON = {}
    for n in range(size):
        content |= _content(f"m{n}", f"application/x{n}+json")
    operation["responses"]["200"]["content"] = content


def _bodies(description: JSON, operation: JSON, size: int) -> None:
    content: JSON = {}
    for n in range(size):
        content |= _content(f"m{n}", f"application/x{n}+json")
    operation["requestBody"]["content"] = content


def _headers(description: JSON, operation: JSON, size: int) -> None:
    operation["responses"]["200"]["headers"] = {f"X-{n}": {"schema": {"type": "string"}} for n in range(size)}


def _servers(description: JSON, operation: JSON, size: int) -> None:
    description["servers"] = [
        {"url": f"https://{n}.example.com/{{v}}", "variables": {"v": {"default": "a" * (n % 9)}}}
        for n in range(size)
    ]


def _security(description: JSON, operation: JSON, size: int) -> None:
    names = [f"s{n}" for n in range(size)]
    description["components"]["securitySchemes"] = {
        name: {"type": "apiKey", "in": "header", "name": f"X-{name}"} for name in names
    }
    operation["security"] = [*({name: []} for name in names), {name: [] for name in names}]


def _tags(description: JSON, operation: JSON, size: int) -> None:
    description["tags"] = [{"name": f"tag {'!' * (n % 5)}{n}", "description": "d"} for n in range(size)]
    operation["tags"] = [f"tag {n}" for n in range(size)]


def _examples(description: JSON, operation: JSON, size: int) -> None:
    media = operation["requestBody"]["content"]["application/json"]
    media["examples"] = {f"e{n}": {"value": {"z": n}} for n in range(size)}


def _paths(description: JSON, operation: JSON, size: int) -> None:
    identifier = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    for n in range(size):
        read = {"operationId": f"get{'_' * (n % 4)}It{n // 4}", "tags": ["things"], "responses": _answer()}
        description["paths"][f"/a{'-' * (n % 4)}b{n}/{{id}}"] = {"get": {**read, "parameters": [identifier]}}


def _path(description: JSON, operation: JSON, size: int) -> None:
    path = "".join(f"/{{p{n}}}" for n in range(min(size, 400)))
    description["paths"][path] = {"get": {"tags": ["things"], "responses": _answer()}}


def _callbacks(description: JSON, operation: JSON, size: int) -> None:
    post = {"{$request.body#/u}": {"post": {"responses": _answer()}}}
    operation["callbacks"] = {f"c{n}": post for n in range(size)}


def _links(description: JSON, operation: JSON, size: int) -> None:
    operation["responses"]["200"]["links"] = {f"l{n}": {"operationId": "createThing"} for n in range(size)}


def _webhooks(description: JSON, operation: JSON, size: int) -> None:
    description["webhooks"] = {f"w{n}": {"post": {"responses": _answer()}} for n in range(size)}


def _components(description: JSON, operation: JSON, size: int) -> None:
    names = (f"{'_' * (n % 5)}A{'-' * (n % 3)}b{n // 9}" for n in range(size))
    description["components"]["schemas"] |= {name: _object("z") for name in names}


def _root(description: JSON, schema: Any) -> None:
    description["components"]["schemas"]["Root"] = schema


def _titles(description: JSON, operation: JSON, size: int) -> None:
    _root(description, {"properties": {f"p{n}": _object("z") | {"title": "Same"} for n in range(size)}})


def _names(description: JSON, operation: JSON, size: int) -> None:
    names = ("a" + "-_. "[n % 4] * (n // 4 % 60) + "b" * (n // 240) for n in range(size))
    _root(description, {"type": "object", "properties": {name: {"type": "string"} for name in names}})


def _properties(description: JSON, operation: JSON, size: int) -> None:
    names = [f"p{n}" for n in range(size)]
    _root(description, {"properties": {name: {"type": "string"} for name in names}, "required": names})


def _required(description: JSON, operation: JSON, size: int) -> None:
    _root(description, {"type": "object", "required": [f"p{n}" for n in range(size)]})


def _mapping(description: JSON, operation: JSON, size: int) -> None:
    variants = {f"V{n}": _object(f"p{n}") | {"required": ["t"]} for n in range(size)}
    description["components"]["schemas"] |= variants
    mapping = {f"m{n}": f"#/components/schemas/V{n}" for n in range(size)}
    discriminator = {"propertyName": "t", "mapping": mapping}
    _root(description, {"oneOf": [reference(name) for name in variants], "discriminator": discriminator})


def _mapping_to_one(description: JSON, operation: JSON, size: int) -> None:
    description["components"]["schemas"] |= {"V": _object("t"), "W": _object("t")}
    discriminator = {"propertyName": "t", "mapping": {f"m{n}": "#/components/schemas/V" for n in range(size)}}
    _root(description, {"oneOf": [reference("V"), reference("W")], "discriminator": discriminator})


def _patterned(description: JSON, operation: JSON, size: int) -> None:
    patterned = {f"^p{n}": {"type": "string"} for n in range(size)}
    dependent = {f"p{n}": ["z"] for n in range(size)}
    _root(description, {"patternProperties": patterned, "dependentRequired": dependent})


_FILLS: dict[str, Fill] = {
    "parameters": _parameters, "responses": _responses, "media": _media, "bodies": _bodies, "headers": _headers,
    "servers": _servers, "security": _security, "tags": _tags, "examples": _examples, "paths": _paths, "path": _path,
    "callbacks": _callbacks, "links": _links, "webhooks": _webhooks, "components": _components, "titles": _titles,
    "names": _names, "properties": _properties, "required": _required, "mapping": _mapping,
    "mapping-to-one": _mapping_to_one, "pattern-properties": _patterned,
}  # fmt: skip


def _many(fill: Fill) -> Callable[[Random, int], JSON]:
    def made(draw: Random, size: int) -> JSON:
        description = document(_object("z"))
        fill(description, description["paths"]["/things"]["post"], size)
        return description

    return made


PLACES: dict[str, Callable[[Random, int], JSON]] = {
    f"many-{place}": _many(fill) for place, fill in _FILLS.items()
}
