"""The request direction: valid inputs have to reach the wire unchanged, invalid ones must not get past both ends."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from clientsmith.conform.client.call_inputs import CallInputs, NoSuchArgumentError
from clientsmith.conform.contract.requests.drawn_inputs import drawn_inputs
from clientsmith.conform.contract.requests.files_part import check_files
from clientsmith.conform.contract.requests.models_part import check_models, check_open_models
from clientsmith.conform.contract.requests.on_the_wire import check_on_the_wire, comparable
from clientsmith.conform.contract.requests.python_only_part import check_python_only
from clientsmith.conform.contract.requests.refusal_part import check_refusals
from clientsmith.conform.contract.requests.request_case import RequestCase, shown_error
from clientsmith.conform.inputs.members import is_of_one_branch
from clientsmith.conform.inputs.sayable import travels
from clientsmith.conform.model import MODES, Mode
from clientsmith.conform.run.context import Context
from clientsmith.conform.run.findings import Findings
from clientsmith.json_values.codec import Value
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.traffic.message import HttpRequest, HttpResponse


def check_requests(context: Context, operation: DescribedOperation) -> Findings:
    """Check the request side of one operation against the document."""
    findings = Findings(context, "request", operation)
    case = RequestCase(context, operation, findings)
    check_sent(case)
    check_refusals(case)
    check_python_only(case)
    check_files(case)
    return findings


def check_sent(case: RequestCase) -> None:
    """Call an operation with what was drawn for it, and check that it reaches the wire unchanged."""
    _RequestPart(case).valid()


class _RequestPart:
    def __init__(self, case: RequestCase) -> None:
        self.case = case
        self._opened: set[Mode] = set()
        """Clients that were given models with more keys than are due, once each."""

    def valid(self) -> None:
        case = self.case
        answers = {key: case.context.answer(case.operation, key) for key in case.operation.responses}
        answers = answers or {"default": HttpResponse(200)}
        statuses = list(answers)
        for turn, inputs in enumerate(drawn_inputs(case, len(statuses))):
            status = statuses[turn % len(statuses)]
            self._one(inputs, status, answers[status])
        usual = case.context.usual_inputs(case.operation)
        if case.findings.found and usual is not None and case.media is not None:

            def again(value: Value, findings: Findings) -> None:
                part = _RequestPart(replace(case, findings=findings))
                part._one(CallInputs(usual.parameters, value), statuses[0], answers[statuses[0]])

            case.findings.shrink(case.schema, "request", again, valid=True)

    def _one(self, inputs: CallInputs, status: str, answer: HttpResponse) -> None:
        """One call by each client, and whether both send the same."""
        sent: dict[Mode, HttpRequest] = {}
        for mode in MODES:
            request = self._valid_call(mode, inputs, status, answer)
            if request is not None:
                sent[mode] = request
        if len(sent) == len(MODES):
            one, other = comparable(sent["sync"]), comparable(sent["async"])
            said = f"the two clients send different bytes: {_difference(one, other)}"
            self.case.check(one == other, "sync-and-async-differ", said, inputs=inputs, request=sent["async"])

    def _valid_call(
        self, mode: Mode, inputs: CallInputs, status: str, answer: HttpResponse
    ) -> HttpRequest | None:
        """The request of a call; None if the client, or the signature of its method, refused it."""
        case, what = self.case, {"mode": mode, "inputs": inputs}
        try:
            called = case.call(mode, case.arguments(inputs), answer)
        except NoSuchArgumentError as error:
            case.check(False, "valid-not-expressible", str(error), **what)
            return None
        case.findings.sent(mode, called, answer)
        if not called.requests:
            passed = self._may_refuse(inputs, called.error) and case.is_refusal(called.error)
            said = f"a valid input was not sent: {shown_error(called.error)}"
            case.check(passed, "valid-refused", said, **what)
            return None
        request, *more = called.requests
        case.check(not more, "sent-twice", f"{len(called.requests)} requests for one call", **what)
        check_on_the_wire(case, mode, inputs, request)
        if not case.has_choice_below:
            check_models(case, mode, inputs, request, answer)
            if case.is_json and request.body and mode not in self._opened:
                self._opened.add(mode)
                check_open_models(case, mode, inputs, answer)
        case.context.tally.cell(case.operation.id, status, "request", mode)
        return request

    def _may_refuse(self, inputs: CallInputs, error: Exception | None) -> bool:
        """Whether something of valid inputs cannot be sent, or may be a typing mistake."""
        media = {(one.location, one.name): one.media_type for one in self.case.operation.parameters}
        can_travel = all(travels(key[0], media.get(key), value) for key, value in inputs.parameters.items())
        return not can_travel or self._is_unknown_to_a_branch(error, inputs.body)

    def _is_unknown_to_a_branch(self, error: Exception | None, body: object) -> bool:
        """In a union a key may be known to one branch alone, and is a typing mistake in the others."""
        kinds = {one.kind for one in getattr(error, "problems", ())}
        if "extra_forbidden" not in kinds or not self.case.has_choice_below:
            return False
        return not is_of_one_branch(self.case.context.checker, self.case.schema, cast("Value", body))


def _difference(one: tuple[object, ...], other: tuple[object, ...]) -> str:
    pairs = (
        f"{left!r:.200} / {right!r:.200}" for left, right in zip(one, other, strict=True) if left != right
    )
    return "; ".join(pairs)
