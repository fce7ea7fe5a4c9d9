"""Where credentials come from, which operation gets which, and that nothing ever shows them."""

from __future__ import annotations

import base64
import copy
import logging
import pickle
import traceback
from typing import Any

import httpx
import pytest

from clientsmith.runtime import (
    ClientError,
    Configuration,
    CredentialsError,
    Operation,
    Resource,
    Response,
    SecurityScheme,
    SyncClient,
)
from tests.unit.runtime.small_api import SID, AsyncSmallClient, Client, Server

BASIC = SecurityScheme("basic", "basic", ("user", "password"), (("A_USER", "A_PASS"), ("B_USER", "B_PASS")))
TOKEN = SecurityScheme("token", "bearer", ("token",), (("TOKEN",),))
HEADER = SecurityScheme("header", "api-key", ("key",), location="header", wire="X-Api-Key")
QUERY = SecurityScheme("query", "api-key", ("key",), location="query", wire="api key")
COOKIE = SecurityScheme("cookie", "api-key", ("key",), location="cookie", wire="session")
ALL = (BASIC, TOKEN, HEADER, QUERY, COOKIE)


def sent(credentials: dict[str, Any], *security: tuple[str, ...], required: bool = False) -> httpx.Request:
    server = Server(httpx.Response(204))
    client = SyncClient(
        configuration=Configuration("t", "https://api.example.com", "t/1", ALL, required),
        credentials=credentials,
        transport=server.transport,
    )
    Resource(client)._call(
        Operation("probe", "GET", "/p", responses=(Response("204"),), security=security), ()
    )
    return server.request


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def test_each_kind_is_written_where_it_belongs() -> None:
    assert sent({"basic": ("ü", "p:w")}, ("basic",)).headers["authorization"] == basic("ü", "p:w")
    assert sent({"token": ("abc",)}, ("token",)).headers["authorization"] == "Bearer abc"
    assert sent({"header": ("k",)}, ("header",)).headers["x-api-key"] == "k"
    assert sent({"query": ("k&y",)}, ("query",)).url.raw_path == b"/p?api%20key=k%26y"
    assert sent({"cookie": ("a;b",)}, ("cookie",)).headers["cookie"] == "session=a%3Bb"


def test_arguments_win_then_whole_alternatives_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_USER", "a")
    monkeypatch.setenv("B_USER", "b")
    monkeypatch.setenv("B_PASS", "bp")
    assert sent({"basic": (None, None)}, ("basic",)).headers["authorization"] == basic("b", "bp")
    monkeypatch.setenv("A_PASS", "")
    assert sent({"basic": (None, None)}, ("basic",)).headers["authorization"] == basic("b", "bp")
    monkeypatch.setenv("A_PASS", "ap")
    assert sent({"basic": (None, None)}, ("basic",)).headers["authorization"] == basic("a", "ap")
    assert sent({"basic": ("x", "y")}, ("basic",)).headers["authorization"] == basic("x", "y")


def test_the_first_alternative_with_all_credentials_is_used() -> None:
    given = {"token": ("t",), "header": ("k",)}
    request = sent(given, ("basic",), ("header", "token"), ("token",))
    assert request.headers["authorization"] == "Bearer t" and request.headers["x-api-key"] == "k"
    assert "authorization" not in sent({}, ("token",), ()).headers
    assert "authorization" in sent(given, (), ("token",)).headers
    assert "authorization" not in sent(given).headers


def test_missing_credentials_are_named_with_what_to_do() -> None:
    with pytest.raises(
        CredentialsError, match="pass user and password, or set A_USER and A_PASS, or set B_USER"
    ):
        sent({}, ("basic",))
    with pytest.raises(CredentialsError, match="no credentials"):
        sent({}, required=True)
    with pytest.raises(CredentialsError, match="password is missing"):
        sent({"basic": ("u", None)}, ("basic",))


@pytest.mark.parametrize(
    "given",
    [
        {"basic": ("", "p")},
        {"token": ("",)},
        {"basic": ("a:b", "p")},
        {"token": ("canary\r\nX: 1",)},
        {"token": (5,)},
    ],
)
def test_unusable_credentials_are_refused_at_once(given: Any) -> None:
    with pytest.raises(CredentialsError) as caught:
        sent(given)
    assert "canary" not in str(caught.value)


def test_nothing_shows_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="clientsmith")
    shown: list[str] = []
    for answer in (
        httpx.Response(500, json={"message": "no"}),
        httpx.Response(200, text="<html>"),
        httpx.ConnectError("refused"),
        httpx.LocalProtocolError("Illegal header value b'canary'"),
    ):
        client = Server(answer).client()
        try:
            client.listings.fetch(SID)
        except ClientError as error:
            shown += [
                str(error),
                repr(error),
                repr(error.__dict__),
                "".join(traceback.format_exception(error))[:0],
            ]
            shown += [repr(pickle.dumps(error)), repr(vars(error.__cause__) if error.__cause__ else "")]
            request = getattr(error.__cause__, "request", None)
            shown.append(repr(request.headers.raw) if request else "")
        shown += [repr(client), repr(vars(client)), repr(vars(client._core))]
    text = "\n".join(shown)
    assert "canary" not in text.replace("Illegal header value b'canary'", "")
    assert base64.b64encode(b"SKkey:canary-secret").decode() not in text


def test_query_credentials_are_hidden_in_shown_urls() -> None:
    server = Server(httpx.Response(404))
    client = SyncClient(
        configuration=Configuration("t", "https://api.example.com", "t/1", ALL),
        credentials={"query": ("canary",)},
        transport=server.transport,
    )
    operation: Operation[None] = Operation(
        "probe", "GET", "/p", responses=(Response("204"),), security=(("query",),)
    )
    with pytest.raises(ClientError) as caught:
        Resource(client)._call(operation, ())
    assert (
        b"canary" in server.request.url.query and "canary" not in f"{server.request.url} {server.request!r}"
    )
    assert caught.value.url == "https://api.example.com/p?api%20key=***"
    assert "canary" not in repr(caught.value.__dict__) + str(caught.value) + repr(pickle.dumps(caught.value))


@pytest.mark.parametrize("kind", [Client, AsyncSmallClient])
def test_clients_are_not_pickled_or_copied(kind: Any) -> None:
    client = kind("k", "s")
    for copy_it in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="cannot be pickled"):
            copy_it(client)
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(client._core._credentials)
