"""An HTTP/1.1 server for anything that answers requests asynchronously, by the rules of HTTP and without faults."""

from __future__ import annotations

import asyncio
import contextlib
import http
import json
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import h11

from clientsmith.replay.exchange import HttpRequest, HttpResponse

Respond = Callable[[HttpRequest], Awaitable[HttpResponse]]

_FRAMING = frozenset({"connection", "content-length", "transfer-encoding"})
_BODILESS = (204, 304)
_PIECE = 64 * 1024
_LINGER_SECONDS = 1
_BACKLOG = 128


@dataclass(frozen=True, slots=True)
class FrontLimits:
    """What one caller may cost: bytes that are kept, and seconds that are waited."""

    head_bytes: int = 64 * 1024
    body_bytes: int = 16 * 1024 * 1024
    connections: int = 200
    idle_seconds: float = 75
    request_seconds: float = 30
    write_seconds: float = 30


class _RefusedError(Exception):
    """A request that is answered here; the connection cannot be used after it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class AsyncFront:
    """Listens on one address; every connection is read, answered and written in turn."""

    def __init__(self, respond: Respond, limits: FrontLimits = FrontLimits()) -> None:
        self._respond = respond
        self._limits = limits
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._stopping = False

    async def start(self, listening: socket.socket) -> str:
        """Serve on a socket that is bound, and return the URL."""
        self._server = await asyncio.start_server(
            self._connected, sock=listening, limit=_PIECE, backlog=_BACKLOG
        )
        name, port = listening.getsockname()[:2]
        return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"

    async def close(self, seconds: float = 10) -> None:
        """Stop listening, let the exchanges in progress end within that time, and close every connection."""
        self._stopping = True
        if self._server is not None:
            self._server.close()
        for task in self._tasks - self._busy:
            task.cancel()
        if self._busy:
            await asyncio.wait(self._busy, timeout=seconds)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=self._limits.head_bytes)
        try:
            if len(self._tasks) > self._limits.connections:
                raise _RefusedError(503, "too many connections")
            while not self._stopping and await self._exchange(connection, reader, writer):
                connection.start_next_cycle()
        except _RefusedError as refused:
            await self._refuse(connection, reader, writer, refused)
        except (OSError, TimeoutError):
            pass  # The caller is gone, or takes nothing: there is nobody to tell.
        finally:
            writer.close()

    async def _exchange(
        self, connection: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Read one request and answer it; whether the connection can be used again."""
        request = await self._read(connection, reader, writer)
        if request is None:
            return False
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        try:
            response = await self._respond(request)
            await self._write(connection, writer, request.method, response)
        finally:
            self._busy.discard(task)
        return connection.our_state is h11.DONE and connection.their_state is h11.DONE

    async def _read(
        self, connection: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> HttpRequest | None:
        head: h11.Request | None = None
        body = bytearray()
        ends = asyncio.get_running_loop().time() + self._limits.idle_seconds
        while True:
            try:
                event = connection.next_event()
            except h11.RemoteProtocolError as error:
                raise _RefusedError(error.error_status_hint, str(error)) from None
            if event is h11.NEED_DATA:
                if connection.they_are_waiting_for_100_continue:
                    writer.write(
                        connection.send(h11.InformationalResponse(status_code=100, headers=[])) or b""
                    )
                is_first = head is None and not connection.trailing_data[0]
                data = await self._data(reader, ends, is_idle=is_first)
                if is_first:
                    ends = asyncio.get_running_loop().time() + self._limits.request_seconds
                connection.receive_data(data)
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > self._limits.body_bytes:
                    raise _RefusedError(413, f"a body may have {self._limits.body_bytes} bytes")
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return _request(head, bytes(body))
            else:
                return None

    async def _data(self, reader: asyncio.StreamReader, ends: float, *, is_idle: bool) -> bytes:
        try:
            async with asyncio.timeout_at(ends):
                return await reader.read(_PIECE)
        except TimeoutError:
            if is_idle:
                raise
            raise _RefusedError(408, "the request took too long to arrive") from None

    async def _write(
        self, connection: h11.Connection, writer: asyncio.StreamWriter, method: str, response: HttpResponse
    ) -> None:
        body = b"" if method == "HEAD" or response.status in _BODILESS else response.body
        headers = [(name, value) for name, value in response.headers if name.lower() not in _FRAMING]
        length = response.header("content-length") if method == "HEAD" else str(len(body))
        if length is not None and response.status not in _BODILESS:
            headers.append(("Content-Length", length))
        if self._stopping:
            headers.append(("Connection", "close"))
        try:
            head = connection.send(_head(response, headers)) or b""
        except h11.LocalProtocolError as error:
            raise _RefusedError(502, f"the answer of the service is not HTTP: {error}") from None
        data = connection.send(h11.Data(data=body)) if body else None
        end = connection.send(h11.EndOfMessage()) or b""
        writer.write(head + (data or b"") + end)
        async with asyncio.timeout(self._limits.write_seconds):
            await writer.drain()

    async def _refuse(
        self,
        connection: h11.Connection,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        refused: _RefusedError,
    ) -> None:
        response = problem(refused.status, str(refused))
        if connection.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return
        headers = [*response.headers, ("Content-Length", str(len(response.body))), ("Connection", "close")]
        head = connection.send(_head(response, headers)) or b""
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(_LINGER_SECONDS):
                writer.write(head + response.body)
                writer.write_eof()
                # Closing on bytes that nobody read would tear up the answer on its way.
                while await reader.read(_PIECE):
                    pass


def bind(host: str, port: int) -> socket.socket:
    """A socket at that address, with any free port where it is 0; raises OSError."""
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    return socket.create_server((host, port), family=family, backlog=_BACKLOG)


def _request(head: h11.Request, body: bytes) -> HttpRequest:
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers.raw_items()
    )
    return HttpRequest(
        head.method.decode("ascii"),
        head.target.decode("latin-1"),
        headers,
        body,
        head.http_version.decode("ascii"),
    )


def _head(response: HttpResponse, headers: list[tuple[str, str]]) -> h11.Response:
    reason = response.reason or _phrase(response.status)
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return h11.Response(status_code=response.status, headers=raw, reason=reason.encode("latin-1", "replace"))


def _phrase(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return ""


def problem(status: int, detail: str) -> HttpResponse:
    """An answer of our own in the shape of RFC 9457."""
    body = {"type": "about:blank", "title": _phrase(status), "status": status, "detail": detail}
    headers = (("Content-Type", "application/problem+json"),)
    return HttpResponse(status, headers, json.dumps(body, ensure_ascii=False).encode())
