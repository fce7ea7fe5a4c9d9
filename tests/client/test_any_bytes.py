"""Whatever bytes come back, as a body or as the whole answer: the call ends in a result or in an error that names it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel

from tests.client.answers import GOOD_BODY, GOOD_STATUS, REQUEST_ID, http
from tests.client.calls import ARGUMENTS, IDS, OPERATIONS, Name
from tests.client.fault_server import Arrived
from tests.client.pairs import Pair, examples, pair, same
from twilio_marketplace import ClientError, NotModified, Outcome, ResponseError


@pytest.fixture(scope="module")
def both() -> Iterator[Pair]:
    with pair() as made:
        yield made


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes, "identity": bytes, "gzip": gzip.compress, "deflate": zlib.compress, "br": bytes, "x, gzip": bytes
}  # fmt: skip
TYPES = [
    "application/json", "application/json; charset=utf-16", "application/json; charset=\xff", "text/plain", "text/html",
    "application/octet-stream", "application/problem+json", ";;;", "application/json; charset=idna", "*/*",
]  # fmt: skip
JSONISH = st.recursive(
    st.sampled_from(["null", "true", "1", "-0", "1e999999999", '"x"', '"\\ud800"', "NaN", "1" * 5000]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[" + ",".join(items) + "]")
        | st.lists(
            st.tuples(
                st.sampled_from(["sid", "pricing", "total_submitted", "billable_items", "code", "x"]), inner
            ),
            max_size=3,
        ).map(lambda pairs: "{" + ",".join(f'"{key}":{value}' for key, value in pairs) + "}")
    ),
    max_leaves=6,
).map(str.encode)
BODIES = st.binary(max_size=200) | JSONISH | st.binary(max_size=20).map(lambda end: b'{"sid":"x"}' + end)


def _judge(name: Name, outcome: Any) -> None:
    """A result of the right kind, or an error with all that an error has."""
    if not isinstance(outcome, ClientError):
        assert isinstance(outcome, (BaseModel, NotModified))
        return
    assert outcome.operation == IDS[name]
    assert outcome.attempts == 1
    assert outcome.outcome in set(Outcome) - {Outcome.SUCCEEDED, Outcome.NOT_SENT}
    assert str(outcome)
    assert repr(outcome)
    if isinstance(outcome, ResponseError):
        _ = (outcome.status, outcome.request_id, outcome.response.text, outcome.response.content_type)


def _call(both: Pair, name: Name) -> Any:
    subject, keywords = ARGUMENTS[name]
    outcomes, requests = both.both(name, subject, **keywords)
    assert len(requests) == 2
    return outcomes


@pytest.mark.parametrize("name", OPERATIONS)
@examples(150)
@given(
    body=BODIES,
    status=st.sampled_from([200, 202, 299, 304, 400, 404, 429, 500]) | st.integers(200, 599),
    content_type=st.sampled_from(TYPES),
    coding=st.sampled_from(sorted(CODINGS)),
)
@example(body=b'{"total_submitted":1e999999999}', status=202, content_type=TYPES[0], coding="")
@example(body=b'{"code":' + b"9" * 5000 + b"}", status=500, content_type=TYPES[0], coding="")
@example(body=b'{"message":"\\ud800","code":"\\udfff"}', status=400, content_type=TYPES[0], coding="")
def test_any_body(both: Pair, name: Name, body: bytes, status: int, content_type: str, coding: str) -> None:
    def answer(request: Arrived) -> bytes:
        packed = CODINGS[coding](body)
        if status in (204, 304):
            return http(status, None)
        return http(status, packed, content_type, {"Content-Encoding": coding} if coding else {})

    both.answer, both.last = answer, False
    outcome = same(_call(both, name))
    _judge(name, outcome)
    if isinstance(outcome, ResponseError):
        assert outcome.status == status
        assert outcome.request_id == REQUEST_ID


LINES = st.sampled_from(
    [b"HTTP/1.1 200 OK", b"HTTP/1.1 202 Accepted", b"HTTP/1.0 200 OK", b"HTTP/2 200", b"HTTP/1.1 99 x", b"HTTP/1.1 2000 x",
     b"HTTP/1.1 101 x", b"HTTP/1.1 100 Continue", b"HTTP/1.1 200", b"ICY 200 OK", b"HTTP/1.1 -20 x", b"HTTP/1.1 204 x"]
) | st.binary(max_size=40)  # fmt: skip
FIELDS = st.sampled_from(
    [b"Content-Length: 0", b"Content-Length: 5", b"Content-Length: -1", b"Content-Length: 5, 5", b"Content-Length: 1e3",
     b"Content-Length: 99999999999999999999", b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip, chunked",
     b"Connection: close", b"Connection: upgrade", b"Content-Type: application/json", b"Content-Encoding: gzip",
     b"Content-Encoding: zstd", b": empty", b"No colon", b" folded: x", b"X: \x00", b"X\xff: y", b"Retry-After: \xff",
     b"Set-Cookie: a=b", b"Location: //[", b"Content-Type: a/b; charset=\"", b"Twilio-Request-Id: \xff\xfe"]
) | st.binary(max_size=30)  # fmt: skip
WHOLE = st.binary(max_size=300) | st.builds(
    lambda line, fields, body, end: end.join([line, *fields, b"", b""]) + body,
    LINES,
    st.lists(FIELDS, max_size=5),
    BODIES | st.just(b"2\r\n{}\r\n0\r\n\r\n") | st.just(b"ffffffffffffffffff\r\n{}"),
    st.sampled_from([b"\r\n", b"\n", b"\r"]),
)


@pytest.mark.parametrize("name", OPERATIONS)
@examples(200)
@given(raw=WHOLE)
@example(raw=b"")
@example(raw=b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}")
@example(raw=b"HTTP/1.1 202 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=\xff\r\n{}\r\n0\r\nX: y\r\n\r\n")
def test_any_answer(both: Pair, name: Name, raw: bytes) -> None:
    both.answer, both.last = lambda request: raw, True
    outcomes = _call(both, name)
    for outcome in outcomes:
        _judge(name, outcome)
    assert type(outcomes[0]) is type(outcomes[1])


@pytest.mark.parametrize("name", OPERATIONS)
@examples(60)
@given(place=st.integers(0, 300), change=st.binary(max_size=3))
def test_good_answer_with_a_few_bytes_changed(both: Pair, name: Name, place: int, change: bytes) -> None:
    def answer(request: Arrived) -> bytes:
        whole = http(GOOD_STATUS[name], GOOD_BODY[name])
        at = place % len(whole)
        return whole[:at] + change + whole[at + len(change) :]

    both.answer, both.last = answer, True
    for outcome in _call(both, name):
        _judge(name, outcome)
