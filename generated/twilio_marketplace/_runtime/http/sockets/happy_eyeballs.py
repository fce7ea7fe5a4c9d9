# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Opening asynchronous connections to the address of a host that answers first (Happy Eyeballs, RFC 8305)."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections import deque
from collections.abc import Iterable
from typing import Any, Final

import anyio
import httpcore

from .async_streams import AsyncSocketLayer, wait_writable

_HEAD_START: Final = 0.25
"""Seconds that an address has before the next one is tried beside it (RFC 8305 section 5)."""


async def connected(
    host: str, port: int, timeout: float | None, local_address: str | None
) -> AsyncSocketLayer:
    """A connection to the address of `host` that answers first; each gets a head start over the next (RFC 8305).

    Raises httpcore.ConnectError and ConnectTimeout.
    """
    try:
        with anyio.fail_after(timeout):
            addresses = await _addresses(host, port)
            if len(addresses) == 1:
                return AsyncSocketLayer(await _connect(addresses[0], local_address))
            return AsyncSocketLayer(await _first(addresses, local_address))
    except TimeoutError as error:
        raise httpcore.ConnectTimeout(str(error)) from None
    except OSError as error:
        raise httpcore.ConnectError(str(error)) from error


_Address = tuple[socket.AddressFamily, Any]


async def _addresses(host: str, port: int) -> list[_Address]:
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        literal = None
    if literal is not None and "%" not in host:  # a zone has to be looked up
        family = socket.AF_INET if literal.version == 4 else socket.AF_INET6
        return [(family, (host, port))]
    found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return _interleaved((family, address) for family, _, _, _, address in found)


def _interleaved(addresses: Iterable[_Address]) -> list[_Address]:
    """The addresses with their families in turn, in the order of the resolver otherwise (RFC 8305 section 4)."""
    queues: dict[int, deque[_Address]] = {}
    for address in dict.fromkeys(addresses):
        queues.setdefault(address[0], deque()).append(address)
    ordered: list[_Address] = []
    while queues:
        for family in list(queues):
            ordered.append(queues[family].popleft())
            if not queues[family]:
                del queues[family]
    return ordered


async def _connect(address: _Address, local_address: str | None) -> socket.socket:
    family, target = address
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if local_address is not None:
            sock.bind((local_address, 0))
        try:
            sock.connect(target)
        except BlockingIOError:
            await wait_writable(sock)
            failed = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if failed:
                raise OSError(failed, os.strerror(failed)) from None
    except BaseException:
        sock.close()
        raise
    return sock


async def _first(addresses: list[_Address], local_address: str | None) -> socket.socket:
    connections: list[socket.socket] = []
    failures: list[OSError] = []

    async def attempt(address: _Address, over: anyio.Event) -> None:
        try:
            sock = await _connect(address, local_address)
        except OSError as error:
            failures.append(error)
        else:
            connections.append(sock)
            group.cancel_scope.cancel()
        finally:
            over.set()

    try:
        async with anyio.create_task_group() as group:
            for address in addresses:
                over = anyio.Event()
                group.start_soon(attempt, address, over)
                with anyio.move_on_after(_HEAD_START):
                    await over.wait()
    except BaseException:
        _close(connections)
        raise
    _close(connections[1:])
    if not connections:
        raise failures[-1] if failures else OSError("the name has no address")
    return connections[0]


def _close(connections: list[socket.socket]) -> None:
    for sock in connections:
        sock.close()
