"""Raw bytes that two programs could read as different requests: `serve` and `record` refuse them and close."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientsmith.record.proxy_server import ProxyLimits
from clientsmith.serve.http.framing import MAX_CHUNK_OVERHEAD, MAX_HEADERS, refusal_of
from clientsmith.serve.server import ThreadedServer
from clientsmith.traffic.message import HttpRequest, HttpResponse
from tests.patience import PATIENCE
from tests.record.recorders import ProxyThread, raw_exchange
from tests.serve.served import FETCH, connect, exchange, fetch, open_service, read_all, serving

SECOND = b"GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"
LENGTH = "Content-Length: 5"
CHUNKED = "Transfer-Encoding: chunked"

AMBIGUOUS = {
    "both": (LENGTH, CHUNKED),
    "both, the other way round": (CHUNKED, LENGTH),
    "both, in other letters": ("tRANSFER-eNCODING: Chunked", "CONTENT-length: 5"),
    "both, with a header between": (CHUNKED, "X: y", LENGTH),
    "a length beside two codings": (CHUNKED, LENGTH, CHUNKED),
    "two lengths beside a coding": (LENGTH, CHUNKED, LENGTH),
    "a length of nothing beside a coding": (CHUNKED, "Content-Length: 0"),
    "a padded length beside a coding": ("Content-Length:   5  ", CHUNKED),
    "identity beside a length": ("Transfer-Encoding: identity", LENGTH),
    "the same length twice": (LENGTH, LENGTH),
    "the same length in one header": ("Content-Length: 5, 5",),
    "other lengths": (LENGTH, "Content-Length: 6"),
    "a length with a sign": ("Content-Length: +5",),
    "a length below nothing": ("Content-Length: -5",),
    "a length with an underscore": ("Content-Length: 1_0",),
    "a length in hexadecimal": ("Content-Length: 0x5",),
    "a length without end": ("Content-Length: " + "1" * 300,),
    "no length": ("Content-Length:",),
    "a length after a vertical tab": ("Content-Length: \x0b5",),
    "a coding that nobody knows": ("Transfer-Encoding: xchunked",),
    "a coding twice": (CHUNKED, CHUNKED),
    "two codings": ("Transfer-Encoding: gzip, chunked",),
    "a coding in a list with nothing": ("Transfer-Encoding: chunked,",),
    "a coding in quotes": ('Transfer-Encoding: "chunked"',),
    "a blank before the colon": ("Transfer-Encoding : chunked",),
    "a blank before the name": ("X: y", " Transfer-Encoding: chunked"),
    "a coding on the next line": ("Transfer-Encoding:", " chunked"),
    "a header on two lines": ("X: y", "\tz", LENGTH),
    "an underscore for the hyphen": ("Transfer_Encoding: chunked",),
    "a length with an underscore in its name": ("Content_Length: 5",),
    "a NUL in a name": ("Content\x00-Length: 5",),
    "a NUL in a value": (LENGTH, "X: a\x00b"),
    "a line feed alone": (LENGTH + "\nX: y",),
    "a carriage return alone": (LENGTH + "\rTransfer-Encoding: chunked",),
    "a second Host": ("Host: other",),
    "more headers than anybody sends": ("a: b",) * (MAX_HEADERS + 1),
}

TARGETS = {
    "HTTP/0.9": b"GET /\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a version that nobody knows": b"GET / HTTP/3.0\r\nHost: h\r\n\r\n",
    "no Host": b"GET / HTTP/1.1\r\n\r\n",
    "a Host with a path": b"GET / HTTP/1.1\r\nHost: h/other\r\n\r\n",
    "two Hosts in one": b"GET / HTTP/1.1\r\nHost: h, i\r\n\r\n",
    "a Host with a user": b"GET / HTTP/1.1\r\nHost: u@h\r\n\r\n",
    "a target that is no path": b"GET index HTTP/1.1\r\nHost: h\r\n\r\n",
    "a target without end": b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: h\r\n\r\n",
    "lines that end in a line feed": b"GET / HTTP/1.1\nHost: h\n\n",
    "a coding in HTTP/1.0": b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "a TLS hello": bytes.fromhex("16030100c8010000c40303") + b"\r\n\r\n" * 8,
}

CHUNKS = {
    "a size with a sign": b"+5\r\nhello\r\n0\r\n\r\n",
    "a size with an underscore": b"0_5\r\nhello\r\n0\r\n\r\n",
    "a size with a prefix": b"0x5\r\nhello\r\n0\r\n\r\n",
    "a size beyond 64 bits": b"f" * 21 + b"\r\nhello\r\n0\r\n\r\n",
    "no size": b"\r\nhello\r\n0\r\n\r\n",
    "a size before a line feed": b"5\nhello\n0\n\n",
    "content longer than its size": b"2\r\nhello\r\n0\r\n\r\n",
    "a trailer that is no header": b"5\r\nhello\r\n0\r\nnonsense\r\n\r\n",
    "one extension without end": b"5;" + b"x" * 100_000 + b"\r\nhello\r\n0\r\n\r\n",
    "extensions without end": (b"1;" + b"x" * 60_000 + b"\r\nh\r\n") * (MAX_CHUNK_OVERHEAD // 60_000 + 2),
}


def statuses(answer: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


def posted(lines: tuple[str, ...]) -> bytes:
    head = "\r\n".join((f"POST {FETCH} HTTP/1.1", "Host: localhost", *lines))
    return head.encode("latin-1") + b"\r\n\r\n" + b"0\r\n\r\n" + SECOND


def chunked(body: bytes) -> bytes:
    return f"POST {FETCH} HTTP/1.1\r\nHost: h\r\n{CHUNKED}\r\n\r\n".encode() + body


RAW = {
    **{name: posted(lines) for name, lines in AMBIGUOUS.items()},
    **TARGETS,
    **{name: chunked(body) for name, body in CHUNKS.items()},
}


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadedServer]:
    with serving(open_service()) as server:
        yield server
        assert fetch(server)[0] == 200, "the server did not stay up"


class Counting:
    """A proxy that counts what is passed on, and what is refused."""

    def __init__(self) -> None:
        self.targets: list[str] = []
        self.reasons: list[str] = []

    async def respond(self, request: HttpRequest) -> HttpResponse:
        self.targets.append(request.target)
        return HttpResponse(200, (), request.body)

    def refused(self, request: HttpRequest | None, status: int, reason: str) -> None:
        self.reasons.append(reason)

    def undelivered(self, request: HttpRequest, status: int, reason: str) -> None:
        self.reasons.append(reason)


@pytest.fixture(scope="module")
def proxy() -> Iterator[tuple[ProxyThread, Counting]]:
    counting = Counting()
    with ProxyThread(counting.respond, ProxyLimits(), counting) as running:
        yield running, counting


@pytest.mark.parametrize("raw", RAW.values(), ids=RAW)
def test_serve_refuses_it_with_a_reason_and_closes(server: ThreadedServer, raw: bytes) -> None:
    answer = exchange(server, raw)
    (status,) = statuses(answer)
    assert status in (400, 413, 414, 431, 501, 505)
    assert b"Connection: close" in answer and b'"detail":"' in answer


@pytest.mark.parametrize("raw", RAW.values(), ids=RAW)
def test_record_passes_nothing_on_closes_and_counts(proxy: tuple[ProxyThread, Counting], raw: bytes) -> None:
    running, counting = proxy
    counting.targets.clear()
    counting.reasons.clear()
    (status,) = statuses(raw_exchange(running.port, raw, half_close=True))
    assert status in (400, 413, 414, 431, 501, 505)
    assert (counting.targets, len(counting.reasons)) == ([], 1)


@pytest.mark.parametrize(
    "lines",
    [(LENGTH,), ("Content-Length:  5 ",), ("content-length:5", "X_Y: z"), ("Host: [::1]:80",)],
    ids=["plain", "padded", "small letters", "an address"],
)
def test_what_has_one_reading_is_served(server: ThreadedServer, lines: tuple[str, ...]) -> None:
    host = () if "Host" in lines[0] else ("Host: localhost",)
    head = "\r\n".join(("DELETE /nowhere HTTP/1.1", *host, *lines)).encode()
    body = b"hello" if LENGTH[:7].lower() in lines[0].lower() else b""
    assert statuses(exchange(server, head + b"\r\n\r\n" + body)) == [404]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([LENGTH, CHUNKED, "X: y", "content-length: 7", "TRANSFER-ENCODING: gzip"]), max_size=5
    ),
    st.sampled_from(["\r\n", "\n", "\r\n ", "\r\n\t"]),
)
def test_a_length_and_a_coding_never_pass_together(lines: list[str], end: str) -> None:
    head = "POST / HTTP/1.1\r\nHost: h\r\n" + "".join(f"{line}{end}" for line in lines)
    refused = refusal_of(head.rstrip().encode() + b"\r\n\r\n") is not None
    framing = [line.lower() for line in lines if line != "X: y"]
    if len(framing) > 1 or any("gzip" in line for line in framing):
        assert refused
    elif end == "\r\n":
        assert not refused


def test_many_requests_on_one_connection_keep_nobody_waiting(server: ThreadedServer) -> None:
    server.reset()
    many = f"GET {FETCH} HTTP/1.1\r\nHost: h\r\n\r\n".encode() * 900
    with connect(server) as first, connect(server) as second:
        second.sendall(b"GET /other HTTP/1.1\r\nHost: h\r\n\r\n")
        assert second.recv(100)
        first.sendall(many)
        second.sendall(b"GET /other HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        assert read_all(second)
        first.shutdown(socket.SHUT_WR)
        assert read_all(first)
    order = [entry.request.target for entry in server.service.log]
    assert len(order) == 902
    assert order[1:].index("/other") < 850


def test_requests_that_are_answered_at_once_keep_no_caller_waiting(
    proxy: tuple[ProxyThread, Counting],
) -> None:
    running, counting = proxy
    counting.targets.clear()
    with (
        socket.create_connection(("127.0.0.1", running.port), timeout=PATIENCE) as first,
        socket.create_connection(("127.0.0.1", running.port), timeout=PATIENCE) as second,
    ):
        first.sendall(b"GET /many HTTP/1.1\r\nHost: h\r\n\r\n" * 1_500)
        second.sendall(b"GET /other HTTP/1.1\r\nHost: h\r\n\r\n")
        assert second.recv(1000)
        assert counting.targets.index("/other") < 1_400


def test_what_waits_for_its_turn_is_not_taken_in_without_end(server: ThreadedServer) -> None:
    with connect(server) as connection:
        connection.settimeout(0.5)
        sent = 0
        try:
            while sent < 100_000_000:
                sent += connection.send(SECOND * 1_000)
        except (TimeoutError, OSError):
            pass
        assert sent < 100_000_000
