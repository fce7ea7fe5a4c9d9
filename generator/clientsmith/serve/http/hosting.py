"""What a connection asks of the server that it belongs to, and what one client may cost; nothing is done here."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from clientsmith.serve.http.client_timeout import ClientTimeout
from clientsmith.serve.http.heads import KnownHeads
from clientsmith.serve.http.outgoing import Outgoing, Step
from clientsmith.traffic.message import Answer, Fault, HttpRequest

CONTROL = "/__clientsmith"
"""Where the control interface and its page are, out of the way of every API."""


def is_control(target: str) -> bool:
    """Whether a request target is about the server itself."""
    return target.startswith(CONTROL) and target[len(CONTROL) : len(CONTROL) + 1] in ("", "/", "?")


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """What one client may cost: bytes that are kept, and seconds that are waited."""

    head_bytes: int = 64 * 1024
    body_bytes: int = 16 * 1024 * 1024
    all_bodies_bytes: int = 128 * 1024 * 1024
    connections: int = 1000
    head_seconds: float = 10
    body_seconds: float = 30
    idle_seconds: float = 75
    write_seconds: float = 30
    linger_seconds: float = 1


class Closable(Protocol):
    """What the server asks of a connection."""

    timeout: ClientTimeout
    """When to give up on the client."""

    def expire(self) -> None:
        """The client has taken too long."""
        ...

    def stop(self) -> None:
        """Close as soon as nothing is going out any more."""
        ...

    def abort(self) -> None:
        """Close at once."""
        ...


class Host(Protocol):
    """What a connection asks of the server that it belongs to."""

    limits: ServerLimits
    heads: KnownHeads
    body_bytes: int
    """The bytes of request bodies that are being read or wait for their answer, over all connections."""

    def opened(self, connection: Closable) -> Fault | str | None:
        """Count a connection in: a fault that strikes now, or why it is turned away."""
        ...

    def closed(self, connection: Closable) -> None:
        """Count a connection out."""
        ...

    def early(self, request: HttpRequest, *, asks: bool) -> Fault | None:
        """The fault that strikes after the headers of a request; `asks` says that they may ask for one."""
        ...

    def answer(self, request: HttpRequest, *, asks: bool) -> Answer | asyncio.Future[Answer]:
        """The answer to a whole request, with its fault, faults of content already carried out.

        What may take longer comes as a future, so that the other connections go on meanwhile.
        """
        ...

    def plan(self, out: Outgoing, fault: Fault) -> Iterator[Step]:
        """How a response with a fault on the wire goes out."""
        ...

    def refused(self, request: HttpRequest, status: int, reason: str) -> Answer:
        """The answer to what is not a request, or none that is served."""
        ...

    def date(self) -> str:
        """The value of the Date header."""
        ...
