"""A server on the loopback that does as it is told with each request, so that connections can be watched and broken.

It speaks as much HTTP/1.1 as it takes to tell requests apart; what goes back is bytes, right or wrong.
"""

from __future__ import annotations

import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

_LONGEST = 10.0
"""Seconds after which a connection is given up, whatever the client does: more than the longest of its bounds."""
_ARRIVES = 0.05
"""Seconds after which an answer has been read; a reset can discard what was sent before it."""
_POLL = 0.002
_DROP = 0.03
"""Seconds between two bytes of an answer without an end."""
_CLOSE = re.compile(rb"\A(?:[^\r\n]+\r\n)*?connection: *close\r\n", re.IGNORECASE)
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A request with the number of its connection, from 1; `reads` is in how many pieces it came."""

    connection: int
    content: bytes
    reads: int


Act = Callable[["Peer", socket.socket, Arrived], bool]
"""Answers a request, or does not; whether the connection is to stay open."""


def reply(body: bytes = b"", *headers: str, status: str = "404 Not Found") -> bytes:
    """A whole answer with its length."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def sends(*pieces: bytes, stays: bool = True, pause: float = 0.0) -> Act:
    """Send pieces, each after a pause, and keep the connection or close it."""

    def act(peer: Peer, connection: socket.socket, _: Arrived) -> bool:
        for piece in pieces:
            peer.ended.wait(pause)
            connection.sendall(piece)
        return stays

    return act


def drips(piece: bytes) -> Act:
    """Send a piece and then single bytes without an end, until the client goes or the connection is given up."""

    def act(peer: Peer, connection: socket.socket, _: Arrived) -> bool:
        connection.sendall(piece)
        ends = time.monotonic() + _LONGEST
        while time.monotonic() < ends and not peer.ended.wait(_DROP):
            connection.sendall(b"x")
        return False

    return act


def stalls(*pieces: bytes) -> Act:
    """Send pieces and then nothing more, until the peer is closed or the client goes."""

    def act(_: Peer, connection: socket.socket, __: Arrived) -> bool:
        for piece in pieces:
            connection.sendall(piece)
        connection.recv(1)
        return False

    return act


def resets(piece: bytes, after: float = _ARRIVES) -> Act:
    """Send an answer and, after as many seconds as it takes to arrive, reset the connection."""

    def act(peer: Peer, connection: socket.socket, _: Arrived) -> bool:
        connection.sendall(piece)
        peer.ended.wait(after)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    return act


@contextmanager
def deaf_server() -> Generator[str]:
    """The URL of a server that lets clients connect and reads nothing, until it resets what waits for it."""
    with socket.socket() as listener:
        # Before `listen`, which fixes the window.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        given_up = threading.Timer(_LONGEST, listener.close)
        given_up.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            given_up.cancel()


def holds_back(piece: bytes, until: Callable[[], bool]) -> Act:
    """Send an answer as soon as that is so."""

    def act(peer: Peer, connection: socket.socket, _: Arrived) -> bool:
        peer.wait(until)
        connection.sendall(piece)
        return True

    return act


class Peer:
    """Acts in turn, one for each request; the last one is for all that follow.

    A connection is closed after an act that a client has asked to be the last one on it (RFC 9112 section 9.6).
    """

    def __init__(self, *acts: Act) -> None:
        self.acts = list(acts)
        self.arrived: list[Arrived] = []
        self.closed: list[int] = []
        """Numbers of the connections that the client has closed, or that were given up."""
        self.answered = 0
        """Requests after which the peer has done all that it does."""
        self.ended = threading.Event()
        self._lock = threading.Lock()
        self._connections: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ended.set()
        with self._lock:
            connections = [self._listener, *self._connections]
        for one in connections:
            with suppress(OSError):  # closed by the other side already
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    @property
    def used(self) -> list[int]:
        """The connections that the requests came over."""
        return [one.connection for one in self.arrived]

    def is_busy(self) -> bool:
        """Whether a request has arrived."""
        return bool(self.arrived)

    def has_closed(self, number: int) -> bool:
        """Whether that many connections are closed."""
        return len(self.closed) >= number

    def has_answered(self) -> bool:
        """Whether everything has been sent that the first request is answered with."""
        return self.answered > 0

    def wait(self, until: Callable[[], bool]) -> None:
        """Wait until that is so, the peer is closed, or it takes too long."""
        ends = time.monotonic() + _LONGEST
        while not until() and not self.ended.is_set() and time.monotonic() < ends:
            time.sleep(_POLL)

    def _accept(self) -> None:
        while not self.ended.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.settimeout(_LONGEST)
            with self._lock:
                self._connections.append(connection)
                number = len(self._connections)
            threading.Thread(target=self._serve, args=(connection, number), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        try:
            while (request := _read(connection, number)) is not None:
                with self._lock:
                    self.arrived.append(request)
                    act = self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]
                stays = act(self, connection, request)
                with self._lock:
                    self.answered += 1
                if not stays or _CLOSE.search(request.content):
                    break
        except OSError:
            pass  # the client went away, which is what some of it is about
        finally:
            connection.close()
            self.closed.append(number)


def _read(connection: socket.socket, number: int) -> Arrived | None:
    content, reads = b"", 0
    while (piece := connection.recv(1 << 20)) != b"":
        content, reads = content + piece, reads + 1
        head, found, body = content.partition(b"\r\n\r\n")
        stated = _LENGTH.search(head + b"\r\n")
        if found and len(body) >= (int(stated[1]) if stated else 0):
            return Arrived(number, content, reads)
    return None
