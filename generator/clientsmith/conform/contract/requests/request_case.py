"""One operation whose requests are looked at: the body that it sends, and arguments as a caller would write them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import cast

from clientsmith.conform.client.call_inputs import ABSENT, CallInputs
from clientsmith.conform.inputs.arguments import argument
from clientsmith.conform.run.context import Context
from clientsmith.conform.run.findings import Findings
from clientsmith.document.model import Node
from clientsmith.json_values.codec import Value
from clientsmith.openapi import media_type
from clientsmith.openapi.operation import DescribedOperation


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

    def arguments(self, inputs: CallInputs) -> CallInputs:
        """The same values as a caller passes them, amounts as Decimal and files as bytes."""
        checker = self.context.checker
        schemas = {(one.location, one.name): one.schema for one in self.operation.parameters}
        parameters = {
            key: argument(checker, schemas.get(key), value) for key, value in inputs.parameters.items()
        }
        body = inputs.body
        files = self.context.takes_files(self.operation)
        written = body if body is ABSENT else argument(checker, self.schema, body, files=files)  # type: ignore[arg-type]
        return CallInputs(parameters, written, inputs.extras)

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
