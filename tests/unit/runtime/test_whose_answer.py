"""What is known of the connection of an answer: whether it was opened for it, and what else came on it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import httpcore
import httpx
import pytest

from clientsmith.runtime import AsyncPooledTransport, Outcome, PooledTransport
from clientsmith.runtime.client.call import Call
from clientsmith.runtime.http.following import Following, async_following, following, is_multiplexed
from clientsmith.runtime.http.link import foreign_link, is_in_process
from clientsmith.runtime.http.sockets import carried, wire
from clientsmith.runtime.http.sockets.attempt_state import AttemptState
from clientsmith.runtime.http.sockets.parser import parser_of
from clientsmith.runtime.http.transport import from_other
from tests.patience import PATIENCE
from tests.unit.runtime.small_api import ADD_ON, AsyncSmallClient, Client
from tests.unit.runtime.sockets import OK, plain, serving
from tests.unit.runtime.test_pool import request
from tests.unit.runtime.test_watching import ITEMS, AsyncMemory, Memory


def traced(*events: str | tuple[str, str, bytes]) -> AttemptState:
    """A attempt_state after events of httpcore; those of a request with its protocol, method and target."""
    attempt_state = AttemptState()
    for event in events:
        if isinstance(event, str):
            attempt_state.trace(event, {})
            continue
        protocol, method, target = event
        sent = SimpleNamespace(method=method.encode(), url=SimpleNamespace(target=target))
        attempt_state.trace(f"{protocol}.send_request_headers.started", {"request": sent})
    return attempt_state


POST = ("http11", "POST", b"/x")
FORWARDED = ("http11", "POST", b"http://api.example.com/x")
CONNECT = ("http11", "CONNECT", b"api.example.com:443")


@pytest.mark.parametrize(
    ("events", "opened", "sent"),
    [
        (("connection.connect_tcp.started",), None, False),
        (("connection.connect_tcp.complete", POST), True, True),
        (("connection.connect_unix_socket.complete", POST), True, True),
        (("connection.connect_tcp.failed",), None, False),
        ((POST,), False, True),
        (("connection.connect_tcp.complete", FORWARDED), False, True),
        (("connection.connect_tcp.complete", CONNECT), None, False),
        (("connection.connect_tcp.complete", CONNECT, "proxy.start_tls.complete", POST), True, True),
        (("socks.connect_tcp.complete", "socks.setup_socks5_connection.complete", POST), True, True),
        # A transport that repeats on its own: what carries the second request has carried the first one.
        (("connection.connect_tcp.complete", POST, POST), False, True),
        (("connection.connect_tcp.complete", POST, "connection.connect_tcp.complete", POST), True, True),
        (("connection.close.complete",), None, False),
    ],
)  # fmt: skip
def test_the_trace_says_whose_connection_it_is(events: Any, opened: bool | None, sent: bool) -> None:
    attempt_state = traced(*events)
    assert (attempt_state.opened, attempt_state.sent) == (opened, sent)


@pytest.mark.parametrize(
    ("version", "multiplexed"),
    [("HTTP/1.0", False), ("HTTP/1.1", False), ("HTTP/2", True), ("HTTP/3", True)],
)
def test_versions_with_streams(version: str, multiplexed: bool) -> None:
    assert is_multiplexed(version) is multiplexed


def test_what_is_in_this_process() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(204)

    async def app(*_: Any) -> None:
        return None

    mock, real = httpx.MockTransport(answer), httpx.HTTPTransport(verify=ssl.create_default_context())
    marked = httpx.BaseTransport()
    assert not is_in_process(marked)
    marked.in_process = True  # type: ignore[attr-defined]
    known = [mock, httpx.ASGITransport(app), httpx.WSGITransport(lambda *_: []), marked]
    assert all(map(is_in_process, known)) and not is_in_process(real)
    assert is_in_process(httpx.Client(transport=mock, trust_env=False))
    assert is_in_process(httpx.AsyncClient(transport=mock, trust_env=False))
    mixed = httpx.Client(transport=mock, mounts={"https://": real}, trust_env=False)
    assert not is_in_process(mixed)
    assert not foreign_link(mock, trace="trace", bills=True).says_close(bills=True)
    assert foreign_link(real, trace="trace", bills=True).says_close(bills=False)
    assert not foreign_link(real, trace="trace", bills=False).says_close(bills=False)


class _Wrapped(httpx.SyncByteStream):
    def __init__(self, inner: httpx.SyncByteStream) -> None:
        self.inner = inner


def test_a_stream_that_something_wraps_hides_what_follows() -> None:
    with serving() as seen:
        pool = PooledTransport()
        response = pool.handle_request(request(seen.url))
        assert b"".join(response.stream) == b"ok"  # type: ignore[arg-type]
        assert following(response, 0.01) is Following.NOTHING
        stream, response.stream = response.stream, _Wrapped(response.stream)  # type: ignore[arg-type]
        assert parser_of(response.stream) is None
        assert following(response, 0.01) is Following.HIDDEN
        stream.close()
        pool.close()


class Script:
    """A network stream that ends in its own way."""

    def __init__(self, end: bytes | Exception) -> None:
        self.end = end

    def read(self, size: int, timeout: float) -> bytes:
        if isinstance(self.end, Exception):
            raise self.end
        return self.end[:size]


def _caused(cause: Exception) -> httpcore.ReadError:
    error = httpcore.ReadError("broken")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (b"", Following.END),
        (b"HTTP/1.1 202", Following.DATA),
        (httpcore.ReadTimeout("timed out"), Following.NOTHING),
        (_caused(ConnectionResetError()), Following.END),
        (_caused(_caused(ConnectionResetError())), Following.END),
        (_caused(ssl.SSLError("bad record")), Following.HIDDEN),
        (_caused(BlockingIOError()), Following.HIDDEN),
    ],
)
def test_ends_of_a_connection(end: bytes | Exception, expected: Following) -> None:
    class AsyncScript(Script):
        async def read(self, size: int, timeout: float) -> bytes:  # type: ignore[override]
            return super().read(size, timeout)

    def answer(stream: object, rest: tuple[bytes, bool] = (b"", False), **headers: str) -> httpx.Response:
        body = SimpleNamespace(_h11_state=SimpleNamespace(trailing_data=rest))
        extensions = {"network_stream": stream, "http_version": b"HTTP/1.1"}
        response = httpx.Response(429, headers=headers, content=b"", extensions=extensions)
        response.stream, response.is_closed = body, False  # type: ignore[assignment]
        return response

    sized = {"Content-Length": "0"}
    assert following(answer(Script(end), **sized), 1.0) is expected
    assert asyncio.run(async_following(answer(AsyncScript(end), **sized), 1.0)) is expected
    assert following(answer(Script(end), **sized), 0.0) is Following.NOTHING
    assert following(answer(Script(end), (b"HTTP", False), **sized), 1.0) is Following.DATA
    assert following(answer(Script(end), (b"", True), **sized), 1.0) is Following.END
    unsized = answer(Script(end))
    unsized.headers = httpx.Headers()
    assert following(unsized, 1.0) is Following.UNSIZED


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_a_server_that_speaks_first_gets_three_connections_and_no_request(asynchronous: bool) -> None:
    def eager(listener: socket.socket, accepted: list[socket.socket]) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.sendall(OK)
            accepted.append(connection)

    listener, accepted = socket.create_server(("127.0.0.1", 0)), list[socket.socket]()
    thread = threading.Thread(target=eager, args=(listener, accepted), daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    attempt_state = AttemptState(alone=True)

    async def run() -> None:
        pool = AsyncPooledTransport()
        try:
            await pool.handle_async_request(request(url, attempt_state))
        finally:
            await pool.aclose()

    try:
        with _slowed(), pytest.raises(httpx.RemoteProtocolError, match="sent data before the request"):
            asyncio.run(run()) if asynchronous else PooledTransport().handle_request(
                request(url, attempt_state)
            )
        assert attempt_state.sent is False and len(accepted) == 3
        for connection in accepted:
            connection.settimeout(PATIENCE)
            with connection:
                assert connection.recv(1) == b""  # closed, and not a byte of a request
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(PATIENCE)


@contextlib.contextmanager
def _slowed() -> Iterator[None]:
    """Leave a server time to speak between connecting and the first byte."""
    original = carried.Carried.joined

    def joined(self: Any, buffer: bytes) -> tuple[bytes, bool]:
        time.sleep(0.05)
        return original(self, buffer)

    carried.Carried.joined = joined  # type: ignore[method-assign]
    try:
        yield
    finally:
        carried.Carried.joined = original  # type: ignore[method-assign]


def test_a_connection_that_was_set_aside_gives_its_place_and_is_not_used_again() -> None:
    with serving(plain) as seen:
        pool = PooledTransport(connections=1)
        first = pool.handle_request(request(seen.url))
        assert b"".join(first.stream) == b"ok"  # type: ignore[arg-type]
        first.stream.set_aside()  # type: ignore[attr-defined]
        second = pool.handle_request(request(seen.url, pool=0.2))
        assert second.read() == b"ok"
        second.close()
        first.close()
        third = pool.handle_request(request(seen.url))
        third.read()
        third.close()
        pool.close()
    assert [len(requests) for requests in seen.connections] == [1, 2]


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_an_interrupt_before_a_refusal_was_watched_leaves_it_unknown(
    asynchronous: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And closes the connection that was kept aside for that."""

    def refuse(request: bytes, connection: socket.socket) -> bool:
        connection.sendall(b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n")
        return True

    def interrupted(call: Call[Any], answer: object) -> None:
        held.append(call.held)
        raise KeyboardInterrupt

    held: list[httpx.Response | None] = []
    monkeypatch.setattr(Call, "answered", interrupted)
    memory = Memory()
    with serving(refuse) as seen:

        def over_sync() -> None:
            transport = PooledTransport(reuse_for_billing=True)
            with Client("k", "s", base_url=seen.url, transport=transport, journal=memory) as client:
                client.usages.report(ADD_ON, billable_items=ITEMS)

        async def over_async() -> None:
            transport, journal = AsyncPooledTransport(reuse_for_billing=True), AsyncMemory(memory)
            async with AsyncSmallClient(
                "k", "s", base_url=seen.url, transport=transport, journal=journal
            ) as client:
                await client.usages.report(ADD_ON, billable_items=ITEMS)

        with pytest.raises(KeyboardInterrupt):
            asyncio.run(over_async()) if asynchronous else over_sync()
    [(_, outcome)] = memory.outcomes
    assert outcome.outcome is Outcome.UNKNOWN
    assert held[0] is not None and held[0].is_closed


class Broken:
    """A layer on which nothing was received and whose writes can be made to fail."""

    fails = False

    def received(self) -> None:
        return None

    def write(self, data: bytes, timeout: float | None) -> None:
        if self.fails:
            raise httpcore.WriteError("broken")


@pytest.mark.parametrize("number", [1, 2])
def test_an_answer_before_the_end_of_a_request_counts_on_a_new_connection_only(number: int) -> None:
    """httpcore reads on after a write that failed; only on a connection that carried others is the answer doubtful."""
    layer, state = Broken(), carried.Carried(forwarded=False)
    channel = wire._Channel(layer, state, None)  # type: ignore[arg-type]
    for count in range(1, number + 1):
        state.attempt_state = AttemptState()
        layer.fails = count == number
        state.expect()
        channel.write(b"POST / HTTP/1.1\r\n\r\n")
        if layer.fails:
            with pytest.raises(httpcore.WriteError):
                channel.write(b"body")
        else:
            channel.write(b"body")
    assert (state.attempt_state.sent, state.attempt_state.opened, state.attempt_state.early) == (
        True,
        number == 1,
        number > 1,
    )


def test_what_fails_before_the_request_is_a_failure_to_connect() -> None:
    for raised, kind in (
        (httpx.ReadTimeout("timed out"), "ConnectTimeoutError"),
        (httpx.WriteTimeout("timed out"), "ConnectTimeoutError"),
        (httpx.ReadError("reset"), "ConnectError"),
        (httpx.WriteError("reset"), "ConnectError"),
    ):
        named = from_other(raised, "x", "POST", "https://a.example", sent=False, foreign=False)
        assert (type(named).__name__, named.outcome) == (kind, "not_sent")
        after = from_other(raised, "x", "POST", "https://a.example", sent=True, foreign=False)
        assert (type(after).__name__.removesuffix("Error"), after.outcome) == (
            type(raised).__name__.removesuffix("Error"),
            "unknown",
        )
