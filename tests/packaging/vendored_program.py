"""Uses three vendored copies of the generated package as a publisher would; runs under every supported Python.

Given the dotted names of the copies on the command line. Prints one JSON line of what it saw.
"""

import asyncio
import importlib
import json
import sys
from decimal import Decimal
from types import ModuleType
from typing import Any

import httpx

SID = "XB" + "a" * 32
INSTALLED = "XE" + "b" * 32
ITEM = "BI" + "c" * 32


def answer(request: httpx.Request) -> httpx.Response:
    if request.method == "GET":
        return httpx.Response(200, json={"sid": SID, "pricing": {"body": "$10"}, "unknown": 1})
    item = {"sid": ITEM, "quantity": 12.355, "submitted": True}
    return httpx.Response(202, json={"total_submitted": 12.355, "billable_items": [item]})


async def report(package: ModuleType) -> Any:
    client = package.AsyncMarketplaceClient("SK", "secret", transport=httpx.MockTransport(answer))
    async with client:
        items = [{"sid": ITEM, "quantity": Decimal("12.355")}]
        return await client.usages.report(INSTALLED, billable_items=items)


def main(names: list[str]) -> None:
    packages = [importlib.import_module(name) for name in names]
    seen: list[dict[str, str]] = []
    for package in packages:
        with package.MarketplaceClient("SK", "secret", transport=httpx.MockTransport(answer)) as client:
            listing = client.listings.fetch(SID)
        usage = asyncio.run(report(package))
        module = type(listing).__module__
        assert usage.all_submitted, usage
        seen.append({"module": module, "sid": listing.sid, "total": str(usage.total)})
    classes = {id(package.MarketplaceClient) for package in packages}
    json.dump({"distinct": len(classes), "seen": seen}, sys.stdout)


main(sys.argv[1:])
