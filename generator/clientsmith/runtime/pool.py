"""Transports for httpx that keep single connections in a stack and take the one used last, in constant time.

httpx's own pool looks at every connection for each request, and knows no way to ask for a new connection. How one
connection works is told in `wire`; HTTP/2 is for httpx's transports, which the clients take as well.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Final, Generic, Protocol
from urllib.request import getproxies, proxy_bypass

import httpx
from typing_extensions import TypeVar

from .errors import ConfigurationError
from .flight import flight_of

if TYPE_CHECKING:
    import anyio

    from .proxied import AsyncProxiedLane, ProxiedLane
    from .wire import AsyncLane, Lane


class _Lane(Protocol):
    """What the bookkeeping needs to know of a connection; `idle_since` is on the monotonic clock."""

    idle_since: float

    def reusable(self) -> bool:
        """Whether it is open and can take another request."""
        ...


L = TypeVar("L", bound=_Lane)
Place = tuple[str, str, "int | None"]
"""Scheme, host and port."""

_JUST: Final = 1.0
"""Seconds since its last answer after which a connection no longer carries a call that bills. Servers close connections
that lie idle, never sooner than after some seconds, and a request that crosses such a close has an unknown outcome."""
_SCHEMES: Final = frozenset({"http", "https"})


class _Idle(Generic[L]):
    """Idle connections by place, the one used last on top; not safe to share."""

    def __init__(self) -> None:
        self._stacks: dict[Place, deque[L]] = {}

    def take(self, place: Place) -> L | None:
        """The connection used last."""
        stack = self._stacks.get(place)
        return stack.pop() if stack else None

    def put(self, place: Place, lane: L) -> list[L]:
        """Keep a connection; gives those that have lain idle for too long, to be closed."""
        stack = self._stacks.setdefault(place, deque())
        stack.append(lane)
        stale: list[L] = []
        while len(stack) > 1 and not stack[0].reusable():
            stale.append(stack.popleft())
        return stale

    def clear(self) -> list[L]:
        """All of them, to be closed."""
        lanes = [lane for stack in self._stacks.values() for lane in stack]
        self._stacks.clear()
        return lanes


class _Settings:
    """What both transports are told, and what they find out on first use."""

    def __init__(
        self,
        connections: int,
        verify: ssl.SSLContext | None,
        proxy: str | httpx.Proxy | None,
        *,
        trust_env: bool,
    ) -> None:
        if connections < 1:
            raise ConfigurationError("connections must be at least 1")
        self._verify = verify
        self._proxy = proxy
        self._trust_env = trust_env
        self._proxies: dict[tuple[str, bytes], str | None] = {}
        self._lock = threading.Lock()

    def context(self) -> ssl.SSLContext:
        """The TLS settings, loaded once: reading the certificates takes tens of milliseconds."""
        with self._lock:
            if self._verify is None:
                self._verify = httpx.create_ssl_context(trust_env=self._trust_env)
            return self._verify

    def proxy(self, url: httpx.URL) -> str | httpx.Proxy | None:
        """The proxy for a URL: the one given, else the environment's (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY).

        The environment is read on first use of a host, since it takes as long as a request.
        """
        if self._proxy is not None or not self._trust_env:
            return self._proxy
        key = url.scheme, url.netloc
        if key not in self._proxies:
            self._proxies[key] = _environment_proxy(*key)
        return self._proxies[key]


def _environment_proxy(scheme: str, netloc: bytes) -> str | None:
    proxies = getproxies()
    found = proxies.get(scheme) or proxies.get("all")
    if not found or proxy_bypass(netloc.decode("ascii")):
        return None
    return found if "://" in found else f"http://{found}"


def _place(url: httpx.URL) -> Place:
    if url.scheme not in _SCHEMES:
        raise httpx.UnsupportedProtocol(f"the URL scheme {url.scheme!r:.20} is not supported")
    return (url.scheme, url.host, url.port)


class PooledTransport(httpx.BaseTransport):
    """HTTP/1.1 over at most `connections` connections, shared safely between threads.

    `verify` holds TLS settings of your own (a CA bundle, a client certificate); `proxy` replaces the environment's
    proxies, and `trust_env=False` ignores them. A call that bills gets a connection that is new or has just answered.
    """

    def __init__(
        self,
        *,
        connections: int = 100,
        verify: ssl.SSLContext | None = None,
        proxy: str | httpx.Proxy | None = None,
        trust_env: bool = True,
    ) -> None:
        self._settings = _Settings(connections, verify, proxy, trust_env=trust_env)
        self._room = threading.Semaphore(connections)
        self._lock = threading.Lock()
        self._idle: _Idle[Lane | ProxiedLane] = _Idle()
        self._closed = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. Raises httpx's errors."""
        flight, place = flight_of(request), _place(request.url)
        flight.sent = False
        timeout = flight.cap(request.extensions.get("timeout", {}).get("pool"))
        if not self._room.acquire(blocking=True, timeout=timeout):
            raise httpx.PoolTimeout("every connection is in use")
        lane = None
        try:
            lane = self._reuse(place, fresh=flight.fresh) or self._connect(request.url)
            return lane.send(request, partial(self._done, place, lane))
        except BaseException:
            self._room.release()
            if lane is not None:
                lane.close()
            raise

    def _connect(self, url: httpx.URL) -> Lane | ProxiedLane:
        proxy = self._settings.proxy(url)
        if proxy is not None:
            from .proxied import ProxiedLane

            return ProxiedLane(proxy, self._settings.context())
        from .wire import Lane

        return Lane(url, self._settings.context() if url.scheme == "https" else None)

    def _reuse(self, place: Place, *, fresh: bool) -> Lane | ProxiedLane | None:
        while True:
            with self._lock:
                lane = self._idle.take(place)
            if lane is None or _usable(lane, fresh=fresh):
                return lane
            lane.close()

    def _done(self, place: Place, lane: Lane | ProxiedLane) -> None:
        try:
            stale = [lane]
            if lane.reusable():
                lane.idle_since = time.monotonic()
                with self._lock:
                    if not self._closed:
                        stale = self._idle.put(place, lane)
            for other in stale:
                other.close()
        finally:
            self._room.release()

    def close(self) -> None:
        """Close the idle connections, and the others as soon as their calls end."""
        with self._lock:
            self._closed = True
            lanes = self._idle.clear()
        for lane in lanes:
            lane.close()


class AsyncPooledTransport(httpx.AsyncBaseTransport):
    """As `PooledTransport`, for asynchronous clients. What an event loop left behind is never used in another one."""

    def __init__(
        self,
        *,
        connections: int = 100,
        verify: ssl.SSLContext | None = None,
        proxy: str | httpx.Proxy | None = None,
        trust_env: bool = True,
    ) -> None:
        self._settings = _Settings(connections, verify, proxy, trust_env=trust_env)
        self._connections = connections
        self._room: anyio.Semaphore | None = None
        self._loop: object = None
        self._idle: _Idle[AsyncLane | AsyncProxiedLane] = _Idle()
        self._closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. Raises httpx's errors."""
        flight, place = flight_of(request), _place(request.url)
        flight.sent = False
        room = self._room_here()
        await _enter(room, request)
        lane = None
        try:
            lane = await self._reuse(place, fresh=flight.fresh) or self._connect(request.url)
            return await lane.send(request, partial(self._done, place, lane, room))
        except BaseException:
            room.release()
            if lane is not None:
                await lane.close()
            raise

    def _room_here(self) -> anyio.Semaphore:
        """The places for connections in the running event loop."""
        loop = _running_loop()
        if self._room is None or self._loop is not loop:
            import anyio

            self._idle.clear()  # their loop may be closed, and then there is nothing left that could close them
            self._loop = loop
            self._room = anyio.Semaphore(self._connections, fast_acquire=True)
        return self._room

    def _connect(self, url: httpx.URL) -> AsyncLane | AsyncProxiedLane:
        proxy = self._settings.proxy(url)
        if proxy is not None:
            from .proxied import AsyncProxiedLane

            return AsyncProxiedLane(proxy, self._settings.context())
        from .wire import AsyncLane

        return AsyncLane(url, self._settings.context() if url.scheme == "https" else None)

    async def _reuse(self, place: Place, *, fresh: bool) -> AsyncLane | AsyncProxiedLane | None:
        while True:
            lane = self._idle.take(place)
            if lane is None or _usable(lane, fresh=fresh):
                return lane
            await lane.close()

    async def _done(self, place: Place, lane: AsyncLane | AsyncProxiedLane, room: anyio.Semaphore) -> None:
        try:
            stale = [lane]
            if room is self._room and not self._closed and lane.reusable():
                lane.idle_since = time.monotonic()
                stale = self._idle.put(place, lane)
            for other in stale:
                await other.close()
        finally:
            room.release()

    async def aclose(self) -> None:
        """Close the idle connections, and the others as soon as their calls end."""
        self._closed = True
        for lane in self._idle.clear():
            await lane.close()


def _usable(lane: _Lane, *, fresh: bool) -> bool:
    return lane.reusable() and not (fresh and time.monotonic() - lane.idle_since > _JUST)


def _running_loop() -> object:
    import asyncio

    try:
        return asyncio.get_running_loop()
    except RuntimeError:  # another library than asyncio is running, and it has one loop only
        return None


async def _enter(room: anyio.Semaphore, request: httpx.Request) -> None:
    """Wait for a free place as long as the timeout for that allows."""
    if room.value:
        room.acquire_nowait()
        return
    import anyio

    with anyio.move_on_after(request.extensions.get("timeout", {}).get("pool")):
        await room.acquire()
        return
    raise httpx.PoolTimeout("every connection is in use")
