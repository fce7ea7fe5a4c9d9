"""Inputs that a schema forbids: the client refuses what it has to check, the server the rest; none becomes valid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from clientsmith.conform.client.call_inputs import CallInputs, NoSuchArgumentError
from clientsmith.conform.client.credentials import credential_of
from clientsmith.conform.contract.requests.request_case import RequestCase, shown_error
from clientsmith.conform.inputs.compared import alike
from clientsmith.conform.inputs.drawing.draws import sample
from clientsmith.conform.model import MODES, Accepted, Mode
from clientsmith.document.model import Node, render_pointer
from clientsmith.json_values.codec import Value
from clientsmith.openapi.parameter import Location
from clientsmith.traffic.check import CheckedRequest
from clientsmith.traffic.message import HttpRequest, HttpResponse

_PLACEHOLDER = re.compile(r"\{(key|allowed|shown|form)\}")
"""What is in the words of a refusal until it is filled in."""
_MORE = re.compile(r"; and (\d+) more$")
"""How a refusal ends that has more problems than a message lists."""
_BAD_REQUEST = HttpResponse(400, (("Content-Type", "application/json"),), b"{}")


def check_invalid(case: RequestCase, usual: CallInputs) -> None:
    """Call an operation with what its schemas refuse; what only the server refused is listed in the report."""
    for invalid in _invalid(case, usual):
        for mode in MODES:
            _check_call(case, mode, invalid)


@dataclass(frozen=True, slots=True)
class _Invalid:
    """Inputs of which one is wrong: a parameter by location and name, the body if there is no `key`."""

    inputs: CallInputs
    schema: Node | None
    value: Value
    key: tuple[Location, str] | None

    def __str__(self) -> str:
        return "the body" if self.key is None else f"the {self.key[0]} parameter {self.key[1]!r}"

    def read(self, checked: CheckedRequest) -> Value:
        """What a server makes of the wrong input."""
        if self.key is None:
            return checked.body
        return checked.parameters.values(self.key[0]).get(self.key[1])


def _invalid(case: RequestCase, usual: CallInputs) -> Iterator[_Invalid]:
    """Each parameter and the body wrong in turn, everything else as usual."""
    draws, operation = case.context.draws, case.operation
    for parameter in operation.parameters:
        key = (parameter.location, parameter.name)
        if credential_of(case.context.package, operation, parameter) is not None:
            continue
        for value in draws.invalid(parameter.schema, "request"):
            case.context.tally.drew(operation.id, *key, value, valid=False)
            inputs = CallInputs({**usual.parameters, key: value}, usual.body, extras=False)
            yield _Invalid(inputs, parameter.schema, value, key)
    for value in draws.invalid(case.schema, "request") if case.media is not None else ():
        case.note_body(value, valid=False)
        yield _Invalid(CallInputs(usual.parameters, value, extras=False), case.schema, value, None)


def _check_call(case: RequestCase, mode: Mode, invalid: _Invalid) -> None:
    try:
        called = case.call(mode, case.arguments(invalid.inputs), _BAD_REQUEST)
    except NoSuchArgumentError:
        case.check(True, "", "")  # no caller can say it
        return
    if called.requests:
        _check_sent(case, mode, invalid, called.requests[0])
        return
    passed = case.is_refusal(called.error) and _says_what_is_wrong(called.error)
    said = f"an invalid input ends in {shown_error(called.error)}"
    case.check(passed, "untyped-refusal", said, mode=mode, inputs=invalid.inputs, node=invalid.schema)


def _check_sent(case: RequestCase, mode: Mode, invalid: _Invalid, request: HttpRequest) -> None:
    """What was sent nevertheless is refused by the server, or reads as another type would; both are listed."""
    checked = case.context.checker.check_request(request)
    is_refused = checked.refusal is not None or bool(checked.findings)
    what = {"mode": mode, "inputs": invalid.inputs, "request": request, "node": invalid.schema}
    if is_refused:
        wrong = case.context.promised.check(invalid.schema, invalid.value, "request")
        first = f"{render_pointer(wrong[0].pointer)}: {wrong[0].message}" if wrong else ""
        case.check(not wrong, "invalid-sent", f"the client sent what it ought to refuse: {first}", **what)
    else:
        got = invalid.read(checked)
        passed = alike(invalid.value, got)
        said = "an invalid input was made into another, valid one"
        case.check(passed, "invalid-changed", lambda: f"{said}: {sample(got)}", **what)
    reason = f"{invalid}: {_reason(checked)}"
    accepted = Accepted(
        case.operation.id,
        reason,
        sample(invalid.value)[:300],
        is_refused,
        case.operation.node.place,
        case.context.promised.declared(invalid.schema, invalid.value, "request") if is_refused else "",
    )
    case.context.tally.accepted.setdefault((case.operation.id, reason), accepted)


def _says_what_is_wrong(error: Exception | None) -> bool:
    """Whether the words of a refusal name its problems, the first of them if there are many, and are complete."""
    words, problems = str(error), getattr(error, "problems", ())
    if more := _MORE.search(words):
        problems = problems[: len(problems) - int(more[1])]
    places = [_place(one) for one in problems]
    shown = all(place in words or not _is_plain(place) for place in places)
    return shown and all(str(one) in words for one in problems) and not _PLACEHOLDER.search(words)


def _is_plain(text: str) -> bool:
    """Whether a client shows a text as it is; others it may escape."""
    return text.isascii() and text.isprintable()


def _place(problem: object) -> str:
    """Where in an argument something is wrong, as the words of a refusal start with it, on the wire if known."""
    steps: tuple[object, ...] | None = getattr(problem, "path", None)
    if steps is None:
        steps = getattr(problem, "location", ())
    return f"{'.'.join(map(str, steps))}: " if steps else ""


def _reason(checked: CheckedRequest) -> str:
    if checked.findings:
        first = checked.findings[0]
        return f"{first.id} {first.pointer}".strip()
    return "read on the wire as a valid value"
