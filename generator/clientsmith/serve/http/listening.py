"""One listening socket that may refuse connections for a while and keeps its port; no connection is known here."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

_BACKLOG = 256


class Listening:
    """For one event loop, between `start` and `close`."""

    def __init__(self, connected: Callable[[], asyncio.Protocol], over: Callable[[], None]) -> None:
        """`connected` makes the protocol of a new connection; `over` is called when a time of refusal has passed."""
        self._connected = connected
        self._over = over
        self._server: asyncio.Server | None = None
        self._refusing: asyncio.TimerHandle | None = None
        self._bound: socket.socket | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.address: tuple[str, int] = ("", 0)

    async def start(self, host: str, port: int) -> None:
        """Listen; raises OSError if the address is not to be had, such as a port in use."""
        bound = _bind(host, port)
        self.address = bound.getsockname()[:2]
        await self._listen(bound)

    async def _listen(self, bound: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connected, sock=bound, backlog=_BACKLOG)

    def refuse(self, seconds: float) -> None:
        """A socket that is bound and does not listen keeps the port, and whoever connects is refused."""
        if self._server is not None:
            self._server.close()
            self._server = None
            self._bound = _bind(*self.address)
        if self._refusing is not None:
            self._refusing.cancel()
        self._refusing = asyncio.get_running_loop().call_later(seconds, self._over)

    def resume(self) -> None:
        """Listen again, if connections are refused."""
        bound, self._bound = self._bound, None
        if bound is None:
            return
        if self._refusing is not None:
            self._refusing.cancel()
        task = asyncio.get_running_loop().create_task(self._listen(bound))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
        if self._refusing is not None:
            self._refusing.cancel()
        if self._bound is not None:
            self._bound.close()


def _bind(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound
