"""The tape of `record --dry-run`: shows what a tape would hold, and writes none."""

from __future__ import annotations

from collections.abc import Iterator

from clientsmith.openapi.media_type import parameter
from clientsmith.record.output import RecordLines
from clientsmith.traffic.body_text import body_text
from clientsmith.traffic.message import Headers
from clientsmith.traffic.tapes.har_tape import RecordedExchange, tape_entry

_MOST_BYTES = 10_000
"""How much of a body is shown to people."""


class DryTape:
    """Shows each exchange as it would be kept."""

    def __init__(self, printer: RecordLines, base_url: str) -> None:
        """`base_url` is what the targets of requests are put behind in a HAR."""
        self._printer = printer
        self._base_url = base_url

    def append(self, exchange: RecordedExchange) -> None:
        """Show one exchange."""
        self._printer.kept(tape_entry(exchange, self._base_url), _lines(exchange))


def _lines(exchange: RecordedExchange) -> Iterator[str]:
    request, response = exchange.request, exchange.response
    yield f"> {request.method} {request.target}"
    yield from _message(">", request.headers, request.body)
    yield f"< {response.status} {response.reason}".rstrip()
    yield from _message("<", response.headers, response.body)
    for place in exchange.redacted:
        yield f"* replaced: {place}"


def _message(sign: str, headers: Headers, body: bytes) -> Iterator[str]:
    for name, value in headers:
        yield f"{sign} {name}: {value}"
    content_type = next((value for name, value in headers if name.lower() == "content-type"), "")
    shown = body_text(body[:_MOST_BYTES], parameter(content_type, "charset"))
    if body and not shown.is_readable:
        yield f"{sign}   {len(body)} bytes that are not text"
        return
    for line in shown.text.splitlines():
        yield f"{sign}   {line}"
    if len(body) > _MOST_BYTES:
        yield f"{sign}   and {len(body) - _MOST_BYTES} bytes more"
