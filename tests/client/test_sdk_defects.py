"""The nine defects that the official Python SDK has on these operations, one test each that this client passes."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from tests.client.answers import USUAL, good, http
from tests.client.calls import (
    INSTALLATION,
    ITEM,
    ITEMS,
    KEY,
    LISTING,
    MODES,
    SECRET,
    Mode,
    client_for,
    decoded,
    method_of,
    run,
)
from tests.client.fault_server import FaultServer, Script, Wire, serving
from twilio_marketplace import (
    AsyncMarketplaceClient,
    InternalServerError,
    MarketplaceClient,
    NotModified,
    RedirectError,
    RequestValidationError,
    ResponseDecodeError,
)


def _good(wire: Wire) -> None:
    wire.send(good(wire.request()))


def call(mode: Mode, server: FaultServer, name: str, subject: str, **keywords: Any) -> Any:
    """One call with arguments of its own."""

    async def over_async() -> Any:
        async with client_for("async", server.url) as client:
            return decoded(await method_of(client, name)(subject, **keywords))

    if mode == "async":
        return asyncio.run(over_async())
    with client_for("sync", server.url) as client:
        return decoded(method_of(client, name)(subject, **keywords))


def ended(mode: Mode, name: Any, script: Script) -> tuple[Any, int]:
    """What came of a plain call, error or result, and how many requests arrived."""
    with serving(script) as server:
        it = run(mode, name, server.url)
        return it.error or it.result, len(server.requests)


@pytest.mark.parametrize("mode", MODES)
def test_1_listing_update_sends_the_values_and_not_only_the_keys(mode: Mode) -> None:
    info = {"name": "Example add-on", "tagline": "a & b = ü+ %"}
    with serving(_good) as server:
        call(mode, server, "update", LISTING, module_info=info, pricing={"body": "$10/month"})
        (request,) = server.requests

    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    form = parse_qs(request.body.decode(), strict_parsing=True)
    assert {name: json.loads(value) for name, (value,) in form.items()} == {
        "ModuleInfo": info,
        "Pricing": {"body": "$10/month"},
    }


def test_2_async_report_sends_json_and_the_same_bytes_as_sync() -> None:
    with serving(_good) as server:
        for mode in MODES:
            call(mode, server, "report", INSTALLATION, billable_items=ITEMS)
        first, second = server.requests

    assert first.raw == second.raw
    assert first.headers["content-type"] == "application/json"
    assert first.body == b'{"billable_items":[{"sid":"%s","quantity":12.355}]}' % ITEM.encode()


@pytest.mark.parametrize("mode", MODES)
def test_3_retries_never_post_a_billing_event_again_after_a_500(mode: Mode) -> None:
    def script(wire: Wire) -> None:
        wire.request()
        wire.send(http(500, USUAL))

    error, posts = ended(mode, "report", script)

    assert posts == 1
    assert isinstance(error, InternalServerError)
    assert (error.outcome, error.attempts) == ("unknown", 1)


@pytest.mark.parametrize("mode", MODES)
def test_4_money_is_exact_both_ways(mode: Mode) -> None:
    amount = Decimal("12345678901234567.1234567890")
    answer = b'{"total_submitted":44.02,"billable_items":[{"quantity":%s}]}' % str(amount).encode()
    with serving(lambda wire: wire.send(good(wire.request(), body=answer))) as server:
        result = call(
            mode, server, "report", INSTALLATION, billable_items=[{"sid": ITEM, "quantity": amount}]
        )
        assert b'"quantity":12345678901234567.1234567890}' in server.requests[0].body

    assert str(result.total_submitted) == "44.02"
    assert str(result.billable_items[0].quantity) == str(amount)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("quantity", "advice"),
    [
        (Decimal("NaN"), "NaN"),
        (Decimal("Infinity"), "infinity"),
        (float("nan"), "NaN"),
        (0, "greater than 0"),
        (Decimal("-1"), "greater than 0"),
        (12.355, 'Decimal("12.355")'),
        (True, "bool"),
        (None, ""),
    ],
)
def test_4_money_that_cannot_be_meant_is_refused_before_anything_is_sent(
    quantity: Any, advice: str, mode: Mode
) -> None:
    with serving(_good) as server:
        with pytest.raises(RequestValidationError) as caught:
            call(mode, server, "report", INSTALLATION, billable_items=[{"sid": ITEM, "quantity": quantity}])
        assert server.connections == 0

    assert advice in str(caught.value)
    assert (caught.value.outcome, caught.value.attempts) == ("not_sent", 0)
    assert caught.value.problems[0].location[-1] == "quantity"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("items", [[], [{"sid": ITEM}], [{"quantity": 1}], None])
def test_4_report_without_items_or_with_half_of_one_is_refused(items: Any, mode: Mode) -> None:
    with serving(_good) as server:
        with pytest.raises(RequestValidationError):
            call(mode, server, "report", INSTALLATION, billable_items=items)
        assert server.connections == 0


@pytest.mark.parametrize("mode", MODES)
def test_5_billed_items_come_back_as_objects(mode: Mode) -> None:
    with serving(_good) as server:
        result = call(mode, server, "report", INSTALLATION, billable_items=ITEMS)

    (item,) = result.billable_items
    assert not isinstance(item, dict)
    assert (item.sid, item.quantity, item.submitted) == (ITEM, Decimal("12.355"), True)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("status", "expected"), [(304, NotModified), (302, RedirectError), (200, ResponseDecodeError)]
)
def test_6_answers_without_a_body_are_results_or_errors_of_ours(
    status: int, expected: type[Any], mode: Mode
) -> None:
    def script(wire: Wire) -> None:
        wire.request()
        wire.send(http(status, None if status == 304 else b"", headers={"Location": "/v1/elsewhere"}))

    outcome, posts = ended(mode, "update", script)

    assert isinstance(outcome, expected)
    assert posts == 1


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["fetch", "update", "report"])
@pytest.mark.parametrize(
    "sid", ["../foo?x=1", "..", ".", "", "a/b", LISTING + "/../x", LISTING + "\r\nX: y", "%2e%2e", None]
)
def test_7_sid_that_would_change_the_path_is_refused(sid: Any, name: str, mode: Mode) -> None:
    keywords = {"billable_items": ITEMS} if name == "report" else {}
    with serving(_good) as server:
        with pytest.raises(RequestValidationError):
            call(mode, server, name, sid, **keywords)
        assert server.connections == 0


@pytest.mark.parametrize("mode", MODES)
def test_8_errors_keep_the_response_headers(mode: Mode) -> None:
    def script(wire: Wire) -> None:
        wire.request()
        wire.send(http(404, USUAL, headers={"Twilio-Concurrent-Requests": "17", "X-Else": "kept"}))

    error, _ = ended(mode, "fetch", script)

    assert error.headers["twilio-concurrent-requests"] == "17"
    assert error.headers["x-else"] == error.response.headers["X-Else"] == "kept"


def test_8_no_call_waits_for_ever_by_default() -> None:
    seen: list[dict[str, Any]] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request.extensions["timeout"])
        return httpx.Response(200, json={})

    async def over_async() -> None:
        async with AsyncMarketplaceClient(KEY, SECRET, transport=httpx.MockTransport(handle)) as client:
            await client.listings.fetch(LISTING)

    with MarketplaceClient(KEY, SECRET, transport=httpx.MockTransport(handle)) as client:
        client.listings.fetch(LISTING)
    asyncio.run(over_async())

    assert len(seen) == 2
    for timeout in seen:
        assert timeout.keys() == {"connect", "read", "write", "pool"}
        assert all(0 < seconds <= 60 for seconds in timeout.values())


@pytest.mark.parametrize("mode", MODES)
def test_9_report_sends_the_key_that_the_api_knows(mode: Mode) -> None:
    with serving(_good) as server:
        call(mode, server, "report", INSTALLATION, billable_items=ITEMS)
        assert json.loads(server.requests[0].body).keys() == {"billable_items"}
        with pytest.raises(TypeError):
            call(mode, server, "report", INSTALLATION, billableItems=ITEMS)
        with pytest.raises(RequestValidationError):
            call(mode, server, "report", INSTALLATION, billable_items=[{**ITEMS[0], "billableItem": 1}])
        assert len(server.requests) == 1
