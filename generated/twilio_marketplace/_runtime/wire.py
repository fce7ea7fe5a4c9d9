"""Single HTTP/1.1 connections, on httpcore's, over the layers of `streams`; imported once something is sent.

A connection looks for bytes that nobody asked for before the first byte of a request leaves, notes in the flight when
that byte leaves, and cuts every wait to the flight's deadline.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Any, Final, Generic

import anyio
import httpcore
import httpx
from typing_extensions import TypeVar

from . import async_streams, streams
from .async_streams import AsyncLayer, AsyncTlsLayer
from .flight import ClosedFirst, Flight, SpokeFirst, flight_of
from .parser import parser_of
from .proxied import async_proxied, is_forwarding, proxied
from .streams import Layer, TlsLayer

KEEPALIVE: Final = 5.0
"""Seconds that a connection may lie idle before it is used again, as in httpx."""

AnyLayer = TypeVar("AnyLayer", bound="Layer | AsyncLayer")

_PIECE: Final = 262144
"""Bytes of a request between two looks for an early answer on a connection that has carried others."""
_Failure: Final = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ProxyError,
)


class _Carried:
    """What a connection is carrying, for its layers and channels to see."""

    def __init__(self, *, forwarded: bool) -> None:
        self.flight = Flight()
        self.forwarded = forwarded
        self._head: bytes | None = b""
        self._socket: Layer | AsyncLayer | None = None

    def over(self, layer: AnyLayer) -> AnyLayer:
        """Keep the lowest layer, for `drop`."""
        self._socket = layer
        return layer

    def drop(self) -> None:
        """Close the socket. httpcore leaves it open if a SOCKS proxy breaks off before there is a connection."""
        if self._socket is not None:
            self._socket.close()

    def expect(self) -> None:
        """The next write is the head of a request."""
        self._head = None

    def joined(self, buffer: bytes) -> tuple[bytes, bool]:
        """What to write now, and whether that begins a request.

        httpcore writes the head, the body if there is one, and nothing at the end; head and body leave in one packet.
        """
        if self._head is None:
            self._head = buffer
            return b"", False
        head, self._head = self._head, b""
        return head + buffer, bool(head)

    def cap(self, timeout: float | None) -> float | None:
        """As `Flight.cap`, for the flight that is being carried."""
        return self.flight.cap(timeout)

    def begin(self, received: bytes | None, *, kept: bool) -> None:
        """Note that the first byte of a request is about to leave; nothing may have been received by then.

        Raises SpokeFirst or ClosedFirst.
        """
        if received:
            raise SpokeFirst("the server sent data before the request")
        if received is not None:
            raise ClosedFirst("the server closed the connection before the request")
        self.flight.opened = not kept and not self.forwarded
        self.flight.sent = True

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Expect a head when httpcore is about to write one that is not for a proxy."""
        if event == "http11.send_request_headers.started" and info["request"].method != b"CONNECT":
            self.expect()

    async def async_trace(self, event: str, info: Mapping[str, Any]) -> None:
        """As `trace`, in the form that httpcore's asynchronous connections call."""
        self.trace(event, info)


class _Upper(Generic[AnyLayer]):
    """The uppermost layer of a connection as httpcore sees it, apart from all that waits."""

    def __init__(self, layer: AnyLayer, carried: _Carried, timeout: float | None) -> None:
        self._layer = layer
        self._carried = carried
        self._timeout = timeout
        self._kept = False
        self._early = b""

    def pieces(self, buffer: bytes) -> Iterator[bytes]:
        """What to write now, in pieces. Raises SpokeFirst or ClosedFirst."""
        whole, begins = self._carried.joined(buffer)
        if not whole:
            return
        kept = self._kept
        if begins:
            self._carried.begin(self._layer.received(), kept=kept)
            self._kept = True
        if not kept:
            yield whole
            return
        for start in range(0, len(whole), _PIECE):
            if (start or not begins) and (received := self._layer.received()):
                self._early += received
                self._carried.flight.early = True
            yield whole[start : start + _PIECE]

    def within(self, timeout: float | None) -> float | None:
        """The timeout of one step in seconds: before a request, that of connecting, as httpcore gives SOCKS none."""
        return self._timeout if timeout is None and not self._kept else timeout

    def broke(self) -> None:
        """Note that writing failed. httpcore reads on: the server may have answered before it closed."""
        if self._kept:
            self._carried.flight.early = True

    def take_early(self, size: int) -> bytes:
        """What was received while the request was still being written."""
        early, self._early = self._early[:size], self._early[size:]
        return early

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks of a stream. Whether it is readable is found out by reading, just before a request."""
        if info == "ssl_object" and isinstance(self._layer, (TlsLayer, AsyncTlsLayer)):
            return self._layer.ssl_object
        return None


class _Channel(_Upper[Layer], httpcore.NetworkStream):
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
    def __init__(self, carried: _Carried) -> None:
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


class Lane:
    """One blocking connection, straight to the server or through a proxy, and what it is carrying."""

    def __init__(
        self, url: httpx.URL, context: ssl.SSLContext | None, proxy: httpx.Proxy | None = None
    ) -> None:
        self.idle_since = 0.0
        self._carried = _Carried(forwarded=is_forwarding(proxy, url))
        backend = _Backend(self._carried)
        self._trace = None if proxy is None else self._carried.trace
        self._connection: httpcore.HTTPConnection | httpcore.ConnectionPool = (
            httpcore.HTTPConnection(
                _origin(url), context, keepalive_expiry=KEEPALIVE, network_backend=backend
            )
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
        self._carried.flight = flight_of(request)
        if self._trace is None:
            self._carried.expect()
        try:
            answer = self._connection.handle_request(_request(request, self._trace))
        except _Failure as error:
            raise _in_httpx(error) from None
        return _response(answer, _Body(answer, self, done, free))

    def reusable(self) -> bool:
        """Whether the connection is open and can take another request."""
        return not self._carried.flight.spoiled and _is_reusable(self._connection)

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
        self, answer: httpcore.Response, lane: Lane, done: Callable[[], None], free: Callable[[], None]
    ) -> None:
        self.answer = answer
        self._lane = lane
        self._done = done
        self._free = free

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self.answer.iter_stream()
        except _Failure as error:
            raise _in_httpx(error) from None

    def set_aside(self) -> None:
        """Leave the pool: another connection may take this one's place."""
        self._done = self._lane.close
        self._free()

    def close(self) -> None:
        try:
            self.answer.close()
        finally:
            self._done()


class _AsyncChannel(_Upper[AsyncLayer], httpcore.AsyncNetworkStream):
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
    def __init__(self, carried: _Carried) -> None:
        self._carried = carried

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        layer = await async_streams.connected(host, port, timeout, local_address)
        return _AsyncChannel(self._carried.over(layer), self._carried, timeout)


class AsyncLane:
    """One asynchronous connection and what it is carrying. Deadlines are the caller's, by cancellation."""

    def __init__(
        self, url: httpx.URL, context: ssl.SSLContext | None, proxy: httpx.Proxy | None = None
    ) -> None:
        self.idle_since = 0.0
        self._carried = _Carried(forwarded=is_forwarding(proxy, url))
        backend = _AsyncBackend(self._carried)
        self._trace = None if proxy is None else self._carried.async_trace
        self._connection: httpcore.AsyncHTTPConnection | httpcore.AsyncConnectionPool = (
            httpcore.AsyncHTTPConnection(
                _origin(url), context, keepalive_expiry=KEEPALIVE, network_backend=backend
            )
            if proxy is None
            else async_proxied(proxy, context, backend, KEEPALIVE)
        )

    async def send(
        self, request: httpx.Request, done: Callable[[], Awaitable[None]], free: Callable[[], None]
    ) -> httpx.Response:
        """As `Lane.send`."""
        self._carried.flight = flight_of(request)
        if self._trace is None:
            self._carried.expect()
        try:
            answer = await self._connection.handle_async_request(_request(request, self._trace))
        except _Failure as error:
            raise _in_httpx(error) from None
        return _response(answer, _AsyncBody(answer, self, done, free))

    def reusable(self) -> bool:
        """Whether the connection is open and can take another request."""
        return not self._carried.flight.spoiled and _is_reusable(self._connection)

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
        lane: AsyncLane,
        done: Callable[[], Awaitable[None]],
        free: Callable[[], None],
    ) -> None:
        self.answer = answer
        self._lane = lane
        self._done = done
        self._free = free

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self.answer.aiter_stream():
                yield chunk
        except _Failure as error:
            raise _in_httpx(error) from None

    def set_aside(self) -> None:
        """As `_Body.set_aside`."""
        self._done = self._lane.close
        self._free()

    async def aclose(self) -> None:
        try:
            await self.answer.aclose()
        finally:
            await self._done()


_Connection = (
    httpcore.HTTPConnection
    | httpcore.AsyncHTTPConnection
    | httpcore.ConnectionPool
    | httpcore.AsyncConnectionPool
)


def _is_reusable(connection: _Connection) -> bool:
    """Whether the connection is idle and nothing is left of what was received.

    A second answer would be taken for that of the next request. httpcore does not say, so its parser is asked; if
    that is not found, nothing proves it.
    """
    single: httpcore.ConnectionInterface | httpcore.AsyncConnectionInterface
    if isinstance(connection, (httpcore.ConnectionPool, httpcore.AsyncConnectionPool)):
        if not connection.connections:
            return False
        single = connection.connections[0]
    else:
        single = connection
    if not single.is_available() or single.has_expired():
        return False
    parser = parser_of(single)
    return parser is not None and parser.trailing_data[0] == b""


def _origin(url: httpx.URL) -> httpcore.Origin:
    port = url.port or (443 if url.scheme == "https" else 80)
    return httpcore.Origin(url.raw_scheme, url.raw_host, port)


def _request(request: httpx.Request, trace: Callable[..., object] | None) -> httpcore.Request:
    url = request.url
    return httpcore.Request(
        request.method,
        httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions if trace is None else {**request.extensions, "trace": trace},
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
