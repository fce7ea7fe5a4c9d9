"""TLS without I/O: one session and both of its buffers, over whatever carries the records (RFC 8446, RFC 5246)."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Final

from typing_extensions import TypeVar

T = TypeVar("T")

RECORDS: Final = 65536
"""Bytes asked of the layer below at a time: up to four records of full size."""
PIECE: Final = 262144
"""Bytes of a request that are encrypted at a time, so that a large one is not in memory twice."""


class MoreNeeded(Exception):  # noqa: N818 - a signal between two layers, no error
    """The step can go on once more has been received."""


class TlsSession:
    """The client side of one TLS session. Steps raise `MoreNeeded`, or ssl.SSLError for a session that is broken."""

    def __init__(self, context: ssl.SSLContext, server_hostname: str | None) -> None:
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self.object = context.wrap_bio(self._incoming, self._outgoing, server_hostname=server_hostname)

    def step(self, action: Callable[[], T]) -> T:
        """Take one step of the session: handshake, read or write."""
        try:
            return action()
        except ssl.SSLWantReadError:
            raise MoreNeeded from None

    def read(self, size: int) -> bytes:
        """At most `size` decrypted bytes; none at the end, announced (close_notify) or not."""
        try:
            return self.step(lambda: self.object.read(size))
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            return b""
        except ssl.SSLError as error:
            if error.reason == "UNEXPECTED_EOF_WHILE_READING":
                return b""
            raise

    def take_outgoing(self) -> bytes:
        """The records that have to be sent now."""
        return self._outgoing.read() if self._outgoing.pending else b""

    def feed(self, records: bytes) -> None:
        """Take what was received; nothing at all is the end of the stream."""
        if records:
            self._incoming.write(records)
        else:
            self._incoming.write_eof()
