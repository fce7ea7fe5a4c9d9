"""Operations: resources by tag, methods by operation id."""

from __future__ import annotations

from typing import Any

import pytest

from clientsmith.config.model import Config
from tests.unit.api.apis import Built
from tests.unit.api.conftest import Build


def calls(*operations: tuple[str, str, str | None, str | None]) -> dict[str, Any]:
    """A document of operations given as method, path, operation id and tag."""
    paths: dict[str, Any] = {}
    for method, path, operation_id, tag in operations:
        operation: dict[str, Any] = {"responses": {"204": {"description": ""}}}
        if operation_id is not None:
            operation["operationId"] = operation_id
        if tag is not None:
            operation["tags"] = [tag, "second"]
        paths.setdefault(path, {})[method] = operation
    return {"paths": paths}


def methods(made: Built) -> dict[str, list[str]]:
    return {resource.name: [item.name for item in resource.operations] for resource in made.made.resources}


@pytest.mark.parametrize(
    ("operation_id", "tag", "name"),
    [
        ("fetchListing", "Listings", "fetch"),
        ("listings_fetch", "Listings", "fetch"),
        ("Listing/fetch", "Listing", "fetch"),
        ("fetchListingByOwner", "Listings", "fetch_listing_by_owner"),
        ("listPetOwners", "Pets", "list_pet_owners"),
        ("listings", "Listings", "listings"),
        ("CreateBillingUsage", "Usage", "create_billing"),
        ("import", "Data", "import_"),
        ("getStr", "Get", "str_"),
        ("2fa", "Auth", "value_2_fa"),
    ],
)
def test_a_method_is_called_by_what_its_resource_does_not_say(
    api: Build, operation_id: str, tag: str, name: str
) -> None:
    assert list(methods(api(calls(("get", "/x", operation_id, tag)))).values()) == [[name]]


def test_without_an_id_method_and_path_give_the_name(api: Build) -> None:
    made = api(calls(("get", "/v1/pets/{petId}/toys", None, "Pets")))
    assert methods(made) == {"pets": ["get_toys"]}
    assert list(made.operations) == ["GET /v1/pets/{petId}/toys"]


@pytest.mark.parametrize(
    ("path", "resource"),
    [
        ("/pets/{id}", "pets"),
        ("/v1/pets", "pets"),
        ("/api/2024-01/pets", "pets"),
        ("/{id}", "root"),
        ("/", "root"),
    ],
)
def test_without_a_tag_the_path_gives_the_resource(api: Build, path: str, resource: str) -> None:
    assert list(methods(api(calls(("get", path, "op", None))))) == [resource]


def test_operations_are_listed_by_path_then_by_method(api: Build) -> None:
    made = api(calls(
        ("delete", "/b", "deleteB", "T"), ("get", "/b", "getB", "T"), ("post", "/a", "postA", "T"), ("patch", "/b", "patchB", "T"),
    ))  # fmt: skip
    assert methods(made) == {"t": ["post_a", "get_b", "patch_b", "delete_b"]}


def test_methods_that_would_collide_keep_their_whole_names(api: Build) -> None:
    made = api(
        calls(
            ("get", "/a", "fetchPet", "Pets"),
            ("get", "/b", "fetchPets", "Pets"),
            ("get", "/c", "listPets", "Pets"),
        )
    )
    assert methods(made) == {"pets": ["fetch_pet", "fetch_pets", "list"]}
    assert made.ids() == []


def test_names_that_collide_all_the_same_get_numbers_and_a_warning(api: Build) -> None:
    made = api(calls(("get", "/a", "do-it", "T"), ("get", "/b", "do_it", "T")))
    assert methods(made) == {"t": ["do_it", "do_it_2"]}
    assert made.ids() == ["name-collision"]


def test_configured_method_names_come_first(api: Build) -> None:
    document = calls(("get", "/a", "fetchPet", "Pets"), ("get", "/b", "other", "Pets"))
    made = api(document, Config(method_names={"other": "fetch"}))
    assert methods(made) == {"pets": ["fetch_2", "fetch"]}
    assert made.ids() == ["name-collision"]


def test_two_operations_cannot_be_given_one_name(api: Build) -> None:
    document = calls(("get", "/a", "one", "Pets"), ("get", "/b", "two", "Pets"))
    assert api(document, Config(method_names={"one": "x", "two": "x"})).ids() == ["name-collision"]


def test_configured_resource_names_hold_for_the_whole_tag(api: Build) -> None:
    document = calls(("get", "/a", "getPet", "Pets"), ("get", "/b", "other", "Toys"))
    made = api(document, Config(resource_names={"Pets": "animals"}))
    assert sorted(methods(made)) == ["animals", "toys"]
    animals = made.made.resources[0]
    assert (animals.class_name, animals.async_class_name, animals.module) == (
        "Animals",
        "AsyncAnimals",
        "animals",
    )


@pytest.mark.parametrize(
    "config",
    [
        Config(method_names={"nowhere": "x"}),
        Config(resource_names={"Nowhere": "x"}),
        Config(resource_names={"second": "x"}),
        Config(schema_names={"Nowhere": "X"}),
    ],
)
def test_configured_names_of_nothing_are_errors(api: Build, config: Config) -> None:
    assert api(calls(("get", "/a", "op", "Pets")), config).ids() == ["unknown-name"]


@pytest.mark.parametrize("tag", ["close", "Headers", "with response", "base_url"])
def test_resources_give_way_to_what_clients_have(api: Build, tag: str) -> None:
    [name] = methods(api(calls(("get", "/a", "op", tag))))
    assert name.endswith("_")


@pytest.mark.parametrize("tag", ["Operation", "Field", "Any", "None"])
def test_resource_classes_give_way_to_what_their_modules_import(api: Build, tag: str) -> None:
    [resource] = api(calls(("get", "/a", "op", tag))).made.resources
    assert resource.class_name == f"{tag}Resource"


def test_resource_classes_differ_from_each_other(api: Build) -> None:
    made = api(calls(("get", "/a", "one", "Pets"), ("get", "/b", "two", "Async Pets")))
    listed = [
        name for resource in made.made.resources for name in (resource.class_name, resource.async_class_name)
    ]
    assert len(set(listed)) == 4


def test_constants_differ_where_methods_differ_in_an_underscore(api: Build) -> None:
    made = api(calls(("get", "/a", "import", "T"), ("get", "/b", "_import_", "T")))
    constants = [item.constant for item in made.operations.values()]
    assert len(set(constants)) == 2 and all(
        name.startswith("_") and not name.startswith("__") for name in constants
    )


def test_the_description_of_a_tag_describes_its_resource(api: Build) -> None:
    document = {**calls(("get", "/a", "one", "Pets")), "tags": [{"name": "Pets", "description": "All pets."}]}
    assert api(document).made.resources[0].description == "All pets."
