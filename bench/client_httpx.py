"""The same calls written by hand with httpx and json, as contestants of the client benchmark."""

from __future__ import annotations

import json
from typing import Any

import httpx

from client_worker import ITEM, KEY, SECRET, AsyncWork, Work, serve, sids

# The headers that the generated client sends too; its Accept-Encoding names no more than these.
_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip, deflate",
    "User-Agent": "twilio-marketplace/1.0.0 by-hand/0.1",
}


def _listing_values(listing: Any) -> list[Any]:
    return [listing["sid"], listing["configuration"]["buttons"][0]["label"]]


def _usage_values(result: Any) -> list[Any]:
    return [result["total_submitted"], *(item["submitted"] for item in result["billable_items"])]


def fetch(base_url: str) -> Work:
    """A listing as a dict. The URL is made whole by hand: httpx takes longer to join it with a base URL."""
    client = httpx.Client(auth=(KEY, SECRET), headers=_HEADERS, timeout=30)
    listings = sids("XB")

    def call() -> Any:
        response = client.get(f"{base_url}/v1/Listing/{next(listings)}")
        response.raise_for_status()
        return json.loads(response.content)

    return Work(call, _listing_values)


def report(base_url: str) -> Work:
    """Two items to bill, as floats; the answer as a dict."""
    client = httpx.Client(auth=(KEY, SECRET), headers=_HEADERS, timeout=30)
    installations = sids("XE")

    def call() -> Any:
        items = [{"sid": ITEM, "quantity": quantity} for quantity in (12.355, 44.02)]
        url = f"{base_url}/v1/InstalledAddOns/{next(installations)}/Usage"
        response = client.post(url, json={"billable_items": items})
        response.raise_for_status()
        return json.loads(response.content)

    return Work(call, _usage_values)


def async_fetch(base_url: str) -> AsyncWork:
    """A listing as a dict, awaited; the limits of the pool are httpx's own."""
    client = httpx.AsyncClient(auth=(KEY, SECRET), headers=_HEADERS, timeout=30)
    listings = sids("XB")

    async def call() -> Any:
        response = await client.get(f"{base_url}/v1/Listing/{next(listings)}")
        response.raise_for_status()
        return json.loads(response.content)

    return AsyncWork(call, _listing_values)


if __name__ == "__main__":
    serve({"fetch": fetch, "report": report, "async-fetch": async_fetch})
