# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
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
_HEADER: Final = 5
"""Bytes of a record before its content; the last two are the length of that (RFC 8446 section 5.1)."""
_LOOKS: Final = 64
"""How often more is taken from below to find application data among what is there without waiting."""


class MoreNeeded(Exception):  # noqa: N818 - a signal between two layers, no error
    """The step can go on once more has been received."""


class TlsSession:
    """The client side of one TLS session. Steps raise `MoreNeeded`, or ssl.SSLError for a session that is broken."""

    def __init__(self, context: ssl.SSLContext, server_hostname: str | None) -> None:
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self.object = context.wrap_bio(self._incoming, self._outgoing, server_hostname=server_hostname)
        self._header = b""
        self._missing = 0

    def step(self, action: Callable[[], T]) -> T:
        """Take one step of the session: handshake, read or write."""
        try:
            return action()
        except ssl.SSLWantReadError:
            raise MoreNeeded from None

    def read(self, size: int) -> bytes:
        """At most `size` decrypted bytes; none at the end, announced (close_notify) or not.

        An end within a record is an error: what was cut off is not nothing.
        """
        try:
            return self.step(lambda: self.object.read(size))
        except ssl.SSLZeroReturnError:
            return b""
        except ssl.SSLError as error:
            is_end = isinstance(error, ssl.SSLEOFError) or error.reason == "UNEXPECTED_EOF_WHILE_READING"
            if is_end and not self.is_cut:
                return b""
            raise

    def received(self, below: Callable[[], bytes | None]) -> bytes | None:
        """What has been received by now, decrypted: None if nothing, no bytes at the end of the stream.

        `below` says the same of the records. Session tickets do not count; a server that sends them without end is
        taken for one that has closed, as is one that breaks the protocol.
        """
        for _ in range(_LOOKS):
            try:
                return self.read(RECORDS)
            except MoreNeeded:
                records = below()
            except ssl.SSLError:
                return b""
            if records is None:
                return None
            self.feed(records)
        return b""

    def take_outgoing(self) -> bytes:
        """The records that have to be sent now."""
        return self._outgoing.read() if self._outgoing.pending else b""

    def feed(self, records: bytes) -> None:
        """Take what was received; nothing at all is the end of the stream."""
        if records:
            self._incoming.write(records)
            self._count(memoryview(records))
        else:
            self._incoming.write_eof()

    @property
    def is_cut(self) -> bool:
        """Whether a part of the last record has not been received."""
        return bool(self._header or self._missing)

    def _count(self, rest: memoryview) -> None:
        while rest:
            if self._missing:
                taken = min(self._missing, len(rest))
                self._missing -= taken
            else:
                taken = min(_HEADER - len(self._header), len(rest))
                self._header += rest[:taken]
                if len(self._header) == _HEADER:
                    self._missing = int.from_bytes(self._header[-2:], "big")
                    self._header = b""
            rest = rest[taken:]
