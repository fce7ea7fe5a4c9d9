"""The asynchronous client: the same types, to be awaited."""

from __future__ import annotations

from decimal import Decimal

from typing_extensions import assert_type

from twilio_marketplace import AsyncMarketplaceClient, MarketplaceClient, NotModified, PartialSuccess, models


async def calls() -> None:
    async with AsyncMarketplaceClient("SK", "secret") as client:
        assert_type(client, AsyncMarketplaceClient)
        assert_type(await client.listings.fetch("XB"), models.Listing)
        assert_type(await client.listings.update("XB", pricing={"body": "$10"}), models.Listing | NotModified)
        report = await client.usages.report("XE", billable_items=[{"sid": "BI", "quantity": 1}])
        assert_type(report, PartialSuccess[models.UsageResult, models.BillableItem, models.SubmittedItem])
        assert_type(report.total, Decimal | None)
        _ = client.listings.fetch("XB").sid  # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
        client.listings.fetch("XB")  # error: mypy[unused-coroutine] pyright[reportUnusedCoroutine]
        await client.usages.report("XE", billable_items=[{"sid": "BI", "quantity": 1.5}])  # error: mypy[list-item] pyright[reportArgumentType]
        await client.usages.report("XE")  # error: mypy[call-arg] pyright[reportCallIssue]
    await client.aclose()
    client.close()  # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]


def blocking() -> None:
    with MarketplaceClient("SK", "secret") as client:
        assert_type(client, MarketplaceClient)
        assert_type(client.listings.fetch("XB"), models.Listing)
    client.close()
    with AsyncMarketplaceClient("SK", "secret"):  # error: mypy[attr-defined,attr-defined] pyright[reportGeneralTypeIssues,reportGeneralTypeIssues]
        pass


async def awaiting(client: MarketplaceClient) -> None:
    await client.listings.fetch("XB")  # error: mypy[misc] pyright[reportGeneralTypeIssues]
