# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Which hosts are this machine: what never leaves it needs neither a proxy nor encryption."""

from __future__ import annotations

import ipaddress
import socket

_LOOPBACK_NETWORK = 127


def is_loopback(host: str) -> bool:
    """Whether a host is certainly this machine: `localhost`, 127.0.0.0/8 or ::1, in IPv6 form and in brackets too.

    Not `*.localhost`: which address such a name leads to is for a name server to say, so that it proves nothing.
    """
    return _is_certain(_plain(host))


def _is_certain(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def is_local_name(host: str) -> bool:
    """Whether a host is meant to be this machine, so that no proxy can reach what is meant.

    Beyond `is_loopback`: names under `localhost` (RFC 6761 section 6.3), and the short, octal and hexadecimal forms of
    127.0.0.0/8 that resolvers take (`127.1`).
    """
    name = _plain(host)
    if _is_certain(name) or name.endswith(".localhost"):
        return True
    try:
        return socket.inet_aton(name)[0] == _LOOPBACK_NETWORK
    except (OSError, UnicodeEncodeError):
        return False


def _plain(host: str) -> str:
    """Without brackets, zone and the dot that ends an absolute name."""
    return host.strip("[]").partition("%")[0].lower().removesuffix(".")
