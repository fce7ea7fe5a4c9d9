"""How far a call has come when it is broken off from outside, and what a journal and a hook have to know of it then."""

from __future__ import annotations

from collections.abc import Callable

from tests.client.answers import USUAL, good, http
from tests.client.calls import Told
from tests.client.fault_server import Wire
from twilio_marketplace import Retries

SLOW_RETRIES = Retries(attempts=5, first_delay=20.0, longest_delay=20.0)
Reached = Callable[[], None]
Phase = Callable[[Wire, Reached], None]


def after_request(wire: Wire, reached: Reached) -> None:
    wire.request()
    reached()
    wire.hang()


def in_headers(wire: Wire, reached: Reached) -> None:
    wire.send(good(wire.request())[:25])
    reached()
    wire.hang()


def in_body(wire: Wire, reached: Reached) -> None:
    wire.send(good(wire.request())[:-5])
    reached()
    wire.hang()


def in_pause(wire: Wire, reached: Reached) -> None:
    wire.request()
    wire.send(http(429, USUAL, headers={"Retry-After": "20"}))
    if wire.told_to_close:
        wire.close()
    wire.server.closing.wait(0.25)  # the connection is watched before the answer is believed
    reached()
    if wire.open:
        wire.hang()


PHASES = [(after_request, "unknown"), (in_headers, "unknown"), (in_body, "unknown")]


def check_told(told: Told, name: str, outcome: str, attempts: int, error: type[BaseException]) -> None:
    assert len(told.starts) == len(told.ends) == attempts
    if name == "report":
        assert [kind for kind, _, _ in told.events] == ["before", "after"]
        (recorded,) = told.outcomes
        assert (recorded.outcome, recorded.attempts) == (outcome, attempts)
        assert isinstance(recorded.error, error)
    else:
        assert told.events == []
