"""The recorded-response service: one pure `respond`, which every front calls; no sockets and no files after opening."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from clientsmith.diagnostics import Diagnostics
from clientsmith.document.load import load
from clientsmith.document.model import Node
from clientsmith.document.operations import FoundOperation
from clientsmith.document.resolve import resolve
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.document.validate import validate
from clientsmith.replay import exact_json
from clientsmith.replay.described import DescribedOperation
from clientsmith.replay.exchange import Answer, Fault, HttpRequest, HttpResponse
from clientsmith.replay.log import RequestLog
from clientsmith.replay.operations import NoMethod, OperationIndex, OperationMatch


class FaultPicker(Protocol):
    """What the service asks of a fault rule; it counts the calls it is asked about."""

    def pick(self, operation_id: str | None) -> Fault | None:
        """The fault for this call, or None."""
        ...


@dataclass(frozen=True, slots=True)
class OperationInfo:
    """One operation for readers: `line` is where it starts in the document, `statuses` are as declared."""

    id: str
    method: str
    path: str
    summary: str
    line: int | None
    statuses: tuple[str, ...]
    scenarios: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way in which an operation can answer, by name; `status` is that of its (first) response."""

    name: str
    operation: str
    description: str
    status: int
    source: str
    """"document" for a named example of the document, "tape" for taped exchanges."""


class Service:
    """Answers requests out of tapes and the document; safe to be called from several threads."""

    def __init__(self, resolved: ResolvedDocument, *, strict: bool, base_path: str | None) -> None:
        self.resolved = resolved
        self.strict = strict
        self.log = RequestLog()
        self._lock = threading.Lock()
        self._index = OperationIndex(resolved, base_path)
        self._described: dict[int, DescribedOperation] = {}
        self._faults: list[FaultPicker] = []
        self._active: dict[str | None, str] = {}

    @classmethod
    def open(
        cls,
        spec_path: str | Path,
        tapes: Sequence[str | Path],
        diagnostics: Diagnostics,
        *,
        strict: bool = False,
        scenario: str | None = None,
        base_path: str | None = None,
        ignore_foreign: bool = False,
    ) -> Service | None:
        """The service for a document and its tapes (HAR files, or folders of them); None after reporting why not.

        `base_path` replaces the paths of the servers of the document. With `ignore_foreign`, taped exchanges with
        other services are left out instead of refused.
        """
        document = load(spec_path, diagnostics)
        if document is None:
            return None
        validate(document, diagnostics)
        resolved = None if diagnostics.has_errors else resolve(document, diagnostics)
        if resolved is None:
            return None
        service = cls(resolved, strict=strict, base_path=base_path)
        if scenario is not None:
            service.use(scenario)
        return service

    @property
    def operations(self) -> tuple[OperationInfo, ...]:
        """Every operation, by path and method."""
        return tuple(self._info(found) for found in self._index.found)

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Every scenario, by operation and name."""
        return tuple(one for found in self._index.found for one in _scenarios(self._described_operation(found)))

    @property
    def active(self) -> dict[str | None, str]:
        """The scenarios in use by operation id; under None the one for every operation that has it."""
        return dict(self._active)

    def use(self, scenario: str | None, operation: str | None = None) -> None:
        """Answer by a scenario from now on, in one operation or wherever it exists; None goes back to normal.

        Sequences start anew. Raises KeyError for a scenario, or an operation, that does not exist.
        """
        if scenario is not None and not any(
            one.name == scenario and operation in (None, one.operation) for one in self.scenarios
        ):
            raise KeyError(scenario)
        with self._lock:
            if scenario is None and operation is None:
                self._active.clear()
            elif scenario is None:
                self._active.pop(operation, None)
            else:
                self._active[operation] = scenario

    @property
    def faults(self) -> tuple[FaultPicker, ...]:
        """The fault rules in the order in which they are asked."""
        return tuple(self._faults)

    def add_fault(self, rule: FaultPicker) -> None:
        """Ask that rule at every request from now on; the first rule with a fault wins."""
        with self._lock:
            self._faults.append(rule)

    def clear(self) -> None:
        """Back to the start: no scenario, no faults, sequences at their beginning, an empty log."""
        with self._lock:
            self._active.clear()
            self._faults.clear()
        self.log.clear()

    def operation_id(self, method: str, target: str) -> str | None:
        """The operation that a request line means; None where there is none."""
        found = self._index.match(method, target)
        return found.operation.key if isinstance(found, OperationMatch) else None

    def respond(self, request: HttpRequest) -> Answer:
        """The answer to a request, which is logged; never raises for what a client sent."""
        started = time.perf_counter()
        with self._lock:
            answer = self._answer(request)
        self.log.add(time.time(), request, answer, time.perf_counter() - started)
        return answer

    def _answer(self, request: HttpRequest) -> Answer:
        found = self._index.match(request.method, request.target)
        if found is None:
            return Answer(_problem(404, "no operation has this path"), "refused")
        if isinstance(found, NoMethod):
            return Answer(_problem(405, "no operation has this method", (("Allow", ", ".join(found.allowed)),)), "refused")
        operation = self._described_operation(found.operation)
        name = self._active.get(operation.id, self._active.get(None))
        response = _example(operation, name)
        return Answer(response, "scenario" if name else "example", operation.id)

    def _described_operation(self, found: FoundOperation) -> DescribedOperation:
        known = self._described.get(id(found))
        if known is None:
            known = self._described[id(found)] = DescribedOperation(found, self.resolved)
        return known

    def _info(self, found: FoundOperation) -> OperationInfo:
        operation = self._described_operation(found)
        span = found.node.place.span
        return OperationInfo(
            operation.id,
            operation.method,
            operation.path,
            found.node.text("summary"),
            None if span is None else span.line,
            tuple(operation.responses),
            tuple(one.name for one in _scenarios(operation)),
        )


def scenario_name(key: str) -> str:
    """The key of an example in kebab case: `notInstalled` becomes `not-installed`."""
    spaced = re.sub(r"([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])", r"\1\3-\2", key)
    return re.sub(r"[^A-Za-z0-9]+", "-", spaced).strip("-").lower()


def _scenarios(operation: DescribedOperation) -> list[Scenario]:
    return [
        Scenario(scenario_name(key), operation.id, example.text("summary"), status, "document")
        for status, key, example, _ in _named(operation)
    ]


def _named(operation: DescribedOperation) -> list[tuple[int, str, Node, str]]:
    found: list[tuple[int, str, Node, str]] = []
    for status, declaration in operation.responses.items():
        for media_type, media in declaration.contents.items():
            examples = media.get("examples")
            for key in examples.mapping if examples is not None else ():
                if examples is not None:
                    example = operation.resolved.deref(examples.child(key))
                    found.append((int(status) if status.isdecimal() else 200, key, example, media_type))
    return found


def _example(operation: DescribedOperation, name: str | None) -> HttpResponse:
    for status, key, example, media_type in _named(operation):
        if (name is None and 200 <= status < 300) or (name is not None and scenario_name(key) == name):
            body = exact_json.write(example.mapping.get("value")).encode()
            return HttpResponse(status, (("Content-Type", media_type),), body)
    return _problem(501, "the document has no example")


def _problem(status: int, detail: str, headers: tuple[tuple[str, str], ...] = ()) -> HttpResponse:
    body = exact_json.write({"type": "about:blank", "status": status, "detail": detail}).encode()
    return HttpResponse(status, (("Content-Type", "application/problem+json"), *headers), body)
