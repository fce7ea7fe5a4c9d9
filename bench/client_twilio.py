"""The official `twilio` package as a contestant of the client benchmark; runs in the peers' environment."""

from __future__ import annotations

import importlib
from typing import Any

from client_worker import ITEM, KEY, SECRET, Work, serve, sids


def _domain(base_url: str) -> Any:
    """Version 1 of its Marketplace API at another host; the session that it makes for itself keeps connections.

    Imported by name: the environment that types are checked in does not have the package.
    """
    client = importlib.import_module("twilio.rest").Client(KEY, SECRET)
    client.marketplace.base_url = base_url
    return client.marketplace.v1


def fetch(base_url: str) -> Work:
    """A listing as its instance, whose sections are dicts."""
    domain = _domain(base_url)
    listings = sids("XB")
    return Work(
        lambda: domain.module_data_management(next(listings)).fetch(),
        lambda listing: [listing.sid, listing.configuration["buttons"][0]["label"]],
    )


def report(base_url: str) -> Work:
    """Two items to bill, as floats: it takes no Decimal. The answer as its instance, whose items are dicts."""
    domain = _domain(base_url)
    installations = sids("XE")
    module = importlib.import_module("twilio.rest.marketplace.v1.installed_add_on.installed_add_on_usage")
    usages = module.InstalledAddOnUsageList
    report_class = usages.MarketplaceV1InstalledAddOnInstalledAddOnUsage
    item_class = usages.MarketplaceV1InstalledAddOnInstalledAddOnUsageBillableItems

    def call() -> Any:
        items = [item_class({"sid": ITEM, "quantity": quantity}) for quantity in (12.355, 44.02)]
        usage = domain.installed_add_ons(next(installations)).usage
        return usage.create(report_class({"billable_items": items}))

    def values(result: Any) -> list[Any]:
        submitted = [item["submitted"] for item in result.billable_items]
        return [float(result.total_submitted), *submitted]

    return Work(call, values)


if __name__ == "__main__":
    serve({"fetch": fetch, "report": report})
