"""The checks of one unit of work: how many there were, and what failed, with what it takes to see it again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from clientsmith.conform.client.call_inputs import Absent, CallInputs
from clientsmith.conform.client.calls import Called, exchange_of
from clientsmith.conform.client.credentials import SECRET
from clientsmith.conform.client.snippet import curl_of, python_of
from clientsmith.conform.inputs.drawing.draws import sample
from clientsmith.conform.model import Direction, Exchange, Failure, Mode, Part
from clientsmith.conform.run.context import Context
from clientsmith.document.model import Node
from clientsmith.json_values.codec import Value
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.traffic.message import HttpRequest, HttpResponse

_MOST_SHRUNK = 3


@dataclass(slots=True)
class Findings:
    """Collects the checks of one unit; equal failures are kept once, with the first input that showed them."""

    context: Context
    part: Part
    operation: DescribedOperation | None
    checks: int = 0
    found: dict[tuple[str, str, str], Failure] = field(default_factory=dict[tuple[str, str, str], Failure])
    _shrunk: set[tuple[str, str, str]] = field(default_factory=set[tuple[str, str, str]])
    _not_kept: Exchange | None = None
    """The last exchange if the reports go without it; one that shows a failure is kept nevertheless."""

    def check(self, passed: bool, id: str, message: str | Callable[[], str], **more: Any) -> bool:
        """Count a comparison, and keep a failure if it does not hold."""
        self.checks += 1
        if not passed:
            self.fail(id, message if isinstance(message, str) else message(), **more)
        return passed

    def fail(
        self,
        id: str,
        message: str,
        *,
        mode: Mode | None = None,
        status: str = "",
        inputs: CallInputs | None = None,
        drawn: Value | None = None,
        request: HttpRequest | None = None,
        node: Node | None = None,
        response: HttpResponse | str | None = None,
        attempts: int = 1,
    ) -> None:
        """Keep a failure with what it takes to see it again."""
        operation = self.operation
        name = operation.id if operation is not None else ""
        if (id, mode or "", status) in self.found:
            return
        if self._not_kept is not None:
            self.context.tally.exchanges.append(self._not_kept)
            self._not_kept = None
        python = curl = ""
        if operation is not None and inputs is not None:
            python = python_of(self.context.package, operation.id, inputs, mode or "sync", response, attempts)
        if request is not None:
            curl = curl_of(request, SECRET)
        shown = ""
        if drawn is not None or inputs is not None:
            shown = sample(drawn if drawn is not None else _as_value(inputs))
        place = (
            node or (operation.node if operation is not None else self.context.checker.resolved.node())
        ).place
        self.found[id, mode or "", status] = Failure(
            id, self.part, name, message, place, mode, status, shown, python, curl
        )

    def shrink(
        self,
        schema: Node | None,
        direction: Direction,
        again: Callable[[Value, Findings], None],
        *,
        valid: bool,
    ) -> None:
        """Put the smallest value that still fails in the place of the first one; `again` makes the checks for a value.

        A few failures are enough: the others have mostly the same cause, and each costs a search.
        """
        for key in list(self.found):
            if key in self._shrunk or len(self._shrunk) >= _MOST_SHRUNK:
                continue
            self._shrunk.add(key)

            def fails(value: Value, key: tuple[str, str, str] = key) -> bool:
                return key in self._again(again, value)

            smallest = self.context.draws.smallest(schema, direction, valid=valid, fails=fails)
            if smallest is not None:
                self.found[key] = self._again(again, smallest[0])[key]

    def _again(
        self, again: Callable[[Value, Findings], None], value: Value
    ) -> dict[tuple[str, str, str], Failure]:
        findings = Findings(self.context, self.part, self.operation)
        again(value, findings)
        return findings.found

    def sent(self, mode: Mode, called: Called, response: HttpResponse | None = None) -> None:
        """Count the exchange of a call, and keep it for the reports."""
        name = self.operation.id if self.operation is not None else ""
        exchange = exchange_of(name, self.part, mode, called, response, time.time())
        is_kept = exchange is None or self.context.tally.keeps(exchange)
        self._not_kept = None if is_kept else exchange


def _as_value(inputs: CallInputs | None) -> Value:
    if inputs is None:
        return None
    shown: dict[str, Value] = {f"{place} {name}": value for (place, name), value in inputs.parameters.items()}
    return shown if isinstance(inputs.body, Absent) else shown | {"body": inputs.body}
