"""Requests and responses as they stand on the wire, without a connection: what every front and the core exchange."""

from __future__ import annotations

from dataclasses import dataclass, field

Headers = tuple[tuple[str, str], ...]
"""Names and values in the order of the wire; names may repeat and keep their case."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request: `target` is what stood in the request line, path and query still encoded (RFC 9112 section 3.2.1)."""

    method: str
    target: str
    headers: Headers = ()
    body: bytes = b""
    http_version: str = "1.1"

    def header(self, name: str) -> str | None:
        """The values of a header, joined by commas; None where it is absent."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        headers = sum([len(name) + len(value) for name, value in self.headers])
        return len(self.target) + headers + len(self.body)


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A response, its body without any transfer coding."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    reason: str = ""

    def header(self, name: str) -> str | None:
        """The values of a header, joined by commas; None where it is absent."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which a message breaks the document: which part of it, where in that part, and how."""

    id: str
    part: str
    pointer: str
    message: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request: the response, and for the log where it comes from and what is wrong with the request.

    `source` is "tape", "example", "scenario", "generated", "refused" or "control". `fault` changes how the response
    goes out, or keeps it from going out at all; the fronts carry it out.
    """

    response: HttpResponse
    source: str
    operation: str | None = None
    entry: str | None = None
    findings: tuple[Finding, ...] = ()
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault by name with its numbers, such as `delay` with seconds; `faults` knows what they mean."""

    name: str
    values: tuple[float | int | str, ...] = field(default=())
