"""Deprecated names that are called through `with_response`: the warning is about the line of the caller."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import MethodType
from typing import Any

import httpx
import pytest
from typing_extensions import deprecated

from clientsmith.runtime.values.renamed import renamed_argument
from clientsmith.runtime.values.unset import UNSET
from tests.deprecations import deprecations
from tests.unit.runtime.small_api import SID, Server

OK = httpx.Response(200, json={"sid": SID})


@deprecated("This is client.listings.fetch now.")
def load(listings: Any, sid: str) -> Any:
    return listings.fetch(sid)


def fetch(listings: Any, sid: str | Any = UNSET, *, key: str | Any = UNSET) -> Any:
    return listings.fetch(renamed_argument("fetch", "sid", sid, "key", key))


@deprecated("This is client.listings.fetch now.")
async def aload(listings: Any, sid: str) -> Any:
    return await listings.fetch(sid)


async def afetch(listings: Any, sid: str | Any = UNSET, *, key: str | Any = UNSET) -> Any:
    return await listings.fetch(renamed_argument("fetch", "sid", sid, "key", key))


both = deprecated("This is client.listings.fetch now.")(fetch)
aboth = deprecated("This is client.listings.fetch now.")(afetch)

CASES = [
    (load, aload, (SID,), {}, 1),
    (fetch, afetch, (), {"key": SID}, 1),
    (both, aboth, (), {"key": SID}, 2),
    (fetch, afetch, (SID,), {}, 0),
]


@pytest.mark.parametrize(("method", "other", "arguments", "keywords", "count"), CASES)
def test_the_line_of_the_caller_is_warned_about(
    method: Callable[..., Any],
    other: Callable[..., Any],
    arguments: tuple[str, ...],
    keywords: dict[str, str],
    count: int,
) -> None:
    client = Server(OK).client()
    with deprecations() as caught:
        reply = client.with_response(MethodType(method, client.listings), *arguments, **keywords)
    assert reply.result.sid == SID
    assert [one.filename for one in caught] == [__file__] * count

    async def awaited() -> Any:
        async with Server(OK).async_client() as client:
            return await client.with_response(MethodType(other, client.listings), *arguments, **keywords)

    with deprecations() as caught:
        reply = asyncio.run(awaited())
    assert reply.result.sid == SID
    assert [one.filename for one in caught] == [__file__] * count


def test_a_task_warns_about_the_line_that_made_it() -> None:
    async def gathered() -> Any:
        async with Server(OK).async_client() as client:
            method = MethodType(aload, client.listings)
            return await asyncio.gather(*(client.with_response(method, SID) for _ in range(2)))

    with deprecations() as caught:
        replies = asyncio.run(gathered())
    assert [one.result.sid for one in replies] == [SID, SID]
    assert [one.filename for one in caught] == [__file__] * 2


def test_a_deprecated_function_that_is_no_method_is_called_as_it_is() -> None:
    client = Server(OK).client()
    with pytest.warns(DeprecationWarning, match="listings.fetch now") as caught:
        reply = client.with_response(load, client.listings, SID)
    assert reply.result.sid == SID
    assert [one.filename for one in caught] == [__file__]
