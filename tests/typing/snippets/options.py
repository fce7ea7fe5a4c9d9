"""Options of a call and of a client."""

from __future__ import annotations

import httpx

from twilio_marketplace import UNSET, AsyncMarketplaceClient, CallOptions, MarketplaceClient

client = MarketplaceClient(timeout=3, headers={"X-A": "a"}, base_url="https://example.com")
MarketplaceClient(timeout=None, http_client=httpx.Client())
MarketplaceClient(
    timeout=httpx.Timeout(3), transport=httpx.MockTransport(lambda request: httpx.Response(200))
)
AsyncMarketplaceClient(http_client=httpx.AsyncClient())
MarketplaceClient("a", "b", "c")  # error: mypy[call-arg] pyright[reportCallIssue]
MarketplaceClient(timeout="3")  # error: mypy[arg-type] pyright[reportArgumentType]
MarketplaceClient(api_token="x")  # error: mypy[call-arg] pyright[reportCallIssue]
MarketplaceClient(http_client=httpx.AsyncClient())  # error: mypy[arg-type] pyright[reportArgumentType]
AsyncMarketplaceClient(http_client=httpx.Client())  # error: mypy[arg-type] pyright[reportArgumentType]
AsyncMarketplaceClient(transport=httpx.HTTPTransport())  # error: mypy[arg-type] pyright[reportArgumentType]

options = CallOptions(
    timeout=2.5, headers={"X-A": "a"}, extra_query={"a": [1, "b"]}, extra_body={"a": {"b": 1}}
)
client.listings.fetch("XB", options=options)
client.listings.fetch("XB", options=CallOptions(timeout=None))
client.listings.fetch("XB", options=CallOptions(timeout=UNSET))
client.listings.fetch("XB", options=CallOptions(timeout=httpx.Timeout(5)))
client.listings.fetch("XB", options=None)
client.listings.fetch("XB", options={"timeout": 2.5})  # error: mypy[arg-type] pyright[reportArgumentType]
client.listings.fetch("XB", options)  # error: mypy[call-arg] pyright[reportCallIssue]
client.listings.fetch("XB", timeout=2.5)  # error: mypy[call-arg] pyright[reportCallIssue]
CallOptions(timeout="2")  # error: mypy[arg-type] pyright[reportArgumentType]
CallOptions(headers={"X-A": 1})  # error: mypy[dict-item] pyright[reportArgumentType]
CallOptions(retries=3)  # error: mypy[call-arg] pyright[reportCallIssue]
options.timeout = 3  # error: mypy[misc] pyright[reportAttributeAccessIssue]
