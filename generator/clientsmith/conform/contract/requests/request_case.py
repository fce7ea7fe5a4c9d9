"""One operation whose requests are looked at: the body that it sends, and arguments as a caller would write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from clientsmith.conform.client.call_inputs import CallInputs
from clientsmith.conform.client.calls import Called
from clientsmith.conform.client.scripted import always
from clientsmith.conform.model import Mode
from clientsmith.conform.run.choices import has_choice_below
from clientsmith.conform.run.context import Context
from clientsmith.conform.run.findings import Findings
from clientsmith.document.model import Node
from clientsmith.json_values.codec import Value
from clientsmith.openapi import media_type
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.traffic.message import HttpResponse


@dataclass(frozen=True)
class RequestCase:
    """An operation, and where the checks of its requests are collected."""

    context: Context
    operation: DescribedOperation
    findings: Findings

    @cached_property
    def media(self) -> Node | None:
        """The Media Type Object of the body that the client sends; None if it sends none."""
        return self.context.body_media(self.operation)

    @property
    def schema(self) -> Node | None:
        """The schema of the body."""
        return self.context.body_schema(self.operation)

    @property
    def is_json(self) -> bool:
        """Whether the client sends JSON."""
        return media_type.is_json(self.context.package.operations[self.operation.id].media_type or "")

    @property
    def may_lack_body(self) -> bool:
        """Whether a request without a body is valid."""
        body = self.operation.body
        return body is None or body.mapping.get("required") is not True

    def arguments(self, inputs: CallInputs) -> CallInputs:
        """The same values as a caller passes them."""
        return self.context.arguments(self.operation, inputs)

    def call(self, mode: Mode, inputs: CallInputs, answer: HttpResponse) -> Called:
        """Call the operation by one client, in one attempt. Raises NoSuchArgumentError."""
        return self.context.caller(mode, retries=None).call(self.operation.id, inputs, always(answer))

    def check(self, passed: bool, id: str, message: str | Callable[[], str], **more: Any) -> bool:
        """Count a comparison, and keep a failure if it does not hold; a message that is dear to make is a function."""
        return self.findings.check(passed, id, message, **more)

    @property
    def has_choice_below(self) -> bool:
        """Whether there is a union somewhere in the body."""
        return has_choice_below(self.context.checker.resolved, self.schema)

    @property
    def body_arguments(self) -> Mapping[str, str]:
        """The arguments that are members of the body, by name on the wire; an empty name is that of the whole body."""
        return self.context.package.operations[self.operation.id].arguments.get("body", {})

    def note_body(self, body: object, *, valid: bool) -> None:
        """Count what was drawn for each property of a body."""
        if isinstance(body, dict):
            for name, value in cast("dict[str, Value]", body).items():
                self.context.tally.drew(self.operation.id, "body", name, value, valid=valid)

    def is_refusal(self, error: Exception | None) -> bool:
        """Whether a client refused a call before it sent anything."""
        return isinstance(error, self.context.package.get("RequestValidationError"))


def shown_error(error: Exception | None) -> str:
    """An error in a line."""
    return "no error at all" if error is None else f"{type(error).__name__}: {error}"[:300]
