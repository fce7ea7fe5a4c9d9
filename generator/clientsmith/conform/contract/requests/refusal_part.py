"""Invalid inputs: the client has to refuse what it promises to check, the server the rest; none may be made valid."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from clientsmith.conform.client.call_inputs import CallInputs, NoSuchArgumentError
from clientsmith.conform.client.calls import Called
from clientsmith.conform.client.credentials import credential_of
from clientsmith.conform.client.scripted import always
from clientsmith.conform.contract.requests.request_case import RequestCase, shown_error
from clientsmith.conform.inputs.compared import alike, same
from clientsmith.conform.inputs.completed import complete
from clientsmith.conform.inputs.draws import sample
from clientsmith.conform.inputs.sayable import sayable, travels
from clientsmith.conform.inputs.values import (
    is_decimal,
    with_amount,
    with_other_scalar,
    without_unknown,
)
from clientsmith.conform.inputs.variants import with_unknown
from clientsmith.conform.model import MODES, Accepted, Mode
from clientsmith.conform.run.choices import has_choice_below
from clientsmith.document.model import Node, render_pointer
from clientsmith.json_values.codec import Value
from clientsmith.openapi.parameter import Location, Parameter
from clientsmith.traffic.check import CheckedRequest
from clientsmith.traffic.message import HttpResponse

_PLACEHOLDER = re.compile(r"\{(key|allowed|shown|form)\}")
"""What is in the words of a refusal until it is filled in."""
_MORE = re.compile(r"; and (\d+) more$")
"""How a refusal ends that has more problems than a message lists."""


def check_refusals(case: RequestCase) -> None:
    """Call an operation with what the document forbids; what only the server refused is listed in the report."""
    usual = case.context.usual_inputs(case.operation)
    if usual is None:
        return
    part = _RefusalPart(case)
    part.invalid(usual)
    part.missing(usual)
    part.nothing(usual)
    part.no_other_value(usual)
    part.no_amount(usual)
    part.amount(usual)
    part.no_conversion(usual)
    part.unknown_keys(usual)
    part.sent_back(usual)


class _RefusalPart:
    def __init__(self, case: RequestCase) -> None:
        self.case = case

    def invalid(self, usual: CallInputs) -> None:
        for parameter in self.case.operation.parameters:
            key = (parameter.location, parameter.name)
            if credential_of(self.case.context.package, self.case.operation, parameter) is not None:
                continue
            for value in self.case.context.draws.invalid(parameter.schema, "request"):
                self.case.context.tally.drew(self.case.operation.id, *key, value, valid=False)
                inputs = CallInputs({**usual.parameters, key: value}, usual.body, extras=False)
                self._invalid_call(inputs, parameter.schema, value, key)
        for value in (
            self.case.context.draws.invalid(self.case.schema, "request")
            if self.case.media is not None
            else ()
        ):
            self.case.note_body(value, valid=False)
            self._invalid_call(
                CallInputs(usual.parameters, value, extras=False), self.case.schema, value, None
            )

    def nothing(self, usual: CallInputs) -> None:
        """An empty path segment is another path, and a body that is demanded is not to be had by leaving it out."""
        for key in usual.parameters:
            if key[0] == "path":
                rest = {one: "" if one == key else value for one, value in usual.parameters.items()}
                inputs = self.case.arguments(CallInputs(rest, usual.body))
                self._refused(inputs, "empty-path-sent", f"an empty {key[1]!r}")
        names = self.case.context.package.operations[self.case.operation.id].arguments.get("body", {})
        body = self.case.operation.body
        if "" in names and body is not None and body.mapping.get("required") is True:
            unset = self.case.context.package.get("UNSET")
            self._refused(CallInputs(usual.parameters, unset), "required-not-demanded", "UNSET for the body")

    def no_other_value(self, usual: CallInputs) -> None:
        """What a style cannot say is refused, or said after all; it never becomes another value."""
        members = self.case.context.members(self.case.operation)
        for parameter in self.case.operation.parameters:
            key = (parameter.location, parameter.name)
            for value in self.case.context.parameter_values(self.case.operation, parameter):
                is_sayable = sayable(parameter, value, members) or not travels(
                    parameter.location, parameter.media_type, value
                )
                if not is_sayable and not parameter.allow_reserved:
                    inputs = CallInputs({**usual.parameters, key: value}, usual.body)
                    for mode in MODES:
                        self._same_or_refused(mode, inputs, parameter, value)

    def _same_or_refused(self, mode: Mode, inputs: CallInputs, parameter: Parameter, value: Value) -> None:
        caller = self.case.context.caller(mode, retries=None)
        called = caller.call(self.case.operation.id, self.case.arguments(inputs), lambda _: HttpResponse(404))
        if not called.requests:
            undefined = not parameter.required and parameter.media_type is None and value in ([], None)
            self.case.findings.check(
                not undefined, "undefined-value-refused",
                f"{sample(value)}, which the style leaves out, ends in {shown_error(called.error)}",
                mode=mode, inputs=inputs, node=parameter.schema,
            )  # fmt: skip
            self.case.findings.check(
                self.case.is_refusal(called.error), "untyped-refusal",
                f"{sample(value)} ends in {shown_error(called.error)}", mode=mode, inputs=inputs, node=parameter.schema,
            )  # fmt: skip
            return
        checked = self.case.context.checker.check_request(called.requests[0])
        values = checked.parameters.values(parameter.location)
        left_out = parameter.name not in values and not parameter.required and alike(value, None)
        self.case.findings.check(
            left_out or alike(value, values.get(parameter.name)), "parameter-differs",
            lambda: f"the {parameter.label} reached the wire as {sample(values.get(parameter.name))}",
            mode=mode, inputs=inputs, request=called.requests[0], node=parameter.schema,
        )  # fmt: skip

    def no_amount(self, usual: CallInputs) -> None:
        """A float has no exact decimal value and a bool is not a number: neither may pass for an amount."""
        if self.case.schema is None:
            return
        first = next(iter(self.case.context.draws.valid(self.case.schema, "request")), None)
        changed = with_amount(self.case.context.checker, self.case.schema, first, Decimal("0.1"), is_decimal)
        for wrong in (0.1, True, 2.0**53, -(2.0**53), 2.0**60):
            body = with_amount(self.case.context.checker, self.case.schema, first, wrong, is_decimal)  # type: ignore[arg-type]
            if not same(first, changed):
                self._refused(
                    CallInputs(usual.parameters, body), "no-amount-sent", f"{wrong!r} for an amount"
                )

    def amount(self, usual: CallInputs) -> None:
        """An integral float is the amount that the int and the Decimal of its value are."""
        if self.case.schema is None:
            return
        first = next(iter(self.case.context.draws.valid(self.case.schema, "request")), None)
        numbers: tuple[Any, ...] = (Decimal(3), 3, 3.0)
        bodies = [
            with_amount(self.case.context.checker, self.case.schema, first, one, is_decimal)
            for one in numbers
        ]
        if same(first, bodies[0]) and same(first, bodies[1]):
            return
        for mode in MODES:
            caller = self.case.context.caller(mode, retries=None)
            sent = [
                [one.body for one in caller.call(
                    self.case.operation.id, CallInputs(usual.parameters, body), lambda _: HttpResponse(400)
                ).requests] for body in bodies
            ]  # fmt: skip
            self.case.findings.check(
                sent[0] == sent[1] == sent[2], "amount-refused",
                f"the amount 3 as Decimal, int and float becomes {sent}", mode=mode, node=self.case.schema,
            )  # fmt: skip

    def no_conversion(self, usual: CallInputs) -> None:
        """In JSON text is no number and no bool, a bool is no number: what was meant is not for a client to guess."""
        if self.case.schema is None or not self.case.is_json:
            return
        checker, schema = self.case.context.checker, self.case.schema
        whole = complete(checker, schema)
        for wrong in ("7", "true", True, 1):
            for body in with_other_scalar(checker, schema, whole, wrong):
                if not checker.schemas.is_valid(schema, body, "request"):
                    self._refused(
                        self.case.arguments(CallInputs(usual.parameters, body, extras=False)),
                        "value-converted",
                        f"{wrong!r}",
                    )

    def unknown_keys(self, usual: CallInputs) -> None:
        """A key that a schema does not name and does not openly allow is a mistake in typing."""
        schema = self.case.schema
        if schema is None or has_choice_below(self.case.context.checker.resolved, schema):
            return
        whole = complete(self.case.context.checker, schema)
        if not self.case.context.checker.schemas.is_valid(schema, whole, "request"):
            return
        for body in with_unknown(whole):
            if not same(body, without_unknown(self.case.context.checker, schema, body)):
                self._refused(
                    self.case.arguments(CallInputs(usual.parameters, body, extras=False)),
                    "unknown-key-sent",
                    "an unknown key",
                )

    def sent_back(self, usual: CallInputs) -> None:
        """What was read may be sent: members that only answers have are not refused, and go out as they are."""
        schema = self.case.schema
        if schema is None or has_choice_below(self.case.context.checker.resolved, schema):
            return
        whole = complete(self.case.context.checker, schema)
        is_valid = self.case.context.checker.schemas.is_valid(schema, whole, "request")
        if not is_valid or same(whole, without_unknown(self.case.context.checker, schema, whole)):
            return
        inputs = self.case.arguments(CallInputs(usual.parameters, whole))
        for mode in MODES:
            caller = self.case.context.caller(mode, retries=None)
            called = caller.call(self.case.operation.id, inputs, lambda _: HttpResponse(400))
            sent = [self.case.context.checker.check_request(one).body for one in called.requests]
            self.case.findings.check(
                len(sent) == 1 and alike(whole, sent[0]), "read-only-refused",
                f"an object with its readOnly members ends in {shown_error(called.error)} and {sample(sent)}",
                mode=mode, inputs=inputs, node=schema,
            )  # fmt: skip

    def _refused(self, inputs: CallInputs, id: str, what: str) -> None:
        for mode in MODES:
            caller = self.case.context.caller(mode, retries=None)
            try:
                called = caller.call(self.case.operation.id, inputs, lambda _: HttpResponse(400))
            except NoSuchArgumentError:
                continue  # no caller can say it
            self.case.findings.check(
                not called.requests and self.case.is_refusal(called.error), id,
                f"{what} ends in {shown_error(called.error)}", mode=mode, node=self.case.schema,
            )  # fmt: skip
            self.case.findings.check(
                str(getattr(called.error, "outcome", "")) == "not_sent", "wrong-outcome",
                "a call that was refused before it was sent has another outcome", mode=mode, node=self.case.schema,
            )  # fmt: skip

    def missing(self, usual: CallInputs) -> None:
        """Without an argument that is required, or with one that is left out on purpose, nothing may be sent."""
        unset = self.case.context.package.get("UNSET")
        for key in usual.parameters:
            rest = {other: value for other, value in usual.parameters.items() if other != key}
            for given in (rest, {**rest, key: unset}):
                for mode in MODES:
                    self._missing_call(mode, self.case.arguments(CallInputs(given, usual.body)), key)

    def _missing_call(self, mode: Mode, inputs: CallInputs, key: tuple[Location, str]) -> None:
        caller = self.case.context.caller(mode, retries=None)
        try:
            called = caller.call(self.case.operation.id, inputs, lambda _: HttpResponse(200))
        except NoSuchArgumentError:
            self.case.findings.check(True, "", "")  # the signature demands it
            return
        self.case.findings.check(
            not called.requests, "required-not-demanded",
            f"the {key[0]} parameter {key[1]!r} may be left out", mode=mode, node=self.case.operation.node,
        )  # fmt: skip

    def _invalid_call(
        self, inputs: CallInputs, schema: Node | None, value: Value, key: tuple[Location, str] | None
    ) -> None:
        for mode in MODES:
            caller = self.case.context.caller(mode, retries=None)
            answer = HttpResponse(400, (("Content-Type", "application/json"),), b"{}")
            try:
                called = caller.call(self.case.operation.id, self.case.arguments(inputs), always(answer))
            except NoSuchArgumentError:
                self.case.findings.check(True, "", "")  # no caller can say it
                continue
            if called.requests:
                self._got_through(mode, inputs, called, schema, value, key)
            else:
                words = str(called.error)
                problems = getattr(called.error, "problems", ())
                if more := _MORE.search(words):
                    problems = problems[: len(problems) - int(more[1])]
                reported = [
                    str(one) in words and (_place(one) in words or not _is_plain(_place(one)))
                    for one in problems
                ]
                self.case.findings.check(
                    self.case.is_refusal(called.error) and all(reported) and not _PLACEHOLDER.search(words),
                    "untyped-refusal",
                    f"an invalid input ends in {shown_error(called.error)}", mode=mode, inputs=inputs, node=schema,
                )  # fmt: skip

    def _got_through(
        self, mode: Mode, inputs: CallInputs, called: Called, schema: Node | None, value: Value,
        key: tuple[Location, str] | None,
    ) -> None:  # fmt: skip
        request = called.requests[0]
        checked = self.case.context.checker.check_request(request)
        refused = checked.refusal is not None or bool(checked.findings)
        what = {"mode": mode, "inputs": inputs, "request": request, "node": schema}
        if refused:
            wrong = self.case.context.promised.check(schema, value, "request")
            self.case.findings.check(
                not wrong, "invalid-sent",
                lambda: "the client sent what it ought to refuse: "
                f"{render_pointer(wrong[0].pointer)}: {wrong[0].message}", **what,
            )  # fmt: skip
        else:
            got = checked.body if key is None else checked.parameters.values(key[0]).get(key[1])
            self.case.findings.check(
                alike(value, got), "invalid-changed",
                lambda: f"an invalid input was made into another, valid one: {sample(got)}", **what,
            )  # fmt: skip
        reason = _reason(checked)
        where = "the body" if key is None else f"the {key[0]} parameter {key[1]!r}"
        self.case.context.tally.accepted.setdefault(
            (self.case.operation.id, f"{where}: {reason}"),
            Accepted(
                self.case.operation.id,
                f"{where}: {reason}",
                sample(value)[:300],
                refused,
                self.case.operation.node.place,
                self.case.context.promised.declared(schema, "request") if refused else "",
            ),
        )


def _is_plain(text: str) -> bool:
    """Whether a client shows a text as it is; others it may escape."""
    return text.isascii() and text.isprintable()


def _place(problem: object) -> str:
    """Where in an argument something is wrong, as the words of a refusal start with it."""
    location: tuple[object, ...] = getattr(problem, "location", ())
    return f"{'.'.join(map(str, location))}: " if location else ""


def _reason(checked: CheckedRequest) -> str:
    if checked.findings:
        first = checked.findings[0]
        return f"{first.id} {first.pointer}".strip()
    return "read on the wire as a valid value"
