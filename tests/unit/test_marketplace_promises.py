"""What spec/marketplace.yaml promises: requests, results, scenarios, errors, marks; not whether examples are true."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

TREE = yaml.safe_load((Path(__file__).parents[2] / "spec" / "marketplace.yaml").read_text("utf-8"))


def inlined(node: Any) -> Any:
    """The node with every reference replaced by its target; the document has no recursive schema."""
    if isinstance(node, list):
        return [inlined(child) for child in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        found = TREE
        for key in node["$ref"].removeprefix("#/").split("/"):
            found = found[key]
        return inlined(found)
    return {key: inlined(child) for key, child in node.items()}


DOCUMENT = json.loads(json.dumps(inlined(TREE)), parse_float=Decimal)
SCHEMAS = DOCUMENT["components"]["schemas"]
LISTING = DOCUMENT["paths"]["/Listing/{Sid}"]
USAGE = DOCUMENT["paths"]["/InstalledAddOns/{InstalledAddOnSid}/Usage"]["post"]
OPERATIONS = {it["operationId"]: it for it in (LISTING["get"], LISTING["post"], USAGE)}
REQUEST_NAMES = {name for name in SCHEMAS if name.endswith("Update")} | {"UsageReport", "BillableItem"}
RESULT_NAMES = sorted(SCHEMAS.keys() - REQUEST_NAMES)

# The rows of the publisher overview that tell of a failure: name of the example, status, description.
FAILURES = [
    ("notInstalled", 404, "The Add-on isn't installed on the customer account or no Listing is found with the "
     "Installation SID."),
    ("accountMismatch", 403, "The Account Sid in the API request doesn't match with the Partner Account Sid "
     "attached to the Add-on."),
    ("manualReportingNotSetUp", 403, "The Add-on isn't set up to accept Manual Usage Reporting."),
    ("stateNotBillable", 403, "The Add-on isn't in one of the Marketing Preview, Private Beta, or Active state."),
    ("quantityMissing", 400, "Quantity is either null, empty, or 0."),
    ("billingEventFailed", 500, "Error received while generating a billing event."),
]  # fmt: skip


def schemas_below(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schema and all that it is made of."""
    yield schema
    children = [*schema.get("properties", {}).values(), *schema.get("anyOf", []), schema.get("items")]
    for child in children:
        if child is not None:
            yield from schemas_below(child)


def contents(parts: list[dict[str, Any]]) -> list[Any]:
    return [media["schema"] for part in parts for media in part.get("content", {}).values()]


def accepts(name: str, value: Any) -> bool:
    return jsonschema_rs.Draft202012Validator(SCHEMAS[name]).is_valid(value)


def test_operations_their_tags_and_their_server() -> None:
    assert {name: it["tags"] for name, it in OPERATIONS.items()} == {
        "fetchListing": ["Listings"],
        "updateListing": ["Listings"],
        "reportUsage": ["Usages"],
    }
    assert len(DOCUMENT["paths"]) == 2
    assert [server["url"] for server in DOCUMENT["servers"]] == ["https://marketplace.twilio.com/v1"]
    assert DOCUMENT["security"] == [{"basicAuth": []}]
    assert DOCUMENT["components"]["securitySchemes"]["basicAuth"]["scheme"] == "basic"


def test_what_a_publisher_has_to_know_is_there_with_its_source() -> None:
    said = json.dumps(TREE)
    for fact, source in (
        ("My Listings", "https://console.twilio.com/us1/develop/add-ons/publish/my-listings"),
        ("Available Add-ons", "https://www.twilio.com/docs/marketplace/api/available-add-ons"),
        ("Installed Add-ons", "https://www.twilio.com/docs/marketplace/api/installed-add-ons"),
        ("Manual Usage Reporting", "https://www.twilio.com/docs/marketplace/api/installed-add-ons-usage"),
        ("No-code Partner Listings", "https://github.com/twilio/twilio-oai/"),
        ("Monitor Alert", "https://www.twilio.com/docs/usage/monitor-alert"),
        ("preview hosts", "https://www.twilio.com/docs/marketplace/publishers/api-migration-publishers"),
        ("base URL", "https://www.twilio.com/docs/marketplace/publishers/api-overview-publishers"),
        ("/ReferralConversion", ""),
        ("/Listings", ""),
    ):
        assert fact in said and source in said, fact
    assert "publicly accessible" in SCHEMAS["ModuleInfoUpdate"]["properties"]["logo_url"]["description"]


def test_each_failure_of_the_scenario_table_says_what_it_raises_in_the_debugger() -> None:
    raised = {
        status: answer["x-clientsmith-notification"]
        for status, answer in USAGE["responses"].items()
        if "x-clientsmith-notification" in answer
    }
    assert {status: it["level"] for status, it in raised.items()} == {
        "400": "Warning", "403": "Warning", "404": "Warning", "500": "Error"
    }  # fmt: skip
    assert all(it["days"] == 30 and it["url"].endswith("/docs/usage/monitor-alert") for it in raised.values())


def test_requests_and_results_are_named_schemas_and_share_none() -> None:
    in_requests = contents([it["requestBody"] for it in OPERATIONS.values() if "requestBody" in it])
    in_results = contents([part for it in OPERATIONS.values() for part in it["responses"].values()])
    below_requests = [it for schema in in_requests for it in schemas_below(schema)]
    below_results = [it for schema in in_results for it in schemas_below(schema)]
    for name, schema in SCHEMAS.items():
        assert (schema in below_requests) is (name in REQUEST_NAMES), name
        assert (schema in below_results) is (name in RESULT_NAMES), name
    named = list(SCHEMAS.values())
    assert all(it in named for it in (*below_requests, *below_results) if "properties" in it)


@pytest.mark.parametrize("name", RESULT_NAMES)
def test_result_takes_whatever_comes(name: str) -> None:
    for schema in schemas_below(SCHEMAS[name]):
        assert not schema.keys() & {
            "enum",
            "const",
            "required",
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
        }
        assert schema.get("format") in {None, "decimal"}
        if "object" in str(schema.get("type")):
            assert schema["additionalProperties"] is True
    assert accepts(name, {})
    assert accepts(name, {"a key of tomorrow": [1]})
    assert all(accepts(name, {key: None}) for key in SCHEMAS[name]["properties"])


def test_error_has_the_keys_of_both_shapes() -> None:
    usual = {"code", "message", "more_info", "status", "detail", "details", "params"}
    problem = {"type", "title", "status", "code", "detail", "instance", "errors"}
    assert SCHEMAS["Error"]["properties"].keys() == usual | problem
    assert SCHEMAS["ErrorItem"]["properties"].keys() == {"detail", "pointer"}


def test_listing_sections_are_objects_that_travel_as_json_in_form_fields() -> None:
    (media_type, media), = LISTING["post"]["requestBody"]["content"].items()  # fmt: skip
    sections = media["schema"]["properties"]
    assert media_type == "application/x-www-form-urlencoded"
    types = {name: encoding["contentType"] for name, encoding in media["encoding"].items()}
    assert types == dict.fromkeys(sections, "application/json")
    larger = {name: it["x-clientsmith-warn-above"] for name, it in media["encoding"].items() if len(it) > 1}
    assert larger == {"Policies": 5_000_000}
    assert len(sections) == 7
    assert len(SCHEMAS["Listing"]["properties"]) == 9
    assert all(section["type"] == "object" for section in sections.values())
    assert all(isinstance(value, dict) for it in media["examples"].values() for value in it["value"].values())


@pytest.mark.parametrize(
    ("quantity", "accepted"),
    [
        ("12.355", True),
        ("0.0000000000000000000001", True),
        ("12345678901234567.123456789", True),
        ("0", False),
        ("-1", False),
        ("null", False),
        ('"12.355"', False),
    ],
)
def test_quantity_is_a_number_above_zero(quantity: str, *, accepted: bool) -> None:
    value = json.loads(quantity, parse_float=Decimal)
    assert (
        accepts("UsageReport", {"billable_items": [{"sid": "BI" + "a" * 32, "quantity": value}]}) is accepted
    )


def test_report_without_items_or_with_incomplete_ones_is_refused() -> None:
    assert not accepts("UsageReport", {"billable_items": []})
    assert not accepts("UsageReport", {})
    assert not accepts("BillableItem", {"sid": "BI" + "a" * 32})
    assert not accepts("BillableItem", {"quantity": 1})
    assert not accepts("BillableItem", {"sid": "XE" + "a" * 32, "quantity": 1})


def test_money_is_decimal_on_both_sides() -> None:
    money = [("BillableItem", "quantity"), ("SubmittedItem", "quantity"), ("UsageResult", "total_submitted")]
    assert all(SCHEMAS[schema]["properties"][name]["format"] == "decimal" for schema, name in money)


@pytest.mark.parametrize(("name", "status", "description"), FAILURES, ids=[row[0] for row in FAILURES])
def test_failure_scenario_stands_on_its_status_without_a_code(
    name: str, status: int, description: str
) -> None:
    examples = USAGE["responses"][str(status)]["content"]["application/json"]["examples"]
    assert examples[name]["value"] == {"status": status, "message": description}


def test_success_scenario_and_partial_success_stand_on_202() -> None:
    examples = USAGE["responses"]["202"]["content"]["application/json"]["examples"]
    assert examples["billingEventGenerated"]["summary"] == (
        "The request is successful, and a billing event is generated."
    )
    for name, submitted in {"billingEventGenerated": [True], "partlySubmitted": [False, True]}.items():
        items = examples[name]["value"]["billable_items"]
        assert [item["submitted"] for item in items] == submitted
        billed = sum(item["quantity"] for item in items if item["submitted"])
        assert billed == examples[name]["value"]["total_submitted"]


def test_named_examples_say_where_they_come_from() -> None:
    examples = DOCUMENT["components"]["examples"]
    scenarios = [it for name, it in examples.items() if name.startswith("Scenario")]
    assert len(scenarios) == len(FAILURES) + 1
    label = "Description from documentation, not a recording"
    assert all(it["description"].startswith(label) for it in scenarios)
    origins = (label, "Documentation example", "Constructed")
    assert all(it["description"].startswith(origins) for it in examples.values())


@pytest.mark.parametrize("name", OPERATIONS)
def test_errors_and_headers_are_declared(name: str) -> None:
    responses = OPERATIONS[name]["responses"]
    success = {"fetchListing": {"200"}, "updateListing": {"200", "304"}, "reportUsage": {"202"}}[name]
    errors = {"400", "401", "403", "404", "429", "500", "503", "default"}
    assert responses.keys() == success | errors
    usual = {"Twilio-Request-Id", "Twilio-Request-Duration", "Twilio-Concurrent-Requests"}
    for status, response in responses.items():
        assert response["headers"].keys() == usual | ({"Retry-After"} if status in {"429", "503"} else set())
        assert ("content" in response) is (status != "304")
    assert all(schema == SCHEMAS["Error"] for schema in contents([responses[status] for status in errors]))


def test_billing_and_unprocessed_requests_are_marked_and_the_marks_explained() -> None:
    assert [name for name, it in OPERATIONS.items() if it.get("x-clientsmith-bills")] == ["reportUsage"]
    for operation in OPERATIONS.values():
        marked = [s for s, it in operation["responses"].items() if it.get("x-clientsmith-not-processed")]
        assert marked == ["429"]
    assert "`x-clientsmith-bills: true`" in DOCUMENT["info"]["description"]
    assert "`x-clientsmith-not-processed: true`" in DOCUMENT["info"]["description"]


def test_partial_success_is_declared_where_items_can_be_left_unbilled_and_explained() -> None:
    name = "x-clientsmith-partial-success"
    marked = [
        (operation, status)
        for operation, it in OPERATIONS.items()
        for status, response in it["responses"].items()
        if name in response
    ]
    assert marked == [("reportUsage", "202")]
    assert f"`{name}`" in DOCUMENT["info"]["description"]
    declared = USAGE["responses"]["202"][name]
    assert declared["match"] == ["sid", "quantity"], "one SID may come twice"
    for example in USAGE["responses"]["202"]["content"]["application/json"]["examples"].values():
        answered = example["value"][declared["received"].strip("/")]
        assert all({*declared["match"], declared["accepted"]} <= item.keys() for item in answered)
        assert declared["total"].strip("/") in example["value"]
