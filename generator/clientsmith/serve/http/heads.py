"""The heads of requests as h11 parses them: what they say about the connection and the body, and those met before."""

from __future__ import annotations

from dataclasses import dataclass

import h11

from clientsmith.traffic.message import HttpRequest

FAULT_HEADER = "X-Clientsmith-Fault"
"""The request header that asks for a fault in the answer to that one request; `Prefer: fault=...` does the same."""
_ASKING = frozenset({FAULT_HEADER.lower().encode(), b"prefer"})
_MOST = 1000
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Head:
    """A request without its body; `keep` as RFC 9112, section 9.3 has it."""

    request: HttpRequest
    keep: bool
    length: int
    """Of the body; -1 if it comes in chunks."""
    asks: bool
    """Whether the request may ask for a fault."""


def head_of(event: h11.Request) -> Head:
    """What h11 found, as text: bytes beyond ASCII, which h11 lets into values only, are taken for Latin-1."""
    version = event.http_version.decode()
    keep, length, asks = version == "1.1", 0, False
    for name, value in event.headers:
        if name == b"connection":
            options = {option.strip() for option in value.lower().split(b",")}
            keep = b"close" not in options and (keep or b"keep-alive" in options)
        elif name == b"content-length":
            length = int(value)
        elif name == b"transfer-encoding":
            length = -1
        elif name in _ASKING:
            asks = True
    headers = tuple(
        [(name.decode("latin-1"), value.decode("latin-1")) for name, value in event.headers.raw_items()]
    )
    request = HttpRequest(event.method.decode(), event.target.decode("latin-1"), headers, b"", version)
    return Head(request, keep, length, asks)


class KnownHeads:
    """Requests without a body by their bytes: clients repeat themselves, and parsing takes longer than answering."""

    def __init__(self) -> None:
        self._known: dict[bytes, Head] = {}

    def get(self, data: bytes) -> Head | None:
        """The request that these bytes are, and nothing but it; None if that is not known."""
        return self._known.get(data)

    def keep(self, data: bytes, head: Head) -> None:
        """Remember what these bytes are."""
        if len(data) > _LONGEST:
            return
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[data] = head
