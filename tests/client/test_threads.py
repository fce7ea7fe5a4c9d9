"""One blocking client shared by threads, one asyncio client by tasks: each call gets its own answer, none is sent twice."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.client.answers import http
from tests.client.calls import INSTALLATION, ITEM, Told, client_for, decoded, invoke
from tests.client.fault_server import Wire, serving
from tests.patience import PATIENCE
from twilio_marketplace import CallOptions, ClientError, Limits

THREADS = 16
EACH = 15
CONNECTIONS = 6


def _echo(wire: Wire) -> None:
    """The id in the path comes back in the body; each hundredth request is limited, so that retries mix in."""
    request = wire.request()
    if len(wire.server.requests) % 25 == 0:
        wire.send(http(429, b"{}"))
    elif request.operation == "report":
        billed = request.body.partition(b'"quantity":')[2].rstrip(b"}]")
        wire.send(http(202, b'{"total_submitted":%s,"billable_items":[]}' % billed))
    else:
        wire.send(http(200, b'{"sid":"%s"}' % request.target.rpartition("/")[2].encode()))


def _sid(number: int) -> str:
    return f"XB{number:032x}"


def _calls(client: Any, number: int) -> list[tuple[Any, Any]]:
    """What was asked and what came back."""
    seen: list[tuple[Any, Any]] = []
    for turn in range(EACH):
        mine = number * 1000 + turn + 1
        if turn % 3:
            seen.append((_sid(mine), client.listings.fetch(_sid(mine)).sid))
        else:
            items = [{"sid": ITEM, "quantity": mine}]
            result = client.usages.report(INSTALLATION, billable_items=items)
            seen.append((mine, int(decoded(result).total_submitted)))
    return seen


def test_threads_share_a_client_and_get_their_own_answers() -> None:
    limits = Limits(connections=CONNECTIONS)
    told = Told()
    with serving(_echo) as server, client_for("sync", server.url, told, limits=limits) as client:
        with ThreadPoolExecutor(THREADS) as threads:
            for seen in threads.map(lambda number: _calls(client, number), range(THREADS)):
                assert len(seen) == EACH
                assert all(asked == answered for asked, answered in seen), seen
        total = len(server.requests)

    limited = total // 25
    assert total == THREADS * EACH + limited == len(told.starts) == len(told.ends)
    assert Counter(str(end.outcome) for end in told.ends) == {
        "succeeded": THREADS * EACH, "not_processed": limited
    }  # fmt: skip
    assert len(told.intents) == len({intent.id for intent in told.intents}) == len(told.outcomes)


def test_threads_take_no_more_connections_than_allowed() -> None:
    most, now, lock = 0, 0, threading.Lock()

    def script(wire: Wire) -> None:
        nonlocal most, now
        request = wire.request()
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.005)
        with lock:
            now -= 1
        wire.send(http(200 if request.method == "GET" else 202, b"{}"))

    limits = Limits(connections=CONNECTIONS)
    with (
        serving(script) as server,
        client_for("sync", server.url, limits=limits) as client,
        ThreadPoolExecutor(THREADS) as threads,
    ):
        names = ["fetch", "report"] * 40
        assert len(list(threads.map(lambda name: invoke(client, name), names))) == 80
    assert 1 < most <= CONNECTIONS


def test_tasks_share_a_client_and_get_their_own_answers() -> None:
    async def scenario(url: str) -> list[str]:
        async with client_for("async", url, limits=Limits(connections=CONNECTIONS)) as client:
            calls = [client.listings.fetch(_sid(number)) for number in range(200)]
            return [listing.sid for listing in await asyncio.gather(*calls)]

    with serving(_echo) as server:
        assert asyncio.run(scenario(server.url)) == [_sid(number) for number in range(200)]
        assert len(server.requests) == 200 + len(server.requests) // 25
        assert server.connections <= CONNECTIONS


@pytest.mark.parametrize("name", ["fetch", "report"])
def test_closing_ends_calls_that_are_running_or_lets_them_finish(name: str) -> None:
    """Whichever it is, it is soon, and an error is one of ours that does not deny what the server saw."""
    arrived = threading.Semaphore(0)

    def script(wire: Wire) -> None:
        wire.request()
        arrived.release()
        wire.hang()

    def call(client: Any) -> BaseException | None:
        try:
            invoke(client, name, CallOptions(retries=None))
        except BaseException as error:
            return error
        return None

    with serving(script) as server, ThreadPoolExecutor(4) as threads:
        client = client_for("sync", server.url, timeout=httpx.Timeout(10, read=1.0))
        running = [threads.submit(call, client) for _ in range(4)]
        for _ in running:
            assert arrived.acquire(timeout=PATIENCE)
        client.close()
        ended = [future.result(timeout=PATIENCE) for future in running]
        assert len(server.requests) == 4
    for error in ended:
        assert isinstance(error, ClientError), repr(error)
        assert error.outcome == "unknown"


def test_async_closing_ends_calls_that_are_running_or_lets_them_finish() -> None:
    arrived = threading.Semaphore(0)

    def script(wire: Wire) -> None:
        wire.request()
        arrived.release()
        wire.hang()

    async def scenario(url: str) -> list[Any]:
        client = client_for("async", url, timeout=httpx.Timeout(10, read=1.0))
        running = [asyncio.ensure_future(invoke(client, "report")) for _ in range(4)]
        for _ in running:
            assert await asyncio.to_thread(arrived.acquire, timeout=PATIENCE)
        await client.aclose()
        return await asyncio.wait_for(asyncio.gather(*running, return_exceptions=True), PATIENCE)

    with serving(script) as server:
        ended = asyncio.run(scenario(server.url))
        assert len(server.requests) == 4
    for error in ended:
        assert isinstance(error, ClientError), repr(error)
        assert error.outcome == "unknown"
