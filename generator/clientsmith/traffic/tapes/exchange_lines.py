"""An exchange, such as a tape keeps it, as lines of text for people; nothing is redacted or escaped here."""

from __future__ import annotations

from collections.abc import Iterator

from clientsmith.openapi.media_type import parameter
from clientsmith.traffic.body_text import body_text
from clientsmith.traffic.message import Headers, HttpRequest, HttpResponse


def exchange_lines(
    request: HttpRequest, response: HttpResponse | None, *, most_bytes: int = 10_000
) -> Iterator[str]:
    """What went out behind `>`, what came back behind `<`; of each body no more than `most_bytes`."""
    yield f"> {request.method} {request.target}"
    yield from _message(">", request.headers, request.body, most_bytes)
    if response is None:
        yield "< no answer"
        return
    yield f"< {response.status} {response.reason}".rstrip()
    yield from _message("<", response.headers, response.body, most_bytes)


def _message(sign: str, headers: Headers, body: bytes, most_bytes: int) -> Iterator[str]:
    for name, value in headers:
        yield f"{sign} {name}: {value}"
    content_type = next((value for name, value in headers if name.lower() == "content-type"), "")
    shown = body_text(body[:most_bytes], parameter(content_type, "charset"))
    if body and not shown.is_readable:
        yield f"{sign}   {len(body)} bytes that are not text"
        return
    for line in shown.text.splitlines():
        yield f"{sign}   {line}"
    if len(body) > most_bytes:
        yield f"{sign}   and {len(body) - most_bytes} bytes more"
