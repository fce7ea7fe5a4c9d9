"""Which machines a remote document may come from, and connections that go to the very address that was checked."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from ssl import SSLContext
from typing import Any, TypeAlias

import httpcore

Address: TypeAlias = "ipaddress.IPv4Address | ipaddress.IPv6Address"

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")
_LAST_32_BITS = 0xFFFFFFFF


class AddressError(Exception):
    """A host is at no address that may be connected to; the text says which it was."""


class Deadline:
    """The moment, on the monotonic clock, at which everything has to be over."""

    def __init__(self, seconds: float) -> None:
        self.at = time.monotonic() + seconds

    def remaining(self) -> float:
        """The seconds that are left; raises httpcore.ReadTimeout when there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time is over")
        return left


def is_public(address: Address) -> bool:
    """Whether an address is one of the public Internet, and so is any IPv4 address that it carries.

    Loopback, link-local, private, unique-local, shared, multicast, reserved and unspecified ones are not (the special
    purpose registries of RFC 6890). IPv4 addresses are looked for in mapped and compatible addresses (RFC 4291), in
    6to4 (RFC 3056) and in NAT64 (RFC 6052); Teredo (RFC 4380) is not public.
    """
    if isinstance(address, ipaddress.IPv6Address):
        carried = _carried(address)
        if carried is not None:
            return is_public(carried)
    return address.is_global and not (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or (
            isinstance(address, ipaddress.IPv6Address)
            and (address.is_site_local or address.teredo is not None)
        )
    )


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & _LAST_32_BITS)
    return address.ipv4_mapped or address.sixtofour


def _plain(host: str) -> str:
    text = host.lower().rstrip(".").removeprefix("[").removesuffix("]")
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return text


def resolve_host(host: str, port: int, deadline: Deadline) -> list[Address]:
    """The addresses of a host in the order of the system, for which it has until the deadline; raises AddressError."""
    found: list[Address] = []
    problems: list[str] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend(ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in answers)
        except (OSError, ValueError) as error:
            problems.append(str(error))

    # The call cannot be interrupted, so it may outlive us in a thread that nothing waits for.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(deadline.remaining())
    if not found:
        raise AddressError(
            f"its host has no address: {problems[0] if problems else 'the name server is silent'}"
        )
    return found


@dataclass(frozen=True, slots=True)
class HostRules:
    """Which hosts may be connected to: public ones if `public`, and those of `named` wherever they are."""

    public: bool
    named: Collection[str]

    def names(self, host: str) -> bool:
        """Whether the user named this host, in whatever spelling."""
        return _plain(host) in {_plain(one) for one in self.named}

    def choose(self, host: str, addresses: Iterable[Address], *, is_tls: bool) -> list[Address]:
        """Those addresses that may be connected to, of which there is at least one; raises AddressError.

        Without TLS only this machine is connected to.
        """
        listed = list(addresses)
        if self.names(host):
            chosen = [one for one in listed if is_tls or one.is_loopback]
            problem = "only https is fetched from other machines"
        else:
            chosen = [one for one in listed if self.public and is_public(one)]
            problem = f"its host is at {listed[0]}, which is not a public address"
        if not chosen:
            raise AddressError(problem)
        return chosen


class CheckedBackend(httpcore.NetworkBackend):
    """Connects to the address that was checked: the name is resolved once, so that no second answer can differ.

    What is sent as Host and in TLS as server name stays the host of the URL. Raises AddressError when connecting.
    """

    def __init__(self, rules: HostRules) -> None:
        self.rules = rules
        self.deadline = Deadline(0)
        self.is_tls = True
        self.opened = 0
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first of the host's addresses that may be used and that answers."""
        addresses = self.rules.choose(host, resolve_host(host, port, self.deadline), is_tls=self.is_tls)
        for left in range(len(addresses), 1, -1):
            try:
                return self._connect(addresses[-left], port, self.deadline.remaining() / left)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connect(addresses[-1], port, self.deadline.remaining())

    def _connect(self, address: Address, port: int, seconds: float) -> httpcore.NetworkStream:
        self.opened += 1
        return _TimedStream(self._backend.connect_tcp(str(address), port, seconds), self)


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every step ends at the deadline that its backend has at that moment."""

    def __init__(self, stream: httpcore.NetworkStream, backend: CheckedBackend) -> None:
        self._stream = stream
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._backend.deadline.remaining())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._backend.deadline.remaining())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._backend.deadline.remaining()
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, left), self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
