"""What an attempt and the transport that carries it tell each other, through the extensions of the request.

The pool of this package reads it and writes to it; with other transports httpcore's trace events stand in for that.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final

import httpx

_KEY: Final = "clientsmith"
_SENDING: Final = ("http11.send_request", "http2.send_request")


class Flight:
    """One attempt on the wire.

    `deadline` is on the monotonic clock. `fresh` asks for a connection that is new or has just answered. `sent` is
    False while it is certain that no byte of the request has left, True once the first one may have, and None while
    nobody has told.
    """

    __slots__ = ("deadline", "fresh", "sent")

    def __init__(self, deadline: float | None = None, *, fresh: bool = False) -> None:
        self.deadline = deadline
        self.fresh = fresh
        self.sent: bool | None = None

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
        """Note what an event of httpcore's trace extension says about the first byte."""
        if event.startswith(_SENDING) and event.endswith(".started"):
            # A CONNECT only asks a proxy for a tunnel.
            if getattr(info.get("request"), "method", None) != b"CONNECT":
                self.sent = True
        elif self.sent is None and event.startswith("connection."):
            self.sent = False

    async def async_trace(self, event: str, info: Mapping[str, Any]) -> None:
        """As `trace`, in the form that httpcore's asynchronous connections call."""
        self.trace(event, info)

    def extensions(self, timeouts: Mapping[str, float | None]) -> dict[str, Any]:
        """The extensions that a request of this attempt carries."""
        return {"timeout": {step: self.cap(limit) for step, limit in timeouts.items()}, _KEY: self}


def flight_of(request: httpx.Request) -> Flight:
    """The attempt that a request belongs to; a new one for requests that others made."""
    flight = request.extensions.get(_KEY)
    return flight if isinstance(flight, Flight) else Flight()
