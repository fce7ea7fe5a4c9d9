"""The model of an API as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clientsmith.config.load import load_config
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics, Severity
from tests.unit.api.apis import Built, spelled
from tests.unit.api.conftest import Build

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("title", "package", "client"),
    [
        ("Pet Store", "pet_store", "PetStoreClient"),
        ("The pet API", "the_pet", "ThePetClient"),
        ("Pets Reference", "pets", "PetsClient"),
        ("Documentation for the Pet Specification", "pet", "PetClient"),
        ("Calendar API Docs", "calendar_client", "CalendarClient"),
        ("API Reference", "api", "ApiClient"),
        ("Pets REST API v2", "pets_v2", "PetsV2Client"),
        ("Swagger Petstore - OpenAPI 3.0", "swagger_petstore", "SwaggerPetstoreClient"),
        ("GitHub's official OpenAPI spec", "github_official", "GitHubOfficialClient"),
        ("Reference Data API", "reference_data", "ReferenceDataClient"),
        ("API definition with a cat", "cat", "CatClient"),
        ("PayPal OpenAPI spec", "paypal", "PayPalClient"),
        ("API", "api", "ApiClient"),
        ("API V1", "v1", "ApiV1Client"),
        ("REST API v2.1", "v2_1", "ApiV21Client"),
        ("123", "client_123", "Client123Client"),
        ("🙂", "client", "ApiClient"),
    ],
)
def test_the_title_names_package_and_client(api: Build, title: str, package: str, client: str) -> None:
    made = api({"info": {"title": title, "version": "2"}, "paths": {}}).made
    assert (made.title, made.version, made.package) == (title, "2", package)
    assert made.client_class.isidentifier() and made.async_client_class == f"Async{made.client_class}"
    if title[0].isascii() and title[0].isalpha():
        assert made.client_class == client


@pytest.mark.parametrize(
    ("title", "client"),
    [("3D Maps", "Api3DMapsClient"), ("日本語 API", "Api日本語Client"), ("Привет мир", "ПриветМирClient")],
)
def test_a_client_begins_with_a_capital_and_ends_in_client(api: Build, title: str, client: str) -> None:
    made = api({"info": {"title": title, "version": "2"}, "paths": {}}).made

    assert (made.client_class, made.async_client_class) == (client, f"Async{client}")


def test_the_configuration_names_package_and_client(api: Build) -> None:
    made = api({"paths": {}}, Config(package_name="pets", client_class="Pets")).made
    assert (made.package, made.client_class, made.async_client_class) == ("pets", "Pets", "AsyncPets")


def test_webhooks_are_no_calls_but_their_schemas_can_be_read(api: Build) -> None:
    made = api(
        {
            "webhooks": {"born": {"post": {}}},
            "components": {"schemas": {"Born": {"type": "object", "properties": {"a": {}}}}},
        }
    )
    assert made.made.resources == ()
    assert made.cls("Born").direction == "response"
    assert made.ids(Severity.NOTE) == ["webhook-not-generated"]


def test_what_an_operation_says_about_itself_is_kept(api: Build) -> None:
    operation = {
        "operationId": "op", "summary": "S", "description": "D", "deprecated": True, "x-clientsmith-bills": True,
        "responses": {"204": {"description": ""}},
    }  # fmt: skip
    found = api({"paths": {"/a~b": {"post": operation}}}).only
    assert (found.summary, found.description, found.deprecated, found.bills) == ("S", "D", True, True)
    assert (found.method, found.path, found.pointer) == ("POST", "/a~b", "/paths/~1a~0b/post")


def test_an_operation_that_refers_to_nothing_is_an_error_or_left_out(api: Build, tmp_path: Path) -> None:
    operation: dict[str, Any] = {
        "operationId": "op",
        "parameters": [{"name": "a", "in": "body"}],
        "responses": {"204": {"description": ""}},
    }
    document: dict[str, Any] = {
        "paths": {"/x": {"get": operation}, "/y": {"get": {"operationId": "y", "responses": {}}}}
    }
    refused = api(document)
    assert (refused.api, refused.ids()) == (None, ["operation-unsupported"])
    skipped = api(document, Config(unsupported="skip"))
    assert (list(skipped.operations), skipped.ids()) == (["y"], ["operation-skipped"])


def marketplace(tmp_path: Path) -> Built:
    from clientsmith.api.builder import build
    from clientsmith.document.references.resolve import resolve
    from clientsmith.document.text.parse import load

    diagnostics = Diagnostics()
    config = load_config(str(ROOT / "clientsmith.toml"), diagnostics)
    document = load(ROOT / "spec" / "marketplace.yaml", diagnostics)
    assert config is not None and document is not None
    resolved = resolve(document, diagnostics)
    assert resolved is not None
    return Built(build(resolved, config, diagnostics).api, diagnostics)


def test_the_marketplace_is_read_without_a_warning(tmp_path: Path) -> None:
    made = marketplace(tmp_path)
    assert made.ids() == []
    assert {
        key: (item.name, spelled(item.result), item.may_not_modify, item.bills)
        for key, item in made.operations.items()
    } == {
        "fetchListing": ("fetch", "Listing", False, False),
        "updateListing": ("update", "Listing", True, False),
        "reportUsage": ("report", "nothing", False, True),
    }
    partial = made.operations["reportUsage"].responses[0].partial
    assert partial is not None
    assert (spelled(partial.sent_item), spelled(partial.received_item)) == ("BillableItem", "SubmittedItem")
    assert made.fields("BillableItem")["quantity"] == "Decimal(exclusive_minimum=0)"
    assert made.made.requires_credentials
