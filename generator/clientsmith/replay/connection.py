"""One HTTP/1.1 connection on asyncio: h11 reads the requests, `delivery` says what goes out; nothing here listens.

h11 parses what comes in and is thrown away after each request: what goes out may break every rule on purpose, so its
state machine for responses would be in the way.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import h11

from clientsmith.replay.delivery import End, Outgoing, Step, plain, steps
from clientsmith.replay.exchange import HttpRequest, HttpResponse
from clientsmith.replay.heads import Head, head_of
from clientsmith.replay.hosting import CONTROL, Host
from clientsmith.replay.wire import Wire

_HELD = 64 * 1024
"""How much of further requests is taken in while one is being answered."""


class Connection(asyncio.Protocol):
    """Reads requests and sends what comes of them, one at a time and in order (RFC 9112, section 9.3)."""

    __slots__ = (
        "_body", "_body_size", "_busy", "_discarding", "_head", "_held", "_host", "_hung", "_idle", "_last", "_loop",
        "_parser", "_task", "_whole", "_wire", "deadline",
    )  # fmt: skip

    def __init__(self, host: Host, loop: asyncio.AbstractEventLoop) -> None:
        self._host = host
        self._loop = loop
        self._parser = self._new_parser()
        self._head: Head | None = None
        self._whole = b""
        """What may turn out to be one request and nothing else, where all of it came in one piece."""
        self._last = False
        self._body: list[bytes] = []
        self._body_size = 0
        self._held = 0
        self._busy = self._discarding = self._hung = False
        self._idle = True
        self._task: asyncio.Task[None] | None = None
        self.deadline: float | None = None
        """When to give up on the client, on the clock of the loop; `expire` is called after that."""

    def _new_parser(self) -> h11.Connection:
        return h11.Connection(h11.SERVER, max_incomplete_event_size=self._host.limits.head_bytes)

    def _wait(self, seconds: float) -> None:
        self.deadline = self._loop.time() + seconds

    @property
    def _occupied(self) -> bool:
        """Whether what comes in has to wait."""
        return self._busy or self._wire.blocked

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the connection in; a fault may strike, or there may be too many."""
        assert isinstance(transport, asyncio.Transport)
        self._wire = Wire(transport)
        self._wait(self._host.limits.idle_seconds)
        found = self._host.opened(self)
        if isinstance(found, str):
            self._refuse(503, found)
        elif found is not None and found.name == "reset-on-connect":
            self._wire.reset()
        elif found is not None:
            self._hung = True
            self._wait(float(found.values[0]))

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of everything."""
        self._host.closed(self)
        self._forget_body()
        self.deadline = None
        self._discarding = True
        if self._task is not None:
            self._task.cancel()

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
        self._parser.receive_data(data)
        if not self._occupied:
            self._advance()
            return
        self._held += len(data)
        if self._held > _HELD:
            self._wire.read(False)

    def eof_received(self) -> bool:
        """The client sends no more; whatever it sent is still answered."""
        if self._hung or self._discarding or self._wire.hangs:
            return False
        self._parser.receive_data(b"")
        self._idle = False
        self._wire.client_ended = True
        if not self._occupied:
            self._advance()
        return not self._wire.transport.is_closing()

    def pause_writing(self) -> None:
        """The client does not read: take nothing more from it."""
        self._wire.block()
        self._wait(self._host.limits.write_seconds)

    def resume_writing(self) -> None:
        """The client reads again."""
        self._wire.unblock()
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
            self._wire.reset()
        elif self._discarding or self._wire.blocked:
            self._wire.transport.abort()
        elif self._idle:
            self._wire.transport.close()
        else:
            self._refuse(408, "the request took too long to arrive")

    def stop(self) -> None:
        """Close as soon as nothing is going out any more."""
        self._last = True
        if not self._occupied:
            self._wire.transport.close()

    def abort(self) -> None:
        """Close at once."""
        self._wire.transport.abort()

    # Reading.

    def _lifts_hang(self, data: bytes) -> bool:
        """A connection that hangs reads nothing, but for what may switch the fault off again."""
        self._hung = b" " + CONTROL.encode() not in data[:64]
        return not self._hung

    def _next(self) -> None:
        """Go on with what came in while an answer went out."""
        if self._wire.transport.is_closing():
            return
        self._held = 0
        self._wire.read(True)
        self._advance()

    def _advance(self) -> None:
        """Take from the parser whatever is complete."""
        while not (self._occupied or self._discarding or self._idle):
            try:
                event = self._parser.next_event()
            except h11.RemoteProtocolError as error:
                self._refuse(error.error_status_hint, str(error))
                return
            if isinstance(event, h11.Request):
                self._begin(head_of(event))
            elif isinstance(event, h11.EndOfMessage):
                self._complete()
            elif isinstance(event, h11.Data):
                self._more(event.data)
            elif isinstance(event, h11.ConnectionClosed):
                self._wire.transport.close()
                return
            else:
                self._encourage()
                return

    def _encourage(self) -> None:
        """Some clients send a body only after a word (RFC 9110, section 10.1.1)."""
        if self._parser.they_are_waiting_for_100_continue:
            word = h11.InformationalResponse(status_code=100, headers=[], reason="Continue")
            self._wire.transport.write(self._parser.send(word) or b"")

    def _begin(self, head: Head) -> None:
        """The head of a request is there."""
        request, length, limits = head.request, head.length, self._host.limits
        self._head = head
        if request.method == "CONNECT":
            self._refuse(501, "this is no proxy: CONNECT is not served")
        elif not request.http_version.startswith("1."):
            self._refuse(505, f"HTTP/{request.http_version} is not spoken here, only HTTP/1.1 and 1.0")
        elif length > limits.body_bytes:
            self._refuse(413, f"a body of {length} bytes; at most {limits.body_bytes} are taken")
        elif not self._struck_early(head):
            if length:
                self._wait(limits.body_seconds)
                return
            whole, self._whole = self._whole, b""
            more_follows = self._renew_parser()
            if whole and not more_follows:
                self._host.heads.keep(whole, head)
            self._respond(head, request)

    def _struck_early(self, head: Head) -> bool:
        fault = self._host.early(head.request, asks=head.asks)
        if fault is not None:
            self._deliver(steps(Outgoing(HttpResponse(500)), fault))
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
        self._body.append(bytes(data))
        self._body_size += len(data)
        self._host.body_bytes += len(data)
        if self._body_size > limits.body_bytes:
            self._refuse(413, f"a body of more than {limits.body_bytes} bytes")
        elif self._host.body_bytes > limits.all_bodies_bytes:
            self._refuse(503, "too much is being read from other clients")

    def _forget_body(self) -> bytes:
        body = b"".join(self._body)
        self._host.body_bytes -= self._body_size
        self._body, self._body_size = [], 0
        return body

    def _complete(self) -> None:
        """The body of a request is there."""
        head = self._head
        assert head is not None
        request = replace(head.request, body=self._forget_body())
        self._renew_parser()
        self._respond(head, request)

    def _renew_parser(self) -> bool:
        """Make ready for the next request; whether anything of it is there."""
        rest, ended = self._parser.trailing_data
        self._parser = self._new_parser()
        if rest:
            self._parser.receive_data(rest)
        if ended:
            self._parser.receive_data(b"")
        self._idle = not (rest or ended)
        self._wait(self._host.limits.head_seconds if rest else self._host.limits.idle_seconds)
        return not self._idle

    # Sending.

    def _respond(self, head: Head, request: HttpRequest) -> None:
        self._head = None
        answer = self._host.answer(request, asks=head.asks)
        keep = head.keep and not self._last
        modern = request.http_version == "1.1"
        out = Outgoing(answer.response, request.method, keep, modern, self._host.date())
        try:
            data = plain(out)
        except ValueError as error:
            self._refuse(500, str(error))
            return
        if answer.fault is not None:
            self._deliver(steps(out, answer.fault))
            return
        self._wire.transport.write(data)
        if not keep:
            self._close()

    def _refuse(self, status: int, reason: str) -> None:
        """Say what is wrong and close: what follows cannot be understood any more."""
        request = self._head.request if self._head is not None else HttpRequest("", "")
        self._forget_body()
        response = self._host.refused(request, status, reason).response
        self._wire.transport.write(
            plain(Outgoing(response, request.method, keep=False, date=self._host.date()))
        )
        self._close()

    def _close(self) -> None:
        """Close once the client has, or after a moment: closing on unread bytes would tear up what was sent."""
        if self._wire.transport.is_closing():
            return
        self._discarding = True
        self._wire.read(True)
        self._wait(self._host.limits.linger_seconds)
        self._wire.transport.write_eof()

    def _deliver(self, plan: Iterator[Step]) -> None:
        """Send a plan, which may take its time; what the client sends meanwhile waits."""
        self._busy = True
        self.deadline = None
        self._task = self._loop.create_task(self._carry_out(plan))

    async def _carry_out(self, plan: Iterator[Step]) -> None:
        self._end(await self._wire.carry_out(plan))

    def _end(self, end: End) -> None:
        self._busy = False
        self._task = None
        if end is End.RESET:
            self._wire.reset()
        elif end is End.CLOSE or self._last:
            self._close()
        else:
            self._wait(self._host.limits.idle_seconds if self._idle else self._host.limits.head_seconds)
            self._next()
