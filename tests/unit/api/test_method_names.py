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
        ("post", "/v1/items/{item_id}", "read_item_v1_items_item_id_get", None, "read_item"),
        ("get", "/items/{item_id}", "read_item_api_v1_items__item_id__get", None, "read_item"),
        ("get", "/api/v1/items/{item_id}", "read_item_items__item_id__get", None, "read_item"),
        ("get", "/", "read_root_get", None, "read_root"),
        ("get", "/items", "items_get", None, "items_get"),
        ("get", "/toys", "read_item_v1_items_item_id_get", None, "read_item_v1_items_item_id_get"),
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
        ("PetsController_listPets", "Pets", "list"),
        ("PetService_ListPets", "PetService", "list_pets"),
        ("PetResource#findAll", "Animals", "find_all"),
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
        ("post", "/merchants/{merchantId}/apps/{appId}/revoke", "post-merchants-merchantId-apps-appId-revoke", "post_app_revoke"),
        ("get", "/v1/quotes/{quote}/line_items", "GetQuotesQuoteLineItems", "get_quote_line_items"),
        ("get", "/pets/{id}/toys", "/pets/{id}/toys", "get_pet_toys"),
        ("get", "/pets/{id}/toys", "listPetsToys", "list_pet_toys"),
        ("get", "/api/v1/pets/", "api_v1_pets_list", "list_pets"),
        ("put", "/hubs/{hub_id}/tags/{tag}", "put_hubs_id_tags_id_v2025.0", "put_hub_tag"),
        ("get", "/pets/{id}/toys", "get_pets_and_toys", "get_pets_and_toys"),
        ("get", "/pets", "getPets", "get_pets"),
        ("post", "/login", "login", "login"),
    ],
)  # fmt: skip
def test_an_id_that_is_a_path_becomes_the_verb_and_the_last_literal_segments(
    api: Build, method: str, path: str, operation_id: str, name: str
) -> None:
    assert named(api, (method, path, operation_id, "T")) == [name]


@pytest.mark.parametrize(
    ("method", "path", "operation_id", "name"),
    [
        ("post", "/v1/toys/{toy}/cancel", "PostToysToyCancel", "post_cancel"),
        ("get", "/v1/toys/{toy}/line_items/{id}", "GetToysToyLineItemsId", "get_line_item"),
        ("delete", "/v1/toys/{toy}", "DeleteToysToy", "delete"),
        ("post", "/v1/toys/{toy}", "PostToysToy", "post_toy"),
        ("get", "/v1/files/{file}/toys", "get_files_file_toys", "get_for_file"),
        ("get", "/api/v1/toys/", "api_v1_toys_list", "list"),
        ("get", "/api/v1/toys/{id}/", "api_v1_toys_retrieve", "retrieve"),
        ("patch", "/api/v1/toys/{id}/", "api_v1_toys_partial_update", "partial_update"),
        ("get", "/v1/toys/per-client", "get-toys-per-client", "get_toys_per_client"),
    ],
)
def test_a_name_of_a_path_leaves_out_what_the_resource_says(
    api: Build, method: str, path: str, operation_id: str, name: str
) -> None:
    assert named(api, (method, path, operation_id, "Toys")) == [name]
    assert named(api, (method, path, operation_id, "Wooden toys")) == [name]


STRIPE = (
    ("get", "/v1/accounts", "GetAccounts", None, "get_accounts"),
    ("post", "/v1/accounts", "PostAccounts", None, "post_accounts"),
    ("get", "/v1/accounts/{account}", "GetAccountsAccount", None, "get"),
    ("post", "/v1/accounts/{account}", "PostAccountsAccount", None, "post_account"),
    ("get", "/v1/accounts/{account}/people", "GetAccountsAccountPeople", None, "get_people"),
    ("get", "/v1/accounts/{account}/people/{person}", "GetAccountsAccountPeoplePerson", None, "get_person"),
    ("get", "/v1/accounts/{account}/history", "GetAccountsAccountHistory", None, "get_history"),
    ("get", "/v1/accounts/{account}/history/{id}", "GetAccountsAccountHistoryId", None, "get_history_by_id"),
)  # fmt: skip


def test_all_of_them_and_one_of_them_are_told_apart(api: Build) -> None:
    assert sorted(named(api, *(one[:4] for one in STRIPE))) == sorted(one[4] for one in STRIPE)


def test_the_verb_alone_is_for_one_of_them_or_for_all_if_there_is_no_other(api: Build) -> None:
    both = (("get", "/accounts/{id}", None, "Accounts"), ("get", "/accounts", None, "Accounts"))
    assert named(api, *both) == ["get_accounts", "get"]
    assert named(api, both[0]) == named(api, both[1]) == ["get"]


def test_an_operation_beside_others_keeps_its_name(api: Build) -> None:
    for one in STRIPE[2:4]:
        assert named(api, one[:4]) == [one[4]]


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
        ("attachContactToACompany", "Company", "attach_contact_to_a_company"),
        ("listPetsWithin", "Within", "list_pets"),
    ],
)
def test_words_that_cannot_end_a_name_undo_the_cut(
    api: Build, operation_id: str, tag: str, name: str
) -> None:
    assert named(api, ("get", "/x", operation_id, tag)) == [name]


@pytest.mark.parametrize(
    ("path", "operation_id", "name"),
    [
        ("/bookings/{id}/payment", "createBookingPayment", "create_booking_payment"),
        ("/brands/{brandId}/payments/{id}", "getBrandPayment", "get_brand_payment"),
        ("/bookings/payment", "createBookingPayment", "create_booking"),
        ("/payments/active", "listActivePayments", "list_active"),
    ],
)
def test_what_is_left_does_not_name_the_owner_of_the_path_instead(
    api: Build, path: str, operation_id: str, name: str
) -> None:
    assert named(api, ("get", path, operation_id, "Payments")) == [name]


@pytest.mark.parametrize(
    ("operation_id", "name"),
    [
        (
            "listSelectedRepositoriesEnabledForGithubActionsOfTheWholeOrganization",
            "list_selected_repos_enabled_for_github_actions_of_the_whole_org",
        ),
        (
            "listDockerMigrationConflictingPackagesForAuthenticatedUserOfPackages",
            "list_docker_migration_conflicting_packages_for_authenticated_user",
        ),
        ("a" * 70, "a" * 60),
        (None, "get_department_toys"),
    ],
)
def test_a_name_has_at_most_60_characters(api: Build, operation_id: str | None, name: str) -> None:
    path = "/organizations/{organizationId}/departments/{departmentId}/toys"
    [made] = named(api, ("get", path, operation_id, "Packages"))
    assert len(made) <= 60
    assert made[:20] == name[:20]
    assert len(name) > 60 or made == name
    assert made.rsplit("_", 1)[-1] not in {"of", "the", "for", "authenticated", "conflicting"}


def test_two_long_names_that_begin_alike_keep_what_tells_them_apart(api: Build) -> None:
    long = "customPropertiesForRepositoriesCreateOrUpdateOrganizationDefinition"
    names = named(api, ("get", "/a", f"{long}Keys", "T"), ("get", "/b", f"{long}Values", "T"))
    assert [name.rsplit("_", 1)[1] for name in names] == ["keys", "values"]
    assert all(len(name) <= 60 for name in names)


_CLASHING = (
    ("get", "/a", "fetchPet", "Pets"),
    ("get", "/b", "PetsController_fetch", "Pets"),
    ("get", "/c", "fetchPets", "Pets"),
    ("get", "/pets/{id}", "fetch_pet_pets_id_get", "Pets"),
)


def test_functions_of_fastapi_with_one_name_are_told_apart_by_the_path(api: Build) -> None:
    both = (
        ("get", "/v1/items", "read_v1_items_get", "T"),
        ("get", "/v1/items/{id}", "read_v1_items__id__get", "T"),
    )
    assert named(api, *both) == ["read_items", "read_item"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_names_that_clash_get_longer_for_all_whatever_the_order(api: Build, order: tuple[int, ...]) -> None:
    made = api(calls(*(_CLASHING[index] for index in order)))
    [resource] = made.made.resources
    assert {item.id: item.name for item in resource.operations} == {
        "fetchPet": "fetch_pet",
        "PetsController_fetch": "pets_fetch",
        "fetchPets": "fetch_pets",
        "fetch_pet_pets_id_get": "fetch_pet_pets_id_get",
    }
    assert "name-collision" not in made.ids()


def test_an_unrelated_operation_changes_no_name(api: Build) -> None:
    alone = {one[2]: name for one, name in zip(STRIPE, named(api, *(one[:4] for one in STRIPE)), strict=True)}
    more = calls(
        *(one[:4] for one in STRIPE), ("get", "/v1/accounts/{account}/toys", "GetAccountsAccountToys", None)
    )
    [resource] = api(more).made.resources
    by_id = {one.id: one.name for one in resource.operations}
    assert by_id.pop("GetAccountsAccountToys") == "get_toys"
    assert sorted(by_id.values()) == sorted(alone.values())


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
