"""What is tried again, after which pause, and for how long a client can afford it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientsmith import runtime
from clientsmith.runtime import (
    CallOptions,
    ClientError,
    ConfigurationError,
    Operation,
    Outcome,
    Resource,
    Response,
    Retries,
)
from clientsmith.runtime.client.retry import RetryBudget, may_retry, pause_before
from tests.unit.runtime.small_api import ADD_ON, ITEM, SID, Server

ITEMS = [{"sid": ITEM, "quantity": 1}]
FAST = Retries(first_delay=0.0, longest_delay=0.001)
METHODS = ("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "POST", "PATCH")


class Sequence:
    """Answers one after the other; the last one for good."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self._answers = list(answers)

    def __call__(self, _: httpx.Request) -> httpx.Response:
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def failing(*answers: httpx.Response | Exception) -> Server:
    return Server(Sequence(*answers))


def attempts(server: Server, call: Callable[[Any], Any], **more: Any) -> tuple[ClientError | None, int]:
    client = server.client(**{"retries": FAST, **more})
    try:
        call(client)
    except ClientError as error:
        return error, len(server.requests)
    return None, len(server.requests)


def fetch(client: Any) -> Any:
    return client.listings.fetch(SID)


def update(client: Any) -> Any:
    return client.listings.update(SID, module_info={"name": "x"})


def report(client: Any) -> Any:
    return client.usages.report(ADD_ON, billable_items=ITEMS)


@pytest.mark.parametrize(
    ("failure", "fetched", "sent_again"),
    [
        (httpx.ConnectError("x"), 5, 5),
        (httpx.ConnectTimeout("x"), 5, 5),
        (httpx.PoolTimeout("x"), 5, 5),
        (httpx.Response(429), 5, 5),
        (httpx.WriteError("x"), 5, 1),
        (httpx.WriteTimeout("x"), 5, 1),
        (httpx.ReadError("x"), 5, 1),
        (httpx.ReadTimeout("x"), 5, 1),
        (httpx.RemoteProtocolError("x"), 5, 1),
        (httpx.Response(408), 5, 1),
        (httpx.Response(500), 5, 1),
        (httpx.Response(502), 5, 1),
        (httpx.Response(599), 5, 1),
        (httpx.Response(501), 1, 1),
        (httpx.Response(505), 1, 1),
        (httpx.Response(400), 1, 1),
        (httpx.Response(409), 1, 1),
        (httpx.Response(302, headers={"location": "/x"}), 1, 1),
        (httpx.Response(200, content=b"{"), 1, 1),
        (httpx.Response(200), 1, 1),
        (httpx.UnsupportedProtocol("x"), 1, 1),
        (httpx.LocalProtocolError("x"), 1, 1),
        (RuntimeError("x"), 5, 1),
    ],
    ids=repr,
)
def test_only_what_can_do_no_harm_is_tried_again(
    failure: httpx.Response | Exception, fetched: int, sent_again: int
) -> None:
    for call, expected in ((fetch, fetched), (update, sent_again), (report, sent_again)):
        error, count = attempts(failing(failure), call)
        assert error is not None and count == expected == error.attempts, call
        assert len(error.earlier) == expected - 1


def test_no_setting_makes_a_billing_call_repeatable() -> None:
    most = Retries(attempts=1000, first_delay=0.0, longest_delay=0.0, budget=1000)
    for failure in (httpx.ReadError("x"), httpx.Response(500), httpx.Response(202, content=b"")):
        server = failing(failure)
        with pytest.raises(ClientError):
            server.client(retries=most).usages.report(
                ADD_ON, billable_items=ITEMS, options=CallOptions(retries=most)
            )
        assert len(server.requests) == 1


@given(
    st.sampled_from(METHODS),
    st.booleans(),
    st.sampled_from([None, True, False]),
    st.sampled_from(list(Outcome)),
)
@settings(derandomize=True, database=None)
def test_an_unknown_outcome_is_repeated_only_where_twice_is_once(
    method: str, bills: bool, idempotent: bool | None, outcome: Outcome
) -> None:
    operation: Operation[None] = Operation("x", method, "/x", bills=bills, idempotent=idempotent)
    repeated = may_retry(operation, runtime.ReadError("x", outcome=outcome))
    by_nature = method not in ("POST", "PATCH") if idempotent is None else idempotent
    expected = outcome is Outcome.NOT_PROCESSED or (outcome is Outcome.UNKNOWN and by_nature and not bills)
    assert repeated is expected


def test_a_call_that_recovers_gives_its_result() -> None:
    for call in (fetch, update):
        server = failing(httpx.Response(429), httpx.ConnectError("x"), httpx.Response(200, json={"sid": SID}))
        assert attempts(server, call) == (None, 3)
    answer = httpx.Response(202, json={"total_submitted": 1, "billable_items": []})
    assert attempts(failing(httpx.Response(429), answer), report) == (None, 2)


def test_the_outcome_of_the_call_counts_every_attempt() -> None:
    error, _ = attempts(failing(httpx.ReadError("x"), httpx.Response(404)), fetch)
    assert isinstance(error, runtime.NotFound) and error.outcome is Outcome.UNKNOWN
    assert isinstance(error.earlier[0], runtime.ReadError) and error.attempts == 2
    assert "attempt 2; an earlier one left the outcome unknown" in str(error)
    error, _ = attempts(failing(httpx.Response(429), httpx.Response(403)), report)
    assert isinstance(error, runtime.Forbidden) and error.outcome is Outcome.REJECTED


def test_a_document_may_say_that_a_post_is_idempotent() -> None:
    server = failing(httpx.ReadError("x"), httpx.Response(204))
    operation: Operation[None] = Operation("x", "POST", "/x", responses=(Response("204"),), idempotent=True)
    Resource(server.client(retries=FAST))._call(operation, ())
    assert len(server.requests) == 2


def test_one_attempt_where_retries_are_switched_off() -> None:
    for more in ({"retries": None}, {"retries": Retries(attempts=1)}):
        error, count = attempts(failing(httpx.Response(429)), fetch, **more)
        assert count == 1 and error is not None and error.attempts == 1
    server = failing(httpx.Response(429))
    with pytest.raises(runtime.TooManyRequests):
        server.client(retries=FAST).listings.fetch(SID, options=CallOptions(retries=None))
    assert len(server.requests) == 1


@given(st.integers(2, 80), st.floats(0, 10), st.floats(0, 100))
@settings(derandomize=True, database=None)
def test_pauses_are_drawn_between_nothing_and_a_bound_that_doubles(
    attempt: int, first: float, longest: float
) -> None:
    policy = Retries(first_delay=first, longest_delay=longest)
    pause = pause_before(attempt, runtime.ConnectError("x"), policy)
    assert 0 <= pause <= min(longest, first * 2.0 ** (attempt - 2))


def test_pauses_spread_over_the_whole_range() -> None:
    policy = Retries(first_delay=1.0, longest_delay=8.0)
    pauses = [pause_before(4, runtime.ConnectError("x"), policy) for _ in range(400)]
    assert min(pauses) < 0.4 and max(pauses) > 3.6 and len(set(pauses)) > 390


def too_many(value: str) -> ClientError:
    server = Server(httpx.Response(429, headers={"retry-after": value.encode("latin-1")}))
    with pytest.raises(runtime.TooManyRequests) as caught:
        server.client(retries=None).listings.fetch(SID)
    return caught.value


@pytest.mark.parametrize(
    ("value", "seconds"), [("0", 0), ("7", 7), (" 12 ", 12), ("31", 30), ("9" * 400, 30)]
)
def test_retry_after_in_seconds_is_kept_up_to_the_longest_delay(value: str, seconds: float) -> None:
    assert pause_before(2, too_many(value), Retries()) == seconds


def test_retry_after_as_a_date_is_kept_up_to_the_longest_delay() -> None:
    def at(seconds: float) -> str:
        return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)

    assert 8 < pause_before(2, too_many(at(10)), Retries()) <= 10
    assert pause_before(2, too_many(at(-100)), Retries()) == 0
    assert pause_before(2, too_many(at(9999)), Retries()) == 30


@pytest.mark.parametrize("value", ["", "soon", "-1", "1.5", "1e9", "Mon, 99 Foo", "²"])
def test_a_useless_retry_after_is_passed_over(value: str) -> None:
    assert 0 <= pause_before(2, too_many(value), Retries(first_delay=0.25)) <= 0.25


def test_a_pause_that_would_outlast_the_deadline_is_not_made() -> None:
    server = Server(httpx.Response(429, headers={"retry-after": "25"}))
    started = time.monotonic()
    with pytest.raises(runtime.TooManyRequests) as caught:
        server.client(retries=Retries(), deadline=20).listings.fetch(SID)
    assert time.monotonic() - started < 15 and caught.value.attempts == 1


def test_the_budget_bounds_the_retries_of_all_calls_together() -> None:
    server = failing(httpx.Response(503))
    client = server.client(retries=Retries(attempts=3, first_delay=0.0, longest_delay=0.0, budget=10))
    for _ in range(50):
        with pytest.raises(runtime.ServiceUnavailable):
            client.listings.fetch(SID)
    assert len(server.requests) == 60


def test_successes_fill_the_budget_again() -> None:
    budget = RetryBudget(2)
    assert [budget.spend() for _ in range(3)] == [True, True, False]
    for _ in range(9):
        budget.earn()
    assert not budget.spend()
    budget.earn()
    assert budget.spend() and not budget.spend()
    for _ in range(1000):
        budget.earn()
    assert [budget.spend() for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    "retries",
    [
        Retries(attempts=0),
        Retries(attempts=True),
        Retries(first_delay=-1),
        Retries(longest_delay=float("inf")),
        Retries(first_delay=float("nan")),
        Retries(budget=-1),
        3,
    ],
)
def test_settings_that_cannot_be_kept_are_refused(retries: Any) -> None:
    with pytest.raises(ConfigurationError, match="Retries"):
        failing(httpx.Response(429)).client(retries=retries)
