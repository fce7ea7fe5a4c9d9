"""An HTTP/1.1 server for anything that answers requests asynchronously, by the rules of HTTP and without faults.

It listens and counts connections; `proxy_connection` speaks HTTP.
"""

from __future__ import annotations

import asyncio
import socket

from clientsmith.record.proxy_connection import ProxyConnection, Respond
from clientsmith.record.proxy_limits import Load, Losses, ProxyLimits, Unnoticed

__all__ = ["Losses", "ProxyLimits", "ProxyServer", "Respond", "bind"]

_BACKLOG = 128


class ProxyServer:
    """Listens on one address; every connection is read, answered and written in turn."""

    def __init__(
        self, respond: Respond, limits: ProxyLimits | None = None, losses: Losses | None = None
    ) -> None:
        """`losses` hears of every request that is not passed to `respond`, and of answers that did not arrive."""
        self._respond = respond
        self._limits = limits or ProxyLimits()
        self._losses = losses or Unnoticed()
        self._load = Load()
        self._open: dict[asyncio.Task[None], ProxyConnection] = {}
        self._server: asyncio.Server | None = None

    async def start(self, listening: socket.socket) -> str:
        """Serve on a socket that is bound, and return the URL."""
        self._server = await asyncio.start_server(self._connected, sock=listening, backlog=_BACKLOG)
        name, port = listening.getsockname()[:2]
        return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"

    async def close(self, seconds: float = 10) -> None:
        """Stop listening, let the exchanges in progress end within that time, and close every connection."""
        if self._server is not None:
            self._server.close()
        for task, connection in self._open.items():
            connection.is_last = True
            if not connection.is_answering:
                task.cancel()
        if self._open:
            await asyncio.wait(tuple(self._open), timeout=seconds)
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = ProxyConnection(reader, writer, self._respond, self._limits, self._losses, self._load)
        task = asyncio.get_running_loop().create_task(
            connection.serve(is_one_too_many=len(self._open) >= self._limits.connections)
        )
        self._open[task] = connection
        task.add_done_callback(self._open.pop)


def bind(host: str, port: int) -> socket.socket:
    """A socket at that address, with any free port where it is 0; raises OSError."""
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    return socket.create_server((host, port), family=family, backlog=_BACKLOG)
