"""Ways in which the runtime could be made to say something wrong about a call, bill again, or show a secret."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import os
import re
import socket
import time
import traceback
import tracemalloc
from pathlib import Path
from typing import Any

import httpx
import pytest

from clientsmith.runtime import (
    CallOptions,
    ClientError,
    ConfigurationError,
    Limits,
    Outcome,
    Retries,
    TooManyRequests,
)
from clientsmith.runtime.observe.hooks import Attempt, AttemptEnd, AttemptResult
from clientsmith.runtime.observe.journal import Intent, IntentOutcome
from clientsmith.runtime.sqlite.async_sqlite_journal import AsyncSqliteJournal
from tests.unit.runtime.small_api import ADD_ON, ITEM, SID, AsyncSmallClient, Client
from tests.unit.runtime.sockets import Answer, serving

ITEMS = [{"sid": ITEM, "quantity": 1}]
BILLED = json.dumps({"total_submitted": 1, "billable_items": []}).encode()
LISTING = json.dumps({"sid": SID}).encode()


def answer(status: int, body: bytes, *more: bytes) -> bytes:
    lines = [b"HTTP/1.1 %d X" % status, b"Content-Type: application/json", b"Content-Length: %d" % len(body)]
    return b"\r\n".join([*lines, *more]) + b"\r\n\r\n" + body


def always(data: bytes) -> Answer:
    def respond(request: bytes, connection: socket.socket) -> bool:
        connection.sendall(data)
        return True

    return respond


def drop(request: bytes, connection: socket.socket) -> bool:
    return False


def sync_client(url: str, **more: Any) -> Client:
    return Client("SKkey", "canary-secret", base_url=url, **more)


class Kept:
    """A journal that keeps what it is told in memory."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []

    def before_send(self, intent: Intent) -> None:
        pass

    def after_outcome(self, intent: Intent, outcome: IntentOutcome) -> None:
        self.outcomes.append(outcome.outcome)


def test_an_interrupt_while_hooks_hear_of_a_broken_attempt_leaves_the_outcome_unknown() -> None:
    def hook(attempt: Attempt) -> AttemptEnd:
        def end(result: AttemptResult) -> None:
            raise KeyboardInterrupt

        return end

    journal = Kept()
    with serving(drop) as seen, sync_client(seen.url, journal=journal, hooks=[hook]) as client:
        with pytest.raises(KeyboardInterrupt):
            client.usages.report(ADD_ON, billable_items=ITEMS)
        assert len(seen.requests) == 1
    assert journal.outcomes == [Outcome.UNKNOWN]


def test_an_answer_that_came_before_its_request_is_not_taken_for_the_answer_of_a_billing_call() -> None:
    def smuggle(request: bytes, connection: socket.socket) -> bool:
        if request.startswith(b"GET"):
            connection.sendall(answer(200, LISTING) + answer(202, BILLED))
        else:
            connection.sendall(answer(400, b"{}"))
        return True

    with serving(smuggle) as seen, sync_client(seen.url) as client:
        client.listings.fetch(SID)
        with pytest.raises(ClientError):
            client.usages.report(ADD_ON, billable_items=ITEMS)


def test_an_answer_that_came_before_its_request_is_not_taken_for_one_in_asyncio() -> None:
    def smuggle(request: bytes, connection: socket.socket) -> bool:
        if request.startswith(b"GET"):
            connection.sendall(answer(200, LISTING) + answer(202, BILLED))
        else:
            connection.sendall(answer(400, b"{}"))
        return True

    async def run(url: str) -> None:
        async with AsyncSmallClient("SKkey", "canary-secret", base_url=url) as client:
            await client.listings.fetch(SID)
            with pytest.raises(ClientError):
                await client.usages.report(ADD_ON, billable_items=ITEMS)

    with serving(smuggle) as seen:
        asyncio.run(run(seen.url))


def test_a_blocking_client_refuses_a_journal_that_would_have_to_be_awaited(tmp_path: Path) -> None:
    with serving(always(answer(202, BILLED))) as seen:
        with contextlib.suppress(ClientError):
            client = sync_client(seen.url, journal=AsyncSqliteJournal(tmp_path / "journal.db"))
            client.usages.report(ADD_ON, billable_items=ITEMS)
        assert seen.requests == []


def test_a_cancelled_task_still_leaves_the_outcome_recorded_where_the_journal_takes_its_time() -> None:
    class Slow:
        def __init__(self) -> None:
            self.started = asyncio.Event()
            self.outcomes: list[Outcome] = []

        async def before_send(self, intent: Intent) -> None:
            pass

        async def after_outcome(self, intent: Intent, outcome: IntentOutcome) -> None:
            self.started.set()
            await asyncio.sleep(0.05)
            self.outcomes.append(outcome.outcome)

    async def run(url: str) -> list[Outcome]:
        journal = Slow()
        async with AsyncSmallClient("SKkey", "canary-secret", base_url=url, journal=journal) as client:
            task = asyncio.create_task(client.usages.report(ADD_ON, billable_items=ITEMS))
            await journal.started.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.sleep(0.1)
            return journal.outcomes

    with serving(always(answer(202, BILLED))) as seen:
        assert asyncio.run(run(seen.url)) == [Outcome.SUCCEEDED]


class Failover(httpx.BaseTransport):
    """Asks a second host, which is down, where the first one fails."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return self._inner.handle_request(request)
        except httpx.TransportError:
            request.url = request.url.copy_with(port=1)
            return self._inner.handle_request(request)


def test_a_connect_error_after_bytes_of_the_request_left_is_no_proof_that_nothing_was_sent() -> None:
    with serving(drop) as seen:
        client = sync_client(seen.url, transport=Failover(), retries=Retries(first_delay=0))
        with pytest.raises(ClientError) as caught:
            client.usages.report(ADD_ON, billable_items=ITEMS)
        assert len(seen.requests) == 1
        assert caught.value.outcome is Outcome.UNKNOWN


def test_a_process_made_by_fork_leaves_the_connections_of_its_parent_alone() -> None:
    with serving(always(answer(200, LISTING))) as seen, sync_client(seen.url, retries=None) as client:
        client.listings.fetch(SID)
        child = os.fork()
        if child == 0:
            try:
                client.listings.fetch(SID)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        assert [len(requests) for requests in seen.connections] == [1, 1]


def test_a_body_that_is_compressed_twice_keeps_to_the_limit_while_it_is_unpacked() -> None:
    twice = gzip.compress(gzip.compress(bytes(256 * 2**20), 9), 9)
    assert len(twice) < 2**10
    with (
        serving(always(answer(200, twice, b"Content-Encoding: gzip, gzip"))) as seen,
        sync_client(seen.url, retries=None, limits=Limits(response_bytes=2**20)) as client,
    ):
        tracemalloc.start()
        with pytest.raises(ClientError):
            client.listings.fetch(SID)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 16 * 2**20


def test_a_charset_that_takes_python_quadratic_time_is_not_decoded() -> None:
    body = b"-" + b"a9z" * 100_000
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=punycode\r\nContent-Length: %d\r\n\r\n"
    )
    with serving(always(head % len(body) + body)) as seen, sync_client(seen.url, retries=None) as client:
        started = time.thread_time()
        with pytest.raises(ClientError):
            client.listings.fetch(SID)
        assert time.thread_time() - started < 1


def leak(error: BaseException) -> bool:
    shown = "".join(
        line
        for frame in traceback.StackSummary.extract(
            traceback.walk_tb(error.__traceback__), capture_locals=True
        )
        if frame.filename != __file__
        for line in map(str, (frame.locals or {}).values())
    )
    return "U0trZXk6Y2FuYXJ5LXNlY3JldA==" in shown or "canary" in shown


@pytest.mark.parametrize(
    "options",
    [
        CallOptions(headers={"Host": "elsewhere"}),
        CallOptions(headers={"X-Note": "two\nlines"}),
        CallOptions(extra_query={"q": "x" * 70_000}),
    ],
    ids=["framing header", "line break", "long URL"],
)
def test_no_frame_of_a_refused_call_holds_the_credentials(options: CallOptions) -> None:
    client = sync_client("http://127.0.0.1:1")
    with pytest.raises(ClientError) as caught:
        client.listings.fetch(SID, options=options)
    assert not leak(caught.value)


def test_a_client_whose_construction_failed_can_be_shown() -> None:
    with pytest.raises(ConfigurationError) as caught:
        sync_client("nowhere")
    traceback.TracebackException.from_exception(caught.value, capture_locals=True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"hooks": 5},
        {"hooks": None},
        {"hooks": [None]},
        {"limits": 5},
        {"limits": {}},
        {"headers": 5},
        {"headers": [("a", "b")]},
        {"transport": object()},
        {"transport": httpx.AsyncHTTPTransport()},
        {"journal": object()},
        {"deadline": 10**400},
        {"timeout": 10**400},
        {"timeout": httpx.Timeout(-1)},
        {"retries": Retries(first_delay=10**400)},
    ],
    ids=lambda value: re.sub(r"0x\w+", "", repr(value))[:40],
)
def test_a_wrong_argument_of_a_client_is_a_configuration_error(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        sync_client("http://127.0.0.1:1", **wrong)


@pytest.mark.parametrize(
    "options",
    [
        {"timeout": 1},
        5,
        CallOptions(headers=5),
        CallOptions(extra_query=5),
        CallOptions(extra_query={5: 5}),
        CallOptions(deadline=10**400),
    ],
    ids=lambda value: re.sub(r"0x\w+", "", repr(value))[:40],
)
def test_wrong_options_of_a_call_are_an_error_of_ours(options: Any) -> None:
    with pytest.raises(ClientError):
        sync_client("http://127.0.0.1:1").listings.fetch(SID, options=options)


def test_a_wrong_extra_body_is_an_error_of_ours() -> None:
    with pytest.raises(ClientError):
        sync_client("http://127.0.0.1:1").usages.report(
            ADD_ON,
            billable_items=ITEMS,
            options=CallOptions(extra_body=[1]),
        )


def test_a_pause_longer_than_python_can_sleep_is_not_an_untyped_error() -> None:
    busy = always(answer(429, b"{}", b"Retry-After: 99999999999"))
    with serving(busy) as seen:
        with pytest.raises(ConfigurationError):
            sync_client(seen.url, deadline=None, retries=Retries(longest_delay=1e15))
        client = sync_client(seen.url, deadline=10.0, retries=Retries(longest_delay=86_400))
        with pytest.raises(TooManyRequests):
            client.usages.report(ADD_ON, billable_items=ITEMS)
