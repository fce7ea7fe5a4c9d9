"""The faults by name: when each strikes, the numbers it takes, and what it does in one line; nothing is done here."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass


class Phase(enum.Enum):
    """When a fault strikes, which is also what is known by then."""

    CONNECTION = "connection"
    """Before any request is read: no operation is known, and calls are counted by connection."""
    REQUEST = "request"
    """The headers of the request are read, its body is not."""
    RESPONSE = "response"
    """While the response goes out."""
    CONTENT = "content"
    """In what the response says; it goes out by the rules of HTTP."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number that a fault takes: what it counts, its default (None: half of what there is) and its bounds."""

    unit: str
    default: float | int | None
    least: float = 0
    most: float = 100_000_000

    @property
    def whole(self) -> bool:
        """Whether only integers make sense."""
        return self.unit != "seconds"


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A fault by name: when it strikes, the numbers it takes, and what happens, in one line."""

    name: str
    phase: Phase
    summary: str
    numbers: tuple[Number, ...] = ()

    @property
    def form(self) -> str:
        """How it is written: `delay[:SECONDS]`."""
        return self.name + (
            f"[:{','.join(number.unit.upper() for number in self.numbers)}]" if self.numbers else ""
        )


def _seconds(default: float) -> Number:
    return Number("seconds", default, 0, 86_400)


_HALF = Number("bytes", None)
_HANG = _seconds(60)
_EVERY = (
    FaultKind(
        "refuse",
        Phase.CONNECTION,
        "nothing listens for that long: new connections are refused",
        (_seconds(5),),
    ),
    FaultKind("reset-on-connect", Phase.CONNECTION, "the connection is reset as soon as it is accepted"),
    FaultKind(
        "hang-on-connect", Phase.CONNECTION, "the connection is accepted and never read from", (_HANG,)
    ),
    FaultKind(
        "reset-in-request", Phase.REQUEST, "reset after the headers of the request, before its body is read"
    ),
    FaultKind(
        "hang-in-request", Phase.REQUEST, "the headers of the request are read, its body never is", (_HANG,)
    ),
    FaultKind(
        "reset-before-headers", Phase.RESPONSE, "reset after the whole request was read, nothing is answered"
    ),
    FaultKind("reset-in-headers", Phase.RESPONSE, "reset within the headers of the response", (_HALF,)),
    FaultKind(
        "reset-after-headers", Phase.RESPONSE, "reset between the headers of the response and its body"
    ),
    FaultKind("reset-in-body", Phase.RESPONSE, "reset within the body of the response", (_HALF,)),
    FaultKind("reset-after-body", Phase.RESPONSE, "the whole response is sent, then the connection is reset"),
    FaultKind("close-before-headers", Phase.RESPONSE, "closed, in order, without an answer"),
    FaultKind(
        "close-in-headers", Phase.RESPONSE, "closed, in order, within the headers of the response", (_HALF,)
    ),
    FaultKind(
        "close-after-body", Phase.RESPONSE, "closed after a response that promised to keep the connection"
    ),
    FaultKind(
        "hang-before-headers", Phase.RESPONSE, "the whole request was read and nothing comes back", (_HANG,)
    ),
    FaultKind(
        "hang-in-headers", Phase.RESPONSE, "nothing more comes from the middle of the headers on", (_HANG,)
    ),
    FaultKind("hang-after-headers", Phase.RESPONSE, "nothing comes after the headers", (_HANG,)),
    FaultKind("hang-in-body", Phase.RESPONSE, "nothing more comes from the middle of the body on", (_HANG,)),
    FaultKind("delay", Phase.RESPONSE, "the response starts that much later", (_seconds(1),)),
    FaultKind(
        "delay-body", Phase.RESPONSE, "the body comes that much later than the headers", (_seconds(1),)
    ),
    FaultKind(
        "trickle-headers",
        Phase.RESPONSE,
        "the headers come a few bytes at a time, with a pause before each",
        (_seconds(0.1), Number("bytes", 1, 1)),
    ),
    FaultKind(
        "trickle-body",
        Phase.RESPONSE,
        "the body comes a few bytes at a time, with a pause before each",
        (_seconds(0.1), Number("bytes", 1, 1)),
    ),
    FaultKind(
        "truncate",
        Phase.RESPONSE,
        "Content-Length promises the whole body, only so much of it comes",
        (_HALF,),
    ),
    FaultKind(
        "overlong", Phase.RESPONSE, "the body is longer than Content-Length says", (Number("bytes", 16, 1),)
    ),
    FaultKind("bad-chunk", Phase.RESPONSE, "chunked, and the second chunk has a size that is no number"),
    FaultKind("unfinished-chunks", Phase.RESPONSE, "chunked, and closed without the last chunk"),
    FaultKind("garbage", Phase.RESPONSE, "bytes that are not HTTP, then closed"),
    FaultKind(
        "huge-header",
        Phase.RESPONSE,
        "a response header of that size",
        (Number("bytes", 1_000_000, 1, 50_000_000),),
    ),
    FaultKind("empty-body", Phase.CONTENT, "the status and type of a success, and no body"),
    FaultKind("malformed-json", Phase.CONTENT, "the first half of the JSON text, as if it were the whole"),
    FaultKind("invalid-utf8", Phase.CONTENT, "a body with bytes that are no UTF-8"),
    FaultKind("wrong-content-type", Phase.CONTENT, "the right body under Content-Type: text/html"),
    FaultKind("wrong-encoding", Phase.CONTENT, "Content-Encoding: gzip over a body that is not compressed"),
    FaultKind("wrong-schema", Phase.CONTENT, "valid JSON that breaks the schema of the response"),
    FaultKind(
        "partial",
        Phase.CONTENT,
        "a success that accepts that many items less (x-clientsmith-partial-success)",
        (Number("items", 1, 1),),
    ),
    FaultKind(
        "too-many-requests", Phase.CONTENT, "429 with Retry-After instead of the answer", (_seconds(1),)
    ),
    FaultKind(
        "server-error", Phase.CONTENT, "that 5xx instead of the answer", (Number("status", 500, 500, 599),)
    ),
    FaultKind(
        "redirect",
        Phase.CONTENT,
        "that 3xx with a Location instead of the answer",
        (Number("status", 302, 301, 308),),
    ),
)

KINDS: Mapping[str, FaultKind] = {kind.name: kind for kind in _EVERY}
"""Every fault by name, in the order of the phases."""
