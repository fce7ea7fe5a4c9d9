"""Single HTTP/1.1 connections, on httpcore's; the only module that imports httpcore, and only once something is sent.

A connection notes in the flight it carries when the first byte leaves, and cuts every wait to the flight's deadline.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from typing import Any, Final, cast

import anyio
import httpcore
import httpx

from .flight import Flight, flight_of
from .shapes import is_tuple

KEEPALIVE: Final = 5.0
"""Seconds that a connection may lie idle before it is used again, as in httpx."""

_BLOCKING: Final = httpcore.SyncBackend()
_ASYNCHRONOUS: Final = cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())
_Failure: Final = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ProxyError,
)


class _Head:
    """Keeps the head of a request until httpcore writes what follows it, so that both leave in one packet."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: bytes | None = None

    def expect(self) -> None:
        """A new request: its first write is its head."""
        self._kept = None

    def joined(self, buffer: bytes) -> bytes:
        """What to write now. httpcore writes the head, the body if there is one, and nothing at the end."""
        if self._kept is None:
            self._kept = buffer
            return b""
        whole, self._kept = self._kept + buffer, b""
        return whole


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, lane: Lane) -> None:
        self._stream = stream
        self._lane = lane

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._lane.flight.cap(timeout)
        if left == 0:
            raise httpcore.ReadTimeout("the deadline has passed")
        return self._stream.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        whole = self._lane.head.joined(buffer)
        if not whole:
            return
        left = self._lane.flight.cap(timeout)
        if left == 0:
            raise httpcore.WriteTimeout("the deadline has passed")
        self._lane.flight.sent = True
        self._stream.write(whole, left)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._lane.flight.cap(timeout)
        if left == 0:
            raise httpcore.ConnectTimeout("the deadline has passed")
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._lane)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, lane: Lane) -> None:
        self._lane = lane

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        left = self._lane.flight.cap(timeout)
        if left == 0:
            raise httpcore.ConnectTimeout("the deadline has passed")
        stream = _BLOCKING.connect_tcp(host, port, left, local_address, socket_options)
        return _Stream(stream, self._lane)


class Lane:
    """One blocking connection and what it is carrying."""

    def __init__(self, url: httpx.URL, context: ssl.SSLContext | None) -> None:
        self.flight = Flight()
        self.head = _Head()
        self.idle_since = 0.0
        self._connection = httpcore.HTTPConnection(
            _origin(url), context, keepalive_expiry=KEEPALIVE, network_backend=_Backend(self)
        )

    def send(self, request: httpx.Request, done: Callable[[], None]) -> httpx.Response:
        """Send and give the head of the answer; `done` is called once its body is closed. Raises httpx's errors."""
        self.flight = flight_of(request)
        self.head.expect()
        try:
            answer = self._connection.handle_request(_request(request))
        except _Failure as error:
            raise _in_httpx(error) from None
        return _response(answer, _Body(answer, done))

    def reusable(self) -> bool:
        """Whether the connection is open and can take another request."""
        connection = self._connection
        return connection.is_available() and _is_drained(connection) and not connection.has_expired()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response, done: Callable[[], None]) -> None:
        self._answer = answer
        self._done = done

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._answer.iter_stream()
        except _Failure as error:
            raise _in_httpx(error) from None

    def close(self) -> None:
        try:
            self._answer.close()
        finally:
            self._done()


class _AsyncStream(httpcore.AsyncNetworkStream):
    def __init__(self, stream: httpcore.AsyncNetworkStream, lane: AsyncLane) -> None:
        self._stream = stream
        self._lane = lane
        self.read = stream.read  # type: ignore[method-assign] # one call less for each read
        self.aclose = stream.aclose  # type: ignore[method-assign]

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        whole = self._lane.head.joined(buffer)
        if whole:
            self._lane.flight.sent = True
            await self._stream.write(whole, timeout)

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        return _AsyncStream(await self._stream.start_tls(ssl_context, server_hostname, timeout), self._lane)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _AsyncBackend(httpcore.AsyncNetworkBackend):
    def __init__(self, lane: AsyncLane) -> None:
        self._lane = lane

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        stream = await _ASYNCHRONOUS.connect_tcp(host, port, timeout, local_address, socket_options)
        return _AsyncStream(stream, self._lane)


class AsyncLane:
    """One asynchronous connection and what it is carrying. Deadlines are the caller's, by cancellation."""

    def __init__(self, url: httpx.URL, context: ssl.SSLContext | None) -> None:
        self.flight = Flight()
        self.head = _Head()
        self.idle_since = 0.0
        self._connection = httpcore.AsyncHTTPConnection(
            _origin(url), context, keepalive_expiry=KEEPALIVE, network_backend=_AsyncBackend(self)
        )

    async def send(self, request: httpx.Request, done: Callable[[], Awaitable[None]]) -> httpx.Response:
        """As `Lane.send`."""
        self.flight = flight_of(request)
        self.head.expect()
        try:
            answer = await self._connection.handle_async_request(_request(request))
        except _Failure as error:
            raise _in_httpx(error) from None
        return _response(answer, _AsyncBody(answer, done))

    def reusable(self) -> bool:
        """Whether the connection is open and can take another request."""
        connection = self._connection
        return connection.is_available() and _is_drained(connection) and not connection.has_expired()

    async def close(self) -> None:
        """Close the connection, in a task that is being cancelled too."""
        with anyio.CancelScope(shield=True):
            await self._connection.aclose()


class _AsyncBody(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response, done: Callable[[], Awaitable[None]]) -> None:
        self._answer = answer
        self._done = done

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._answer.aiter_stream():
                yield chunk
        except _Failure as error:
            raise _in_httpx(error) from None

    async def aclose(self) -> None:
        try:
            await self._answer.aclose()
        finally:
            await self._done()


def _is_drained(connection: object) -> bool:
    """Whether nothing is left of what was received: a second answer would be taken for that of the next request.

    httpcore does not say, so its parser is asked. Where it is not found, nothing proves it, and the answer is no.
    """
    parser = getattr(getattr(connection, "_connection", None), "_h11_state", None)
    rest: object = getattr(parser, "trailing_data", None)
    return is_tuple(rest) and rest[0] == b""


def _origin(url: httpx.URL) -> httpcore.Origin:
    port = url.port or (443 if url.scheme == "https" else 80)
    return httpcore.Origin(url.raw_scheme, url.raw_host, port)


def _request(request: httpx.Request) -> httpcore.Request:
    url = request.url
    return httpcore.Request(
        request.method,
        httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )


def _response(
    answer: httpcore.Response, stream: httpx.SyncByteStream | httpx.AsyncByteStream
) -> httpx.Response:
    extensions: dict[str, Any] = getattr(answer, "extensions")  # noqa: B009 - httpcore leaves the type open
    return httpx.Response(answer.status, headers=answer.headers, stream=stream, extensions=extensions)


def _in_httpx(error: Exception) -> httpx.TransportError:
    """The error of httpx with the same name, which is how httpx itself translates them."""
    kind: type[httpx.TransportError] = getattr(httpx, type(error).__name__)
    return kind(str(error))
