# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""What blocking and asynchronous connections share: what they carry, how requests begin, the way to httpcore and back.

A connection looks for bytes that nobody asked for before the first byte of a request leaves, and notes in the state of
the attempt when that byte leaves. Nothing here waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Generic

import httpcore
import httpx
from typing_extensions import TypeVar

from .async_streams import AsyncLayer, AsyncTlsLayer
from .attempt_state import AttemptState, ClosedFirst, SpokeFirst
from .parser import parser_of
from .streams import Layer, TlsLayer

KEEPALIVE: Final = 5.0
"""Seconds that a connection may lie idle before it is used again, as in httpx."""
FAILURES: Final = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ProxyError,
)
"""The errors of httpcore that have a counterpart in httpx."""
_PIECE: Final = 262144
"""Bytes of a request between two looks for an early answer on a connection that has carried others."""

AnyLayer = TypeVar("AnyLayer", bound="Layer | AsyncLayer")


class Carried:
    """What a connection is carrying, for its layers and channels to see."""

    def __init__(self, *, forwarded: bool) -> None:
        self.attempt_state = AttemptState()
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
        """As `AttemptState.cap`, for the attempt that is being carried."""
        return self.attempt_state.cap(timeout)

    def begin(self, received: bytes | None, *, kept: bool) -> None:
        """Note that the first byte of a request is about to leave; nothing may have been received by then.

        Raises SpokeFirst or ClosedFirst.
        """
        if received:
            raise SpokeFirst("the server sent data before the request")
        if received is not None:
            raise ClosedFirst("the server closed the connection before the request")
        self.attempt_state.opened = not kept and not self.forwarded
        self.attempt_state.sent = True

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Expect a head when httpcore is about to write one that is not for a proxy."""
        if event == "http11.send_request_headers.started" and info["request"].method != b"CONNECT":
            self.expect()

    async def async_trace(self, event: str, info: Mapping[str, Any]) -> None:
        """As `trace`, in the form that httpcore's asynchronous connections call."""
        self.trace(event, info)


class Upper(Generic[AnyLayer]):
    """The uppermost layer of a connection as httpcore sees it, apart from all that waits."""

    def __init__(self, layer: AnyLayer, carried: Carried, timeout: float | None) -> None:
        self._layer = layer
        self._carried = carried
        self._timeout = timeout
        self._kept = False
        self._reused = False
        self._early = b""

    def pieces(self, buffer: bytes) -> Iterator[bytes]:
        """What to write now, in pieces. Raises SpokeFirst or ClosedFirst."""
        whole, begins = self._carried.joined(buffer)
        if not whole:
            return
        if begins:
            self._reused = self._kept
            self._carried.begin(self._layer.received(), kept=self._reused)
            self._kept = True
        if not self._reused:
            yield whole
            return
        for start in range(0, len(whole), _PIECE):
            if (start or not begins) and (received := self._layer.received()):
                self._early += received
                self._carried.attempt_state.early = True
            yield whole[start : start + _PIECE]

    def within(self, timeout: float | None) -> float | None:
        """The timeout of one step in seconds: before a request, that of connecting, as httpcore gives SOCKS none."""
        return self._timeout if timeout is None and not self._kept else timeout

    def broke(self) -> None:
        """Note that writing failed. httpcore reads on: the server may have answered before it closed."""
        if self._reused:
            self._carried.attempt_state.early = True

    def take_early(self, size: int) -> bytes:
        """What was received while the request was still being written."""
        early, self._early = self._early[:size], self._early[size:]
        return early

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks of a stream. Whether it is readable is found out by reading, just before a request."""
        if info == "ssl_object" and isinstance(self._layer, (TlsLayer, AsyncTlsLayer)):
            return self._layer.ssl_object
        return None


Connection = (
    httpcore.HTTPConnection
    | httpcore.AsyncHTTPConnection
    | httpcore.ConnectionPool
    | httpcore.AsyncConnectionPool
)


def is_reusable(connection: Connection) -> bool:
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


def origin(url: httpx.URL) -> httpcore.Origin:
    port = url.port or (443 if url.scheme == "https" else 80)
    return httpcore.Origin(url.raw_scheme, url.raw_host, port)


def to_httpcore(request: httpx.Request, trace: Callable[..., object] | None) -> httpcore.Request:
    url = request.url
    return httpcore.Request(
        request.method,
        httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions if trace is None else {**request.extensions, "trace": trace},
    )


def to_httpx(
    answer: httpcore.Response, stream: httpx.SyncByteStream | httpx.AsyncByteStream
) -> httpx.Response:
    extensions: dict[str, Any] = getattr(answer, "extensions")  # noqa: B009 - httpcore leaves the type open
    return httpx.Response(answer.status, headers=answer.headers, stream=stream, extensions=extensions)


def in_httpx(error: Exception) -> httpx.TransportError:
    """The error of httpx with the same name, which is how httpx itself translates them."""
    kind: type[httpx.TransportError] = getattr(httpx, type(error).__name__)
    return kind(str(error))
