"""From both ends: schemathesis' own engine drives the client, presented as an app, against a server on a real socket.

A request of schemathesis is decoded, made again through the typed method and a connection of the client's own pool, and
what the server answered goes back to be checked. What no typed method can say goes to the server as it is.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import schemathesis
from schemathesis import engine
from schemathesis.engine import Status, events

from clientsmith.conform.client.calls import Caller, CallInputs, NoSuchArgumentError, tokens_of
from clientsmith.conform.contract.plain_document import plain_document
from clientsmith.conform.inputs.arguments import argument
from clientsmith.conform.inputs.compared import same
from clientsmith.conform.inputs.values import is_meant, without_unknown
from clientsmith.conform.model import Mode
from clientsmith.conform.run.choices import has_choice
from clientsmith.conform.run.context import Context, Findings
from clientsmith.conform.run.server import Send, Serve
from clientsmith.input_file import stream_number
from clientsmith.json_values.codec import Value
from clientsmith.openapi import media_type
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.parameter import Location
from clientsmith.traffic.check import CheckedRequest
from clientsmith.traffic.message import HttpRequest, HttpResponse

PHASES = ("examples", "coverage", "fuzzing", "stateful")
_LEFT_OUT_CHECKS = (
    "positive_data_acceptance",
    "ignored_auth",
    "use_after_free",
    "ensure_resource_availability",
    "response_schema_conformance",
)
"""Of servers, not of clients: which status a valid request gets, and whether a call without credentials is refused.

The last one is made here, with exact numbers: schemathesis reads `prefixItems` as a draft-7 `items` and stops there.
"""

_OF_BODIES = frozenset({"invalid-body", "malformed-body"})
"""What our own check says of the body of an answer; statuses and media types are schemathesis' business."""
_FORMS = ("form", "multipart")
_THROUGH = "X-Conform-Through"
"""Marks answers that came by way of the client; what the server said to anything else says nothing about it."""


@dataclass(frozen=True, slots=True)
class _End:
    """A client over its own connections, and a way to send its server what no typed call can say."""

    caller: Caller
    send: Send

    @property
    def mode(self) -> Mode:
        """Which of the clients it is."""
        return self.caller.mode


def check_both_ends(
    context: Context, modes: Sequence[Mode], spec: str, serve: Serve, *, examples: int, number: int
) -> Findings:
    """Run every phase of the engine once, each case through every client; cases and checks count for each.

    Each client has a server of its own, so that what one was answered does not change what the other is.
    """
    findings = Findings(context, "both-ends", None)
    with ExitStack() as opened:
        bridge = _Bridge(context, [_opened(context, mode, serve, opened) for mode in modes], findings)
        schema = _loaded(context, spec, _config(context, examples, number))
        schema.app = bridge
        for event in engine.from_schema(schema).execute():
            for mode in modes:
                _read_event(event, context, findings, mode)
        for operation in context.operations():
            for mode in modes if operation.id in bridge.callable else ():
                findings.check(
                    (operation.id, mode) in bridge.through, "nothing-came-through",
                    f"no case of schemathesis became a call of {operation.id}", mode=mode, status=operation.id,
                )  # fmt: skip
    for phase in PHASES:
        context.tally.phases.setdefault(phase, 0)
    return findings


def _opened(context: Context, mode: Mode, serve: Serve, opened: ExitStack) -> _End:
    url, send = opened.enter_context(serve())
    caller = Caller(context.package, mode, transport=None, base_url=url, retries=None)
    opened.callback(caller.close)
    return _End(caller, send)


def _loaded(context: Context, spec: str, config: Any) -> Any:
    """The document for the engine as it has been read: its listed values are those that every other part goes by."""
    openapi: Any = schemathesis.openapi
    if opaque := _opaque_types(context):
        schemathesis.serializer.alias(opaque, "application/octet-stream")
    schema = openapi.from_dict(plain_document(context), config=config)
    name = spec if stream_number(spec) is None else "openapi.yaml"
    schema.location = (Path.cwd() / name).as_uri()
    return schema


def _opaque_types(context: Context) -> list[str]:
    """The media types of request bodies that are sent as bytes; schemathesis knows only a few of them."""
    declared = {media_type.essence(one) for found in context.operations() for one in found.body_contents}
    opaque = {one for one in declared if media_type.codec(one) == "binary"}
    return sorted(one for one in opaque if "*" not in one and not one.endswith(("/xml", "+xml")))


def _config(context: Context, examples: int, number: int) -> Any:
    headers, parameters = _credentials(context)
    config: Any = schemathesis.Config
    return config.from_dict(
        {
            "continue-on-failure": True,
            "seed": number,
            "headers": headers,
            "parameters": parameters,
            # The app is this module: its constants say nothing of the service.
            "analysis": {"constants": {"enabled": False}},
            "generation": {"deterministic": True, "max-examples": examples, "database": "none"},
            # How many draws a schema costs says nothing about the client.
            "suppress-health-check": ["all"],
            "checks": {name: {"enabled": False} for name in _LEFT_OUT_CHECKS},
        }
    )


def _credentials(context: Context) -> tuple[dict[str, str], dict[str, str]]:
    """What schemathesis sends as credentials: headers, and parameters of other places."""
    headers: dict[str, str] = {}
    parameters: dict[str, str] = {}
    tokens = iter(tokens_of(context.package))
    token = next(tokens, "")
    for operation in context.operations():
        for credential in (one for alternative in operation.security for one in alternative):
            if credential.location == "header":
                wrapped = (
                    base64.b64encode(token.encode()).decode() if credential.prefix == "basic " else token
                )
                headers[credential.name] = f"{credential.prefix.capitalize()}{wrapped}"
            else:
                parameters[credential.name] = token
    return headers, parameters


def _read_event(event: object, context: Context, findings: Findings, mode: Mode) -> None:
    if isinstance(event, events.ScenarioFinished):
        phase = str(event.phase.value)
        number = len(event.recorder.cases)
        context.tally.phases[phase] = context.tally.phases.get(phase, 0) + number
        for case, checks in event.recorder.checks.items():
            verdict = _verdict(event, case)
            for check in checks if verdict is not None else ():
                findings.checks += 1
                if check.status is not Status.SUCCESS and not (
                    _is_no_fault(check.name, verdict, event, context)
                    or (check.name == "content_type_conformance" and _is_in_a_range(event, case, context))
                ):
                    _note(check, event, findings, mode)
        if event.status is Status.ERROR and _has_values(str(event.label), context):
            findings.fail(
                "engine-error", f"schemathesis could not finish {event.label}", mode=mode, status=phase
            )
    elif isinstance(event, events.NonFatalError | events.FatalError) and _has_values(
        str(getattr(event, "label", "")), context
    ):
        findings.fail("engine-error", f"{type(event).__name__}: {_reason(event)}"[:600], mode=mode)


def _has_values(label: str, context: Context) -> bool:
    """Whether every parameter and the body of an operation have values; without any schemathesis ends in an error."""
    operation = next((one for one in context.operations() if f"{one.method} {one.path}" == label), None)
    if operation is None:
        return True
    columns = [context.parameter_values(operation, one) for one in operation.parameters]
    return all(columns) and (context.body_media(operation) is None or bool(context.valid_bodies(operation)))


def _verdict(event: events.ScenarioFinished, case: str) -> str | None:
    """What our own check says of a request that became a call of the client; None if it did not."""
    made = event.recorder.interactions.get(case)
    response = made.response if made is not None else None
    if response is None:
        return None
    return next((one[0] for name, one in response.headers.items() if name.lower() == _THROUGH.lower()), None)


def _is_in_a_range(event: events.ScenarioFinished, case: str, context: Context) -> bool:
    """Whether an answer is in a range with a suffix such as `application/*+json`, which schemathesis does not know."""
    made = event.recorder.interactions.get(case)
    response = made.response if made is not None else None
    stated = "" if response is None else (response.headers.get("content-type") or [""])[0]
    declared = {f"{one.method} {one.path}": one.responses for one in context.checker.operations}
    return any(
        "/*+" in name and media_type.matches(name, stated)
        for one in declared.get(str(event.label), {}).values()
        for name in one.contents
    )


def _is_no_fault(check: str, verdict: str | None, event: events.ScenarioFinished, context: Context) -> bool:
    """Where schemathesis reads more into a document than JSON Schema says, or the server had nothing better to say.

    It takes formats for assertions and text for what it was drawn as; a document that declares no success has none.
    What the document forbids and the client let through (the report lists it) the server refuses in its own way.
    """
    if check == "negative_data_rejection":
        return verdict == "valid"
    declared = {f"{one.method} {one.path}": one.responses for one in context.checker.operations}
    successes = [key for key in declared.get(str(event.label), {}) if key.startswith("2") or key == "default"]
    return check == "status_code_conformance" and (verdict == "invalid" or not successes)


def _note(check: Any, event: events.ScenarioFinished, findings: Findings, mode: Mode) -> None:
    failure = check.failure_info.failure if check.failure_info is not None else None
    title = getattr(failure, "title", "") or check.name
    message = f"{event.label}, {event.phase.value}: {title}: {getattr(failure, 'message', '')}"[:600]
    findings.fail(check.name.replace("_", "-"), message, mode=mode, status=str(event.label))


def _reason(event: Any) -> str:
    info = getattr(event, "info", None)
    return str(
        getattr(info, "format", lambda: info)() if info is not None else getattr(event, "exception", event)
    )


class _Bridge:
    """The clients as a WSGI app; one call at a time, as the engine works."""

    def __init__(self, context: Context, ends: Sequence[_End], findings: Findings) -> None:
        self.context = context
        self.ends = ends
        self.findings = findings
        self.callable: set[str] = set()
        """Operations of which a request arrived that a typed call can say."""
        self.through: set[tuple[str, Mode]] = set()
        """Operations of which at least one call was made, and by which client."""
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        request = _request(environ)
        with self._lock:
            response = self._answer(request)
        lines = [
            pair for pair in response.headers if pair[0].lower() not in ("transfer-encoding", "connection")
        ]
        start_response(f"{response.status} {response.reason or 'Answer'}", lines)
        return [b"" if request.method == "HEAD" else response.body]

    def _answer(self, request: HttpRequest) -> HttpResponse:
        checked = self.context.checker.check_request(request)
        operation = checked.operation
        declared = operation is not None and operation.id in self.context.package.operations
        unsaid = any(one.id.startswith("undeclared") for one in checked.findings)
        if operation is not None and declared:
            unsaid = unsaid or self._has_unknown(operation, checked, request)
        if (
            operation is None
            or not declared
            or unsaid
            or checked.refusal not in (None, "parameters", "schema")
        ):
            first, *_ = [self._sent(end, checked, request) for end in self.ends]
            return first
        if checked.refusal is None:
            self.callable.add(operation.id)
        return self._called(operation, checked, request)

    def _sent(self, end: _End, checked: CheckedRequest, request: HttpRequest) -> HttpResponse:
        """Send a request that no typed call can make, or that the client refused; an invalid one has to be refused."""
        answer = end.send(request)
        if checked.refusal is not None:
            self.findings.check(
                answer.status >= 400, "invalid-accepted",
                f"the server answers {answer.status} to a request that the document forbids ({checked.refusal})",
                mode=end.mode, status=str(answer.status), request=request,
            )  # fmt: skip
        return answer

    def _has_unknown(
        self, operation: DescribedOperation, checked: CheckedRequest, request: HttpRequest
    ) -> bool:
        """Whether there is something in a request that the typed method has no room for by design."""
        checker = self.context.checker
        stated = media_type.essence(request.header("content-type") or "")
        sends = media_type.essence(self.context.package.operations[operation.id].media_type or "")
        if stated and stated != sends:
            return True
        schema = self.context.body_schema(operation)
        if _has_empty_list(checked.body) and self.context.body_codec(operation) in _FORMS:
            return True
        values = [(schema, checked.body)]
        values += [
            (one.schema, checked.parameters.values(one.location).get(one.name))
            for one in operation.parameters
        ]
        known = all(same(value, without_unknown(checker, owner, value)) for owner, value in values)
        return not known or has_choice(checker.resolved, schema)

    def _called(
        self, operation: DescribedOperation, checked: CheckedRequest, request: HttpRequest
    ) -> HttpResponse:
        """The answer to the first client, or of its server to what it refused; the others have to get the same."""
        given = self.context.checker.check_request(request, demand_credentials=False)
        inputs = self._inputs(operation, given, request)
        answers: list[HttpResponse] = []
        for end in self.ends:
            answer = self._made(end, operation, given, inputs, request)
            answers.append(self._sent(end, checked, request) if answer is None else answer)
            if end is not self.ends[0]:
                self.findings.check(
                    _is_same(answers[0], answers[-1]), "clients-differ",
                    f"{operation.id}: {answers[-1].status} for what gave the other client {answers[0].status}",
                    mode=end.mode, inputs=inputs, request=request,
                )  # fmt: skip
        return answers[0]

    def _inputs(
        self, operation: DescribedOperation, checked: CheckedRequest, request: HttpRequest
    ) -> CallInputs:
        checker, media = self.context.checker, self.context.body_media(operation)
        parameters: dict[tuple[Location, str], Value] = {
            (one.location, one.name): argument(
                checker, one.schema, checked.parameters.values(one.location)[one.name]
            )
            for one in operation.parameters
            if one.name in checked.parameters.values(one.location)
        }
        if media is None or _is_empty(checked, request):
            return CallInputs(parameters)
        schema, files = self.context.body_schema(operation), self.context.takes_files(operation)
        return CallInputs(parameters, argument(checker, schema, checked.body, files=files))

    def _made(
        self, end: _End, operation: DescribedOperation, checked: CheckedRequest, inputs: CallInputs,
        request: HttpRequest,
    ) -> HttpResponse | None:  # fmt: skip
        """The server's answer to the typed call; None if the client, or the signature of its method, refused it."""
        checker, media = self.context.checker, self.context.body_media(operation)
        try:
            called = self._captured(end, operation, inputs)
        except NoSuchArgumentError as error:
            called = error
        if isinstance(called, HttpResponse):
            self.through.add((operation.id, end.mode))
            self._conforms(end, operation, called)
            verdict = "valid" if checked.refusal is None else "invalid"
            return replace(called, headers=(*called.headers, (_THROUGH, verdict)))
        refusals = (NoSuchArgumentError, self.context.package.get("RequestValidationError"))
        refused = isinstance(called, refusals)
        has_body = media is not None and not _is_empty(checked, request)
        meant = not has_body or is_meant(checker, self.context.body_schema(operation), checked.body)
        self.findings.check(
            refused and (checked.refusal is not None or not meant), "valid-refused" if refused else "call-failed",
            f"{operation.id}: {type(called).__name__}: {called}"[:400], mode=end.mode, inputs=inputs,
            request=request,
        )  # fmt: skip
        return None

    def _conforms(self, end: _End, operation: DescribedOperation, response: HttpResponse) -> None:
        found = self.context.checker.check_response(operation, response)
        wrong = [one for one in found if one.id in _OF_BODIES]
        reported = "; ".join(f"{one.part}{one.pointer} {one.message}" for one in wrong[:3])
        self.findings.check(
            not wrong, "response-schema-conformance", f"{operation.id}: the answer {response.status}: {reported}"[:600],
            mode=end.mode, status=f"{operation.id} {response.status}",
        )  # fmt: skip

    def _captured(
        self, end: _End, operation: DescribedOperation, inputs: CallInputs
    ) -> HttpResponse | Exception | None:
        called = end.caller.call_for_response(operation.id, inputs)
        describes = any(key.startswith("2") for key in operation.responses)
        unread = describes and isinstance(called.error, self.context.package.get("ResponseDecodeError"))
        self.findings.check(
            not unread, "answer-not-read", f"{operation.id}: the client cannot read the answer: {called.error}"[:600],
            mode=end.mode, inputs=inputs, request=next(iter(called.requests), None),
        )  # fmt: skip
        raw: Any = getattr(called.error, "response", None) if called.error is not None else called.result
        if raw is None:
            return called.error
        return HttpResponse(raw.status, tuple(raw.headers.multi_items()), raw.content)


def _has_empty_list(body: Value) -> bool:
    """Whether a field is a list without items, for which a form has no text."""
    return isinstance(body, dict) and [] in body.values()


def _is_empty(checked: CheckedRequest, request: HttpRequest) -> bool:
    return checked.body is None and not request.body


def _is_same(one: HttpResponse, other: HttpResponse) -> bool:
    """Whether two answers say the same; their dates may differ."""
    first, second = (
        [(name.lower(), value) for name, value in answer.headers if name.lower() != "date"]
        for answer in (one, other)
    )
    return (one.status, one.body, first) == (other.status, other.body, second)


def _request(environ: dict[str, Any]) -> HttpRequest:
    """The request as it stood on the wire; werkzeug keeps the undecoded target."""
    target = environ.get("REQUEST_URI") or quote(environ.get("PATH_INFO", "/"), safe="/%")
    headers = [
        (name[5:].replace("_", "-").title(), value)
        for name, value in environ.items()
        if name.startswith("HTTP_")
    ]
    headers += [
        (name, environ[key])
        for key, name in (("CONTENT_TYPE", "Content-Type"), ("CONTENT_LENGTH", "Content-Length"))
        if environ.get(key)
    ]
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return HttpRequest(environ["REQUEST_METHOD"], target, tuple(headers), body)
