# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""The pool of `pool` for asynchronous clients; deadlines are the caller's, by cancellation."""

from __future__ import annotations

import os
import ssl
import time
from functools import partial
from typing import TYPE_CHECKING

import httpx

from .connections import JUST, Idle, Origin, PoolSettings, may_open_another, origin_of, usable
from .sockets.attempt_state import AttemptState, attempt_state_of

if TYPE_CHECKING:
    import anyio

    from .sockets.async_wire import AsyncPooledConnection


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
        self._slots: anyio.Semaphore | None = None
        self._loop: object = None
        self._idle: Idle[AsyncPooledConnection] = Idle()
        self._closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. Raises httpx's errors."""
        attempt, origin = attempt_state_of(request), origin_of(request.url)
        attempt.sent = False
        slots = self._slots_here()
        await _enter(slots, request)
        try:
            return await self._send(request, attempt, origin, slots)
        except BaseException:
            slots.release()
            raise

    async def _send(
        self, request: httpx.Request, attempt: AttemptState, origin: Origin, slots: anyio.Semaphore
    ) -> httpx.Response:
        opened = 0
        while True:
            connection = (
                None
                if attempt.alone
                else await self._reuse(origin, self._reuse_within if attempt.fresh else None)
            )
            if connection is None:
                connection = self._connect(request.url)
                opened += 1
            try:
                return await connection.send(
                    request, partial(self._done, origin, connection, slots), slots.release
                )
            except BaseException as error:
                await connection.close()
                if not may_open_another(error, opened):
                    raise

    def _slots_here(self) -> anyio.Semaphore:
        """The places for connections in the running event loop."""
        loop = (os.getpid(), _running_loop())
        if self._slots is None or self._loop != loop:
            import anyio

            # Their loop may be closed, or belong to the process that this one was forked from.
            for connection in self._idle.clear():
                connection.drop()
            self._loop = loop
            self._slots = anyio.Semaphore(self._connections)
        return self._slots

    def _connect(self, url: httpx.URL) -> AsyncPooledConnection:
        from .sockets.async_wire import AsyncPooledConnection

        proxy = self._settings.proxy(url)
        return AsyncPooledConnection(url, self._settings.context() if url.scheme == "https" else None, proxy)

    async def _reuse(self, origin: Origin, within: float | None) -> AsyncPooledConnection | None:
        while True:
            connection = self._idle.take(origin)
            if connection is None or usable(connection, within=within):
                return connection
            await connection.close()

    async def _done(self, origin: Origin, connection: AsyncPooledConnection, slots: anyio.Semaphore) -> None:
        try:
            stale = [connection]
            if slots is self._slots and not self._closed and connection.reusable():
                connection.idle_since = time.monotonic()
                stale = self._idle.put(origin, connection)
            for other in stale:
                await other.close()
        finally:
            slots.release()

    async def aclose(self) -> None:
        """Close the idle connections, and the others as soon as their calls end."""
        self._closed = True
        here = self._loop == (os.getpid(), _running_loop())
        for connection in self._idle.clear():
            if here:
                await connection.close()
            else:
                connection.drop()


def _running_loop() -> object:
    import asyncio

    try:
        return asyncio.get_running_loop()
    except RuntimeError:  # another library than asyncio is running, and it has one loop only
        return None


async def _enter(slots: anyio.Semaphore, request: httpx.Request) -> None:
    """Wait for a free slot as long as the timeout for that allows."""
    if slots.value:
        slots.acquire_nowait()
        return
    import anyio

    with anyio.move_on_after(request.extensions.get("timeout", {}).get("pool")):
        await slots.acquire()
        return
    raise httpx.PoolTimeout("every connection is in use")
