"""Base URLs: which are refused because they lead past the API, and plain http, which has to be allowed."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from clientsmith.config.model import Config
from tests.behavior.calls import call
from tests.behavior.packages import Package, package_from, package_of, spec

ONE = """
paths:
  /pets/{id}: {get: {operationId: get, tags: [s], security: [{key: []}], parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'204': {description: ok}}}}
  /toys: {get: {operationId: toys, tags: [s], responses: {'204': {description: ok}}}}
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
"""
VERSIONED = ONE.replace("/pets", "/v1/pets").replace("/toys", "/v1/toys")
DEEP = ONE.replace("/pets", "/api/v1/pets").replace("/toys", "/api/v1/toys")
VARIABLES = """
servers:
  - url: https://{region}.example.com/{version}
    variables: {region: {default: eu, enum: [eu, us]}, version: {default: v1}}
  - url: https://sandbox.example.com
"""
TENANTS = """
servers:
  - url: https://{tenant}.{region}.example.com:{port}/v1
    variables: {tenant: {default: demo}, region: {default: eu, enum: [eu, us]}, port: {default: '8443', enum: ['8443', '9443']}}
  - url: https://{tenant}.example.com/v2
    variables: {tenant: {default: demo}}
  - url: https://{hostname}/api
    variables: {hostname: {default: localhost}}
"""
MANY = f"""
servers:
  - url: https://{{shard}}-{{region}}.example.com/v1
    variables: {{shard: {{default: s0, enum: [{", ".join(f"s{number}" for number in range(60))}]}}, region: {{default: eu, enum: [eu, us]}}}}
"""
SEVERAL = """
servers: [{url: 'https://api.example.com/v1'}, {url: 'https://api.example.com/beta/'}]
"""
ELSEWHERE = ONE.replace("/toys: {", "/toys: {servers: [{url: 'https://api.example.com/bulk'}], ")


def with_own(server: str, variables: str = "") -> str:
    """A document of tenants, one of whose operations has a server of its own."""
    own = f"url: '{server}'" + (f", variables: {{{variables}}}" if variables else "")
    paths = ONE.replace("/toys: {", f"/toys: {{servers: [{{{own}}}], ")
    return spec(paths, server=None) + TENANTS


OWN_TENANT = with_own("https://{org}.example.com/bulk", "org: {default: main}")
OWN_LITERAL = with_own("https://bulk.example.com/b")
OWN_PART = with_own("https://eu-{org}.example.com/bulk", "org: {default: main, enum: [main, side]}")
OWN_LOOSE = spec(
    ONE.replace(
        "/toys: {",
        "/toys: {servers: [{url: 'https://{any}.example.com/bulk', variables: {any: {default: x}}}], ",
    ),
    server="https://api.example.com/v1",
)


def made(package: Package, **settings: Any) -> Any:
    return package.client_class()(api_key="k", **settings)


def refused(package: Package, base_url: str) -> str:
    with pytest.raises(package.module.ConfigurationError, match="base_url") as caught:
        made(package, base_url=base_url)
    assert caught.value.outcome == "not_sent"
    return str(caught.value)


@pytest.mark.parametrize(
    ("document", "base_url", "right"),
    [
        (spec(ONE, server="https://api.example.com/v1"), "https://api.example.com", "https://api.example.com/v1"),
        (spec(ONE, server="https://api.example.com/v1"), "https://api.example.com/v2", "https://api.example.com/v1"),
        (spec(ONE, server="https://api.example.com/v1"), "https://API.example.com:443/", "https://api.example.com/v1"),
        (spec(ONE, server="https://api.example.com/v1"), "https://api.example.com.", "https://api.example.com/v1"),
        (spec(ONE, server="https://api.example.com/v1"), "https://api.example.com/v10", "https://api.example.com/v1"),
        (spec(ONE, server="https://api.example.com/v1"), "https://api.example.com/v1/v1", "https://api.example.com/v1"),
        (spec(ONE, server="https://api.example.com:8443/v1"), "https://api.example.com:8443", "https://api.example.com:8443/v1"),
        (spec(VERSIONED), "https://api.example.com/v1", "https://api.example.com"),
        (spec(VERSIONED), "https://api.example.com/v1/", "https://api.example.com"),
        (spec(VERSIONED), "https://api.example.com/gateway/v1", "https://api.example.com"),
        (spec(DEEP), "https://api.example.com/api", "https://api.example.com"),
        (spec(DEEP), "https://api.example.com/api/v1", "https://api.example.com"),
        (spec(VERSIONED, server="https://api.example.com/x"), "https://api.example.com/x/v1", "https://api.example.com/x"),
        (spec(ONE, server=None) + VARIABLES, "https://eu.example.com", "https://eu.example.com/v1"),
        (spec(ONE, server=None) + VARIABLES, "https://us.example.com/", "https://us.example.com/{version}"),
        (spec(ONE, server=None) + SEVERAL, "https://api.example.com/v2", "https://api.example.com/v1"),
        (spec(ONE, server=None) + TENANTS, "https://acme.us.example.com:9443", "https://acme.us.example.com:9443/v1"),
        (spec(ONE, server=None) + TENANTS, "https://ACME.example.com./", "https://acme.example.com/v2"),
        (spec(ONE, server=None) + TENANTS, "https://acme.example.com/v2/v2", "https://acme.example.com/v2"),
        (spec(ONE, server=None) + TENANTS, "https://demo.eu.example.com:8443", "https://demo.eu.example.com:8443/v1"),
        (spec(ONE, server=None) + MANY, "https://s59-us.example.com", "https://s59-us.example.com/v1"),
        (OWN_TENANT, "https://acme.example.com/bul", "https://acme.example.com/v2"),
        (OWN_LOOSE, "https://api.example.com", "https://api.example.com/v1"),
    ],
)  # fmt: skip
def test_a_base_url_that_leads_past_the_api_is_refused_with_the_right_one(
    document: str, base_url: str, right: str
) -> None:
    assert refused(package_of(document), base_url).endswith(f"pass {right}")


@pytest.mark.parametrize(
    ("document", "base_url"),
    [
        (spec(ONE, server="https://api.example.com/v1"), "https://api.example.com/v1"),
        (spec(ONE, server="https://api.example.com/v1"), "https://api.example.com/v1/tenant"),
        (spec(ONE, server="https://api.example.com/v1"), "https://gateway.example.com"),
        (spec(ONE, server="https://api.example.com/v1"), "https://api.example.com:8443"),
        (spec(ONE, server="https://api.example.com/v1"), "http://127.0.0.1:4010"),
        (spec(VERSIONED, server="https://api.example.com/v1"), "https://api.example.com/v1"),
        (spec(VERSIONED), "https://api.example.com"),
        (spec(VERSIONED), "https://api.example.com/staging"),
        (spec(VERSIONED), "https://gateway.example.com/v1"),
        (spec(ONE), "https://api.example.com/pets"),
        (spec(ONE, server=None) + VARIABLES, "https://us.example.com/v7"),
        (spec(ONE, server=None) + VARIABLES, "https://ap.example.com"),
        (spec(ONE, server=None) + VARIABLES, "https://sandbox.example.com"),
        (spec(ONE, server=None) + SEVERAL, "https://api.example.com/beta"),
        (spec(ELSEWHERE, server="https://api.example.com/v1"), "https://api.example.com/bulk"),
        (spec(ONE, server="/v1"), "https://api.example.com"),
        (spec(ONE, server=None) + TENANTS, "https://acme.us.example.com:9443/v1"),
        (spec(ONE, server=None) + TENANTS, "https://acme.example.com/v2"),
        (spec(ONE, server=None) + TENANTS, "https://a.b.c.example.com"),
        (spec(ONE, server=None) + TENANTS, "https://example.com"),
        (spec(ONE, server=None) + TENANTS, "https://gateway.internal"),
        (spec(ONE, server=None) + MANY, "https://s1-eu.example.com/v1"),
        (OWN_TENANT, "https://acme.example.com/bulk"),
        (OWN_TENANT, "https://main.example.com/bulk"),
        (OWN_LITERAL, "https://bulk.example.com/b"),
        (OWN_PART, "https://eu-side.example.com/bulk"),
        (OWN_LOOSE, "https://api.example.com/bulk"),
        (OWN_LOOSE, "https://other.example.com"),
    ],
)
def test_any_other_base_url_is_taken(document: str, base_url: str) -> None:
    settings = {"base_url": base_url, "api_key": "k"}
    exchange = call(document, "s.get", "7", settings=settings)

    assert str(exchange.request.url).startswith(f"{base_url}/") and exchange.raw_path.endswith("/pets/7")


PLAIN = spec(ONE, server="http://orders.svc:8080/api")


def test_plain_http_has_to_be_allowed_and_then_sends_credentials() -> None:
    package = package_of(PLAIN)
    for settings in ({}, {"base_url": "http://orders.svc:8080/api"}, {"base_url": "http://10.0.0.1"}):
        with pytest.raises(package.module.ConfigurationError, match="allow_http=True"):
            made(package, **settings)
    with pytest.raises(package.module.ConfigurationError, match="allow_http must be"):
        made(package, allow_http="yes")

    exchange = call(package, "s.get", "7", settings={"allow_http": True, "api_key": "k"})
    assert str(exchange.request.url) == "http://orders.svc:8080/api/pets/7"
    assert exchange.request.headers["X-Key"] == "k"


def test_the_config_allows_it_for_every_client_of_the_package() -> None:
    package = package_from({"openapi.yaml": PLAIN}, Config(allow_http=True))
    exchange = call(package, "s.get", "7", settings={"api_key": "k"})
    assert str(exchange.request.url) == "http://orders.svc:8080/api/pets/7"
    with pytest.raises(package.module.ConfigurationError, match="allow_http=True"):
        made(package, allow_http=False)


def test_an_operation_with_a_plain_server_of_its_own_needs_it_too() -> None:
    document = spec(ONE.replace("/toys: {", "/toys: {servers: [{url: 'http://toys.svc'}], "))
    package = package_of(document)
    with pytest.raises(package.module.ConfigurationError, match="allow_http=True"):
        call(package, "s.toys", settings={"api_key": "k"})
    exchange = call(package, "s.toys", settings={"allow_http": True, "api_key": "k"})
    assert str(exchange.request.url) == "http://toys.svc/toys"


@pytest.fixture
def proxies(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for kind in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{kind}_proxy", raising=False)
        monkeypatch.delenv(f"{kind}_proxy".upper(), raising=False)
    return monkeypatch


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("proxy", ["http://proxy.invalid:3128", "http://127.0.0.1:3128"])
def test_a_client_that_would_reach_it_through_a_proxy_is_refused(
    variable: str, proxy: str, proxies: pytest.MonkeyPatch
) -> None:
    proxies.setenv(variable, proxy)
    package = package_of(PLAIN)
    for asynchronous in (False, True):
        kind = package.client_class(asynchronous=asynchronous)
        with pytest.raises(package.module.ConfigurationError, match=r"the proxy .* would read everything"):
            kind(api_key="k", allow_http=True)
        kind(api_key="k", allow_http=True, base_url="https://orders.svc:8080/api")
    proxies.setenv("NO_PROXY", "orders.svc")
    made(package, allow_http=True)


def test_a_proxy_of_a_transport_or_of_an_http_client_is_refused_as_well(proxies: pytest.MonkeyPatch) -> None:
    package = package_of(PLAIN)
    proxy = "http://proxy.invalid:3128"
    carriers = {
        "transport": [package.module.PooledTransport(proxy=proxy), httpx.HTTPTransport(proxy=proxy)],
        "http_client": [httpx.Client(proxy=proxy)],
    }
    for argument, made_ones in carriers.items():
        for carrier in made_ones:
            with pytest.raises(package.module.ConfigurationError, match=r"proxy\.invalid"):
                made(package, allow_http=True, **{argument: carrier})
    kind = package.client_class(asynchronous=True)
    with pytest.raises(package.module.ConfigurationError, match=r"proxy\.invalid"):
        kind(api_key="k", allow_http=True, http_client=httpx.AsyncClient(proxy=proxy))
