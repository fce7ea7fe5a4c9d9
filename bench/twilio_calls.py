"""Calls of the official `twilio` package, as its documentation shows them; runs in the peers' environment.

Prints one JSON object: by name of the call what it returned, or the exception that it raised.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from typing import Any

KEY, SECRET = "SK" + "b" * 32, "not-a-secret"
LISTING, INSTALLATION, ITEM = "XB" + "a" * 32, "XE" + "a" * 32, "BI" + "a" * 32


def _calls(base_url: str) -> dict[str, Callable[[], object]]:
    """The calls by name. Imported by name: the environment that types are checked in does not have the package."""
    client = importlib.import_module("twilio.rest").Client(KEY, SECRET)
    client.marketplace.base_url = base_url
    domain = client.marketplace.v1
    module = importlib.import_module("twilio.rest.marketplace.v1.installed_add_on.installed_add_on_usage")
    usages = module.InstalledAddOnUsageList

    def fetch() -> object:
        listing = domain.module_data_management(LISTING).fetch()
        return {"sid": listing.sid, "pricing": listing.pricing, "buttons": listing.configuration["buttons"]}

    def report() -> object:
        item = usages.MarketplaceV1InstalledAddOnInstalledAddOnUsageBillableItems
        items = [item({"sid": ITEM, "quantity": quantity}) for quantity in (12.355, 44.02)]
        report_class = usages.MarketplaceV1InstalledAddOnInstalledAddOnUsage
        usage = domain.installed_add_ons(INSTALLATION).usage.create(report_class({"billable_items": items}))
        return {"total_submitted": str(usage.total_submitted), "billable_items": usage.billable_items}

    def update_with_text() -> object:
        return domain.module_data_management(LISTING).update(pricing='{"body": "Basic plan"}').sid

    def update_with_dict() -> object:
        return domain.module_data_management(LISTING).update(pricing={"body": "Basic plan"}).sid

    return {
        "fetch": fetch,
        "report": report,
        "update_with_text": update_with_text,
        "update_with_dict": update_with_dict,
    }


def _outcome(call: Callable[[], object]) -> dict[str, Any]:
    try:
        return {"returned": call()}
    except Exception as error:
        facts = {key: getattr(error, key, None) for key in ("status", "code", "msg")}
        return {"raised": type(error).__name__, **facts}


if __name__ == "__main__":
    known = _calls(sys.argv[1])
    print(json.dumps({name: _outcome(known[name]) for name in sys.argv[2:]}))
