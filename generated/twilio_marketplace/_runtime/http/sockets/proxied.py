# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Connections through a proxy, as pools of httpcore with room for one: tunnels, forwarding, SOCKS."""

from __future__ import annotations

import ssl
from typing import Any, Final

import httpcore
import httpx

_SOCKS: Final = frozenset({"socks5", "socks5h"})


def is_forwarding(proxy: httpx.Proxy | None, url: httpx.URL) -> bool:
    """Whether the proxy passes requests on over connections of its own, which may have carried others."""
    return proxy is not None and proxy.url.scheme not in _SOCKS and url.scheme == "http"


def proxied(
    proxy: httpx.Proxy, context: ssl.SSLContext | None, backend: httpcore.NetworkBackend, keepalive: float
) -> httpcore.ConnectionPool:
    """A pool of one connection; a SOCKS proxy needs the package socksio."""
    settings = _settings(proxy, context, keepalive)
    if proxy.url.scheme not in _SOCKS:
        return httpcore.HTTPProxy(**settings, **_of_http(proxy), network_backend=backend)
    return httpcore.SOCKSProxy(**settings, network_backend=backend)


def async_proxied(
    proxy: httpx.Proxy,
    context: ssl.SSLContext | None,
    backend: httpcore.AsyncNetworkBackend,
    keepalive: float,
) -> httpcore.AsyncConnectionPool:
    """As `proxied`."""
    settings = _settings(proxy, context, keepalive)
    if proxy.url.scheme not in _SOCKS:
        return httpcore.AsyncHTTPProxy(**settings, **_of_http(proxy), network_backend=backend)
    return httpcore.AsyncSOCKSProxy(**settings, network_backend=backend)


def _settings(proxy: httpx.Proxy, context: ssl.SSLContext | None, keepalive: float) -> dict[str, Any]:
    url = proxy.url
    return {
        "proxy_url": httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        ),
        "proxy_auth": proxy.raw_auth,
        "ssl_context": context,
        "max_connections": 1,
        "max_keepalive_connections": 1,
        "keepalive_expiry": keepalive,
    }


def _of_http(proxy: httpx.Proxy) -> dict[str, Any]:
    return {"proxy_headers": proxy.headers.raw, "proxy_ssl_context": proxy.ssl_context}
