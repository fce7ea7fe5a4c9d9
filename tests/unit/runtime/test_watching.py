"""What applications see of a call while it is made: hooks, the log and the journal, none of which can change it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from clientsmith import runtime
from clientsmith.runtime import (
    Attempt,
    AttemptEnd,
    AttemptResult,
    CallOptions,
    ConfigurationError,
    Intent,
    IntentOutcome,
    JournalError,
    Outcome,
    Retries,
)
from tests.unit.runtime.small_api import ADD_ON, ITEM, SID, Server

FAST = Retries(first_delay=0.0, longest_delay=0.0)
ITEMS = [{"sid": ITEM, "quantity": 1}]
BILLED = httpx.Response(202, json={"total_submitted": 1, "billable_items": []})
LOGGER = "clientsmith"


class Recorder:
    """A hook that keeps what it is told."""

    def __init__(self) -> None:
        self.started: list[Attempt] = []
        self.ended: list[AttemptResult] = []

    def __call__(self, attempt: Attempt) -> AttemptEnd:
        self.started.append(attempt)
        attempt.headers["traceparent"] = f"00-{attempt.number}"
        return self.ended.append


class Memory:
    """A journal in memory, for blocking clients."""

    def __init__(self, fail_before: Exception | None = None, fail_after: Exception | None = None) -> None:
        self.intents: list[Intent] = []
        self.outcomes: list[tuple[Intent, IntentOutcome]] = []
        self._fail_before = fail_before
        self._fail_after = fail_after

    def before_send(self, intent: Intent) -> None:
        self.intents.append(intent)
        if self._fail_before:
            raise self._fail_before

    def after_outcome(self, intent: Intent, outcome: IntentOutcome) -> None:
        self.outcomes.append((intent, outcome))
        if self._fail_after:
            raise self._fail_after


class AsyncMemory:
    """The same, awaited."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def before_send(self, intent: Intent) -> None:
        self._memory.before_send(intent)

    async def after_outcome(self, intent: Intent, outcome: IntentOutcome) -> None:
        self._memory.after_outcome(intent, outcome)


def answers(*responses: httpx.Response) -> Callable[[httpx.Request], httpx.Response]:
    left = list(responses)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def report(server: Server, memory: Memory, *, asynchronous: bool, intent_id: str | None = None) -> Any:
    options = CallOptions(intent_id=intent_id)
    if not asynchronous:
        with server.client(retries=FAST, journal=memory) as client:
            return client.usages.report(ADD_ON, billable_items=ITEMS, options=options)

    async def run() -> Any:
        async with server.async_client(retries=FAST, journal=AsyncMemory(memory)) as client:
            return await client.usages.report(ADD_ON, billable_items=ITEMS, options=options)

    return asyncio.run(run())


both = pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])


def test_hooks_see_every_attempt_and_may_add_headers() -> None:
    hook = Recorder()
    server = Server(answers(httpx.Response(429), httpx.Response(200, json={"sid": SID})))
    server.client(retries=FAST, hooks=[hook]).listings.fetch(SID)
    assert [(seen.operation, seen.method, seen.path, seen.number) for seen in hook.started] == [
        ("fetchListing", "GET", "/v1/Listing/{Sid}", 1),
        ("fetchListing", "GET", "/v1/Listing/{Sid}", 2),
    ]
    assert [request.headers["traceparent"] for request in server.requests] == ["00-1", "00-2"]
    first, second = hook.ended
    assert first.status == 429 and first.outcome is Outcome.NOT_PROCESSED and first.retry_in == 0
    assert isinstance(first.error, runtime.TooManyRequests) and first.duration >= 0
    assert second.status == 200 and second.outcome is Outcome.SUCCEEDED and second.error is None


def test_a_hook_replaces_headers_of_the_same_name_only() -> None:
    def hook(attempt: Attempt) -> None:
        attempt.headers["USER-AGENT"] = "traced"

    server = Server(httpx.Response(200, json={}))
    server.client(hooks=[hook]).listings.fetch(SID)
    assert server.request.headers.get_list("user-agent") == ["traced"]
    assert server.request.headers["authorization"].startswith("Basic ")


def test_a_hook_that_fails_is_logged_and_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    ended: list[AttemptResult] = []

    def broken(_: Attempt) -> AttemptEnd:
        raise RuntimeError("no exporter")

    def broken_later(attempt: Attempt) -> AttemptEnd:
        attempt.headers["bad"] = "line\nbreak"

        def end(result: AttemptResult) -> None:
            ended.append(result)
            raise ValueError("no exporter either")

        return end

    server = Server(httpx.Response(200, json={"sid": SID}))
    client = server.client(hooks=[broken, broken_later, lambda _: None])
    with caplog.at_level(logging.ERROR, LOGGER):
        assert client.listings.fetch(SID).sid == SID
    messages = [record.getMessage() for record in caplog.records]
    assert len(messages) == 3 and "bad" not in server.request.headers and len(ended) == 1
    assert "RuntimeError: no exporter" in messages[0] and "ValueError" in messages[2]


def test_every_attempt_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    done = httpx.Response(200, json={"sid": SID}, headers={"Twilio-Request-Id": "RQ1"})
    server = Server(answers(httpx.Response(429), done))
    with caplog.at_level(logging.DEBUG, LOGGER):
        server.client(retries=FAST).listings.fetch(SID)
    retried, succeeded = (record.__dict__ for record in caplog.records)
    assert (retried["levelname"], retried["status"], retried["attempt"]) == ("INFO", 429, 1)
    assert (succeeded["levelname"], succeeded["status"], succeeded["attempt"]) == ("DEBUG", 200, 2)
    assert succeeded["request_id"] == "RQ1" and succeeded["duration"] > 0
    assert (succeeded["operation"], succeeded["method"]) == ("fetchListing", "GET")
    assert succeeded["path"] == "/v1/Listing/{Sid}" and succeeded["outcome"] == "succeeded"
    assert SID not in caplog.text and "canary-secret" not in caplog.text


def test_a_billing_call_without_a_clear_answer_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    server = Server(httpx.ReadTimeout("x"))
    with caplog.at_level(logging.WARNING, LOGGER):
        with pytest.raises(runtime.ReadTimeoutError):
            server.client(retries=FAST).usages.report(ADD_ON, billable_items=ITEMS)
        with pytest.raises(runtime.ReadTimeoutError):
            server.client(retries=None).listings.fetch(SID)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "find out what was billed" in caplog.text


@both
def test_one_intent_per_billing_call_whatever_the_attempts(asynchronous: bool) -> None:
    memory = Memory()
    server = Server(answers(httpx.Response(429), BILLED))
    report(server, memory, asynchronous=asynchronous, intent_id="invoice-7")
    [intent], [(ended, outcome)] = memory.intents, memory.outcomes
    assert intent is ended and intent.id == "invoice-7" and intent.operation == "reportUsage"
    assert intent.body == server.request.content and intent.digest.startswith("sha256:")
    assert (outcome.outcome, outcome.attempts, outcome.error) == (Outcome.SUCCEEDED, 2, None)
    assert outcome.response is not None and outcome.response.status == 202


@both
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (httpx.Response(400), Outcome.REJECTED),
        (httpx.Response(429), Outcome.NOT_PROCESSED),
        (httpx.Response(500), Outcome.UNKNOWN),
        (httpx.Response(202), Outcome.UNKNOWN),
        (httpx.ConnectError("x"), Outcome.NOT_SENT),
        (httpx.ReadError("x"), Outcome.UNKNOWN),
        (KeyboardInterrupt(), Outcome.UNKNOWN),
    ],
    ids=repr,
)
def test_the_journal_gets_the_outcome_that_the_caller_sees(
    asynchronous: bool, answer: Any, expected: Outcome
) -> None:
    def respond(_: httpx.Request) -> httpx.Response:
        if isinstance(answer, BaseException):
            raise answer
        return httpx.Response(answer.status_code)

    memory = Memory()
    with pytest.raises((runtime.ClientError, KeyboardInterrupt)) as caught:
        report(Server(respond), memory, asynchronous=asynchronous)
    [(_, outcome)] = memory.outcomes
    assert outcome.outcome is expected and outcome.error is caught.value
    assert getattr(caught.value, "outcome", expected) is expected


@both
def test_a_journal_that_does_not_take_the_intent_stops_the_call(asynchronous: bool) -> None:
    memory, server = Memory(fail_before=OSError("disk full")), Server(BILLED)
    with pytest.raises(JournalError, match="nothing was sent: OSError: disk full") as caught:
        report(server, memory, asynchronous=asynchronous)
    assert caught.value.outcome is Outcome.NOT_SENT and caught.value.attempts == 0 and not server.requests
    assert isinstance(caught.value.__cause__, OSError)
    assert len(memory.intents) == 1 and not memory.outcomes


@both
def test_a_journal_that_does_not_take_the_outcome_is_logged(
    asynchronous: bool, caplog: pytest.LogCaptureFixture
) -> None:
    memory = Memory(fail_after=OSError("disk full"))
    with caplog.at_level(logging.ERROR, LOGGER):
        assert report(Server(BILLED), memory, asynchronous=asynchronous) is not None
    assert "did not take the outcome" in caplog.text and memory.intents[0].id in caplog.text


def test_only_billing_calls_are_written_down() -> None:
    memory, server = Memory(), Server(httpx.Response(200, json={}))
    with server.client(journal=memory) as client:
        client.listings.fetch(SID)
        client.listings.update(SID, module_info={"name": "x"})
        with pytest.raises(runtime.RequestValidationError):
            client.usages.report(ADD_ON, billable_items=[{"sid": ITEM, "quantity": 0}])
    assert not memory.intents and not memory.outcomes


def test_an_intent_id_that_nothing_would_read_is_refused() -> None:
    server = Server(BILLED)
    options = CallOptions(intent_id="x")
    with pytest.raises(ConfigurationError, match="a client with a journal"):
        server.client().usages.report(ADD_ON, billable_items=ITEMS, options=options)
    with pytest.raises(ConfigurationError, match="an operation that bills"):
        server.client(journal=Memory()).listings.fetch(SID, options=options)
    with pytest.raises(ConfigurationError, match="not empty"):
        server.client(journal=Memory()).usages.report(
            ADD_ON, billable_items=ITEMS, options=CallOptions(intent_id="")
        )
    assert not server.requests
