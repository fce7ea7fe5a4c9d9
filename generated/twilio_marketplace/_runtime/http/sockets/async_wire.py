# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""The connections of `wire` for asynchronous clients. Deadlines are the caller's, by cancellation."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

import anyio
import httpcore
import httpx

from . import happy_eyeballs
from .async_streams import AsyncLayer, AsyncTlsLayer
from .attempt_state import attempt_state_of
from .carried import FAILURES, KEEPALIVE, Carried, Upper, in_httpx, is_reusable, origin, to_httpcore, to_httpx
from .proxied import async_proxied, is_forwarding


class _AsyncChannel(Upper[AsyncLayer], httpcore.AsyncNetworkStream):
    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.take_early(max_bytes) or await self._layer.read(max_bytes, self.within(timeout))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            for piece in self.pieces(buffer):
                await self._layer.write(piece, self.within(timeout))
        except httpcore.WriteError:
            self.broke()
            raise

    async def aclose(self) -> None:
        self._layer.close()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        try:
            layer = await AsyncTlsLayer.over(self._layer, ssl_context, server_hostname, timeout)
        except BaseException:
            self._layer.close()
            raise
        return _AsyncChannel(layer, self._carried, timeout)


class _AsyncBackend(httpcore.AsyncNetworkBackend):
    def __init__(self, carried: Carried) -> None:
        self._carried = carried

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        layer = await happy_eyeballs.connected(host, port, timeout, local_address)
        return _AsyncChannel(self._carried.over(layer), self._carried, timeout)


class AsyncPooledConnection:
    """One asynchronous connection and what it is carrying. Deadlines are the caller's, by cancellation."""

    def __init__(
        self, url: httpx.URL, context: ssl.SSLContext | None, proxy: httpx.Proxy | None = None
    ) -> None:
        self.idle_since = 0.0
        self._carried = Carried(forwarded=is_forwarding(proxy, url))
        backend = _AsyncBackend(self._carried)
        self._trace = None if proxy is None else self._carried.async_trace
        self._connection: httpcore.AsyncHTTPConnection | httpcore.AsyncConnectionPool = (
            httpcore.AsyncHTTPConnection(
                origin(url), context, keepalive_expiry=KEEPALIVE, network_backend=backend
            )
            if proxy is None
            else async_proxied(proxy, context, backend, KEEPALIVE)
        )

    async def send(
        self, request: httpx.Request, done: Callable[[], Awaitable[None]], free: Callable[[], None]
    ) -> httpx.Response:
        """As `PooledConnection.send`."""
        self._carried.attempt_state = attempt_state_of(request)
        if self._trace is None:
            self._carried.expect()
        try:
            answer = await self._connection.handle_async_request(to_httpcore(request, self._trace))
        except FAILURES as error:
            raise in_httpx(error) from None
        return to_httpx(answer, _AsyncBody(answer, self, done, free))

    def reusable(self) -> bool:
        """Whether the connection is open and can take another request."""
        return not self._carried.attempt_state.spoiled and is_reusable(self._connection)

    async def close(self) -> None:
        """Close the connection, in a task that is being cancelled too."""
        try:
            with anyio.CancelScope(shield=True):
                await self._connection.aclose()
        finally:
            self._carried.drop()

    def drop(self) -> None:
        """Close the socket without waiting: the event loop of the connection may be gone."""
        self._carried.drop()


class _AsyncBody(httpx.AsyncByteStream):
    def __init__(
        self,
        answer: httpcore.Response,
        connection: AsyncPooledConnection,
        done: Callable[[], Awaitable[None]],
        free: Callable[[], None],
    ) -> None:
        self.answer = answer
        self._owner = connection
        self._done = done
        self._free = free

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self.answer.aiter_stream():
                yield chunk
        except FAILURES as error:
            raise in_httpx(error) from None

    def set_aside(self) -> None:
        """As `_Body.set_aside`."""
        self._done = self._owner.close
        self._free()

    async def aclose(self) -> None:
        try:
            await self.answer.aclose()
        finally:
            await self._done()
