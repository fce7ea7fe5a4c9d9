"""Names of inline schemas: decided by where they stand, and by nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clientsmith.api.schemas.name_hints import schema_hint
from clientsmith.document.model import Node
from tests.unit.api.apis import resolved

DOCUMENT: dict[str, Any] = {
    "paths": {
        "/pets/{id}": {
            "parameters": [{"name": "X-Trace", "in": "header", "schema": {}}],
            "get": {
                "operationId": "getPet",
                "parameters": [{"name": "filter[a]", "in": "query", "schema": {"items": {}}}],
                "requestBody": {"content": {"application/json": {"schema": {"properties": {"a-b": {}}}}}},
                "responses": {
                    "200": {"description": "", "content": {"application/json": {"schema": {"items": {}}}}},
                    "4XX": {"description": "", "content": {"application/json": {"schema": {}}}},
                    "default": {"description": "", "content": {"application/json": {"schema": {}}}},
                },
            },
            "put": {"responses": {"200": {"description": "", "content": {"application/json": {"schema": {}}}}}},
        }
    },
    "components": {
        "schemas": {
            "Pet.v1": {
                "properties": {"owner": {"additionalProperties": {}}, "items": {"items": {}}},
                "anyOf": [{"title": "Big one"}, {}],
                "$defs": {"part": {}},
            }
        },
        "responses": {"Missing": {"description": "", "content": {"application/json": {"schema": {}}}}},
        "requestBodies": {"Make": {"content": {"application/json": {"schema": {}}}}},
        "parameters": {"Page": {"name": "page", "in": "query", "schema": {}}},
    },
}  # fmt: skip


def at(*steps: str, folder: Path, names: dict[str, str] | None = None) -> str:
    document = resolved(DOCUMENT, folder)
    node = document.node()
    for step in steps:
        node = node.child(step)
    return schema_hint(node, document, names or {}, {})


GET = ("paths", "/pets/{id}", "get")
JSON = ("content", "application/json", "schema")
PET = ("components", "schemas", "Pet.v1")


@pytest.mark.parametrize(
    ("steps", "name"),
    [
        (PET, "PetV1"),
        ((*PET, "properties", "owner"), "PetV1Owner"),
        ((*PET, "properties", "owner", "additionalProperties"), "PetV1OwnerValue"),
        ((*PET, "properties", "items"), "PetV1Items"),
        ((*PET, "properties", "items", "items"), "PetV1ItemsItem"),
        ((*PET, "anyOf", "0"), "PetV1BigOne"),
        ((*PET, "anyOf", "1"), "PetV1Option2"),
        ((*PET, "$defs", "part"), "PetV1Part"),
        ((*GET, "requestBody", *JSON), "GetPetRequest"),
        ((*GET, "requestBody", *JSON, "properties", "a-b"), "GetPetRequestAB"),
        ((*GET, "responses", "200", *JSON), "GetPetResponse"),
        ((*GET, "responses", "200", *JSON, "items"), "GetPetResponseItem"),
        ((*GET, "responses", "4XX", *JSON), "GetPetResponse4Xx"),
        ((*GET, "responses", "default", *JSON), "GetPetResponseDefault"),
        ((*GET, "parameters", "0", "schema"), "GetPetFilterA"),
        ((*GET, "parameters", "0", "schema", "items"), "GetPetFilterAItem"),
        (("paths", "/pets/{id}", "put", "responses", "200", *JSON), "PutPetsIdResponse"),
        (("paths", "/pets/{id}", "parameters", "0", "schema"), "PetsIdXTrace"),
        (("components", "responses", "Missing", *JSON), "MissingResponse"),
        (("components", "requestBodies", "Make", *JSON), "MakeRequest"),
        (("components", "parameters", "Page", "schema"), "Page"),
    ],
)  # fmt: skip
def test_the_place_decides(tmp_path: Path, steps: tuple[str, ...], name: str) -> None:
    assert at(*steps, folder=tmp_path) == name


def test_a_configured_name_leads_those_of_the_parts(tmp_path: Path) -> None:
    names = {"Pet.v1": "Animal"}
    assert at(*PET, folder=tmp_path, names=names) == "Animal"
    assert at(*PET, "properties", "owner", folder=tmp_path, names=names) == "AnimalOwner"


def test_an_operation_has_the_name_that_it_is_given(tmp_path: Path) -> None:
    document = resolved(DOCUMENT, tmp_path)
    operation = document.node().child("paths").child("/pets/{id}").child("get")
    schema = operation
    for step in ("responses", "200", *JSON):
        schema = schema.child(step)
    assert schema_hint(schema, document, {}, {operation.identity: "FetchPet"}) == "FetchPetResponse"


@pytest.mark.parametrize(
    ("reference", "content", "name"),
    [
        ("cat.yaml", "type: object", "Cat"),
        ("cat.yaml#/properties/owner", "properties: {owner: {type: object}}", "CatOwner"),
        ("all.yaml#/Cat", "Cat: {type: object}", "Cat"),
        ("all.yaml#/Cat/properties/owner", "Cat: {properties: {owner: {type: object}}}", "CatOwner"),
        ("all.yaml#/definitions/Cat", "definitions: {Cat: {type: object}}", "Cat"),
        ("all.yaml#/components/schemas/Cat", "components: {schemas: {Cat: {type: object}}}", "Cat"),
    ],
)
def test_schemas_in_other_files_go_by_their_key_or_their_file(
    tmp_path: Path, reference: str, content: str, name: str
) -> None:
    holder = {"components": {"schemas": {"A": {"properties": {"a": {"$ref": reference}}}}}}
    document = resolved(holder, tmp_path, **{reference.partition(".")[0]: content})
    target: Node = document.deref(document.node("/components/schemas/A/properties/a"))
    assert schema_hint(target, document, {}, {}) == name
