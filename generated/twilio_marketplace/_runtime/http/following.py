# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""What follows an answer on its connection: the end, nothing for a while, or bytes that make its owner doubtful.

An HTTP/1.1 answer belongs to a request by its place alone (RFC 9112 section 9.3.2). If a server, or a hop before it,
sends one too many, all later ones on that connection belong to the call before.
"""

from __future__ import annotations

import enum
from typing import Any, Final

import httpx

from .sockets.parser import parser_of

END_WITHIN: Final = 1.0
"""Seconds within which a server that was sent `Connection: close` has to close (RFC 9112 section 9.6)."""
LOOK_AFTER: Final = 0.1
"""Seconds that a connection is watched, at least, before a refusal is believed of a call that may not be made twice."""


class Following(enum.Enum):
    """What came on a connection after a complete answer; the values are reasons to doubt that answer."""

    END = ""
    """The server closed or reset it."""
    NOTHING = "its connection was not closed after it"
    """Not a byte, and no end."""
    DATA = "more than one answer came on its connection"
    """At least a byte."""
    UNSIZED = "it has no length, so that another answer may be a part of it"
    """Its body ends with the connection, and takes whatever comes on it (RFC 9112 section 6.3)."""
    HIDDEN = "nothing shows what else came on its connection"
    """It cannot be looked at."""


def following(response: httpx.Response, seconds: float) -> Following:
    """Wait for what follows a complete answer, for so many seconds at most; the answer must not be closed yet."""
    import httpcore

    seen, stream = _start(response)
    if stream is None or seconds <= 0:
        return seen
    try:
        return Following.DATA if stream.read(1, seconds) else Following.END
    except httpcore.TimeoutException:
        return Following.NOTHING
    except httpcore.NetworkError as error:
        return _after(error)


async def async_following(response: httpx.Response, seconds: float) -> Following:
    """As `following`."""
    import httpcore

    seen, stream = _start(response)
    if stream is None or seconds <= 0:
        return seen
    try:
        return Following.DATA if await stream.read(1, seconds) else Following.END
    except httpcore.TimeoutException:
        return Following.NOTHING
    except httpcore.NetworkError as error:
        return _after(error)


def _after(error: BaseException) -> Following:
    """After a reset nothing comes; what any other failure hides, nobody knows."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ConnectionError):
            return Following.END
        cause = cause.__cause__
    return Following.HIDDEN


def is_multiplexed(http_version: str) -> bool:
    """Whether answers belong to requests by their stream, so that none can be taken for another's (RFC 9113)."""
    return not http_version.startswith("HTTP/1")


def _start(response: httpx.Response) -> tuple[Following, Any]:
    """What is known without waiting; the stream to read from if that does not decide."""
    stream = response.extensions.get("network_stream")
    parser = parser_of(response.stream)
    if stream is None or parser is None or response.is_closed or is_multiplexed(response.http_version):
        return Following.HIDDEN, None
    if not ("content-length" in response.headers or "transfer-encoding" in response.headers):
        return Following.UNSIZED, None
    rest, ended = parser.trailing_data
    if rest:
        return Following.DATA, None
    return (Following.END, None) if ended else (Following.NOTHING, stream)
