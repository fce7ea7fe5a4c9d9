# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""What an attempt and the transport that carries it exchange through the extensions of the request.

The pool of this package reads it and writes to it; with other transports httpcore's trace events stand in for that.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final

import httpx

_KEY: Final = "clientsmith"
_CONNECTING: Final = frozenset({"connection", "proxy", "socks"})
_CONNECTED: Final = frozenset({"connect_tcp.complete", "connect_unix_socket.complete"})


class SpokeFirst(httpx.RemoteProtocolError):
    """A connection on which something was received before a request: whose it is, nobody knows. Nothing was sent."""


class ClosedFirst(httpx.ConnectError):
    """A connection that the server had closed before a request. Nothing was sent."""


class AttemptState:
    """One attempt on the wire.

    `deadline` is on the monotonic clock. `alone` asks for a connection that is opened for this attempt, `fresh` for one
    that is new or has just answered. `sent` is False while it is certain that no byte of the request has left, True
    once the first one may have, and None while nothing is known.

    `opened` is True if the connection was opened for this attempt and leads to the server itself, so that no answer to
    another call can come on it; None while nothing is known. `early` is True if an answer, or part of one, came on a
    connection that had carried others before the request was through; `spoiled` that no other call may follow on it.
    """

    __slots__ = ("_connected", "alone", "deadline", "early", "fresh", "opened", "sent", "spoiled")

    def __init__(self, deadline: float | None = None, *, fresh: bool = False, alone: bool = False) -> None:
        self.deadline = deadline
        self.fresh = fresh
        self.alone = alone
        self.sent: bool | None = None
        self.opened: bool | None = None
        self.early = False
        self.spoiled = False
        self._connected = False

    @property
    def expired(self) -> bool:
        """Whether the deadline has passed."""
        return self.deadline is not None and time.monotonic() >= self.deadline

    def cap(self, timeout: float | None) -> float | None:
        """The timeout of one step in seconds, cut to what is left until the deadline; 0 where nothing is."""
        if self.deadline is None:
            return timeout
        left = max(self.deadline - time.monotonic(), 0.0)
        return left if timeout is None or left < timeout else timeout

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Note what an event of httpcore's trace extension says about the connection and the first byte."""
        layer, _, step = event.partition(".")
        if step == "send_request_headers.started":
            request = info.get("request")
            if getattr(request, "method", None) == b"CONNECT":  # it only asks a proxy for a tunnel
                return
            # A target in absolute form is for a proxy that passes it on, over connections of its own (RFC 9112 3.2.2).
            target: bytes = getattr(getattr(request, "url", None), "target", b"")
            self.opened = self._connected and target[:1] in (b"/", b"*")
            self._connected = False
            self.sent = True
        elif layer in _CONNECTING:
            if self.sent is None:
                self.sent = False
            if step in _CONNECTED:
                self._connected = True

    async def async_trace(self, event: str, info: Mapping[str, Any]) -> None:
        """As `trace`, in the form that httpcore's asynchronous connections call."""
        self.trace(event, info)

    def extensions(self, timeouts: Mapping[str, float | None]) -> dict[str, Any]:
        """The extensions that a request of this attempt carries."""
        return {"timeout": {step: self.cap(limit) for step, limit in timeouts.items()}, _KEY: self}


def attempt_state_of(request: httpx.Request) -> AttemptState:
    """The attempt that a request belongs to; a new one for requests that others made."""
    attempt_state = request.extensions.get(_KEY)
    return attempt_state if isinstance(attempt_state, AttemptState) else AttemptState()
