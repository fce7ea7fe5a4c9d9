# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""A transport for httpx that keeps single connections in a stack and takes the one used last, in constant time.

httpx's own pool looks at every connection for each request, and knows no way to ask for a new connection. How one
connection works is described in `wire`; HTTP/2 is for httpx's transports, which the clients take as well.
"""

from __future__ import annotations

import os
import ssl
import threading
import time
import weakref
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

import httpx

from ..values.forks import renew_in_children
from .connections import JUST, Idle, Origin, PoolSettings, may_open_another, origin_of, usable
from .sockets.attempt_state import AttemptState, attempt_state_of

if TYPE_CHECKING:
    from .sockets.wire import PooledConnection


class _Permit:
    """The right to one connection. One that an interrupt loses between two steps goes back by itself."""

    __slots__ = ("_slots",)

    def __init__(self, slots: SimpleQueue[_Permit]) -> None:
        self._slots = weakref.ref(slots)

    def __del__(self) -> None:
        slots = self._slots()
        if slots is not None:
            slots.put(_Permit(slots))


class PooledTransport(httpx.BaseTransport):
    """HTTP/1.1 over at most `connections` connections, shared safely between threads.

    `verify` holds TLS settings of your own (a CA bundle, a client certificate); `proxy` replaces the environment's
    proxies, and `trust_env=False` ignores them. A call that cannot be repeated gets a connection that is new or has
    answered within `reuse_within` seconds; with 0 it always gets a new one.

    A call that bills gets a connection that is opened for it and closed after it, so that no answer to another call can
    be taken for its own. `reuse_for_billing=True` gives that up for fewer connections: an answer that a server, or a
    proxy in front of it, sends once too often can then make a call that was carried out look like one that was not.
    """

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
        self._closed = False
        self._begin()
        renew_in_children(self)

    def _begin(self) -> None:
        """Start without connections, in a child process too: those of its parent are not to be shared."""
        self._idle: Idle[PooledConnection] = Idle()
        self._lock = threading.Lock()
        # In C, unlike a semaphore: an interrupt leaves it whole.
        self._slots: SimpleQueue[_Permit] = SimpleQueue()
        for _ in range(self._connections):
            self._slots.put(_Permit(self._slots))
        self._pid = os.getpid()  # last: another thread may look at it

    def after_fork(self) -> None:
        """Leave the connections to the parent; a server must not wait for this process to close them too."""
        for connection in self._idle.clear():
            connection.drop()
        self._begin()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. Raises httpx's errors."""
        attempt, origin = attempt_state_of(request), origin_of(request.url)
        attempt.sent = False
        if self._pid != os.getpid():  # forked past Python, as some servers do
            self.after_fork()
        slots = self._slots
        try:
            permit = slots.get(timeout=attempt.cap(request.extensions.get("timeout", {}).get("pool")))
        except Empty:
            raise httpx.PoolTimeout("every connection is in use") from None
        try:
            return self._send(request, attempt, origin, partial(slots.put, permit))
        except BaseException:
            slots.put(permit)
            raise

    def _send(
        self, request: httpx.Request, attempt: AttemptState, origin: Origin, free: Callable[[], None]
    ) -> httpx.Response:
        opened = 0
        while True:
            connection = (
                None if attempt.alone else self._reuse(origin, self._reuse_within if attempt.fresh else None)
            )
            if connection is None:
                connection = self._connect(request.url)
                opened += 1
            try:
                return connection.send(request, partial(self._done, origin, connection, free), free)
            except BaseException as error:
                connection.close()
                if not may_open_another(error, opened):
                    raise

    def _connect(self, url: httpx.URL) -> PooledConnection:
        from .sockets.wire import PooledConnection

        proxy = self._settings.proxy(url)
        return PooledConnection(url, self._settings.context() if url.scheme == "https" else None, proxy)

    def _reuse(self, origin: Origin, within: float | None) -> PooledConnection | None:
        while True:
            with self._lock:
                connection = self._idle.take(origin)
            if connection is None or usable(connection, within=within):
                return connection
            connection.close()

    def _done(self, origin: Origin, connection: PooledConnection, free: Callable[[], None]) -> None:
        try:
            stale = [connection]
            if connection.reusable():
                connection.idle_since = time.monotonic()
                with self._lock:
                    if not self._closed:
                        stale = self._idle.put(origin, connection)
            for other in stale:
                other.close()
        finally:
            free()

    def close(self) -> None:
        """Close the idle connections, and the others as soon as their calls end."""
        with self._lock:
            self._closed = True
            connections = self._idle.clear()
        for connection in connections:
            connection.close()
