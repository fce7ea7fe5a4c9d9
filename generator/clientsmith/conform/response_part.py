"""The response direction: what a service may answer has to be read without loss, what it must not answer be dealt with
as each validation mode promises, and nothing may end in an error that is not the client's own.
"""

from __future__ import annotations

from typing import Any

from clientsmith.conform.calls import SECRET, Called, Caller, Inputs
from clientsmith.conform.context import Context, Findings, concrete_status
from clientsmith.conform.draws import sample
from clientsmith.conform.model import MODES, Mode
from clientsmith.conform.outcomes import error_name, outcome
from clientsmith.conform.values import is_meant, mistyped, plain, same
from clientsmith.document.extensions import PARTIAL_SUCCESS
from clientsmith.document.model import Node
from clientsmith.replay import exact_json, media_types, payloads
from clientsmith.replay.described import DescribedOperation
from clientsmith.replay.exact_json import JsonError, Value
from clientsmith.replay.exchange import HttpResponse

_VALIDATIONS = ("lenient", "warn", "strict")
_SHAPE = frozenset({"type", "required", "anyOf", "oneOf", "false", "falseSchema"})
"""Violations that may keep an answer from being read; any other one may not, in the lenient mode."""
_REQUEST_ID = ("X-Conform-Request-Id", "RQ-conform-1")


def check_responses(context: Context, operation: DescribedOperation) -> Findings:
    """Hold the response side of one operation against the document."""
    findings = Findings(context, "response", operation)
    usual = context.usual_inputs(operation)
    if usual is None:
        return findings
    for key in operation.responses:
        for mode in MODES:
            _StatusPart(context, operation, findings, usual, key, mode).check()
    return findings


class _StatusPart:
    def __init__(
        self, context: Context, operation: DescribedOperation, findings: Findings, usual: Inputs, key: str, mode: Mode
    ) -> None:  # fmt: skip
        self.context = context
        self.operation = operation
        self.findings = findings
        self.inputs = usual
        self.key = key
        self.mode: Mode = mode
        self.status = concrete_status(operation, key)
        self.declaration = operation.responses[key]
        self.is_success = 200 <= self.status < 300
        self.partial = PARTIAL_SUCCESS in self.declaration.node.mapping

    def check(self) -> None:
        contents = self.declaration.contents
        if self.operation.method == "HEAD" or self.status in (204, 205, 304) or not contents:
            self._without_body()
            return
        taken = self._taken()
        for media_type, media in contents.items():
            if not any(media_types.matches(one, media_type) for one in taken):
                continue  # the client does not ask for it
            if media_types.is_json(media_type):
                self._json(media_type, media.get("schema"))
            else:
                self._other(media_type)
        self._broken(next(iter(contents)))

    def _taken(self) -> list[str]:
        """The media types that the client says it takes."""
        called = self._caller("lenient").call(self.operation.id, self.inputs, lambda _: HttpResponse(500))
        accept = called.requests[0].header("accept") if called.requests else None
        return [media_types.essence(one) for one in (accept or "").split(",")]

    def _caller(self, validation: str) -> Caller:
        return self.context.caller(self.mode, retries=None, validation=validation)

    def _call(self, validation: str, response: HttpResponse) -> Called:
        called = self._caller(validation).call(self.operation.id, self.inputs, lambda _: response)
        self.findings.sent(self.mode, called, response)
        self.context.tally.cell(self.operation.id, self.key, "response", self.mode)
        return called

    def _response(self, media_type: str | None, body: bytes) -> HttpResponse:
        headers = (_REQUEST_ID, *((("Content-Type", media_type),) if media_type is not None else ()))
        return HttpResponse(self.status, headers, body)

    def _holds(self, holds: bool, id: str, message: str, response: HttpResponse, **more: object) -> bool:
        return self.findings.check(
            holds, id, message, mode=self.mode, status=self.key, inputs=self.inputs, response=response,
            node=self.declaration.node, **more,
        )  # fmt: skip

    def _without_body(self) -> None:
        response = self._response(None, b"")
        called = self._call("lenient", response)
        if self.is_success:
            self._holds(
                called.error is None and called.result is None, "empty-result",
                f"{self.status} without a body gives {_shown(called)}", response,
            )  # fmt: skip
        elif self.status == 304:
            is_marker = isinstance(called.result, self.context.package.get("NotModified"))
            self._holds(
                called.error is None and is_marker,
                "not-modified-lost",
                f"304 gives {_shown(called)}",
                response,
            )
        else:
            self._error(response, called, None)

    def _json(self, media_type: str, schema: Node | None) -> None:
        concrete = payloads.concrete(media_type, None)
        for valid in (True, False):
            draws = self.context.draws
            for value in draws.valid(schema, "response") if valid else draws.invalid(schema, "response"):
                self._value(concrete, schema, value, valid=valid)
                self.context.tally.message(self.operation.id, "response", self.key, media_type)

            def again(value: Value, findings: Findings, valid: bool = valid) -> None:
                part = _StatusPart(self.context, self.operation, findings, self.inputs, self.key, self.mode)
                part._value(concrete, schema, value, valid=valid)

            if self.findings.found:
                self.findings.shrink(schema, "response", again, valid=valid)

    def _value(self, media_type: str, schema: Node | None, value: Value, *, valid: bool) -> None:
        response = self._response(media_type, exact_json.write(value).encode())
        for validation in _VALIDATIONS:
            called = self._call(validation, response)
            (self._valid if valid else self._invalid)(validation, schema, value, response, called)

    def _valid(
        self, validation: str, schema: Node | None, value: Value, response: HttpResponse, called: Called
    ) -> None:
        if not self.is_success:
            self._error(response, called, (schema, value))
            return
        if not self._holds(
            called.error is None, "valid-response-refused",
            f"a valid answer ends, in mode {validation}, in {_shown(called)}", response, drawn=value,
        ):  # fmt: skip
            return
        self._lossless(schema, value, response, called, is_valid=True)
        self._holds(
            not called.warnings, "warned-of-nothing", f"a valid answer is warned about: {called.warnings[:1]}",
            response, drawn=value,
        )  # fmt: skip

    def _lossless(
        self, schema: Node | None, value: Value, response: HttpResponse, called: Called, *, is_valid: bool
    ) -> None:
        result = called.result
        if self.partial:
            result = getattr(result, "result", None)
        got = plain(result)
        self._holds(
            same(value, got), "response-loses-data", f"the result holds {_brief(got)}, not {sample(value)[:300]}",
            response, drawn=value,
        )  # fmt: skip
        problems = list(mistyped(self.context.checker, schema, result)) if is_valid else []
        self._holds(not problems, "result-not-typed", "; ".join(problems[:3]), response, drawn=value)

    def _error(self, response: HttpResponse, called: Called, body: tuple[Node | None, Value] | None) -> None:
        error = called.error
        name = error_name(self.status)
        if not self._holds(
            isinstance(error, self.context.package.get(name)), "status-swallowed",
            f"{self.status} ends in {_shown(called)}, not in {name}", response,
        ):  # fmt: skip
            return
        due = outcome(self.operation, self.status)
        stated = getattr(error, "outcome", None)
        self._holds(str(stated) == due, "wrong-outcome", f"{self.status} is {stated}, not {due}", response)
        raw: Any = getattr(error, "response", None)
        facts = (
            getattr(error, "status", None),
            getattr(raw, "content", None),
            getattr(raw, "request_id", None),
        )
        self._holds(
            facts == (self.status, response.body, _REQUEST_ID[1]) and _REQUEST_ID[0] in raw.headers,
            "error-loses-response", f"status, body, request id of the error are {_brief(facts)}", response,
        )  # fmt: skip
        text = str(error)
        self._holds(
            str(self.status) in text and self.operation.id in text, "error-says-nothing",
            f"the message is {text!r:.200}", response,
        )  # fmt: skip
        leaks = SECRET in text or SECRET in repr(error) or SECRET in repr(raw)
        self._holds(not leaks, "secret-shown", "a credential is in the text of an error", response)
        if body is not None:
            got = plain(getattr(error, "body", None))
            self._holds(
                same(body[1], got),
                "error-loses-body",
                f"the body of the error is {_brief(got)}",
                response,
                drawn=body[1],
            )
            problems = list(mistyped(self.context.checker, body[0], getattr(error, "body", None)))
            is_valid = body[0] is None or self.context.checker.schemas.is_valid(body[0], body[1], "response")
            self._holds(
                not (problems and is_valid),
                "error-not-typed",
                "; ".join(problems[:3]),
                response,
                drawn=body[1],
            )

    def _invalid(
        self, validation: str, schema: Node | None, value: Value, response: HttpResponse, called: Called
    ) -> None:
        if not self.is_success:
            self._error(response, called, (schema, value))
            self._warned(validation, schema, value, response, called)
            return
        error = called.error
        decode_error = self.context.package.get("ResponseDecodeError")
        if not self._holds(
            error is None or isinstance(error, decode_error), "untyped-error",
            f"an invalid answer ends, in mode {validation}, in {_shown(called)}", response, drawn=value,
        ):  # fmt: skip
            return
        if error is not None:
            self._holds(
                str(getattr(error, "outcome", None)) == "unknown", "wrong-outcome",
                f"a success that cannot be read is {getattr(error, 'outcome', None)}", response, drawn=value,
            )  # fmt: skip
            wrong = (
                self.context.checker.schemas.check(schema, value, "response") if schema is not None else []
            )
            readable = bool(wrong) and not any(one.keyword in _SHAPE for one in wrong)
            readable = readable and is_meant(self.context.checker, schema, value)
            self._holds(
                validation == "strict" or not readable, "readable-response-refused",
                f"in mode {validation}: {error}"[:300], response, drawn=value,
            )  # fmt: skip
        elif validation == "strict":
            checked = not self.context.package.not_checked and schema is not None
            self._holds(
                not checked, "invalid-response-accepted", "strict mode took it", response, drawn=value
            )
        else:
            self._lossless(schema, value, response, called, is_valid=False)
            self._warned(validation, schema, value, response, called)

    def _warned(
        self, validation: str, schema: Node | None, value: Value, response: HttpResponse, called: Called
    ) -> None:
        due = validation != "lenient" and schema is not None and not self.context.package.not_checked
        self._holds(
            bool(called.warnings) or not due, "not-warned", f"in mode {validation} nothing is logged", response,
            drawn=value,
        )  # fmt: skip
        self._holds(
            validation != "lenient" or not called.warnings,
            "warned-of-nothing",
            "lenient mode checks nothing",
            response,
        )

    def _other(self, media_type: str) -> None:
        """Text and bytes come back as they were."""
        concrete = payloads.concrete(media_type, "")
        for body in ("plain", "", "ä€😀\r\n", "{}"):
            sent = body.encode()
            response = self._response(concrete, sent)
            called = self._call("lenient", response)
            self.context.tally.message(self.operation.id, "response", self.key, media_type)
            if self.is_success:
                self._holds(
                    called.error is None and called.result in (body, sent), "response-loses-data",
                    f"{concrete} gives {_shown(called)}", response, drawn=body,
                )  # fmt: skip
            else:
                self._error(response, called, None)

    def _broken(self, media_type: str) -> None:
        """Answers that no schema describes: empty, cut off, mislabelled, not text at all."""
        concrete = payloads.concrete(media_type, None)
        is_json = media_types.is_json(media_type)
        cases = [
            (concrete, b""), (concrete, b'{"a":'), (concrete, b"\xff\xfe\x00"), ("text/html", b"<h1>busy</h1>"),
            (concrete, b"[" * 5_000), (None, b"<html>"), (concrete, b"NaN"), (concrete, b'"\\ud800"'),
        ]  # fmt: skip
        for stated, body in cases:
            response = self._response(stated, body)
            called = self._call("lenient", response)
            if not self.is_success:
                self._error(response, called, None)
                continue
            error = called.error
            is_typed = error is None or isinstance(error, self.context.package.get("ResponseDecodeError"))
            is_refused = error is not None or not is_json or body == b'"\\ud800"'
            self._holds(
                is_typed and (is_refused or _reads(body)), "broken-response-accepted",
                f"{body[:20]!r} as {stated} gives {_shown(called)}", response,
            )  # fmt: skip
            if error is not None and is_typed:
                self._holds(
                    str(getattr(error, "outcome", None)) == "unknown", "wrong-outcome",
                    f"an unreadable success is {getattr(error, 'outcome', None)}", response,
                )  # fmt: skip


def _reads(body: bytes) -> bool:
    try:
        exact_json.read(body)
    except JsonError:
        return False
    return True


def _shown(called: Called) -> str:
    if called.error is not None:
        return f"{type(called.error).__name__}: {called.error}"[:300]
    return f"the result {_brief(called.result)}"


def _brief(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 300 else text[:299] + "…"
