"""Requests that nobody should send, byte by byte: answered or closed cleanly, logged, and the server stays up."""

from __future__ import annotations

import contextlib
import re
import socket
import time
from collections.abc import Iterator

import pytest

from clientsmith.serve.http.hosting import ServerLimits
from clientsmith.serve.server import ThreadedServer
from clientsmith.serve.service import Service
from clientsmith.traffic.message import Answer, HttpResponse
from tests.serve.served import FETCH, GET, REPORT, connect, exchange, fetch, open_service, read_all, serving

QUICK = ServerLimits(
    head_seconds=0.2,
    body_seconds=0.8,
    idle_seconds=0.3,
    write_seconds=0.3,
    linger_seconds=0.2,
    body_bytes=100_000,
)
POST = f"POST {REPORT} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic QTpC\r\nContent-Type: application/json\r\n"
BODY = b'{"billable_items":[{"sid":"BIaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","quantity":1}]}'


@pytest.fixture(scope="module")
def service() -> Service:
    return open_service()


@pytest.fixture
def server(service: Service) -> Iterator[ThreadedServer]:
    with serving(service) as server:
        yield server
        assert fetch(server)[0] == 200, "the server did not stay up"
    service.clear()


@pytest.fixture
def impatient(service: Service) -> Iterator[ThreadedServer]:
    with serving(service, QUICK) as server:
        yield server
        assert fetch(server)[0] == 200, "the server did not stay up"
    service.clear()


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def statuses(answer: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


def logged(server: ThreadedServer) -> list[tuple[object, object]]:
    return [(entry["method"], entry["status"]) for entry in server.service.log.as_json()]


MALFORMED = {
    "garbage": b"\x00\x01\x02\xff\xfe\r\n\r\n",
    "a TLS hello": bytes.fromhex("16030100c8010000c40303") + b"\r\n\r\n" * 8,
    "a path that is no ASCII": "GET /v1/Lísting/x HTTP/1.1\r\nHost: a\r\n\r\n".encode(),
    "no version": b"GET /v1\r\n\r\n",
    "a space in the target": b"GET /v1/a b HTTP/1.1\r\nHost: a\r\n\r\n",
    "a header without a colon": b"GET /v1 HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n",
    "no Host": b"GET /v1 HTTP/1.1\r\n\r\n",
    "two lengths": POST.encode() + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    "a length that is no number": POST.encode() + b"Content-Length: five\r\n\r\nhello",
    "a chunk whose size is no number": POST.encode()
    + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n0\r\n\r\n",
    "a chunk longer than it says": POST.encode()
    + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n",
    "half a request line": b"GET /v1/Lis",
    "half a body": POST.encode() + b"Content-Length: 500\r\n\r\nhello",
}


@pytest.mark.parametrize("what", MALFORMED)
def test_what_is_no_request_is_answered_400_and_closed(server: ThreadedServer, what: str) -> None:
    answer = exchange(server, MALFORMED[what])
    assert statuses(answer) == [400]
    assert b"Connection: close" in answer
    assert [code for _, code in logged(server)] == [400]


def test_the_preface_of_http_2_is_told_what_is_spoken_here(server: ThreadedServer) -> None:
    assert statuses(exchange(server, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")) == [505]


def test_a_header_of_10_megabytes_is_refused_before_it_is_read(server: ThreadedServer) -> None:
    with connect(server) as connection:
        with contextlib.suppress(
            ConnectionResetError, BrokenPipeError
        ):  # it may stop listening while we go on
            connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + b"a" * 10_000_000)
        answer = read_all(connection)
    assert status(answer) == 431
    assert logged(server) == [("", 431)]


def test_a_huge_body_is_refused_before_it_is_sent(impatient: ThreadedServer) -> None:
    with connect(impatient) as connection:
        connection.sendall(POST.encode() + b"Content-Length: 99999999\r\nExpect: 100-continue\r\n\r\n")
        assert statuses(read_all(connection)) == [413]


def test_a_body_that_grows_too_large_in_chunks_is_refused(impatient: ThreadedServer) -> None:
    chunk = b"4000\r\n" + b"a" * 0x4000 + b"\r\n"
    with connect(impatient) as connection:
        connection.sendall(POST.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 8)
        assert statuses(read_all(connection)) == [413]


def test_headers_that_trickle_in_are_given_up_on(impatient: ThreadedServer) -> None:
    with connect(impatient) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        for _ in range(20):
            try:
                connection.sendall(b"X-Slow: 1\r\n")
            except (ConnectionResetError, BrokenPipeError):
                break
            time.sleep(0.05)
        assert status(read_all(connection)) == 408
    assert [code for _, code in logged(impatient)] == [408]


def test_a_body_that_trickles_in_is_given_up_on(impatient: ThreadedServer) -> None:
    with connect(impatient) as connection:
        connection.sendall(POST.encode() + b"Content-Length: 50\r\n\r\nab")
        assert status(read_all(connection)) == 408
    assert logged(impatient) == [("POST", 408)]


def test_a_body_may_take_longer_than_headers(impatient: ThreadedServer) -> None:
    with connect(impatient) as connection:
        connection.sendall(POST.encode() + f"Content-Length: {len(BODY)}\r\n\r\n".encode())
        time.sleep(0.5)
        connection.sendall(BODY)
        assert status(connection.recv(1000)) == 202


def test_a_connection_without_a_request_is_closed_without_a_word(impatient: ThreadedServer) -> None:
    with connect(impatient) as connection:
        assert read_all(connection) == b""
    with connect(impatient) as connection:
        connection.sendall(GET)
        assert statuses(read_all(connection)) == [200]


def test_a_client_that_never_reads_is_given_up_on(impatient: ThreadedServer) -> None:
    with connect(impatient) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            connection.sendall(GET * 1_000_000)
    assert impatient.service.log.total < 100_000


def test_pipelined_requests_are_answered_in_order(server: ThreadedServer) -> None:
    report = POST.encode() + f"Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY
    missing = b"GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n"
    assert statuses(exchange(server, GET + report + missing + GET)) == [200, 202, 404, 200]
    assert logged(server) == [("GET", 200), ("POST", 202), ("GET", 404), ("GET", 200)]


def test_the_same_bytes_are_the_same_requests_each_time(server: ThreadedServer) -> None:
    pair = GET + b"GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n"
    for _ in range(3):
        assert statuses(exchange(server, pair)) == [200, 404]
        assert statuses(exchange(server, GET)) == [200]
        assert statuses(exchange(server, GET + b"GET /now", b"here HTTP/1.1\r\nHost: a\r\n\r\n")) == [
            200,
            404,
        ]


def test_requests_behind_a_delayed_one_wait_their_turn(server: ThreadedServer) -> None:
    delayed = GET.replace(b"\r\n\r\n", b"\r\nX-Clientsmith-Fault: delay:0.1\r\n\r\n")
    answer = exchange(server, delayed + b"GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n" + GET)
    assert statuses(answer) == [200, 404, 200]


def test_a_request_in_single_bytes_is_a_request(server: ThreadedServer) -> None:
    assert statuses(exchange(server, *[bytes([byte]) for byte in GET])) == [200]


def test_http_1_0_is_answered_and_closed(server: ThreadedServer) -> None:
    old = f"GET {FETCH} HTTP/1.0\r\nAuthorization: Basic QTpC\r\n\r\n".encode()
    with connect(server) as connection:
        connection.sendall(old)
        answer = read_all(connection)
    assert status(answer) == 200
    assert b"Connection: close" in answer
    assert b"Transfer-Encoding" not in answer


def test_http_1_0_keeps_the_connection_where_it_asks_for_that(server: ThreadedServer) -> None:
    old = f"GET {FETCH} HTTP/1.0\r\nAuthorization: Basic QTpC\r\nConnection: keep-alive\r\n\r\n".encode()
    answer = exchange(server, old + old)
    assert statuses(answer) == [200, 200]
    assert answer.count(b"Connection: keep-alive") == 2


def test_a_post_without_a_length_has_no_body(server: ThreadedServer) -> None:
    assert statuses(exchange(server, POST.encode() + b"\r\n")) == [400]
    assert statuses(exchange(server, POST.encode() + b"\r\n", BODY + b"\r\n\r\n")) == [400, 400]


def test_connect_is_refused_and_an_absolute_target_is_served(server: ThreadedServer) -> None:
    assert statuses(exchange(server, b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n")) == [
        501
    ]
    absolute = GET.replace(b"GET /", b"GET http://marketplace.example/")
    assert statuses(exchange(server, absolute)) == [200]


def test_bytes_beyond_ascii_in_a_header_are_taken(server: ThreadedServer) -> None:
    assert statuses(exchange(server, GET.replace(b"\r\n\r\n", b"\r\nX-Name: \xe4\xff\r\n\r\n"))) == [200]


def test_a_client_that_waits_for_100_gets_it(server: ThreadedServer) -> None:
    with connect(server) as connection:
        connection.sendall(
            POST.encode() + f"Content-Length: {len(BODY)}\r\nExpect: 100-continue\r\n\r\n".encode()
        )
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        connection.sendall(BODY)
        assert status(connection.recv(1000)) == 202


def test_head_gets_the_headers_alone(server: ThreadedServer) -> None:
    answer = exchange(server, GET.replace(b"GET", b"HEAD", 1) + GET)
    assert len(statuses(answer)) == 2


def test_too_many_connections_are_turned_away(service: Service) -> None:
    with serving(service, ServerLimits(connections=2)) as server:
        with connect(server) as first, connect(server) as second:
            for kept in (first, second):
                kept.sendall(GET)
                assert status(kept.recv(100)) == 200
            with connect(server) as third:
                assert status(read_all(third)) == 503
        until = time.monotonic() + 5
        while fetch(server)[0] == 503 and time.monotonic() < until:
            time.sleep(0.01)
        assert fetch(server)[0] == 200
    service.clear()


def test_bodies_of_all_clients_together_are_bounded(service: Service) -> None:
    with serving(service, ServerLimits(all_bodies_bytes=10_000)) as server:
        with connect(server) as first, connect(server) as second:
            first.sendall(POST.encode() + b"Content-Length: 9000\r\n\r\n" + b"a" * 8000)
            time.sleep(0.05)
            second.sendall(POST.encode() + b"Content-Length: 9000\r\n\r\n" + b"a" * 8000)
            assert status(read_all(second)) == 503
        until = time.monotonic() + 5
        while server._server.body_bytes and time.monotonic() < until:
            time.sleep(0.01)
        assert server._server.body_bytes == 0
    service.clear()


def test_a_client_that_goes_away_leaves_nothing_behind(server: ThreadedServer) -> None:
    with connect(server) as connection:
        connection.sendall(GET.replace(b"\r\n\r\n", b"\r\nX-Clientsmith-Fault: hang-before-headers\r\n\r\n"))
        time.sleep(0.05)
    with connect(server) as connection:
        connection.sendall(POST.encode() + b"Content-Length: 500\r\n\r\nhello")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    until = time.monotonic() + 5
    while server._server._connections and time.monotonic() < until:
        time.sleep(0.01)
    assert not server._server._connections


def test_an_answer_that_cannot_be_sent_is_a_500_and_not_two_answers(
    server: ThreadedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    split = Answer(HttpResponse(200, (("X-A", "1\r\n\r\nHTTP/1.1 200 OK"),)), "tape")
    with monkeypatch.context() as patch:
        patch.setattr(server.service, "respond", lambda request: split)
        assert statuses(exchange(server, GET)) == [500]


def test_a_mistake_of_ours_is_a_500_and_the_next_request_is_answered(
    server: ThreadedServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(request: object) -> Answer:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(server.service, "respond", fail)
        assert statuses(exchange(server, GET)) == [500]
    assert "a bug" in caplog.text
