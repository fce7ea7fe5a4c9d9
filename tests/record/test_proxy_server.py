"""The recorder's own server: broken, huge, slow and odd requests are answered or closed, and it goes on serving."""

from __future__ import annotations

import asyncio
import re
import socket
import time

import httpx
import pytest

from clientsmith.record.proxy_server import ProxyLimits
from clientsmith.traffic.message import HttpRequest, HttpResponse
from tests.patience import PATIENCE
from tests.record.recorders import ProxyThread, raw_exchange

LIMITS = ProxyLimits(
    head_bytes=4096,
    body_bytes=10_000,
    connections=4,
    idle_seconds=0.5,
    request_seconds=0.3,
    write_seconds=0.5,
)


async def echo(request: HttpRequest) -> HttpResponse:
    status = int(request.header("x-status") or 200)
    return HttpResponse(
        status, (("X-Target", request.target), ("Transfer-Encoding", "chunked")), request.body
    )


def statuses(received: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", received)]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400),  # no Host
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\nX: " + b"x" * 10_000, 431),
        (b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 20000\r\n\r\n" + b"x" * 20_000, 413),
        (b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4e20\r\n" + b"x" * 20_000, 413),
        (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nslow", 408),
        (b"GET / HTT", 408),
        (b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", 200),
        (b"GET / HTTP/1.0\r\n\r\n", 200),
    ],
)
def test_a_request_is_answered_with_its_status_and_the_server_goes_on(sent: bytes, status: int) -> None:
    with ProxyThread(echo, LIMITS) as proxy:
        received = raw_exchange(proxy.port, sent)
        assert statuses(received) == [status]
        if status != 200:
            assert b"application/problem+json" in received and b"Connection: close" in received
        assert (
            httpx.get(proxy.url + "/next", trust_env=False, timeout=PATIENCE).headers["x-target"] == "/next"
        )


def test_the_answer_to_a_body_that_is_too_long_arrives_while_it_is_still_sent() -> None:
    head = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 8000000\r\n\r\n"
    with ProxyThread(echo, LIMITS) as proxy:
        assert statuses(raw_exchange(proxy.port, head, *[b"x" * 1_000_000] * 8)) == [413]


def test_pipelined_requests_are_answered_in_order() -> None:
    one = b"POST /%d HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab"
    last = b"GET /last HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
    with ProxyThread(echo, LIMITS) as proxy:
        received = raw_exchange(proxy.port, b"".join(one % number for number in range(5)) + last)
    assert re.findall(rb"X-Target: (\S+)", received) == [b"/0", b"/1", b"/2", b"/3", b"/4", b"/last"]


def test_a_client_that_waits_for_100_continue_gets_it() -> None:
    head = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    with (
        ProxyThread(echo, LIMITS) as proxy,
        socket.create_connection(("127.0.0.1", proxy.port), timeout=PATIENCE) as connection,
    ):
        connection.sendall(head)
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"ab")
        received = b""
        while data := connection.recv(1000):
            received += data
    assert statuses(received) == [200] and received.endswith(b"ab")


def test_a_client_that_only_connects_is_let_go() -> None:
    with ProxyThread(echo, LIMITS) as proxy:
        assert raw_exchange(proxy.port) == b""


def test_a_client_that_leaves_early_is_no_trouble() -> None:
    with ProxyThread(echo, LIMITS) as proxy:
        with socket.create_connection(("127.0.0.1", proxy.port)) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nab")
        assert (
            raw_exchange(
                proxy.port, b"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n", half_close=True
            )
            is not None
        )
        assert httpx.get(proxy.url, trust_env=False, timeout=PATIENCE).status_code == 200


def test_too_many_connections_are_turned_away() -> None:
    with ProxyThread(echo, LIMITS) as proxy:
        held = [socket.create_connection(("127.0.0.1", proxy.port)) for _ in range(4)]
        assert statuses(raw_exchange(proxy.port)) == [503]
        for connection in held:
            connection.close()
        time.sleep(0.05)
        assert httpx.get(proxy.url, trust_env=False, timeout=PATIENCE).status_code == 200


@pytest.mark.parametrize(
    ("method", "status", "length"), [("HEAD", 200, "7"), ("GET", 304, None), ("POST", 204, None)]
)
def test_answers_without_a_body_keep_their_form(method: str, status: int, length: str | None) -> None:
    async def respond(_: HttpRequest) -> HttpResponse:
        return HttpResponse(
            status, (("Content-Length", "7"), ("ETag", '"x"')), b"" if method == "HEAD" else b"x"
        )

    with ProxyThread(respond, LIMITS) as proxy:
        response = httpx.request(method, proxy.url, trust_env=False, timeout=PATIENCE)
    assert (response.status_code, response.content, response.headers["etag"]) == (status, b"", '"x"')
    assert response.headers.get("content-length") == length


def test_an_answer_that_is_not_http_becomes_a_502() -> None:
    async def respond(_: HttpRequest) -> HttpResponse:
        return HttpResponse(200, (("X-Bad", "a\x00b"),), b"")

    with ProxyThread(respond, LIMITS) as proxy:
        assert httpx.get(proxy.url, trust_env=False, timeout=PATIENCE).status_code == 502


def test_an_exchange_in_progress_ends_before_the_server_does() -> None:
    async def respond(_: HttpRequest) -> HttpResponse:
        await asyncio.sleep(0.2)
        return HttpResponse(200, (), b"done")

    with (
        ProxyThread(respond, LIMITS) as proxy,
        socket.create_connection(("127.0.0.1", proxy.port), timeout=PATIENCE) as connection,
    ):
        connection.sendall(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        time.sleep(0.05)
        proxy.close_only()
        received = b""
        while data := connection.recv(1000):
            received += data
    assert received.endswith(b"done") and b"Connection: close" in received
