"""The pool of `pool` for asynchronous clients; deadlines are the caller's, by cancellation."""

from __future__ import annotations

import os
import ssl
import time
from functools import partial
from typing import TYPE_CHECKING

import httpx

from .connections import JUST, Idle, Place, PoolSettings, may_open_another, place_of, usable
from .sockets.flight import Flight, flight_of

if TYPE_CHECKING:
    import anyio

    from .sockets.async_wire import AsyncLane


class AsyncPooledTransport(httpx.AsyncBaseTransport):
    """As `PooledTransport`, for asynchronous clients. What an event loop left behind is never used in another one."""

    def __init__(
        self,
        *,
        connections: int = 100,
        verify: ssl.SSLContext | None = None,
        proxy: str | httpx.Proxy | None = None,
        trust_env: bool = True,
        reuse_within: float = JUST,
        reuse_for_billing: bool = False,
    ) -> None:
        self.reuse_for_billing = reuse_for_billing
        self._settings = PoolSettings(connections, verify, proxy, trust_env=trust_env)
        self._connections = connections
        self._reuse_within = reuse_within
        self._room: anyio.Semaphore | None = None
        self._loop: object = None
        self._idle: Idle[AsyncLane] = Idle()
        self._closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. Raises httpx's errors."""
        flight, place = flight_of(request), place_of(request.url)
        flight.sent = False
        room = self._room_here()
        await _enter(room, request)
        try:
            return await self._send(request, flight, place, room)
        except BaseException:
            room.release()
            raise

    async def _send(
        self, request: httpx.Request, flight: Flight, place: Place, room: anyio.Semaphore
    ) -> httpx.Response:
        opened = 0
        while True:
            lane = (
                None
                if flight.alone
                else await self._reuse(place, self._reuse_within if flight.fresh else None)
            )
            if lane is None:
                lane = self._connect(request.url)
                opened += 1
            try:
                return await lane.send(request, partial(self._done, place, lane, room), room.release)
            except BaseException as error:
                await lane.close()
                if not may_open_another(error, opened):
                    raise

    def _room_here(self) -> anyio.Semaphore:
        """The places for connections in the running event loop."""
        loop = (os.getpid(), _running_loop())
        if self._room is None or self._loop != loop:
            import anyio

            # Their loop may be closed, or belong to the process that this one was forked from.
            for lane in self._idle.clear():
                lane.drop()
            self._loop = loop
            self._room = anyio.Semaphore(self._connections)
        return self._room

    def _connect(self, url: httpx.URL) -> AsyncLane:
        from .sockets.async_wire import AsyncLane

        proxy = self._settings.proxy(url)
        return AsyncLane(url, self._settings.context() if url.scheme == "https" else None, proxy)

    async def _reuse(self, place: Place, within: float | None) -> AsyncLane | None:
        while True:
            lane = self._idle.take(place)
            if lane is None or usable(lane, within=within):
                return lane
            await lane.close()

    async def _done(self, place: Place, lane: AsyncLane, room: anyio.Semaphore) -> None:
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
        here = self._loop == (os.getpid(), _running_loop())
        for lane in self._idle.clear():
            if here:
                await lane.close()
            else:
                lane.drop()


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
