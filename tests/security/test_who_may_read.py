"""The control interface gives the log to nobody whom a browser brings along, and lines on stderr hold no secrets."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from clientsmith.serve.exchange_lines import ExchangeLines
from clientsmith.serve.server import ThreadedServer
from clientsmith.traffic.message import Answer, Finding, HttpRequest, HttpResponse
from tests.serve.served import exchange, fetch, open_service, serving

PATHS = ("", "/log", "/log?format=har", "/log?after=0", "/state")
FOREIGN = {
    "another origin": {"Origin": "http://evil.example"},
    "an origin that is hidden": {"Origin": "null"},
    "another scheme": {"Origin": "https://127.0.0.1"},
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "another port of this machine": {"Sec-Fetch-Site": "same-site"},
    "a script of another site": {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    "a frame": {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
}
HOSTS = (
    "evil.example",
    "127.0.0.1.evil.example",
    "192.0.2.1",
    "[2001:db8::1]",
    "localhost.evil.example",
    "a,b",
)


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadedServer]:
    with serving(open_service()) as server:
        yield server


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
def test_a_page_of_another_origin_reads_nothing(
    server: ThreadedServer, path: str, headers: dict[str, str]
) -> None:
    for method in ("GET", "HEAD"):
        assert fetch(server, method, f"/__clientsmith{path}", headers=headers)[0] == 403


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("host", HOSTS)
def test_a_name_that_somebody_pointed_here_reads_nothing(
    server: ThreadedServer, path: str, host: str
) -> None:
    raw = f"GET /__clientsmith{path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    assert exchange(server, raw).split(b" ")[1] in (b"403", b"400")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:1", "[::1]", "127.8.9.10:80"])
@pytest.mark.parametrize("path", PATHS)
def test_a_name_of_this_machine_is_served(server: ThreadedServer, path: str, host: str) -> None:
    raw = f"GET /__clientsmith{path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    assert exchange(server, raw).startswith(b"HTTP/1.1 200 ")


def test_an_address_of_this_machine_is_one_if_others_may_reach_it() -> None:
    with ThreadedServer(open_service(), host="0.0.0.0") as server:
        port = server.url.rpartition(":")[2]
        raw = f"GET /__clientsmith/log HTTP/1.1\r\nHost: 192.0.2.1:{port}\r\n\r\n".encode()
        assert exchange(server, raw).startswith(b"HTTP/1.1 200 ")


def test_a_link_leads_to_the_page_and_not_to_the_log(server: ThreadedServer) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert fetch(server, path="/__clientsmith", headers=link)[0] == 200
    assert fetch(server, path="/__clientsmith/log", headers=link)[0] == 403
    own = {"Sec-Fetch-Site": "same-origin", "Origin": server.url}
    assert fetch(server, path="/__clientsmith/log", headers=own)[0] == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("after=" + "9" * 5_000, 400),
        ("limit=x", 400),
        ("&".join(["a=1"] * 500), 400),
        ("limit=-1", 200),
        ("", 200),
    ],
    ids=["a long number", "no number", "many", "below nothing", "none"],
)
def test_the_log_is_asked_for_in_few_words(server: ThreadedServer, query: str, status: int) -> None:
    assert fetch(server, path=f"/__clientsmith/log?{query}")[0] == status


@pytest.mark.parametrize("body", [b"[" * 200_000, b"a&" * 100_000], ids=["JSON", "fields"])
def test_what_changes_something_is_short(server: ThreadedServer, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    assert fetch(server, "POST", "/__clientsmith/faults", body, headers)[0] == 413


@pytest.mark.parametrize(
    "target",
    [
        "/v1/Listing/x?api_key=canary-canary",
        "/v1/Listing/x?a=1&access_token=canary-canary",
        "/v1/Listing/x#access_token=canary-canary",
        "/v1/Listing/x?a=1#canary-canary",
        "/nowhere?password=canary-canary",
    ],
)
def test_a_line_for_a_request_holds_no_secret_of_its_query_or_fragment(target: str) -> None:
    lines = io.StringIO()
    finding = Finding("x", "query parameter 'api_key'", "", "the value is the string 'canary-canary'")
    answer = Answer(HttpResponse(404), "refused", findings=(finding,) if "?api_key" in target else ())
    ExchangeLines(lines, open_service()).on_exchange(HttpRequest("GET", target), answer, 0.001)
    written = lines.getvalue()
    assert "canary" not in written
    assert written.startswith(f"GET {target[:10]}"[:12])


def test_a_line_says_nothing_of_a_body_that_was_not_searched() -> None:
    lines = io.StringIO()
    secret = b'{"password":"canary-canary","x":"' + b"x" * 70_000 + b'"}'
    finding = Finding("invalid-body", "body", "/password", "the value is the string 'canary-canary'")
    request = HttpRequest("POST", "/v1/x", (("Content-Type", "application/json"),), secret)
    answer = Answer(HttpResponse(422), "refused", findings=(finding,))
    ExchangeLines(lines, open_service()).on_exchange(request, answer, 0.001)
    assert "canary" not in lines.getvalue() and "not shown" in lines.getvalue()
