"""A server on this machine that answers by path, and mostly means no good."""

from __future__ import annotations

import gzip
import http.server
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress

GOOD = b"x: {type: string}\n"
LOOPBACK = "127.0.0.1"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))  # type: ignore[attr-defined]
        with suppress(OSError):
            ANSWERS.get(self.path, _good)(self)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on stderr."""


def send(self: Handler, body: bytes, status: int = 200, **headers: str) -> None:
    self.send_response(status)
    for name, value in headers.items():
        self.send_header(name.replace("_", "-"), value)
    self.send_header("Content-Length", str(len(body)))
    self.end_headers()
    self.wfile.write(body)


def _good(self: Handler) -> None:
    send(self, GOOD)


def drip(self: Handler) -> None:
    """One byte at a time, for as long as anybody listens."""
    self.send_response(200)
    self.send_header("Content-Length", "1000000")
    self.end_headers()
    while not self.server.stopped.wait(0.02):  # type: ignore[attr-defined]
        self.wfile.write(b"x")


def _drip_head(self: Handler) -> None:
    self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not self.server.stopped.wait(0.02):  # type: ignore[attr-defined]
        self.wfile.write(b"x")


def _endless(self: Handler) -> None:
    self.send_response(200)
    self.send_header("Connection", "close")
    self.end_headers()
    while not self.server.stopped.is_set():  # type: ignore[attr-defined]
        self.wfile.write(b"#" * 4096)


ANSWERS: dict[str, Callable[[Handler], None]] = {
    "/gzip": lambda self: send(self, gzip.compress(GOOD), Content_Encoding="gzip"),
    "/deflate": lambda self: send(self, zlib.compress(GOOD), Content_Encoding="deflate"),
    "/identity": lambda self: send(self, GOOD, Content_Encoding="identity"),
    "/bomb": lambda self: send(self, gzip.compress(b"#" * 5_000_000), Content_Encoding="gzip"),
    "/double": lambda self: send(self, gzip.compress(gzip.compress(GOOD)), Content_Encoding="gzip, gzip"),
    "/cut": lambda self: send(self, gzip.compress(GOOD)[:-9], Content_Encoding="gzip"),
    "/behind": lambda self: send(self, gzip.compress(GOOD) + b"more", Content_Encoding="gzip"),
    "/no-gzip": lambda self: send(self, GOOD, Content_Encoding="gzip"),
    "/unknown": lambda self: send(self, GOOD, Content_Encoding="br"),
    "/html": lambda self: send(self, b"<html>", Content_Type="text/html; charset=utf-8"),
    "/image": lambda self: send(self, b"\x89PNG", Content_Type="Image/PNG"),
    "/loop": lambda self: send(self, b"", 302, Location="/loop"),
    "/file": lambda self: send(self, b"", 301, Location="file:///etc/passwd"),
    "/metadata": lambda self: send(self, b"", 307, Location="http://169.254.169.254/"),
    "/missing": lambda self: send(self, b"", 404),
    "/large": lambda self: send(self, b"#" * 200_000),
    "/half": lambda self: send(self, b"#" * 600, Content_Type="text/plain"),
    "/drip": drip,
    "/drip-head": _drip_head,
    "/endless": _endless,
    "/no-http": lambda self: self.wfile.write(b"\x00" * 100) and None,
    "/nothing": lambda self: None,
}


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__((LOOPBACK, 0), Handler)
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.stopped = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves is no error."""
