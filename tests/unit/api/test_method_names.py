"""Method names: what of an operation id is left out, when, and what happens if others ask for the same name."""

from __future__ import annotations

import itertools

import pytest

from clientsmith.config.model import Config
from tests.unit.api.conftest import Build
from tests.unit.api.test_operations import calls, methods


def named(api: Build, *operations: tuple[str, str, str | None, str | None]) -> list[str]:
    [names] = methods(api(calls(*operations))).values()
    return names


@pytest.mark.parametrize(
    ("method", "path", "operation_id", "tag", "name"),
    [
        ("get", "/v1/items/{item_id}", "read_item_v1_items_item_id_get", None, "read_item"),
        ("get", "/v1/items/{item_id}", "read_item_v1_items__item_id__get", "items", "read"),
        ("post", "/users/", "createUser_users__post", None, "create_user"),
        ("get", "/", "read_root__get", None, "read_root"),
        (
            "post",
            "/v1/items/{item_id}",
            "read_item_v1_items_item_id_get",
            None,
            "read_item_v1_items_item_id_get",
        ),
        ("get", "/items", "items_get", None, "items_get"),
    ],
)
def test_what_fastapi_adds_to_the_name_of_a_function_is_left_out(
    api: Build, method: str, path: str, operation_id: str, tag: str | None, name: str
) -> None:
    assert named(api, (method, path, operation_id, tag)) == [name]


@pytest.mark.parametrize(
    ("operation_id", "tag", "name"),
    [
        ("PetsController_list", "Pets", "list"),
        ("PetsController_list", "Animals", "list"),
        ("app.pets.PetController.findAll", "Pets", "find_all"),
        ("pet_controller_list", "Pet", "list"),
        ("listControllerEvents", "Machines", "list_controller_events"),
        ("getController", "Machines", "get_controller"),
    ],
)
def test_the_class_of_a_controller_is_left_out(api: Build, operation_id: str, tag: str, name: str) -> None:
    assert named(api, ("get", "/x", operation_id, tag)) == [name]


@pytest.mark.parametrize(
    ("method", "path", "operation_id", "name"),
    [
        ("post", "/merchants/{merchantId}/apps/{appId}/revoke", "post-merchants-merchantId-apps-appId-revoke", "post_revoke"),
        ("get", "/v1/quotes/{quote}/line_items", "GetQuotesQuoteLineItems", "get_line_items"),
        ("get", "/pets/{id}/toys", "/pets/{id}/toys", "get_toys"),
        ("put", "/hubs/{hub_id}/tags/{tag}", "put_hubs_id_tags_id_v2025.0", "put_tags"),
        ("get", "/pets/{id}/toys", "get_pets_and_toys", "get_pets_and_toys"),
        ("post", "/login", "login", "login"),
    ],
)  # fmt: skip
def test_an_id_that_is_a_path_becomes_the_verb_and_the_last_literal_segments(
    api: Build, method: str, path: str, operation_id: str, name: str
) -> None:
    assert named(api, (method, path, operation_id, "T")) == [name]


@pytest.mark.parametrize(
    ("operation_id", "tag", "name"),
    [
        ("create_a_tag", "Tag", "create_a_tag"),
        ("get-an-album", "Albums", "get_an_album"),
        ("addTagForContact", "Contacts", "add_tag_for_contact"),
        ("petsForOwner", "Pets", "pets_for_owner"),
        ("postGetCostEstimate", "Cost estimate", "post_get_cost_estimate"),
        ("listInFolder", "Folder", "list_in_folder"),
        ("signInUser", "User", "sign_in"),
        ("bulkCreatePets", "Pets", "bulk_create"),
        ("createPet", "Pets", "create"),
    ],
)
def test_words_that_cannot_end_a_name_undo_the_cut(
    api: Build, operation_id: str, tag: str, name: str
) -> None:
    assert named(api, ("get", "/x", operation_id, tag)) == [name]


@pytest.mark.parametrize(
    ("operation_id", "name"),
    [
        (
            "listSelectedRepositoriesEnabledForGithubActionsOfTheWholeOrganization",
            "list_selected_repositories_enabled_for_github_actions",
        ),
        ("a" * 70, "a" * 70),
        (None, "get_toys"),
    ],
)
def test_a_name_has_at_most_60_characters_if_whole_words_allow(
    api: Build, operation_id: str | None, name: str
) -> None:
    path = "/organizations/{organizationId}/departments/{departmentId}/toys"
    assert named(api, ("get", path, operation_id, "T")) == [name]


def test_two_long_names_that_begin_alike_stay_whole(api: Build) -> None:
    long = "customPropertiesForRepositoriesCreateOrUpdateOrganizationDefinition"
    names = named(api, ("get", "/a", f"{long}Keys", "T"), ("get", "/b", f"{long}Values", "T"))
    assert [name.rsplit("_", 1)[1] for name in names] == ["keys", "values"]


_CLASHING = (
    ("get", "/a", "fetchPet", "Pets"),
    ("get", "/b", "PetsController_fetch", "Pets"),
    ("get", "/c", "fetchPets", "Pets"),
    ("get", "/pets/{id}", "fetch_pet_pets_id_get", "Pets"),
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_names_that_clash_get_longer_for_all_whatever_the_order(api: Build, order: tuple[int, ...]) -> None:
    made = api(calls(*(_CLASHING[index] for index in order)))
    [resource] = made.made.resources
    assert {item.id: item.name for item in resource.operations} == {
        "fetchPet": "fetch_pet",
        "PetsController_fetch": "pets_controller_fetch",
        "fetchPets": "fetch_pets",
        "fetch_pet_pets_id_get": "fetch_pet_pets_id_get",
    }
    assert "name-collision" not in made.ids()


def test_a_chosen_name_is_on_top_of_the_rules(api: Build) -> None:
    made = api(
        calls(("get", "/v1/items", "read_items_v1_items_get", "T")),
        Config(method_names={"read_items_v1_items_get": "everything"}),
    )
    assert methods(made) == {"t": ["everything"]}


@pytest.mark.parametrize(
    ("uses", "first"),
    [((["a"], ["z"], ["z"]), "z"), ((["a"], ["z"]), "a"), ((["a", "z"], ["z"], ["a", "z"]), "z")],
)
def test_the_scheme_that_most_operations_use_is_the_first_argument(
    api: Build, uses: tuple[list[str], ...], first: str
) -> None:
    document = calls(*(("get", f"/{index}", f"op{index}", "T") for index in range(len(uses))))
    for item, schemes in zip(document["paths"].values(), uses, strict=True):
        item["get"]["security"] = [{key: []} for key in schemes]
    keys = {key: {"type": "apiKey", "in": "header", "name": f"X-{key}"} for key in ("a", "z")}
    made = api({**document, "components": {"securitySchemes": keys}}).made
    assert made.security_schemes[0].key == first
    assert made.security_schemes[0].arguments == ("api_key",)
