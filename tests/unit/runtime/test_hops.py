"""Which hosts are this machine, which way requests take, and what never crosses a plain-http hop."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from clientsmith import runtime
from clientsmith.runtime import (
    AsyncPooledTransport,
    CallOptions,
    ClientError,
    Configuration,
    ConfigurationError,
    CredentialsError,
    PooledTransport,
    RequestValidationError,
    SecurityScheme,
)
from clientsmith.runtime.http.base_url import checked_base_url, has_dot_segment
from clientsmith.runtime.http.connections import PoolSettings
from clientsmith.runtime.http.loopback import is_local_name, is_loopback
from tests.unit.runtime.small_api import SID, AsyncSmallClient, Client, Server, operation_with

PROXY = "http://proxy-user:proxy-secret@proxy.invalid:3128"
LOCAL = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{kind}_proxy", raising=False)
        monkeypatch.delenv(f"{kind}_proxy".upper(), raising=False)


@pytest.mark.parametrize(
    "url",
    ["http://localhost", "http://LocalHost.:80", "http://127.0.0.1", "http://127.255.0.9:8080", "http://127.0.0.1.",
     "http://127。0。0。1", "http://[::1]", "http://[0:0:0:0:0:0:0:1]:1", "http://[::ffff:127.0.0.1]",
     "http://[::FFFF:7f00:2]", "http://[::1%25lo]", "https://localhost"],
)  # fmt: skip
def test_this_machine_in_every_spelling(url: str) -> None:
    assert is_loopback(httpx.URL(url).host) and is_local_name(httpx.URL(url).host)


@pytest.mark.parametrize(
    "host",
    ["localhost.example.com", "127.0.0.1.example.com", "notlocalhost", "localhost..", "128.0.0.1", "::2",
     "::ffff:10.0.0.1", "example.com", "", "0.0.0.0", "[::]", "ä.example"],
)  # fmt: skip
def test_what_only_looks_like_this_machine(host: str) -> None:
    assert not is_loopback(host) and not is_local_name(host)


@pytest.mark.parametrize(
    "host", ["api.localhost", "a.b.LOCALHOST.", "127.1", "0x7f.1", "2130706433", "0x7f.0.0.1"]
)
def test_a_name_meant_for_this_machine_needs_no_proxy_but_proves_nothing(host: str) -> None:
    assert is_local_name(host) and not is_loopback(host)
    with pytest.raises(ConfigurationError, match="plain http"):
        checked_base_url(f"http://{host}")


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize(
    "host", ["localhost", "x.localhost", "127.9.9.9", "[::1]", "[::ffff:127.0.0.1]", "127.1"]
)
def test_the_environment_has_no_proxy_for_this_machine(
    variable: str, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, PROXY)
    settings = PoolSettings(1, None, None, trust_env=True)
    assert settings.proxy(httpx.URL(f"http://{host}:8080/x")) is None
    assert settings.proxy(httpx.URL(f"https://{host}/x")) is None
    elsewhere = [settings.proxy(httpx.URL(f"{scheme}://example.com/x")) for scheme in ("http", "https")]
    assert any(found is not None and found.url.host == "proxy.invalid" for found in elsewhere)


def test_an_explicit_proxy_is_kept_for_this_machine_too() -> None:
    found = PoolSettings(1, None, PROXY, trust_env=True).proxy(httpx.URL(LOCAL))
    assert found is not None and found.url.host == "proxy.invalid"


@pytest.mark.parametrize(
    "proxy", ["proxy-secret", "ftp://u:proxy-secret@h", "http://u:proxy-secret@[", "http://", ""]
)
def test_what_is_not_a_proxy_is_refused_without_showing_it(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigurationError, match="not the URL of a proxy") as caught:
        PooledTransport(proxy=proxy)
    assert "secret" not in str(caught.value) and caught.value.__cause__ is None
    monkeypatch.setenv("HTTPS_PROXY", "ftp://u:proxy-secret@h")
    client = Client("k", "s", base_url="https://upstream.invalid", retries=None)
    with pytest.raises(ConfigurationError, match="not the URL of a proxy") as late:
        client.listings.fetch(SID)
    assert "secret" not in repr(late.value) and late.value.outcome is runtime.Outcome.NOT_SENT


def of(kind: str, *, asynchronous: bool) -> dict[str, Any]:
    """Ways in which a request could get to a proxy that is not this machine."""
    if kind == "pool":
        return {"transport": (AsyncPooledTransport if asynchronous else PooledTransport)(proxy=PROXY)}
    if kind == "transport":
        return {"transport": (httpx.AsyncHTTPTransport if asynchronous else httpx.HTTPTransport)(proxy=PROXY)}
    made = httpx.AsyncClient if asynchronous else httpx.Client
    if kind == "client":
        return {"http_client": made(proxy=PROXY, trust_env=False)}
    return {
        "http_client": made()
    }  # with the proxies of the environment, which httpx also takes for this machine


def fetched(asynchronous: bool, **more: Any) -> ClientError:
    settings = {"base_url": LOCAL, "retries": None, "timeout": 5.0, **more}

    async def fetch() -> Any:
        return await AsyncSmallClient("SKkey", "canary-secret", **settings).listings.fetch(SID)

    with pytest.raises(ClientError) as caught:
        asyncio.run(fetch()) if asynchronous else Client("SKkey", "canary-secret", **settings).listings.fetch(
            SID
        )
    return caught.value


@pytest.mark.parametrize("kind", ["pool", "transport", "client", "environment"])
@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_credentials_are_refused_before_a_plain_hop(
    kind: str, asynchronous: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", PROXY)
    error = fetched(asynchronous, **of(kind, asynchronous=asynchronous))
    assert isinstance(error, CredentialsError) and error.outcome is runtime.Outcome.NOT_SENT
    assert "proxy.invalid" in str(error) and "https base_url" in str(error) and error.attempts == 0
    assert "secret" not in repr(error) and "proxy-user" not in repr(error)


SCHEMES = {
    "basic": SecurityScheme("s", "basic", ("user", "password")),
    "bearer": SecurityScheme("s", "bearer", ("token",)),
    "header": SecurityScheme("s", "api-key", ("key",), location="header", wire="X-Api-Key"),
    "query": SecurityScheme("s", "api-key", ("key",), location="query", wire="key"),
    "cookie": SecurityScheme("s", "api-key", ("key",), location="cookie", wire="sid"),
}


def one_scheme(scheme: str, transport: httpx.BaseTransport, **more: Any) -> runtime.SyncClient:
    """A client that could send credentials of one kind to this machine, by way of a transport."""
    return runtime.SyncClient(
        configuration=Configuration("T", LOCAL, "t/1", (SCHEMES[scheme],)),
        credentials={"s": ("canary",) * len(SCHEMES[scheme].arguments)},
        settings=runtime.Settings(base_url=LOCAL, retries=None, timeout=0.5, **more),
        transport=transport,
    )


@pytest.mark.parametrize("scheme", SCHEMES)
def test_credentials_of_every_kind_are_refused(scheme: str) -> None:
    client = one_scheme(scheme, PooledTransport(proxy=PROXY))
    with pytest.raises(CredentialsError, match="plain http"):
        runtime.Resource(client)._call(operation_with(security=(("s",),)), ())


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_call_without_credentials_may_go(scheme: str) -> None:
    class Elsewhere(httpx.BaseTransport):
        _settings = PoolSettings(1, None, PROXY, trust_env=False)

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(204)

    client = one_scheme(scheme, Elsewhere())
    runtime.Resource(client)._call(operation_with(), ())


@pytest.mark.parametrize("how", ["client", "call", "hook"])
@pytest.mark.parametrize(("scheme", "name"), [("query", "Authorization"), ("header", "x-api-key")])
def test_a_credential_given_as_a_header_is_refused_as_well(how: str, scheme: str, name: str) -> None:
    def hook(attempt: runtime.Attempt) -> None:
        attempt.headers[name] = "canary"

    given = {name: "canary"}
    more: dict[str, Any] = {"client": {"headers": given}, "hook": {"hooks": [hook]}, "call": {}}[how]
    client = one_scheme(scheme, PooledTransport(proxy=PROXY), **more)
    options = CallOptions(headers=given) if how == "call" else None
    with pytest.raises(CredentialsError, match="plain http") as caught:
        runtime.Resource(client)._call(operation_with(), (), options=options)
    assert caught.value.outcome is runtime.Outcome.NOT_SENT


@pytest.mark.parametrize("base", [LOCAL, "https://api.example.com"])
def test_a_transport_in_this_process_is_not_a_hop(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", PROXY)
    server = Server(httpx.Response(200, json={"sid": SID}))
    assert server.client(base_url=base).listings.fetch(SID).sid == SID
    assert "authorization" in server.request.headers


def test_credentials_for_a_proxy_are_not_taken_as_a_header() -> None:
    server = Server(httpx.Response(204))
    options = CallOptions(headers={"Proxy-Authorization": "Basic canary"})
    with pytest.raises(RequestValidationError, match="would reach the service") as caught:
        runtime.Resource(server.client())._call(operation_with(), (), options=options)
    assert "canary" not in str(caught.value) and not server.requests
    with pytest.raises(ConfigurationError, match="would reach the service"):
        server.client(headers={"proxy-authorization": "x"})


DOTS = (
    "%2e%2e",
    ".%2e",
    "%2E.",
    "%2e",
    "%252e%252e",
    "a%2f..%2fb",
    "a%5c%2e%2e",
    "..;x=1",
    "x/..",
    "..%00/..",
)


@pytest.mark.parametrize("path", DOTS)
def test_dot_segments_are_found_however_they_are_written(path: str) -> None:
    assert has_dot_segment(f"/v1/{path}")
    for url in (f"https://api.example.com/v1/{path}", f"https://api.example.com/{path}/v1/"):
        with pytest.raises(ConfigurationError, match="dot segments"):
            checked_base_url(url)
    with pytest.raises(ConfigurationError, match="dot segments"):
        Client("k", "s", base_url=f"https://api.example.com/{path}")
    for server in (f"/v1/{path}/x", f"https://o.example/{path}"):
        with pytest.raises(ConfigurationError, match="dot segments"):
            runtime.Resource(Server(httpx.Response(204)).client())._call(operation_with(server=server), ())


@pytest.mark.parametrize(
    "path", ["v1.2", "...", ".well-known", "a..b", "%2e%2e%2e", "a%20b", "x.", "%", "a;..b", "50%25"]
)
def test_dots_that_are_part_of_a_name_stay(path: str) -> None:
    assert checked_base_url(f"https://api.example.com/{path}/v1") == f"https://api.example.com/{path}/v1"


@pytest.mark.parametrize("value", ["..", ".", "..;", ".;x"])
def test_a_path_parameter_that_leads_elsewhere_is_refused(value: str) -> None:
    parameter = runtime.Parameter("p", "path", str, required=True, style="simple", explode=False)
    server = Server(httpx.Response(204))
    with pytest.raises(RequestValidationError, match="dots"):
        runtime.Resource(server.client())._call(operation_with(parameter, path="/a/{p}/b"), (value,))
    assert not server.requests
    runtime.Resource(server.client())._call(operation_with(parameter, path="/a/{p}/b"), (f"x{value}",))
    assert len(server.requests) == 1
