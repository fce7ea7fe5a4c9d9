# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Single blocking HTTP/1.1 connections, on httpcore's, over the layers of `streams`; imported by the client.

Every wait is cut to the deadline of the attempt that is being carried.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator

import httpcore
import httpx

from . import streams
from .attempt_state import attempt_state_of
from .carried import FAILURES, KEEPALIVE, Carried, Upper, in_httpx, is_reusable, origin, to_httpcore, to_httpx
from .proxied import is_forwarding, proxied
from .streams import Layer, TlsLayer


class _Channel(Upper[Layer], httpcore.NetworkStream):
    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.take_early(max_bytes) or self._layer.read(max_bytes, self.within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            for piece in self.pieces(buffer):
                self._layer.write(piece, self.within(timeout))
        except httpcore.WriteError:
            self.broke()
            raise

    def close(self) -> None:
        self._layer.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            layer = TlsLayer(self._layer, ssl_context, server_hostname, timeout)
        except BaseException:
            self._layer.close()
            raise
        return _Channel(layer, self._carried, timeout)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, carried: Carried) -> None:
        self._carried = carried

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        carried = self._carried
        layer = streams.connected(host, port, timeout, local_address, carried.cap)
        return _Channel(carried.over(layer), carried, timeout)


class PooledConnection:
    """One blocking connection, straight to the server or through a proxy, and what it is carrying."""

    def __init__(
        self, url: httpx.URL, context: ssl.SSLContext | None, proxy: httpx.Proxy | None = None
    ) -> None:
        self.idle_since = 0.0
        self._carried = Carried(forwarded=is_forwarding(proxy, url))
        backend = _Backend(self._carried)
        self._trace = None if proxy is None else self._carried.trace
        self._connection: httpcore.HTTPConnection | httpcore.ConnectionPool = (
            httpcore.HTTPConnection(origin(url), context, keepalive_expiry=KEEPALIVE, network_backend=backend)
            if proxy is None
            else proxied(proxy, context, backend, KEEPALIVE)
        )

    def send(
        self, request: httpx.Request, done: Callable[[], None], free: Callable[[], None]
    ) -> httpx.Response:
        """Send and give the head of the answer; `done` is called once its body is closed.

        If the body is set aside, `free` is called then, and the connection is closed with the body.

        Raises httpx's errors; SpokeFirst or ClosedFirst if the connection cannot carry a request.
        """
        self._carried.attempt_state = attempt_state_of(request)
        if self._trace is None:
            self._carried.expect()
        try:
            answer = self._connection.handle_request(to_httpcore(request, self._trace))
        except FAILURES as error:
            raise in_httpx(error) from None
        return to_httpx(answer, _Body(answer, self, done, free))

    def reusable(self) -> bool:
        """Whether the connection is open and can take another request."""
        return not self._carried.attempt_state.spoiled and is_reusable(self._connection)

    def close(self) -> None:
        """Close the connection."""
        try:
            self._connection.close()
        finally:
            self._carried.drop()

    def drop(self) -> None:
        """Close the socket and nothing else: what a forked child does with the connections of its parent."""
        self._carried.drop()


class _Body(httpx.SyncByteStream):
    def __init__(
        self,
        answer: httpcore.Response,
        connection: PooledConnection,
        done: Callable[[], None],
        free: Callable[[], None],
    ) -> None:
        self.answer = answer
        self._owner = connection
        self._done = done
        self._free = free

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self.answer.iter_stream()
        except FAILURES as error:
            raise in_httpx(error) from None

    def set_aside(self) -> None:
        """Leave the pool: another connection may take this one's place."""
        self._done = self._owner.close
        self._free()

    def close(self) -> None:
        try:
            self.answer.close()
        finally:
            self._done()
