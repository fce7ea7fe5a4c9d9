"""Security: which credentials a client takes, and which alternatives an operation has."""

from __future__ import annotations

from typing import Any

import pytest

from clientsmith.config.model import Config, CredentialConfig
from clientsmith.diagnostics.model import Severity
from tests.unit.api.conftest import Build

BASIC = {"type": "http", "scheme": "Basic"}
BEARER = {"type": "http", "scheme": "bearer"}
KEY = {"type": "apiKey", "in": "query", "name": "key"}


def secured(schemes: dict[str, Any], security: Any = None, own: Any = None) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationId": "op", "responses": {"204": {"description": ""}}}
    if own is not None:
        operation["security"] = own
    if security is None:
        security = [{key: []} for key in schemes]
    return {
        "paths": {"/x": {"get": operation}},
        "components": {"securitySchemes": schemes},
        "security": security,
    }


@pytest.mark.parametrize(
    ("scheme", "kind", "arguments", "location", "wire"),
    [
        (BASIC, "basic", ("username", "password"), "header", "Authorization"),
        (BEARER, "bearer", ("token",), "header", "Authorization"),
        ({"type": "oauth2", "flows": {}}, "bearer", ("token",), "header", "Authorization"),
        ({"type": "openIdConnect", "openIdConnectUrl": "https://x"}, "bearer", ("token",), "header", "Authorization"),
        (KEY, "api-key", ("api_key",), "query", "key"),
        ({"type": "apiKey", "in": "header", "name": "X-Key"}, "api-key", ("api_key",), "header", "X-Key"),
        ({"type": "apiKey", "in": "cookie", "name": "c"}, "api-key", ("api_key",), "cookie", "c"),
        ({"type": "http", "scheme": "digest"}, "api-key", ("authorization",), "header", "Authorization"),
    ],
)  # fmt: skip
def test_every_scheme_becomes_arguments(
    api: Build, scheme: Any, kind: str, arguments: tuple[str, ...], location: str, wire: str
) -> None:
    [found] = api(secured({"main": scheme})).made.security_schemes
    assert (found.kind, found.arguments, found.location, found.wire) == (kind, arguments, location, wire)


def test_a_scheme_that_is_not_built_in_is_named(api: Build) -> None:
    made = api(secured({"main": {"type": "http", "scheme": "digest"}}))
    assert made.ids(Severity.NOTE) == ["verbatim-authorization"]


def test_arguments_of_several_schemes_differ(api: Build) -> None:
    made = api(
        secured({"a": BEARER, "b": BEARER, "c": KEY, "d": KEY, "e": BASIC, "timeout": BASIC, "token": KEY})
    )
    listed = [name for scheme in made.made.security_schemes for name in scheme.arguments]
    assert len(set(listed)) == len(listed)
    assert listed[:4] == ["token", "b", "api_key", "d"]


def test_only_schemes_that_operations_need_are_arguments(api: Build) -> None:
    made = api(secured({"a": BASIC, "b": BEARER}, security=[{"a": []}]))
    assert [scheme.key for scheme in made.made.security_schemes] == ["a"]


ALTERNATIVES: list[tuple[Any, tuple[tuple[str, ...], ...]]] = [
    (None, (("a",),)),
    ([], ()),
    ([{"a": []}, {"b": []}], (("a",), ("b",))),
    ([{"b": [], "a": []}], (("a", "b"),)),
    ([{"b": []}, {"b": []}], (("b",),)),
    ([{"a": []}, {}], (("a",), ())),
    ([{}], ()),
    ([{"tls": []}], ()),
    ([{"tls": [], "a": []}], (("a",),)),
]
NEEDED: list[tuple[Any, bool]] = [(None, True), ([], False), ([{"a": []}, {}], False)]


@pytest.mark.parametrize(("own", "found"), ALTERNATIVES)
def test_an_operation_has_alternatives(api: Build, own: Any, found: tuple[tuple[str, ...], ...]) -> None:
    schemes = {"a": BASIC, "b": BEARER, "tls": {"type": "mutualTLS"}}
    assert api(secured(schemes, [{"a": []}], own)).only.security == found


def test_unknown_schemes_are_named(api: Build) -> None:
    made = api(secured({"a": BASIC}, [{"nowhere": []}, {"a": []}]))
    assert made.only.security == (("a",),)
    assert made.ids() == ["unknown-security-scheme"]


@pytest.mark.parametrize(("own", "needed"), NEEDED)
def test_a_client_needs_credentials_where_every_operation_takes_them(
    api: Build, own: Any, needed: bool
) -> None:
    assert api(secured({"a": BASIC}, [{"a": []}], own)).made.requires_credentials is needed


def config(**credentials: CredentialConfig) -> Config:
    return Config(credentials=credentials)


def test_the_configuration_chooses_arguments_and_variables(api: Build) -> None:
    chosen = CredentialConfig(("key", "secret"), (("K", "S"), ("U", "P")))
    [found] = api(secured({"a": BASIC}), config(a=chosen)).made.security_schemes
    assert (found.arguments, found.environment) == (("key", "secret"), (("K", "S"), ("U", "P")))


def test_the_configuration_may_give_variables_alone(api: Build) -> None:
    [found] = api(secured({"a": BEARER}), config(a=CredentialConfig(None, (("T",),)))).made.security_schemes
    assert (found.arguments, found.environment) == (("token",), (("T",),))


@pytest.mark.parametrize(
    ("chosen", "finding"),
    [
        ({"a": CredentialConfig(("one",))}, "wrong-credentials"),
        ({"a": CredentialConfig(None, (("K",),))}, "wrong-credentials"),
        ({"b": CredentialConfig(("x", "y"))}, "wrong-credentials"),
        ({"nowhere": CredentialConfig(("one",))}, "unknown-credentials"),
        ({"a": CredentialConfig(("x", "timeout"))}, "wrong-credentials"),
        ({"a": CredentialConfig(("x", "y")), "b": CredentialConfig(("x",))}, "wrong-credentials"),
    ],
)
def test_mistakes_in_the_configuration_are_errors(
    api: Build, chosen: dict[str, CredentialConfig], finding: str
) -> None:
    made = api(secured({"a": BASIC, "b": BEARER}), config(**chosen))
    assert (made.api, made.ids()) == (None, [finding])


def test_a_configured_argument_keeps_its_name_against_the_rules(api: Build) -> None:
    made = api(secured({"a": BEARER, "b": KEY}), config(b=CredentialConfig(("token",))))
    assert [scheme.arguments for scheme in made.made.security_schemes] == [("a",), ("token",)]
