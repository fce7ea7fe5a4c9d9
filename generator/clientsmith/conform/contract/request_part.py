"""The request direction: valid inputs have to reach the wire unchanged, invalid ones must not get past both ends.

What is on the wire is read back with the decoder of the recorded-response server, which shares no code with the client.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any, cast

from pydantic import ValidationError

from clientsmith.conform.client.calls import ABSENT, CallInputs, NoSuchArgumentError, holds_secret
from clientsmith.conform.contract.files_part import check_files
from clientsmith.conform.contract.python_only_part import check_python_only
from clientsmith.conform.contract.refusal_part import check_refusals
from clientsmith.conform.contract.request_case import RequestCase, shown_error
from clientsmith.conform.inputs.arguments import wrapped
from clientsmith.conform.inputs.compared import alike, same
from clientsmith.conform.inputs.draws import sample
from clientsmith.conform.inputs.members import is_of_one_branch
from clientsmith.conform.inputs.model_arguments import with_models, with_open_models
from clientsmith.conform.inputs.results import plain
from clientsmith.conform.model import MODES, Mode
from clientsmith.conform.run.choices import has_choice
from clientsmith.conform.run.context import Context, Findings, sayable, travels
from clientsmith.document.operations import bare_template
from clientsmith.json_values import codec
from clientsmith.json_values.codec import Value
from clientsmith.openapi import media_type as media_types
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.parameter import Location, Parameter
from clientsmith.openapi.routing import normalized, split_target
from clientsmith.openapi.server import base_path, host_of, servers_for
from clientsmith.traffic.message import HttpRequest, HttpResponse

_PLACES: tuple[Location, ...] = ("path", "query", "header", "cookie")


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
        statuses = list(self.case.operation.responses) or ["default"]
        answers = {
            key: self.case.context.answer(self.case.operation, key) for key in self.case.operation.responses
        }
        if not answers:
            answers = {"default": HttpResponse(200)}
        for turn, inputs in enumerate(self._cases(len(statuses))):
            status = statuses[turn % len(statuses)]
            self._one(inputs, status, answers[status])
        usual = self.case.context.usual_inputs(self.case.operation)
        if self.case.findings.found and usual is not None and self.case.media is not None:

            def again(value: Value, findings: Findings) -> None:
                part = _RequestPart(replace(self.case, findings=findings))
                part._one(CallInputs(usual.parameters, value), statuses[0], answers[statuses[0]])

            self.case.findings.shrink(self.case.schema, "request", again, valid=True)

    def _one(self, inputs: CallInputs, status: str, answer: HttpResponse) -> None:
        """One call by each client, and whether both send the same."""
        sent: dict[Mode, HttpRequest] = {}
        for mode in MODES:
            request = self._valid_call(mode, inputs, status, answer)
            if request is not None:
                sent[mode] = request
        if len(sent) == len(MODES):
            self.case.findings.check(
                _comparable(sent["sync"]) == _comparable(sent["async"]), "sync-and-async-differ",
                lambda: f"the two clients send different bytes: {_difference(sent)}",
                inputs=inputs, request=sent["async"],
            )  # fmt: skip

    def _valid_call(
        self, mode: Mode, inputs: CallInputs, status: str, answer: HttpResponse
    ) -> HttpRequest | None:
        caller = self.case.context.caller(mode, retries=None)
        try:
            called = caller.call(self.case.operation.id, self.case.arguments(inputs), lambda _: answer)
        except NoSuchArgumentError as error:
            self.case.findings.check(False, "valid-not-expressible", str(error), mode=mode, inputs=inputs)
            return None
        self.case.findings.sent(mode, called, answer)
        if not called.requests:
            media = {(one.location, one.name): one.media_type for one in self.case.operation.parameters}
            may_refuse = not all(
                travels(key[0], media.get(key), value) for key, value in inputs.parameters.items()
            )
            may_refuse = may_refuse or self._is_unknown_to_a_branch(called.error, inputs.body)
            self.case.findings.check(
                may_refuse and self.case.is_refusal(called.error),
                "valid-refused", f"a valid input was not sent: {shown_error(called.error)}",
                mode=mode, inputs=inputs,
            )  # fmt: skip
            return None
        self.case.findings.check(
            len(called.requests) == 1, "sent-twice", f"{len(called.requests)} requests for one call",
            mode=mode, inputs=inputs,
        )  # fmt: skip
        self._on_the_wire(mode, inputs, called.requests[0])
        if not has_choice(self.case.context.checker.resolved, self.case.schema):
            self._with_models(mode, inputs, called.requests[0], answer)
            if self.case.is_json and called.requests[0].body and mode not in self._opened:
                self._opened.add(mode)
                self._with_open_models(mode, inputs, answer)
        self.case.context.tally.cell(self.case.operation.id, status, "request", mode)
        return called.requests[0]

    def _with_models(self, mode: Mode, inputs: CallInputs, sent: HttpRequest, answer: HttpResponse) -> None:
        caller = self.case.context.caller(mode, retries=None)
        change = partial(with_models, caller.method(self.case.operation.id))
        ended: Exception | None = None
        requests: tuple[HttpRequest, ...] = ()
        try:
            called = caller.call_changed(
                self.case.operation.id, self.case.arguments(inputs), lambda _: answer, change
            )
            ended, requests = called.error, called.requests
        except ValidationError as error:
            ended = error
        same_bytes = [_comparable(one) for one in requests] == [_comparable(sent)]
        self.case.findings.check(
            same_bytes, "models-differ",
            lambda: f"model instances send something else than dicts ({shown_error(ended)})",
            mode=mode, inputs=inputs, request=next(iter(requests), None),
        )  # fmt: skip

    def _with_open_models(self, mode: Mode, inputs: CallInputs, answer: HttpResponse) -> None:
        """What a model holds beyond the class that is due is sent as well; in a dict it would be a typing mistake."""
        caller = self.case.context.caller(mode, retries=None)
        names = self.case.context.package.operations[self.case.operation.id].arguments.get("body", {})
        passed: dict[str, Any] = {}

        def change(arguments: dict[str, Any]) -> dict[str, Any]:
            passed.update(with_open_models(caller.method(self.case.operation.id), arguments, "no such key"))
            return passed

        arguments = self.case.arguments(inputs)
        called = caller.call_changed(self.case.operation.id, arguments, lambda _: answer, change)
        bodies = [codec.read(one.body) for one in called.requests]
        expected = {wire: plain(passed[name]) for wire, name in names.items() if name in passed}
        whole = expected.get("", expected)
        expected |= getattr(passed.get("options"), "extra_body", None) or {}
        wanted = codec.read(codec.write(cast("Value", wrapped(whole))))
        schema = self.case.schema
        if schema is not None and not self.case.context.checker.schemas.is_valid(schema, wanted, "request"):
            self.case.findings.check(
                not bodies and self.case.is_refusal(called.error), "models-differ",
                lambda: f"models with a key more, which the schema refuses, are sent as {bodies!s:.300}",
                mode=mode, inputs=inputs,
            )  # fmt: skip
            return
        self.case.findings.check(
            len(bodies) == 1 and same(wanted, bodies[0]), "models-differ",
            lambda: f"models with a key more are sent as {bodies!s:.300} ({shown_error(called.error)})",
            mode=mode, inputs=inputs,
        )  # fmt: skip

    def _is_unknown_to_a_branch(self, error: Exception | None, body: object) -> bool:
        """In a union a key may be known to one branch alone, and is a typing mistake in the others."""
        kinds = {one.kind for one in getattr(error, "problems", ())}
        checker, schema = self.case.context.checker, self.case.schema
        return (
            "extra_forbidden" in kinds
            and has_choice(checker.resolved, schema)
            and not is_of_one_branch(checker, schema, cast("Value", body))
        )

    def _on_the_wire(self, mode: Mode, inputs: CallInputs, request: HttpRequest) -> None:
        checked = self.case.context.checker.check_request(request)
        name = checked.operation.id if checked.operation is not None else None
        what = {"mode": mode, "inputs": inputs, "request": request}
        if not self.case.findings.check(
            name == self.case.operation.id or _shares_paths(self.case.operation, checked.operation), "wrong-operation",
            f"{request.method} {request.target} is {name or 'no operation of the document'}", **what,
        ) or name != self.case.operation.id:  # fmt: skip
            return
        reasons = "; ".join(f"{one.part} {one.pointer}: {one.message}" for one in checked.findings)
        self.case.findings.check(
            checked.refusal is None and not checked.findings, "invalid-on-the-wire",
            f"what was sent breaks the document: {checked.refusal or ''} {reasons}".strip(), **what,
        )  # fmt: skip
        for place in _PLACES:
            values = checked.parameters.values(place)
            for parameter in self._declared(place):
                self._compare(mode, inputs, request, parameter, values.get(parameter.name, ABSENT))
        body = ABSENT if checked.body is None and not request.body else checked.body
        self.case.findings.check(
            self._same_body(inputs, body), "body-differs",
            lambda: f"the body on the wire is {sample(checked.body)}, not what was passed", **what,
        )  # fmt: skip
        self._headers(mode, inputs, request)

    def _compare(
        self, mode: Mode, inputs: CallInputs, request: HttpRequest, parameter: Parameter, got: object
    ) -> None:
        expected = inputs.parameters.get((parameter.location, parameter.name), ABSENT)
        if expected is ABSENT and (parameter.location, parameter.name.lower()) == ("header", "user-agent"):
            return  # a client always says who it is
        if expected is ABSENT or got is ABSENT:
            passed = expected is got or alike(_none(expected), _none(got))
        else:
            passed = alike(expected, got)  # type: ignore[arg-type]
        self.case.findings.check(
            passed, "parameter-differs",
            lambda: f"the {parameter.label} reached the wire as {sample(_none(got))}, "
            f"not as {sample(_none(expected))}",
            mode=mode, inputs=inputs, request=request, node=parameter.schema,
        )  # fmt: skip

    def _same_body(self, inputs: CallInputs, got: object) -> bool:
        expected = inputs.body
        if expected is ABSENT or got is ABSENT:
            return expected is got or (
                _none(expected) in ({}, "", [], None) and _none(got) in ({}, "", [], None)
            )
        if self.case.is_json:
            return same(expected, got)
        return alike(expected, got)  # type: ignore[arg-type]

    def _headers(self, mode: Mode, inputs: CallInputs, request: HttpRequest) -> None:
        what = {"mode": mode, "inputs": inputs, "request": request}
        self._content_type(inputs, request, what)
        length, size = request.header("content-length"), str(len(request.body))
        has_length = bool(request.body) or request.method in ("POST", "PUT", "PATCH")
        self.case.findings.check(
            length == size or not has_length, "wrong-content-length",
            f"Content-Length is {length}, the body has {size}", **what,
        )  # fmt: skip
        self._accept(request, what)
        shown = (request.target, *(value for _, value in request.headers))
        self.case.findings.check(
            bool(self.case.operation.security) or not any(map(holds_secret, shown)), "credentials-not-asked-for",
            "the operation needs no credentials, and the request has some", **what,
        )  # fmt: skip
        self._address(request, what)

    def _content_type(self, inputs: CallInputs, request: HttpRequest, what: dict[str, Any]) -> None:
        declared = self.case.context.package.operations[self.case.operation.id].media_type
        stated = request.header("content-type")
        if request.body:
            essence = media_types.essence(stated or "")
            self.case.findings.check(
                essence == media_types.essence(declared or ""), "wrong-content-type",
                f"Content-Type is {stated!r}, the document has {declared!r}", **what,
            )  # fmt: skip
            self.case.context.tally.message(self.case.operation.id, "request", "", essence)
        required = self.case.operation.body is not None and not self._body_optional()
        given = inputs.body is not ABSENT and (required or not _is_left_out(self.case, inputs.body))
        self.case.findings.check(
            bool(stated) is (given or required), "wrong-content-type",
            f"{'a' if given else 'no'} body was passed, and Content-Type is {stated!r}", **what,
        )  # fmt: skip

    def _accept(self, request: HttpRequest, what: dict[str, Any]) -> None:
        accept = request.header("accept") or ""
        wanted = {one for response in self.case.operation.responses.values() for one in response.contents}
        ranges = {media_types.essence(one) for one in accept.split(",")}
        missing = [one for one in sorted(wanted) if media_types.is_json(one) and not _covers(ranges, one)]
        known = not wanted or ranges <= {media_types.essence(one) for one in wanted}
        self.case.findings.check(
            bool(accept) and not missing and known, "wrong-accept",
            f"Accept is {accept!r} and leaves out {missing}; documented are {sorted(wanted)}", **what,
        )  # fmt: skip

    def _address(self, request: HttpRequest, what: dict[str, Any]) -> None:
        """The first server of the operation gets the request; one without an address leaves it to the document's.

        A base URL that the caller gave takes the place of all of them.
        """
        operation, checker = self.case.operation, self.case.context.checker
        hosts = {one for one in checker.index.hosts() if "{" not in one}
        host = (request.header("host") or "").lower()
        below = ""
        own = [one.url for one in servers_for(operation.node, operation.found.item, checker.resolved.node())]
        given = self.case.context.base_url
        for url in own[:1] if given is None else [given]:
            if host_of(url) and "{" not in url:
                hosts, below = {host_of(url)}, base_path(url)
        path = normalized(split_target(request.target)[0])
        self.case.findings.check(
            (not hosts or host in hosts) and path.startswith(normalized(below)), "wrong-host",
            f"the request goes to {host!r} and {path!r:.200}, not to {sorted(hosts)} and below {below!r}", **what,
        )  # fmt: skip

    def _declared(self, place: str) -> list[Parameter]:
        return [one for one in self.case.operation.parameters if one.location == place]

    def _cases(self, least: int) -> Iterator[CallInputs]:
        """Drawn values side by side: everything given, then what is optional now there and now not."""
        declared = self.case.operation.parameters
        members = self.case.context.members(self.case.operation)
        columns: dict[tuple[Location, str], list[Value]] = {
            (one.location, one.name): [
                value
                for value in self.case.context.parameter_values(self.case.operation, one)
                if sayable(one, value, members)
            ]
            for one in declared
        }
        bodies = [
            value
            for value in self.case.context.valid_bodies(self.case.operation)
            if self.case.is_json or not _holds_nothing(value)
        ]
        if any(not column for key, column in columns.items() if self._required(key)):
            return
        total = max([least, len(bodies), *map(len, columns.values())])
        for turn in range(total):
            parameters: dict[tuple[Location, str], Value] = {}
            for number, (key, column) in enumerate(columns.items()):
                if column and (self._required(key) or turn == 0 or (turn >> (number % 6)) & 1):
                    parameters[key] = column[turn % len(column)]
                    self.case.context.tally.drew(self.case.operation.id, *key, parameters[key], valid=True)
            body = (
                bodies[turn % len(bodies)] if bodies and not (self._body_optional() and turn == 1) else ABSENT
            )
            if body is ABSENT and self.case.media is not None and not self._body_optional():
                return
            self.case.note_body(body, valid=True)
            yield CallInputs(parameters, body)

    def _required(self, key: tuple[Location, str]) -> bool:
        return any((one.location, one.name) == key and one.required for one in self.case.operation.parameters)

    def _body_optional(self) -> bool:
        body = self.case.operation.body
        return body is None or body.mapping.get("required") is not True


def _shares_paths(operation: DescribedOperation, routed: DescribedOperation | None) -> bool:
    """Whether no request line can say which of two operations is meant: paths with fragments, and equal ones."""
    equal = routed is not None and bare_template(routed.path) == bare_template(operation.path)
    return equal or "#" in operation.path


def _is_left_out(case: RequestCase, body: object) -> bool:
    """Whether a body is one of which no argument was given; one that is an argument itself was."""
    return body == {} and "" not in case.context.package.operations[case.operation.id].arguments.get(
        "body", {}
    )


def _holds_nothing(value: Value) -> bool:
    """Whether a field of a form is empty or null, or has an item that is null: text cannot say any of that."""
    return isinstance(value, dict) and any(
        item in ([], {}, None, "") or (isinstance(item, list) and None in item) for item in value.values()
    )


def _covers(ranges: set[str], media_type: str) -> bool:
    return any(
        media_types.matches(one, media_type) or one == media_types.essence(media_type) for one in ranges
    )


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
