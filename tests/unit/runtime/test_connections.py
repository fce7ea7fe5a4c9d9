"""TLS, proxies, HTTP/2 and clients of one's own keep working, each against a server on a real socket."""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import h2.config
import h2.connection
import h2.events
import httpx
import pytest
import trustme

from clientsmith import runtime
from clientsmith.runtime import AsyncPooledTransport, ClientError, PooledTransport
from tests.patience import PATIENCE
from tests.unit.runtime.small_api import SID, AsyncSmallClient, Client
from tests.unit.runtime.sockets import serving

BODY = f'{{"sid":"{SID}"}}'.encode()
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUEST_METHOD")


def listing(_: bytes, connection: socket.socket) -> bool:
    connection.sendall(ANSWER)
    return True


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def server_tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context


@pytest.fixture
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = httpx.create_ssl_context()
    authority.configure_trust(context)
    return context


def fetched(url: str, *, asynchronous: bool, **more: Any) -> str | None:
    """The SID of one fetched listing."""
    settings = {"base_url": url, "retries": None, "timeout": 5.0, **more}
    if not asynchronous:
        with Client("SKkey", "canary-secret", **settings) as client:
            return client.listings.fetch(SID).sid

    async def run() -> str | None:
        async with AsyncSmallClient("SKkey", "canary-secret", **settings) as client:
            return (await client.listings.fetch(SID)).sid

    return asyncio.run(run())


def pool(*, asynchronous: bool, **more: Any) -> Any:
    return AsyncPooledTransport(**more) if asynchronous else PooledTransport(**more)


both = pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])


@both
def test_a_ca_bundle_of_ones_own_is_trusted(
    asynchronous: bool, server_tls: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    with serving(listing, server_tls) as seen:
        url = f"https://127.0.0.1:{seen.port}"
        transport = pool(asynchronous=asynchronous, verify=trusting)
        assert fetched(url, asynchronous=asynchronous, transport=transport) == SID


@both
def test_an_unknown_authority_is_not_trusted_and_nothing_is_sent(
    asynchronous: bool, server_tls: ssl.SSLContext
) -> None:
    with serving(listing, server_tls) as seen:
        with pytest.raises(runtime.ConnectError, match="certificate") as caught:
            fetched(f"https://127.0.0.1:{seen.port}", asynchronous=asynchronous)
        assert caught.value.outcome is runtime.Outcome.NOT_SENT and not seen.requests


@both
def test_the_ca_bundle_of_the_environment_is_trusted(
    asynchronous: bool,
    server_tls: ssl.SSLContext,
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    with serving(listing, server_tls) as seen:
        assert fetched(f"https://127.0.0.1:{seen.port}", asynchronous=asynchronous) == SID


@both
def test_a_proxy_gets_the_whole_url(asynchronous: bool) -> None:
    with serving(listing) as proxy:
        transport = pool(asynchronous=asynchronous, proxy=proxy.url)
        assert fetched("http://127.0.0.1:9", asynchronous=asynchronous, transport=transport) == SID
    assert proxy.requests[0].startswith(b"GET http://127.0.0.1:9/v1/Listing/" + SID.encode())


@both
def test_the_proxy_of_the_environment_is_asked_for_other_machines_only(
    asynchronous: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: bytes, connection: socket.socket) -> bool:
        connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        return False

    with serving(refuse) as proxy, serving(listing) as seen:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert fetched(seen.url, asynchronous=asynchronous) == SID
        assert len(seen.requests) == 1 and not proxy.requests
        with pytest.raises(runtime.ConnectError):
            fetched("https://upstream.invalid", asynchronous=asynchronous)
        assert proxy.requests[0].startswith(b"CONNECT upstream.invalid:443")


def tunnel(request: bytes, connection: socket.socket) -> bool:
    """Answer a CONNECT and pass bytes in both directions until one side closes."""
    host, _, port = request.split()[1].decode().partition(":")
    with socket.create_connection((host, int(port))) as target:
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        while True:
            for side in select.select([connection, target], [], [], 5)[0]:
                data = side.recv(65536)
                if not data:
                    return False
                (target if side is connection else connection).sendall(data)


@both
def test_https_goes_through_a_tunnel(
    asynchronous: bool, server_tls: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    with serving(listing, server_tls) as seen, serving(tunnel) as proxy:
        transport = pool(asynchronous=asynchronous, verify=trusting, proxy=proxy.url)
        url = f"https://127.0.0.1:{seen.port}"
        assert fetched(url, asynchronous=asynchronous, transport=transport) == SID
    assert proxy.requests[0].startswith(b"CONNECT 127.0.0.1:") and b"canary" not in proxy.requests[0]


@both
def test_a_proxy_that_refuses_proves_that_nothing_was_sent(
    asynchronous: bool, trusting: ssl.SSLContext
) -> None:
    def refuse(_: bytes, connection: socket.socket) -> bool:
        connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        return False

    with serving(refuse) as proxy:
        transport = pool(asynchronous=asynchronous, verify=trusting, proxy=proxy.url)
        with pytest.raises(runtime.ConnectError) as caught:
            fetched("https://127.0.0.1:9", asynchronous=asynchronous, transport=transport)
    assert caught.value.outcome is runtime.Outcome.NOT_SENT


def http2(connection: ssl.SSLSocket) -> Iterator[bytes]:
    """Answer every request of one connection with the listing; gives their paths."""
    state = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    state.initiate_connection()
    connection.sendall(state.data_to_send())
    while data := connection.recv(65536):
        for event in state.receive_data(data):
            if isinstance(event, h2.events.RequestReceived):
                headers = [(":status", "200"), ("content-type", "application/json")]
                state.send_headers(event.stream_id, headers)
                state.send_data(event.stream_id, BODY, end_stream=True)
                yield dict(event.headers)[b":path"]
        connection.sendall(state.data_to_send())


@both
def test_http2_works_through_the_transports_of_httpx(
    asynchronous: bool, server_tls: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    server_tls.set_alpn_protocols(["h2"])
    paths: list[bytes] = []
    transport: Any = (httpx.AsyncHTTPTransport if asynchronous else httpx.HTTPTransport)(
        http2=True, verify=trusting
    )

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with server_tls.wrap_socket(connection, server_side=True) as stream:
            paths.extend(http2(stream))

    with Listening(serve) as port:
        url = f"https://127.0.0.1:{port}"
        assert fetched(url, asynchronous=asynchronous, transport=transport) == SID
    assert paths == [f"/v1/Listing/{SID}".encode()]


class Listening:
    """A listener whose one connection a function serves in a thread."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=serve, args=(self._listener,), daemon=True)

    def __enter__(self) -> int:
        self._thread.start()
        port: int = self._listener.getsockname()[1]
        return port

    def __exit__(self, *_: object) -> None:
        self._thread.join(PATIENCE)
        self._listener.close()


@both
def test_a_client_of_ones_own_sends_and_stays_open(asynchronous: bool) -> None:
    with serving(listing) as seen:
        own: Any = httpx.AsyncClient() if asynchronous else httpx.Client()
        assert fetched(seen.url, asynchronous=asynchronous, http_client=own) == SID
        assert not own.is_closed
    assert len(seen.requests) == 1


@both
@pytest.mark.parametrize("how", ["pool", "transport", "client"])
def test_what_is_certain_of_a_broken_exchange_does_not_depend_on_the_transport(
    asynchronous: bool, how: str
) -> None:
    def drop(_: bytes, connection: socket.socket) -> bool:
        return False

    def outcome(url: str) -> runtime.Outcome:
        more: dict[str, Any] = {}
        if how == "transport":
            more["transport"] = httpx.AsyncHTTPTransport() if asynchronous else httpx.HTTPTransport()
        elif how == "client":
            more["http_client"] = httpx.AsyncClient() if asynchronous else httpx.Client()
        with pytest.raises(ClientError) as caught:
            fetched(url, asynchronous=asynchronous, **more)
        return caught.value.outcome

    with serving(drop) as seen:
        assert outcome(seen.url) is runtime.Outcome.UNKNOWN
    assert outcome(seen.url) is runtime.Outcome.NOT_SENT
