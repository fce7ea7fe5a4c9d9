"""One connection of a `ProxyServer`: reads requests, has them answered, and says what became of those that were not."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from clientsmith.record.proxy_limits import Load, Losses, ProxyLimits
from clientsmith.serve.http.framing import Refusal
from clientsmith.serve.http.heads import Head
from clientsmith.serve.http.outgoing import Outgoing
from clientsmith.serve.http.request_reader import Mark, RequestReader
from clientsmith.traffic.message import HttpRequest, HttpResponse
from clientsmith.traffic.problem import problem

Respond = Callable[[HttpRequest], Awaitable[HttpResponse]]

_PIECE = 64 * 1024
_TURN = 64
"""Pieces of a body that are read before other connections get their turn."""
_LINGER_SECONDS = 1
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NOT_IN_VALUES = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_LOGGER = logging.getLogger("clientsmith.record")


class _RefusedError(Exception):
    """A request that is answered here; the connection cannot be used after it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class ProxyConnection:
    """Serves one connection; `is_last` makes the exchange in progress the last one."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        respond: Respond,
        limits: ProxyLimits,
        losses: Losses,
        load: Load,
    ) -> None:
        self._load = load
        self._body_size = 0
        self._reader = reader
        self._writer = writer
        self._respond = respond
        self._limits = limits
        self._losses = losses
        self._requests = RequestReader(limits.head_bytes)
        self._head: Head | None = None
        self._is_begun = False
        """Whether anything of a request came in that has no answer yet."""
        self._answered: tuple[HttpRequest, int] | None = None
        """The request whose answer went out last, and its status; the caller may yet turn out to be gone."""
        self.is_last = False
        self.is_answering = False

    async def serve(self, *, is_one_too_many: bool = False) -> None:
        """Read and answer until either side has enough."""
        # Whatever `drain` has waited for is with the kernel, so that a caller who is gone is noticed.
        self._writer.transport.set_write_buffer_limits(high=0)
        try:
            if is_one_too_many:
                raise _RefusedError(503, "too many connections")
            while await self._exchange():
                await asyncio.sleep(0)
        except _RefusedError as refused:
            self._lost(refused.status, str(refused))
            await self._refuse(refused)
        except (OSError, TimeoutError) as error:
            self._broken(error)
        except asyncio.CancelledError:
            self._lost(0, "the recorder stopped before the request was complete")
            raise
        finally:
            self._forget_body()
            self._writer.close()

    def _lost(self, status: int, reason: str) -> None:
        if self._is_begun or status:
            self._losses.refused(None if self._head is None else self._head.request, status, reason)
        self._is_begun = False

    def _broken(self, error: OSError) -> None:
        """The caller is gone, or takes nothing."""
        if self._is_begun:
            self._lost(0, "the caller broke off before the request was complete")
        elif self._answered is not None and not isinstance(error, TimeoutError):
            self._losses.undelivered(*self._answered, "the caller was gone before it had the whole answer")

    async def _exchange(self) -> bool:
        """Read one request and answer it; whether the connection can be used again."""
        request = await self._read()
        self._answered = None
        head = self._head
        if request is None or head is None:
            return False
        self.is_answering = True
        try:
            response = await self._answer(request)
            keep = head.keep and not self.is_last
            await self._write(request, response, keep=keep)
        finally:
            self.is_answering = False
        self._head = None
        self._forget_body()
        self._is_begun, _ = self._requests.renew()
        if not keep or self.is_last:
            self._is_begun = False
            await self._linger()
            return False
        return True

    async def _answer(self, request: HttpRequest) -> HttpResponse:
        """The answer, in a form that can be sent."""
        self._is_begun = False  # Whoever answers counts from here on.
        try:
            response = await self._respond(request)
        except Exception:
            _LOGGER.exception("no answer was found to %s %.200s", request.method, request.target)
            self._is_begun = True
            raise _RefusedError(500, "this is a bug in clientsmith; its standard error says more") from None
        wrong = _not_http(response)
        if wrong is not None:
            self._losses.undelivered(request, response.status, wrong)
            return problem(502, wrong)
        return response

    # Reading.

    async def _read(self) -> HttpRequest | None:
        """A whole request; None if the caller is through."""
        body = bytearray()
        pieces = 0
        ends = asyncio.get_running_loop().time() + self._limits.idle_seconds
        while True:
            event = self._requests.read()
            pieces += 1
            if pieces % _TURN == 0:
                await asyncio.sleep(0)
            if isinstance(event, Refusal):
                raise _RefusedError(event.status, event.reason)
            if isinstance(event, Head):
                self._is_begun = True
                self._head = event
                if event.length > self._limits.body_bytes:
                    raise _RefusedError(413, f"a body may have {self._limits.body_bytes} bytes")
            elif isinstance(event, bytes):
                body += event
                self._count_body(len(event))
            elif event is Mark.END:
                return None if self._head is None else replace(self._head.request, body=bytes(body))
            elif event is Mark.CLOSED:
                return None
            else:
                ends = await self._receive(ends)

    def _count_body(self, size: int) -> None:
        self._body_size += size
        self._load.body_bytes += size
        if self._body_size > self._limits.body_bytes:
            raise _RefusedError(413, f"a body may have {self._limits.body_bytes} bytes")
        if self._load.body_bytes > self._limits.all_bodies_bytes:
            raise _RefusedError(503, "too much is being read from other callers")

    def _forget_body(self) -> None:
        self._load.body_bytes -= self._body_size
        self._body_size = 0

    async def _receive(self, ends: float) -> float:
        """Take in more; returns until when the request has to be complete."""
        word = self._requests.encouragement()
        if word:
            self._writer.write(word)
        try:
            async with asyncio.timeout_at(ends):
                data = await self._reader.read(_PIECE)
        except TimeoutError:
            if not self._is_begun:
                raise
            raise _RefusedError(408, "the request took too long to arrive") from None
        if not data:
            self._requests.end()
        elif not self._is_begun:
            self._is_begun = True
            ends = asyncio.get_running_loop().time() + self._limits.request_seconds
        self._requests.receive(data)
        return ends

    # Writing.

    async def _write(self, request: HttpRequest, response: HttpResponse, *, keep: bool) -> None:
        out = Outgoing(response, request.method, keep, request.http_version == "1.1")
        framing = None
        if request.method == "HEAD":
            length = response.header("content-length")
            framing = "" if length is None or response.status in (204, 304) else f"Content-Length: {length}"
        data = memoryview(out.head(framing) + out.body)
        try:
            for start in range(0, len(data), _PIECE):
                async with asyncio.timeout(self._limits.write_seconds):
                    self._writer.write(data[start : start + _PIECE])
                    await self._writer.drain()
        except (OSError, TimeoutError) as error:
            late = isinstance(error, TimeoutError)
            said = "did not take the answer" if late else "was gone before it had the whole answer"
            self._losses.undelivered(request, response.status, f"the caller {said}")
            raise
        self._answered = (request, response.status)

    async def _refuse(self, refused: _RefusedError) -> None:
        response = problem(refused.status, str(refused))
        method = "GET" if self._head is None else self._head.request.method
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(_LINGER_SECONDS):
                self._writer.write(Outgoing(response, method, keep=False).head() + response.body)
                await self._wait_for_the_end()

    async def _linger(self) -> None:
        """Close when the caller does, or after a moment; a caller that resets did not take the answer."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LINGER_SECONDS):
                await self._wait_for_the_end()

    async def _wait_for_the_end(self) -> None:
        """Closing on bytes that nobody read would tear up the answer on its way."""
        self._writer.write_eof()
        while await self._reader.read(_PIECE):
            pass


def _not_http(response: HttpResponse) -> str | None:
    """Why a response cannot be sent as it is."""
    if not 200 <= response.status <= 999:
        return f"the answer of the service is not final: its status is {response.status}"
    for name, value in response.headers:
        if not _NAME.fullmatch(name) or _NOT_IN_VALUES.search(value):
            return f"the answer of the service is not HTTP: its header {name!r:.80} cannot be sent"
    return None
