"""An `http_client` of the caller's: its headers, cookies, params and auth take part, and ours win."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.behavior.packages import Package, package_of, spec

PATHS = """
paths:
  /pets:
    get:
      operationId: list
      tags: [s]
      security: [{key: []}, {basic: []}]
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {name: theme, in: cookie, schema: {type: string}}
        - {name: X-Trace, in: header, schema: {type: string}}
      responses: {'204': {description: ok}, '302': {description: moved}}
  /open: {get: {operationId: open, tags: [s], security: [], responses: {'204': {description: ok}}}}
  /bill: {post: {operationId: bill, tags: [s], security: [], BILLS responses: {'204': {description: ok}}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    basic: {type: http, scheme: basic}
"""
PLAIN = spec(PATHS.replace("BILLS ", ""))
BILLS = spec(PATHS.replace("BILLS ", "x-clientsmith-bills: true, "))
STRICT = spec(PATHS.replace("BILLS ", "").replace("security: []", "security: [{key: []}]"))


class Twice(httpx.Auth):
    """Sends again inside one send, as digest does."""

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:
        yield request
        request.headers["X-Second"] = "1"
        yield request


def through(
    document: str | Package,
    act: Callable[[Any], Any],
    settings: dict[str, Any],
    answer: httpx.Response | None = None,
    **own: Any,
) -> list[httpx.Request]:
    """The requests of a call by both clients, which have to be the same."""
    package = package_of(document) if isinstance(document, str) else document
    sent: list[list[httpx.Request]] = [[], []]

    def handle(number: int) -> httpx.MockTransport:
        def respond(request: httpx.Request) -> httpx.Response:
            sent[number].append(request)
            return answer or httpx.Response(204)

        return httpx.MockTransport(respond)

    async def run() -> None:
        theirs = httpx.AsyncClient(transport=handle(1), **own)
        async with package.client_class(asynchronous=True)(
            http_client=theirs, retries=None, **settings
        ) as client:
            await act(client)

    theirs = httpx.Client(transport=handle(0), **own)
    failed: list[type[Exception]] = []
    try:
        with package.client_class()(http_client=theirs, retries=None, **settings) as client:
            act(client)
    except package.module.ClientError as error:
        failed.append(type(error))
    try:
        asyncio.run(run())
    except package.module.ClientError as error:
        failed.append(type(error))
    first, second = ([(str(one.url), one.headers.multi_items()) for one in requests] for requests in sent)
    assert first == second and len(failed) != 1
    return sent[0]


def test_headers_cookies_and_params_take_part() -> None:
    cookies = httpx.Cookies()
    cookies.set("session", "abc", domain="api.example.com")
    cookies.set("other", "no", domain="other.example.com")
    (request,) = through(
        PLAIN, lambda client: client.s.list(), {"api_key": "k"},
        headers={"X-Tenant": "blue", "Accept-Language": "de"}, cookies=cookies, params={"region": "eu", "q": "a b&c"},
    )  # fmt: skip
    assert request.headers["X-Tenant"] == "blue" and request.headers["Accept-Language"] == "de"
    assert request.headers["Cookie"] == "session=abc"
    assert request.url.raw_path == b"/pets?region=eu&q=a%20b%26c"
    assert request.headers["X-Key"] == "k"
    assert "python-httpx" not in request.headers["User-Agent"] and request.headers["Accept"] == "*/*"
    assert request.headers.get_list("connection") == []


def test_ours_win() -> None:
    (request,) = through(
        PLAIN,
        lambda client: client.s.list(limit=5, theme="dark", x_trace="ours"),
        {"api_key": "k", "headers": {"X-Tenant": "ours"}},
        headers={
            "X-Trace": "theirs",
            "x-tenant": "theirs",
            "X-Key": "theirs",
            "User-Agent": "theirs",
            "Host": "theirs",
        },
        cookies={"theme": "light", "session": "abc"},
        params={"limit": "1", "region": "eu"},
    )
    assert request.headers["X-Trace"] == "ours" and request.headers["X-Tenant"] == "ours"
    assert request.headers["X-Key"] == "k" and request.headers.get_list("x-key") == ["k"]
    assert request.headers["Cookie"] == "theme=dark; session=abc"
    assert request.url.raw_path == b"/pets?limit=5&region=eu"
    assert request.headers["User-Agent"] != "theirs" and request.headers["Host"] == "api.example.com"


def test_what_changes_in_the_client_counts_from_the_next_call_on() -> None:
    sent: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(204, headers={"Set-Cookie": f"visit={len(sent)}; Path=/"})

    theirs = httpx.Client(transport=httpx.MockTransport(respond))
    with package_of(PLAIN).client_class()(api_key="k", http_client=theirs) as client:
        client.s.list()
        theirs.headers["X-Tenant"] = "blue"
        client.s.list()
    assert [one.headers.get("Cookie") for one in sent] == [None, "visit=1"]
    assert [one.headers.get("X-Tenant") for one in sent] == [None, "blue"]


@pytest.mark.parametrize(
    ("act", "settings", "acts"),
    [
        (lambda client: client.s.open(), {}, True),
        (lambda client: client.s.list(), {}, True),
        (lambda client: client.s.open(), {"api_key": "k"}, True),
        (lambda client: client.s.list(), {"api_key": "k"}, False),
        (lambda client: client.s.list(), {"username": "u", "password": "p"}, False),
        (lambda client: client.s.open(), {"headers": {"Authorization": "Bearer ours"}}, False),
    ],
)
@pytest.mark.parametrize("auth", [("their", "secret"), httpx.BasicAuth("their", "secret"), Twice()])
def test_auth_acts_only_where_the_package_holds_no_credentials_for_the_call(
    act: Any, settings: dict[str, Any], acts: bool, auth: Any
) -> None:
    sent = through(PLAIN, act, settings, auth=auth)
    if isinstance(auth, Twice):
        assert len(sent) == (2 if acts else 1)
        return
    (request,) = sent
    assert (request.headers.get("Authorization") == "Basic dGhlaXI6c2VjcmV0") is acts


@pytest.mark.parametrize(
    "own",
    [
        {"auth": ("u", "p")},
        {"auth": Twice()},
        {"headers": {"X-Key": "theirs"}},
        {"headers": {"Authorization": "x"}},
    ],
)
def test_an_api_that_demands_credentials_takes_those_of_the_client(own: dict[str, Any]) -> None:
    assert through(STRICT, lambda client: client.s.open(), {}, **own)
    package = package_of(STRICT)
    with pytest.raises(package.module.CredentialsError):
        package.client_class()(http_client=httpx.Client(headers={"X-Other": "y"}))


@pytest.mark.parametrize(
    "auth", [Twice(), httpx.DigestAuth("u", "p"), httpx.NetRCAuth, lambda request: request]
)
def test_an_api_that_bills_takes_basic_auth_alone(auth: Any, tmp_path: Any) -> None:
    if auth is httpx.NetRCAuth:
        (tmp_path / "netrc").write_text("machine api.example.com login u password p\n")
        auth = httpx.NetRCAuth(str(tmp_path / "netrc"))
    package = package_of(BILLS)
    for asynchronous in (False, True):
        theirs: Any = (httpx.AsyncClient if asynchronous else httpx.Client)(auth=auth)
        with pytest.raises(
            package.module.ConfigurationError, match=r"may send one request several times.*BasicAuth"
        ):
            package.client_class(asynchronous=asynchronous)(http_client=theirs)
    (request,) = through(BILLS, lambda client: client.s.bill(), {}, auth=httpx.BasicAuth("their", "secret"))
    assert request.headers["Authorization"] == "Basic dGhlaXI6c2VjcmV0"
    late = httpx.Client()
    with package.client_class()(http_client=late) as client:
        late.auth = auth
        with pytest.raises(package.module.ConfigurationError, match="several times"):
            client.s.bill()


def test_redirects_stay_off_and_secrets_stay_out_of_errors() -> None:
    answer = httpx.Response(307, headers={"Location": "https://elsewhere.example.com/"})
    assert len(through(PLAIN, lambda client: client.s.open(), {}, answer=answer, follow_redirects=True)) == 1

    def echo(request: httpx.Request) -> httpx.Response:
        said = (
            f"{request.headers['Authorization']} {request.headers['X-Tenant']} {request.url.query.decode()}"
        )
        return httpx.Response(400, json={"message": said})

    theirs = httpx.Client(
        transport=httpx.MockTransport(echo), auth=("user", "canary-password"), headers={"X-Tenant": "canary-tenant-1"},
        params={"token": "canary-token-1"},
    )  # fmt: skip
    package = package_of(PLAIN)
    with (
        package.client_class()(http_client=theirs) as client,
        pytest.raises(package.module.ClientError) as caught,
    ):
        client.s.open()
    text = f"{caught.value} {caught.value!r} {caught.value.url}"
    assert "canary" not in text and "dXNlcjpjYW5hcnktcGFzc3dvcmQ" not in text and "token=***" in text


def test_credentials_of_the_client_do_not_cross_a_plain_hop(monkeypatch: pytest.MonkeyPatch) -> None:
    package = package_of(PLAIN)
    for own in (
        {"auth": ("u", "p")},
        {"auth": Twice()},
        {"headers": {"Authorization": "x"}},
        {"headers": {"X-Key": "x"}},
    ):
        theirs = httpx.Client(proxy="http://proxy.invalid:1", **own)
        with (
            package.client_class()(base_url="http://127.0.0.1:9", http_client=theirs) as client,
            pytest.raises(package.module.CredentialsError, match=r"proxy\.invalid"),
        ):
            client.s.open()


def test_a_header_for_a_proxy_is_refused() -> None:
    package = package_of(PLAIN)
    with pytest.raises(package.module.ConfigurationError, match="would reach the service"):
        package.client_class()(http_client=httpx.Client(headers={"Proxy-Authorization": "x"}))
