"""One HTTP/1.1 connection on asyncio: `request_reader` reads, `outgoing` says what goes out; nothing here listens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from clientsmith.serve.http.channel import Channel
from clientsmith.serve.http.framing import Refusal
from clientsmith.serve.http.heads import Head
from clientsmith.serve.http.hosting import CONTROL, Host
from clientsmith.serve.http.outgoing import End, Outgoing, Step, plain
from clientsmith.serve.http.request_reader import Mark, RequestReader
from clientsmith.traffic.message import Answer, HttpRequest, HttpResponse

_HELD = 64 * 1024
"""How much of further requests is taken in while one is being answered."""
_TURN = 64
"""Pieces of a body that are read before other connections get their turn; an answer always ends a turn."""


class Connection(asyncio.Protocol):
    """Reads requests and sends what comes of them, one at a time and in order (RFC 9112, section 9.3)."""

    __slots__ = (
        "_answering",
        "_body",
        "_body_size",
        "_busy",
        "_channel",
        "_discarding",
        "_head",
        "_host",
        "_hung",
        "_idle",
        "_last",
        "_loop",
        "_reader",
        "_task",
        "_waiting",
        "_whole",
        "deadline",
    )  # fmt: skip

    def __init__(self, host: Host, loop: asyncio.AbstractEventLoop) -> None:
        self._host = host
        self._loop = loop
        self._reader = RequestReader(host.limits.head_bytes)
        self._head: Head | None = None
        self._whole = b""
        """What may turn out to be one request and nothing else, where all of it came in one piece."""
        self._last = False
        self._body: list[bytes] = []
        self._body_size = 0
        self._busy = self._discarding = self._hung = self._waiting = False
        self._idle = True
        self._answering: asyncio.Future[Answer] | None = None
        self._task: asyncio.Task[None] | None = None
        self.deadline: float | None = None
        """When to give up on the client, on the clock of the loop; `expire` is called after that."""

    def _wait(self, seconds: float) -> None:
        self.deadline = self._loop.time() + seconds

    @property
    def _occupied(self) -> bool:
        """Whether what comes in has to wait."""
        return self._busy or self._waiting or self._channel.blocked

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the connection in; a fault may strike, or there may be too many."""
        assert isinstance(transport, asyncio.Transport)
        self._channel = Channel(transport)
        self._wait(self._host.limits.idle_seconds)
        found = self._host.opened(self)
        if isinstance(found, str):
            self._refuse(503, found)
        elif found is not None and found.name == "reset-on-connect":
            self._channel.reset()
        elif found is not None:
            self._hung = True
            self._wait(float(found.values[0]))

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of everything."""
        self._host.closed(self)
        self._forget_body()
        self.deadline = None
        self._discarding = True
        self._reader.clear()
        if self._task is not None:
            self._task.cancel()
        if self._answering is not None:
            self._answering.cancel()

    def data_received(self, data: bytes) -> None:
        """Answer what is complete now."""
        if self._discarding or (self._hung and not self._lifts_hang(data)):
            return
        if self._idle and not self._occupied:
            known = self._host.heads.get(data)
            if known is not None:
                self._begin_known(known)
                return
            self._wait(self._host.limits.head_seconds)
            self._whole = data
        else:
            self._whole = b""
        self._idle = False
        self._reader.receive(data)
        if not self._occupied:
            self._advance()
        elif self._reader.waiting > _HELD:
            self._channel.read(False)

    def eof_received(self) -> bool:
        """The client sends no more; whatever it sent is still answered."""
        if self._hung or self._discarding or self._channel.hangs:
            return False
        self._reader.end()
        self._idle = False
        self._channel.client_ended = True
        if not self._occupied:
            self._advance()
        return not self._channel.transport.is_closing()

    def pause_writing(self) -> None:
        """The client does not read: take nothing more from it."""
        self._channel.block()
        self._wait(self._host.limits.write_seconds)

    def resume_writing(self) -> None:
        """The client reads again."""
        self._channel.unblock()
        if self._busy:
            self.deadline = None
        elif not self._discarding:
            self._wait(self._host.limits.head_seconds)
            self._loop.call_soon(self._next)

    # What the server calls.

    def expire(self) -> None:
        """Give up on a client that takes too long."""
        self.deadline = None
        if self._hung:
            self._channel.reset()
        elif self._discarding or self._channel.blocked:
            self._channel.transport.abort()
        elif self._idle:
            self._channel.transport.close()
        else:
            self._refuse(408, "the request took too long to arrive")

    def stop(self) -> None:
        """Close as soon as nothing is going out any more."""
        self._last = True
        if not self._occupied:
            self._channel.transport.close()

    def abort(self) -> None:
        """Close at once."""
        self._channel.transport.abort()

    # Reading.

    def _lifts_hang(self, data: bytes) -> bool:
        """A connection that hangs reads nothing, but for what may switch the fault off again."""
        self._hung = b" " + CONTROL.encode() not in data[:64]
        return not self._hung

    def _next(self) -> None:
        """Go on with what came in while an answer went out."""
        if self._channel.transport.is_closing():
            return
        self._channel.read(self._reader.waiting <= _HELD)
        self._advance()

    def _wait_for_a_turn(self) -> None:
        """Let the other connections go on before this one does."""
        self._waiting = True
        self._loop.call_soon(self._take_turn)

    def _take_turn(self) -> None:
        self._waiting = False
        if not (self._occupied or self._discarding):
            self._next()

    def _advance(self) -> None:
        """Read what is complete: at most one request, or so many pieces of a body, a turn."""
        pieces = 0
        while not (self._occupied or self._discarding or self._idle):
            found = self._reader.read()
            is_answered = found is Mark.END or (isinstance(found, Head) and not found.length)
            if isinstance(found, Refusal):
                self._refuse(found.status, found.reason)
            elif isinstance(found, Head):
                self._begin(found)
            elif isinstance(found, bytes):
                self._more(found)
            elif found is Mark.END:
                self._complete()
            elif found is Mark.CLOSED:
                self._channel.transport.close()
                return
            else:
                self._encourage()
                return
            pieces += 1
            if pieces >= _TURN or (is_answered and not self._idle):
                self._wait_for_a_turn()

    def _encourage(self) -> None:
        """Everything that came in was read."""
        self._channel.read(True)
        word = self._reader.encouragement()
        if word:
            self._channel.transport.write(word)

    def _begin(self, head: Head) -> None:
        """The head of a request is there."""
        request, length, limits = head.request, head.length, self._host.limits
        self._head = head
        if request.method == "CONNECT":
            self._refuse(501, "this is no proxy: CONNECT is not served")
        elif length > limits.body_bytes:
            self._refuse(413, f"a body of {length} bytes; at most {limits.body_bytes} are taken")
        elif not self._struck_early(head):
            if length:
                self._wait(limits.body_seconds)
                return
            whole, self._whole = self._whole, b""
            self._renew_reader()
            if whole and self._idle:
                self._host.heads.keep(whole, head)
            self._respond(head, request)

    def _struck_early(self, head: Head) -> bool:
        fault = self._host.early(head.request, asks=head.asks)
        if fault is not None:
            self._deliver(self._host.plan(Outgoing(HttpResponse(500)), fault))
        return fault is not None

    def _begin_known(self, head: Head) -> None:
        """A request that was parsed before, and nothing after it."""
        self._head = head
        if not self._struck_early(head):
            self._wait(self._host.limits.idle_seconds)
            self._respond(head, head.request)

    def _more(self, data: bytes) -> None:
        """A part of a body."""
        limits = self._host.limits
        self._body.append(data)
        self._body_size += len(data)
        self._host.body_bytes += len(data)
        if self._body_size > limits.body_bytes:
            self._refuse(413, f"a body of more than {limits.body_bytes} bytes")
        elif self._host.body_bytes > limits.all_bodies_bytes:
            self._refuse(503, "too much is being read from other clients")

    def _forget_body(self) -> None:
        """The body counts no longer as one that is being read, or waits for its answer."""
        self._host.body_bytes -= self._body_size
        self._body, self._body_size = [], 0

    def _complete(self) -> None:
        """The body of a request is there."""
        head = self._head
        assert head is not None
        request = replace(head.request, body=b"".join(self._body))
        self._body = []
        self._renew_reader()
        self._respond(head, request)

    def _renew_reader(self) -> None:
        more_is_there, more_may_come = self._reader.renew()
        self._idle = more_may_come and not more_is_there
        limits = self._host.limits
        self._wait(limits.head_seconds if more_is_there else limits.idle_seconds)

    # Sending.

    def _respond(self, head: Head, request: HttpRequest) -> None:
        self._head = None
        found = self._host.answer(request, asks=head.asks)
        if isinstance(found, Answer):
            self._forget_body()
            self._send(head, request, found)
            return
        self._busy = True
        self.deadline = None
        self._answering = found
        found.add_done_callback(partial(self._found, head, request))

    def _found(self, head: Head, request: HttpRequest, answering: asyncio.Future[Answer]) -> None:
        """An answer that took a while is there, or the connection is not there any more."""
        self._busy = False
        self._answering = None
        self._forget_body()
        if answering.cancelled() or self._channel.transport.is_closing():
            return
        self._wait(self._host.limits.idle_seconds if self._idle else self._host.limits.head_seconds)
        self._send(head, request, answering.result())
        if not (self._occupied or self._discarding):
            self._wait_for_a_turn()

    def _send(self, head: Head, request: HttpRequest, answer: Answer) -> None:
        keep = head.keep and not self._last
        modern = request.http_version == "1.1"
        out = Outgoing(answer.response, request.method, keep, modern, self._host.date())
        try:
            data = plain(out)
        except ValueError as error:
            self._refuse(500, str(error))
            return
        if answer.fault is not None:
            self._deliver(self._host.plan(out, answer.fault))
            return
        self._channel.transport.write(data)
        if not keep:
            self._close()

    def _refuse(self, status: int, reason: str) -> None:
        """Say what is wrong and close: what follows cannot be understood any more."""
        request = self._head.request if self._head is not None else HttpRequest("", "")
        self._forget_body()
        response = self._host.refused(request, status, reason).response
        self._channel.transport.write(
            plain(Outgoing(response, request.method, keep=False, date=self._host.date()))
        )
        self._close()

    def _close(self) -> None:
        """Close once the client has, or after a moment: closing on unread bytes would tear up what was sent."""
        if self._channel.transport.is_closing():
            return
        self._discarding = True
        self._channel.read(True)
        self._wait(self._host.limits.linger_seconds)
        self._channel.transport.write_eof()

    def _deliver(self, plan: Iterator[Step]) -> None:
        """Send a plan, which may take its time; what the client sends meanwhile waits."""
        self._busy = True
        self.deadline = None
        self._task = self._loop.create_task(self._carry_out(plan))

    async def _carry_out(self, plan: Iterator[Step]) -> None:
        self._end(await self._channel.carry_out(plan))

    def _end(self, end: End) -> None:
        self._busy = False
        self._task = None
        if end is End.RESET:
            self._channel.reset()
        elif end is End.CLOSE or self._last:
            self._close()
        else:
            self._wait(self._host.limits.idle_seconds if self._idle else self._host.limits.head_seconds)
            self._next()
