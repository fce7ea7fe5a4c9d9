"""What has to hold of every error, whatever the fault: class, outcome, attempts, and what it says of call and answer."""

from __future__ import annotations

import twilio_marketplace
from tests.client.answers import REQUEST_ID
from tests.client.calls import IDS, METHODS, PATHS, Ended
from twilio_marketplace import ClientError, ResponseError


def check_failure(ended: Ended, name: str, url: str, error: str, outcome: str, attempts: int) -> ClientError:
    """Exactly this class and outcome after so many attempts, and everything that names the call."""
    failure = ended.failure
    assert type(failure) is getattr(twilio_marketplace, error), repr(failure)
    assert failure.outcome == outcome
    assert failure.attempts == attempts
    assert len(failure.earlier) == attempts - 1
    for earlier in failure.earlier:
        assert type(earlier) is type(failure)
        assert earlier.outcome == outcome
    assert failure.operation == IDS[name]
    assert failure.method == METHODS[name]
    assert failure.url == url + PATHS[name]
    assert IDS[name] in str(failure)
    assert outcome in str(failure)
    return failure


def check_answer(failure: ClientError, status: int | None, body: bytes | None = None) -> None:
    """The answer is there with its status, request id and bytes; without a status there is none."""
    if status is None:
        assert not isinstance(failure, ResponseError)
        return
    assert isinstance(failure, ResponseError)
    assert failure.status == failure.response.status == status
    assert failure.request_id == REQUEST_ID
    assert failure.headers["twilio-request-id"] == REQUEST_ID
    if body is not None:
        assert failure.content == body


def check_told(ended: Ended, name: str, outcome: str, attempts: int) -> None:
    """The hook saw every attempt begin and end; the journal saw one intent, and how it ended, if the call bills."""
    told = ended.told
    assert [start.number for start in told.starts] == list(range(1, attempts + 1))
    assert len(told.ends) == attempts
    assert {start.operation for start in told.starts} == {IDS[name]}
    assert told.ends[-1].outcome == outcome
    assert [end.retry_in is None for end in told.ends] == [False] * (attempts - 1) + [True]
    if name != "report":
        assert told.events == []
        return
    assert [kind for kind, _, _ in told.events] == ["before", "after"]
    assert told.events[0][1] is told.events[1][1] or told.events[0][1] == told.events[1][1]
    assert told.outcomes[0].outcome == outcome
    assert told.outcomes[0].attempts == attempts
    assert told.outcomes[0].error is ended.error
