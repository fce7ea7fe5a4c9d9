"""What the classes of inline schemas are called: the method with the noun that the resource says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.api.conftest import Build

INLINE = {"type": "object", "properties": {"a": {"type": "string"}}}


def document(*operations: tuple[str, str, str | None], schemas: Any = None) -> dict[str, Any]:
    """Operations, given as method, path and operation id, that answer with an inline schema."""
    paths: dict[str, Any] = {}
    answers = {"200": {"description": "", "content": {"application/json": {"schema": INLINE}}}}
    for method, path, operation_id in operations:
        paths.setdefault(path, {})[method] = {"responses": answers, "tags": ["Pets"]}
        if operation_id is not None:
            paths[path][method]["operationId"] = operation_id
    return {"paths": paths, "components": {"schemas": schemas or {}}}


@pytest.mark.parametrize(
    ("method", "path", "operation_id", "name"),
    [
        ("get", "/pets", "listPets", "ListPetsResponse"),
        ("get", "/pets/{id}", "GetPETById", "GetPETByIdResponse"),
        ("get", "/v1/items/{item_id}", "read_item_v1_items__item_id__get", "ReadItemResponse"),
        ("get", "/pets", "PetsController_list", "PetsListResponse"),
        ("get", "/pets", "PetsController_listPets", "ListPetsResponse"),
        ("get", "/owners/{owner}/pets/{id}", "GetOwnersOwnerPetsId", "GetOwnerPetResponse"),
        ("get", "/v1/pets/{id}/toys", None, "GetPetToysResponse"),
    ],
)
def test_classes_follow_the_method(
    api: Build, method: str, path: str, operation_id: str | None, name: str
) -> None:
    assert list(api(document((method, path, operation_id))).schemas) == [name]


def test_classes_of_two_operations_differ_whatever_their_order(api: Build) -> None:
    operations = [
        ("get", "/a/{id}/pets/{pet}/toys", "get-a-id-pets-pet-toys"),
        ("get", "/b/{id}/pets/{pet}/toys", "get-b-id-pets-pet-toys"),
    ]
    made = api(document(*operations))
    assert sorted(made.schemas) == ["GetAPetToysResponse", "GetBPetToysResponse"]
    assert sorted(api(document(*reversed(operations))).schemas) == sorted(made.schemas)


def test_a_class_leaves_its_name_to_a_component(api: Build) -> None:
    other = {"ReadItemResponse": {"type": "object", "properties": {"b": {"type": "string"}}}}
    made = api(document(("get", "/items", "read_item_items_get"), schemas=other))
    assert set(made.schemas) == {"ReadItemItemsGetResponse", "ReadItemResponse"}


@pytest.mark.parametrize("length", [61, 90, 300])
def test_a_long_class_is_cut_and_differs_from_one_that_is_cut_alike(api: Build, length: int) -> None:
    words = "".join(f"Word{chr(97 + n % 26)}{'x' * (n // 26)}" for n in range(length // 5))
    made = api(document(("get", "/a", f"get{words}Keys"), ("get", "/b", f"get{words}Values")))
    assert len(made.schemas) == 2
    assert all(len(name) <= 60 and name.endswith("Response") for name in made.schemas)


def _body(schema: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    answers = {"200": {"description": "", "content": content}}
    operation = {
        "operationId": "send",
        "tags": ["Pets"],
        "requestBody": {"content": content},
        "responses": answers,
    }
    return {"/a": {"post": operation}}


@pytest.mark.parametrize("length", [57, 60, 61, 90])
def test_the_dict_of_a_long_class_is_no_longer_than_a_class(api: Build, length: int) -> None:
    name = "".join(f"Word{chr(97 + n % 26)}" for n in range(length // 5)).ljust(length, "x")
    schema = {"type": "object", "properties": {"a": {"type": "string", "readOnly": True}, "b": INLINE}}
    document = {
        "paths": _body({"$ref": f"#/components/schemas/{name}"}),
        "components": {"schemas": {name: schema}},
    }

    made = api(document).schemas
    assert {schema.direction for schema in made.values()} >= {"request", "response"}
    assert all(len(f"{name}Dict") <= 60 for name, schema in made.items() if schema.direction == "request")
    assert all(len(name) <= 60 for name in made)


def test_the_alias_of_a_constrained_item_is_as_short(api: Build) -> None:
    items = {"type": "string", "minLength": 1, "format": "uuid"}
    field = "".join(f"word_{chr(97 + n)}_" for n in range(8))
    schema = {"type": "object", "properties": {field: {"type": "array", "items": items}}}
    made = api(
        {
            "paths": _body({"$ref": "#/components/schemas/Things"}),
            "components": {"schemas": {"Things": schema}},
        }
    )

    requests = [name for name, one in made.schemas.items() if one.direction == "request"]
    assert len(requests) == 2 and all(len(f"{name}Dict") <= 60 for name in requests)
