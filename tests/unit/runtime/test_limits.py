"""Answers are taken up to a limit of bytes and of nesting, compressed or not; settings that make no sense are refused."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientsmith.runtime import (
    CallOptions,
    ConfigurationError,
    Limits,
    Outcome,
    ResponseDecodeError,
    StatusError,
)
from clientsmith.runtime.values.json_codec import JsonError, parse
from tests.unit.runtime.small_api import SID, AsyncSmallClient, Client, Server

SMALL = Limits(response_bytes=1000, json_depth=20)


class Endless(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body without an end; says how much of it was taken."""

    def __init__(self) -> None:
        self.taken = 0
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        while True:
            self.taken += 100
            yield b" " * 100

    async def __aiter__(self) -> Any:
        for chunk in self:
            yield chunk

    def close(self) -> None:
        self.closed = True

    async def aclose(self) -> None:
        self.closed = True


def test_no_more_is_read_than_the_limit_allows() -> None:
    def call(status: int) -> tuple[Endless, Any]:
        body = Endless()
        server = Server(lambda _: httpx.Response(status, stream=body))
        with pytest.raises((ResponseDecodeError, StatusError)) as caught:
            server.client(limits=SMALL).listings.fetch(SID)
        return body, caught.value

    body, error = call(200)
    assert isinstance(error, ResponseDecodeError) and error.outcome is Outcome.UNKNOWN
    assert "the body is longer than 1000 bytes" in str(error) and error.content == b""
    assert body.closed and body.taken <= 1200
    body, error = call(404)
    assert error.status == 404 and error.outcome is Outcome.REJECTED and body.closed and body.taken <= 1200


def test_no_more_is_read_than_the_limit_allows_async() -> None:
    async def run() -> None:
        body = Endless()
        transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=body))
        async with AsyncSmallClient("k", "s", transport=transport, limits=SMALL) as client:
            with pytest.raises(ResponseDecodeError, match="longer than 1000 bytes"):
                await client.listings.fetch(SID)
        assert body.closed and body.taken <= 1200

    asyncio.run(run())


@pytest.mark.parametrize(
    ("coding", "reason"),
    [("gzip", "longer than"), ("deflate", "longer than"), ("gzip, gzip", "cannot be decompressed")],
)
def test_a_body_that_unpacks_to_more_than_the_limit_is_refused(coding: str, reason: str) -> None:
    content = b" " * 50_000_000
    for name in coding.split(", "):
        content = gzip.compress(content, mtime=0) if name == "gzip" else zlib.compress(content)
    stream = httpx.ByteStream(content)

    def answer(_: httpx.Request) -> httpx.Response:
        response = httpx.Response(200, headers={"content-encoding": coding})
        response.stream = stream
        response.is_stream_consumed = False
        return response

    with pytest.raises(ResponseDecodeError, match=reason):
        Server(answer).client(limits=Limits(response_bytes=100_000)).listings.fetch(SID)


@pytest.mark.parametrize(
    ("coding", "is_read"),
    [
        ("x-gzip", True), ("X-GZIP", True), (" gzip ", True), ("identity, x-gzip", True), ("gzip, identity", True),
        (", gzip,", True), ("gzip, x-gzip", False), ("compress", False), ("x-compress", False), ("br", False),
        ("nothing known", False),
    ],
)  # fmt: skip
def test_content_codings_by_all_of_their_names(coding: str, is_read: bool) -> None:
    """RFC 9110 section 8.4.1: names have no case, and `x-gzip` is another one of gzip; what nobody undoes is no body."""
    content = gzip.compress(json.dumps({"sid": SID}).encode())

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-encoding": coding}, stream=httpx.ByteStream(content))

    client = Server(answer).client()
    if is_read:
        assert client.listings.fetch(SID).sid == SID
        return
    with pytest.raises(ResponseDecodeError, match="cannot be decompressed"):
        client.listings.fetch(SID)


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "X-Gzip", "identity, x-gzip"])
def test_content_codings_of_a_body_that_the_transport_has_read(coding: str) -> None:
    """httpx undoes what it knows while it reads, which `x-gzip` is not."""
    content, headers = gzip.compress(json.dumps({"sid": SID}).encode()), {"content-encoding": coding}

    client = Server(httpx.Response(200, headers=headers, content=content)).client()
    assert client.listings.fetch(SID).sid == SID
    longer = Server(httpx.Response(200, headers=headers, content=gzip.compress(b" " * 10_000))).client(
        limits=SMALL
    )
    with pytest.raises(ResponseDecodeError, match="longer than"):
        longer.listings.fetch(SID)


def test_a_body_of_exactly_the_limit_is_taken() -> None:
    body = json.dumps({"sid": SID}).ljust(1000).encode()
    for content in (body, body + b" "):
        client = Server(httpx.Response(200, content=content)).client(limits=SMALL)
        if content is body:
            assert client.listings.fetch(SID).sid == SID
        else:
            with pytest.raises(ResponseDecodeError, match="longer than"):
                client.listings.fetch(SID)


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def test_nesting_is_bounded() -> None:
    deep = f'{{"sid": "{SID}", "new": {nested(19)}, "text": "{"[" * 500}"}}'
    assert Server(httpx.Response(200, text=deep)).client(limits=SMALL).listings.fetch(SID).sid == SID
    deeper = deep.replace("[[", "[[[", 1).replace("]]", "]]]", 1)
    with pytest.raises(ResponseDecodeError, match="nested more than 20 levels deep") as caught:
        Server(httpx.Response(200, text=deeper)).client(limits=SMALL).listings.fetch(SID)
    assert caught.value.outcome is Outcome.UNKNOWN
    with pytest.raises(StatusError) as refused:
        Server(httpx.Response(400, text=deeper)).client(limits=SMALL).listings.fetch(SID)
    assert refused.value.body is None and refused.value.content == deeper.encode()


def depth_of(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth_of, value), default=0)
    return 0


JSON = st.recursive(
    st.none() | st.text(alphabet='a"\\[]{}\n/u0041'),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text('x"\\[{', max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(JSON, st.integers(1, 6), st.booleans())
@settings(derandomize=True, database=None)
def test_depth_is_counted_as_the_parsed_value_has_it(value: Any, limit: int, ascii_only: bool) -> None:
    content = json.dumps(value, ensure_ascii=ascii_only).encode()
    if depth_of(value) <= limit:
        assert parse(content, depth=limit) == value
    else:
        with pytest.raises(JsonError, match="nested more than"):
            parse(content, depth=limit)


@given(st.text(alphabet='"\\[]{},:a', max_size=40), st.integers(1, 4))
@settings(derandomize=True, database=None)
def test_text_that_is_not_json_ends_in_the_error_for_it(text: str, limit: int) -> None:
    try:
        value = json.loads(text)
    except ValueError:
        with pytest.raises(JsonError):
            parse(text.encode(), depth=limit)
    else:
        assert depth_of(value) > limit or parse(text.encode(), depth=limit) == value


@pytest.mark.parametrize(
    "limits",
    [Limits(response_bytes=0), Limits(json_depth=-1), Limits(connections=True), Limits(json_depth=1.5)],
)
def test_limits_that_cannot_be_kept_are_refused(limits: Limits) -> None:
    with pytest.raises(ConfigurationError, match="Limits"):
        Client("k", "s", limits=limits)


@pytest.mark.parametrize("deadline", [0, -1, float("nan"), float("inf"), True, "5"])
def test_deadlines_that_cannot_be_kept_are_refused(deadline: Any) -> None:
    with pytest.raises(ConfigurationError, match="deadline"):
        Client("k", "s", deadline=deadline)
    with pytest.raises(ConfigurationError, match="deadline"):
        Server(httpx.Response(200)).client().listings.fetch(SID, options=CallOptions(deadline=deadline))
