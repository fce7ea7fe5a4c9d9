"""One HTTP/1.1 connection on asyncio: when to read, to answer and to give up on the client; nothing here listens."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

from clientsmith.serve.http.channel import Channel
from clientsmith.serve.http.client_timeout import ClientTimeout
from clientsmith.serve.http.framing import Refusal
from clientsmith.serve.http.heads import Head
from clientsmith.serve.http.hosting import CONTROL, Host
from clientsmith.serve.http.outgoing import Outgoing
from clientsmith.serve.http.pending_body import PendingBody
from clientsmith.serve.http.request_reader import Mark, RequestReader
from clientsmith.serve.http.response_sender import ResponseSender
from clientsmith.traffic.message import Answer, HttpRequest, HttpResponse

_HELD = 64 * 1024
"""How much of further requests is taken in while one is being answered."""
_TURN = 64
"""Pieces of a body that are read before other connections get their turn; an answer always ends a turn."""


class Connection(asyncio.Protocol):
    """Reads requests and sends what comes of them, one at a time and in order (RFC 9112, section 9.3)."""

    __slots__ = (
        "_answering", "_body", "_channel", "_head", "_host", "_hung", "_idle", "_loop", "_reader", "_sender",
        "_waiting", "_whole", "timeout",
    )  # fmt: skip

    def __init__(self, host: Host, loop: asyncio.AbstractEventLoop) -> None:
        self._host = host
        self._loop = loop
        self._reader = RequestReader(host.limits.head_bytes)
        self._head: Head | None = None
        self._body = PendingBody(host)
        self._whole = b""
        """What may turn out to be one request and nothing else, if all of it came in one piece."""
        self._hung = self._waiting = False
        self._idle = True
        self._answering: asyncio.Future[Answer] | None = None
        self.timeout = ClientTimeout(loop)
        """When to give up on the client; `expire` is called after that."""

    @property
    def _occupied(self) -> bool:
        """Whether what comes in has to wait."""
        return self._sender.is_busy or self._waiting or self._channel.blocked

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the connection in; a fault may strike, or there may be too many."""
        assert isinstance(transport, asyncio.Transport)
        self._channel = Channel(transport)
        self._sender = ResponseSender(self._host, self._loop, self._channel, self.timeout, self._go_on)
        self.timeout.start(self._host.limits.idle_seconds)
        obstacle = self._host.opened(self)
        if isinstance(obstacle, str):
            self._refuse(503, obstacle)
        elif obstacle is not None and obstacle.name == "reset-on-connect":
            self._channel.reset()
        elif obstacle is not None:
            self._hung = True
            self.timeout.start(float(obstacle.values[0]))

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of everything."""
        self._host.closed(self)
        self._body.forget()
        self.timeout.stop()
        self._reader.clear()
        self._sender.abandon()
        if self._answering is not None:
            self._answering.cancel()

    def data_received(self, data: bytes) -> None:
        """Answer what is complete now."""
        if self._sender.is_closing or (self._hung and not self._lifts_hang(data)):
            return
        if self._idle and not self._occupied:
            known = self._host.heads.get(data)
            if known is not None:
                self._begin_known(known)
                return
            self.timeout.start(self._host.limits.head_seconds)
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
        if self._hung or self._sender.is_closing or self._channel.hangs:
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
        self.timeout.start(self._host.limits.write_seconds)

    def resume_writing(self) -> None:
        """The client reads again."""
        self._channel.unblock()
        if self._sender.is_busy:
            self.timeout.stop()
        elif not self._sender.is_closing:
            self.timeout.start(self._host.limits.head_seconds)
            self._loop.call_soon(self._next)

    # What the server calls.

    def expire(self) -> None:
        """Give up on a client that takes too long."""
        self.timeout.stop()
        if self._hung:
            self._channel.reset()
        elif self._sender.is_closing or self._channel.blocked:
            self._channel.transport.abort()
        elif self._idle:
            self._channel.transport.close()
        else:
            self._refuse(408, "the request took too long to arrive")

    def stop(self) -> None:
        """Close as soon as nothing is going out any more."""
        self._sender.is_last = True
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

    def _await_request(self) -> None:
        """Give the client its time to send the next request, or the rest of one that has begun."""
        limits = self._host.limits
        self.timeout.start(limits.idle_seconds if self._idle else limits.head_seconds)

    def _go_on(self) -> None:
        """An answer that took a while is out, and the connection can be used again."""
        self._await_request()
        self._next()

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
        if not (self._occupied or self._sender.is_closing):
            self._next()

    def _advance(self) -> None:
        """Read what is complete: at most one request, or so many pieces of a body, a turn."""
        pieces = 0
        while not (self._occupied or self._sender.is_closing or self._idle):
            event = self._reader.read()
            is_answered = event is Mark.END or (isinstance(event, Head) and not event.length)
            if isinstance(event, Refusal):
                self._refuse(event.status, event.reason)
            elif isinstance(event, Head):
                self._begin(event)
            elif isinstance(event, bytes):
                self._more(event)
            elif event is Mark.END:
                self._complete()
            elif event is Mark.CLOSED:
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
                self.timeout.start(limits.body_seconds)
                return
            whole, self._whole = self._whole, b""
            self._renew_reader()
            if whole and self._idle:
                self._host.heads.keep(whole, head)
            self._respond(head, request)

    def _begin_known(self, head: Head) -> None:
        """A request that was parsed before, and nothing after it."""
        self._head = head
        if not self._struck_early(head):
            self.timeout.start(self._host.limits.idle_seconds)
            self._respond(head, head.request)

    def _struck_early(self, head: Head) -> bool:
        fault = self._host.early(head.request, asks=head.asks)
        if fault is not None:
            self._sender.deliver(self._host.plan(Outgoing(HttpResponse(500)), fault))
        return fault is not None

    def _more(self, piece: bytes) -> None:
        """A part of a body."""
        refusal = self._body.add(piece)
        if refusal is not None:
            self._refuse(refusal.status, refusal.reason)

    def _complete(self) -> None:
        """The body of a request is there."""
        head = self._head
        assert head is not None
        request = replace(head.request, body=self._body.take())
        self._renew_reader()
        self._respond(head, request)

    def _renew_reader(self) -> None:
        more_is_there, more_may_come = self._reader.renew()
        self._idle = more_may_come and not more_is_there
        limits = self._host.limits
        self.timeout.start(limits.head_seconds if more_is_there else limits.idle_seconds)

    # Answering.

    def _respond(self, head: Head, request: HttpRequest) -> None:
        self._head = None
        answer = self._host.answer(request, asks=head.asks)
        if isinstance(answer, Answer):
            self._body.forget()
            self._sender.send(head, request, answer)
            return
        self._sender.wait_busily()
        self._answering = answer
        answer.add_done_callback(partial(self._answered, head, request))

    def _answered(self, head: Head, request: HttpRequest, answering: asyncio.Future[Answer]) -> None:
        """An answer that took a while is there, or the connection is not there any more."""
        self._sender.is_busy = False
        self._answering = None
        self._body.forget()
        if answering.cancelled() or self._channel.transport.is_closing():
            return
        self._await_request()
        self._sender.send(head, request, answering.result())
        if not (self._occupied or self._sender.is_closing):
            self._wait_for_a_turn()

    def _refuse(self, status: int, reason: str) -> None:
        self._body.forget()
        self._sender.refuse(None if self._head is None else self._head.request, status, reason)
