"""Python names from names of the document."""

from __future__ import annotations

import builtins

import pytest
from pydantic import BaseModel

from clientsmith.api.model.naming import (
    CLASS_RESERVED,
    FIELD_RESERVED,
    RESOURCE_RESERVED,
    Scope,
    argument_name,
    class_forms,
    class_name,
    pascal_case,
    snake_case,
)
from clientsmith.api.model.words import singular, words
from clientsmith.runtime import AsyncClient, AsyncResource, Resource, SyncClient
from clientsmith.runtime.types.models import OpenRequestModel, RequestModel, ResponseModel


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("listPets", ["list", "Pets"]),
        ("HTTPServer2URL", ["HTTP", "Server2", "URL"]),
        ("snake_case-kebab.dot path/slash", ["snake", "case", "kebab", "dot", "path", "slash"]),
        ("it's", ["its"]),
        ("Größe", ["Große"]),
        ("naïve café", ["naive", "cafe"]),
        ("名前", ["名前"]),
        ("ﬁne", ["fine"]),
        ("2nd", ["2", "nd"]),
        ("", []),
        ("--", []),
        ("🙂", []),
    ],
)
def test_a_name_falls_into_words_in_any_case_style(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("petId", "pet_id"),
        ("X-Request-ID", "x_request_id"),
        ("filter[name]", "filter_name"),
        ("2fa", "value_2_fa"),
        ("", "value"),
        ("$", "value"),
        ("__init__", "init"),
        ("名前", "名前"),
    ],
)
def test_snake_case_is_a_lower_case_identifier(text: str, name: str) -> None:
    assert snake_case(text, "value") == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("PayPal-Request-Id", "paypal_request_id"),
        ("payPalRequestId", "paypal_request_id"),
        ("orgOAuth2", "org_oauth2"),
        ("oAuth2ClientCredentials", "oauth2_client_credentials"),
        ("IdPs", "idps"),
        ("IPs", "ips"),
        ("listUserIDsOfOrg", "list_user_ids_of_org"),
        ("IPv4Address", "ipv4_address"),
        ("IdPlan", "id_plan"),
        ("HTTPStatus", "http_status"),
        ("brazilIOStream", "brazil_io_stream"),
        ("iDEAL-profiles", "ideal_profiles"),
        ("gRPCServer", "grpc_server"),
        ("eTag", "etag"),
        ("vCPUs", "vcpus"),
        ("xHTTPMethod", "x_http_method"),
        ("A2APayments", "a2a_payments"),
        ("S3ARN", "s3_arn"),
        ("createGitHubRepo", "create_github_repo"),
        ("listAPIsAndURLs", "list_apis_and_urls"),
    ],
)
def test_a_word_with_capitals_inside_stays_whole(text: str, name: str) -> None:
    assert snake_case(text, "value") == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("user_IDs", "UserIDs"),
        ("pay-PayPal", "PayPayPal"),
        ("my OAuth2 token", "MyOAuth2Token"),
        ("a HTTP", "AHttp"),
    ],
)
def test_a_class_keeps_the_capitals_inside_a_word(text: str, name: str) -> None:
    assert pascal_case(text, "Model") == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Pet", "Pet"),
        ("HTTPError", "HTTPError"),
        ("http_error", "HttpError"),
        ("v1.Pet", "V1Pet"),
        ("200_response", "Model200Response"),
        ("", "Model"),
        ("名前", "Model名前"),
        ("übung", "Ubung"),
    ],
)
def test_pascal_case_starts_with_a_capital(text: str, name: str) -> None:
    assert pascal_case(text, "Model") == name


@pytest.mark.parametrize("text", ["名前", "имя", "اسم", "x", "2x", "ß"])
def test_no_field_can_hide_the_class_it_is_annotated_with(text: str) -> None:
    assert class_name(text) != argument_name(text, FIELD_RESERVED)


def test_keywords_and_reserved_names_get_an_underscore() -> None:
    assert argument_name("class") == "class_"
    assert argument_name("None") == "none"
    assert argument_name("self") == "self_"
    assert argument_name("options") == "options_"
    assert argument_name("list", FIELD_RESERVED) == "list_"


def test_a_class_never_shadows_what_its_module_imports() -> None:
    assert class_name("Field") == "FieldModel"
    assert class_name("none") == "NoneModel"
    assert all(class_name(name) not in CLASS_RESERVED for name in CLASS_RESERVED)


def test_names_are_cut_to_a_length_that_people_can_read() -> None:
    assert len(snake_case("word " * 100, "x")) <= 60
    assert len(snake_case(" ".join(f"word{n}" for n in range(100)), "x")) <= 60
    assert len(snake_case("w" * 500, "x")) == 60
    assert len(snake_case("a_b" * 100_000, "x")) <= 60
    assert len(snake_case(f"{'v' * 200}_{'w' * 200} x", "x")) <= 60
    assert len(class_forms(pascal_case("w" * 500, "x"))[0]) == 60


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "listSelectedRepositoriesEnabledGithubActionsOrganization",
            "list_selected_repositories_enabled_github_actions_organization",
        ),
        (
            "getAllPackageVersionsForPackageOwnedByAuthenticatedUser",
            "get_all_package_versions_for_package_owned_by_authenticated_user",
        ),
        ("one two three four five six seven eight nine ten eleven for twelve thirteen", ""),
    ],
)
def test_a_long_name_is_cut_in_its_middle_and_never_before_a_preposition(text: str, name: str) -> None:
    assert len(name) > 60 or not name
    cut = snake_case(text, "x").split("_")
    every = [word.lower() for word in words(text)]
    assert len("_".join(cut)) <= 60
    assert cut[0] == every[0] and cut[-1][:3] == every[-1][:3]
    assert not {"for", "by", "of", "the"} & {cut[-1]}


@pytest.mark.parametrize(
    ("name", "first"),
    [
        (
            "PostPaymentIntentConfirmRequestPaymentMethodOptionsFpxPaymentMethodOptionsParam",
            "PostPaymentIntentConfirmRequestPaymentMethodOptionsFpxParam",
        ),
        (
            "EnterpriseConfigurationContentAndSharingCollaborationPermissions",
            "EnterpriseConfigContentAndSharingCollaborationPermissions",
        ),
        ("Short", "Short"),
    ],
)
def test_a_long_class_loses_what_it_says_twice_and_long_words(name: str, first: str) -> None:
    assert class_forms(name)[0] == first
    assert all(len(form) <= 60 for form in class_forms(name)[:-1])


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("pets", "pet"),
        ("categories", "category"),
        ("addresses", "address"),
        ("boxes", "box"),
        ("branches", "branch"),
        ("wishes", "wish"),
        ("class", "class"),
        ("is", "is"),
        ("ties", "tie"),
        ("pet", "pet"),
        ("status", "status"),
        ("statuses", "status"),
        ("people", "person"),
        ("series", "series"),
        ("sms", "sms"),
    ],
)
def test_a_plural_has_a_singular(plural: str, one: str) -> None:
    assert singular(plural) == one


def test_who_asks_first_gets_the_plain_name() -> None:
    scope = Scope()
    assert [scope.claim("a") for _ in range(3)] == ["a", "a_2", "a_3"]
    assert [scope.claim("Pet") for _ in range(3)] == ["Pet", "Pet2", "Pet3"]


def test_alternatives_come_before_numbers() -> None:
    scope = Scope({"id"})
    assert scope.claim("id", "path_id") == "path_id"
    assert scope.claim("id", "path_id") == "id_2"


def test_a_number_is_free_in_either_spelling() -> None:
    scope = Scope({"a", "a_2", "a3"})
    assert scope.claim("a") == "a_4"


def test_a_scope_with_many_equal_names_stays_fast() -> None:
    scope = Scope()
    assert len({scope.claim("a") for _ in range(50_000)}) == 50_000


def test_fields_hide_nothing_that_models_have() -> None:
    public = {
        name
        for cls in (BaseModel, RequestModel, OpenRequestModel, ResponseModel)
        for name in dir(cls)
        if not name.startswith("_")
    }
    assert public <= FIELD_RESERVED


def test_resources_hide_nothing_that_clients_have() -> None:
    public = {name for cls in (SyncClient, AsyncClient) for name in dir(cls) if not name.startswith("_")}
    assert public <= RESOURCE_RESERVED


def test_resources_have_no_public_names_that_methods_could_hide() -> None:
    assert [name for cls in (Resource, AsyncResource) for name in dir(cls) if not name.startswith("_")] == []


def test_types_that_annotations_name_are_no_fields() -> None:
    types = {name for name, value in vars(builtins).items() if isinstance(value, type) and name.islower()}
    used = {"list", "dict", "str", "int", "float", "bool", "bytes", "object"}
    assert used <= types
    assert used | {"date", "datetime"} <= FIELD_RESERVED
