"""Raw requests that are meant to cost much, drawn by seed, and the document they are sent to; nothing is sent here."""

from __future__ import annotations

import gzip
import json
import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

DOCUMENT: Final = """\
openapi: 3.1.0
info: {title: Attacked, version: '1'}
paths:
  /probe:
    get: {operationId: probe, responses: {'200': {description: ok, content: {text/plain: {example: ok}}}}}
  /files/{name}.{format}/parts/{from}-{to}-{step}:
    get:
      operationId: parts
      parameters: [&n {name: name, in: path, required: true, schema: {type: string}}, {<<: *n, name: format},
        {<<: *n, name: from}, {<<: *n, name: to}, {<<: *n, name: step}]
      responses: {'200': {description: ok}}
  /items:
    get:
      operationId: list
      parameters:
        - {name: filter, in: query, style: deepObject, schema: {type: object}}
        - {name: ids, in: query, explode: false, schema: {type: array, items: {type: integer}}}
        - {name: any, in: query, schema: {type: object, additionalProperties: {type: integer}}}
        - {name: session, in: cookie, schema: {type: object}}
      responses: {'200': {description: ok, content: {application/json: {example: {ok: true}}}}}
    post:
      operationId: send
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                items: {type: array, uniqueItems: true, items: {$ref: '#/components/schemas/Item'}}
                choice: {oneOf: [{type: array, items: {type: string}}, {type: array, items: {type: boolean}}]}
          application/x-www-form-urlencoded:
            schema:
              type: object
              properties: {list: {type: array, items: {type: integer}}, deep: {type: object}}
              additionalProperties: {type: [integer, string]}
            encoding: {deep: {style: deepObject, explode: true}}
          multipart/form-data:
            schema: {type: object, properties: {list: {type: array, items: {type: string}}}}
          text/plain: {schema: {type: string}}
          application/xml: {schema: {type: object}}
      responses: {'200': {description: ok, content: {application/json: {example: {ok: true}}}}}
components:
  schemas:
    Item:
      type: object
      required: [a]
      properties: {a: {type: integer}, b: {type: number, multipleOf: 0.01}, next: {$ref: '#/components/schemas/Item'}}
"""
FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"
MULTIPART: Final = "multipart/form-data; boundary=b"
_CODECS: Final = (
    "punycode",
    "idna",
    "base64",
    "zlib",
    "rot13",
    "unicode_escape",
    "utf-7",
    "uu",
    "undefined",
    "utf-16",
)
_HEADERS: Final = (
    *(("Prefer", "a"), ("Prefer", "a,"), ("Prefer", "a=b;"), ("Prefer", " "), ("Prefer", "fault=")),
    *(("Accept", "a/b,"), ("Accept", "*/*;q=1,"), ("Cookie", "a=1;"), ("Cookie", "session[a]=1;")),
    *(("X-Clientsmith-Fault", "delay"), ("Authorization", "Basic "), ("Content-Type", "text/plain;")),
    *(("Connection", "close,"), ("Via", "1.1 a, ")),
)
_LIMIT: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RawRequest:
    """The bytes of one request, or of several on one connection."""

    kind: str
    data: bytes


def draw(seed: int, count: int) -> Iterator[RawRequest]:
    """So many requests, of every kind in turn; the same for the same seed."""
    source = random.Random(seed)
    names = list(KINDS)
    for number in range(count):
        kind = names[number % len(names)]
        yield RawRequest(kind, KINDS[kind](source))


def post(content_type: str, body: bytes, *headers: str) -> bytes:
    """A whole POST of a body."""
    lines = [f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *headers]
    return head("POST", "/items", *lines) + body


def head(method: str, target: str, *lines: str) -> bytes:
    """The head of a request that is the last one on its connection."""
    text = "\r\n".join((f"{method} {target} HTTP/1.1", "Host: localhost", "Connection: close", *lines))
    return f"{text}\r\n\r\n".encode("latin-1")


def _size(source: random.Random, most: int) -> int:
    """Between a tenth of the most and all of it."""
    return source.randrange(most // 10, most)


def _wrong_items(source: random.Random) -> bytes:
    count = _size(source, 260_000)
    return post(JSON, b'{"items":[' + b",".join(b'{"a":"%d"}' % number for number in range(count)) + b"]}")


def _wrong_choice(source: random.Random) -> bytes:
    return post(JSON, b'{"choice":[' + b",".join([b"1"] * _size(source, 249_000)) + b"]}")


def _equal_items(source: random.Random) -> bytes:
    count = _size(source, 120_000)
    items = [b'{"a":%d}' % number for number in range(count)]
    return post(JSON, b'{"items":[' + b",".join([*items, items[0]]) + b"]}")


def _values(source: random.Random) -> bytes:
    one = source.choice(
        [b"1", b"[]", b"{}", b"1.5", b'""', b"null", b'{"k":[0]}', b"1e400", b"1e5000", b"-0.0001"]
    )
    return post(
        JSON,
        b'{"any":[' + b",".join([one] * min(_size(source, 6_000_000), _LIMIT // (len(one) + 1) - 99)) + b"]}",
    )


def _keys(source: random.Random) -> bytes:
    return post(
        JSON, b"{" + b",".join(b'"k%d":1' % number for number in range(_size(source, 260_000))) + b"}"
    )


def _deep(source: random.Random) -> bytes:
    depth, times = source.choice([(8_000_000, 1), (190, 600), (5_000, 300)])
    return post(JSON, b'{"any":[' + b",".join([b"[" * depth + b"]" * depth] * times) + b"]}")


def _long_number(source: random.Random) -> bytes:
    start = source.choice([b"", b"-", b"0.", b"1."])
    return post(
        JSON, b'{"b":' + start + b"7" * _size(source, _LIMIT - 100) + source.choice([b"", b"e9"]) + b"}"
    )


def _long_text(source: random.Random) -> bytes:
    piece = source.choice([b"a", rb"\u00e9", rb"\ud83d\ude00", b'\\"', b"\\\\", b","])
    return post(JSON, b'{"text":"' + piece * (_size(source, _LIMIT - 100) // len(piece)) + b'"}')


def _form_names(source: random.Random) -> bytes:
    return post(FORM, b"&".join(b"n%d=1" % number for number in range(_size(source, 32_000))))


def _form_repeated(source: random.Random) -> bytes:
    return post(
        FORM, b"&".join([source.choice([b"list=1", b"deep[a]=1", b"deep[a][b][c]=1", b"x="])] * 20_000)
    )


def _form_list(source: random.Random) -> bytes:
    piece = source.choice([b"1,", b"%2C", b"%5B", b"+", b"[", b"&"])
    return post(FORM, b"list=" + piece * (_size(source, 4_000_000) // len(piece)))


def _parts(source: random.Random) -> bytes:
    count = _size(source, 100_000)
    one = b"--b\r\nContent-Disposition: form-data; name=%s\r\n\r\nx\r\n"
    names = source.choice([[b"list"] * count, [b"n%d" % number for number in range(count)]])
    return post(MULTIPART, b"".join(one % name for name in names) + b"--b--")


def _part_head(source: random.Random) -> bytes:
    filler = source.choice([b'; name="', b"; name=", b"X: y\r\n", b"\\", b" "]) * (
        _size(source, 2_000_000) // 8
    )
    return post(MULTIPART, b'--b\r\nContent-Disposition: form-data; name="' + filler + b"\r\n\r\nx\r\n--b--")


def _charset(source: random.Random) -> bytes:
    piece = source.choice([b"a-b", b"\xff", b"-", b"\\u0041", b"A"])
    count = _size(source, _LIMIT - 100) // len(piece)
    return post(f"text/plain; charset={source.choice(_CODECS)}", piece * count)


def _xml(source: random.Random) -> bytes:
    return post("application/xml", b"<a>" * (_size(source, _LIMIT - 100) // 3))


def _bomb(source: random.Random) -> bytes:
    plain = source.choice([b"\0", b"[", b"1,"]) * _size(source, 60_000_000)
    coding = source.choice(["gzip", "deflate", "gzip, gzip", ", ".join(["gzip"] * 200)])
    body = zlib.compress(plain) if coding == "deflate" else gzip.compress(plain, 6, mtime=0)
    return post(
        JSON, gzip.compress(body, mtime=0) if coding == "gzip, gzip" else body, f"Content-Encoding: {coding}"
    )


def _query(source: random.Random) -> bytes:
    piece = source.choice(
        ["a&", "a%d=1&", "filter[a]=1&", "filter[a][b][c][d]=1&", "any=1&", "ids=1,", "1,", "%25"]
    )
    times = 60_000 // len(piece)
    text = "".join(piece % number for number in range(times)) if "%d" in piece else piece * times
    return head("GET", "/items?ids=" + text[: source.choice([8_000, 31_000, 60_000])])


def _path(source: random.Random) -> bytes:
    piece = source.choice(["/a", "-", "a-b-", ".", "%2F", "%41", "../"])
    target = "/files/" + (piece * 60_000)[: source.choice([8_000, 31_000])]
    return head("GET", target + source.choice(["", ".x/parts/1-2-3", "/parts/" + "-" * 1_000]))


def _header(source: random.Random) -> bytes:
    name, piece = source.choice(_HEADERS)
    value = piece * (60_000 // len(piece)) + source.choice(["", '"'])
    return head("GET", "/items", f"{name}: {value}".rstrip())


def _headers(source: random.Random) -> bytes:
    return head("GET", "/items", *[source.choice(["a: b", "Cookie: a=1"])] * _size(source, 12_000))


def _chunks(source: random.Random) -> bytes:
    extension = source.choice([b"", b";a=" + b"x" * 30, b";" + b"y" * 30_000])
    one = b"1%s\r\n1\r\n" % extension
    count = min(_size(source, 1_000_000), _LIMIT // len(one))
    return (
        head("POST", "/items", "Transfer-Encoding: chunked", f"Content-Type: {JSON}")
        + one * count
        + b"0\r\n\r\n"
    )


def _pipeline(source: random.Random) -> bytes:
    one = source.choice([b"GET /probe HTTP/1.1\r\nHost: a\r\n\r\n", b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"])
    return one * _size(source, 1_000) + head("GET", "/probe")


def _control(source: random.Random) -> bytes:
    target = source.choice(
        ["", "/log", "/log?format=har", "/log?limit=" + "9" * 5_000, "/log?after=" + "1&" * 9_000]
    )
    return head("GET", "/__clientsmith" + target)


def _control_body(source: random.Random) -> bytes:
    body = source.choice([b"[" * 8_000_000, b"a&" * 4_000_000, b'{"fault":"' + b"x" * 100_000 + b'"}'])
    lines = (f"Content-Length: {len(body)}", f"Content-Type: {source.choice([JSON, FORM])}")
    return head("POST", source.choice(["/__clientsmith/faults", "/__clientsmith/form"]), *lines) + body


KINDS: Final[dict[str, Callable[[random.Random], bytes]]] = {
    "wrong items": _wrong_items,
    "wrong choice": _wrong_choice,
    "equal items": _equal_items,
    "JSON values": _values,
    "JSON keys": _keys,
    "JSON depth": _deep,
    "JSON number": _long_number,
    "JSON text": _long_text,
    "form names": _form_names,
    "form repeated": _form_repeated,
    "form list": _form_list,
    "multipart parts": _parts,
    "multipart head": _part_head,
    "charset": _charset,
    "XML": _xml,
    "content coding": _bomb,
    "query": _query,
    "path": _path,
    "header": _header,
    "headers": _headers,
    "chunks": _chunks,
    "pipeline": _pipeline,
    "control": _control,
    "control body": _control_body,
}


def as_facts(request: RawRequest) -> str:
    """A request in one line, for reports."""
    first = request.data[:60].split(b"\r\n")[0].decode("latin-1")
    return json.dumps({"kind": request.kind, "bytes": len(request.data), "line": first})
