"""The request direction: valid inputs have to reach the wire unchanged, invalid ones must not get past both ends.

What is on the wire is read back with the decoder of the recorded-response server, which shares no code with the client.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import cast

from clientsmith.conform.calls import ABSENT, Called, Inputs, NoSuchArgumentError, holds_secret
from clientsmith.conform.context import Context, Findings, sayable, travels
from clientsmith.conform.draws import sample
from clientsmith.conform.enforced import has_choice, must_refuse
from clientsmith.conform.model import MODES, Accepted, Mode
from clientsmith.conform.values import alike, argument, same, with_number
from clientsmith.document.model import Node
from clientsmith.replay import media_types
from clientsmith.replay.checks import CheckedRequest
from clientsmith.replay.described import DescribedOperation, Location, Parameter
from clientsmith.replay.exact_json import Value
from clientsmith.replay.exchange import HttpRequest, HttpResponse

_PLACES: tuple[Location, ...] = ("path", "query", "header", "cookie")


def check_requests(context: Context, operation: DescribedOperation) -> Findings:
    """Hold the request side of one operation against the document."""
    findings = Findings(context, "request", operation)
    part = _RequestPart(context, operation, findings)
    part.valid()
    part.invalid()
    return findings


class _RequestPart:
    def __init__(self, context: Context, operation: DescribedOperation, findings: Findings) -> None:
        self.context = context
        self.operation = operation
        self.findings = findings
        self.media = context.body_media(operation)
        self.schema: Node | None = self.media.get("schema") if self.media is not None else None
        self.schemas = {(one.location, one.name): one.schema for one in operation.parameters}

    def valid(self) -> None:
        statuses = list(self.operation.responses) or ["default"]
        answers = {key: self.context.answer(self.operation, key) for key in self.operation.responses}
        if not answers:
            answers = {"default": HttpResponse(200)}
        for turn, inputs in enumerate(self._cases(len(statuses))):
            status = statuses[turn % len(statuses)]
            self._one(inputs, status, answers[status])
        usual = self.context.usual_inputs(self.operation)
        if self.findings.found and usual is not None and self.media is not None:

            def again(value: Value, findings: Findings) -> None:
                part = _RequestPart(self.context, self.operation, findings)
                part._one(Inputs(usual.parameters, value), statuses[0], answers[statuses[0]])

            self.findings.shrink(self.schema, "request", again, valid=True)

    def _one(self, inputs: Inputs, status: str, answer: HttpResponse) -> None:
        """One call by each client, and whether both send the same."""
        sent: dict[Mode, HttpRequest] = {}
        for mode in MODES:
            request = self._valid_call(mode, inputs, status, answer)
            if request is not None:
                sent[mode] = request
        if len(sent) == len(MODES):
            self.findings.check(
                _comparable(sent["sync"]) == _comparable(sent["async"]), "sync-and-async-differ",
                lambda: f"the two clients send different bytes: {_difference(sent)}",
                inputs=inputs, request=sent["async"],
            )  # fmt: skip

    def _valid_call(
        self, mode: Mode, inputs: Inputs, status: str, answer: HttpResponse
    ) -> HttpRequest | None:
        caller = self.context.caller(mode, retries=None)
        try:
            called = caller.call(self.operation.id, self._arguments(inputs), lambda _: answer)
        except NoSuchArgumentError as error:
            self.findings.check(False, "valid-not-expressible", str(error), mode=mode, inputs=inputs)
            return None
        self.findings.sent(mode, called, answer)
        if not called.requests:
            may_refuse = not all(travels(place, value) for (place, _), value in inputs.parameters.items())
            may_refuse = may_refuse or self._is_unknown_to_a_branch(called.error)
            self.findings.check(
                may_refuse and _is_client_error(self.context, called.error, "RequestValidationError"),
                "valid-refused", f"a valid input was not sent: {_error(called.error)}",
                mode=mode, inputs=inputs,
            )  # fmt: skip
            return None
        self.findings.check(
            len(called.requests) == 1, "sent-twice", f"{len(called.requests)} requests for one call",
            mode=mode, inputs=inputs,
        )  # fmt: skip
        self._on_the_wire(mode, inputs, called.requests[0])
        self.context.tally.cell(self.operation.id, status, "request", mode)
        return called.requests[0]

    def _is_unknown_to_a_branch(self, error: Exception | None) -> bool:
        """In a union a key may be known to one branch alone, and is a typing mistake in the others."""
        kinds = {one.kind for one in getattr(error, "problems", ())}
        return "extra_forbidden" in kinds and has_choice(self.context, self.schema)

    def _on_the_wire(self, mode: Mode, inputs: Inputs, request: HttpRequest) -> None:
        checked = self.context.checker.check_request(request)
        name = checked.operation.id if checked.operation is not None else None
        what = {"mode": mode, "inputs": inputs, "request": request}
        if not self.findings.check(
            name == self.operation.id or "#" in self.operation.path, "wrong-operation",
            f"{request.method} {request.target} is {name or 'no operation of the document'}", **what,
        ) or name != self.operation.id:  # fmt: skip
            return
        reasons = "; ".join(f"{one.part} {one.pointer}: {one.message}" for one in checked.findings)
        self.findings.check(
            checked.refusal is None and not checked.findings, "invalid-on-the-wire",
            f"what was sent breaks the document: {checked.refusal or ''} {reasons}".strip(), **what,
        )  # fmt: skip
        for place in _PLACES:
            values = checked.parameters.values(place)
            for parameter in self._declared(place):
                self._compare(mode, inputs, request, parameter, values.get(parameter.name, ABSENT))
        body = ABSENT if checked.body is None and not request.body else checked.body
        self.findings.check(
            self._same_body(inputs, body), "body-differs",
            lambda: f"the body on the wire is {sample(checked.body)}, not what was passed", **what,
        )  # fmt: skip
        self._headers(mode, inputs, request)

    def _compare(
        self, mode: Mode, inputs: Inputs, request: HttpRequest, parameter: Parameter, got: object
    ) -> None:
        expected = inputs.parameters.get((parameter.location, parameter.name), ABSENT)
        if expected is ABSENT or got is ABSENT:
            holds = expected is got or alike(_none(expected), _none(got))
        else:
            holds = alike(expected, got)  # type: ignore[arg-type]
        self.findings.check(
            holds, "parameter-differs",
            lambda: f"the {parameter.label} reached the wire as {sample(_none(got))}, "
            f"not as {sample(_none(expected))}",
            mode=mode, inputs=inputs, request=request, node=parameter.schema,
        )  # fmt: skip

    def _same_body(self, inputs: Inputs, got: object) -> bool:
        expected = inputs.body
        if expected is ABSENT or got is ABSENT:
            return expected is got or (
                _none(expected) in ({}, "", [], None) and _none(got) in ({}, "", [], None)
            )
        if self._is_json():
            return same(expected, got)
        return alike(expected, got)  # type: ignore[arg-type]

    def _headers(self, mode: Mode, inputs: Inputs, request: HttpRequest) -> None:
        declared = self.context.package.operations[self.operation.id].media_type
        stated = request.header("content-type")
        if request.body:
            essence = media_types.essence(stated or "")
            self.findings.check(
                essence == media_types.essence(declared or ""), "wrong-content-type",
                f"Content-Type is {stated!r}, the document has {declared!r}",
                mode=mode, inputs=inputs, request=request,
            )  # fmt: skip
            self.context.tally.message(self.operation.id, "request", "", essence)
        length = request.header("content-length")
        due = str(len(request.body)) if request.body or request.method in ("POST", "PUT", "PATCH") else length
        self.findings.check(
            length == due, "wrong-content-length", f"Content-Length is {length}, the body has {len(request.body)}",
            mode=mode, inputs=inputs, request=request,
        )  # fmt: skip
        accept = request.header("accept") or ""
        wanted = {one for response in self.operation.responses.values() for one in response.contents}
        ranges = [media_types.essence(one) for one in accept.split(",")]
        missing = [one for one in sorted(wanted) if media_types.is_json(one) and not _covers(ranges, one)]
        self.findings.check(
            bool(accept) and not missing, "wrong-accept", f"Accept is {accept!r} and leaves out {missing}",
            mode=mode, inputs=inputs, request=request,
        )  # fmt: skip
        shown = (request.target, *(value for _, value in request.headers))
        self.findings.check(
            bool(self.operation.security) or not any(map(holds_secret, shown)), "credentials-not-asked-for",
            "the operation needs no credentials, and the request has some", mode=mode, inputs=inputs, request=request,
        )  # fmt: skip
        hosts = self.context.checker.index.hosts()
        host = request.header("host") or ""
        self.findings.check(
            not hosts or host.lower() in hosts, "wrong-host", f"the request goes to {host!r}",
            mode=mode, inputs=inputs, request=request,
        )  # fmt: skip

    def _declared(self, place: str) -> list[Parameter]:
        return [one for one in self.operation.parameters if one.location == place]

    def _cases(self, least: int) -> Iterator[Inputs]:
        """Drawn values side by side: everything given, then what is optional now there and now not."""
        columns: dict[tuple[Location, str], list[Value]] = {
            (one.location, one.name): [
                value for value in self.context.draws.valid(one.schema, "request") if sayable(one, value)
            ]
            for one in self.operation.parameters
        }
        bodies = [
            value
            for value in (self.context.draws.valid(self.schema, "request") if self.media is not None else ())
            if self._is_json() or not _holds_nothing(value)
        ]
        if any(not column for key, column in columns.items() if self._required(key)):
            return
        total = max([least, len(bodies), *map(len, columns.values())])
        for turn in range(total):
            parameters: dict[tuple[Location, str], Value] = {}
            for number, (key, column) in enumerate(columns.items()):
                if column and (self._required(key) or turn == 0 or (turn >> (number % 6)) & 1):
                    parameters[key] = column[turn % len(column)]
                    self.context.tally.drew(self.operation.id, *key, parameters[key], valid=True)
            body = (
                bodies[turn % len(bodies)] if bodies and not (self._body_optional() and turn == 1) else ABSENT
            )
            if body is ABSENT and self.media is not None and not self._body_optional():
                return
            self._note_body(body, valid=True)
            yield Inputs(parameters, body)

    def _is_json(self) -> bool:
        return media_types.is_json(self.context.package.operations[self.operation.id].media_type or "")

    def _note_body(self, body: object, *, valid: bool) -> None:
        if isinstance(body, dict):
            for name, value in cast("dict[str, Value]", body).items():
                self.context.tally.drew(self.operation.id, "body", str(name)[:80], value, valid=valid)

    def _required(self, key: tuple[Location, str]) -> bool:
        return any((one.location, one.name) == key and one.required for one in self.operation.parameters)

    def _body_optional(self) -> bool:
        body = self.operation.body
        return body is None or body.mapping.get("required") is not True

    def _arguments(self, inputs: Inputs) -> Inputs:
        checker = self.context.checker
        parameters = {
            key: argument(checker, self.schemas.get(key), value) for key, value in inputs.parameters.items()
        }
        body = inputs.body
        written = body if body is ABSENT else argument(checker, self.schema, body)  # type: ignore[arg-type]
        return Inputs(parameters, written, inputs.extras)

    def invalid(self) -> None:
        usual = self.context.usual_inputs(self.operation)
        if usual is None:
            return
        for parameter in self.operation.parameters:
            key = (parameter.location, parameter.name)
            for value in self.context.draws.invalid(parameter.schema, "request"):
                self.context.tally.drew(self.operation.id, *key, value, valid=False)
                inputs = Inputs({**usual.parameters, key: value}, usual.body, extras=False)
                self._invalid_call(inputs, parameter.schema, value, key)
        for value in self.context.draws.invalid(self.schema, "request") if self.media is not None else ():
            self._note_body(value, valid=False)
            self._invalid_call(Inputs(usual.parameters, value, extras=False), self.schema, value, None)
        self._missing(usual)
        self._no_number(usual)

    def _no_number(self, usual: Inputs) -> None:
        """NaN and infinity are no JSON: nothing that holds one may be sent, or end in another error."""
        first = (
            next(iter(self.context.draws.valid(self.schema, "request")), None)
            if self.media is not None
            else None
        )
        for wrong in (float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity")):
            for body in with_number(first, wrong):
                for mode in MODES:
                    caller = self.context.caller(mode, retries=None)
                    try:
                        called = caller.call(
                            self.operation.id, Inputs(usual.parameters, body), lambda _: HttpResponse(200)
                        )
                    except NoSuchArgumentError:
                        continue
                    self.findings.check(
                        not called.requests
                        and _is_client_error(self.context, called.error, "RequestValidationError"),
                        "no-number-sent", f"{wrong} ends in {_error(called.error)}", mode=mode, node=self.schema,
                    )  # fmt: skip

    def _missing(self, usual: Inputs) -> None:
        """Without an argument that is required, nothing may be sent."""
        for key in usual.parameters:
            rest = {other: value for other, value in usual.parameters.items() if other != key}
            for mode in MODES:
                caller = self.context.caller(mode, retries=None)
                try:
                    called = caller.call(
                        self.operation.id,
                        self._arguments(Inputs(rest, usual.body)),
                        lambda _: HttpResponse(200),
                    )
                except NoSuchArgumentError:
                    self.findings.check(True, "", "")  # the signature demands it
                    continue
                self.findings.check(
                    not called.requests, "required-not-demanded", f"the {key[0]} parameter {key[1]!r} may be left out",
                    mode=mode, inputs=Inputs(rest, usual.body),
                )  # fmt: skip

    def _invalid_call(
        self, inputs: Inputs, schema: Node | None, value: Value, key: tuple[Location, str] | None
    ) -> None:
        for mode in MODES:
            caller = self.context.caller(mode, retries=None)
            answer = HttpResponse(400, (("Content-Type", "application/json"),), b"{}")
            try:
                called = caller.call(self.operation.id, self._arguments(inputs), partial(_always, answer))
            except NoSuchArgumentError:
                self.findings.check(True, "", "")  # no caller can say it
                continue
            if called.requests:
                self._got_through(mode, inputs, called, schema, value, key)
            else:
                self.findings.check(
                    _is_client_error(self.context, called.error, "RequestValidationError"), "untyped-refusal",
                    f"an invalid input ends in {_error(called.error)}", mode=mode, inputs=inputs, node=schema,
                )  # fmt: skip

    def _got_through(
        self, mode: Mode, inputs: Inputs, called: Called, schema: Node | None, value: Value,
        key: tuple[Location, str] | None,
    ) -> None:  # fmt: skip
        request = called.requests[0]
        checked = self.context.checker.check_request(request)
        refused = checked.refusal is not None or bool(checked.findings)
        what = {"mode": mode, "inputs": inputs, "request": request, "node": schema}
        if refused:
            reasons = must_refuse(self.context, schema, value)
            self.findings.check(
                not reasons,
                "invalid-sent",
                lambda: f"the client sent what it ought to refuse: {reasons[0]}",
                **what,
            )
        else:
            got = checked.body if key is None else checked.parameters.values(key[0]).get(key[1])
            self.findings.check(
                alike(value, got), "invalid-changed",
                lambda: f"an invalid input was made into another, valid one: {sample(got)}", **what,
            )  # fmt: skip
        reason = _reason(checked)
        where = "the body" if key is None else f"the {key[0]} parameter {key[1]!r}"
        self.context.tally.accepted.setdefault(
            (self.operation.id, f"{where}: {reason}"),
            Accepted(
                self.operation.id,
                f"{where}: {reason}",
                sample(value)[:300],
                refused,
                self.operation.node.place,
            ),
        )


def _holds_nothing(value: Value) -> bool:
    """Whether a field of a form is empty or null: on the wire it is not there at all."""
    return isinstance(value, dict) and any(item in ([], {}, None, "") for item in value.values())


def _always(answer: HttpResponse, _: HttpRequest) -> HttpResponse:
    return answer


def _covers(ranges: list[str], media_type: str) -> bool:
    return any(
        media_types.matches(one, media_type) or one == media_types.essence(media_type) for one in ranges
    )


def _reason(checked: CheckedRequest) -> str:
    if checked.findings:
        first = checked.findings[0]
        return f"{first.id} {first.pointer}".strip()
    return "read on the wire as a valid value"


def _none(value: object) -> Value:
    return None if value is ABSENT else value  # type: ignore[return-value]


def _comparable(request: HttpRequest) -> tuple[object, ...]:
    headers = [(name.lower(), value) for name, value in request.headers]
    boundary = media_types.parameter(request.header("content-type") or "", "boundary")
    if not boundary:
        return request.method, request.target, headers, request.body
    plain = [(name, value.replace(boundary, "")) for name, value in headers]
    return request.method, request.target, plain, request.body.replace(boundary.encode("latin-1"), b"")


def _difference(sent: dict[Mode, HttpRequest]) -> str:
    one, other = _comparable(sent["sync"]), _comparable(sent["async"])
    pairs = (
        f"{left!r:.200} / {right!r:.200}" for left, right in zip(one, other, strict=True) if left != right
    )
    return "; ".join(pairs)


def _is_client_error(context: Context, error: Exception | None, name: str) -> bool:
    return isinstance(error, context.package.get(name))


def _error(error: Exception | None) -> str:
    return "no error at all" if error is None else f"{type(error).__name__}: {error}"[:300]
