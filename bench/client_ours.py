"""The generated client as a contestant of the client benchmark: fetch, report, and fetch in asyncio."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Final, TypeAlias

import twilio_marketplace
from client_worker import ITEM, KEY, SECRET, AsyncWork, Work, serve, sids
from twilio_marketplace import models


def _listing_values(listing: models.Listing) -> list[str | None]:
    assert listing.configuration
    assert listing.configuration.buttons
    return [listing.sid, listing.configuration.buttons[0].label]


Usage: TypeAlias = (
    "twilio_marketplace.PartialSuccess[models.UsageResult, models.BillableItem, models.SubmittedItem]"
)


def _usage_values(usage: Usage) -> list[float | bool | None]:
    assert usage.result.total_submitted
    assert usage.result.billable_items
    return [float(usage.result.total_submitted), *(item.submitted for item in usage.result.billable_items)]


def fetch(base_url: str) -> Work:
    """A listing, parsed into its model."""
    client = twilio_marketplace.MarketplaceClient(KEY, SECRET, base_url=f"{base_url}/v1")
    listings = sids("XB")
    return Work(lambda: client.listings.fetch(next(listings)), _listing_values)


_QUANTITIES: Final = Decimal("12.355"), Decimal("44.02")


def report(base_url: str, *, kept: bool) -> Work:
    """Two items to bill; the answer parsed into its model. By itself a client opens a connection for each call."""
    transport = twilio_marketplace.PooledTransport(reuse_for_billing=True) if kept else None
    client = twilio_marketplace.MarketplaceClient(KEY, SECRET, base_url=f"{base_url}/v1", transport=transport)
    installations = sids("XE")
    return Work(
        lambda: client.usages.report(
            next(installations),
            billable_items=[{"sid": ITEM, "quantity": quantity} for quantity in _QUANTITIES],
        ),
        _usage_values,
    )


def async_report(base_url: str, *, kept: bool) -> AsyncWork:
    """The same, awaited."""
    transport = twilio_marketplace.AsyncPooledTransport(reuse_for_billing=True) if kept else None
    client = twilio_marketplace.AsyncMarketplaceClient(
        KEY, SECRET, base_url=f"{base_url}/v1", transport=transport
    )
    installations = sids("XE")
    return AsyncWork(
        lambda: client.usages.report(
            next(installations),
            billable_items=[{"sid": ITEM, "quantity": quantity} for quantity in _QUANTITIES],
        ),
        _usage_values,
    )


def async_fetch(base_url: str) -> AsyncWork:
    """A listing, awaited."""
    client = twilio_marketplace.AsyncMarketplaceClient(KEY, SECRET, base_url=f"{base_url}/v1")
    listings = sids("XB")
    return AsyncWork(lambda: client.listings.fetch(next(listings)), _listing_values)


if __name__ == "__main__":
    serve(
        {
            "fetch": fetch,
            "async-fetch": async_fetch,
            "report-kept": partial(report, kept=True),
            "report-own": partial(report, kept=False),
            "async-report-kept": partial(async_report, kept=True),
            "async-report-own": partial(async_report, kept=False),
        }
    )
