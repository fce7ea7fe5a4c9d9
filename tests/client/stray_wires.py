"""Answers as HTTP/1.1 bytes and as HTTP/2 frames, those that belong to no request too, and who writes them."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol

import h2.config
import h2.connection
import h2.events
from hyperframe.frame import DataFrame, HeadersFrame

Place = Literal["own", "over", "next"]
"""Which exchange an answer claims to belong to: the current one, the one before it, or one that nobody has begun.
HTTP/1.1 cannot tell them apart, HTTP/2 can."""


@dataclass(frozen=True)
class Answer:
    """One answer; `sent` is how much of the body really leaves, None for all of it; unless `sized`, the body ends with the
    connection.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    sent: int | None = None
    sized: bool = True

    @property
    def interim(self) -> bool:
        return self.status < 200

    @property
    def fields(self) -> dict[str, str]:
        if self.interim:
            return dict(self.headers)
        usual = {"content-type": "application/json"}
        if self.sized:
            usual["content-length"] = str(len(self.body))
        return usual | dict(self.headers)

    @property
    def sent_body(self) -> bytes:
        return self.body[: self.sent]

    def http1(self, *, last: bool) -> bytes:
        """The bytes on the wire; `last` says that the connection ends afterwards (RFC 9112 section 9.6)."""
        fields = self.fields | ({"connection": "close"} if last and not self.interim else {})
        lines = [f"HTTP/1.1 {self.status} Words", *(f"{name}: {value}" for name, value in fields.items())]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.sent_body


@dataclass(frozen=True)
class Asked:
    """One complete request."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    stream: int = 0

    @property
    def last(self) -> bool:
        """Whether the client asks for the connection to end with this exchange."""
        return self.headers.get("connection", "").lower() == "close"


class Wire(Protocol):
    """One connection, as a script sees it."""

    def write(
        self, parts: Sequence[tuple[Answer, Place]], asked: Asked | None, *, apart: bool = False
    ) -> None:
        """Write answers at once; `apart` gives each a TLS record of its own."""
        ...

    def requests(self, *, heads: bool) -> AsyncIterator[Asked]:
        """What arrives, until the client goes away; `heads` leaves the bodies of HTTP/1.1 to the script."""
        ...

    def close(self) -> None:
        """End with FIN."""
        ...

    def reset(self) -> None:
        """End with RST."""
        ...


class _Ending:
    writer: asyncio.StreamWriter

    def close(self) -> None:
        self.writer.close()

    def reset(self) -> None:
        sock = self.writer.get_extra_info("socket")
        if sock is not None:  # else the client was faster
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


class Http1Wire(_Ending):
    """HTTP/1.1 over a stream, plain or TLS."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def write(
        self, parts: Sequence[tuple[Answer, Place]], asked: Asked | None, *, apart: bool = False
    ) -> None:
        last = asked is not None and asked.last
        chunks = [answer.http1(last=last) for answer, _ in parts]
        if apart:
            self.writer.transport.writelines(chunks)
        else:
            self.writer.write(b"".join(chunks))

    async def head(self) -> Asked:
        """The next request without its body. Raises IncompleteReadError at the end."""
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ")
        pairs = (line.partition(":") for line in lines[1:] if line)
        return Asked(method, target, {name.lower(): value.strip() for name, _, value in pairs}, b"")

    async def body(self, head: Asked) -> Asked:
        """The same request with its body."""
        content = await self.reader.readexactly(int(head.headers.get("content-length", "0")))
        return Asked(head.method, head.target, head.headers, content)

    async def requests(self, *, heads: bool) -> AsyncIterator[Asked]:
        while not self.writer.is_closing():
            head = await self.head()
            yield head if heads else await self.body(head)


class Http2Wire(_Ending):
    """HTTP/2; frames that no honest server sends are written past h2's state machine, with its header table."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self._state = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        self._state.initiate_connection()
        self._flush()

    def write(
        self, parts: Sequence[tuple[Answer, Place]], asked: Asked | None, *, apart: bool = False
    ) -> None:
        current = (
            asked.stream if asked else 1
        )  # which the client is about to open: a stray answer claims another
        for answer, place in parts:
            if place != "own" or answer.interim:
                self._forge(answer, current if place != "next" else current + 2)
                continue
            headers = [(":status", str(answer.status)), *answer.fields.items()]
            self._state.send_headers(current, headers)
            self._state.send_data(current, answer.body, end_stream=True)
            self._flush()

    def _flush(self) -> None:
        self.writer.write(self._state.data_to_send())

    def _forge(self, answer: Answer, stream: int) -> None:
        head = HeadersFrame(stream, flags=["END_HEADERS"])
        head.data = self._state.encoder.encode([(":status", str(answer.status)), *answer.fields.items()])
        frames: list[Any] = [head]
        if not answer.interim:
            body = DataFrame(stream, answer.sent_body)
            if answer.sent is None:
                body.flags.add("END_STREAM")
            frames.append(body)
        self.writer.write(b"".join(frame.serialize() for frame in frames))

    async def requests(self, *, heads: bool) -> AsyncIterator[Asked]:
        begun: dict[int, dict[str, str]] = {}
        bodies: dict[int, bytes] = {}
        while data := await self.reader.read(65536):
            for event in self._state.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    pairs = [(name.decode(), value.decode()) for name, value in event.headers]
                    begun[event.stream_id] = dict(pairs)
                    bodies[event.stream_id] = b""
                elif isinstance(event, h2.events.DataReceived):
                    bodies[event.stream_id] += event.data
                elif isinstance(event, h2.events.StreamEnded):
                    head, body = begun.pop(event.stream_id), bodies.pop(event.stream_id)
                    self._flush()
                    yield Asked(head[":method"], head[":path"], head, body, event.stream_id)
            self._flush()


CONNECTED: Final = b"HTTP/1.1 200 Connection established\r\n\r\n"


async def through_a_tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, context: Any) -> None:
    """Play the proxy: grant the CONNECT, then be the server behind it too."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(CONNECTED)
    await writer.start_tls(context)
