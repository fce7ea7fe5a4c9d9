"""From both ends: the engine draws once, and each case goes through both clients."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clientsmith.conform.client.call_inputs import CallInputs
from clientsmith.conform.client.calls import Caller
from clientsmith.conform.model import MODES, Mode
from clientsmith.traffic.message import HttpRequest, HttpResponse
from tests.conformance.suites import suite

DOCUMENT = "unsaid"


def test_one_run_of_the_engine_takes_each_case_through_both_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[Mode, str]] = []
    whole = Caller.call_for_response

    def noted(self: Caller, operation: str, inputs: CallInputs) -> object:
        calls.append((self.mode, operation))
        return whole(self, operation, inputs)

    monkeypatch.setattr(Caller, "call_for_response", noted)
    (unit,) = [one for one in suite(DOCUMENT).units if one.part == "both-ends"]
    assert not unit.run().failures
    made = [[name for mode, name in calls if mode == one] for one in MODES]
    assert made[0] and made[0] == made[1]


@pytest.mark.parametrize("odd", ["header", "status", "body"])
def test_an_answer_that_reaches_one_client_in_another_shape_is_a_finding(odd: str) -> None:
    answered: list[None] = []

    def wrap(_: HttpRequest, response: HttpResponse) -> HttpResponse:
        answered.append(None)
        if len(answered) % 2:
            return response
        if odd == "header":
            return replace(response, headers=(*response.headers, ("X-Other", "1")))
        return (
            replace(response, status=418) if odd == "status" else replace(response, body=response.body + b" ")
        )

    changed = suite(DOCUMENT).with_service_wrapper(wrap)
    (unit,) = [one for one in changed.units if one.part == "both-ends"]
    found = unit.run().failures
    assert "clients-differ" in {one.id for one in found if one.mode == MODES[1]}


def test_a_server_of_ones_own_is_called_by_one_client_after_the_other() -> None:
    whole = suite(DOCUMENT)
    own = replace(whole, settings=replace(whole.settings, server="http://127.0.0.1:9"), _context=None)
    assert [one.name for one in own.units if one.part == "both-ends"] == [
        f"both-ends:{mode}" for mode in MODES
    ]


def test_a_client_keeps_no_records_of_what_another_one_logs() -> None:
    context = suite(DOCUMENT).context
    operation = next(context.operations())
    inputs = context.usual_inputs(operation)
    assert inputs is not None
    callers = [context.caller(mode, retries=None) for mode in MODES]
    for caller in callers:
        caller.call(operation.id, inputs, lambda _: HttpResponse(500))
    before = len(callers[0].records.found)
    assert before
    callers[1].call(operation.id, inputs, lambda _: HttpResponse(500))
    assert len(callers[0].records.found) == before
