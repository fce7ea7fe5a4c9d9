"""Calls that are answered with one status, and what has to hold of their results and errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from clientsmith.conform.client.call_inputs import CallInputs
from clientsmith.conform.client.calls import Called, Caller
from clientsmith.conform.client.credentials import holds_secret
from clientsmith.conform.inputs.compared import same
from clientsmith.conform.inputs.drawing.draws import sample
from clientsmith.conform.inputs.results import mistyped, plain
from clientsmith.conform.inputs.values import without_refused_nulls
from clientsmith.conform.model import Mode
from clientsmith.conform.run.context import Context
from clientsmith.conform.run.findings import Findings
from clientsmith.conform.run.status_meaning import error_name, outcome
from clientsmith.document.extensions import PARTIAL_SUCCESS
from clientsmith.document.model import Node
from clientsmith.json_values.codec import Value
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.traffic.message import HttpResponse

VALIDATIONS = ("lenient", "warn", "strict")
_REQUEST_ID = ("X-Conform-Request-Id", "RQ-conform-1")


@dataclass(frozen=True, slots=True)
class ResponseCase:
    """An operation that is called by one client and answered with one status.

    `key` is what the document calls the status, empty where it says nothing of it; `node` is where it would.
    """

    context: Context
    operation: DescribedOperation
    findings: Findings
    inputs: CallInputs
    mode: Mode
    status: int
    key: str
    node: Node

    @property
    def is_success(self) -> bool:
        """Whether the call is to have a result."""
        return 200 <= self.status < 300

    @property
    def is_partial(self) -> bool:
        """Whether the result is wrapped in what became of each item."""
        return PARTIAL_SUCCESS in self.node.mapping

    def caller(self, validation: str) -> Caller:
        """A client in a validation mode that makes one attempt."""
        return self.context.caller(self.mode, retries=None, validation=validation)

    def call(self, validation: str, response: HttpResponse) -> Called:
        """Call the operation and have it answered so; counted in the cell of the status."""
        called = self.caller(validation).call(self.operation.id, self.inputs, lambda _: response)
        self.findings.sent(self.mode, called, response)
        if self.key:
            self.context.tally.cell(self.operation.id, self.key, "response", self.mode)
        return called

    def response(self, media_type: str | None, body: bytes) -> HttpResponse:
        """An answer of the status, with an id that errors have to repeat."""
        headers = (_REQUEST_ID, *((("Content-Type", media_type),) if media_type is not None else ()))
        return HttpResponse(self.status, headers, body)

    def check(
        self, passed: bool, id: str, message: str | Callable[[], str], response: HttpResponse, **more: object
    ) -> bool:
        """Count a comparison; a failure names the status and how to see it again.

        A message that is dear to make is a function: of many comparisons hardly one fails.
        """
        status = self.key or str(self.status)
        shown = {"mode": self.mode, "inputs": self.inputs, "response": response, "node": self.node, **more}
        return self.findings.check(passed, id, message, status=status, **shown)

    def error(self, response: HttpResponse, called: Called, body: tuple[Node | None, Value] | None) -> None:
        """Check the error of a call against the status and, if there is one, the body (schema, value)."""
        error, name = called.error, error_name(self.status)
        passed = isinstance(error, self.context.package.get(name))
        if not self.check(
            passed,
            "status-swallowed",
            lambda: f"{self.status} ends in {shown(called)}, not in {name}",
            response,
        ):
            return
        expected, stated = outcome(self.operation, self.status), getattr(error, "outcome", None)
        said = f"{self.status} is {stated}, not {expected}"
        self.check(str(stated) == expected, "wrong-outcome", said, response)
        raw: Any = getattr(error, "response", None)
        kept = getattr(raw, "content", None), getattr(raw, "request_id", None)
        facts = (getattr(error, "status", None), *kept)
        passed = facts == (self.status, response.body, _REQUEST_ID[1]) and _REQUEST_ID[0] in raw.headers
        self.check(
            passed,
            "error-loses-response",
            lambda: f"status, body, request id of the error are {brief(facts)}",
            response,
        )
        text = str(error)
        passed = str(self.status) in text and self.operation.id in text
        self.check(passed, "error-says-nothing", lambda: f"the message is {text!r:.200}", response)
        leaks = any(map(holds_secret, (text, repr(error), repr(raw))))
        self.check(not leaks, "secret-shown", "a credential is in the text of an error", response)
        if body is not None:
            self._error_body(response, getattr(error, "body", None), *body)

    def _error_body(self, response: HttpResponse, read: object, schema: Node | None, value: Value) -> None:
        """Check the body of an error against the value that was answered, and its types if the value is valid."""
        got = plain(read)
        self.check(
            same(value, got),
            "error-loses-body",
            lambda: f"the body of the error is {brief(got)}",
            response,
            drawn=value,
        )
        is_valid = schema is not None and self.context.checker.schemas.is_valid(schema, value, "response")
        problems = list(self._mistyped(schema, read)) if is_valid else []
        self.check(not problems, "error-not-typed", "; ".join(problems[:3]), response, drawn=value)

    def _mistyped(self, schema: Node | None, result: object) -> Iterator[str]:
        return mistyped(self.context.checker, schema, result, self.context.package.fields)

    def lossless(
        self, schema: Node | None, value: Value, response: HttpResponse, called: Called, *, is_valid: bool
    ) -> None:
        """Check a result against the value that was answered, its types too if the value is valid."""
        result = called.result
        if self.is_partial:
            result = getattr(result, "result", None)
        got = plain(result)
        there = is_valid or same(value, got)
        whole = value if there else without_refused_nulls(self.context.checker, schema, value)
        kept = got if there else without_refused_nulls(self.context.checker, schema, cast("Value", got))
        self.check(
            same(whole, kept),
            "response-loses-data",
            lambda: f"the result holds {brief(got)}, not {sample(value)[:300]}",
            response,
            drawn=value,
        )
        problems = list(self._mistyped(schema, result)) if is_valid else []
        self.check(not problems, "result-not-typed", "; ".join(problems[:3]), response, drawn=value)


def shown(called: Called) -> str:
    """What a call ended in, in a line."""
    if called.error is not None:
        return f"{type(called.error).__name__}: {called.error}"[:300]
    return f"the result {brief(called.result)}"


def brief(value: object) -> str:
    """A value in a line."""
    text = repr(value)
    return text if len(text) <= 300 else text[:299] + "…"
