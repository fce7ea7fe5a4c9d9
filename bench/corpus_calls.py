"""Calls every method of one generated package with drawn arguments and reads every described answer back.

The checks are those of `clientsmith conform` with few draws: what reaches the wire is read back by the server's
decoder, and what is answered has to come out without loss. Nothing leaves the process. Prints findings as JSON.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from clientsmith.conform.client.call_inputs import ABSENT, CallInputs
from clientsmith.conform.client.credentials import tokens_of
from clientsmith.conform.client.package import open_package
from clientsmith.conform.client.scripted import always
from clientsmith.conform.contract.requests.request_case import RequestCase, shown_error
from clientsmith.conform.contract.requests.request_part import check_sent
from clientsmith.conform.contract.responses.response_case import ResponseCase
from clientsmith.conform.contract.responses.response_part import check_described
from clientsmith.conform.contract.surface_part import check_surface
from clientsmith.conform.model import MODES
from clientsmith.conform.run.context import Context
from clientsmith.conform.run.findings import Findings
from clientsmith.conform.run.status_meaning import concrete_status
from clientsmith.conform.suite import Settings, Suite
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.load import Policies, open_document
from clientsmith.json_values.codec import Value
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.parameter import Location
from clientsmith.traffic.check import MessageChecker
from clientsmith.traffic.message import HttpResponse
from clientsmith.traffic.tapes.taped_exchanges import Tapes
from corpus_draws import FewDraws, number_of
from corpus_models import wrong_models

ASYNC_SHARE = 4
"""Of so many operations one is answered through the asyncio client as well."""
MESSAGE = 600


@dataclass(frozen=True, slots=True)
class Finding:
    """What did not come out as the document has it; `kind` is the id of a check of `conform`, or an exception."""

    kind: str
    operation: str
    status: str
    message: str
    python: str = ""


@dataclass(slots=True)
class Calls:
    """What was called and found in one package."""

    operations: int = 0
    answers: int = 0
    checks: int = 0
    seconds: float = 0.0
    findings: list[Finding] = field(default_factory=list[Finding])
    not_called: list[str] = field(default_factory=list[str])
    """Operations that no valid input was drawn for; each is called with one that is not."""
    not_answered: list[str] = field(default_factory=list[str])
    """Described answers that no call was answered with."""


def order(operation: DescribedOperation) -> int:
    """By what operations are chosen in a document that has too many."""
    return number_of(f"{operation.method} {operation.path}")


def open_suite(document: Path, package: Path, *, allow_invalid: bool) -> Suite:
    """A suite of `conform` that draws little; the document was judged when the package was generated."""
    diagnostics, policies = Diagnostics(), Policies(allow_invalid=allow_invalid)
    resolved = open_document(document, diagnostics, policies, validation="none")
    if resolved is None:
        raise SystemExit(f"{document}: {[one.message for one in diagnostics.sorted()]}")
    opened = open_package(str(package))
    checker = MessageChecker(resolved, None, tokens_of(opened))
    return Suite(
        str(document), resolved, checker, Tapes(), opened, Settings(policies=policies), FewDraws(checker)
    )


class Caller:
    """Calls the operations of one package and collects the results."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.calls = Calls()

    def operation(self, operation: DescribedOperation) -> None:
        """Send what was drawn, then have every described answer come back."""
        self._checked(operation, lambda: check_surface(self.context, operation))
        self._checked(operation, lambda: self._sent(operation))
        self._checked(operation, lambda: self._answered(operation))
        self._count(operation)

    def models(self, suite: Suite, is_spent: Callable[[], bool]) -> None:
        """Make every model class."""
        for pointer, wrong in wrong_models(suite, is_spent):
            self.calls.findings.append(Finding("model", pointer, "", wrong[:MESSAGE]))

    def _sent(self, operation: DescribedOperation) -> Findings:
        findings = Findings(self.context, "request", operation)
        check_sent(RequestCase(self.context, operation, findings))
        return findings

    def _answered(self, operation: DescribedOperation) -> Findings:
        findings = Findings(self.context, "response", operation)
        usual = self.context.usual_inputs(operation)
        if usual is None:
            return findings
        for mode in MODES if order(operation) % ASYNC_SHARE == 0 else MODES[:1]:
            for key, declaration in operation.responses.items():
                status = concrete_status(operation, key)
                case = ResponseCase(
                    self.context, operation, findings, usual, mode, status, key, declaration.node
                )
                check_described(case, declaration.contents)
        return findings

    def _forced(self, operation: DescribedOperation) -> Findings:
        """Call what no valid input is known for: what is wrong with it, the client says in an error of its own."""
        findings = Findings(self.context, "request", operation)
        case, draws = RequestCase(self.context, operation, findings), FewDraws(self.context.checker)
        parameters: dict[tuple[Location, str], Value] = {
            (one.location, one.name): draws.some(one.schema, "request") for one in operation.parameters
        }
        inputs = CallInputs(parameters, ABSENT if case.media is None else draws.some(case.schema, "request"))
        called = self.context.caller("sync", retries=None).call(
            operation.id, case.arguments(inputs), always(HttpResponse(404))
        )
        is_typed = isinstance(called.error, self.context.package.get("ClientError"))
        findings.check(is_typed, "raw-error", lambda: shown_error(called.error), inputs=inputs)
        return findings

    def _checked(self, operation: DescribedOperation, check: Callable[[], Findings]) -> None:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                findings = check()
            except Exception as error:
                found = f"{type(error).__name__}: {error}"
                self._add("unexpected-error", operation, "", found)
                return
        self.calls.checks += findings.checks
        for failure in findings.found.values():
            self._add(failure.id, operation, failure.status, failure.message, failure.python)
        for warning in caught:
            if not issubclass(warning.category, DeprecationWarning):
                self._add(warning.category.__name__, operation, "", str(warning.message))

    def _add(
        self, kind: str, operation: DescribedOperation, status: str, message: str, python: str = ""
    ) -> None:
        label = f"{operation.method} {operation.path}"
        self.calls.findings.append(Finding(kind, label, status, message[:MESSAGE], python))

    def _count(self, operation: DescribedOperation) -> None:
        """Note what was not reached: a check that was never made finds nothing."""
        reached = {
            (cell.direction, cell.status)
            for cell in self.context.tally.cells
            if cell.operation == operation.id
        }
        label = f"{operation.method} {operation.path}"
        self.calls.operations += 1
        self.calls.answers += len(operation.responses)
        if not any(direction == "request" for direction, _ in reached):
            self.calls.not_called.append(label)
            self._checked(operation, lambda: self._forced(operation))
        self.calls.not_answered += [
            f"{label} {key}" for key in operation.responses if ("response", key) not in reached
        ]
        self.context.tally.cells.clear()


def run(suite: Suite, seconds: float = math.inf, mib: float = math.inf) -> Calls:
    """Make the models and call the operations, in the order of their hashes, until processor time or memory is used up.

    A quarter of the time and half of the memory are for the models. What schemas that all refer to each other cost
    grows with their square.
    """
    began = time.process_time()

    def is_spent(of_time: float = 1.0, of_memory: float = 1.0) -> bool:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return time.process_time() - began > seconds * of_time or peak > mib * of_memory

    caller = Caller(suite.context)
    caller.models(suite, lambda: is_spent(0.25, 0.5))
    for operation in sorted(suite.context.operations(), key=order):
        if is_spent():
            break
        caller.operation(operation)
    caller.calls.seconds = time.process_time() - began
    suite.close()
    return caller.calls


def main() -> None:
    """Print what came of the package and document given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("document", type=Path)
    parser.add_argument("package", type=Path)
    parser.add_argument("--allow-invalid", action="store_true")
    parser.add_argument("--seconds", type=float, default=math.inf, help="of processor time")
    parser.add_argument(
        "--mib", type=float, default=math.inf, help="of memory, in use before an operation is begun"
    )
    given = parser.parse_args()
    suite = open_suite(given.document, given.package, allow_invalid=given.allow_invalid)
    json.dump(asdict(run(suite, given.seconds, given.mib)), sys.stdout)


if __name__ == "__main__":
    main()
