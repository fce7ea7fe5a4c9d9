"""The response direction: what a service may answer has to be read without loss, what it must not answer be dealt with
as each validation mode promises, and nothing may end in an error that is not the client's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from pydantic import BaseModel

from clientsmith.conform.client.calls import Called
from clientsmith.conform.contract.responses.any_success import check_any_success, check_redirect
from clientsmith.conform.contract.responses.odd_answers import (
    UNDESCRIBED,
    check_broken,
    check_labels,
    check_undescribed,
    check_words,
    is_described,
)
from clientsmith.conform.contract.responses.response_case import VALIDATIONS, ResponseCase, brief, shown
from clientsmith.conform.inputs.values import is_meant
from clientsmith.conform.model import MODES
from clientsmith.conform.run.choices import has_choice_below
from clientsmith.conform.run.context import Context
from clientsmith.conform.run.findings import Findings
from clientsmith.conform.run.status_meaning import concrete_status, takes_any_success
from clientsmith.document.extensions import BILLS
from clientsmith.document.model import Node
from clientsmith.document.validation.violations import Violation
from clientsmith.json_values import codec
from clientsmith.json_values.codec import Value
from clientsmith.openapi import media_type as media_types
from clientsmith.openapi.charsets import encoded, is_text
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.traffic import writing
from clientsmith.traffic.message import HttpResponse

_PLAIN = frozenset(
    {"type", "required", "enum", "const", "pattern", "minimum", "maximum", "minLength", "maxLength"}
)
"""Keywords whose violations have one place, whatever validator names it."""
_ANY = "*/*"
_KINDS = {"text": str, "binary": bytes}
"""The types of bodies that the client does not take apart, by codec."""
_MOST_LOGGED = 20
_SHOWN, _LONGEST = 3, 60
"""Violations that a message names one by one, and characters of a member's name that it shows."""
_SHAPE = frozenset({"type", "required", "anyOf", "oneOf", "false", "falseSchema"})
"""Violations that may keep an answer from being read; any other one may not, in the lenient mode."""

_LENGTH = frozenset({"minItems", "maxItems"})


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
        called = self.case.caller("lenient").call(
            self.case.operation.id, self.case.inputs, lambda _: HttpResponse(500)
        )
        accept = called.requests[0].header("accept") if called.requests else None
        return [media_types.essence(one) for one in (accept or "").split(",")]

    def _without_body(self) -> None:
        response = self.case.response(None, b"")
        called = self.case.call("lenient", response)
        if self.case.is_success:
            self.case.check(
                called.error is None and called.result is None, "empty-result",
                f"{self.case.status} without a body gives {shown(called)}", response,
            )  # fmt: skip
        elif self.case.status == 304:
            is_marker = isinstance(called.result, self.case.context.package.get("NotModified"))
            self.case.check(
                called.error is None and is_marker,
                "not-modified-lost",
                f"304 gives {shown(called)}",
                response,
            )
        else:
            self.case.error(response, called, None)

    def _json(self, media_type: str, schema: Node | None) -> None:
        concrete = "application/json" if media_type == _ANY else writing.concrete(media_type, None)
        for valid in (True, False):
            draws = self.case.context.draws
            for value in draws.valid(schema, "response") if valid else draws.invalid(schema, "response"):
                self._value(concrete, schema, value, valid=valid)
                self.case.context.tally.message(self.case.operation.id, "response", self.case.key, media_type)

            def again(value: Value, findings: Findings, valid: bool = valid) -> None:
                part = _DescribedPart(replace(self.case, findings=findings), self.contents)
                part._value(concrete, schema, value, valid=valid)

            if self.case.findings.found:
                self.case.findings.shrink(schema, "response", again, valid=valid)

    def _value(self, media_type: str, schema: Node | None, value: Value, *, valid: bool) -> None:
        response = self.case.response(media_type, codec.write(value).encode())
        ended: dict[str, Called] = {}
        for validation in VALIDATIONS:
            called = ended[validation] = self.case.call(validation, response)
            (self._valid if valid else self._invalid)(validation, schema, value, response, called)
        if (
            not valid
            and self.case.is_success
            and schema is not None
            and self.case.context.promised.refuses(schema, value, "response")
        ):
            self._violations(schema, value, response, ended)

    def _violations(
        self, schema: Node, value: Value, response: HttpResponse, ended: dict[str, Called]
    ) -> None:
        """Strict mode names every place that our own validator names; warn mode logs as many, up to its limit."""
        error = ended["strict"].error
        if not self.case.check(
            isinstance(error, self.case.context.package.get("InvalidResponseError")), "invalid-response-accepted",
            lambda: f"strict mode ends in {shown(ended['strict'])}", response, drawn=value,
        ):  # fmt: skip
            return
        violations = cast("tuple[Any, ...]", getattr(error, "violations", ()))
        named = {_steps(one.path) for one in violations}
        reported = [(str(one), _told(one.path)) for one in violations]
        self.case.check(
            all(text.startswith(f"{start} ") and text.endswith(one.reason) for (text, start),
            one in zip(reported, violations, strict=True)),
            "violation-not-named", f"places are reported as {reported[:3]}", response, drawn=value,
        )  # fmt: skip
        more = f"; and {len(reported) - _SHOWN} more" if len(reported) > _SHOWN else ""
        words = "; ".join(text for text, _ in reported[:_SHOWN])
        self.case.check(
            f": {words}{more} (" in str(error), "error-says-nothing", f"strict mode says {error!s:.300}", response,
            drawn=value,
        )  # fmt: skip
        facts = (
            getattr(error, "operation", ""),
            getattr(error, "status", 0),
            str(getattr(error, "outcome", "")),
        )
        self.case.check(
            facts == (self.case.operation.id, self.case.status, "unknown"), "error-says-nothing",
            f"operation, status, outcome of the error are {facts}", response,
        )  # fmt: skip
        wrong = self.case.context.promised.check(schema, value, "response")
        expected = {_steps(one.pointer) for one in wrong if one.keyword in _PLAIN}
        if has_choice_below(self.case.context.checker.resolved, schema):
            expected = set[tuple[str, ...]]()  # which alternative is meant is for each validator to say
        self.case.check(
            expected <= named, "violation-not-named",
            f"strict mode names {sorted(named)}, wrong are {sorted(expected)}", response, drawn=value,
        )  # fmt: skip
        if ended["warn"].error is None:
            number = len(getattr(error, "violations", ()))
            logged = len(ended["warn"].warnings)
            self.case.check(
                logged == min(number, _MOST_LOGGED + 1), "not-warned", f"{number} violations gave {logged} warnings",
                response, drawn=value,
            )  # fmt: skip

    def _valid(
        self, validation: str, schema: Node | None, value: Value, response: HttpResponse, called: Called
    ) -> None:
        if not self.case.is_success:
            self.case.error(response, called, (schema, value))
            self._not_warned(value, response, called)
            return
        if not self.case.check(
            called.error is None, "valid-response-refused",
            lambda: f"a valid answer ends, in mode {validation}, in {shown(called)}", response, drawn=value,
        ):  # fmt: skip
            return
        self.case.lossless(schema, value, response, called, is_valid=True)
        self._not_warned(value, response, called)

    def _not_warned(self, value: Value, response: HttpResponse, called: Called) -> None:
        self.case.check(
            not called.warnings, "warned-of-nothing", f"a valid answer is warned about: {called.warnings[:1]}",
            response, drawn=value,
        )  # fmt: skip

    def _is_of_a_tuple(self, schema: Node | None, one: Violation) -> bool:
        """Whether a violation is about the length of an array whose places have types of their own."""
        branches = self.case.context.checker.branches
        for step in one.pointer:
            item = branches.item(schema, int(step)) if step.isdecimal() else None
            schema = item or branches.property(schema, step)
        return one.keyword in _LENGTH and any("prefixItems" in part.mapping for part in branches.of(schema))

    def _invalid(
        self, validation: str, schema: Node | None, value: Value, response: HttpResponse, called: Called
    ) -> None:
        if not self.case.is_success:
            self.case.error(response, called, (schema, value))
            self._warned(validation, schema, value, response, called)
            return
        error = called.error
        decode_error = self.case.context.package.get("ResponseDecodeError")
        if not self.case.check(
            error is None or isinstance(error, decode_error), "untyped-error",
            lambda: f"an invalid answer ends, in mode {validation}, in {shown(called)}", response, drawn=value,
        ):  # fmt: skip
            return
        if error is not None:
            self.case.check(
                str(getattr(error, "outcome", None)) == "unknown", "wrong-outcome",
                f"a success that cannot be read is {getattr(error, 'outcome', None)}", response, drawn=value,
            )  # fmt: skip
            wrong = (
                self.case.context.checker.schemas.check(schema, value, "response")
                if schema is not None
                else []
            )
            may_keep = (
                _SHAPE if self.case.operation.node.mapping.get(BILLS) is True else _SHAPE - {"required"}
            )
            readable = bool(wrong) and not any(
                one.keyword in may_keep or self._is_of_a_tuple(schema, one) for one in wrong
            )
            readable = readable and is_meant(self.case.context.checker, schema, value)
            self.case.check(
                validation == "strict" or not readable, "readable-response-refused",
                f"in mode {validation}: {error}"[:300], response, drawn=value,
            )  # fmt: skip
            return
        kinds = self.case.context.checker.branches.types(schema)
        if (
            len(kinds) == 1
            and kinds <= {"object", "array"}
            and not isinstance(value, dict if "object" in kinds else list)
        ):
            self.case.check(
                False,
                "wrong-shape-accepted",
                f"in mode {validation} it gives {shown(called)}",
                response,
                drawn=value,
            )
        elif validation == "strict":
            checked = self.case.context.promised.refuses(schema, value, "response")
            self.case.check(
                not checked, "invalid-response-accepted", "strict mode took it", response, drawn=value
            )
        else:
            self.case.lossless(schema, value, response, called, is_valid=False)
            self._absent(schema, value, response, called)
            self._warned(validation, schema, value, response, called)

    def _absent(self, schema: Node | None, value: Value, response: HttpResponse, called: Called) -> None:
        """Reading a required member that the answer lacks raises an error that names it, an optional one is None."""
        result = called.result
        if not isinstance(result, BaseModel) or not isinstance(value, dict):
            return
        required = self._required_members(schema)
        for name, field in type(result).model_fields.items():
            wire = field.alias or name
            is_required = field.is_required() if required is None else wire in required
            if wire not in value and not is_required:
                absent = getattr(result, name, "an error")
                self.case.check(
                    absent == field.get_default(call_default_factory=True), "optional-member-lost",
                    f"reading {wire!r:.80}, which is left out, gives {brief(absent)}", response, drawn=value,
                )  # fmt: skip
            if not is_required or value.get(wire) is not None or name in result.model_fields_set:
                continue
            try:
                read = brief(getattr(result, name))
            except self.case.context.package.get("AbsentMemberError") as error:
                read = error.member
            self.case.check(
                read == wire, "absent-member-not-named", f"reading {wire!r:.80}, which is absent, gives {read}",
                response, drawn=value,
            )  # fmt: skip

    def _required_members(self, schema: Node | None) -> frozenset[str] | None:
        """The members that every answer has; None if a union decides that."""
        checker = self.case.context.checker
        if schema is None or checker.branches.has_choice(schema):
            return None
        shape = checker.reader.shape(checker.reader.parts(schema))
        is_marked = checker.reader.is_marked
        properties = checker.branches.properties(schema)
        return frozenset(
            name for name in shape.required
            if name in properties and not is_marked(properties[name], "writeOnly")
        )  # fmt: skip

    def _warned(
        self, validation: str, schema: Node | None, value: Value, response: HttpResponse, called: Called
    ) -> None:
        promised = self.case.context.promised
        expected = validation != "lenient" and promised.refuses(schema, value, "response")
        self.case.check(
            bool(called.warnings) or not expected, "not-warned", f"in mode {validation} nothing is logged", response,
            drawn=value,
        )  # fmt: skip
        self.case.check(
            validation != "lenient" or not called.warnings,
            "warned-of-nothing",
            "lenient mode checks nothing",
            response,
        )

    def _other(self, media_type: str, schema: Node | None) -> None:
        """Text and bytes come back as they were."""
        concrete = writing.concrete(media_type, "")
        codec_of = media_types.codec(media_type, self.case.context.checker.branches.formats(schema))
        charset = media_types.parameter(concrete, "charset")
        for body in ("plain", "", "ä€😀\r\n", "{}"):
            if not is_text(body, charset):
                continue
            sent = encoded(body, charset)
            response = self.case.response(concrete, sent)
            called = self.case.call("lenient", response)
            self.case.context.tally.message(self.case.operation.id, "response", self.case.key, media_type)
            if self.case.is_success:
                kind = _KINDS.get(codec_of, (str, bytes))
                self.case.check(
                    called.error is None and called.result in (body, sent) and isinstance(called.result, kind),
                    "response-loses-data", f"{concrete} gives {shown(called)}", response, drawn=body,
                )  # fmt: skip
            else:
                self.case.error(response, called, None)


def _told(path: Sequence[object]) -> str:
    """A place as a JSON pointer (RFC 6901); long or unprintable names are shortened and escaped."""
    steps = [str(step) for step in path]
    short = [one if len(one) <= _LONGEST else f"{one[: _LONGEST - 3]}..." for one in steps]
    shown = [one if one.isprintable() else ascii(one)[1:-1] for one in short]
    return "".join(f"/{one.replace('~', '~0').replace('/', '~1')}" for one in shown) or "the body"


def _steps(path: Iterable[object]) -> tuple[str, ...]:
    """A place as text; validators disagree on whether an empty member name is a step."""
    return tuple(str(step) for step in path if step != "")
