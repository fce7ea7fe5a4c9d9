"""The body of a request while it is read and waits for its answer, within what one client and all of them may hold."""

from __future__ import annotations

from clientsmith.serve.http.framing import Refusal
from clientsmith.serve.http.hosting import Host


class PendingBody:
    """The body of one connection, counted with those of all others by the host."""

    __slots__ = ("_host", "_pieces", "_size")

    def __init__(self, host: Host) -> None:
        self._host = host
        self._pieces: list[bytes] = []
        self._size = 0

    def add(self, piece: bytes) -> Refusal | None:
        """Take in a piece; returns why the body is refused with it, None if it is not."""
        host, limits = self._host, self._host.limits
        self._pieces.append(piece)
        self._size += len(piece)
        host.body_bytes += len(piece)
        if self._size > limits.body_bytes:
            return Refusal(413, f"a body of more than {limits.body_bytes} bytes")
        if host.body_bytes > limits.all_bodies_bytes:
            return Refusal(503, "too much is being read from other clients")
        return None

    def take(self) -> bytes:
        """The whole body, which still counts as one that waits for its answer."""
        body = b"".join(self._pieces)
        self._pieces = []
        return body

    def forget(self) -> None:
        """Count the body out: it was answered, refused, or its connection is closed."""
        self._host.body_bytes -= self._size
        self._pieces, self._size = [], 0
