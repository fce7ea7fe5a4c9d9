"""Connections that outlive a call: stale ones, ones with bytes that nobody asked for, those of another loop, closed ones."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.client.answers import HTML, LISTING_BODY, good, http
from tests.client.calls import (
    LISTING,
    MODES,
    OPERATIONS,
    Mode,
    Name,
    client_for,
    decoded,
    invoke,
    run,
)
from tests.client.checks import check_failure
from tests.client.fault_server import Script, Wire, serving
from tests.patience import PATIENCE
from twilio_marketplace import ClientClosedError, ClientError

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

    if name != "update":  # a call that bills never meets such a connection
        assert not isinstance(outcome, ClientError), repr(outcome)
        assert seen == [name]
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


def _two_answers(name: Name, pause: float) -> Script:
    """Answers the first request twice: at once in the same packet, or the second time a little later."""

    def script(wire: Wire) -> None:
        request = wire.request()
        wrong = http(202 if name == "report" else 200, b'{"sid":"someone else"}')
        first = len(wire.server.requests) == 1
        wire.send(good(request) + (wrong if first and not pause else b""))
        if first and pause:
            wire.server.closing.wait(pause)
            wire.send(wrong)

    return script


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("pause", [0, 0.02])
def test_answer_that_nobody_asked_for_is_given_to_no_call(pause: float, name: Name, mode: Mode) -> None:
    """What follows the answer of one call on its connection must never be taken for the answer of the next one."""

    async def scenario(call: Callable[..., Awaitable[Any]]) -> Any:
        await call("fetch")
        await asyncio.sleep(3 * pause)
        return await _outcome(call(name))

    with serving(_two_answers(name, pause)) as server:
        outcome = play(mode, server.url, scenario, retries=None)

    assert not isinstance(outcome, ClientError), repr(outcome)
    assert "someone else" not in repr(decoded(outcome))


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
        assert time.monotonic() - start < PATIENCE
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
