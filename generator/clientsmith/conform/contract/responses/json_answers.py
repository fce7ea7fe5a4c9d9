"""JSON in answers: what a schema accepts is read without loss, the rest as each validation mode promises."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

from pydantic import BaseModel

from clientsmith.conform.client.calls import Called
from clientsmith.conform.contract.responses.reported_violations import check_violations
from clientsmith.conform.contract.responses.response_case import VALIDATIONS, ResponseCase, brief, shown
from clientsmith.conform.inputs.members import family, named_member
from clientsmith.conform.inputs.values import is_meant
from clientsmith.document.extensions import BILLS
from clientsmith.document.model import Node
from clientsmith.document.validation.violations import Violation
from clientsmith.json_values import codec
from clientsmith.json_values.codec import Value
from clientsmith.traffic.message import HttpResponse

_SHAPE = frozenset({"type", "required", "anyOf", "oneOf", "false", "falseSchema"})
"""Violations that may keep an answer from being read; any other one may not, in the lenient mode."""
_LENGTH = frozenset({"minItems", "maxItems"})
_CONTAINERS = {"object": dict, "array": list}
"""What a value is in Python whose schema allows no other type."""


def check_json(
    case: ResponseCase, media_type: str, schema: Node | None, value: Value, *, valid: bool
) -> None:
    """Answer a call with a value in every validation mode."""
    answer = _JsonAnswer(case, schema, value, case.response(media_type, codec.write(value).encode()))
    ended: dict[str, Called] = {}
    for validation in VALIDATIONS:
        called = ended[validation] = case.call(validation, answer.response)
        (answer.valid if valid else answer.invalid)(validation, called)
    if not valid and case.is_success and schema is not None and answer.is_refused():
        check_violations(case, schema, value, answer.response, ended["strict"], ended["warn"])


@dataclass(frozen=True, slots=True)
class _JsonAnswer:
    """A value as the body of an answer, and its schema."""

    case: ResponseCase
    schema: Node | None
    value: Value
    response: HttpResponse

    def check(self, passed: bool, id: str, message: str | Callable[[], str]) -> bool:
        """Count a comparison; a failure shows the value."""
        return self.case.check(passed, id, message, self.response, drawn=self.value)

    def is_refused(self) -> bool:
        """Whether the client promises to find the value invalid."""
        return self.case.context.promised.refuses(self.schema, self.value, "response")

    def valid(self, validation: str, called: Called) -> None:
        """The value is read without loss, and nothing is said of it."""
        if self.case.is_success:
            said = partial(_ending, "a valid", validation, called)
            if not self.check(called.error is None, "valid-response-refused", said):
                return
            self.case.lossless(self.schema, self.value, self.response, called, is_valid=True)
        else:
            self.case.error(self.response, called, (self.schema, self.value))
        warned = f"a valid answer is warned about: {called.warnings[:1]}"
        self.check(not called.warnings, "warned-of-nothing", warned)

    def invalid(self, validation: str, called: Called) -> None:
        """The value is read all the same, or refused, and reported, as the mode promises."""
        if not self.case.is_success:
            self.case.error(self.response, called, (self.schema, self.value))
            self._warned(validation, called)
            return
        error, decode_error = called.error, self.case.context.package.get("ResponseDecodeError")
        passed = error is None or isinstance(error, decode_error)
        said = partial(_ending, "an invalid", validation, called)
        if not self.check(passed, "untyped-error", said):
            return
        if error is not None:
            self._unread(validation, error)
        elif self._is_of_another_shape():
            self.check(False, "wrong-shape-accepted", f"in mode {validation} it gives {shown(called)}")
        elif validation == "strict":
            self.check(not self.is_refused(), "invalid-response-accepted", "strict mode took it")
        else:
            self.case.lossless(self.schema, self.value, self.response, called, is_valid=False)
            self._absent(called.result, self.value, self.schema)
            self._warned(validation, called)

    def _unread(self, validation: str, error: Exception) -> None:
        """A success that is not read has an unknown outcome; without strict mode only its shape may be the reason."""
        outcome = getattr(error, "outcome", None)
        self.check(str(outcome) == "unknown", "wrong-outcome", f"a success that cannot be read is {outcome}")
        said = f"in mode {validation}: {error}"[:300]
        self.check(validation == "strict" or not self._is_readable(), "readable-response-refused", said)

    def _is_readable(self) -> bool:
        """Whether what is wrong with the value keeps nobody from reading it."""
        checker, schema = self.case.context.checker, self.schema
        wrong = checker.schemas.check(schema, self.value, "response") if schema is not None else []
        bills = self.case.operation.node.mapping.get(BILLS) is True
        may_keep = _SHAPE if bills else _SHAPE - {"required"}
        is_kept = any(one.keyword in may_keep or self._is_of_a_tuple(one) for one in wrong)
        return bool(wrong) and not is_kept and is_meant(checker, schema, self.value)

    def _is_of_a_tuple(self, one: Violation) -> bool:
        """Whether a violation is about the length of an array whose places have types of their own."""
        branches, schema = self.case.context.checker.branches, self.schema
        for step in one.pointer:
            item = branches.item(schema, int(step)) if step.isdecimal() else None
            schema = item or branches.property(schema, step)
        return one.keyword in _LENGTH and any("prefixItems" in part.mapping for part in branches.of(schema))

    def _is_of_another_shape(self) -> bool:
        """Whether the schema is one of objects, or of arrays, alone, and the value is none."""
        kinds = self.case.context.checker.branches.types(self.schema)
        container = _CONTAINERS.get(next(iter(kinds))) if len(kinds) == 1 else None
        return container is not None and not isinstance(self.value, container)

    def _warned(self, validation: str, called: Called) -> None:
        expected = validation != "lenient" and self.is_refused()
        said = f"in mode {validation} nothing is logged"
        self.check(bool(called.warnings) or not expected, "not-warned", said)
        passed = validation != "lenient" or not called.warnings
        self.check(passed, "warned-of-nothing", "lenient mode checks nothing")

    def _absent(self, read: object, value: Value, schema: Node | None) -> None:
        """Reading a required member that the answer lacks raises an error that names it, an optional one is None.

        So it is at every level, in lists, maps and unions too.
        """
        branches = self.case.context.checker.branches
        schema = named_member(self.case.context.checker, schema, value)
        if isinstance(read, BaseModel) and isinstance(value, dict):
            self._absent_members(read, value, self._required_members(schema))
            names = {field.alias or name: name for name, field in type(read).model_fields.items()}
            read = {wire: vars(read)[name] for wire, name in names.items() if name in read.model_fields_set}
        if isinstance(read, dict) and isinstance(value, dict):
            members = cast("dict[str, object]", read)
            for wire in members.keys() & value.keys():
                self._absent(members[wire], value[wire], branches.property(schema, wire))
        elif isinstance(read, list | tuple) and isinstance(value, list):
            items = zip(cast("Sequence[object]", read), value, strict=True)
            for place, (item, own) in enumerate(items):
                self._absent(item, own, branches.item(schema, place))

    def _absent_members(
        self, read: BaseModel, value: dict[str, Value], required: frozenset[str] | None
    ) -> None:
        for name, field in type(read).model_fields.items():
            wire = field.alias or name
            is_required = field.is_required() if required is None else wire in required
            if wire not in value and not is_required:
                absent = getattr(read, name, "an error")
                said = f"reading {wire!r:.80}, which is left out, gives {brief(absent)}"
                passed = absent == field.get_default(call_default_factory=True)
                self.check(passed, "optional-member-lost", said)
            if not is_required or value.get(wire) is not None or name in read.model_fields_set:
                continue
            try:
                found = brief(getattr(read, name))
            except self.case.context.package.get("AbsentMemberError") as error:
                found = error.member
            said = f"reading {wire!r:.80}, which is absent, gives {found}"
            self.check(found == wire, "absent-member-not-named", said)

    def _required_members(self, schema: Node | None) -> frozenset[str] | None:
        """The members that every value of a schema has; None if a union, or a subtype, decides that."""
        checker = self.case.context.checker
        if schema is None or checker.branches.has_choice(schema) or family(checker, schema) is not None:
            return None
        shape = checker.reader.shape(checker.reader.parts(checker.reader.canonical(schema)[0]))
        if shape.groups:
            return None
        properties = checker.branches.properties(schema)
        read = {key for key, one in properties.items() if not checker.reader.is_marked(one, "writeOnly")}
        return frozenset(shape.required) & read


def _ending(kind: str, validation: str, called: Called) -> str:
    return f"{kind} answer ends, in mode {validation}, in {shown(called)}"
