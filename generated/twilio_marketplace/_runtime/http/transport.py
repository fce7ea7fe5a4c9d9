# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""What transports raise, translated: which of our errors it is and what it says about the request; sends nothing."""

from __future__ import annotations

from typing import Final

import httpx

from ..results import errors
from ..results.errors import Outcome, TransportError
from ..values.plain_text import excerpt
from .sockets.attempt_state import SpokeFirst

_HTTP_LAYERS: Final = frozenset({"h11", "h2", "hpack", "httpcore", "httpx", "socksio"})
_QUOTING: Final = frozenset({"LocalProtocolError", "ProtocolError", "RemoteProtocolError"})
_LONGEST: Final = 1000
"""Bytes of an error's text in a message."""
_KINDS: Final[tuple[tuple[type[httpx.TransportError], type[TransportError], Outcome, str], ...]] = (
    (SpokeFirst, errors.ProtocolError, Outcome.NOT_SENT, "the server sent data before it was asked"),
    (httpx.ConnectError, errors.ConnectError, Outcome.NOT_SENT, "no connection"),
    (httpx.ConnectTimeout, errors.ConnectTimeoutError, Outcome.NOT_SENT, "no connection in time"),
    (httpx.ProxyError, errors.ConnectError, Outcome.NOT_SENT, "no connection through the proxy"),
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


_BEFORE_SENDING: Final[dict[type[TransportError], tuple[type[TransportError], str]]] = {
    errors.ReadError: (errors.ConnectError, "no connection"),
    errors.WriteError: (errors.ConnectError, "no connection"),
    errors.ReadTimeoutError: (errors.ConnectTimeoutError, "no connection in time"),
    errors.WriteTimeoutError: (errors.ConnectTimeoutError, "no connection in time"),
}
"""What a step that failed before the request was: a part of connecting, such as a proxy's answer to CONNECT."""


def from_other(
    error: Exception, operation: str, method: str, url: str, *, sent: bool | None, foreign: bool
) -> TransportError:
    """The error a caller sees for one that a transport raised.

    `sent` is what is known of the first byte; where nothing is, the outcome is `unknown` unless httpx proves otherwise.
    The original is the cause, without the frames of httpx: they hold the request with its credentials. Only errors that
    are not httpx's, out of a transport that is `foreign` to this package, keep them, since they are mistakes in it.
    """
    kind, outcome, text = errors.TransportError, Outcome.UNKNOWN, "the exchange failed"
    for theirs, ours, known, meaning in _KINDS:
        if isinstance(error, theirs):
            kind, outcome, text = ours, known, meaning
            break
    if sent is False:
        outcome = Outcome.NOT_SENT
        kind, text = _BEFORE_SENDING.get(kind, (kind, text))
    elif sent:
        outcome = Outcome.UNKNOWN  # whatever went wrong afterwards
    if isinstance(error, httpx.RequestError):
        # The original request carries the credentials; whoever inspects `__cause__` gets one without them.
        error.request = httpx.Request(method, url)
    message = f"{operation}: {text}{_detail(error)} ({method} {url}; outcome: {outcome})"
    named = kind(message, outcome=outcome, operation=operation, method=method, url=url)
    theirs_alone = foreign and not isinstance(error, (httpx.HTTPError, httpx.StreamError))
    named.__cause__ = error if theirs_alone else without_frames(error)
    return named


def _detail(error: Exception) -> str:
    """What the error says. A protocol error quotes what was sent or received, which may be what must not be shown."""
    if isinstance(error, httpx.ProtocolError) or not isinstance(error, httpx.HTTPError):
        return f": {type(error).__name__}"
    text = _said(error)
    return f": {text}" if text else ""


def _said(error: BaseException) -> str:
    """The text of an error of the HTTP layers, without what the other side said: of a proxy's, its status."""
    text, name = str(error), type(error).__name__
    if name in _QUOTING:
        return ""
    status = text[:3]
    if name == "ProxyError" and status.isascii() and status.isdigit():
        return f"the proxy answered {status}"
    return excerpt(text, _LONGEST)


def without_frames(error: BaseException) -> BaseException:
    """The error with no frame in it or in what led to it: their local variables hold the request.

    The errors of the HTTP layers among them keep their text only as far as it does not quote what was exchanged.
    """
    waiting, seen = [error], set[int]()
    while waiting:
        link = waiting.pop()
        if id(link) in seen:
            continue
        seen.add(id(link))
        link.__traceback__ = None
        if type(link).__module__.partition(".")[0] in _HTTP_LAYERS and link.args:
            link.args = (_said(link), *link.args[1:])
        waiting += [other for other in (link.__cause__, link.__context__) if other is not None]
    return error
