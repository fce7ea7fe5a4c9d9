"""One operation that one client calls with inputs that are in order, and where the checks of its promises go."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from clientsmith.conform.calls import Caller, Inputs
from clientsmith.conform.context import Context, Findings
from clientsmith.conform.model import Mode
from clientsmith.document.extensions import BILLS
from clientsmith.replay.described import DescribedOperation


@dataclass
class Promised:
    """What the parts of the promises share."""

    context: Context
    operation: DescribedOperation
    findings: Findings
    inputs: Inputs
    mode: Mode

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

    @property
    def is_first(self) -> bool:
        """Whether this is the operation by which what is the same for all is looked at."""
        callable_ones = (
            one for one in self.context.operations() if self.context.usual_inputs(one) is not None
        )
        return next(callable_ones).id == self.operation.id

    @contextmanager
    def client(self, **settings: Any) -> Generator[Caller]:
        """A client of its own with those settings, which makes one attempt unless they say more."""
        given: dict[str, Any] = {"retries": None, **self.base_url, **settings}
        caller = Caller(self.context.package, self.mode, **given)
        try:
            yield caller
        finally:
            caller.close()
