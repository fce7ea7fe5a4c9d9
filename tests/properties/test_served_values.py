"""What a generated client sends, the recorded-response server reads back to the same values, in every style and form."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import httpx
from hypothesis import given
from hypothesis import strategies as st

from clientsmith.json_values import codec
from clientsmith.traffic.check import CheckedRequest, MessageChecker
from clientsmith.traffic.message import HttpRequest
from tests.behavior.test_parameter_styles import DOCUMENT, GRID
from tests.properties.packages import deterministic
from tests.properties.test_encoding import _JSON, _TEXT, BODIES, Wire, _texts
from tests.unit.serve.answering import opened

_ends: dict[str, tuple[Wire, MessageChecker]] = {}


def _both(document: str) -> tuple[Wire, MessageChecker]:
    """A client and a server of a document; made once."""
    if document not in _ends:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "spec.yaml"
            path.write_text(document, "utf-8")
            _ends[document] = Wire(document), opened(path).checker
    return _ends[document]


def _read(checker: MessageChecker, sent: httpx.Request) -> CheckedRequest:
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in sent.headers.raw)
    target = sent.url.raw_path.decode("ascii")
    return checker.check_request(HttpRequest(sent.method, target, headers, sent.content))


@deterministic(200)
@given(st.data())
def test_parameters(data: st.DataObject) -> None:
    wire, checker = _both(DOCUMENT)
    number = data.draw(st.integers(0, len(GRID) - 1))
    location, style, _, kind = GRID[number]
    text = _texts(location, style)
    shapes = {
        "scalar": text,
        "array": st.lists(text, min_size=1, max_size=3),
        "object": st.dictionaries(text, text, min_size=1, max_size=3),
    }
    value = data.draw(shapes[kind])
    method = getattr(wire.client.grid, f"p{number}")
    method(value) if location == "path" else method(v=value)

    found = _read(checker, wire.request)

    assert (found.refusal, found.findings) == (None, ())
    places = {
        "path": found.parameters.path,
        "query": found.parameters.query,
        "header": found.parameters.header,
    }
    assert places.get(location, found.parameters.cookie) == {"v": value}


def _same(found: Any, sent: Any) -> bool:
    return codec.equality_key(found) == codec.equality_key(sent)


@deterministic(80)
@given(_TEXT, st.lists(_TEXT, min_size=1, max_size=3), _JSON)
def test_forms(text: str, listed: list[str], value: Any) -> None:
    wire, checker = _both(BODIES)
    wire.client.b.form(text=text, list_=listed, json_=value)

    found = _read(checker, wire.request)

    assert found.refusal is None
    assert _same(found.body, {"text": text, "list": listed, "json": value})


@deterministic(80)
@given(_TEXT, st.binary(max_size=40), _JSON)
def test_multipart(text: str, content: bytes, value: Any) -> None:
    wire, checker = _both(BODIES)
    wire.client.b.multipart(text=text, file=("name é.bin", content, "application/x-thing"), json_=value)

    found = _read(checker, wire.request)

    assert found.refusal is None
    assert _same(found.body, {"text": text, "file": content, "json": value})


@deterministic(80)
@given(_JSON)
def test_json(value: Any) -> None:
    wire, checker = _both(BODIES)
    wire.client.b.json(body=value)

    found = _read(checker, wire.request)

    assert found.refusal is None
    assert _same(found.body, value)
