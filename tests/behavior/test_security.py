"""Security: every kind of scheme, alternatives, conjunctions, and calls that need none."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from clientsmith.config.model import Config, CredentialConfig
from tests.behavior.calls import Answer, call
from tests.behavior.packages import package_from, package_of, spec


def document(security: str, schemes: str, general: str = "") -> str:
    return spec(f"""
{general}
paths:
  /s:
    get:
      operationId: get
      tags: [things]
      {f"security: {security}" if security else ""}
      responses: {{'204': {{description: ok}}}}
components:
  securitySchemes: {{{schemes}}}
""")


SCHEMES = {
    "basic": ("basic: {type: http, scheme: basic}", {"username": "u", "password": "p"}, ("authorization", "Basic " + base64.b64encode(b"u:p").decode())),
    "bearer": ("bearer: {type: http, scheme: Bearer}", {"token": "t"}, ("authorization", "Bearer t")),
    "oauth2": ("oauth2: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://t.example.com', scopes: {a: b}}}}", {"token": "t"}, ("authorization", "Bearer t")),
    "openid": ("openid: {type: openIdConnect, openIdConnectUrl: 'https://o.example.com'}", {"token": "t"}, ("authorization", "Bearer t")),
    "digest": ("digest: {type: http, scheme: digest}", {"authorization": "Digest x"}, ("authorization", "Digest x")),
    "header": ("header: {type: apiKey, in: header, name: X-Key}", {"api_key": "k"}, ("x-key", "k")),
    "cookie": ("cookie: {type: apiKey, in: cookie, name: sid}", {"api_key": "k;1"}, ("cookie", "sid=k%3B1")),
}  # fmt: skip


@pytest.mark.parametrize(("scheme", "settings", "header"), SCHEMES.values(), ids=SCHEMES)
def test_each_scheme_is_sent_as_declared(
    scheme: str, settings: dict[str, str], header: tuple[str, str]
) -> None:
    key = scheme.partition(":")[0]

    exchange = call(document(f"[{{{key}: []}}]", scheme), "things.get", settings=settings)

    assert exchange.request.headers[header[0]] == header[1]


def test_a_key_in_the_query_is_sent_and_never_shown() -> None:
    package = package_of(document("[{q: []}]", "q: {type: apiKey, in: query, name: 'api key'}"))
    settings = {"api_key": "se&cret"}

    exchange = call(package, "things.get", settings=settings)

    assert exchange.query == [("api key", "se&cret")]
    with pytest.raises(package.errors.NotFound) as caught:
        call(package, "things.get", settings=settings, answer=Answer(404))
    assert "cret" not in str(caught.value) + repr(caught.value.response) + caught.value.url


TWO = "a: {type: apiKey, in: header, name: X-A}, b: {type: apiKey, in: header, name: X-B}"


@pytest.mark.parametrize(
    ("security", "settings", "sent"),
    [
        ("[{a: [], b: []}]", {"api_key": "1", "b": "2"}, {"x-a": "1", "x-b": "2"}),
        ("[{a: []}, {b: []}]", {"api_key": "1"}, {"x-a": "1"}),
        ("[{a: []}, {b: []}]", {"b": "2"}, {"x-b": "2"}),
        ("[{a: []}, {b: []}]", {"api_key": "1", "b": "2"}, {"x-a": "1"}),
        ("[{a: []}, {}]", {"api_key": "1"}, {"x-a": "1"}),
        ("[{a: []}, {}]", {}, {}),
        ("[{}, {a: []}]", {"api_key": "1"}, {"x-a": "1"}),
        ("[{}]", {}, {}),
        ("[]", {}, {}),
    ],
)
def test_alternatives_and_conjunctions(security: str, settings: dict[str, str], sent: dict[str, str]) -> None:
    exchange = call(document(security, TWO), "things.get", settings=settings)

    assert {name: value for name, value in exchange.request.headers.items() if name.startswith("x-")} == sent


@pytest.mark.parametrize(
    ("security", "settings"),
    [
        ("[{a: [], b: []}]", {"api_key": "1"}),
        ("[{a: []}]", {}),
        ("[{a: []}, {b: []}]", {}),
        ("[{a: []}]", {"api_key": ""}),
        ("[{a: []}]", {"api_key": "x\ny"}),
    ],
)
def test_without_the_credentials_nothing_is_sent(security: str, settings: dict[str, str]) -> None:
    package = package_of(document(security, TWO))

    with pytest.raises(package.errors.CredentialsError) as caught:
        call(package, "things.get", settings=settings)

    assert caught.value.outcome == "not_sent"


def test_an_operation_overrides_the_document() -> None:
    general = "security: [{a: []}]"

    assert call(document("[]", TWO, general), "things.get").request.headers.get("x-a") is None
    assert (
        call(document("", TWO, general), "things.get", settings={"api_key": "1"}).request.headers["x-a"]
        == "1"
    )


def test_credentials_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    credentials = {"a": CredentialConfig(("key",), (("FIRST_KEY",), ("SECOND_KEY",)))}
    package = package_from({"openapi.yaml": document("[{a: []}]", TWO)}, Config(credentials=credentials))

    def sent(**settings: Any) -> str:
        return call(package, "things.get", settings=settings).request.headers["x-a"]

    monkeypatch.setenv("SECOND_KEY", "second")
    assert sent() == "second"
    monkeypatch.setenv("FIRST_KEY", "first")
    assert sent() == "first"
    assert sent(key="given") == "given"


def test_an_unknown_scheme_is_named_and_left_out() -> None:
    package = package_from(
        {"openapi.yaml": document("[{nowhere: []}, {a: []}]", TWO)}, Config(allow_invalid=True)
    )

    assert call(package, "things.get", settings={"api_key": "1"}).request.headers["x-a"] == "1"
    assert "unknown-security-scheme" in package.ids


def test_a_null_among_the_scopes_is_survived() -> None:
    package = package_from({"openapi.yaml": document("[{a: null}]", TWO)}, Config(allow_invalid=True))

    assert call(package, "things.get", settings={"api_key": "1"}).request.headers["x-a"] == "1"


def test_mutual_tls_is_the_business_of_the_transport() -> None:
    assert call(document("[{m: []}]", "m: {type: mutualTLS}"), "things.get").request.method == "GET"
