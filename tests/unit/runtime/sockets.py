"""A small HTTP/1.1 server on real sockets, for tests of transports: it counts connections and answers as it is told."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.patience import PATIENCE

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass
class Seen:
    """What arrived: the requests of each connection, in order."""

    port: int = 0
    connections: list[list[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def requests(self) -> list[bytes]:
        return [request for connection in self.connections for request in connection]


Answer = Callable[[bytes, socket.socket], bool]
"""Answers one request on its connection; False to close it."""


def plain(request: bytes, connection: socket.socket) -> bool:
    connection.sendall(OK)
    return True


@contextmanager
def serving(answer: Answer = plain, context: ssl.SSLContext | None = None) -> Iterator[Seen]:
    """A server on a port of its own for as long as the block lasts."""
    listener = socket.create_server(("127.0.0.1", 0))
    seen = Seen(listener.getsockname()[1])
    open_ones: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            open_ones.append(connection)
            requests: list[bytes] = []
            seen.connections.append(requests)
            threading.Thread(target=serve, args=(connection, requests), daemon=True).start()

    def serve(connection: socket.socket, requests: list[bytes]) -> None:
        try:
            stream = connection if context is None else context.wrap_socket(connection, server_side=True)
            with stream:
                while request := _request(stream):
                    requests.append(request)
                    if not answer(request, stream):
                        return
        except (OSError, ValueError):  # the test is over and has closed the socket under it
            return

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for connection in open_ones:
            connection.close()
        thread.join(PATIENCE)


def _request(stream: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = stream.recv(65536)
        if not chunk:
            return b""
        data += chunk
    head, _, rest = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    while len(rest) < length:
        rest += stream.recv(65536)
    return head + b"\r\n\r\n" + rest
