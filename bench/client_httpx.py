"""The same calls written by hand with httpx and json, as contestants of the client benchmark."""

from __future__ import annotations

import json
from functools import partial
from typing import Any, Final

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


_CLOSING: Final = _HEADERS | {"Connection": "close"}


def _report_of(base_url: str, installation: str) -> tuple[str, dict[str, Any]]:
    """Where two items to bill go, as floats, and the body that says so."""
    items = [{"sid": ITEM, "quantity": quantity} for quantity in (12.355, 44.02)]
    return f"{base_url}/v1/InstalledAddOns/{installation}/Usage", {"billable_items": items}


def report(base_url: str, headers: dict[str, str] = _HEADERS) -> Work:
    """Two items to bill; the answer as a dict."""
    client = httpx.Client(auth=(KEY, SECRET), headers=headers, timeout=30)
    installations = sids("XE")

    def call() -> Any:
        url, body = _report_of(base_url, next(installations))
        response = client.post(url, json=body)
        response.raise_for_status()
        return json.loads(response.content)

    return Work(call, _usage_values)


def async_report(base_url: str, headers: dict[str, str] = _HEADERS) -> AsyncWork:
    """The same, awaited."""
    client = httpx.AsyncClient(auth=(KEY, SECRET), headers=headers, timeout=30)
    installations = sids("XE")

    async def call() -> Any:
        url, body = _report_of(base_url, next(installations))
        response = await client.post(url, json=body)
        response.raise_for_status()
        return json.loads(response.content)

    return AsyncWork(call, _usage_values)


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
    serve(
        {
            "fetch": fetch,
            "async-fetch": async_fetch,
            "report-kept": report,
            "report-own": partial(report, headers=_CLOSING),
            "async-report-kept": async_report,
            "async-report-own": partial(async_report, headers=_CLOSING),
        }
    )
