"""Releases of one small API: each build starts from the names that the one before it left."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeAlias

from clientsmith.api.builder import build
from clientsmith.api.model.api import Api
from clientsmith.api.names.consistency import check_names
from clientsmith.api.names.kept import NONE, Names
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics
from tests.unit.api.apis import ref, resolved

Tree: TypeAlias = dict[str, Any]


PET: Tree = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string"}, "tag-name": {"type": "string"}},
}


DOG: Tree = {"type": "object", "required": ["bark"], "properties": {"bark": {"type": "integer"}}}
CAT: Tree = {"type": "object", "required": ["purr"], "properties": {"purr": {"type": "string"}}}


class Release:
    """A build, with what was said about it and the names that it leaves."""

    def __init__(self, folder: Path, tree: Tree, kept: Names = NONE, config: Config | None = None) -> None:
        self.diagnostics = Diagnostics()
        built = build(resolved(tree, folder), config or Config(), self.diagnostics, kept)
        assert built.api is not None, list(self.diagnostics)
        self.api: Api = built.api
        self.names = Names.from_json(
            json.loads(json.dumps(built.names.to_json())), built.names.aliases_json()
        )
        assert self.names == built.names
        check_names(self.names, is_released=True)

    @property
    def ids(self) -> set[str]:
        return {one.id for one in self.diagnostics}

    @property
    def methods(self) -> dict[str, str]:
        """By HTTP method and path."""
        return {
            f"{one.method} {one.path}": f"{resource.name}.{one.name}"
            for resource in self.api.resources
            for one in resource.operations
        }

    @property
    def arguments(self) -> set[str]:
        every = (one for resource in self.api.resources for one in resource.operations)
        return {parameter.name for one in every for parameter in one.parameters}

    @property
    def classes(self) -> set[str]:
        return {schema.name for schema in self.api.schemas}


def operation(id: str, *tags: str, **others: Any) -> Tree:
    media = {"application/json": {"schema": others.pop("result", ref("Pet"))}}
    return {
        "operationId": id,
        "tags": list(tags),
        "responses": {"200": {"description": "", "content": media}},
        **others,
    }


def parameter(name: str, location: str, **others: Any) -> Tree:
    return {
        "name": name,
        "in": location,
        "required": location == "path",
        "schema": {"type": "string"},
        **others,
    }


def document() -> Tree:
    return {
        "info": {"title": "Pet Store", "version": "1"},
        "servers": [{"url": "https://api.example.com/v1"}],
        "paths": {
            "/pets": {"get": operation("listPets", "Pets", parameters=[parameter("page-size", "query")])},
            "/pets/{petId}": {
                "get": operation("getPet", "Pets", parameters=[parameter("petId", "path")]),
            },
            "/dogs": {"post": operation("addDog", "Dogs", result=ref("Dog"))},
        },
        "components": {"schemas": {"Pet": deepcopy(PET), "Dog": deepcopy(DOG)}},
    }
