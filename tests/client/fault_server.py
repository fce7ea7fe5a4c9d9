"""A server of plain sockets that does to a connection what a script says, and counts what arrived; scripts live in `faults`."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.patience import PATIENCE

_HEAD_END = b"\r\n\r\n"


class PeerGoneError(Exception):
    """The peer or the server itself ended the connection."""


@dataclass(frozen=True)
class Arrived:
    """One complete request; `raw` is all of it as it came."""

    connection: int
    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    raw: bytes

    @property
    def operation(self) -> str:
        """Which of the three operations it is."""
        if self.method == "GET":
            return "fetch"
        return "report" if self.target.endswith("/Usage") else "update"


class Wire:
    """One accepted connection, as a script sees it."""

    def __init__(self, server: FaultServer, sock: socket.socket, number: int) -> None:
        self.server = server
        self.number = number
        self.open = True
        self.told_to_close = False
        self._sock = sock
        self._seen = b""

    def peek(self) -> None:
        """Wait until a whole small request is there, and take nothing of it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            there = self._sock.recv(65536, socket.MSG_PEEK)
            if not there:
                break
            head, end, body = there.partition(_HEAD_END)
            if end and len(body) >= int(_headers(head).get("content-length", "0")):
                return
            time.sleep(0.001)
        raise PeerGoneError

    def _more(self, at_most: int = 65536) -> None:
        try:
            chunk = self._sock.recv(at_most)
        except OSError:
            raise PeerGoneError from None
        if not chunk:
            raise PeerGoneError
        self._seen += chunk

    def some(self, count: int, at_most: int = 65536) -> None:
        """Read at least this many bytes of a request."""
        while len(self._seen) < count:
            self._more(at_most)

    def head(self) -> tuple[bytes, int]:
        """Read to the end of the headers: the head, and how long its body is going to be."""
        while _HEAD_END not in self._seen:
            self._more()
        head = self._seen.partition(_HEAD_END)[0]
        return head, int(_headers(head).get("content-length", "0"))

    def part(self) -> None:
        """Read the headers and half of the body; a request without a body is read whole, and counted."""
        head, length = self.head()
        if not length:
            self.request()
        else:
            self.some(len(head) + len(_HEAD_END) + length // 2)
            # The rest of a small body is there already; it was sent, but it counts as not read.
            self._seen = self._seen[: len(head) + len(_HEAD_END) + length // 2]

    def request(self) -> Arrived:
        """Read one request to its end and count it."""
        head, length = self.head()
        assert "transfer-encoding" not in _headers(head)
        end = len(head) + len(_HEAD_END) + length
        self.some(end)
        raw, self._seen = self._seen[:end], self._seen[end:]
        method, target, _ = head.split(b"\r\n")[0].decode("latin-1").split(" ")
        self.told_to_close = _headers(head).get("connection") == "close"
        arrived = Arrived(self.number, method, target, _headers(head), raw[end - length :], raw)
        with self.server.lock:
            self.server.requests.append(arrived)
        return arrived

    def send(self, data: bytes) -> None:
        try:
            self._sock.sendall(data)
        except OSError:
            raise PeerGoneError from None

    def trickle(self, data: bytes, pause: float = 0.02) -> None:
        """Send byte by byte, never silent for longer than the pause."""
        for place in range(len(data)):
            self.send(data[place : place + 1])
            time.sleep(pause)

    def hang(self) -> None:
        """Stay silent until the peer goes away; what still comes is kept as an incomplete request."""
        while True:
            self._more()

    def deaf(self) -> None:
        """Neither read nor write until the server settles or is closed."""
        self.server.closing.wait(PATIENCE)
        raise PeerGoneError

    def reset(self) -> None:
        """End with RST."""
        with contextlib.suppress(OSError):
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        """End with FIN, where nothing was left unread."""
        self.open = False
        if self._seen:
            with self.server.lock:
                self.server.incomplete.append(self._seen)
            self._seen = b""
        self._sock.close()

    def abort(self) -> None:
        """Wake whoever reads here."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)


def _headers(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value.strip(" \t") for name, _, value in (line.partition(":") for line in lines)}


Script = Callable[[Wire], None]
"""What happens to one exchange; it is called again for the next one as long as the connection is open."""


@dataclass
class FaultServer:
    """Listens on 127.0.0.1; `connections`, `requests` and `incomplete` (bytes of unfinished requests) are what arrived."""

    script: Script
    port: int = 0
    connections: int = 0
    requests: list[Arrived] = field(default_factory=list)
    incomplete: list[bytes] = field(default_factory=list)
    broken: list[BaseException] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    closing: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=128)
        self.url = "http://{}:{}".format(*self._listener.getsockname())
        self._wires: list[Wire] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def posts(self) -> int:
        """How many complete requests could have created a billing event."""
        return sum(1 for request in self.requests if request.operation == "report")

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.lock:
                self.connections += 1
                wire = Wire(self, sock, self.connections)
                self._wires.append(wire)
                thread = threading.Thread(target=self._serve, args=(wire,), daemon=True)
                self._threads.append(thread)
            thread.start()

    def _serve(self, wire: Wire) -> None:
        try:
            while wire.open:
                self.script(wire)
                if wire.told_to_close and wire.open:
                    wire.close()
        except PeerGoneError:
            pass
        except BaseException as error:
            self.broken.append(error)
        finally:
            if wire.open:
                wire.close()

    def close(self) -> None:
        """Stop, and say so if a script went wrong."""
        self.closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for wire in self._wires:
            wire.abort()
        for thread in self._threads:
            thread.join(PATIENCE)
        assert not self.broken, self.broken

    def settle(self) -> None:
        """Wait until every connection that the client has let go is counted to its end."""
        self.closing.set()
        for thread in self._threads[1:]:
            thread.join(PATIENCE)


@contextlib.contextmanager
def serving(script: Script) -> Iterator[FaultServer]:
    """A server for as long as the block runs."""
    server = FaultServer(script)
    try:
        yield server
    finally:
        server.close()


@contextlib.contextmanager
def nobody() -> Iterator[str]:
    """An address that refuses connections: the port is taken, and nobody listens on it."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"


@contextlib.contextmanager
def full() -> Iterator[str]:
    """An address where a connection never comes about: its queue is full and nobody accepts."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(3):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
