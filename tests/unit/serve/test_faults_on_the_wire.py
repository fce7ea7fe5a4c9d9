"""What goes out for a response, with a fault and without."""

from __future__ import annotations

import h11
import pytest

from clientsmith.serve.faults.kinds import KINDS, Phase
from clientsmith.serve.faults.rules import parse_fault
from clientsmith.serve.faults.wire import steps
from clientsmith.serve.http.outgoing import End, Outgoing, Pause, Step, plain
from clientsmith.traffic.message import Fault, HttpResponse

RESPONSE = HttpResponse(200, (("Content-Type", "text/plain"), ("X-Id", "7")), b"0123456789")


def sent(fault: str, response: HttpResponse = RESPONSE) -> list[Step]:
    return list(steps(Outgoing(response), parse_fault(fault)))


def head(data: bytes) -> bytes:
    return data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


def read(data: bytes, method: str = "GET") -> tuple[h11.Response, bytes]:
    """The response as h11 understands it."""
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method=method, target="/", headers=[("Host", "a")]))
    client.send(h11.EndOfMessage())
    client.receive_data(data)
    response, body = client.next_event(), b""
    assert isinstance(response, h11.Response)
    while not isinstance(event := client.next_event(), h11.EndOfMessage):
        assert isinstance(event, h11.Data)
        body += bytes(event.data)
    return response, body


def test_a_response_goes_out_with_its_headers_and_its_length() -> None:
    response, body = read(plain(Outgoing(RESPONSE, date="Mon, 02 Nov 2026 10:00:00 GMT")))
    assert (response.status_code, bytes(response.reason), body) == (200, b"OK", b"0123456789")
    assert dict(response.headers) == {
        b"content-type": b"text/plain",
        b"x-id": b"7",
        b"date": b"Mon, 02 Nov 2026 10:00:00 GMT",
        b"content-length": b"10",
    }


def test_what_a_tape_says_about_its_connection_is_left_out() -> None:
    headers = (("Transfer-Encoding", "chunked"), ("Connection", "close"), ("Content-Length", "99"))
    data = plain(
        Outgoing(
            HttpResponse(200, (*headers, ("Date", "then"), ("X-A", "1"), ("X-A", "2")), b"a"), date="now"
        )
    )
    assert data == b"HTTP/1.1 200 OK\r\nDate: then\r\nX-A: 1\r\nX-A: 2\r\nContent-Length: 1\r\n\r\na"


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_a_body_has_neither_body_nor_length(status: int) -> None:
    data = plain(Outgoing(HttpResponse(status, (), b"ignored")))
    assert data.endswith(b"\r\n\r\n")
    assert b"Content-Length" not in data


def test_head_has_the_length_and_no_body() -> None:
    response, body = read(plain(Outgoing(RESPONSE, "HEAD")), "HEAD")
    assert (dict(response.headers)[b"content-length"], body) == (b"10", b"")


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\rb"])
def test_a_header_cannot_end_the_headers(value: str) -> None:
    with pytest.raises(ValueError, match="line end"):
        plain(Outgoing(HttpResponse(200, (("X-A", value),))))


def test_the_connection_is_closed_where_the_request_says_so() -> None:
    out = Outgoing(RESPONSE, keep=False)
    assert b"\r\nConnection: close\r\n" in plain(out)
    assert list(steps(out, None)) == [plain(out), End.CLOSE]
    assert list(steps(Outgoing(RESPONSE), None)) == [plain(Outgoing(RESPONSE)), End.KEEP]


WHOLE = plain(Outgoing(RESPONSE))
HEAD = head(WHOLE)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("reset-in-request", [End.RESET]),
        ("hang-in-request:9", [Pause(9, for_good=True), End.RESET]),
        ("reset-before-headers", [End.RESET]),
        ("reset-in-headers:8", [HEAD[:8], End.RESET]),
        ("reset-after-headers", [HEAD, End.RESET]),
        ("reset-in-body:3", [HEAD + b"012", End.RESET]),
        ("reset-in-body:99", [HEAD + b"012345678", End.RESET]),
        ("reset-after-body", [WHOLE, End.RESET]),
        ("close-before-headers", [End.CLOSE]),
        ("close-in-headers:8", [HEAD[:8], End.CLOSE]),
        ("close-after-body", [WHOLE, End.CLOSE]),
        ("hang-before-headers:9", [Pause(9, for_good=True), End.RESET]),
        ("hang-in-headers:9", [HEAD[: len(HEAD) // 2], Pause(9, for_good=True), End.RESET]),
        ("hang-after-headers:9", [HEAD, Pause(9, for_good=True), End.RESET]),
        ("hang-in-body:9", [HEAD + b"01234", Pause(9, for_good=True), End.RESET]),
        ("delay:2", [Pause(2), WHOLE, End.KEEP]),
        ("delay-body:2", [HEAD, Pause(2), b"0123456789", End.KEEP]),
        ("trickle-body:1,6", [HEAD, Pause(1), b"012345", Pause(1), b"6789", End.KEEP]),
        ("truncate", [HEAD + b"01234", End.CLOSE]),
        ("truncate:2", [HEAD + b"01", End.CLOSE]),
        ("overlong:3", [WHOLE + b"xxx", End.CLOSE]),
    ],
)
def test_what_each_fault_sends(fault: str, expected: list[Step]) -> None:
    assert sent(fault) == expected


def test_headers_trickle_byte_by_byte() -> None:
    found = sent("trickle-headers:0.5")
    assert found[:4] == [Pause(0.5), b"H", Pause(0.5), b"T"]
    assert b"".join(step for step in found if isinstance(step, bytes)) == WHOLE


@pytest.mark.parametrize("fault", ["bad-chunk", "garbage"])
def test_what_is_no_http_cannot_be_read(fault: str) -> None:
    data = b"".join(step for step in sent(fault) if isinstance(step, bytes))
    with pytest.raises(h11.RemoteProtocolError):
        read(data)


def test_unfinished_chunks_hold_the_whole_body_and_no_end() -> None:
    data, end = sent("unfinished-chunks")
    assert isinstance(data, bytes)
    assert end is End.CLOSE
    assert read(data + b"0\r\n\r\n")[1] == b"0123456789"


def test_a_huge_header_has_the_size_asked_for() -> None:
    data = b"".join(step for step in sent("huge-header:5000") if isinstance(step, bytes))
    assert len(data) == len(WHOLE) + 5000 + len("X-Huge: \r\n")
    assert dict(read(data)[0].headers)[b"x-huge"] == b"x" * 5000


def test_every_fault_on_the_wire_is_carried_out_on_every_response() -> None:
    on_the_wire = [name for name, kind in KINDS.items() if kind.phase in (Phase.REQUEST, Phase.RESPONSE)]
    for response in (RESPONSE, HttpResponse(204), HttpResponse(304), HttpResponse(200, (), b"")):
        out = Outgoing(response)
        usual = list(steps(out, None))
        for name in on_the_wire:
            found = list(steps(out, parse_fault(name)))
            assert isinstance(found[-1], End), name
            assert found != usual or not out.body, name


def test_a_fault_of_content_changes_nothing_here() -> None:
    assert list(steps(Outgoing(RESPONSE), Fault("malformed-json"))) == [WHOLE, End.KEEP]
