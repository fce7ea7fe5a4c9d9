"""What one caller of a `ProxyServer` may cost, and who hears of calls that came to nothing; nothing is done here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from clientsmith.traffic.message import HttpRequest


@dataclass(frozen=True, slots=True)
class ProxyLimits:
    """What one caller may cost: bytes that are kept, and seconds that are waited.

    `write_seconds` is for 64 KiB of an answer, not for the whole.
    """

    head_bytes: int = 64 * 1024
    body_bytes: int = 16 * 1024 * 1024
    all_bodies_bytes: int = 128 * 1024 * 1024
    connections: int = 200
    idle_seconds: float = 75
    request_seconds: float = 30
    write_seconds: float = 30


@dataclass(slots=True)
class Load:
    """What all connections of a proxy hold together: bytes of request bodies."""

    body_bytes: int = 0


class Losses(Protocol):
    """Hears of calls that came to nothing."""

    def refused(self, request: HttpRequest | None, status: int, reason: str) -> None:
        """A request, None if not even its head was read, was answered here with `status`, or not at all (0)."""
        ...

    def undelivered(self, request: HttpRequest, status: int, reason: str) -> None:
        """A request was answered, and the answer did not arrive."""
        ...


class Unnoticed:
    """`Losses` that nobody counts."""

    def refused(self, request: HttpRequest | None, status: int, reason: str) -> None:
        """Do nothing."""

    def undelivered(self, request: HttpRequest, status: int, reason: str) -> None:
        """Do nothing."""
