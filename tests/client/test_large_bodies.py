"""Large bodies: the connection breaks, blocks or answers while the request is still on its way out."""

from __future__ import annotations

import asyncio
import tracemalloc
from typing import Any

import httpx
import pytest

from tests.client.answers import HTML, good, http
from tests.client.calls import MODES, Mode, Name, client_for, invoke, run
from tests.client.fault_server import Wire, serving
from tests.client.faults import BOMB, LIMITS
from twilio_marketplace import CallOptions, ClientError, TransportError

LARGE = ("update", "report")
MUCH = CallOptions(extra_body={"Note": "x" * 8_000_000})
BROKEN_WHILE_SENDING = ("WriteError", "ReadError", "ProtocolError")
"""How it shows depends on how far the sending was when the reset came."""


def _send_large(mode: Mode, name: Name, url: str, **settings: Any) -> ClientError:
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
def test_reset_while_a_large_body_is_being_sent(name: Name, mode: Mode) -> None:
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
def test_server_that_stops_reading_a_large_body(name: Name, mode: Mode) -> None:
    with serving(lambda wire: wire.deaf()) as server:
        error = _send_large(mode, name, server.url, timeout=httpx.Timeout(10, write=0.2))
        assert (server.connections, len(server.requests)) == (1, 0)

    assert type(error).__name__ == "WriteTimeoutError"
    assert (error.outcome, error.attempts) == ("unknown", 1)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", LARGE)
def test_deadline_ends_the_sending_of_a_large_body(name: Name, mode: Mode) -> None:
    with serving(lambda wire: wire.deaf()) as server:
        error = _send_large(mode, name, server.url, timeout=30, deadline=0.8)
        assert (server.connections, len(server.requests)) == (1, 0)

    assert type(error).__name__ == "DeadlineExceededError"
    assert (error.outcome, error.attempts) == ("unknown", 1)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", LARGE)
def test_answer_that_comes_before_the_body_was_sent(name: Name, mode: Mode) -> None:
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


@pytest.mark.parametrize("mode", MODES)
def test_bomb_is_not_unpacked_beyond_the_limit(mode: Mode) -> None:
    """50 MB in 50 kB: what the client takes of it stays near what it was told to take at most."""

    def script(wire: Wire) -> None:
        wire.send(good(wire.request(), body=BOMB, headers={"Content-Encoding": "gzip"}))

    with serving(script) as server:
        run(mode, "fetch", server.url, limits=LIMITS)  # once, so that everything is imported
        tracemalloc.start()
        try:
            ended = run(mode, "fetch", server.url, limits=LIMITS)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert type(ended.error).__name__ == "ResponseDecodeError"
    assert "longer than 200000 bytes" in str(ended.error)
    assert peak < 10_000_000
