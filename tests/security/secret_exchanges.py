"""Exchanges with one secret in each, by kind, and a count of those in which the redactor leaves it.

`python -m tests.security.secret_exchanges` prints the count. Same exchanges at each run; no secret in them is real.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

from clientsmith.traffic.message import HttpRequest, HttpResponse
from clientsmith.traffic.redaction.exchanges import Redactor
from clientsmith.traffic.redaction.secret_names import secret_names
from clientsmith.traffic.tapes.har_write import entry
from tests.security.secret_formats import formats, spellings
from tests.security.token_samples import NAMES, TOKENS
from tests.unit.traffic.recording import resolved

PLAIN = HttpRequest("GET", "/plain")


@dataclass(frozen=True, slots=True)
class SecretExchange:
    """An exchange, the secret in it, and how it stands there, if not as it is."""

    kind: str
    name: str
    secret: str
    request: HttpRequest
    response: HttpResponse = field(default_factory=lambda: HttpResponse(200))
    spelled: str = ""


def secret_of(name: str) -> str:
    """A value that no other exchange has."""
    return f"q7-{hashlib.sha256(name.encode()).hexdigest()[:20]}-Zx"


def answer(content_type: str, body: bytes | str, **headers: str) -> HttpResponse:
    sent = body if isinstance(body, bytes) else body.encode()
    return HttpResponse(200, (("Content-Type", content_type), *headers.items()), sent)


def _echoes(name: str) -> Iterator[SecretExchange]:
    s = 'w7/x"9+ ' + secret_of(name)[3:]
    auth = (("Authorization", f"Bearer {s}"),)
    login = json.dumps({"password": s})
    for how, spelled in (
        *spellings(s),
        ("\\/", s.replace("/", "\\/")),
        ("html", html.escape(s)),
        ("query", quote_plus(s)),
    ):
        for at, request, response in (
            ("text", replace_headers(PLAIN, auth), answer("text/plain", f"<< {spelled} >>")),
            (
                "json",
                replace_headers(PLAIN, auth),
                answer("application/json", json.dumps({"a": f"-{spelled}-"})),
            ),
            (
                "bytes",
                HttpRequest("POST", "/plain", (), login.encode()),
                answer("image/png", b"\x89PNG\x00\xff" + spelled.encode() + b"\0"),
            ),
        ):
            yield SecretExchange(f"seen before, in {at}", how, s, request, response, spelled)
    t = secret_of(name + "2").replace("-", "")
    known = replace_headers(PLAIN, (("X-Vault", t),))
    yield from [
        SecretExchange("seen before, elsewhere", "reason", t, known, HttpResponse(401, (), b"", f"no {t} here")),
        SecretExchange("seen before, elsewhere", "header name", t, known, HttpResponse(200, ((f"X-{t}", "1"),))),
        SecretExchange("seen before, elsewhere", "header name, small", t, known, HttpResponse(200, ((f"x-{t.lower()}", "1"),)), t.lower()),
        SecretExchange("seen before, elsewhere", "header", t, known, HttpResponse(200, (("X-Echo", t),))),
        SecretExchange("seen before, elsewhere", "method", t, HttpRequest(t.upper(), "/plain", known.headers), HttpResponse(405), t.upper()),
        SecretExchange("seen before, elsewhere", "path", t, HttpRequest("GET", f"/x/{t}/y", known.headers)),
        SecretExchange("seen before, elsewhere", "path, percent", t, HttpRequest("GET", "/x/" + "".join(f"%{ord(c):02x}" for c in t), known.headers), spelled="".join(f"%{ord(c):02x}" for c in t)),
        SecretExchange("seen before, elsewhere", "name in a query", t, HttpRequest("GET", f"/plain?{t}=1&{t}", known.headers)),
        SecretExchange("seen before, elsewhere", "key of json", t, known, answer("application/json", json.dumps({t: {"a": 1}}))),
        SecretExchange("seen before, elsewhere", "number of json", "987654321987", HttpRequest("POST", "/plain", (("X-Vault", "987654321987"),)), answer("application/json", '{"a": 987654321987}')),
        SecretExchange("seen before, elsewhere", "utf-16 in bytes", t, known, answer("image/png", b"\x89\xff" + t.encode("utf-16-le"))),
        SecretExchange("seen before, elsewhere", "preamble of multipart", t, known, answer("multipart/mixed; boundary=b", f"{t}\r\n--b\r\n\r\nx\r\n--b--\r\n{t}")),
        SecretExchange("seen later", "query", t, HttpRequest("GET", f"/plain?q={t}"), answer("application/json", json.dumps({"token": t}))),
        SecretExchange("seen later", "path", t, HttpRequest("GET", f"/x/{t}"), answer("text/xml", f"<a><token>{t}</token></a>")),
        SecretExchange("seen later", "body", t, HttpRequest("POST", "/plain", (), f"note {t}".encode()), answer("application/json", json.dumps({"token": t}))),
        SecretExchange("seen later", "header", t, HttpRequest("GET", "/plain", (("X-Note", t),)), HttpResponse(200, (("Set-Cookie", f"sid={t}"),))),
    ]  # fmt: skip


def replace_headers(request: HttpRequest, headers: tuple[tuple[str, str], ...]) -> HttpRequest:
    return HttpRequest(request.method, request.target, headers, request.body)


def _placed(s: str) -> list[tuple[str, HttpRequest, HttpResponse]]:
    """Where a secret may be outside of bodies."""
    nested = quote(f"https://i/?x=1&token={s}", safe="")
    basic = base64.b64encode(f"{s}:x".encode()).decode()
    at = HttpRequest
    ok = HttpResponse(200)
    echo = answer("text/plain", f"hello {s}")
    return [
        ("bearer", at("GET", "/plain", (("Authorization", f"Bearer {s}"),)), echo),
        ("basic, a key for a user", at("GET", "/plain", (("Authorization", f"Basic {basic}"),)), echo),
        (
            "OAuth 1",
            at("GET", "/plain", (("Authorization", f'OAuth oauth_token="{s}", oauth_nonce="x"'),)),
            echo,
        ),
        ("scheme of its own", at("GET", "/plain", (("Authorization", f"Hawk {s}"),)), ok),
        ("forwarded", at("GET", "/plain", (("X-Forwarded-Authorization", f"Bearer {s}"),)), ok),
        ("cookie", at("GET", "/plain", (("Cookie", f"lang=de; session={s}"),)), echo),
        ("cookie that is set", PLAIN, HttpResponse(200, (("Set-Cookie", f"a={s}; Path=/"),), s.encode())),
        ("websocket", at("GET", "/plain", (("Sec-WebSocket-Protocol", f"access_token, {s}"),)), ok),
        ("referer", at("GET", "/plain", (("Referer", f"https://h/?next={nested}"),)), ok),
        ("json in a header", at("GET", "/plain", (("X-Context", json.dumps({"token": s})),)), ok),
        ("refresh", PLAIN, HttpResponse(200, (("Refresh", f"0; url=https://h/?access_token={s}"),))),
        ("link", PLAIN, HttpResponse(200, (("Link", f'<https://h/?token={s}>; rel="next"'),))),
        ("location", PLAIN, HttpResponse(302, (("Location", f"https://h/cb?state=1&code={s}"),))),
        ("fragment", PLAIN, HttpResponse(302, (("Location", f"https://h/cb#id_token={s}&x=1"),))),
        ("parameter of a header", PLAIN, HttpResponse(401, (("WWW-Authenticate", f'Bearer token="{s}"'),))),
        ("matrix parameter", at("GET", f"/x;token={s}/y"), ok),
        ("session in a path", at("GET", f"/x;jsessionid={s}"), ok),
        ("query, semicolons", at("GET", f"/plain?a=1;token={s}"), ok),
        ("query, name escaped", at("GET", f"/plain?p%61ssword={s}"), ok),
        ("query, json", at("GET", "/plain?q=" + quote(json.dumps({"password": s}), safe="")), ok),
        ("query, address", at("GET", f"/plain?next={nested}"), ok),
        ("query, address in address", at("GET", "/plain?n=" + quote(f"https://h?n={nested}", safe="")), ok),
        ("query, api key", at("GET", f"/plain?k={s}"), ok),
        ("reason", PLAIN, HttpResponse(401, (), b"", f"token={s}")),
    ]


def _named(number: int, name: str) -> SecretExchange:
    s = secret_of(name)
    at = ("json", "header", "query", "form")[number % 4]
    if at == "json":
        return SecretExchange(
            "by name", name, s, PLAIN, answer("application/json", json.dumps({"a": {name: s}}))
        )
    if at == "header":
        return SecretExchange(
            "by name", name, s, replace_headers(PLAIN, ((name.replace("_", "-").replace(":", "-"), s),))
        )
    if at == "query":
        return SecretExchange("by name", name, s, HttpRequest("GET", f"/plain?x=1&{quote(name)}={s}"))
    form = (("Content-Type", "application/x-www-form-urlencoded"),)
    return SecretExchange(
        "by name", name, s, HttpRequest("POST", "/plain", form, f"{quote(name)}={s}".encode())
    )


def _shaped(number: int, name: str, token: str) -> SecretExchange:
    at = number % 6
    kind = "by shape"
    if at == 0:
        return SecretExchange(
            kind, name, token, PLAIN, answer("application/json", json.dumps({"note": f"use {token}."}))
        )
    if at == 1:
        return SecretExchange(kind, name, token, PLAIN, answer("text/plain", f"see {token}\nend"))
    if at == 2:
        return SecretExchange(
            kind,
            name,
            token,
            replace_headers(PLAIN, (("X-Note", token.replace("\n", " ")),)),
            spelled=token.replace("\n", " "),
        )
    if at == 3:
        return SecretExchange(
            kind,
            name,
            token,
            HttpRequest("GET", "/plain?q=" + quote(token, safe="")),
            spelled=quote(token, safe=""),
        )
    if at == 4:
        return SecretExchange(
            kind, name, token, PLAIN, answer("text/html", f"<p>{html.escape(token)}</p>"), html.escape(token)
        )
    return SecretExchange(kind, name, token, HttpRequest("POST", "/plain", (), token.encode("utf-16")))


def exchanges() -> list[SecretExchange]:
    """All of them, in their order."""
    found: list[SecretExchange] = []
    for number, (format, _, _) in enumerate(formats("")):
        s = secret_of(format)
        _, content_type, body = formats(s)[number]
        sent = body if isinstance(body, bytes) else body.encode()
        request = HttpRequest("POST", "/plain", (("Content-Type", content_type),), sent)
        found.append(
            SecretExchange("in a format", format, s, request)
            if number % 2
            else SecretExchange("in a format", format, s, PLAIN, answer(content_type, sent))
        )
    found += [_named(number, name) for number, name in enumerate(NAMES)]
    found += [_shaped(number, *named) for number, named in enumerate(TOKENS)]
    found += _echoes("echo")
    for number, (name, _, _) in enumerate(_placed("")):
        s = secret_of(name)
        found.append(SecretExchange("in a place", name, s, *_placed(s)[number][1:]))
    return found


def written(redactor: Redactor, one: SecretExchange) -> dict[str, object]:
    """The entry of a tape."""
    redacted = redactor.redact(one.request, one.response, None, {})
    return dict(entry(redacted.request, redacted.response))


def _decoded(value: object) -> Iterator[bytes]:
    """All texts of an entry, and what bodies hold whatever their encoding."""
    if isinstance(value, dict):
        text, encoding = value.get("text"), value.get("encoding") or value.get("_encoding")
        if isinstance(text, str):
            raw = base64.b64decode(text) if encoding else text.encode("utf-8", "surrogatepass")
            raw = gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw
            at = raw.find(b"\x1f\x8b\x08")
            yield raw
            yield raw.replace(b"\0", b"")
            yield raw.decode("cp037").encode("utf-8")
            if at > 0:
                yield gzip.decompress(raw[at:].partition(b"\r\n--b--")[0])
        for key, inner in value.items():
            yield key.encode()
            if key != "text" or not isinstance(text, str):
                yield from _decoded(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _decoded(inner)
    elif isinstance(value, str):
        yield value.encode("utf-8", "surrogatepass")


def keeps(one: SecretExchange, har: dict[str, object]) -> bool:
    """Whether the secret is still in an entry: as it stood there, as it is, or in base64 or escapes."""
    raw = one.secret.encode()
    middle = base64.b64encode(raw)[4:-4]
    forms = {raw, one.spelled.encode() or raw, "".join(f"\\u{ord(c):04x}" for c in one.secret).encode()}
    forms |= {middle, "".join(f"%{b:02x}" for b in raw).encode(), "".join(f"&#x{b:x};" for b in raw).encode()}
    forms |= {base64.b64encode(b"x" * offset + raw)[6:-4] for offset in (1, 2)}
    if one.kind == "by shape":
        forms.add(max(re.findall("[A-Za-z0-9]+", one.secret), key=len).encode())
    if one.kind == "in a format":
        forms |= {raw.replace(b"-", b"=2D"), base64.b64encode(b'{"user": "jo", "password": "' + raw)[40:-4]}
    return any(form in text for text in _decoded(har) for form in forms)


def main() -> None:
    redactor_of = resolved()
    total: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    failed: list[str] = []
    for one in exchanges():
        total[one.kind] += 1
        redactor = Redactor(redactor_of, secret_names(redactor_of))
        if keeps(one, written(redactor, one)):
            kept[one.kind] += 1
            failed.append(f"{one.kind}: {one.name}")
    for kind, count in total.items():
        sys.stdout.write(f"{kind:28} {count:4} exchanges, {kept[kind]:4} keep the secret\n")
    sys.stdout.write(f"{'together':28} {total.total():4} exchanges, {kept.total():4} keep the secret\n")
    sys.stdout.write("\n".join(failed) + "\n")


if __name__ == "__main__":
    main()
