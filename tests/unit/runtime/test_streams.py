"""The layers of a connection: what has been received can be seen in every buffer, through any number of TLS layers."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import httpcore
import pytest
import trustme

from clientsmith.runtime.http.sockets import happy_eyeballs, streams
from clientsmith.runtime.http.sockets.async_streams import AsyncSocketLayer, AsyncTlsLayer
from clientsmith.runtime.http.sockets.streams import SocketLayer, TlsLayer
from clientsmith.runtime.http.sockets.tls import TlsSession
from tests.patience import PATIENCE


class Peers:
    """Both ends of a connection: a layer of ours, and a thread that plays the server."""

    def __init__(self, ours: socket.socket, theirs: socket.socket) -> None:
        self.ours = ours
        self.theirs = theirs


@pytest.fixture
def peers() -> Iterator[Peers]:
    listener = socket.create_server(("127.0.0.1", 0))
    ours = socket.create_connection(listener.getsockname())
    theirs, _ = listener.accept()
    listener.close()
    theirs.settimeout(PATIENCE)
    with ours, theirs:
        yield Peers(ours, theirs)


@pytest.fixture(scope="module")
def contexts() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    authority = trustme.CA()
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(server)
    authority.configure_trust(client)
    return server, client


def cap(timeout: float | None) -> float | None:
    return timeout


@contextlib.contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[None]:
    failures: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield
    thread.join(PATIENCE)
    assert not failures and not thread.is_alive(), failures


def secured(peers: Peers, contexts: tuple[ssl.SSLContext, ssl.SSLContext]) -> tuple[TlsLayer, ssl.SSLSocket]:
    server, client = contexts
    theirs: list[ssl.SSLSocket] = []
    with meanwhile(lambda: theirs.append(server.wrap_socket(peers.theirs, server_side=True))):
        layer = TlsLayer(SocketLayer(peers.ours, cap), client, "127.0.0.1", PATIENCE)
    return layer, theirs[0]


def until_received(layer: Any) -> bytes | None:
    """What has been received, as soon as something has."""
    for _ in range(500):
        received: bytes | None = layer.received()
        if received is not None:
            return received
        threading.Event().wait(0.005)
    return None


def test_nothing_is_received_on_a_silent_connection(peers: Peers) -> None:
    layer = SocketLayer(peers.ours, cap)
    assert layer.received() is None
    peers.theirs.sendall(b"stray")
    assert until_received(layer) == b"stray"
    assert layer.received() is None
    peers.theirs.close()
    assert until_received(layer) == b""


def test_session_tickets_are_not_data_but_a_record_is(
    peers: Peers, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    layer, theirs = secured(peers, contexts)
    assert theirs.version() == "TLSv1.3"
    threading.Event().wait(0.05)  # the tickets of the server are on their way or there
    assert layer.received() is None
    theirs.sendall(b"stray")
    assert until_received(layer) == b"stray"


def test_a_record_that_was_received_with_another_is_seen(
    peers: Peers, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    """It waits in the session, where polling the socket does not show it."""
    layer, theirs = secured(peers, contexts)
    theirs.sendall(b"answer")
    theirs.sendall(b"stray")
    threading.Event().wait(0.05)
    assert layer.read(65536, PATIENCE) == b"answer"
    assert layer.received() == b"stray"


def test_the_same_for_asynchronous_layers(
    peers: Peers, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    server, client = contexts
    theirs: list[ssl.SSLSocket] = []

    async def run() -> None:
        peers.ours.setblocking(False)
        plain = AsyncSocketLayer(peers.ours)
        assert plain.received() is None
        with meanwhile(lambda: theirs.append(server.wrap_socket(peers.theirs, server_side=True))):
            layer = await AsyncTlsLayer.over(plain, client, "127.0.0.1", PATIENCE)
        assert layer.received() is None
        theirs[0].sendall(b"answer")
        theirs[0].sendall(b"stray")
        await asyncio.sleep(0.05)
        assert await layer.read(65536, PATIENCE) == b"answer"
        assert layer.received() == b"stray"
        theirs[0].close()
        assert await layer.read(65536, PATIENCE) == b""

    asyncio.run(run())


def mirror(sock: socket.socket, server: ssl.SSLContext, length: int) -> None:
    """A server behind a proxy with TLS of its own, played by two sessions over one socket: sends back the reverse."""
    outer = server.wrap_socket(sock, server_side=True)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    inner = server.wrap_bio(incoming, outgoing, server_side=True)

    def step(action: Callable[[], Any]) -> Any:
        while True:
            try:
                result = action()
            except ssl.SSLWantReadError:
                outer.sendall(outgoing.read())
                incoming.write(outer.recv(65536))
                continue
            outer.sendall(outgoing.read())
            return result

    step(inner.do_handshake)
    got = b""
    while len(got) < length:
        got += step(partial(inner.read, 65536))
    rest = memoryview(got[::-1])
    while rest:
        rest = rest[step(partial(inner.write, rest)) :]


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_large_data_passes_through_tls_within_tls(
    asynchronous: bool, peers: Peers, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    server, client = contexts
    data = bytes(range(256)) * 4000

    async def over_async() -> bytes:
        peers.ours.setblocking(False)
        outer = await AsyncTlsLayer.over(AsyncSocketLayer(peers.ours), client, "127.0.0.1", PATIENCE)
        layer = await AsyncTlsLayer.over(outer, client, "127.0.0.1", PATIENCE)
        await layer.write(data, PATIENCE)
        got = b""
        while len(got) < len(data):
            got += await layer.read(65536, PATIENCE)
        return got

    def over_sync() -> bytes:
        outer = TlsLayer(SocketLayer(peers.ours, cap), client, "127.0.0.1", PATIENCE)
        layer = TlsLayer(outer, client, "127.0.0.1", PATIENCE)
        layer.write(data, PATIENCE)
        got = b""
        while len(got) < len(data):
            got += layer.read(65536, PATIENCE)
        return got

    with meanwhile(partial(mirror, peers.theirs, server, len(data))):
        assert (asyncio.run(over_async()) if asynchronous else over_sync()) == data[::-1]


def test_a_certificate_that_is_not_trusted_is_a_failed_connection(
    peers: Peers, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    def serve() -> None:
        with contextlib.suppress(OSError):
            contexts[0].wrap_socket(peers.theirs, server_side=True)

    with meanwhile(serve), pytest.raises(httpcore.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        TlsLayer(SocketLayer(peers.ours, cap), ssl.create_default_context(), "127.0.0.1", PATIENCE)


def test_what_is_no_tls_breaks_the_connection(
    peers: Peers, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    layer, theirs = secured(peers, contexts)
    socket.socket(fileno=theirs.detach()).sendall(b"HTTP/1.1 429 Too Many Requests\r\n\r\n")
    assert until_received(layer) == b""


@pytest.mark.parametrize("ends_by", ["end", "reset"])
@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_a_record_that_was_cut_off_is_not_a_mere_end(
    asynchronous: bool, ends_by: str, peers: Peers, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    """A part of a second answer makes the first one as doubtful as all of it."""
    server, client = contexts
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = server.wrap_bio(incoming, outgoing, server_side=True)
    is_read = threading.Event()

    def serve() -> None:
        while True:
            try:
                session.do_handshake()
                break
            except ssl.SSLWantReadError:
                peers.theirs.sendall(outgoing.read())
                incoming.write(peers.theirs.recv(65536))
        session.write(b"answer")
        peers.theirs.sendall(outgoing.read())
        session.write(b"stray answer")
        peers.theirs.sendall(outgoing.read()[:-1])
        if ends_by == "reset":
            assert is_read.wait(PATIENCE)
            threading.Event().wait(0.05)  # so that the part has been taken from the socket
            peers.theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peers.theirs.close()

    def over_sync() -> None:
        layer = TlsLayer(SocketLayer(peers.ours, cap), client, "127.0.0.1", PATIENCE)
        assert layer.read(65536, PATIENCE) == b"answer"
        is_read.set()
        layer.read(1, PATIENCE)

    async def over_async() -> None:
        peers.ours.setblocking(False)
        layer = await AsyncTlsLayer.over(AsyncSocketLayer(peers.ours), client, "127.0.0.1", PATIENCE)
        assert await layer.read(65536, PATIENCE) == b"answer"
        is_read.set()
        await layer.read(1, PATIENCE)

    with meanwhile(serve), pytest.raises(httpcore.ReadError) as caught:
        asyncio.run(over_async()) if asynchronous else over_sync()
    assert not isinstance(caught.value.__cause__, ConnectionError)


def test_session_tickets_without_end_are_not_read_for_ever() -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(server)
    server.num_tickets = 2000
    client = ssl.create_default_context()
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    theirs, ours = server.wrap_bio(incoming, outgoing, server_side=True), TlsSession(client, "127.0.0.1")
    is_agreed = False
    while not is_agreed:
        for agree in (ours.object.do_handshake, theirs.do_handshake):
            with contextlib.suppress(ssl.SSLWantReadError):
                agree()
                is_agreed = agree == theirs.do_handshake
            incoming.write(ours.take_outgoing())
            if not is_agreed and outgoing.pending:
                ours.feed(outgoing.read())
    assert outgoing.pending > 200_000
    assert ours.received(lambda: outgoing.read(1000) or None) == b""
    assert outgoing.pending > 100_000


@pytest.mark.parametrize("host", ["a..b", "a" * 64 + ".example"])
@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_a_name_that_cannot_be_one_is_no_connection(asynchronous: bool, host: str) -> None:
    def connect() -> object:
        if asynchronous:
            return asyncio.run(happy_eyeballs.connected(host, 9, PATIENCE, None))
        return streams.connected(host, 9, PATIENCE, None, cap)

    with pytest.raises(httpcore.ConnectError):
        connect()


def test_each_address_has_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one refuses, the second one never answers; the third is a server."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        full = stack.enter_context(socket.socket())
        full.bind(("127.0.0.2", server.getsockname()[1]))
        full.listen(0)
        for _ in range(3):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
        port = server.getsockname()[1]
        found = [(socket.AF_INET, host) for host in ("127.0.0.3", "127.0.0.2", "127.0.0.1")]

        async def addresses(host: str, port: int) -> list[tuple[int, Any]]:
            return [(family, (address, port)) for family, address in found]

        monkeypatch.setattr(happy_eyeballs, "_addresses", addresses)

        async def run() -> str:
            layer = await happy_eyeballs.connected("named.example", port, PATIENCE, None)
            peer: str = layer.socket.getpeername()[0]
            layer.close()
            return peer

        assert asyncio.run(run()) == "127.0.0.1"


def test_families_take_turns() -> None:
    v4 = [(socket.AF_INET, (f"127.0.0.{number}", 1)) for number in (1, 2, 3)]
    v6 = [(socket.AF_INET6, ("::1", 1))]
    assert happy_eyeballs._interleaved([*v4, *v6]) == [v4[0], v6[0], v4[1], v4[2]]


def test_an_address_that_never_answers_leaves_time_for_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """A blocking connection tries one address after the other, all within the timeout and the deadline."""
    asked: list[float | None] = []

    class Never(socket.socket):
        def connect(self, address: object) -> None:
            asked.append(self.gettimeout())
            raise TimeoutError("timed out")

    monkeypatch.setattr(socket, "socket", Never)
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 1))] * 3
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    left = iter([3.0, 1.0, 0])
    with pytest.raises(httpcore.ConnectTimeout):
        streams.connected("named.example", 1, 9.0, None, lambda _: next(left))
    assert asked == [3.0, 1.0]
