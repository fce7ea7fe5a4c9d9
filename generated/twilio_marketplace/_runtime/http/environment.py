# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""What the environment says about proxies and certificates; what is wrong there is named with its variable."""

from __future__ import annotations

import os
import re
import ssl
from contextlib import suppress
from importlib.util import find_spec
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Final, TypeAlias
from urllib.request import getproxies, getproxies_environment, proxy_bypass

import httpx

from ..results.errors import ConfigurationError
from .base_url import is_host
from .loopback import is_local_name

_SOCKS: Final = frozenset({"socks5", "socks5h"})
_PORTS: Final = {"http": 80, "https": 443}
_ENTRY: Final = re.compile(r"(?P<name>\[[^\[\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]{1,5}))?")
_Address: TypeAlias = IPv4Address | IPv6Address
_MAPPED: Final = 96
"""The bits of an IPv6 address in front of an IPv4 address that is in it (RFC 4291 section 2.5.5.2)."""
_NO_BRACKETS: Final = str.maketrans("", "", "[]")
_HASHED: Final = re.compile(r"[0-9a-f]{8}\.\d+")
"""The names by which OpenSSL finds certificates in a folder (openssl-rehash)."""
_OWN: Final = "transport=PooledTransport(verify=ssl.create_default_context(cafile=...))"


def checked_proxy(proxy: str | httpx.Proxy, source: str, remedy: str = "pass another one") -> httpx.Proxy:
    """The proxy. Raises ConfigurationError, which shows only the host of it: it may hold credentials."""
    found = None
    with suppress(httpx.InvalidURL, ValueError, TypeError):
        found = proxy if isinstance(proxy, httpx.Proxy) else httpx.Proxy(proxy)
    if found is None or not is_host(found.url):
        raise ConfigurationError(
            f"{source} is not the URL of a proxy, such as http://proxy.example.com:3128: {remedy}"
        )
    if found.url.scheme in _SOCKS and find_spec("socksio") is None:
        raise ConfigurationError(
            f"{source} is the SOCKS proxy {found.url.scheme}://{found.url.host}, which needs the package socksio: "
            f"install httpx[socks], or {remedy}"
        )
    return found


def environment_proxy(url: httpx.URL) -> httpx.Proxy | None:
    """The environment's proxy for a URL; none for this machine, which to a proxy would be another one."""
    if is_local_name(url.host):
        return None
    proxies = getproxies()
    kind = url.scheme if proxies.get(url.scheme) else "all"
    found = proxies.get(kind)
    if not found or _is_bypassed(url):
        return None
    variable = _variable(kind)
    proxy, remedy = found if "://" in found else f"http://{found}", "list this host in NO_PROXY"
    if not variable:
        return checked_proxy(proxy, "the proxy of the system", remedy)
    return checked_proxy(proxy, variable, f"correct or unset {variable}, or {remedy}")


def _variable(kind: str) -> str:
    """The variable that a proxy of the environment is from; empty if it is from settings of the system."""
    names = [name for name, value in os.environ.items() if name.lower() == f"{kind}_proxy" and value]
    return min(names, key=str.isupper, default="")


def _is_bypassed(url: httpx.URL) -> bool:
    environment = getproxies_environment()
    if not environment:
        # The settings of the system, which has its own rules.
        return bool(proxy_bypass(url.netloc.decode("ascii")))
    return is_excluded(url, environment.get("no", ""))


def is_excluded(url: httpx.URL, listed: str) -> bool:
    """Whether NO_PROXY lists a URL: by `*`, a network, an address, or a name and all below it; both may have a port.

    IPv6 addresses need brackets only in front of a port. As for httpx, an entry with a scheme is for URLs of that
    scheme, `all` being every scheme.
    """
    return any(_excludes(entry, url) for entry in re.split(r"[,\s]+", listed) if entry)


def _excludes(listed: str, url: httpx.URL) -> bool:
    scheme, _, entry = listed.rpartition("://")
    if scheme.lower() not in ("", "all", url.scheme):
        return False
    address = _address(url.host)
    if (network := _network(entry)) is not None:
        return address is not None and address in network
    if scheme:
        entry = entry.partition("/")[0]
    return entry == "*" or _is_host(entry, url, address)


def _is_host(entry: str, url: httpx.URL, address: _Address | None) -> bool:
    """Whether an entry is the host of a URL, which may be an address, or a name above it."""
    if (listed := _address(entry)) is not None:
        return address == listed
    parts = _ENTRY.fullmatch(entry)
    if parts is None or not _is_port(parts["port"], url):
        return False
    if (listed := _address(parts["name"])) is not None:
        return address == listed
    name = _wire_name(parts["name"].removeprefix("*").strip("."))
    return bool(name) and address is None and f".{_wire_name(url.host)}".endswith(f".{name}")


def _wire_name(host: str) -> str:
    """A host name as a name server gets it (IDNA), without a dot at its end; empty if it cannot be one."""
    try:
        return httpx.URL(scheme="https", host=host).raw_host.decode("ascii").rstrip(".").lower()
    except (httpx.InvalidURL, ValueError):
        return ""


def _is_port(listed: str | None, url: httpx.URL) -> bool:
    return listed is None or int(listed) == (url.port or _PORTS.get(url.scheme))


def _network(entry: str) -> IPv4Network | IPv6Network | None:
    """The network that an entry is, if it has a prefix length; one of IPv4 addresses in IPv6 form is of IPv4."""
    if "/" not in entry:
        return None
    try:
        network = ip_network(entry.translate(_NO_BRACKETS), strict=False)
    except ValueError:
        return None
    within = network.prefixlen - _MAPPED
    mapped = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
    return network if mapped is None or within < 0 else IPv4Network((mapped, within))


def _address(host: str) -> _Address | None:
    """The address that a host is, if it is one; an IPv4 address in IPv6 form is that address."""
    try:
        address = ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def default_context(*, trust_env: bool) -> ssl.SSLContext:
    """The TLS settings with the certificates of SSL_CERT_FILE or SSL_CERT_DIR, else certifi's.

    Raises ConfigurationError if one of these variables is set and leads to no certificate.
    """
    file, folders = (os.environ.get(f"SSL_CERT_{kind}") if trust_env else None for kind in ("FILE", "DIR"))
    if not file:
        if folders and (reason := _lack(folders)):
            raise _unusable("SSL_CERT_DIR", folders, reason)
        return httpx.create_ssl_context(trust_env=trust_env)
    context, reason = None, "holds no certificate (PEM)"
    try:
        context = httpx.create_ssl_context()
    except ssl.SSLError:
        pass
    except OSError as error:
        reason = f"cannot be read ({error.strerror})"
    if context is None or not context.cert_store_stats()["x509"]:
        raise _unusable("SSL_CERT_FILE", file, reason)
    return context


def _lack(folders: str) -> str:
    """What keeps OpenSSL from finding a certificate in one of some folders; empty if nothing does."""
    existing = [Path(folder) for folder in folders.split(os.pathsep) if Path(folder).is_dir()]
    if any(_HASHED.fullmatch(path.name) for folder in existing for path in folder.glob("*.*")):
        return ""
    return (
        "holds no certificate under a name that OpenSSL finds (openssl rehash)"
        if existing
        else "is not a folder"
    )


def _unusable(variable: str, path: str, reason: str) -> ConfigurationError:
    return ConfigurationError(f"{variable} names {path}, which {reason}: correct or unset it, or pass {_OWN}")
