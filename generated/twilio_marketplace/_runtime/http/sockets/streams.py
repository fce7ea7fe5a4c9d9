# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Blocking layers of a connection: a socket, and TLS over any layer.

httpcore's streams cannot say what has been received and not yet read. These can, for every buffer between the kernel
and the caller; and they cut every wait to the deadline of the attempt that is being carried.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Protocol

import httpcore
from typing_extensions import TypeVar

from .tls import PIECE, RECORDS, MoreNeeded, TlsSession

T = TypeVar("T")
Cap = Callable[["float | None"], "float | None"]
"""Cuts a timeout in seconds to what is left until the deadline; None is no limit, 0 means that nothing is left."""


class Layer(Protocol):
    """Bytes in both directions. Timeouts are in seconds; errors are those of httpcore."""

    def read(self, size: int, timeout: float | None) -> bytes:
        """At least one byte and at most `size`, or none at the end of the stream."""
        ...

    def write(self, data: bytes, timeout: float | None) -> None:
        """Send everything."""
        ...

    def received(self) -> bytes | None:
        """What has been received by now, taken without waiting: None if nothing, no bytes at the end of the stream."""
        ...

    def close(self) -> None:
        """Give the socket up at once."""
        ...


class SocketLayer:
    """A connected TCP socket."""

    def __init__(self, sock: socket.socket, cap: Cap) -> None:
        self.socket = sock
        self._cap = cap

    def read(self, size: int, timeout: float | None) -> bytes:
        """As `Layer.read`."""
        try:
            self._wait_at_most(self._cap(timeout))
            return self.socket.recv(size)
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from None
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    def write(self, data: bytes, timeout: float | None) -> None:
        """As `Layer.write`; the timeout holds for all of it."""
        rest = memoryview(data)
        ends = None if timeout is None else time.monotonic() + timeout
        try:
            while rest:
                left = None if ends is None else max(ends - time.monotonic(), 0.0)
                self._wait_at_most(self._cap(left))
                rest = rest[self.socket.send(rest) :]
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from None
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    def received(self) -> bytes | None:
        """As `Layer.received`."""
        self.socket.setblocking(False)
        try:
            return self.socket.recv(RECORDS)
        except BlockingIOError:
            return None
        except OSError:  # reset: nothing more will come
            return b""

    def close(self) -> None:
        """As `Layer.close`."""
        self.socket.close()

    def _wait_at_most(self, seconds: float | None) -> None:
        if seconds == 0:
            raise TimeoutError("timed out")
        self.socket.settimeout(seconds)


class TlsLayer:
    """TLS over another layer, which may itself be TLS. Making one does the handshake. Raises httpcore.ConnectError."""

    def __init__(
        self, below: Layer, context: ssl.SSLContext, server_hostname: str | None, timeout: float | None
    ) -> None:
        self._below = below
        self._session = TlsSession(context, server_hostname)
        ends = None if timeout is None else time.monotonic() + timeout
        try:
            self._run(self._session.object.do_handshake, ends)
        except (httpcore.ReadTimeout, httpcore.WriteTimeout) as error:
            raise httpcore.ConnectTimeout(str(error)) from None
        except (httpcore.ReadError, httpcore.WriteError, OSError) as error:
            with suppress(httpcore.NetworkError, httpcore.TimeoutException):
                self._flush(1.0)  # the alert that says why
            raise httpcore.ConnectError(str(error)) from error

    @property
    def ssl_object(self) -> ssl.SSLObject:
        """The session, for httpcore to see which protocol was agreed on."""
        return self._session.object

    def read(self, size: int, timeout: float | None) -> bytes:
        """As `Layer.read`."""
        ends = None if timeout is None else time.monotonic() + timeout
        try:
            return self._run(lambda: self._session.read(size), ends)
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    def write(self, data: bytes, timeout: float | None) -> None:
        """As `Layer.write`."""
        ends = None if timeout is None else time.monotonic() + timeout
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._run(partial(self._session.object.write, rest[:PIECE]), ends) :]
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    def received(self) -> bytes | None:
        """As `Layer.received`: decrypted, so that session tickets do not count."""
        return self._session.received(self._below.received)

    def close(self) -> None:
        """As `Layer.close`."""
        self._below.close()

    def _run(self, action: Callable[[], T], ends: float | None) -> T:
        while True:
            try:
                result = self._session.step(action)
            except MoreNeeded:
                self._flush(_left(ends))
                self._session.feed(self._more(_left(ends)))
                continue
            self._flush(_left(ends))
            return result

    def _more(self, timeout: float | None) -> bytes:
        try:
            return self._below.read(RECORDS, timeout)
        except httpcore.ReadError:
            if (
                self._session.is_cut
            ):  # not a mere end, which is what the reset of a connection is else taken for
                raise httpcore.ReadError("the connection broke within a record") from None
            raise

    def _flush(self, timeout: float | None) -> None:
        records = self._session.take_outgoing()
        if records:
            self._below.write(records, timeout)


def _left(ends: float | None) -> float | None:
    return None if ends is None else max(ends - time.monotonic(), 0.0)


def connected(
    host: str, port: int, timeout: float | None, local_address: str | None, cap: Cap
) -> SocketLayer:
    """A connection to the first address of `host` that takes one; the timeout holds for all of them together.

    Raises httpcore.ConnectError and ConnectTimeout. The resolver has timeouts of its own, which nothing here shortens.
    """
    ends = None if timeout is None else time.monotonic() + timeout
    failure: OSError = OSError("the name has no address")
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            left = cap(_left(ends))
            if left == 0:
                raise httpcore.ConnectTimeout("timed out")
            sock = None
            try:
                sock = socket.socket(family, kind, protocol)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.settimeout(left)
                if local_address is not None:
                    sock.bind((local_address, 0))
                sock.connect(address)
            except BaseException as error:
                if sock is not None:
                    sock.close()
                if not isinstance(error, OSError):
                    raise
                failure = error
            else:
                return SocketLayer(sock, cap)
    except OSError as error:
        failure = error
    except (
        UnicodeError
    ):  # a label that is empty or too long, which asyncio's resolver reports like any other name
        failure = OSError("the name is not one of a host")
    if isinstance(failure, TimeoutError):
        raise httpcore.ConnectTimeout(str(failure)) from None
    raise httpcore.ConnectError(str(failure)) from failure
