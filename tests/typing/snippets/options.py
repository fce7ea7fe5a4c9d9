"""Options of a call and of a client."""

from __future__ import annotations

import httpx

from twilio_marketplace import (
    UNSET,
    AsyncMarketplaceClient,
    AsyncPooledTransport,
    Attempt,
    AttemptResult,
    CallOptions,
    Intent,
    IntentOutcome,
    Limits,
    MarketplaceClient,
    PooledTransport,
    Retries,
)


class Journal:
    def before_send(self, intent: Intent) -> None: ...
    def after_outcome(self, intent: Intent, outcome: IntentOutcome) -> None: ...


class AsyncJournal:
    async def before_send(self, intent: Intent) -> None: ...
    async def after_outcome(self, intent: Intent, outcome: IntentOutcome) -> None: ...


def ended(result: AttemptResult) -> None: ...


def quiet(attempt: Attempt) -> None:
    attempt.headers["traceparent"] = "00"


client = MarketplaceClient(timeout=3, headers={"X-A": "a"}, base_url="https://example.com")
MarketplaceClient(timeout=None, http_client=httpx.Client())
MarketplaceClient(
    timeout=httpx.Timeout(3), transport=httpx.MockTransport(lambda request: httpx.Response(200))
)
AsyncMarketplaceClient(http_client=httpx.AsyncClient())
MarketplaceClient(deadline=None, retries=None, validation="warn", limits=Limits(json_depth=9))
MarketplaceClient(journal=Journal(), hooks=[quiet, lambda attempt: ended], transport=PooledTransport())
AsyncMarketplaceClient(journal=AsyncJournal(), retries=Retries(attempts=2), transport=AsyncPooledTransport())
AsyncMarketplaceClient(journal=Journal())  # error: mypy[arg-type] pyright[reportArgumentType]
MarketplaceClient(journal=AsyncJournal())  # error: mypy[arg-type] pyright[reportArgumentType]
MarketplaceClient(validation="loose")  # error: mypy[arg-type] pyright[reportArgumentType]
MarketplaceClient(deadline="3")  # error: mypy[arg-type] pyright[reportArgumentType]
MarketplaceClient(retries=3)  # error: mypy[arg-type] pyright[reportArgumentType]
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
CallOptions(retries=3)  # error: mypy[arg-type] pyright[reportArgumentType]
CallOptions(attempts=3)  # error: mypy[call-arg] pyright[reportCallIssue]
CallOptions(validation="loose")  # error: mypy[arg-type] pyright[reportArgumentType]
CallOptions(deadline=None, retries=None, validation="strict", intent_id="a")
Retries(on_status=[500])  # error: mypy[call-arg] pyright[reportCallIssue]
options.timeout = 3  # error: mypy[misc] pyright[reportAttributeAccessIssue]
