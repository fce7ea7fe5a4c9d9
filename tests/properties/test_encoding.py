"""Any value in any parameter style, form or multipart body reads back as what was passed."""

from __future__ import annotations

import email.parser
import email.policy
import json
from decimal import Decimal
from typing import Any

import httpx
from hypothesis import given
from hypothesis import strategies as st

from tests.behavior.packages import package_of, spec
from tests.behavior.styles import read_header, read_pairs, read_path
from tests.behavior.test_parameter_styles import DOCUMENT, GRID, INEXPRESSIBLE
from tests.properties.packages import deterministic

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False, places=3)
    | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=5,
)


class Wire:
    """Keeps the last request of a client whose calls it answers."""

    def __init__(self, document: str) -> None:
        self.request = httpx.Request("GET", "https://nothing.example.com")
        self.client = package_of(document).client_class()(transport=httpx.MockTransport(self._handle))

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.request = request
        return httpx.Response(204)


def _texts(location: str, style: str) -> st.SearchStrategy[str]:
    """What a style can express: RFC 6570 leaves a dot as it is, headers take one line of Latin-1."""
    gone = INEXPRESSIBLE.get(f"{style}-{location}" if location == "header" else style, "")
    if location == "header":
        return st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_categories=["Cc"], exclude_characters=gone), min_size=1, max_size=6).filter(
            lambda text: text == text.strip(" ")
        )  # fmt: skip
    text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=gone), min_size=1, max_size=6)
    return text.filter(lambda text: text not in (".", ".."))


@deterministic(150)
@given(st.data())
def test_parameters_read_back(data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(GRID) - 1))
    location, style, _, kind = GRID[number]
    text = _texts(location, style)
    values = {
        "scalar": text,
        "array": st.lists(text, min_size=1, max_size=3),
        "object": st.dictionaries(text, text, min_size=1, max_size=3),
    }
    value = data.draw(values[kind])

    assert _read(number, value) == value


_parameters: list[Wire] = []


def _read(number: int, value: Any) -> Any:
    location, style, explode, kind = GRID[number]
    wire = _parameters[0] if _parameters else Wire(DOCUMENT)
    _parameters[:] = [wire]
    method = getattr(wire.client.grid, f"p{number}")
    if location == "path":
        method(value)
        return read_path(
            wire.request.url.raw_path.decode().removeprefix(f"/p{number}/"), "v", kind, style, explode
        )
    method(v=value)
    if location == "header":
        (raw_header,) = (content for name, content in wire.request.headers.raw if name == b"v")
        return read_header(raw_header.decode("latin-1"), kind, explode)
    raw = wire.request.url.query.decode() if location == "query" else wire.request.headers["cookie"]
    pairs = [tuple(pair.split("=", 1)) for pair in raw.split("&" if location == "query" else "; ")]
    return read_pairs(pairs, "v", kind, style, explode)


BODIES = spec("""
paths:
  /form:
    post:
      operationId: form
      tags: [b]
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {text: {type: string}, list: {type: array, items: {type: string}}, json: {}}}
            encoding: {json: {contentType: application/json}}
      responses: {'204': {description: ok}}
  /multipart:
    post:
      operationId: multipart
      tags: [b]
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema: {type: object, properties: {text: {type: string}, file: {type: string, format: binary}, json: {}}}
            encoding: {json: {contentType: application/json}}
      responses: {'204': {description: ok}}
  /json:
    post:
      operationId: json
      tags: [b]
      requestBody: {required: true, content: {application/json: {schema: {}}}}
      responses: {'204': {description: ok}}
""")
_bodies: list[Wire] = []


def _wire() -> Wire:
    _bodies[:] = _bodies or [Wire(BODIES)]
    return _bodies[0]


@deterministic(80)
@given(_TEXT, st.lists(_TEXT, max_size=3), _JSON)
def test_forms_read_back(text: str, listed: list[str], value: Any) -> None:
    wire = _wire()

    wire.client.b.form(text=text, list_=listed, json_=value)

    pairs = httpx.QueryParams(wire.request.content.decode()).multi_items()
    assert [item for name, item in pairs if name == "text"] == [text]
    assert [item for name, item in pairs if name == "list"] == listed
    ((_, sent),) = [pair for pair in pairs if pair[0] == "json"]
    assert _parsed(sent) == value


@deterministic(80)
@given(_TEXT, st.binary(max_size=40), _JSON)
def test_multipart_reads_back(text: str, content: bytes, value: Any) -> None:
    wire = _wire()

    wire.client.b.multipart(text=text, file=("name é.bin", content, "application/x-thing"), json_=value)

    head = f"Content-Type: {wire.request.headers['content-type']}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + wire.request.content)
    parts = {
        part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
        for part in message.iter_parts()
    }
    assert parts["text"] == text.encode()
    assert parts["file"] == content
    assert _parsed(parts["json"].decode()) == value


@deterministic(80)
@given(_JSON)
def test_json_reads_back(value: Any) -> None:
    wire = _wire()

    wire.client.b.json(body=value)

    assert _parsed(wire.request.content.decode()) == value


def _parsed(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)
