"""The load of the server benchmark: requests over kept connections, each sent when the one before is answered."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from urllib.parse import urlsplit


class Asking(asyncio.Protocol):
    """One connection: asks again and again until nothing is left to ask."""

    def __init__(self, load: Load) -> None:
        self._load = load

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first time."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._waiting = b""
        self._ask()

    def _ask(self) -> None:
        if self._load.left <= 0:
            self._transport.close()
            return
        self._load.left -= 1
        self._size = -1
        self._transport.write(self._load.next_request())

    def data_received(self, data: bytes) -> None:
        """Ask again once the whole answer is there; anything but a 200 with a length ends the benchmark."""
        self._waiting += data
        if self._size < 0:
            end = self._waiting.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self._waiting[:end].lower()
            if not head.startswith(b"http/1.1 200 "):
                sys.exit(f"not answered with 200: {head[:100]!r}")
            length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
            self._size = end + 4 + int(length)
        if len(self._waiting) >= self._size:
            self._waiting = self._waiting[self._size :]
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count the connection out."""
        self._load.ended(self)


class Load:
    """So many requests over so many connections."""

    def __init__(self, url: str, requests: int, *, distinct: bool) -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname or "", parts.port or 80
        self.left = requests
        self.request = (
            f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Basic U0s6c2VjcmV0\r\n"
            "Accept: application/json\r\nUser-Agent: load\r\n"
        ).encode()
        self._distinct = distinct
        self._open = 0

    def next_request(self) -> bytes:
        """The same every time, or with a number that no other one has."""
        return self.request + (b"X-Number: %d\r\n\r\n" % self.left if self._distinct else b"\r\n")

    async def run(self, connections: int) -> float:
        """The seconds it took."""
        self._done = asyncio.get_running_loop().create_future()
        started = time.perf_counter()
        self._open = connections
        for _ in range(connections):
            await asyncio.get_running_loop().create_connection(lambda: Asking(self), self.host, self.port)
        await self._done
        return time.perf_counter() - started

    def ended(self, connection: Asking) -> None:
        """A connection is closed."""
        self._open -= 1
        if self.left > 0:
            sys.exit("the server closed a connection")
        if not self._open:
            self._done.set_result(None)


if __name__ == "__main__":
    count = int(sys.argv[2])
    load = Load(sys.argv[1], count, distinct=sys.argv[4] == "distinct")
    seconds = asyncio.run(load.run(int(sys.argv[3])))
    print(json.dumps({"requests": count, "seconds": seconds}))
