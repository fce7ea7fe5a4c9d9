"""The clients as an app: a request of schemathesis becomes a call of each, and what the server answers goes back.

A request is decoded, made again through the typed method and a connection of the client's own pool. What no typed
method can say goes to the server as it is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from clientsmith.conform.client.call_inputs import CallInputs, NoSuchArgumentError
from clientsmith.conform.client.calls import Caller
from clientsmith.conform.inputs.compared import same
from clientsmith.conform.inputs.values import is_meant, without_unknown
from clientsmith.conform.model import Mode
from clientsmith.conform.run.choices import has_choice_below
from clientsmith.conform.run.context import Context
from clientsmith.conform.run.findings import Findings
from clientsmith.conform.run.server import Send
from clientsmith.document.model import render_pointer
from clientsmith.json_values.codec import Value
from clientsmith.openapi import media_type
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.traffic.check import CheckedRequest
from clientsmith.traffic.message import HttpRequest, HttpResponse

_OF_BODIES = frozenset({"invalid-body", "malformed-body"})
"""What our own check says of the body of an answer; statuses and media types are schemathesis' business."""
_FORMS = ("form", "multipart")
_OF_THE_CONNECTION = frozenset({"transfer-encoding", "connection"})
THROUGH = "X-Conform-Through"
"""Marks answers that came by way of the client; what the server said to anything else says nothing about it."""


@dataclass(frozen=True, slots=True)
class End:
    """A client over its own connections, and a way to send its server what no typed call can say."""

    caller: Caller
    send: Send

    @property
    def mode(self) -> Mode:
        """Which of the clients it is."""
        return self.caller.mode


@dataclass(frozen=True, slots=True)
class _TypedCall:
    """A request of schemathesis as a call: what it says when it is read, and the inputs that say the same."""

    operation: DescribedOperation
    checked: CheckedRequest
    request: HttpRequest
    inputs: CallInputs

    def shown(self, end: End) -> dict[str, Any]:
        """What a failure of a client shows."""
        return {"mode": end.mode, "inputs": self.inputs, "request": self.request}


class Bridge:
    """The clients as a WSGI app; one call at a time, as the engine works."""

    def __init__(self, context: Context, ends: Sequence[End], findings: Findings) -> None:
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
        lines = [pair for pair in response.headers if pair[0].lower() not in _OF_THE_CONNECTION]
        start_response(f"{response.status} {response.reason or 'Answer'}", lines)
        return [b"" if request.method == "HEAD" else response.body]

    def _answer(self, request: HttpRequest) -> HttpResponse:
        checked = self.context.checker.check_request(request)
        operation = checked.operation
        if operation is None or not self._is_sayable(operation, checked, request):
            first, *_ = [self._sent(end, checked, request) for end in self.ends]
            return first
        if checked.refusal is None:
            self.callable.add(operation.id)
        return self._called(operation, checked, request)

    def _is_sayable(
        self, operation: DescribedOperation, checked: CheckedRequest, request: HttpRequest
    ) -> bool:
        """Whether a typed call can say a request."""
        is_typed = checked.refusal in (None, "parameters", "schema")
        is_declared = not any(one.id.startswith("undeclared") for one in checked.findings)
        has_method = operation.id in self.context.package.operations
        return is_typed and is_declared and has_method and not self._has_unknown(operation, checked, request)

    def _sent(self, end: End, checked: CheckedRequest, request: HttpRequest) -> HttpResponse:
        """Send a request that no typed call can make, or that the client refused; an invalid one has to be refused."""
        answer = end.send(request)
        if checked.refusal is not None:
            said = f"the server answers {answer.status} to a request that the document forbids ({checked.refusal})"
            what = {"mode": end.mode, "status": str(answer.status), "request": request}
            self.findings.check(answer.status >= 400, "invalid-accepted", said, **what)
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
        return not known or has_choice_below(checker.resolved, schema)

    def _called(
        self, operation: DescribedOperation, checked: CheckedRequest, request: HttpRequest
    ) -> HttpResponse:
        """The answer to the first client, or of its server to what it refused; the others have to get the same."""
        given = self.context.checker.check_request(request, demand_credentials=False)
        has_body = self._has_body(operation, given, request)
        inputs = self.context.arguments_of(operation, given, has_body=has_body)
        call = _TypedCall(operation, given, request, inputs)
        answers: list[HttpResponse] = []
        for end in self.ends:
            answer = self._made(end, call)
            answers.append(self._sent(end, checked, request) if answer is None else answer)
            if end is not self.ends[0]:
                first, other = answers[0], answers[-1]
                said = f"{operation.id}: {other.status} for what gave the other client {first.status}"
                self.findings.check(_is_same(first, other), "clients-differ", said, **call.shown(end))
        return answers[0]

    def _has_body(self, operation: DescribedOperation, read: CheckedRequest, request: HttpRequest) -> bool:
        """Whether there is a body that the typed method has arguments for."""
        return self.context.body_media(operation) is not None and (
            read.body is not None or bool(request.body)
        )

    def _made(self, end: End, call: _TypedCall) -> HttpResponse | None:
        """The server's answer to the typed call; None if the client, or the signature of its method, refused it."""
        operation, checked = call.operation, call.checked
        try:
            called = self._captured(end, call)
        except NoSuchArgumentError as error:
            called = error
        if isinstance(called, HttpResponse):
            self.through.add((operation.id, end.mode))
            self._check_answer(end, operation, called)
            self._check_sent(end, call)
            verdict = "valid" if checked.refusal is None else "invalid"
            return replace(called, headers=(*called.headers, (THROUGH, verdict)))
        is_refused = isinstance(
            called, (NoSuchArgumentError, self.context.package.get("RequestValidationError"))
        )
        has_body = self._has_body(operation, checked, call.request)
        schema = self.context.body_schema(operation) if has_body else None
        meant = not has_body or is_meant(self.context.checker, schema, checked.body)
        passed = is_refused and (checked.refusal is not None or not meant)
        said = f"{operation.id}: {type(called).__name__}: {called}"[:400]
        id = "valid-refused" if is_refused else "call-failed"
        self.findings.check(passed, id, said, **call.shown(end))
        return None

    def _check_sent(self, end: End, call: _TypedCall) -> None:
        """A client has to refuse what breaks its schema, except by a keyword that `generate` noted at that place."""
        operation, checked = call.operation, call.checked
        if checked.refusal is None:
            return
        values = [
            (one.schema, checked.parameters.values(one.location)[one.name])
            for one in operation.parameters
            if one.name in checked.parameters.values(one.location)
        ]
        if self._has_body(operation, checked, call.request):
            values.append((self.context.body_schema(operation), checked.body))
        promised = self.context.promised
        wrong = [one for schema, value in values for one in promised.check(schema, value, "request")]
        first = f"{render_pointer(wrong[0].pointer)}: {wrong[0].message}" if wrong else ""
        said = f"{operation.id}: the client sent what it ought to refuse: {first}"
        self.findings.check(not wrong, "invalid-sent", said, status=operation.id, **call.shown(end))

    def _check_answer(self, end: End, operation: DescribedOperation, response: HttpResponse) -> None:
        found = self.context.checker.check_response(operation, response)
        wrong = [one for one in found if one.id in _OF_BODIES]
        reported = "; ".join(f"{one.part}{one.pointer} {one.message}" for one in wrong[:3])
        said = f"{operation.id}: the answer {response.status}: {reported}"[:600]
        status = f"{operation.id} {response.status}"
        self.findings.check(not wrong, "response-schema-conformance", said, mode=end.mode, status=status)

    def _captured(self, end: End, call: _TypedCall) -> HttpResponse | Exception | None:
        operation = call.operation
        called = end.caller.call_for_response(operation.id, call.inputs)
        describes = any(key.startswith("2") for key in operation.responses)
        unread = describes and isinstance(called.error, self.context.package.get("ResponseDecodeError"))
        said = f"{operation.id}: the client cannot read the answer: {called.error}"[:600]
        what = {**call.shown(end), "request": next(iter(called.requests), None)}
        self.findings.check(not unread, "answer-not-read", said, **what)
        raw: Any = getattr(called.error, "response", None) if called.error is not None else called.result
        if raw is None:
            return called.error
        return HttpResponse(raw.status, tuple(raw.headers.multi_items()), raw.content)


def _has_empty_list(body: Value) -> bool:
    """Whether a field is a list without items, for which a form has no text."""
    return isinstance(body, dict) and [] in body.values()


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
