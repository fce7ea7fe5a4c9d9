"""A deadline ends the whole call, whatever the server does meanwhile, and says what became of the request."""

from __future__ import annotations

import time

import httpx
import pytest

from tests.client.answers import USUAL, good, http
from tests.client.calls import IMPATIENT, MODES, OPERATIONS, Mode, Name, run
from tests.client.checks import check_failure, check_told
from tests.client.fault_server import Script, Wire, full, serving
from tests.patience import PATIENCE
from twilio_marketplace import (
    CallOptions,
    CallTimeoutError,
    DeadlineExceededError,
    Retries,
    TooManyRequests,
    TransportError,
)

SLACK = PATIENCE / 2
"""How much later than its deadline a call may end on a busy machine; without one it would take ten seconds or more."""
PATIENT = Retries(attempts=5, first_delay=5.0, longest_delay=60.0)


def _trickle(wire: Wire) -> None:
    wire.trickle(good(wire.request()))
    wire.hang()


def _trickle_body(wire: Wire) -> None:
    head, end, body = good(wire.request()).partition(b"\r\n\r\n")
    wire.send(head + end)
    wire.trickle(body * 10)
    wire.hang()


def _hang(wire: Wire) -> None:
    wire.request()
    wire.hang()


def _endless_chunks(wire: Wire) -> None:
    status = 202 if wire.request().operation == "report" else 200
    fields = {"Content-Type": "application/json", "Transfer-Encoding": "chunked"}
    wire.send(http(status, None, headers=fields))
    while True:
        wire.trickle(b"1\r\n \r\n", 0.002)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("script", [_trickle, _trickle_body, _hang, _endless_chunks])
def test_slow_answer_ends_with_the_deadline(script: Script, name: Name, mode: Mode) -> None:
    with serving(script) as server:
        start = time.monotonic()
        ended = run(mode, name, server.url, deadline=0.3)
        took = time.monotonic() - start
        assert len(server.requests) == 1

    failure = check_failure(ended, name, server.url, "DeadlineExceededError", "unknown", 1)
    assert isinstance(failure, CallTimeoutError)
    assert 0.25 < took < 0.3 + SLACK
    check_told(ended, name, "unknown", 1)


@pytest.mark.parametrize("wiring", ["client", "transport"])
@pytest.mark.parametrize(
    ("script", "mode"),
    [
        (script, mode)
        for script in (_trickle, _trickle_body, _hang, _endless_chunks)
        for mode in MODES
        if (script, mode) != (_trickle, "sync")
    ],
)
def test_slow_answer_ends_with_the_deadline_over_httpx(script: Script, mode: Mode, wiring: str) -> None:
    with serving(script) as server:
        start = time.monotonic()
        ended = run(mode, "report", server.url, wiring=wiring, deadline=0.3)
        assert 0.25 < time.monotonic() - start < 0.3 + SLACK
        assert len(server.requests) == 1

    check_failure(ended, "report", server.url, "DeadlineExceededError", "unknown", 1)


@pytest.mark.parametrize("wiring", ["client", "transport"])
def test_blocking_httpx_tells_of_the_deadline_only_once_the_headers_are_there(wiring: str) -> None:
    """What cannot be had: between two bytes of the headers, nobody but httpx's own transport could stop reading."""
    with serving(lambda wire: wire.trickle(good(wire.request()), 0.003)) as server:
        ended = run("sync", "report", server.url, wiring=wiring, deadline=0.3)
        assert len(server.requests) == 1

    check_failure(ended, "report", server.url, "DeadlineExceededError", "unknown", 1)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_deadline_of_one_call_wins_over_that_of_the_client(name: Name, mode: Mode) -> None:
    with serving(_hang) as server:
        start = time.monotonic()
        ended = run(mode, name, server.url, deadline=60, options=CallOptions(deadline=0.3))
        assert time.monotonic() - start < 0.3 + SLACK

    check_failure(ended, name, server.url, "DeadlineExceededError", "unknown", 1)


@pytest.mark.parametrize("mode", MODES)
def test_timeout_of_a_step_comes_before_a_longer_deadline(mode: Mode) -> None:
    with serving(_hang) as server:
        ended = run(mode, "report", server.url, deadline=30, timeout=IMPATIENT)

    check_failure(ended, "report", server.url, "ReadTimeoutError", "unknown", 1)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_connection_that_never_comes_about_is_not_sent(name: Name, mode: Mode) -> None:
    with full() as url:
        ended = run(mode, name, url, deadline=0.3)
        check_failure(ended, name, url, "DeadlineExceededError", "not_sent", 1)
        again = run(mode, name, url, timeout=httpx.Timeout(10, connect=0.1))
        check_failure(again, name, url, "ConnectTimeoutError", "not_sent", 3)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("wait", ["30", "Wed, 21 Oct 2099 07:28:00 GMT"])
def test_pause_beyond_the_deadline_is_not_made(wait: str, name: Name, mode: Mode) -> None:
    def script(wire: Wire) -> None:
        wire.request()
        wire.send(http(429, USUAL, headers={"Retry-After": wait}))

    with serving(script) as server:
        start = time.monotonic()
        ended = run(mode, name, server.url, deadline=5, retries=PATIENT)
        assert time.monotonic() - start < SLACK
        assert len(server.requests) == 1

    failure = check_failure(ended, name, server.url, "TooManyRequests", "not_processed", 1)
    assert isinstance(failure, TooManyRequests)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_deadline_that_has_passed_before_the_first_attempt_sends_nothing(name: Name, mode: Mode) -> None:
    with serving(_hang) as server:
        ended = run(mode, name, server.url, deadline=1e-9)
        assert server.connections == 0

    assert isinstance(ended.error, DeadlineExceededError)
    assert (ended.error.outcome, ended.error.attempts) == ("not_sent", 0)
    assert ended.told.starts == []


@pytest.mark.parametrize("mode", MODES)
def test_deadline_spans_all_attempts(mode: Mode) -> None:
    with serving(_hang) as server:
        start = time.monotonic()
        retries = Retries(attempts=100, first_delay=0.001, longest_delay=0.002, budget=100)
        ended = run(
            mode, "fetch", server.url, deadline=0.7, timeout=httpx.Timeout(10, read=0.1), retries=retries
        )
        took = time.monotonic() - start
        assert 2 <= len(server.requests) <= 7

    assert isinstance(ended.error, TransportError)
    assert isinstance(ended.error, (DeadlineExceededError, CallTimeoutError))
    assert ended.error.attempts == len(server.requests)
    assert ended.error.outcome == "unknown"
    assert took < 0.7 + SLACK


@pytest.mark.parametrize("mode", MODES)
def test_deadline_of_none_waits_as_long_as_the_steps_allow(mode: Mode) -> None:
    def script(wire: Wire) -> None:
        wire.trickle(good(wire.request()), 0.001)

    with serving(script) as server:
        ended = run(mode, "report", server.url, deadline=None)

    assert ended.error is None


@pytest.mark.parametrize("mode", MODES)
def test_unknown_outcome_of_an_earlier_attempt_is_not_forgotten(mode: Mode) -> None:
    """A fetch that hung, and was then refused with a clear word, says that something may have happened."""

    def script(wire: Wire) -> None:
        request = wire.request()
        if len(wire.server.requests) == 1:
            wire.reset()
        else:
            wire.send(http(429, USUAL, headers={"X-Target": request.target[:10]}))

    with serving(script) as server:
        ended = run(mode, "fetch", server.url)

    assert isinstance(ended.error, TooManyRequests)
    assert ended.error.outcome == "unknown"
    assert [str(earlier.outcome) for earlier in ended.error.earlier] == ["unknown", "not_processed"]
