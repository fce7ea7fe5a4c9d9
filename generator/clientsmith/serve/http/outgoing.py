"""A response in the form in which it goes out, and the steps of a plan for sending it; no connection is touched."""

from __future__ import annotations

import enum
import http
import re
from dataclasses import dataclass

from clientsmith.traffic.message import HttpResponse


class End(enum.Enum):
    """What becomes of the connection after the last byte."""

    KEEP = "keep"
    CLOSE = "close"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing goes out for so many seconds."""

    seconds: float
    for_good: bool = False
    """Nothing comes after it: it may end as soon as the client sends no more."""


Step = bytes | Pause | End

_FRAMING = frozenset({"content-length", "transfer-encoding", "connection", "keep-alive"})
"""Set here, whatever a tape says: they are about a connection, not about a response (RFC 9110, section 7.6.1)."""
_REASONS = {status.value: status.phrase for status in http.HTTPStatus}
_BODILESS = frozenset({204, 304})
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A response and what the request says about its form: its method, and whether the connection is kept."""

    response: HttpResponse
    method: str = "GET"
    keep: bool = True
    chunks_allowed: bool = True
    """Whether the client knows chunks; HTTP/1.0 does not."""
    date: str = ""

    @property
    def body(self) -> bytes:
        """What goes out as body: nothing for HEAD and for statuses that have none (RFC 9110, section 6.4.1)."""
        if self.method == "HEAD" or self.response.status in _BODILESS or self.response.status < 200:
            return b""
        return self.response.body

    def head(self, framing: str | None = None, *, keep: bool = True) -> bytes:
        """Status line and headers; `framing` replaces the header line that says where the body ends."""
        response = self.response
        reason = response.reason or _REASONS.get(response.status, "")
        lines = [f"HTTP/1.1 {response.status} {reason}"]
        dated = not self.date
        for name, value in response.headers:
            lowered = name.lower()
            if lowered not in _FRAMING:
                lines.append(f"{name}: {value}")
                dated = dated or lowered == "date"
        if not dated:
            lines.append(f"Date: {self.date}")
        if framing is None and response.status not in _BODILESS and response.status >= 200:
            framing = f"Content-Length: {len(response.body)}"
        if framing:
            lines.append(framing)
        if not (self.keep and keep):
            lines.append("Connection: close")
        elif not self.chunks_allowed:
            lines.append("Connection: keep-alive")
        text = "\r\n".join(lines)
        if _UNPRINTABLE.search(text) and text.count("\n") + text.count("\r") != 2 * len(lines) - 2:
            raise ValueError("a response header holds a line end")
        return f"{text}\r\n\r\n".encode("latin-1", errors="replace")

    @property
    def end(self) -> End:
        """What becomes of the connection if nothing goes wrong."""
        return End.KEEP if self.keep else End.CLOSE


def plain(out: Outgoing) -> bytes:
    """The whole response, as it goes out if nothing is to go wrong."""
    return out.head() + out.body
