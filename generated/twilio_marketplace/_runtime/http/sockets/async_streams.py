# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""The layers of `streams` for asynchronous connections: sockets of our own, which wait by anyio alone.

The transports of an event loop read ahead into queues that nobody else can look into; a socket of our own has none.
Deadlines are the caller's, by cancellation.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Final, Protocol

import anyio
import httpcore
from anyio.lowlevel import checkpoint
from typing_extensions import TypeVar

from .tls import PIECE, RECORDS, MoreNeeded, TlsSession

T = TypeVar("T")

_Wait = Callable[[socket.socket], Awaitable[None]]
# Before anyio 4.7, which httpx takes as well, under other names.
wait_readable: Final[_Wait] = getattr(anyio, "wait_readable", None) or getattr(anyio, "wait_socket_readable")  # noqa: B009
wait_writable: Final[_Wait] = getattr(anyio, "wait_writable", None) or getattr(anyio, "wait_socket_writable")  # noqa: B009


class AsyncLayer(Protocol):
    """As `streams.Layer`, awaited; to look and to close takes no waiting."""

    async def read(self, size: int, timeout: float | None) -> bytes:
        """As `streams.Layer.read`."""
        ...

    async def write(self, data: bytes, timeout: float | None) -> None:
        """As `streams.Layer.write`."""
        ...

    def received(self) -> bytes | None:
        """As `streams.Layer.received`."""
        ...

    def close(self) -> None:
        """As `streams.Layer.close`."""
        ...


class AsyncSocketLayer:
    """A connected TCP socket, not blocking."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock

    async def read(self, size: int, timeout: float | None) -> bytes:
        """As `AsyncLayer.read`."""
        try:
            try:
                received = self.socket.recv(size)
            except BlockingIOError:
                pass
            else:
                # A server that always has more to say must not hold the event loop, nor outlast a deadline.
                await checkpoint()
                return received
            with anyio.fail_after(timeout):
                while True:
                    await wait_readable(self.socket)
                    try:
                        return self.socket.recv(size)
                    except BlockingIOError:
                        continue
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from None
        except (OSError, anyio.ClosedResourceError) as error:
            raise httpcore.ReadError(str(error)) from error

    async def write(self, data: bytes, timeout: float | None) -> None:
        """As `AsyncLayer.write`."""
        try:
            rest = self._send(memoryview(data))
            if not rest:
                return
            with anyio.fail_after(timeout):
                while rest:
                    await wait_writable(self.socket)
                    rest = self._send(rest)
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from None
        except (OSError, anyio.ClosedResourceError) as error:
            raise httpcore.WriteError(str(error)) from error

    def _send(self, rest: memoryview) -> memoryview:
        try:
            return rest[self.socket.send(rest) :]
        except BlockingIOError:
            return rest

    def received(self) -> bytes | None:
        """As `AsyncLayer.received`."""
        try:
            return self.socket.recv(RECORDS)
        except BlockingIOError:
            return None
        except OSError:  # reset: nothing more will come
            return b""

    def close(self) -> None:
        """As `AsyncLayer.close`."""
        self.socket.close()


class AsyncTlsLayer:
    """TLS over another layer, which may itself be TLS; made by `over`, which does the handshake."""

    def __init__(self, below: AsyncLayer, session: TlsSession) -> None:
        self._below = below
        self._session = session

    @classmethod
    async def over(
        cls,
        below: AsyncLayer,
        context: ssl.SSLContext,
        server_hostname: str | None,
        timeout: float | None,
    ) -> AsyncTlsLayer:
        """The layer, agreed on with the server. Raises httpcore.ConnectError."""
        layer = cls(below, TlsSession(context, server_hostname))
        try:
            with anyio.fail_after(timeout):
                await layer._run(layer._session.object.do_handshake)
        except (TimeoutError, httpcore.TimeoutException) as error:
            raise httpcore.ConnectTimeout(str(error)) from None
        except (httpcore.ReadError, httpcore.WriteError, OSError) as error:
            with suppress(httpcore.NetworkError, httpcore.TimeoutException):
                await layer._flush(1.0)  # the alert that says why
            raise httpcore.ConnectError(str(error)) from error
        return layer

    @property
    def ssl_object(self) -> ssl.SSLObject:
        """The session, for httpcore to see which protocol was agreed on."""
        return self._session.object

    async def read(self, size: int, timeout: float | None) -> bytes:
        """As `AsyncLayer.read`."""
        try:
            with suppress(MoreNeeded):
                return self._session.read(size)
            with anyio.fail_after(timeout):
                return await self._run(lambda: self._session.read(size))
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from None
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    async def write(self, data: bytes, timeout: float | None) -> None:
        """As `AsyncLayer.write`."""
        rest = memoryview(data)
        try:
            with anyio.fail_after(timeout):
                while rest:
                    rest = rest[await self._run(partial(self._session.object.write, rest[:PIECE])) :]
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from None
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    def received(self) -> bytes | None:
        """As `AsyncLayer.received`: decrypted, so that session tickets do not count."""
        return self._session.received(self._below.received)

    def close(self) -> None:
        """As `AsyncLayer.close`."""
        self._below.close()

    async def _run(self, action: Callable[[], T]) -> T:
        while True:
            try:
                result = self._session.step(action)
            except MoreNeeded:
                await self._flush(None)
                self._session.feed(await self._more(None))
                continue
            await self._flush(None)
            return result

    async def _more(self, timeout: float | None) -> bytes:
        try:
            return await self._below.read(RECORDS, timeout)
        except httpcore.ReadError:
            if (
                self._session.is_cut
            ):  # not a mere end, which is what the reset of a connection is else taken for
                raise httpcore.ReadError("the connection broke within a record") from None
            raise

    async def _flush(self, timeout: float | None) -> None:
        records = self._session.take_outgoing()
        if records:
            await self._below.write(records, timeout)
