"""The columns of the grid of stray answers: how a client is connected to the server of a cell."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import httpx

from tests.client.calls import KEY, SECRET, Mode
from tests.client.stray_server import Serves
from twilio_marketplace import (
    AsyncMarketplaceClient,
    AsyncPooledTransport,
    MarketplaceClient,
    PooledTransport,
    Retries,
)

Carrier = Literal["pool", "transport", "http_client"]
NOWHERE: Final = "http://127.0.0.1:9"
"""The service behind the forward proxy, which is never asked: the proxy of the grid answers by itself."""


@dataclass(frozen=True)
class Column:
    """One way to connect. `shared` is an httpx client that others use for requests of their own."""

    name: str
    serves: Serves
    carrier: Carrier
    forward: bool = False
    shared: bool = False
    settings: tuple[tuple[str, Any], ...] = ()
    """More arguments of our pool."""

    @property
    def pooled(self) -> bool:
        return self.carrier == "pool"

    @property
    def multiplexed(self) -> bool:
        return self.serves == "h2"

    def client(self, mode: Mode, url: str, trusting: ssl.SSLContext, *, tries: int = 4, **more: Any) -> Any:
        """A client of ours; an httpx client that it was given is its attribute `lent`."""
        retries = Retries(attempts=tries, first_delay=0.001, longest_delay=0.01, budget=10**6)
        options: dict[str, Any] = {"base_url": NOWHERE if self.forward else url, "retries": retries}
        options |= {"timeout": 5, "deadline": 20} | more
        lent = None
        if self.carrier == "http_client":
            lent = options["http_client"] = _of_httpx(mode, "Client", "AsyncClient")(verify=trusting)
        else:
            options["transport"] = self._transport(mode, url, trusting)
        made = (MarketplaceClient if mode == "sync" else AsyncMarketplaceClient)(KEY, SECRET, **options)
        made.lent = lent
        return made

    def _transport(self, mode: Mode, url: str, trusting: ssl.SSLContext) -> Any:
        proxy = None
        if self.forward or self.serves == "tunnel":
            proxy = url.replace("https:", "http:")
        if self.carrier == "transport":
            kind = _of_httpx(mode, "HTTPTransport", "AsyncHTTPTransport")
            return kind(verify=trusting, http2=self.multiplexed, proxy=proxy)
        pool = PooledTransport if mode == "sync" else AsyncPooledTransport
        return pool(verify=trusting, proxy=proxy, **dict(self.settings))


def _of_httpx(mode: Mode, blocking: str, concurrent: str) -> Callable[..., Any]:
    made: Callable[..., Any] = getattr(httpx, blocking if mode == "sync" else concurrent)
    return made


COLUMNS: Final = (
    Column("plain", "plain", "pool"),
    Column("TLS", "tls", "pool"),
    Column("TLS 1.2", "tls12", "pool"),
    Column("tunnel", "tunnel", "pool"),
    Column("forward proxy", "plain", "pool", forward=True),
    Column("transport=", "plain", "transport"),
    Column("transport=, TLS", "tls", "transport"),
    Column("transport=, tunnel", "tunnel", "transport"),
    Column("transport=, forward proxy", "plain", "transport", forward=True),
    Column("http_client=", "plain", "http_client"),
    Column("http_client=, TLS", "tls", "http_client"),
    Column("http_client=, shared", "plain", "http_client", shared=True),
    Column("HTTP/2", "h2", "transport"),
)
REUSING: Final = Column("plain, reuse chosen", "plain", "pool", settings=(("reuse_for_billing", True),))
"""Not of the grid: what a caller chooses who has read what it risks."""
