"""Connections that outlive a call: stale ones, ones with bytes nobody asked for, broken or blocked while sending, closed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.client.answers import HTML, LISTING_BODY, good, http
from tests.client.calls import (
    LISTING,
    MODES,
    OPERATIONS,
    Mode,
    Name,
    client_for,
    invoke,
    run,
)
from tests.client.checks import check_failure
from tests.client.fault_server import Script, Wire, serving
from twilio_marketplace import CallOptions, ClientClosedError, ClientError, TransportError

Scenario = Callable[[Callable[..., Awaitable[Any]]], Awaitable[Any]]


def play(mode: Mode, url: str, scenario: Scenario, **settings: Any) -> Any:
    """Run calls one after the other on one client; for a blocking client each is done before it is awaited."""

    async def over_async() -> Any:
        async with client_for("async", url, **settings) as client:
            return await scenario(lambda name, options=None: invoke(client, name, options))

    async def over_sync() -> Any:
        with client_for("sync", url, **settings) as client:

            async def call(name: str, options: Any = None) -> Any:
                return invoke(client, name, options)

            return await scenario(call)

    return asyncio.run(over_async() if mode == "async" else over_sync())


def _stale(ending: str) -> Script:
    def script(wire: Wire) -> None:
        wire.send(good(wire.request()))
        if wire.number == 1:
            wire.peek()
            getattr(wire, ending)()

    return script


async def _outcome(call: Awaitable[Any]) -> Any:
    try:
        return await call
    except ClientError as error:
        return error


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("ending", ["close", "reset"])
def test_connection_that_ends_at_the_moment_it_is_used_again(ending: str, name: Name, mode: Mode) -> None:
    async def scenario(call: Callable[..., Awaitable[Any]]) -> Any:
        await call("fetch")
        return await _outcome(call(name))

    with serving(_stale(ending)) as server:
        outcome = play(mode, server.url, scenario)
        seen = [request.operation for request in server.requests[1:]]

    if name == "fetch":
        assert not isinstance(outcome, ClientError), repr(outcome)
        assert seen == ["fetch"]
    else:  # it may have got through: that it did not is what this server knows, and nobody else
        assert type(outcome).__name__ == "ReadError"
        assert (outcome.outcome, outcome.attempts) == ("unknown", 1)
        assert seen == []


@pytest.mark.parametrize("mode", MODES)
def test_call_that_bills_takes_no_connection_that_lay_idle(mode: Mode) -> None:
    """Services close idle connections after some seconds: a post that crosses such an end has an unknown outcome."""

    async def scenario(call: Callable[..., Awaitable[Any]]) -> Any:
        await call("fetch")
        await asyncio.sleep(1.1)
        return await _outcome(call("report"))

    with serving(_stale("close")) as server:
        outcome = play(mode, server.url, scenario, retries=None)
        assert (server.posts, server.connections) == (1, 2)

    assert not isinstance(outcome, ClientError), repr(outcome)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_connection_closed_while_idle_costs_nothing(name: Name, mode: Mode) -> None:
    def script(wire: Wire) -> None:
        wire.send(good(wire.request()))
        wire.close()

    async def scenario(call: Callable[..., Awaitable[Any]]) -> Any:
        await call("fetch")
        await asyncio.sleep(0.03)
        return await call(name)

    with serving(script) as server:
        play(mode, server.url, scenario, retries=None)
        assert len(server.requests) == server.connections == 2


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_answer_that_nobody_asked_for_is_given_to_no_call(name: Name, mode: Mode) -> None:
    """Two answers to one request: the second one must not become the answer of the next call."""

    def script(wire: Wire) -> None:
        request = wire.request()
        wrong = http(202 if name == "report" else 200, b'{"sid":"someone else"}')
        wire.send(good(request) + (wrong if len(wire.server.requests) == 1 else b""))

    async def scenario(call: Callable[..., Awaitable[Any]]) -> Any:
        await call("fetch")
        return await _outcome(call(name))

    with serving(script) as server:
        outcome = play(mode, server.url, scenario, retries=None)

    assert not isinstance(outcome, ClientError), repr(outcome)
    assert "someone else" not in repr(outcome)


@pytest.mark.parametrize("mode", MODES)
def test_error_leaves_the_connection_in_order_for_the_next_call(mode: Mode) -> None:
    def script(wire: Wire) -> None:
        request = wire.request()
        wire.send(http(404, HTML, "text/html") if len(wire.server.requests) % 2 else good(request))

    async def scenario(call: Callable[..., Awaitable[Any]]) -> list[Any]:
        ended: list[Any] = []
        for _ in range(6):
            try:
                ended.append(await call("fetch"))
            except ClientError as error:
                ended.append(error)
        return ended

    with serving(script) as server:
        ended = play(mode, server.url, scenario)

    assert [getattr(item, "sid", item.__class__.__name__) for item in ended] == ["NotFound", LISTING] * 3
    assert server.connections == 1


LARGE = ("update", "report")
MUCH = CallOptions(extra_body={"Note": "x" * 8_000_000})
BROKEN_WHILE_SENDING = ("WriteError", "ReadError", "ProtocolError")
"""How it shows depends on how far the sending was when the reset came."""


def _send_large(mode: Mode, name: str, url: str, **settings: Any) -> ClientError:
    async def over_async() -> None:
        async with client_for("async", url, **settings) as client:
            await invoke(client, name, MUCH)

    def over_sync() -> None:
        with client_for("sync", url, **settings) as client:
            invoke(client, name, MUCH)

    with pytest.raises(ClientError) as caught:
        asyncio.run(over_async()) if mode == "async" else over_sync()
    return caught.value


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", LARGE)
def test_reset_while_a_large_body_is_being_sent(name: str, mode: Mode) -> None:
    def script(wire: Wire) -> None:
        wire.head()
        wire.some(100_000)
        wire.reset()

    with serving(script) as server:
        error = _send_large(mode, name, server.url, timeout=30)
        server.settle()
        assert (server.connections, len(server.requests), len(server.incomplete)) == (1, 0, 1)

    assert type(error).__name__ in BROKEN_WHILE_SENDING
    assert (error.outcome, error.attempts) == ("unknown", 1)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", LARGE)
def test_server_that_stops_reading_a_large_body(name: str, mode: Mode) -> None:
    with serving(lambda wire: wire.deaf()) as server:
        error = _send_large(mode, name, server.url, timeout=httpx.Timeout(10, write=0.2))
        assert (server.connections, len(server.requests)) == (1, 0)

    assert type(error).__name__ == "WriteTimeoutError"
    assert (error.outcome, error.attempts) == ("unknown", 1)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", LARGE)
def test_deadline_ends_the_sending_of_a_large_body(name: str, mode: Mode) -> None:
    with serving(lambda wire: wire.deaf()) as server:
        error = _send_large(mode, name, server.url, timeout=30, deadline=0.8)
        assert (server.connections, len(server.requests)) == (1, 0)

    assert type(error).__name__ == "DeadlineExceededError"
    assert (error.outcome, error.attempts) == ("unknown", 1)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", LARGE)
def test_answer_that_comes_before_the_body_was_sent(name: str, mode: Mode) -> None:
    """A service that refuses a body by its length answers early; the answer is what the caller sees, if it can be read."""

    def script(wire: Wire) -> None:
        wire.head()
        wire.send(http(413, HTML, "text/html", headers={"Connection": "close"}))
        wire.hang()

    with serving(script) as server:
        error = _send_large(mode, name, server.url)
        assert len(server.requests) <= 1

    if isinstance(error, TransportError):
        assert error.outcome == "unknown"
    else:
        assert type(error).__name__ == "PayloadTooLarge"
    assert error.attempts == 1


@pytest.mark.parametrize("wiring", ["own", "client", "transport"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_closed_client_sends_nothing(name: Name, mode: Mode, wiring: str) -> None:
    async def scenario(url: str) -> None:
        client = client_for(mode, url, wiring=wiring)
        for _ in range(2):
            client.close() if mode == "sync" else await client.aclose()
        with pytest.raises(ClientClosedError) as caught:
            _ = invoke(client, name) if mode == "sync" else await invoke(client, name)
        assert (caught.value.outcome, caught.value.attempts) == ("not_sent", 0)

    with serving(lambda wire: wire.hang()) as server:
        asyncio.run(scenario(server.url))
        assert server.connections == 0


@pytest.mark.parametrize("mode", MODES)
def test_slow_close_of_the_peer_does_not_hold_the_next_call(mode: Mode) -> None:
    """A whole answer was sent; that the connection stays half open afterwards is nobody's problem."""

    def script(wire: Wire) -> None:
        wire.request()
        wire.send(http(200, LISTING_BODY, headers={"Connection": "close"}))
        wire.hang()

    async def scenario(call: Callable[..., Awaitable[Any]]) -> None:
        for _ in range(3):
            await call("fetch")

    with serving(script) as server:
        start = time.monotonic()
        play(mode, server.url, scenario)
        assert time.monotonic() - start < 1
        assert server.connections == 3


@pytest.mark.parametrize("mode", MODES)
def test_stale_connections_are_not_among_the_attempts(mode: Mode) -> None:
    """One call after the other on a server that closes at once: each is one attempt."""

    def script(wire: Wire) -> None:
        wire.send(good(wire.request()))
        wire.close()

    with serving(script) as server:
        ended = run(mode, "report", server.url)
        assert ended.error is None
        assert [start.number for start in ended.told.starts] == [1]
    check = run(mode, "report", server.url, retries=None)
    check_failure(check, "report", server.url, "ConnectError", "not_sent", 1)


def test_async_client_is_used_and_closed_in_one_event_loop_after_another() -> None:
    def script(wire: Wire) -> None:
        wire.send(good(wire.request()))

    with serving(script) as server:
        client = client_for("async", server.url)
        for _ in range(2):
            assert asyncio.run(_fetch(client)).sid == LISTING
        asyncio.run(client.aclose())
        assert len(server.requests) == server.connections == 2


async def _fetch(client: Any) -> Any:
    return await invoke(client, "fetch")
