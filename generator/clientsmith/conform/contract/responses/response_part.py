"""The response direction: what a service may answer has to be read without loss, what it must not answer be dealt with
as each validation mode promises, and nothing may end in an error that is not the client's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from clientsmith.conform.client.scripted import always
from clientsmith.conform.contract.responses.any_success import check_any_success, check_redirect
from clientsmith.conform.contract.responses.json_answers import check_json
from clientsmith.conform.contract.responses.odd_answers import (
    UNDESCRIBED,
    check_broken,
    check_labels,
    check_undescribed,
    check_words,
    is_described,
)
from clientsmith.conform.contract.responses.response_case import ResponseCase, shown
from clientsmith.conform.model import MODES
from clientsmith.conform.run.context import Context
from clientsmith.conform.run.findings import Findings
from clientsmith.conform.run.status_meaning import concrete_status, takes_any_success
from clientsmith.document.model import Node
from clientsmith.json_values.codec import Value
from clientsmith.openapi import media_type as media_types
from clientsmith.openapi.charsets import encoded, is_text
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.traffic import writing
from clientsmith.traffic.message import HttpResponse

_ANY = "*/*"
_KINDS = {"text": str, "binary": bytes}
"""The types of bodies that the client does not take apart, by codec."""


def check_responses(context: Context, operation: DescribedOperation) -> Findings:
    """Check the response side of one operation against the document."""
    findings = Findings(context, "response", operation)
    usual = context.usual_inputs(operation)
    if usual is None:
        return findings
    for mode in MODES:
        for key, declaration in operation.responses.items():
            status = concrete_status(operation, key)
            case = ResponseCase(context, operation, findings, usual, mode, status, key, declaration.node)
            check_described(case, declaration.contents)
        for status in UNDESCRIBED:
            if not is_described(operation, status):
                check_undescribed(
                    ResponseCase(context, operation, findings, usual, mode, status, "", operation.node)
                )
    return findings


def check_described(case: ResponseCase, contents: Mapping[str, Node]) -> None:
    """Answer a call with one documented status in each of its media types, and check what becomes of it."""
    takes_any = takes_any_success(case.operation)
    if takes_any and case.is_success and case.operation.method != "HEAD":
        check_any_success(case, contents)
        return
    _DescribedPart(case, contents).run()
    if takes_any and case.status // 100 == 3 and case.status != 304:
        check_redirect(case)


class _DescribedPart:
    def __init__(self, case: ResponseCase, contents: Mapping[str, Node]) -> None:
        self.case = case
        self.contents = contents

    def run(self) -> None:
        contents = self.contents
        if self.case.operation.method == "HEAD" or self.case.status in (204, 205, 304) or not contents:
            self._without_body()
            return
        taken = self._taken()
        for media_type, media in contents.items():
            if not any(media_types.matches(one, media_type) for one in taken):
                self._unasked(media_type, taken)
                continue
            if self._is_json(media_type, media.get("schema")):
                self._json(media_type, media.get("schema"))
            else:
                self._other(media_type, media.get("schema"))
        check_broken(self.case, next(iter(contents)))
        if self.case.is_success and len(contents) == 1 and media_types.is_json(next(iter(contents))):
            media_type, media = next(iter(contents.items()))
            check_labels(self.case, media_type, media.get("schema"))
            check_words(self.case, media.get("schema"))

    def _is_json(self, media_type: str, schema: Node | None) -> bool:
        """Whether JSON is due: by name, or if anything may come and its schema is of more than text."""
        branches = self.case.context.checker.branches
        if media_types.codec(media_type, branches.formats(schema)) != "json":
            return False
        return media_type != _ANY or bool(branches.types(schema) - {"string"})

    def _unasked(self, media_type: str, taken: Sequence[str]) -> None:
        """A described media type that the client does not ask for comes as text or bytes, errors and parts apart."""
        concrete = writing.concrete(media_type, "")
        is_asked = any(media_types.matches(one, concrete) for one in taken)
        if self.case.is_success and not self.case.is_partial and not is_asked:
            self._other(media_type, None)

    def _taken(self) -> list[str]:
        """The media types that the client says it takes."""
        failing = always(HttpResponse(500))
        called = self.case.caller("lenient").call(self.case.operation.id, self.case.inputs, failing)
        accept = called.requests[0].header("accept") if called.requests else None
        return [media_types.essence(one) for one in (accept or "").split(",")]

    def _without_body(self) -> None:
        case, response = self.case, self.case.response(None, b"")
        called = case.call("lenient", response)
        if case.is_success:
            said = f"{case.status} without a body gives {shown(called)}"
            case.check(called.error is None and called.result is None, "empty-result", said, response)
        elif case.status == 304:
            is_marker = isinstance(called.result, case.context.package.get("NotModified"))
            said = f"304 gives {shown(called)}"
            case.check(called.error is None and is_marker, "not-modified-lost", said, response)
        else:
            case.error(response, called, None)

    def _json(self, media_type: str, schema: Node | None) -> None:
        case, draws = self.case, self.case.context.draws
        concrete = "application/json" if media_type == _ANY else writing.concrete(media_type, None)
        for valid in (True, False):
            for value in draws.valid(schema, "response") if valid else draws.invalid(schema, "response"):
                check_json(case, concrete, schema, value, valid=valid)
                case.context.tally.message(case.operation.id, "response", case.key, media_type)

            def again(value: Value, findings: Findings, valid: bool = valid) -> None:
                check_json(replace(case, findings=findings), concrete, schema, value, valid=valid)

            if case.findings.found:
                case.findings.shrink(schema, "response", again, valid=valid)

    def _other(self, media_type: str, schema: Node | None) -> None:
        """Text and bytes come back as they were."""
        case, concrete = self.case, writing.concrete(media_type, "")
        codec_of = media_types.codec(media_type, case.context.checker.branches.formats(schema))
        kind = _KINDS.get(codec_of, (str, bytes))
        charset = media_types.parameter(concrete, "charset")
        for body in ("plain", "", "ä€😀\r\n", "{}"):
            if not is_text(body, charset):
                continue
            sent = encoded(body, charset)
            response = case.response(concrete, sent)
            called = case.call("lenient", response)
            case.context.tally.message(case.operation.id, "response", case.key, media_type)
            if case.is_success:
                is_same = called.result in (body, sent) and isinstance(called.result, kind)
                said = f"{concrete} gives {shown(called)}"
                case.check(
                    called.error is None and is_same, "response-loses-data", said, response, drawn=body
                )
            else:
                case.error(response, called, None)
