"""Requests go to the service as they came, answers come back as they were sent, and every failure has its status."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
from pathlib import Path

import pytest
import trustme

from clientsmith.record.upstream import Upstream, UpstreamError, parse_origin
from clientsmith.traffic.message import HttpRequest, HttpResponse
from tests.unit.record.raw_server import RawServer, answer


def send(url: str, request: HttpRequest, **options: object) -> HttpResponse:
    async def exchange() -> HttpResponse:
        upstream = Upstream(parse_origin(url), **options)  # type: ignore[arg-type]  # the options of each test
        try:
            return await upstream.send(request)
        finally:
            await upstream.aclose()

    return asyncio.run(exchange())


def test_a_request_arrives_byte_for_byte_but_for_what_is_about_the_connection() -> None:
    request = HttpRequest(
        "POST",
        "/a%2fb/%7e/;x?q=%20+&&b=[1]",
        (
            ("Host", "localhost:1"),
            ("X-First", "1"),
            ("x-FIRST", "2"),
            ("Connection", "close, X-Gone"),
            ("X-Gone", "yes"),
            ("Keep-Alive", "timeout=5"),
            ("TE", "trailers"),
            ("Proxy-Authorization", "Basic eDp5"),
            ("Expect", "100-continue"),
            ("Accept-Encoding", "br, gzip;q=0.5, zstd"),
            ("Content-Length", "5"),
        ),
        b"\x00\xffabc",
    )
    with RawServer(answer()) as server:
        send(server.url, request)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[:-1] == [
        "POST /a%2fb/%7e/;x?q=%20+&&b=[1] HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        "X-First: 1",
        "x-FIRST: 2",
        "Accept-Encoding: gzip;q=0.5",
        "Content-Length: 5",
    ]
    assert lines[-1].startswith("Via: 1.1 clientsmith-")
    assert body == b"\x00\xffabc"


def test_an_answer_comes_back_byte_for_byte_with_its_coding_and_repeated_headers() -> None:
    coded = gzip.compress(b"x" * 100)
    raw = answer(
        coded,
        "Content-Encoding: gzip",
        "Set-Cookie: a=1",
        "SET-cookie: b=2",
        "Connection: keep-alive, x-gone",
        "X-Gone: yes",
        "Keep-Alive: timeout=5",
        status="299 Quite Fine",
    )
    with RawServer(raw) as server:
        response = send(server.url, HttpRequest("GET", "/"))
    assert response == HttpResponse(
        299,
        (
            ("Content-Encoding", "gzip"),
            ("Set-Cookie", "a=1"),
            ("SET-cookie", "b=2"),
            ("Content-Length", str(len(coded))),
        ),
        coded,
        "Quite Fine",
    )


def test_chunks_are_put_together_and_redirects_are_passed_on_not_followed() -> None:
    raw = b"HTTP/1.1 302 Found\r\nLocation: /next\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    with RawServer(raw) as server:
        response = send(server.url, HttpRequest("GET", "/"))
    assert (response.status, response.headers, response.body) == (302, (("Location", "/next"),), b"abcde")
    assert len(server.requests) == 1


def test_a_path_of_the_upstream_is_put_in_front_and_whole_urls_become_paths() -> None:
    with RawServer(answer()) as server:
        send(server.url + "/base/", HttpRequest("GET", "http://localhost:1/v1/x?y"))
    assert server.requests[0].startswith(b"GET /base/v1/x?y HTTP/1.1\r\n")


def test_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login jo password canary\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with RawServer(answer()) as server:
        send(server.url, HttpRequest("GET", "/"))
    assert b"authorization" not in server.requests[0].lower()


@pytest.mark.parametrize(
    ("raw", "status", "said"),
    [
        (None, 502, "broke"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", 504, "no answer"),
        (b"not http at all\r\n\r\n", 502, "broke"),
        (answer(b"x" * 2000), 502, "more than 1000 bytes"),
    ],
)
def test_answers_that_cannot_be_passed_on_have_a_status(raw: bytes | None, status: int, said: str) -> None:
    with RawServer(lambda _: raw) as server, pytest.raises(UpstreamError, match=said) as caught:
        send(server.url, HttpRequest("GET", "/"), timeout=0.3, largest=1000)
    assert caught.value.status == status


def test_an_upstream_that_is_not_there_is_a_502() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(UpstreamError, match="cannot be reached") as caught:
        send(f"http://127.0.0.1:{port}", HttpRequest("GET", "/"))
    assert caught.value.status == 502


def test_a_recorder_that_is_its_own_upstream_is_a_508() -> None:
    via: list[str] = []

    def loop(request: bytes) -> bytes:
        via.append(next(line for line in request.decode().split("\r\n") if line.startswith("Via: ")))
        return answer()

    async def exchange(url: str) -> None:
        upstream = Upstream(parse_origin(url))
        await upstream.send(HttpRequest("GET", "/"))
        with pytest.raises(UpstreamError) as caught:
            await upstream.send(HttpRequest("GET", "/", (("Via", via[0].removeprefix("Via: ")),)))
        assert caught.value.status == 508
        await upstream.aclose()

    with RawServer(loop) as server:
        asyncio.run(exchange(server.url))


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def tls(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


def test_tls_is_verified_with_the_given_certificates(authority: trustme.CA, tmp_path: Path) -> None:
    trusted = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(trusted)
    with RawServer(answer(b"secret"), tls(authority, "127.0.0.1")) as server:
        assert send(server.url, HttpRequest("GET", "/"), ca_file=str(trusted)).body == b"secret"
        with pytest.raises(UpstreamError, match="certificate") as caught:
            send(server.url, HttpRequest("GET", "/"))
    assert caught.value.status == 502
    assert len(server.requests) == 1


def test_a_certificate_for_another_host_is_refused(authority: trustme.CA, tmp_path: Path) -> None:
    trusted = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(trusted)
    with (
        RawServer(answer(), tls(authority, "elsewhere.example")) as server,
        pytest.raises(UpstreamError, match="certificate"),
    ):
        send(server.url, HttpRequest("GET", "/"), ca_file=str(trusted))
    assert not server.requests


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com",
        "ftp://example.com",
        "https://",
        "https://u:p@h",
        "https://h?x",
        "https://h#x",
        "http://h:99999",
    ],
)
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="it "):
        parse_origin(text)


def test_an_origin_keeps_its_port_and_path() -> None:
    origin = parse_origin("https://[::1]:8443/api/")
    assert (origin.url, origin.authority, origin.base_path) == ("https://[::1]:8443", "[::1]:8443", "/api")
