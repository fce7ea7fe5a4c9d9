# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Which way requests take: no credential crosses a plain-http hop that leaves this machine, unless that is allowed.

Any host on such a hop reads all of it. Nothing here sends or opens anything.
"""

from __future__ import annotations

from collections.abc import Iterable

import httpx

from ..results.errors import ConfigurationError, CredentialsError
from .connections import PoolSettings
from .link import is_in_process
from .loopback import is_loopback

_REMEDY = (
    "use an https base_url, or leave the proxy out (transport=PooledTransport(trust_env=False), or NO_PROXY); "
    "nothing was sent"
)


class Hops:
    """The way of a client's requests: `carrier` is its transport, or its http_client.

    A carrier in this process (`link.is_in_process`) is not a hop. What another transport wraps is not seen: one that
    hides a proxy is its author's responsibility.
    """

    def __init__(self, carrier: object, *, allow_http: bool = False) -> None:
        self._carrier = carrier
        self._leaves = not is_in_process(carrier)
        self._allow_http = allow_http
        self._listeners: dict[str, str] = {}

    def listener(self, base_url: str) -> str:
        """The host beyond this machine that could read a request; an empty string if there is none."""
        if not base_url.startswith("http:"):
            return ""  # TLS from end to end: a proxy gets a CONNECT, and its own credentials only
        if base_url not in self._listeners:
            target = httpx.URL(base_url)
            hosts = (
                (self._proxy_host(target), "" if self._allow_http else target.host) if self._leaves else ()
            )
            self._listeners[base_url] = next((host for host in hosts if host and not is_loopback(host)), "")
        return self._listeners[base_url]

    def refuse_proxy(self, base_url: str) -> None:
        """Raise ConfigurationError for plain http beyond this machine that would go through a proxy."""
        if self._leaves and base_url.startswith("http:"):
            target = httpx.URL(base_url)
            proxy = "" if is_loopback(target.host) else self._proxy_host(target)
            if proxy:
                raise ConfigurationError(
                    f"allow_http is for the way to the service itself, and the proxy {proxy} would read everything "
                    f"that goes to {target.host}: {_REMEDY}"
                )

    def _proxy_host(self, url: httpx.URL) -> str:
        carrier = self._carrier
        if isinstance(carrier, (httpx.Client, httpx.AsyncClient)):
            carrier = carrier._transport_for_url(url)  # pyright: ignore[reportPrivateUsage]
        settings: object = getattr(carrier, "_settings", None)
        if isinstance(settings, PoolSettings):
            proxy = settings.proxy(url)
            return proxy.url.host if proxy is not None else ""
        # httpx keeps a proxy in the pool of httpcore that it makes for it.
        theirs: object = getattr(getattr(getattr(carrier, "_pool", None), "_proxy_url", None), "host", b"")
        return theirs.decode("ascii", "replace") if isinstance(theirs, bytes) else ""


def refuse_exposure(operation: str, listener: str, names: Iterable[str], secret: frozenset[str]) -> None:
    """Raise CredentialsError if one of the headers called `names` is `secret` and `listener` could read it."""
    if listener and any(name.lower() in secret for name in names):
        raise exposed(operation, listener)


def exposed(operation: str, listener: str) -> CredentialsError:
    """The error of a call whose credentials `listener` could read."""
    return CredentialsError(
        f"{operation}: credentials are not sent over plain http, where {listener} and every host on the way could "
        f"read them: {_REMEDY}",
        operation=operation,
    )
