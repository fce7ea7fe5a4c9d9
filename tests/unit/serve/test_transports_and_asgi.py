"""The httpx transports and the ASGI application give what the service answers, and refuse what needs a wire."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import httpx
import pytest

from clientsmith.serve.asgi import ServiceApp
from clientsmith.serve.mock import AsyncServiceTransport, FaultNeedsServerError, ServiceTransport
from clientsmith.serve.service import Service
from clientsmith.traffic.message import Fault
from tests.unit.serve.answering import LISTING, MARKETPLACE, RECORDINGS, USAGE, opened, usage

AUTH = ("SK1", "secret")
URL = "https://marketplace.twilio.com"


@pytest.fixture
def service() -> Service:
    return opened(MARKETPLACE, RECORDINGS)


class Always:
    def pick(self, operation_id: str | None) -> Fault | None:
        return Fault("truncate") if operation_id == "fetchListing" else None


def test_a_sync_client(service: Service) -> None:
    with httpx.Client(transport=ServiceTransport(service), auth=AUTH, base_url=URL) as client:
        response = client.post(
            USAGE, content=usage("12.355", "44.02"), headers={"Content-Type": "application/json"}
        )
        assert (response.status_code, response.json()["total_submitted"]) == (202, 44.02)
        assert int(response.headers["content-length"]) == len(response.content)
        assert response.elapsed.total_seconds() >= 0
        assert client.get(LISTING + "/x").status_code == 404
        service.use("not-modified")
        empty = client.post(LISTING, data={"Pricing": "{}"})
        assert (empty.status_code, empty.content, "content-length" in empty.headers) == (304, b"", False)
    assert [one.answer.operation for one in service.log] == ["reportUsage", None, "updateListing"]


def test_an_async_client_with_a_body_that_is_streamed(service: Service) -> None:
    async def parts() -> Any:
        yield usage("12.355")[:10]
        yield usage("12.355")[10:]

    async def main() -> httpx.Response:
        async with httpx.AsyncClient(
            transport=AsyncServiceTransport(service), auth=AUTH, base_url=URL
        ) as client:
            return await client.post(USAGE, content=parts(), headers={"Content-Type": "application/json"})

    response = asyncio.run(main())
    assert (response.status_code, response.json()["total_submitted"]) == (202, 12.355)


def test_an_asgi_application(service: Service) -> None:
    async def main() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=ServiceApp(service))  # type: ignore[arg-type] # scopes are mappings here
        async with httpx.AsyncClient(transport=transport, auth=AUTH, base_url=URL) as client:
            return [
                await client.get(LISTING + "?a=%C3%BC"),
                await client.get("/v1/Listing/XB%2F" + "a" * 32),
                await client.put(LISTING),
            ]

    found, bad, wrong = asyncio.run(main())
    assert (found.status_code, found.json()["pricing"]) == (200, {"body": "Basic plan - $10/month"})
    assert bad.status_code == 400
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, POST")
    assert [one.request.target for one in service.log][:2] == [
        LISTING + "?a=%C3%BC",
        "/v1/Listing/XB%2F" + "a" * 32,
    ]


def run_app(
    service: Service, scope: dict[str, Any], *received: dict[str, Any]
) -> list[MutableMapping[str, Any]]:
    waiting, sent = list(received), []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(ServiceApp(service)(scope, receive, send))
    return sent


def test_the_lifespan_is_answered_and_a_websocket_is_closed(service: Service) -> None:
    found = run_app(
        service, {"type": "lifespan"}, {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}
    )
    assert [one["type"] for one in found] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    closed = run_app(service, {"type": "websocket"}, {"type": "websocket.connect"})
    assert [one["type"] for one in closed] == ["websocket.close"]


def test_a_client_that_goes_away_in_the_middle_of_its_body_is_not_answered(service: Service) -> None:
    scope = {"type": "http", "method": "POST", "path": USAGE, "query_string": b"", "headers": []}
    part = {"type": "http.request", "body": b"{", "more_body": True}
    assert run_app(service, scope, part, {"type": "http.disconnect"}) == []
    assert service.log.total == 0


def test_a_fault_that_is_due_is_not_passed_over_in_silence(service: Service) -> None:
    service.add_fault(Always())
    with httpx.Client(transport=ServiceTransport(service), auth=AUTH, base_url=URL) as client:
        with pytest.raises(FaultNeedsServerError, match="truncate needs a connection"):
            client.get(LISTING)
        assert client.post(LISTING).status_code == 200
        service.clear_faults()
        assert client.get(LISTING).status_code == 200
