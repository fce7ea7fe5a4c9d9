"""How long a client may take; what happens after that is decided by the connection."""

from __future__ import annotations

import asyncio


class ClientTimeout:
    """A moment on the clock of a loop after which the client has taken too long."""

    __slots__ = ("_loop", "ends")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.ends: float | None = None
        """None: the client may take as long as it likes."""

    def start(self, seconds: float) -> None:
        """Give the client so many seconds from now."""
        self.ends = self._loop.time() + seconds

    def stop(self) -> None:
        """Let the client take as long as it likes."""
        self.ends = None
