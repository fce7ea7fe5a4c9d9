"""Inputs that must not be sent, and inputs that only look like it: nothing is sent, or exactly what was passed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from clientsmith.conform.client.call_inputs import ABSENT, Absent, CallInputs, NoSuchArgumentError
from clientsmith.conform.contract.requests.invalid_part import check_invalid
from clientsmith.conform.contract.requests.request_case import RequestCase, shown_error
from clientsmith.conform.inputs.compared import alike, same
from clientsmith.conform.inputs.completed import complete
from clientsmith.conform.inputs.drawing.draws import sample
from clientsmith.conform.inputs.sayable import sayable, travels
from clientsmith.conform.inputs.values import (
    is_decimal,
    with_amount,
    with_other_scalar,
    without_read_only,
    without_unknown,
)
from clientsmith.conform.inputs.variants import with_unknown
from clientsmith.conform.model import MODES, Mode
from clientsmith.json_values.codec import Value
from clientsmith.openapi.parameter import Location, Parameter
from clientsmith.traffic.message import HttpResponse

_OK, _BAD_REQUEST, _NOT_FOUND = HttpResponse(200), HttpResponse(400), HttpResponse(404)
_NO_AMOUNTS: tuple[Any, ...] = (0.1, True, 2.0**53, -(2.0**53), 2.0**60)
_THREE: tuple[Any, ...] = (Decimal(3), 3, 3.0)
"""The same amount in every type that has it."""
_OTHER_SCALARS: tuple[Value, ...] = ("7", "true", True, 1)


def check_refusals(case: RequestCase) -> None:
    """Call an operation with what it must not be called with, and with what only seems to be that."""
    usual = case.context.usual_inputs(case.operation)
    if usual is None:
        return
    check_invalid(case, usual)
    part = _RefusalPart(case, usual)
    part.missing()
    part.nothing()
    part.no_other_value()
    part.no_amount()
    part.amount()
    part.no_conversion()
    part.unknown_keys()
    part.sent_back()


@dataclass(frozen=True, slots=True)
class _RefusalPart:
    case: RequestCase
    usual: CallInputs

    def missing(self) -> None:
        """Without an argument that is required, or with one that is left out on purpose, nothing may be sent."""
        unset = self.case.context.package.get("UNSET")
        for key in self.usual.parameters:
            rest = {other: value for other, value in self.usual.parameters.items() if other != key}
            for given in (rest, {**rest, key: unset}):
                inputs = self.case.arguments(CallInputs(given, self.usual.body))
                for mode in MODES:
                    self._missing_call(mode, inputs, key)

    def _missing_call(self, mode: Mode, inputs: CallInputs, key: tuple[Location, str]) -> None:
        try:
            called = self.case.call(mode, inputs, _OK)
        except NoSuchArgumentError:
            self.case.check(True, "", "")  # the signature demands it
            return
        said, node = f"the {key[0]} parameter {key[1]!r} may be left out", self.case.operation.node
        self.case.check(not called.requests, "required-not-demanded", said, mode=mode, node=node)

    def nothing(self) -> None:
        """An empty path segment is another path, and a body that is demanded is not to be had by leaving it out."""
        given = self.usual.parameters
        for key in given:
            if key[0] == "path":
                inputs = self.case.arguments(CallInputs({**given, key: ""}, self.usual.body))
                self._refused(inputs, "empty-path-sent", f"an empty {key[1]!r}")
        body = self.case.operation.body
        if "" in self.case.body_arguments and body is not None and body.mapping.get("required") is True:
            unset = self.case.context.package.get("UNSET")
            self._refused(CallInputs(given, unset), "required-not-demanded", "UNSET for the body")

    def no_other_value(self) -> None:
        """What a style cannot say is refused, or said after all; it never becomes another value."""
        members = self.case.context.members(self.case.operation)
        for parameter in self.case.operation.parameters:
            for value in self.case.context.parameter_values(self.case.operation, parameter):
                may_travel = travels(parameter.location, parameter.media_type, value)
                is_sayable = sayable(parameter, value, members) or not may_travel
                if not is_sayable and not parameter.allow_reserved:
                    for mode in MODES:
                        self._same_or_refused(mode, parameter, value)

    def _same_or_refused(self, mode: Mode, parameter: Parameter, value: Value) -> None:
        key = (parameter.location, parameter.name)
        inputs = CallInputs({**self.usual.parameters, key: value}, self.usual.body)
        called = self.case.call(mode, self.case.arguments(inputs), _NOT_FOUND)
        what: dict[str, Any] = {"mode": mode, "inputs": inputs, "node": parameter.schema}
        if not called.requests:
            ending = f"ends in {shown_error(called.error)}"
            undefined = not parameter.required and parameter.media_type is None and value in ([], None)
            said = f"{sample(value)}, which the style leaves out, {ending}"
            self.case.check(not undefined, "undefined-value-refused", said, **what)
            is_refusal = self.case.is_refusal(called.error)
            self.case.check(is_refusal, "untyped-refusal", f"{sample(value)} {ending}", **what)
            return
        request = called.requests[0]
        values = self.case.context.checker.check_request(request).parameters.values(parameter.location)
        got = values.get(parameter.name)
        left_out = parameter.name not in values and not parameter.required and alike(value, None)
        said = f"the {parameter.label} reached the wire as {sample(got)}"
        passed = left_out or alike(value, got)
        self.case.check(passed, "parameter-differs", said, request=request, **what)

    def _first_body(self) -> Value:
        return next(iter(self.case.context.draws.valid(self.case.schema, "request")), None)

    def _with_amount(self, amount: Any) -> Value:
        """The first body that was drawn with that for every amount."""
        return with_amount(
            self.case.context.checker, self.case.schema, self._first_body(), amount, is_decimal
        )

    def no_amount(self) -> None:
        """A float has no exact decimal value and a bool is not a number: neither may pass for an amount."""
        if self.case.schema is None or same(self._first_body(), self._with_amount(Decimal("0.1"))):
            return
        for wrong in _NO_AMOUNTS:
            inputs = CallInputs(self.usual.parameters, self._with_amount(wrong))
            self._refused(inputs, "no-amount-sent", f"{wrong!r} for an amount")

    def amount(self) -> None:
        """An integral float is the amount that the int and the Decimal of its value are."""
        if self.case.schema is None:
            return
        first, bodies = self._first_body(), [self._with_amount(one) for one in _THREE]
        if same(first, bodies[0]) and same(first, bodies[1]):
            return
        all_inputs = [CallInputs(self.usual.parameters, body) for body in bodies]
        for mode in MODES:
            called = [self.case.call(mode, inputs, _BAD_REQUEST) for inputs in all_inputs]
            sent = [[request.body for request in one.requests] for one in called]
            said = f"the amount 3 as Decimal, int and float becomes {sent}"
            passed = sent[0] == sent[1] == sent[2]
            self.case.check(passed, "amount-refused", said, mode=mode, node=self.case.schema)

    def no_conversion(self) -> None:
        """In JSON a text is neither a number nor a bool, nor is a bool a number: no client may guess what is meant."""
        checker, schema = self.case.context.checker, self.case.schema
        if schema is None or not self.case.is_json:
            return
        whole = complete(checker, schema)
        for wrong in _OTHER_SCALARS:
            for body in with_other_scalar(checker, schema, whole, wrong):
                if not checker.schemas.is_valid(schema, body, "request"):
                    self._refused(self._with_body(body), "value-converted", f"{wrong!r}")

    def unknown_keys(self) -> None:
        """A key that a schema does not name and does not openly allow is a mistake in typing."""
        whole = self._complete_body()
        for body in () if isinstance(whole, Absent) else with_unknown(whole):
            if not self._is_all_known(without_read_only(self.case.context.checker, self.case.schema, body)):
                self._refused(self._with_body(body), "unknown-key-sent", "an unknown key")

    def sent_back(self) -> None:
        """What was read may be sent: members that only answers have are not refused, and go out as they are."""
        whole = self._complete_body()
        if isinstance(whole, Absent) or self._is_all_known(whole):
            return
        inputs = self.case.arguments(CallInputs(self.usual.parameters, whole))
        for mode in MODES:
            called = self.case.call(mode, inputs, _BAD_REQUEST)
            sent = [self.case.context.checker.check_request(one).body for one in called.requests]
            ending = f"{shown_error(called.error)} and {sample(sent)}"
            said = f"an object with its readOnly members ends in {ending}"
            what: dict[str, Any] = {"mode": mode, "inputs": inputs, "node": self.case.schema}
            self.case.check(len(sent) == 1 and alike(whole, sent[0]), "read-only-refused", said, **what)

    def _complete_body(self) -> Value | Absent:
        """A body in which every property is set; none if that is not valid, or if a union decides which there are."""
        checker, schema = self.case.context.checker, self.case.schema
        if schema is None or self.case.has_choice_below:
            return ABSENT
        whole = complete(checker, schema)
        return whole if checker.schemas.is_valid(schema, whole, "request") else ABSENT

    def _is_all_known(self, body: Value) -> bool:
        """Whether a body has no members that a request is not meant to have."""
        return same(body, without_unknown(self.case.context.checker, self.case.schema, body))

    def _with_body(self, body: Value) -> CallInputs:
        """The usual inputs with another body, of which nothing goes in by `CallOptions.extra_body`."""
        return self.case.arguments(CallInputs(self.usual.parameters, body, extras=False))

    def _refused(self, inputs: CallInputs, id: str, what: str) -> None:
        """Nothing is sent, and the error is the client's own."""
        node = self.case.schema
        for mode in MODES:
            try:
                called = self.case.call(mode, inputs, _BAD_REQUEST)
            except NoSuchArgumentError:
                continue  # no caller can say it
            passed = not called.requests and self.case.is_refusal(called.error)
            self.case.check(passed, id, f"{what} ends in {shown_error(called.error)}", mode=mode, node=node)
            said = "a call that was refused before it was sent has another outcome"
            is_not_sent = str(getattr(called.error, "outcome", "")) == "not_sent"
            self.case.check(is_not_sent, "wrong-outcome", said, mode=mode, node=node)
