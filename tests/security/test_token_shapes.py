"""A token is known by its looks in every place and notation, and what only resembles one stays."""

from __future__ import annotations

import gzip
import html
import json
import re
import time
from urllib.parse import quote, quote_plus, unquote

import pytest

from clientsmith.traffic.message import HttpRequest, HttpResponse
from clientsmith.traffic.redaction.exchanges import Redactor
from clientsmith.traffic.redaction.secret_names import secret_names
from clientsmith.traffic.redaction.token_search import shape_spans
from clientsmith.traffic.redaction.token_shapes import TOKEN_SHAPES
from tests.security.secret_exchanges import PLAIN, answer
from tests.security.token_samples import TOKENS
from tests.unit.traffic.recording import resolved

DOCUMENT = resolved()
PLACES = (
    "json, solidus escaped", "json, all escaped", "json key", "json in json", "xml", "cdata", "attribute", "comment",
    "references", "yaml", "csv", "form", "file of multipart", "header", "reason", "path", "name in a query", "location",
    "utf-16", "gzip", "bytes", "percent",
)  # fmt: skip


def placed(place: str, token: str) -> tuple[HttpRequest, HttpResponse]:
    line = token.replace("\n", "")
    if place == "form":
        sent = (("Content-Type", "application/x-www-form-urlencoded"),)
        return HttpRequest("POST", "/plain", sent, f"note={quote_plus(token)}".encode()), HttpResponse(200)
    if place in ("path", "name in a query"):
        return HttpRequest(
            "GET", ("/x/" if place == "path" else "/plain?") + quote(line, safe="")
        ), HttpResponse(200)
    if place == "header":
        return HttpRequest("GET", "/plain", (("X-Note", line),)), HttpResponse(200)
    if place == "reason":
        return PLAIN, HttpResponse(401, (), b"", f"bad {line}")
    if place == "location":
        return PLAIN, HttpResponse(302, (("Location", f"https://h/x/{quote(line, safe='')}"),))
    bodies: dict[str, tuple[str, str | bytes]] = {
        "json, solidus escaped": ("application/json", json.dumps({"note": token}).replace("/", "\\/")),
        "json, all escaped": (
            "application/json",
            '{"note": "' + "".join(f"\\u{ord(c):04x}" for c in token) + '"}',
        ),
        "json key": ("application/json", json.dumps({token: 1})),
        "json in json": ("application/json", json.dumps({"x": json.dumps({"note": token})})),
        "xml": ("text/xml", f"<a>{html.escape(token)}</a>"),
        "cdata": ("text/xml", f"<a><![CDATA[{token}]]></a>"),
        "attribute": ("text/xml", f'<a b="{html.escape(token)}"/>'),
        "comment": ("text/xml", f"<a><!-- {token} --></a>"),
        "references": ("text/html", "<p>" + "".join(f"&#{ord(c)};" for c in token) + "</p>"),
        "yaml": ("application/yaml", "note: |\n" + "".join(f"  {part}\n" for part in token.split("\n"))),
        "csv": ("text/csv", f'a,b\n1,"{token}"\n'),
        "file of multipart": (
            "multipart/form-data; boundary=b",
            f'--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n{token}\r\n--b--',
        ),
        "utf-16": ("text/plain", token.encode("utf-16-le")),
        "gzip": ("application/gzip", gzip.compress(token.encode(), mtime=0)),
        "bytes": ("application/octet-stream", b"\x00\xff" + token.encode() + b"\x00"),
        "percent": ("text/plain", f"x {quote(token, safe='')} y"),
    }
    return PLAIN, answer(*bodies[place])


@pytest.mark.parametrize("place", PLACES)
def test_a_token_is_found_in_every_place(place: str) -> None:
    for name, token in TOKENS[PLACES.index(place) % 4 :: 4]:
        redactor = Redactor(DOCUMENT, secret_names(DOCUMENT))
        kept = redactor.redact(*placed(place, token), None, {})
        body = kept.response.body
        body = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body.replace(b"\0", b"")
        headers = [value for message in (kept.request, kept.response) for _, value in message.headers]
        parts = (
            body.decode("latin-1"),
            kept.request.body.decode(),
            kept.request.target,
            kept.response.reason,
            *headers,
        )
        text = html.unescape(unquote(" ".join(parts)))
        text = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
        assert max(re.findall("[A-Za-z0-9]+", token), key=len) not in text, name


@pytest.mark.parametrize("shape", TOKEN_SHAPES, ids=lambda shape: shape.name)
def test_every_shape_says_where_it_is_from(shape: object) -> None:
    assert getattr(shape, "source", "")
    assert [one.name for one in TOKEN_SHAPES].count(getattr(shape, "name", "")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "risk-management-and-other-things-0123456789",
        "https://example.com:8080/a/b?c=d@e",
        "Basic information about the plan",
        "the bearer of this letter is entitled to everything",
        "ghp_short npm_install hf_model glpat-x SG.a.b AKIA1234 xoxb-1",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "123e4567-e89b-12d3-a456-426614174000",
        "BI" + "0" * 32 + " XB" + "a" * 32 + " AC" + "0" * 32,
    ],
)
def test_what_only_resembles_a_token_stays(text: str) -> None:
    assert shape_spans(text) == []


@pytest.mark.parametrize(
    "unit",
    [
        "eyJ",
        "eyJa.",
        "://a:",
        "-----BEGIN ",
        "AQAa",
        "1:A",
        "%3DeyJaaaaaaaa",
        "-----BEGIN PRIVATE KEY-----",
        "a1Q~",
    ],
)
def test_time_to_look_for_shapes_is_linear(unit: str) -> None:
    def seconds(size: int) -> float:
        started = time.process_time()
        shape_spans(unit * (size // len(unit)))
        return time.process_time() - started

    shape_spans("x" * 20)  # The expressions are compiled when they are needed first.
    assert seconds(1_600_000) < 40 * (min(seconds(200_000), seconds(200_000)) + 0.005)
