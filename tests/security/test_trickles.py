"""A deadline ends every call, whatever is trickled and wherever: answer, interim answers, handshake, a proxy's own answer."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpx
import pytest
import trustme

from tests.client.calls import KEY, LISTING, MODES, SECRET, Mode
from twilio_marketplace import (
    AsyncMarketplaceClient,
    AsyncPooledTransport,
    ClientError,
    MarketplaceClient,
    PooledTransport,
)

DEADLINE = 0.5
SLACK = 6.0
"""Seconds within which a call is over however busy the machine is; the trickles last for twenty."""
_PAUSE = 0.04
_ROUNDS = 500

INTERIM = [b"HTTP/1.1 100 Continue\r\n\r\n"]
HEAD = [b"HTTP/1.1 200 OK\r\nX-Slow: ", *[b"a"] * _ROUNDS]
BODY = [
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n",
    *[b" "] * _ROUNDS,
]
CHUNKS = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"1\r\n \r\n"] * _ROUNDS]
RECORD = [b"\x16\x03\x03\x40\x00", *[b"\x02"] * _ROUNDS]
"""A record of TLS that never becomes whole (RFC 8446 section 5.1)."""
TUNNEL = b"HTTP/1.1 200 Connection established\r\n\r\n"

Act = Callable[[socket.socket], None]


def trickled(pieces: Iterable[bytes], *, first: bytes = b"") -> Act:
    """Take a request, then send piece after piece for as long as anybody listens."""

    def act(connection: socket.socket) -> None:
        connection.recv(65536)
        if first:
            connection.sendall(first)
            time.sleep(5 * _PAUSE)  # what comes together with the answer to CONNECT is no part of the tunnel
        for piece in itertools.islice(itertools.cycle(pieces), _ROUNDS):
            connection.sendall(piece)
            time.sleep(_PAUSE)

    return act


def inside(context: ssl.SSLContext, act: Act, *, first: bytes = b"") -> Act:
    """The same within TLS, after a tunnel's answer if there is one."""

    def wrapped(connection: socket.socket) -> None:
        if first:
            connection.recv(65536)
            connection.sendall(first)
        with context.wrap_socket(connection, server_side=True) as secure:
            act(secure)

    return wrapped


@contextlib.contextmanager
def serving(act: Act) -> Iterator[int]:
    """A server on a port of its own that acts so on every connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    connections: list[socket.socket] = []

    def serve(connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), connection:
            act(connection)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connections.append(connection)
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        for sock in (listener, *connections):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def server_context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture(scope="module")
def client_context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def ended(mode: Mode, base_url: str, **pool: Any) -> tuple[ClientError, float]:
    """The error of a fetch that is made once, and the seconds that it took."""
    settings: dict[str, Any] = {"base_url": base_url, "deadline": DEADLINE, "timeout": 5.0, "retries": None}

    async def over_async() -> None:
        async with AsyncMarketplaceClient(
            KEY, SECRET, transport=AsyncPooledTransport(**pool), **settings
        ) as client:
            await client.listings.fetch(LISTING)

    def over_sync() -> None:
        with MarketplaceClient(KEY, SECRET, transport=PooledTransport(**pool), **settings) as client:
            client.listings.fetch(LISTING)

    return _timed(over_sync if mode == "sync" else lambda: asyncio.run(over_async()))


def _timed(call: Callable[[], None]) -> tuple[ClientError, float]:
    began = time.monotonic()
    with pytest.raises(ClientError) as caught:
        call()
    return caught.value, time.monotonic() - began


def check(found: tuple[ClientError, float], outcome: str) -> None:
    error, seconds = found
    assert (type(error).__name__, error.outcome) == ("DeadlineExceededError", outcome), repr(error)
    assert seconds < SLACK


answers = pytest.mark.parametrize(
    "pieces", [INTERIM, HEAD, BODY, CHUNKS], ids=["interim", "head", "body", "chunks"]
)


@pytest.mark.parametrize("mode", MODES)
@answers
def test_trickled_answer(pieces: list[bytes], mode: Mode) -> None:
    with serving(trickled(pieces)) as port:
        check(ended(mode, f"http://127.0.0.1:{port}"), "unknown")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("first", "piece"),
    [
        pytest.param(b"", INTERIM[0], id="interim"),
        pytest.param(CHUNKS[0], CHUNKS[1], id="chunks"),
    ],
)
def test_answer_that_comes_faster_than_it_is_read(first: bytes, piece: bytes, mode: Mode) -> None:
    """There is always more to read, so that the call never waits."""

    def act(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(first + piece * 2_000_000)

    with serving(act) as port:
        check(ended(mode, f"http://127.0.0.1:{port}"), "unknown")


@pytest.mark.parametrize("mode", MODES)
@answers
def test_trickled_answer_within_tls(
    pieces: list[bytes], mode: Mode, server_context: ssl.SSLContext, client_context: ssl.SSLContext
) -> None:
    with serving(inside(server_context, trickled(pieces))) as port:
        check(ended(mode, f"https://127.0.0.1:{port}", verify=client_context), "unknown")


@pytest.mark.parametrize("mode", MODES)
@answers
def test_trickled_answer_of_a_forwarding_proxy(pieces: list[bytes], mode: Mode) -> None:
    with serving(trickled(pieces)) as port:
        check(ended(mode, "http://127.0.0.1:9", proxy=f"http://127.0.0.1:{port}"), "unknown")


@pytest.mark.parametrize("mode", MODES)
@answers
def test_trickled_answer_within_a_tunnel(
    pieces: list[bytes], mode: Mode, server_context: ssl.SSLContext, client_context: ssl.SSLContext
) -> None:
    with serving(inside(server_context, trickled(pieces), first=TUNNEL)) as port:
        found = ended(mode, "https://127.0.0.1:9", verify=client_context, proxy=f"http://127.0.0.1:{port}")
        check(found, "unknown")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("act", "is_tunneled"),
    [
        pytest.param(trickled(RECORD), False, id="handshake"),
        pytest.param(trickled(INTERIM), True, id="interim answers to CONNECT"),
        pytest.param(trickled(HEAD), True, id="head of the answer to CONNECT"),
        pytest.param(trickled(RECORD, first=TUNNEL), True, id="handshake within a tunnel"),
    ],
)
def test_trickle_before_the_request_leaves(act: Act, is_tunneled: bool, mode: Mode) -> None:
    with serving(act) as port:
        through = {"proxy": f"http://127.0.0.1:{port}"} if is_tunneled else {}
        check(ended(mode, f"https://127.0.0.1:{9 if is_tunneled else port}", **through), "not_sent")


@pytest.mark.parametrize("mode", MODES)
def test_trickled_handshake_with_the_proxy_itself_and_within_it(
    mode: Mode, server_context: ssl.SSLContext, client_context: ssl.SSLContext
) -> None:
    for act in (trickled(RECORD), inside(server_context, trickled(RECORD, first=TUNNEL))):
        with serving(act) as port:
            proxy = httpx.Proxy(f"https://127.0.0.1:{port}", ssl_context=client_context)
            check(ended(mode, "https://127.0.0.1:9", verify=client_context, proxy=proxy), "not_sent")


@pytest.mark.parametrize("mode", MODES)
def test_request_that_is_read_byte_by_byte(mode: Mode) -> None:
    """What does not fit into the buffers between both is a write that never ends."""

    def act(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        for _ in range(_ROUNDS):
            if not connection.recv(1):
                return
            time.sleep(_PAUSE)

    body = {"body": "x" * 8_000_000}
    with serving(act) as port:
        url = f"http://127.0.0.1:{port}"
        settings: dict[str, Any] = {"base_url": url, "deadline": 2.5, "timeout": 20.0, "retries": None}

        async def over_async() -> None:
            async with AsyncMarketplaceClient(KEY, SECRET, **settings) as client:
                await client.listings.update(LISTING, pricing=body)

        def over_sync() -> None:
            with MarketplaceClient(KEY, SECRET, **settings) as client:
                client.listings.update(LISTING, pricing=body)

        error, seconds = _timed(over_sync if mode == "sync" else lambda: asyncio.run(over_async()))
        assert error.outcome == "unknown" and seconds < SLACK + 2.5, repr(error)
