"""Bytes of one connection read into requests: h11 parses them, `framing` refuses what it lets through; nothing is sent.

A parser serves one request and is thrown away: what is answered may break every rule on purpose, so its state machine
for responses would be in the way.
"""

from __future__ import annotations

import enum

import h11

from clientsmith.serve.http.framing import ChunkBudget, Refusal, refusal_of
from clientsmith.serve.http.heads import Head, head_of

_PIECE = 8 * 1024
"""Bytes that the parser gets at a time: what is left of them is copied when a request ends."""
_LONGEST_REASON = 300


class Mark(enum.Enum):
    """What was read if it is neither the head of a request nor a piece of a body."""

    END = "the body of the request is complete"
    NOTHING = "more has to come in first"
    CLOSED = "the client has closed, and everything before that was read"


class RequestReader:
    """Reads one request after the other; `renew` has to be called between them."""

    __slots__ = ("_chunks", "_ended", "_head_bytes", "_inbox", "_longest_head", "_parser", "_reads_head")

    def __init__(self, longest_head: int) -> None:
        """`longest_head` is in bytes."""
        self._longest_head = longest_head
        self._inbox = bytearray()
        self._ended = False
        self._head_bytes = bytearray()
        self._chunks = ChunkBudget()
        self._reads_head = True
        self._parser = self._new_parser()

    def _new_parser(self) -> h11.Connection:
        return h11.Connection(h11.SERVER, max_incomplete_event_size=self._longest_head)

    @property
    def waiting(self) -> int:
        """How many bytes came in that were not looked at yet."""
        return len(self._inbox)

    def receive(self, data: bytes) -> None:
        """Take in what the client sent."""
        self._inbox += data

    def end(self) -> None:
        """Take in that the client sends no more."""
        self._ended = True

    def clear(self) -> None:
        """Forget what was not looked at."""
        self._inbox.clear()

    def read(self) -> Head | bytes | Refusal | Mark:
        """What comes next: a head, a piece of its body, why the request is refused, or a mark.

        After a refusal nothing more can be read.
        """
        while True:
            try:
                event = self._parser.next_event()
            except h11.RemoteProtocolError as error:
                return Refusal(error.error_status_hint, str(error)[:_LONGEST_REASON])
            if isinstance(event, h11.Request):
                return self._head(event)
            if isinstance(event, h11.Data):
                self._chunks.content(len(event.data))
                return self._chunks.refusal or bytes(event.data)
            if isinstance(event, h11.EndOfMessage):
                return Mark.END
            if isinstance(event, h11.ConnectionClosed):
                return Mark.CLOSED
            if not self._feed():
                return Mark.NOTHING

    def _head(self, event: h11.Request) -> Head | Refusal:
        head = head_of(event)
        rest = len(self._parser.trailing_data[0])
        raw = bytes(self._head_bytes[: len(self._head_bytes) - rest])
        self._head_bytes.clear()
        self._reads_head = False
        self._chunks = ChunkBudget()
        version = head.request.http_version
        if not version.startswith("1."):
            return Refusal(505, f"HTTP/{version} is not spoken here, only HTTP/1.1 and 1.0")
        return refusal_of(raw) or head

    def _feed(self) -> bool:
        """Give the parser more of what came in; whether there was any."""
        if self._inbox:
            piece = bytes(self._inbox[:_PIECE])
            del self._inbox[:_PIECE]
            self._parser.receive_data(piece)
            if self._reads_head:
                self._head_bytes += piece
            else:
                self._chunks.received(len(piece))
            return True
        ended, self._ended = self._ended, False
        if ended:
            self._parser.receive_data(b"")
        return ended

    def encouragement(self) -> bytes:
        """What a client waits for that sends its body only after a word (RFC 9110, section 10.1.1); else nothing."""
        if not self._parser.they_are_waiting_for_100_continue:
            return b""
        word = h11.InformationalResponse(status_code=100, headers=[], reason="Continue")
        return self._parser.send(word) or b""

    def renew(self) -> tuple[bool, bool]:
        """Make ready for the next request: whether anything of it came in, and whether the client may send more."""
        rest, ended = self._parser.trailing_data
        self._parser = self._new_parser()
        self._head_bytes[:] = rest
        self._reads_head = True
        if rest:
            self._parser.receive_data(rest)
        if ended:
            self._parser.receive_data(b"")
        return bool(rest or self._inbox), not (ended or self._ended)
