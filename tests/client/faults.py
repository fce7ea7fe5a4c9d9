"""Every fault of the grid: what the server does, and what the caller has to see in each of the operations."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from tests.client.answers import GOOD_BODY, GOOD_STATUS, USUAL, good, http
from tests.client.calls import IMPATIENT
from tests.client.fault_server import Arrived, Script, Wire
from twilio_marketplace import Limits

Again = Literal["always", "repeatable", "never"]
Arrives = Literal["nothing", "part", "whole"]
LIMITS: Final = Limits(response_bytes=200_000)


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong in the same way in each attempt.

    `error` is the class that the caller sees, by name; `arrives` what reaches the server in one attempt; `again` when
    it is tried again; `status` the status of the answer, `ok` for the one of a success, None where there is no answer.
    """

    name: str
    script: Script
    error: str
    outcome: str = "unknown"
    again: Again = "never"
    arrives: Arrives = "whole"
    status: int | Literal["ok"] | None = None
    settings: dict[str, Any] = field(default_factory=dict[str, Any])

    def status_for(self, name: str) -> int | None:
        return GOOD_STATUS[name] if self.status == "ok" else self.status

    def attempts(self, name: str, most: int) -> int:
        """How often a call is tried that may be tried `most` times."""
        repeated = self.again == "always" or (self.again == "repeatable" and name == "fetch")
        return most if repeated else 1


def _answer(make: Callable[[Arrived], bytes], *, close: bool = False, before: str = "") -> Script:
    def script(wire: Wire) -> None:
        data = make(wire.request())
        if before == "trickle":
            wire.trickle(data)
        else:
            wire.send(data)
        if close:
            wire.close()

    return script


def _body(body: bytes, content_type: str = "application/json", **headers: str) -> Script:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return _answer(lambda request: good(request, body=body, content_type=content_type, headers=fields))


def _cut(request: Arrived) -> bytes:
    return good(request, headers={"Content-Length": len(GOOD_BODY[request.operation]) + 10})


def _chunked(chunks: bytes) -> Script:
    def make(request: Arrived) -> bytes:
        fields = {"Content-Type": "application/json", "Transfer-Encoding": "chunked"}
        return http(GOOD_STATUS[request.operation], None, headers=fields) + chunks

    return _answer(make, close=True)


def _reset_unread(wire: Wire) -> None:
    wire.peek()
    wire.reset()


def _reset_in_head(wire: Wire) -> None:
    wire.peek()
    wire.some(20, at_most=20)
    wire.reset()


def _reset_in_body(wire: Wire) -> None:
    wire.part()
    wire.reset()


def _reset_after(wire: Wire) -> None:
    wire.request()
    wire.reset()


def _reset_in_answer(wire: Wire) -> None:
    wire.send(good(wire.request())[:-5])
    wire.reset()


def _drop(wire: Wire) -> None:
    wire.request()
    wire.close()


def _drop_in_headers(wire: Wire) -> None:
    wire.send(good(wire.request())[:30])
    wire.close()


def _hang(wire: Wire) -> None:
    wire.request()
    wire.hang()


def _hang_unread(wire: Wire) -> None:
    wire.deaf()


def _hang_in_answer(wire: Wire) -> None:
    wire.send(good(wire.request())[:-5])
    wire.hang()


def _trickle_headers(wire: Wire) -> None:
    wire.trickle(good(wire.request()))
    wire.hang()


def _trickle_body(wire: Wire) -> None:
    head, end, body = good(wire.request()).partition(b"\r\n\r\n")
    wire.send(head + end)
    wire.trickle(body)
    wire.hang()


def _redirect(status: int, to: str) -> Script:
    return _answer(lambda request: http(status, b"", headers={"Location": to}))


def redirects(to: str) -> tuple[Fault, ...]:
    """A redirect of each kind to another server."""
    return tuple(
        Fault(f"redirect-{status}", _redirect(status, to + "/trap"), "RedirectError", status=status)
        for status in (301, 302, 303, 307, 308)
    )


def _limited(**headers: str) -> Script:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return _answer(lambda request: http(429, USUAL, headers=fields))


_SLOW: Final = {"deadline": 0.4}
_SHORT: Final = {"timeout": IMPATIENT}
_SMALL: Final = {"limits": LIMITS}
BOMB: Final = gzip.compress(b'{"sid":"' + b"x" * 50_000_000 + b'"}')
_DEEP: Final = b'{"more":' + b"[" * 300 + b"]" * 300 + b"}"
_ENDLESS: Final = b'{"sid":"' + b"x" * 400_000 + b'"}'

BROKEN: Final = (
    Fault("reset-unread", _reset_unread, "ReadError", again="repeatable", arrives="nothing"),
    Fault("reset-in-head", _reset_in_head, "ReadError", again="repeatable", arrives="part"),
    Fault("reset-in-body", _reset_in_body, "ReadError", again="repeatable", arrives="part"),
    Fault("reset-after-request", _reset_after, "ReadError", again="repeatable"),
    Fault("reset-in-answer", _reset_in_answer, "ReadError", again="repeatable"),
    Fault("drop-after-request", _drop, "ProtocolError", again="repeatable"),
    Fault("drop-in-headers", _drop_in_headers, "ProtocolError", again="repeatable"),
    Fault("hang", _hang, "ReadTimeoutError", again="repeatable", settings=_SHORT),
    Fault("hang-unread", _hang_unread, "ReadTimeoutError", again="repeatable", arrives="nothing", settings=_SHORT),
    Fault("hang-in-answer", _hang_in_answer, "ReadTimeoutError", again="repeatable", settings=_SHORT),
    Fault("trickled-headers", _trickle_headers, "DeadlineExceededError", settings=_SLOW),
    Fault("trickled-body", _trickle_body, "DeadlineExceededError", settings=_SLOW),
    Fault("truncated-body", _answer(_cut, close=True), "ProtocolError", again="repeatable"),
    Fault("truncated-chunk", _chunked(b'40\r\n{"sid'), "ProtocolError", again="repeatable"),
    Fault("missing-last-chunk", _chunked(b"2\r\n{}\r\n"), "ProtocolError", again="repeatable"),
    Fault("bad-chunk", _chunked(b"zz\r\n{}\r\n0\r\n\r\n"), "ProtocolError", again="repeatable"),
    Fault("garbage", _answer(lambda _: b"\x16\x03\x01\x00 SSH-2.0 \x00\xff\r\n\r\n", close=True), "ProtocolError", again="repeatable"),
    Fault("not-http", _answer(lambda _: b"220 mail.example.com ESMTP\r\n" * 9, close=True), "ProtocolError", again="repeatable"),
    Fault("bad-length", _answer(lambda r: good(r, headers={"Content-Length": "many"})), "ProtocolError", again="repeatable"),
    Fault("long-headers", _answer(lambda r: good(r, headers={"X": "x" * 300_000}), close=True), "ProtocolError", again="repeatable"),
)  # fmt: skip
"""No complete answer."""

UNREADABLE: Final = tuple(
    Fault(name, script, "ResponseDecodeError", status="ok", settings=_SMALL)
    for name, script in {
        "wrong-content-type": _body(b"<p>fine</p>", "text/html"),
        "empty-body": _body(b""),
        "malformed-json": _body(b'{"sid": '),
        "two-values": _body(b"{}{}"),
        "list": _body(b"[]"),
        "null": _body(b"null"),
        "string": _body(b'"fine"'),
        "number": _body(b"12.355"),
        "wrong-inside": _body(b'{"sid":{"a":1},"pricing":[1],"billable_items":"none","total_submitted":[]}'),
        "invalid-utf-8": _body(b'{"sid":"\xff\xfe"}'),
        "nan": _body(b'{"sid":NaN,"total_submitted":NaN}'),
        "infinity": _body(b'{"total_submitted":-Infinity,"sid":Infinity}'),
        "deep-json": _body(_DEEP),
        "bad-gzip": _body(b"this is no gzip", Content_Encoding="gzip"),
        "cut-gzip": _body(gzip.compress(b"{}" * 1000)[:15], Content_Encoding="gzip"),
    }.items()
)
"""A success that cannot be read: likely applied."""

TOO_LARGE: Final = tuple(
    Fault(name, script, "ResponseDecodeError", status="ok", settings=_SMALL)
    for name, script in {
        "long-body": _body(_ENDLESS),
        "gzip-bomb": _body(BOMB, Content_Encoding="gzip"),
    }.items()
)

LIMITED: Final = tuple(
    Fault(f"limited{name}", script, "TooManyRequests", "not_processed", "always", status=429)
    for name, script in {
        "": _limited(),
        "-zero": _limited(Retry_After="0"),
        "-seconds": _limited(Retry_After="3600"),
        "-date": _limited(Retry_After="Wed, 21 Oct 2099 07:28:00 GMT"),
        "-past-date": _limited(Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"),
        "-junk": _limited(Retry_After="tomorrow, maybe"),
        "-negative": _limited(Retry_After="-5"),
        "-huge": _limited(Retry_After="9" * 400),
        "-nan": _limited(Retry_After="nan"),
    }.items()
)
"""Not processed: tried again whatever the operation; a long Retry-After is capped by `longest_delay`."""

FAULTS: Final = BROKEN + UNREADABLE + TOO_LARGE + LIMITED
