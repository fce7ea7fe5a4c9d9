"""What a transport may raise, and the error that a client has to make of it."""

from __future__ import annotations

from typing import NamedTuple

import httpx


class Breakdown(NamedTuple):
    """An exception of a transport, the class of error that it becomes, and what is then known of the request."""

    raised: type[Exception]
    becomes: str
    known: str


BREAKDOWNS = (
    Breakdown(httpx.ConnectError, "ConnectError", "not_sent"),
    Breakdown(httpx.ConnectTimeout, "ConnectTimeoutError", "not_sent"),
    Breakdown(httpx.ProxyError, "ConnectError", "not_sent"),
    Breakdown(httpx.PoolTimeout, "PoolTimeoutError", "not_sent"),
    Breakdown(httpx.WriteError, "WriteError", "unknown"),
    Breakdown(httpx.WriteTimeout, "WriteTimeoutError", "unknown"),
    Breakdown(httpx.ReadError, "ReadError", "unknown"),
    Breakdown(httpx.ReadTimeout, "ReadTimeoutError", "unknown"),
    Breakdown(httpx.UnsupportedProtocol, "ProtocolError", "not_sent"),
    Breakdown(httpx.LocalProtocolError, "ProtocolError", "not_sent"),
    Breakdown(httpx.RemoteProtocolError, "ProtocolError", "unknown"),
    Breakdown(httpx.CloseError, "TransportError", "unknown"),
    Breakdown(httpx.DecodingError, "TransportError", "unknown"),
    Breakdown(httpx.TooManyRedirects, "TransportError", "unknown"),
    Breakdown(OSError, "TransportError", "unknown"),
    Breakdown(ValueError, "TransportError", "unknown"),
    Breakdown(ZeroDivisionError, "TransportError", "unknown"),
)
