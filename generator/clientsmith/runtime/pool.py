"""A transport for httpx that keeps single connections in a stack and takes the one used last, in constant time.

httpx's own pool looks at every connection for each request, and knows no way to ask for a new connection. How one
connection works is told in `wire`; HTTP/2 is for httpx's transports, which the clients take as well.
"""

from __future__ import annotations

import os
import ssl
import threading
import time
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

import httpx

from .connections import JUST, Idle, Place, PoolSettings, place_of, usable
from .flight import flight_of

if TYPE_CHECKING:
    from .proxied import ProxiedLane
    from .wire import Lane


class PooledTransport(httpx.BaseTransport):
    """HTTP/1.1 over at most `connections` connections, shared safely between threads.

    `verify` holds TLS settings of your own (a CA bundle, a client certificate); `proxy` replaces the environment's
    proxies, and `trust_env=False` ignores them. A call that cannot be repeated gets a connection that is new or has
    answered within `reuse_within` seconds; with 0 it always gets a new one, which no earlier answer can disturb.
    """

    def __init__(
        self,
        *,
        connections: int = 100,
        verify: ssl.SSLContext | None = None,
        proxy: str | httpx.Proxy | None = None,
        trust_env: bool = True,
        reuse_within: float = JUST,
    ) -> None:
        self._settings = PoolSettings(connections, verify, proxy, trust_env=trust_env)
        self._connections = connections
        self._reuse_within = reuse_within
        self._closed = False
        self._begin()

    def _begin(self) -> None:
        """Start without connections, in a child process too: those of its parent are not to be shared."""
        self._pid = os.getpid()
        self._idle: Idle[Lane | ProxiedLane] = Idle()
        self._lock = threading.Lock()
        # In C, unlike a semaphore: an interrupt leaves it whole.
        self._room: SimpleQueue[None] = SimpleQueue()
        for _ in range(self._connections):
            self._room.put(None)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. Raises httpx's errors."""
        flight, place = flight_of(request), place_of(request.url)
        flight.sent = False
        if self._pid != os.getpid():
            self._begin()
        try:
            self._room.get(timeout=flight.cap(request.extensions.get("timeout", {}).get("pool")))
        except Empty:
            raise httpx.PoolTimeout("every connection is in use") from None
        lane = None
        try:
            lane = self._reuse(place, self._reuse_within if flight.fresh else None) or self._connect(
                request.url
            )
            return lane.send(request, partial(self._done, place, lane))
        except BaseException:
            self._room.put(None)
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

    def _reuse(self, place: Place, within: float | None) -> Lane | ProxiedLane | None:
        while True:
            with self._lock:
                lane = self._idle.take(place)
            if lane is None or usable(lane, within=within):
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
            self._room.put(None)

    def close(self) -> None:
        """Close the idle connections, and the others as soon as their calls end."""
        with self._lock:
            self._closed = True
            lanes = self._idle.clear()
        for lane in lanes:
            lane.close()
