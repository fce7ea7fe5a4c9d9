"""What a type checker has to refuse; each checker has to complain on every line that is marked."""

from __future__ import annotations

from decimal import Decimal

import httpx

from twilio_marketplace import AsyncMarketplaceClient, MarketplaceClient, inputs, models


def fetch(client: MarketplaceClient) -> None:
    client.listings.fetch()  # error
    client.listings.fetch(5)  # error
    client.listings.fetch("XB", 5.0)  # error
    client.listings.fetch("XB", options={"timeout": 5})  # error
    client.listings.delete("XB")  # error
    _ = client.listings.fetch("XB").nothing  # error


def update(client: MarketplaceClient) -> None:
    client.listings.update("XB", pricing={"text": "Free"})  # error
    client.listings.update("XB", pricing={"body": 5})  # error
    client.listings.update("XB", pricing=None)  # error
    client.listings.update("XB", pricing="Free")  # error
    client.listings.update("XB", price={"body": "Free"})  # error
    client.listings.update("XB", pricing=models.PoliciesUpdate())  # error
    client.listings.update("XB", configuration={"buttons": {"url": "u"}})  # error
    _ = client.listings.update("XB").sid  # error


def report(client: MarketplaceClient) -> None:
    client.usages.report("XE")  # error
    client.usages.report("XE", [{"sid": "BI", "quantity": 1}])  # error
    client.usages.report("XE", billable_items=[{"sid": "BI"}])  # error
    client.usages.report("XE", billable_items=[{"sid": "BI", "quantity": 12.355}])  # error
    client.usages.report("XE", billable_items=[{"sid": "BI", "quantity": "12.355"}])  # error
    client.usages.report("XE", billable_items={"sid": "BI", "quantity": 1})  # error
    models.BillableItem(sid="BI")  # error
    models.BillableItem(sid="BI", quantity=Decimal(1), quantiy=Decimal(1))  # error
    item: inputs.BillableItemDict = {"sid": "BI", "quantity": 1, "note": ""}  # error
    item["sid"] = client.usages.report("XE", billable_items=[]).total_submitted  # error


async def concurrent(client: AsyncMarketplaceClient) -> None:
    _ = client.listings.fetch("XB").sid  # error
    await client.with_response(client.listings.fetch, 5)  # error


def construct() -> None:
    MarketplaceClient(http_client=httpx.AsyncClient())  # error
    AsyncMarketplaceClient(http_client=httpx.Client())  # error
    MarketplaceClient(timeout="5")  # error
    MarketplaceClient("SK", "secret", "https://example.com")  # error
