"""What httpx raises, translated: which of our errors it is and what it says about the request. Sends nothing itself."""

from __future__ import annotations

from typing import Final

import httpx

from . import errors
from .errors import Outcome, TransportError

_KINDS: Final[tuple[tuple[type[httpx.TransportError], type[TransportError], Outcome, str], ...]] = (
    (httpx.ConnectError, errors.ConnectError, Outcome.NOT_SENT, "no connection"),
    (httpx.ConnectTimeout, errors.ConnectTimeoutError, Outcome.NOT_SENT, "no connection in time"),
    (httpx.PoolTimeout, errors.PoolTimeoutError, Outcome.NOT_SENT, "no free connection in time"),
    (httpx.WriteError, errors.WriteError, Outcome.UNKNOWN, "the connection broke while sending"),
    (httpx.WriteTimeout, errors.WriteTimeoutError, Outcome.UNKNOWN, "the request could not be sent in time"),
    (
        httpx.ReadError,
        errors.ReadError,
        Outcome.UNKNOWN,
        "the connection broke before the whole answer arrived",
    ),
    (httpx.ReadTimeout, errors.ReadTimeoutError, Outcome.UNKNOWN, "the answer did not arrive in time"),
    (httpx.UnsupportedProtocol, errors.ProtocolError, Outcome.NOT_SENT, "the URL scheme is not supported"),
    (httpx.LocalProtocolError, errors.ProtocolError, Outcome.NOT_SENT, "the request is not valid HTTP"),
    (httpx.RemoteProtocolError, errors.ProtocolError, Outcome.UNKNOWN, "the answer is not valid HTTP"),
)
"""Exact classes of httpx 0.28 and what each proves: only the ones raised before the first byte are `not sent`."""


def from_httpx(
    error: httpx.HTTPError | httpx.StreamError, operation: str, method: str, url: str
) -> TransportError:
    """The error a caller sees for one that httpx raised; its outcome is `unknown` unless httpx proves otherwise."""
    kind, outcome, text = errors.TransportError, Outcome.UNKNOWN, "the exchange failed"
    for theirs, ours, known, meaning in _KINDS:
        if isinstance(error, theirs):
            kind, outcome, text = ours, known, meaning
            break
    if isinstance(error, httpx.RequestError):
        # The original request carries the credentials; whoever inspects `__cause__` gets one without them.
        error.request = httpx.Request(method, url)
    # The words of a protocol error quote what was sent or received, which may hold what must not be shown.
    quoted = "" if isinstance(error, httpx.ProtocolError) else str(error)
    detail = f": {quoted}" if quoted else ""
    message = f"{operation}: {text}{detail} ({method} {url}; outcome: {outcome})"
    return kind(message, outcome=outcome, operation=operation, method=method, url=url)
