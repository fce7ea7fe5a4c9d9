"""What a publisher writes and a type checker has to accept, with the types it has to see."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, assert_type

import httpx

import twilio_marketplace
from twilio_marketplace import (
    AsyncMarketplaceClient,
    CallOptions,
    ClientError,
    MarketplaceClient,
    NotFound,
    NotModified,
    Outcome,
    Reply,
    StatusError,
    inputs,
    models,
)


def fetch(client: MarketplaceClient) -> None:
    listing = client.listings.fetch("XB")
    assert_type(listing, models.Listing)
    assert_type(listing.sid, str | None)
    assert_type(listing.pricing, models.ListingPricing | None)
    if listing.description is not None and listing.description.highlights is not None:
        assert_type(listing.description.highlights[0].title, str | None)


def update(client: MarketplaceClient) -> None:
    result = client.listings.update("XB", pricing={"body": "Free"})
    assert_type(result, models.Listing | NotModified)
    if isinstance(result, NotModified):
        return
    assert_type(result, models.Listing)
    section: inputs.DescriptionUpdateDict = {"body": "x", "highlights": [{"title": "a"}]}
    client.listings.update("XB", description=section, pricing=models.PricingUpdate(body="Free"))
    client.listings.update(
        sid="XB", configuration={"buttons": [models.ButtonUpdate(url="u"), {"label": "l"}]}
    )
    client.listings.update("XB")


def report(client: MarketplaceClient, items: Sequence[inputs.BillableItemDict]) -> None:
    result = client.usages.report("XE", billable_items=[{"sid": "BI", "quantity": Decimal("12.355")}])
    assert_type(result, models.UsageResult)
    assert_type(result.total_submitted, Decimal | None)
    client.usages.report("XE", billable_items=[models.BillableItem(sid="BI", quantity=Decimal(1))])
    client.usages.report(
        "XE",
        billable_items=[models.BillableItem(sid="BI", quantity=Decimal(1)), {"sid": "BI", "quantity": 2}],
    )
    client.usages.report("XE", billable_items=items)
    client.usages.report("XE", billable_items=(), options=CallOptions(timeout=5.0, headers={"X-Trace": "1"}))


async def concurrent(client: AsyncMarketplaceClient) -> None:
    assert_type(await client.listings.fetch("XB"), models.Listing)
    assert_type(await client.listings.update("XB", policies={"privacy": "p"}), models.Listing | NotModified)
    assert_type(
        await client.usages.report("XE", billable_items=[{"sid": "BI", "quantity": 1}]), models.UsageResult
    )
    reply = await client.with_response(client.listings.fetch, "XB")
    assert_type(reply, Reply[models.Listing])


def responses(client: MarketplaceClient) -> None:
    reply = client.with_response(client.listings.fetch, "XB", options=CallOptions(timeout=1))
    assert_type(reply, Reply[models.Listing])
    assert_type(reply.response.status, int)
    assert_type(reply.response.content, bytes)
    assert_type(reply.result.url, str | None)


def errors(client: MarketplaceClient) -> None:
    try:
        client.listings.fetch("XB")
    except NotFound as error:
        assert_type(error.status, int)
    except StatusError as error:
        assert_type(error.content, bytes)
    except ClientError as error:
        assert_type(error.outcome, Outcome)


def construct() -> None:
    MarketplaceClient()
    MarketplaceClient("SK", "secret", timeout=3, base_url="https://example.com")
    MarketplaceClient(
        api_key="SK", api_secret="s", transport=httpx.MockTransport(lambda _: httpx.Response(200))
    )
    AsyncMarketplaceClient(http_client=httpx.AsyncClient(), timeout=None)
    with MarketplaceClient() as client:
        assert_type(client, MarketplaceClient)


def unknown_keys(listing: models.Listing) -> None:
    assert_type(listing.model_extra, dict[str, Any] | None)
    assert_type(twilio_marketplace.models.Listing, type[models.Listing])
