"""A small description of pets, and changes of it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from clientsmith.api.builder import build
from clientsmith.api.model.api import Api
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.resolved import ResolvedDocument
from tests.unit.openapi.tables import resolved

Tree = dict[str, Any]
Change = Callable[[Tree], object]
PET = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "kind": {"type": "string", "enum": ["cat", "dog"]},
        "size": {"type": "number"},
        "born": {"type": "string", "format": "date"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "owner": {"$ref": "#/components/schemas/Owner"},
        "seen": {"type": "string", "readOnly": True},
    },
}
ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
JSON_PET = {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}
BASE: Tree = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "servers": [{"url": "https://a.example/v1"}],
    "paths": {
        "/pets/{id}": {
            "get": {
                "operationId": "getPet",
                "tags": ["pets"],
                "parameters": [ID, {"name": "limit", "in": "query", "schema": {"type": "integer"}}],
                "responses": {"200": {"description": "", "content": JSON_PET}},
            },
            "put": {
                "operationId": "putPet",
                "tags": ["pets"],
                "parameters": [ID],
                "requestBody": {"required": True, "content": JSON_PET},
                "responses": {"204": {"description": ""}},
            },
        }
    },
    "components": {
        "schemas": {"Pet": PET, "Owner": {"type": "object", "properties": {"mail": {"type": "string"}}}},
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
    },
}


def pet(tree: Tree) -> Tree:
    return tree["components"]["schemas"]["Pet"]


def get(tree: Tree) -> Tree:
    return tree["paths"]["/pets/{id}"]["get"]


def put(tree: Tree) -> Tree:
    return tree["paths"]["/pets/{id}"]["put"]


def move_version(tree: Tree) -> None:
    tree["servers"] = [{"url": "https://a.example"}]
    tree["paths"] = {"/v1/pets/{id}": tree["paths"]["/pets/{id}"]}


def secure(tree: Tree) -> None:
    tree["security"] = [{"key": []}]


def get_at(tree: Tree, path: str) -> Tree:
    return tree["paths"][path]["get"]


def changed(change: Change) -> Tree:
    tree = copy.deepcopy(BASE)
    change(tree)
    return tree


def described(tree: Tree) -> tuple[ResolvedDocument, Api]:
    document = resolved(tree)
    api = build(document, Config(), Diagnostics()).api
    assert api is not None
    return document, api
