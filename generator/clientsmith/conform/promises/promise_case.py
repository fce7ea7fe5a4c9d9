"""One operation that one client calls with inputs that are in order, and where the checks of its promises go."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from clientsmith.conform.client.call_inputs import CallInputs
from clientsmith.conform.client.calls import Called, Caller
from clientsmith.conform.client.scripted import Respond, not_found
from clientsmith.conform.model import Mode
from clientsmith.conform.run.context import Context
from clientsmith.conform.run.findings import Findings
from clientsmith.document.extensions import BILLS, IDEMPOTENT
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.traffic.message import HttpResponse

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})


@dataclass
class PromiseCase:
    """What the parts of the promises share."""

    context: Context
    operation: DescribedOperation
    findings: Findings
    inputs: CallInputs
    mode: Mode

    @classmethod
    def of_case(cls, other: PromiseCase, **more: Any) -> Self:
        """The part of that class for what another one looks at."""
        return cls(other.context, other.operation, other.findings, other.inputs, other.mode, **more)

    @property
    def bills(self) -> bool:
        """Whether the document says that a call is a billing event."""
        return self.operation.node.mapping.get(BILLS) is True

    @property
    def needs_credentials(self) -> bool:
        """Whether there is no way to call the operation without."""
        return bool(self.operation.security) and all(self.operation.security)

    @property
    def base_url(self) -> dict[str, Any]:
        """The argument of a client of a document that names no host."""
        return {} if self.context.base_url is None else {"base_url": self.context.base_url}

    def get(self, name: str) -> Any:
        """What the package exports under a name."""
        return self.context.package.get(name)

    def call(self, caller: Caller, respond: Respond, **options: Any) -> Called:
        """Call the operation with those inputs and options."""
        return caller.call(self.operation.id, self.inputs, respond, **options)

    def call_with(self, caller: Caller, options: object) -> Called:
        """Call the operation with that for its options; every answer is a 404."""
        given = {"options": options}
        return caller.call_changed(self.operation.id, self.inputs, not_found, lambda usual: usual | given)

    def check(self, passed: bool, id: str, message: str, called: Called | None = None, **more: Any) -> bool:
        """Count a comparison of this mode; what a call sent first is shown with it."""
        request = called.requests[0] if called is not None and called.requests else None
        given: dict[str, Any] = {"mode": self.mode, "inputs": self.inputs, "request": request, **more}
        return self.findings.check(passed, id, message, **given)

    def equal(
        self, got: object, expected: object, id: str, said: str, called: Called | None = None, **more: Any
    ) -> bool:
        """Count a comparison of what was found with what it has to be; `said` introduces both in the message."""
        return self.check(got == expected, id, f"{said} {got!r:.400}, not {expected!r:.400}", called, **more)

    def success(self) -> HttpResponse | None:
        """An answer that conforms to the first success of the document, if it describes one and one can be had."""
        key = next((one for one in self.operation.responses if one.startswith("2")), None)
        answer = None if key is None else self.context.answer(self.operation, key)
        return answer if answer is not None and self.context.is_exemplary(self.operation, answer) else None

    def is_repeatable(self, operation: DescribedOperation) -> bool:
        """Whether twice is once, as the document says or else the method (RFC 9110 section 9.2.2)."""
        mapping = operation.node.mapping
        stated = mapping.get(IDEMPOTENT)
        twice_is_once = stated if isinstance(stated, bool) else operation.method in _SAFE
        return twice_is_once and mapping.get(BILLS) is not True

    @contextmanager
    def client(self, **settings: Any) -> Generator[Caller]:
        """A client of its own with those settings, which makes one attempt unless they say more."""
        given: dict[str, Any] = {"retries": None, **self.base_url, **settings}
        caller = Caller(self.context.package, self.mode, **given)
        try:
            yield caller
        finally:
            caller.close()


def outcome_of(error: object) -> str:
    """What an error says became of the request; empty if there is no error."""
    return str(getattr(error, "outcome", ""))


def ending(error: object) -> tuple[str, str]:
    """The class of an error, and what it says became of the request."""
    return type(error).__name__, outcome_of(error)


def content_of(error: object) -> object:
    """The body that an error came with, if any did."""
    return getattr(error, "content", None)
