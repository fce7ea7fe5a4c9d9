"""Retries: how many, how long apart, out of which budget, and never wider than what the outcome of an attempt allows."""

from __future__ import annotations

import asyncio
import email.utils
import itertools
import time
from typing import Any

import pytest

from tests.client.answers import USUAL, good, http
from tests.client.calls import MODES, OPERATIONS, SOON, Mode, Name, Told, client_for, invoke, run
from tests.client.checks import check_failure, check_told
from tests.client.fault_server import FaultServer, Wire, nobody, serving
from twilio_marketplace import AsyncMarketplaceClient, CallOptions, ClientError, MarketplaceClient, Retries

CALLS = 40


def _fail(wire: Wire) -> None:
    wire.request()
    wire.send(http(503, USUAL))


def _limit_once(wire: Wire) -> None:
    request = wire.request()
    wire.send(http(429, USUAL) if len(wire.server.requests) == 1 else good(request))


def _outage(mode: Mode, server: FaultServer, told: Told, retries: Retries, calls: int = CALLS) -> None:
    """Many fetches, each of which fails."""
    if mode == "sync":
        with client_for("sync", server.url, told, retries=retries) as client:
            for _ in range(calls):
                with pytest.raises(ClientError):
                    invoke(client, "fetch")
        return

    async def all_at_once() -> None:
        async with client_for("async", server.url, told, retries=retries) as client:
            waiting = [invoke(client, "fetch") for _ in range(calls)]
            ended = await asyncio.gather(*waiting, return_exceptions=True)
            assert all(isinstance(error, ClientError) for error in ended)

    asyncio.run(all_at_once())


@pytest.mark.parametrize("mode", MODES)
def test_outage_is_not_multiplied_by_the_attempts(mode: Mode) -> None:
    retries = Retries(attempts=5, first_delay=0.0001, longest_delay=0.0002, budget=20)
    with serving(_fail) as server:
        _outage(mode, server, Told(), retries)

        assert len(server.requests) == CALLS + retries.budget


@pytest.mark.parametrize("mode", MODES)
def test_budget_belongs_to_the_client_whatever_single_calls_ask_for(mode: Mode) -> None:
    ask = CallOptions(retries=Retries(attempts=5, first_delay=0.0001, longest_delay=0.0002, budget=10**6))

    async def scenario(url: str) -> None:
        async with client_for("async", url, retries=Retries(budget=3)) as client:
            for _ in range(10):
                with pytest.raises(ClientError):
                    await invoke(client, "fetch", ask)

    with serving(_fail) as server:
        if mode == "async":
            asyncio.run(scenario(server.url))
        else:
            with client_for("sync", server.url, retries=Retries(budget=3)) as client:
                for _ in range(10):
                    with pytest.raises(ClientError):
                        invoke(client, "fetch", ask)
        assert len(server.requests) == 10 + 3


def test_every_tenth_success_gives_one_retry_back() -> None:
    failing = True

    def script(wire: Wire) -> None:
        request = wire.request()
        wire.send(http(503, USUAL) if failing else good(request))

    def fail(client: Any) -> int:
        before = len(server.requests)
        with pytest.raises(ClientError):
            invoke(client, "fetch")
        return len(server.requests) - before

    retries = Retries(attempts=5, first_delay=0.0001, longest_delay=0.0002, budget=2)
    with serving(script) as server, client_for("sync", server.url, retries=retries) as client:
        assert [fail(client), fail(client)] == [3, 1]
        failing = False
        for _ in range(10):
            invoke(client, "fetch")
        failing = True
        assert [fail(client), fail(client)] == [2, 1]


@pytest.mark.parametrize("mode", MODES)
def test_pauses_are_drawn_between_nothing_and_a_bound_that_doubles(mode: Mode) -> None:
    told = Told()
    retries = Retries(attempts=5, first_delay=0.001, longest_delay=0.004, budget=10**6)
    with serving(_fail) as server:
        _outage(mode, server, told, retries, calls=60)

    for number, bound in enumerate([0.001, 0.002, 0.004, 0.004], start=1):
        pauses = _pauses(told, number)
        assert len(pauses) == 60
        assert 0 <= min(pauses) < 0.3 * bound
        assert 0.7 * bound < max(pauses) <= bound
    assert _pauses(told, 5) == []


def _pauses(told: Told, number: int) -> list[float]:
    """The pauses after all attempts with this number."""
    return [end.retry_in for end in told.ends_of(number) if end.retry_in is not None]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_limited_call_is_repeated_byte_by_byte(name: Name, mode: Mode) -> None:
    with serving(_limit_once) as server:
        ended = run(mode, name, server.url)
        first, second = server.requests

    assert ended.error is None
    assert first.raw == second.raw
    check_told(ended, name, "succeeded", 2)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_call_that_was_refused_a_connection_is_sent_as_soon_as_it_gets_one(name: Name, mode: Mode) -> None:
    with nobody() as url:
        port = int(url.rpartition(":")[2])
    started: list[FaultServer] = []

    def hook(attempt: Any) -> Any:
        def end(result: Any) -> None:
            if result.outcome == "not_sent" and not started:
                started.append(FaultServer(lambda wire: wire.send(good(wire.request())), port=port))

        return end

    ended = run(mode, name, url, hooks=[hook])
    (server,) = started
    server.close()

    assert ended.error is None
    assert len(server.requests) == 1


@pytest.mark.parametrize("mode", MODES)
def test_retry_after_is_waited_for(mode: Mode) -> None:
    def script(wire: Wire) -> None:
        request = wire.request()
        if len(wire.server.requests) == 1:
            wire.send(http(429, USUAL, headers={"Retry-After": "1"}))
        else:
            wire.send(good(request))

    with serving(script) as server:
        start = time.monotonic()
        ended = run(mode, "report", server.url, retries=Retries(first_delay=0.001, longest_delay=9))
        took = time.monotonic() - start

    assert ended.error is None
    assert 1.0 <= took < 6
    assert 1.0 <= ended.told.ends[0].retry_in < 1.5
    assert len(server.requests) == 2


@pytest.mark.parametrize("mode", MODES)
def test_retry_after_as_a_date_is_waited_for_and_capped(mode: Mode) -> None:
    dates = itertools.chain([email.utils.formatdate(time.time() + 100, usegmt=True)], itertools.repeat("0"))

    def script(wire: Wire) -> None:
        wire.request()
        wire.send(http(429, USUAL, headers={"Retry-After": next(dates)}))

    with serving(script) as server:
        retries = Retries(attempts=2, first_delay=0.001, longest_delay=0.2)
        ended = run(mode, "report", server.url, retries=retries)

    check_failure(ended, "report", server.url, "TooManyRequests", "not_processed", 2)
    assert 0.19 < ended.told.ends[0].retry_in <= 0.3


def _answer_with_status(wire: Wire) -> None:
    wire.send(http(int(wire.request().headers["x-status"]), USUAL))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_no_option_makes_a_billing_call_repeat_what_may_have_happened(status: int, mode: Mode) -> None:
    options = CallOptions(
        headers={"X-Status": str(status)},
        retries=Retries(attempts=50, first_delay=0.0001, longest_delay=0.0002, budget=1000), timeout=1.0, deadline=None
    )  # fmt: skip
    with serving(_answer_with_status) as server:
        run(mode, "report", server.url, options=options)
        assert server.posts == 1


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("status", "name", "attempts"), [(503, "fetch", 5), (503, "report", 1), (429, "report", 5)]
)
def test_default_retries(status: int, name: Name, attempts: int, mode: Mode) -> None:
    async def scenario(url: str) -> ClientError:
        async with AsyncMarketplaceClient("SK", "x", base_url=url) as client:
            with pytest.raises(ClientError) as caught:
                await invoke(client, name)
            return caught.value

    def script(wire: Wire) -> None:
        wire.request()
        wire.send(http(status, USUAL, headers={"Retry-After": "0"}))

    with serving(script) as server:
        if mode == "async":
            error = asyncio.run(scenario(server.url))
        else:
            with (
                MarketplaceClient("SK", "x", base_url=server.url) as client,
                pytest.raises(ClientError) as caught,
            ):
                invoke(client, name)
            error = caught.value
        assert len(server.requests) == error.attempts == attempts


@pytest.mark.parametrize("mode", MODES)
def test_call_that_succeeds_at_last_tells_each_attempt(mode: Mode) -> None:
    def script(wire: Wire) -> None:
        request = wire.request()
        number = len(wire.server.requests)
        if number == 1:
            wire.reset()
        else:
            wire.send(http(500, USUAL) if number == 2 else good(request))

    with serving(script) as server:
        ended = run(mode, "fetch", server.url)

    assert ended.error is None
    assert [str(end.outcome) for end in ended.told.ends] == ["unknown", "unknown", "succeeded"]
    assert [end.status for end in ended.told.ends] == [None, 500, 200]
    assert SOON.attempts == 3
