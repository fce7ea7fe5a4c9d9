"""The response beside the result: `with_response` keeps every type."""

from __future__ import annotations

import httpx
from typing_extensions import assert_type

from twilio_marketplace import (
    ApiResponse,
    AsyncMarketplaceClient,
    CallOptions,
    MarketplaceClient,
    NotModified,
    Reply,
    models,
)


def sync(client: MarketplaceClient) -> None:
    reply = client.with_response(client.listings.fetch, "XB")
    assert_type(reply, Reply[models.Listing])
    assert_type(reply.result, models.Listing)
    assert_type(reply.response, ApiResponse)
    assert_type(reply.response.status, int)
    assert_type(reply.response.headers, httpx.Headers)
    assert_type(reply.response.content, bytes)
    assert_type(reply.response.request_id, str | None)
    reply.result = models.Listing()  # error: mypy[misc] pyright[reportAttributeAccessIssue]

    updated = client.with_response(client.listings.update, "XB", pricing={"body": "$10"})
    assert_type(updated.result, models.Listing | NotModified)
    client.with_response(client.listings.fetch, "XB", options=CallOptions(timeout=1))
    client.with_response(client.listings.fetch)  # error: mypy[call-arg] pyright[reportCallIssue]
    client.with_response(client.listings.fetch, 1)  # error: mypy[arg-type] pyright[reportArgumentType]
    client.with_response(client.listings.fetch, "XB", sid="XB")  # error: mypy[misc] pyright[reportCallIssue]
    client.with_response(client.listings.update, "XB", price={})  # error: mypy[call-arg] pyright[reportCallIssue]
    client.with_response(client.listings.fetch("XB"))  # error: mypy[arg-type] pyright[reportArgumentType,reportCallIssue]


async def asynchronous(client: AsyncMarketplaceClient) -> None:
    reply = await client.with_response(client.listings.fetch, "XB")
    assert_type(reply, Reply[models.Listing])
    updated = await client.with_response(client.listings.update, "XB", pricing={"body": "$10"})
    assert_type(updated.result, models.Listing | NotModified)
    await client.with_response(client.listings.fetch)  # error: mypy[call-arg] pyright[reportCallIssue]


async def mixed(one: MarketplaceClient, other: AsyncMarketplaceClient) -> None:
    await other.with_response(one.listings.fetch, "XB")  # error: mypy[arg-type] pyright[reportArgumentType]
