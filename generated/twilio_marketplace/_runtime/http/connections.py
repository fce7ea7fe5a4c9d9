# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""What both pools know of their connections: the idle ones by origin, TLS and proxy settings; nothing here sends."""

from __future__ import annotations

import ssl
import threading
import time
from collections import deque
from typing import Final, Generic, Protocol

import httpx
from typing_extensions import TypeVar

from ..results.errors import ConfigurationError
from ..values.forks import renew_in_children
from .environment import checked_proxy, default_context, environment_proxy
from .sockets.attempt_state import ClosedFirst, SpokeFirst


class AnyConnection(Protocol):
    """What the bookkeeping needs to know of a connection; `idle_since` is on the monotonic clock."""

    idle_since: float

    def reusable(self) -> bool:
        """Whether it is open and can take another request."""
        ...


L = TypeVar("L", bound=AnyConnection)
Origin = tuple[str, str, "int | None"]
"""Scheme, host and port."""

JUST: Final = 1.0
"""Seconds since its last answer within which a connection may carry a call that cannot be repeated.

Servers close connections that lie idle, never sooner than after some seconds, and a request that crosses such a close
has an unknown outcome.
"""
FRESH_TRIES: Final = 3
"""Connections that are opened for one attempt, at most, because something was received on them before the request."""
_SCHEMES: Final = frozenset({"http", "https"})


class Idle(Generic[L]):
    """Idle connections by origin, the one used last on top; not safe to share."""

    def __init__(self) -> None:
        self._stacks: dict[Origin, deque[L]] = {}

    def take(self, origin: Origin) -> L | None:
        """The connection used last."""
        stack = self._stacks.get(origin)
        return stack.pop() if stack else None

    def put(self, origin: Origin, connection: L) -> list[L]:
        """Keep a connection; gives those that have lain idle for too long, to be closed."""
        stack = self._stacks.setdefault(origin, deque())
        stack.append(connection)
        stale: list[L] = []
        while len(stack) > 1 and not stack[0].reusable():
            stale.append(stack.popleft())
        return stale

    def clear(self) -> list[L]:
        """All of them, to be closed."""
        connections = [connection for stack in self._stacks.values() for connection in stack]
        self._stacks.clear()
        return connections


class PoolSettings:
    """The arguments of both transports, and what they work out on first use."""

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
        self._proxy = None if proxy is None else checked_proxy(proxy, "proxy")
        self._trust_env = trust_env
        self._proxies: dict[tuple[str, bytes], httpx.Proxy | None] = {}
        self.after_fork()
        renew_in_children(self)

    def after_fork(self) -> None:
        """Make the lock anew: another thread may have held it as this process was forked."""
        self._lock = threading.Lock()

    def context(self) -> ssl.SSLContext:
        """The TLS settings, loaded once: reading the certificates takes tens of milliseconds.

        Raises ConfigurationError.
        """
        with self._lock:
            if self._verify is None:
                self._verify = default_context(trust_env=self._trust_env)
            return self._verify

    def proxy(self, url: httpx.URL) -> httpx.Proxy | None:
        """The proxy for a URL: the one given, else the environment's (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY).

        The environment is read on first use of a host, since it takes as long as a request, and never for this
        machine. Raises ConfigurationError.
        """
        if self._proxy is not None or not self._trust_env:
            return self._proxy
        key = url.scheme, url.netloc
        if key not in self._proxies:
            self._proxies[key] = environment_proxy(url)
        return self._proxies[key]


def origin_of(url: httpx.URL) -> Origin:
    """Where a URL leads. Raises httpx.UnsupportedProtocol."""
    if url.scheme not in _SCHEMES:
        raise httpx.UnsupportedProtocol(f"the URL scheme {url.scheme!r:.20} is not supported")
    return (url.scheme, url.host, url.port)


def usable(connection: AnyConnection, *, within: float | None) -> bool:
    """Whether a connection can carry a call; one that cannot be repeated, if its last answer came `within` seconds."""
    return connection.reusable() and (within is None or time.monotonic() - connection.idle_since <= within)


def may_open_another(error: BaseException, opened: int) -> bool:
    """Whether an attempt may go on with another connection after one could not carry it; `opened` counts new ones.

    A kept connection that turns out to be closed, or to hold bytes, says nothing about the next one.
    """
    if not isinstance(error, (SpokeFirst, ClosedFirst)):
        return False
    return opened < (FRESH_TRIES if isinstance(error, SpokeFirst) else 1)
