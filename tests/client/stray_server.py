"""One event loop in one thread that serves every cell of the grid of stray answers, each on a listener of its own."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import h2.exceptions
import trustme

from tests.client.stray_wires import Answer, Asked, Http1Wire, Http2Wire, Wire, through_a_tunnel
from tests.patience import PATIENCE

Serves = Literal["plain", "tls", "tls12", "tunnel", "h2"]
CALL: Final = "x-call"
"""The header that names the intended call: all its attempts carry the same value."""
_FEW: Final = 65536
_GONE: Final = (OSError, EOFError, asyncio.IncompleteReadError, h2.exceptions.ProtocolError, ssl.SSLError)


@dataclass
class Exchange:
    """One request, what it is answered with, and how late the stray answer of this cell is (seconds)."""

    site: Site
    asked: Asked
    wire: Wire

    @property
    def call(self) -> str:
        return self.asked.headers.get(CALL, "")

    @property
    def attempt(self) -> int:
        """Which request of its call this is, from 1 on."""
        return self.site.arrived[self.call]

    def accept(self) -> Answer:
        """Carry the request out and count it; gives the answer that says so."""
        self.site.accepted[self.call] += 1
        if self.asked.target.endswith("/Usage"):
            body = b'{"total_submitted":%d,"billable_items":[]}' % int(self.call or 0)
            return Answer(202, body)
        return Answer(200, b'{"sid":"XB%032x"}' % int(self.call or 0))

    def send(self, answer: Answer) -> None:
        self.wire.write([(answer, "own")], self.asked)

    async def read(self) -> None:
        """Read the body that the script was called before."""
        assert isinstance(self.wire, Http1Wire)
        self.asked = await self.wire.body(self.asked)

    async def late(self) -> None:
        await pause(self.site.late)


Script = Callable[[Exchange], Awaitable[None]]


@dataclass
class Site:
    """One cell's server: what it does, and what arrived. `greeting` is sent on connections before any request."""

    serves: Serves
    script: Script
    late: float
    greeting: Answer | None = None
    greets: int = 0
    """How many connections are greeted."""
    heads: bool = False
    """Whether the script is called as soon as a head is there, and reads the body itself."""
    port: int = 0
    connections: int = 0
    arrived: Counter[str] = field(default_factory=Counter[str])
    followed: Counter[str] = field(default_factory=Counter[str])
    """How many requests of a call came on a connection that had carried another."""
    accepted: Counter[str] = field(default_factory=Counter[str])
    broken: list[BaseException] = field(default_factory=list[BaseException])
    listener: asyncio.Server | None = None
    tasks: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    @property
    def url(self) -> str:
        scheme = "http" if self.serves == "plain" else "https"
        return f"{scheme}://127.0.0.1:{self.port}"


async def pause(seconds: float) -> None:
    """Sleep, more exactly than the event loop does, whose clock counts milliseconds."""
    if seconds >= 0.002:
        await asyncio.sleep(seconds)
        return
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends:
        await asyncio.sleep(0)


class Servers:
    """The loop and its TLS contexts; used from any thread."""

    def __init__(self) -> None:
        self._authority = trustme.CA()
        certificate = self._authority.issue_cert("127.0.0.1")
        self._contexts: dict[str, ssl.SSLContext | None] = {"plain": None}
        for serves in ("tls", "tls12", "tunnel", "h2"):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
            self._contexts[serves] = context
        self._context("tls12").maximum_version = ssl.TLSVersion.TLSv1_2
        self._context("h2").set_alpn_protocols(["h2"])
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def _context(self, serves: str) -> ssl.SSLContext:
        context = self._contexts[serves]
        assert context is not None
        return context

    def trusting(self) -> ssl.SSLContext:
        """What a client needs to trust these servers."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._authority.configure_trust(context)
        return context

    def opened(self, site: Site) -> Future[Site]:
        """Start to listen."""
        return asyncio.run_coroutine_threadsafe(self._open(site), self._loop)

    def settled(self, site: Site) -> Future[Site]:
        """Stop listening, and wait until all that the clients sent has been read."""
        return asyncio.run_coroutine_threadsafe(self._settle(site), self._loop)

    async def _open(self, site: Site) -> Site:
        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            site.connections += 1
            wire = (Http2Wire if site.serves == "h2" else Http1Wire)(reader, writer)
            greets = site.greeting is not None and site.connections <= site.greets
            if greets and not site.late and site.serves != "tunnel":
                # Here and not in the task: TLS 1.2 puts it into the packet that ends the handshake.
                _greet(site, wire)
                greets = False
            task = asyncio.create_task(self._serve(site, wire, greets=greets))
            site.tasks.add(task)

        tls = None if site.serves == "tunnel" else self._contexts[site.serves]
        bound = socket.create_server(("127.0.0.1", 0), backlog=128)
        if site.heads:
            # Else the system holds megabytes of a body that the script has not read yet.
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _FEW)
        site.listener = await asyncio.start_server(connected, sock=bound, ssl=tls)
        site.port = site.listener.sockets[0].getsockname()[1]
        return site

    async def _serve(self, site: Site, wire: Any, *, greets: bool) -> None:
        try:
            if site.serves == "tunnel":
                await through_a_tunnel(wire.reader, wire.writer, self._contexts["tunnel"])
            if greets:
                await pause(site.late)
                _greet(site, wire)
            carried = 0
            async for asked in wire.requests(heads=site.heads):
                call = asked.headers.get(CALL, "")
                site.arrived[call] += 1
                site.followed[call] += carried > 0
                carried += 1
                await site.script(Exchange(site, asked, wire))
        except _GONE:
            pass
        except BaseException as error:
            site.broken.append(error)
        finally:
            wire.close()

    async def _settle(self, site: Site) -> Site:
        assert site.listener is not None
        site.listener.close()
        if site.tasks:
            _, waiting = await asyncio.wait(site.tasks, timeout=PATIENCE)
            for task in waiting:
                task.cancel()
            assert not waiting, "the client has left a connection open"
        return site

    def close(self) -> None:
        """Stop the loop."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()


def _greet(site: Site, wire: Wire) -> None:
    assert site.greeting is not None
    wire.write([(site.greeting, "next")], None)


@contextlib.contextmanager
def servers() -> Iterator[Servers]:
    """Servers for as long as the block runs."""
    made = Servers()
    try:
        yield made
    finally:
        made.close()
