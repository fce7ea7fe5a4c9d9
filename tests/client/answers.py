"""Answers as bytes on the wire: good ones for each operation, and the parts that bad ones are made of."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.client.calls import ITEM, LISTING
from tests.client.fault_server import Arrived

REQUEST_ID: Final = "RQ" + "b" * 32
LISTING_BODY: Final = json.dumps({"sid": LISTING, "pricing": {"body": "Free"}}).encode()
USAGE_BODY: Final = (
    b'{"total_submitted":12.355,"billable_items":[{"sid":"%s","quantity":12.355,"submitted":true}]}'
    % ITEM.encode()
)
GOOD_BODY: Final = {"fetch": LISTING_BODY, "update": LISTING_BODY, "report": USAGE_BODY}
GOOD_STATUS: Final = {"fetch": 200, "update": 200, "report": 202}
USUAL: Final = (
    b'{"code":20001,"message":"usual words","more_info":"https://example.com/20001","status":1,"odd":[1]}'
)
PROBLEM: Final = (
    b'{"type":"https://example.com/p","title":"problem words","code":7,"errors":[{"pointer":"#/a"}]}'
)
HTML: Final = b"<html><body>upstream is down</body></html>"
ERROR_BODIES: Final = {
    "usual": (USUAL, "application/json"),
    "problem": (PROBLEM, "application/problem+json"),
    "html": (HTML, "text/html; charset=utf-8"),
    "empty": (b"", ""),
}


def http(
    status: int,
    body: bytes | None = b"",
    content_type: str = "application/json",
    headers: dict[str, Any] | None = None,
) -> bytes:
    """A whole answer; a body of None means that the status forbids one, and then no length is told."""
    fields: dict[str, Any] = {"Twilio-Request-Id": REQUEST_ID}
    if body is not None:
        fields["Content-Length"] = len(body)
    if body:
        fields["Content-Type"] = content_type
    fields |= headers or {}
    lines = [f"HTTP/1.1 {status} Words", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (body or b"")


def good(request: Arrived, **changes: Any) -> bytes:
    """The answer that the operation of a request hopes for, with changes."""
    name = request.operation
    return http(GOOD_STATUS[name], **({"body": GOOD_BODY[name]} | changes))


def bodyless(status: int) -> bool:
    """Whether HTTP gives an answer with this status no body (RFC 9110 section 6.4.1)."""
    return status < 200 or status in (204, 304)
