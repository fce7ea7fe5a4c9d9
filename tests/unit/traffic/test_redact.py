"""Whatever is a secret by its name, by the document or by being one elsewhere never reaches the tape."""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qsl, quote, quote_plus

import pytest

from clientsmith.traffic.message import HttpRequest, HttpResponse
from clientsmith.traffic.redaction.exchanges import RedactedExchange
from tests.unit.traffic.recording import Bench

CANARY = "canary-7f3a91c2-do-not-write"


def everything(exchange: RedactedExchange) -> bytes:
    """All bytes that would be written."""
    parts = [exchange.request.target.encode()]
    for message in (exchange.request, exchange.response):
        parts += [message.body, *(f"{name}: {value}".encode() for name, value in message.headers)]
    return b"\n".join(parts)


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Authorization", basic("user", CANARY), basic("REDACTED", "REDACTED")),
        ("authorization", f"Bearer {CANARY}", "Bearer REDACTED"),
        ("Authorization", f"Digest username=u, response={CANARY}", "Digest REDACTED"),
        ("Authorization", CANARY, "REDACTED"),
        ("Authorization", f"{CANARY} two words", "REDACTED"),
        ("Proxy-Authorization", f"Basic {CANARY}", basic("REDACTED", "REDACTED")),
        ("Cookie", f"sid={CANARY}; lang={CANARY}", "sid=REDACTED; lang=REDACTED"),
        ("Cookie", CANARY, "REDACTED"),
        ("X-Vault", CANARY, "REDACTED"),
        ("X-Api-Key", CANARY, "REDACTED"),
        ("X-Amz-Security-Token", CANARY, "REDACTED"),
        (
            "Referer",
            f"https://u:{CANARY}@host/?token={CANARY}&x=1",
            "https://REDACTED@host/?token=REDACTED&x=1",
        ),
    ],
)
def test_a_request_header_goes_without_its_secret(name: str, value: str, expected: str) -> None:
    exchange = Bench().redact(HttpRequest("GET", "/plain", (("Accept", "*/*"), (name, value))))
    assert exchange.request.headers == (("Accept", "*/*"), (name, expected))
    assert CANARY.encode() not in everything(exchange)
    assert exchange.places


def test_cookies_that_are_set_keep_name_and_attributes_only() -> None:
    set_cookie = f"sid={CANARY}; Path=/; HttpOnly; Max-Age=60; SameSite=Lax; x-{CANARY}"
    exchange = Bench().redact(HttpRequest("GET", "/plain"), HttpResponse(200, (("Set-Cookie", set_cookie),)))
    assert exchange.response.headers == (
        ("Set-Cookie", "sid=REDACTED; Path=/; HttpOnly; Max-Age=60; SameSite=Lax; REDACTED"),
    )


def test_a_location_keeps_everything_but_the_secret_in_its_query_or_fragment() -> None:
    location = f"https://app.example/cb?state=1&access_token={CANARY}#id_token={CANARY}&x=y"
    exchange = Bench().redact(HttpRequest("GET", "/plain"), HttpResponse(302, (("Location", location),)))
    assert exchange.response.headers == (
        ("Location", "https://app.example/cb?state=1&access_token=REDACTED#id_token=REDACTED&x=y"),
    )


@pytest.mark.parametrize(
    "pair",
    [
        f"k={CANARY}",
        f"api_key={CANARY}",
        f"filter[token]={CANARY}",
        f"api%5Fkey={CANARY}",
        "search=" + quote_plus(json.dumps({"password": CANARY})),
        "next=" + quote_plus(f"https://h/?sig={CANARY}"),
    ],
)
def test_a_query_goes_without_its_secret_and_every_other_pair_keeps_its_bytes(pair: str) -> None:
    exchange = Bench().redact(HttpRequest("GET", f"/plain?a=%7e+b&{pair}&&c"))
    target = exchange.request.target
    assert target.startswith("/plain?a=%7e+b&") and target.endswith("&&c")
    assert CANARY not in target and quote_plus(CANARY) not in target


def test_a_secret_in_a_path_gives_way_to_one_that_its_pattern_accepts() -> None:
    exchange = Bench().redact(HttpRequest("POST", "/login/T123456?q=%20"))
    assert exchange.request.target == "/login/T000000?q=%20"
    assert exchange.places == ("request path parameter 'token'",)


def test_json_keeps_every_byte_but_the_secret_values() -> None:
    text = (
        '{ "user" : "jo",\n "password":"%s", "pin" :  1234, "quantity": 12.3550, "e": 1E+2, "token": null,\n'
        ' "nested": {"client_secret": "CS%s", "password": "short"}, "password": "%s" }\n'
    )
    body = (text % (CANARY, "ab12" * 8, CANARY + "2")).encode()
    exchange = Bench().request(body)
    substitute = "REDACTEDXXXX"
    assert exchange.request.body.decode() == (
        text.replace("1234", "1000") % (substitute, "aa00" * 8, substitute)
    ).replace('"short"', f'"{substitute}"')
    assert exchange.request.header("content-length") == str(len(exchange.request.body))
    assert not exchange.unfit
    assert "request body /nested/client_secret" in exchange.places


def test_what_takes_the_place_of_a_secret_satisfies_the_document() -> None:
    bench = Bench()
    body = {
        "user": "jo",
        "password": CANARY,
        "riddle": CANARY,
        "pin": 4321,
        "client_secret": "CS" + "0f" * 16,
        "token": "123e4567-e89b-12d3-a456-426614174000",
        "passwords": [CANARY, CANARY],
    }
    exchange = bench.request(json.dumps(body).encode())
    assert not bench.checker.check_request(exchange.request, demand_credentials=False).findings
    redacted = json.loads(exchange.request.body)
    assert redacted["user"] == "jo"
    assert not set(map(str, body.values())) & set(map(str, redacted.values())) - {"jo"}
    assert not exchange.unfit


def test_a_substitute_that_no_simple_value_fits_is_reported() -> None:
    exchange = Bench().request(b'{"user": "jo", "impossible_secret": "QZQZQZJ"}')
    assert json.loads(exchange.request.body)["impossible_secret"] == "REDACTED"
    assert exchange.unfit == ("request body /impossible_secret",)


def test_booleans_nulls_and_empty_strings_say_nothing_and_stay() -> None:
    body = b'{"user": "jo", "has_password": true, "token": null, "password": ""}'
    exchange = Bench().request(body)
    assert exchange.request.body == body
    assert exchange.places == ("request path parameter 'token'",)


def test_a_form_field_that_holds_json_is_searched() -> None:
    login = quote_plus(json.dumps({"user": "jo", "password": CANARY}))
    exchange = Bench().request(f"a=%41&Login={login}&b=+".encode(), "application/x-www-form-urlencoded")
    text = exchange.request.body.decode()
    assert text.startswith("a=%41&Login=") and text.endswith("&b=+")
    assert json.loads(dict(parse_qsl(text))["Login"]) == {"user": "jo", "password": "REDACTEDXXXX"}


def test_parts_of_multipart_bodies_are_redacted_by_name_and_searched() -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n' + CANARY.encode() + b"\r\n"
        b'--x\r\nContent-Disposition: form-data; name="nested"\r\nContent-Type: application/json\r\n\r\n'
        b'{"user": "jo", "secret": "' + CANARY.encode() + b'"}\r\n'
        b'--x\r\nContent-Disposition: form-data; name="logo"; filename="l.png"\r\nContent-Type: image/png\r\n\r\n'
        b"\x89PNG\r\n\x1a\n\x00\xff\r\n--x--\r\n"
    )
    exchange = Bench().request(body, "multipart/form-data; boundary=x")
    assert exchange.request.body == body.replace(CANARY.encode(), b"REDACTEDXXXX", 1).replace(
        CANARY.encode(), b"REDACTED"
    )


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html", f'<input name="csrf_token" type="hidden" value="{CANARY}">'),
        ("application/xml", f"<login><api_key>{CANARY}</api_key></login>"),
        ("text/plain", f"user: jo\npassword: {CANARY}\n"),
        ("application/json", f'{{"password": "{CANARY}", broken'),
        ("application/x-ndjson", f'{{"user": 1}}\n{{"token": "{CANARY}"}}\n'),
        ("text/event-stream", f'event: x\ndata: {{"token": "{CANARY}"}}\n\n'),
        ("", f'{{"token": "{CANARY}"}}'),
        ("application/json; charset=utf-16", json.dumps({"token": CANARY})),
        ("application/json", json.dumps({"inner": json.dumps({"token": CANARY})})),
        ("application/json", json.dumps({"url": f"https://h/x?signature={CANARY}"})),
        ("application/json", "\ufeff" + json.dumps({"token": CANARY})),
    ],
)
def test_a_response_goes_without_its_secret_in_any_notation(content_type: str, body: str) -> None:
    charset = "utf-16" if "utf-16" in content_type else "utf-8"
    response = HttpResponse(200, (("Content-Type", content_type),), body.encode(charset))
    exchange = Bench().redact(HttpRequest("GET", "/plain"), response)
    assert CANARY not in exchange.response.body.decode(charset)
    assert "REDACTED" in exchange.response.body.decode(charset)


@pytest.mark.parametrize(
    "secret",
    [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----",
        "Bearer 3f9a8b7c6d5e4f3a2b1c0d9e",
    ],
)
def test_what_can_only_be_a_secret_goes_whatever_it_is_called(secret: str) -> None:
    response = HttpResponse(
        200, (("Content-Type", "application/json"),), json.dumps({"note": secret}).encode()
    )
    exchange = Bench().redact(HttpRequest("GET", "/plain"), response)
    note = json.loads(exchange.response.body)["note"]
    assert "REDACTED" in note
    assert not any(part in note for part in ("eyJ", "MIIEow", "3f9a8b7c"))


def test_a_secret_that_was_met_is_found_wherever_it_turns_up_later() -> None:
    bench = Bench()
    bench.redact(HttpRequest("GET", "/plain", (("Authorization", basic("user", CANARY + " /ü")),)))
    echo = CANARY + " /ü"
    response = HttpResponse(
        200,
        (("Content-Type", "text/plain"), ("X-Echo", quote(echo, safe=""))),
        f"{echo} {quote_plus(echo)} {json.dumps(echo)}".encode(),
    )
    exchange = bench.redact(
        HttpRequest("GET", f"/plain/{quote(echo, safe='')}?x={quote_plus(echo)}"), response
    )
    assert CANARY.encode() not in everything(exchange)


def test_a_secret_of_the_response_is_found_in_the_request_of_the_same_exchange() -> None:
    response = HttpResponse(
        200, (("Content-Type", "application/json"),), json.dumps({"token": CANARY}).encode()
    )
    exchange = Bench().redact(HttpRequest("GET", f"/plain?page={CANARY}"), response)
    assert exchange.request.target == "/plain?page=REDACTED"


def test_a_secret_that_is_a_key_of_an_object_goes_too() -> None:
    body = json.dumps({"token": CANARY, "sessions": {CANARY: {"user": "jo"}}}).encode()
    response = HttpResponse(200, (("Content-Type", "application/json"),), body)
    exchange = Bench().redact(HttpRequest("GET", "/plain"), response)
    assert json.loads(exchange.response.body) == {
        "token": "REDACTED",
        "sessions": {"REDACTED": {"user": "jo"}},
    }


def test_a_key_that_is_sent_as_user_name_without_a_password_is_met_too() -> None:
    bench = Bench()
    bench.redact(HttpRequest("GET", "/plain", (("Authorization", basic(CANARY, "")),)))
    assert bench.redactor.text(f"no key {CANARY}") == "no key REDACTED"


def test_binary_bodies_keep_their_bytes() -> None:
    body = bytes(range(256)) + b"password=nothing"
    response = HttpResponse(200, (("Content-Type", "image/png"),), body)
    assert Bench().redact(HttpRequest("GET", "/plain"), response).response.body == body


def test_names_of_the_user_go_and_names_to_keep_stay() -> None:
    body = b'{"user": "jo.doe@example.com", "Next-Token": "abcdefgh", "token": "123e4567"}'
    redacted = json.loads(Bench("USER", kept=("token",)).request(body).request.body)
    assert redacted == {"user": "REDACTED", "Next-Token": "abcdefgh", "token": "123e4567"}


def test_deeply_nested_and_broken_json_is_survived() -> None:
    deep = b"[" * 100_000 + b'"token=%s"' % CANARY.encode() + b"]" * 100_000
    assert CANARY.encode() not in Bench().request(deep).request.body


@pytest.mark.parametrize(
    "name",
    [
        "apiKey", "API-KEY", "access_token", "client_secret", "secretId", "session_id", "password1", "pin", "sig", "auth",
        "X-Twilio-Signature", "refreshToken", "private_key", "riddle", "k", "sid", "X-Vault", "PHPSESSID",
    ],
)  # fmt: skip
def test_names_that_are_secret(name: str) -> None:
    assert name in Bench().redactor.names


@pytest.mark.parametrize(
    "name",
    [
        "user", "token_type", "max_tokens", "nextPageToken", "api_key_id", "authorization_url", "expires_at", "code", "author",
        "keyword", "pinned", "tagline", "secretary", "signature_count", "idempotency_token", "", "0",
    ],
)  # fmt: skip
def test_names_that_are_not_secret(name: str) -> None:
    assert name not in Bench().redactor.names
