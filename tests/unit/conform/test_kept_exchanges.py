"""Which exchanges of a run its reports get: the first of each kind, and those that showed a failure."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from clientsmith.conform.client.calls import Called
from clientsmith.conform.model import Mode
from clientsmith.conform.run.context import Context
from clientsmith.conform.run.findings import Findings
from clientsmith.conform.run.tally import Tally
from clientsmith.diagnostics.model import NOWHERE
from clientsmith.traffic.message import HttpRequest


def findings(tally: Tally) -> Findings:
    node = SimpleNamespace(place=NOWHERE)
    checker = SimpleNamespace(resolved=SimpleNamespace(node=lambda: node))
    context: Any = SimpleNamespace(tally=tally, checker=checker)
    return Findings(cast("Context", context), "request", None)


def called(number: int) -> Called:
    return Called(None, None, (HttpRequest("GET", f"/{number}"),), (), 0.0)


NOTHING_SENT = Called(None, None, (), (), 0.0)


def kept(tally: Tally) -> list[str]:
    return [one.request.target for one in tally.exchanges]


def test_the_first_of_each_kind_are_kept_and_all_are_counted() -> None:
    tally = Tally()
    found = findings(tally)
    modes: tuple[Mode, ...] = ("sync", "async")
    for mode in modes:
        for number in range(25):
            found.sent(mode, called(number))
    assert kept(tally) == [f"/{number}" for number in range(10)] * 2
    assert dict(tally.exchanged) == {("", "request", "sync"): 25, ("", "request", "async"): 25}


@pytest.mark.parametrize("number", [3, 10, 24])
def test_one_that_showed_a_failure_is_kept_once(number: int) -> None:
    tally = Tally()
    found = findings(tally)
    for turn in range(25):
        found.sent("sync", called(turn))
        found.check(turn != number, "body-differs", "it differs")
        found.check(turn != number, "name-lost", "it is lost")
    assert kept(tally) == [f"/{turn}" for turn in range(10)] + ([f"/{number}"] if number >= 10 else [])


def test_a_failure_without_a_request_keeps_no_other_exchange() -> None:
    tally = Tally()
    found = findings(tally)
    for turn in range(25):
        found.sent("sync", called(turn))
    found.sent("sync", NOTHING_SENT)
    found.check(False, "nothing-sent", "nothing was sent")
    assert len(tally.exchanges) == 10 and tally.exchanged["", "request", "sync"] == 25
