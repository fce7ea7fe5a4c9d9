"""Single connections through a proxy, each a transport of httpx with room for one.

httpcore's trace events tell when the first byte leaves, and httpx's own timeouts hold for every step.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Final, cast

import httpx

from .flight import flight_of

_ONE: Final = httpx.Limits(max_connections=1, max_keepalive_connections=1)


class ProxiedLane:
    """One blocking connection through a proxy."""

    def __init__(self, proxy: str | httpx.Proxy, context: ssl.SSLContext) -> None:
        self.idle_since = 0.0
        self._transport = httpx.HTTPTransport(verify=context, limits=_ONE, proxy=proxy)

    def send(self, request: httpx.Request, done: Callable[[], None]) -> httpx.Response:
        """Send and give the head of the answer; `done` is called once its body is closed. Raises httpx's errors."""
        request.extensions = {**request.extensions, "trace": flight_of(request).trace}
        response = self._transport.handle_request(request)
        response.stream = _Body(cast("httpx.SyncByteStream", response.stream), done)
        return response

    def reusable(self) -> bool:
        """Always: the transport itself knows whether its connection still stands."""
        return True

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: httpx.SyncByteStream, done: Callable[[], None]) -> None:
        self._stream = stream
        self._done = done

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        try:
            self._stream.close()
        finally:
            self._done()


class AsyncProxiedLane:
    """One asynchronous connection through a proxy."""

    def __init__(self, proxy: str | httpx.Proxy, context: ssl.SSLContext) -> None:
        self.idle_since = 0.0
        self._transport = httpx.AsyncHTTPTransport(verify=context, limits=_ONE, proxy=proxy)

    async def send(self, request: httpx.Request, done: Callable[[], Awaitable[None]]) -> httpx.Response:
        """As `ProxiedLane.send`."""
        request.extensions = {**request.extensions, "trace": flight_of(request).async_trace}
        response = await self._transport.handle_async_request(request)
        response.stream = _AsyncBody(cast("httpx.AsyncByteStream", response.stream), done)
        return response

    def reusable(self) -> bool:
        """Always: the transport itself knows whether its connection still stands."""
        return True

    async def close(self) -> None:
        """Close the connection."""
        await self._transport.aclose()


class _AsyncBody(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream, done: Callable[[], Awaitable[None]]) -> None:
        self._stream = stream
        self._done = done

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            yield chunk

    async def aclose(self) -> None:
        try:
            await self._stream.aclose()
        finally:
            await self._done()
