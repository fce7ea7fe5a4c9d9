"""A server of the Marketplace document for tests, and clients that have nothing to do with ours."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.serve.http.hosting import ServerLimits
from clientsmith.serve.server import ThreadedServer
from clientsmith.serve.service import Service
from tests.patience import PATIENCE

LISTING = "XB" + "a" * 32
INSTALLATION = "XE" + "a" * 32
ITEM = "BI" + "a" * 32
BASIC = ("Authorization", "Basic U0s6c2VjcmV0")
FETCH = f"/v1/Listing/{LISTING}"
REPORT = f"/v1/InstalledAddOns/{INSTALLATION}/Usage"
GET = f"GET {FETCH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {BASIC[1]}\r\n\r\n".encode()


def open_service(spec: str = "spec/marketplace.yaml") -> Service:
    diagnostics = Diagnostics()
    service = Service.open(spec, [], diagnostics)
    assert service is not None, list(diagnostics)
    return service


@contextmanager
def serving(service: Service | None = None, limits: ServerLimits | None = None) -> Iterator[ThreadedServer]:
    with ThreadedServer(service or open_service(), limits=limits) as server:
        yield server


def connect(server: ThreadedServer, timeout: float = PATIENCE) -> socket.socket:
    address = urlsplit(server.url)
    return socket.create_connection((address.hostname or "", address.port or 0), timeout=timeout)


def read_all(connection: socket.socket) -> bytes:
    """Everything until the server closes; what came before a reset is kept."""
    received = b""
    try:
        while data := connection.recv(65536):
            received += data
    except ConnectionResetError:
        received += b"<reset>"
    return received


def exchange(server: ThreadedServer, *pieces: bytes) -> bytes:
    """Send, say that this was all, and read until the server closes."""
    with connect(server) as connection:
        for piece in pieces:
            connection.sendall(piece)
        connection.shutdown(socket.SHUT_WR)
        return read_all(connection)


def fetch(
    server: ThreadedServer,
    method: str = "GET",
    path: str = FETCH,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    timeout: float = PATIENCE,
) -> tuple[int, dict[str, str], bytes]:
    """One request of the standard library's own client, on a connection of its own."""
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=timeout)
    try:
        connection.request(method, path, body, {BASIC[0]: BASIC[1], **(headers or {})})
        response = connection.getresponse()
        return response.status, {key.lower(): value for key, value in response.getheaders()}, response.read()
    finally:
        connection.close()
