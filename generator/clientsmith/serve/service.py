"""The service behind server, transports and app: one pure `respond`; no sockets, and no files after opening."""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from clientsmith.config.values import did_you_mean
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.load import STRICT, Policies, open_document
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.openapi.operation import DescribedOperation, left_out_of
from clientsmith.serve.answers.document_answers import DocumentAnswer, DocumentAnswers
from clientsmith.serve.answers.prefer import preference
from clientsmith.serve.answers.refusals import Refusals
from clientsmith.serve.answers.scenarios import OperationInfo, Scenario, operation_infos, scenarios
from clientsmith.serve.log.log_redaction import LogRedaction
from clientsmith.serve.log.request_log import RequestLog
from clientsmith.traffic.check import CheckedRequest, MessageChecker
from clientsmith.traffic.message import Answer, Fault, Finding, HttpRequest, HttpResponse
from clientsmith.traffic.problem import problem
from clientsmith.traffic.tapes.nearest import nearest_miss, report
from clientsmith.traffic.tapes.redacted_match import same_but_for_secrets
from clientsmith.traffic.tapes.taped_exchanges import TapedExchange, Tapes, load_tapes

_CACHED_REQUEST = 4 * 1024
"""Bytes of the longest request that is remembered: what it says takes up many times as much."""
_CACHED_BYTES = 1024 * 1024
"""Bytes of all requests that are remembered."""


__all__ = ["FaultPicker", "OperationInfo", "Scenario", "Service"]


class FaultPicker(Protocol):
    """What the service asks of a fault rule; it counts the calls it is asked about."""

    def pick(self, operation_id: str | None) -> Fault | None:
        """The fault for this call, or None."""
        ...


class Service:
    """Answers requests out of tapes and the document; safe to be called from several threads."""

    def __init__(self, checker: MessageChecker, tapes: Tapes, *, strict: bool = False) -> None:
        self.checker = checker
        self.tapes = tapes
        self.strict = strict
        self.log = RequestLog(redact=LogRedaction(checker))
        self._answers = DocumentAnswers(checker)
        self._refusals = Refusals(checker, self._answers)
        self._lock = threading.Lock()
        self._checked: dict[Hashable, CheckedRequest] = {}
        self._checked_bytes = 0
        self._played: dict[Hashable, int] = {}
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
        credentials: Sequence[str] = (),
        policies: Policies = STRICT,
    ) -> Service | None:
        """The service for a document and its tapes (HAR files, or folders of them); None after reporting why not.

        `base_path` replaces the paths of the servers of the document. With `ignore_foreign`, taped exchanges with
        other services are left out instead of refused. `credentials` are the tokens (for Basic `user:password`) that
        are accepted where the document demands some; without any, all are.
        """
        resolved = open_document(spec_path, diagnostics, policies)
        if resolved is None:
            return None
        left_out = left_out_of(resolved, diagnostics, skip=policies.skip_unsupported)
        checker = MessageChecker(resolved, base_path, credentials, left_out)
        loaded = load_tapes(checker, tapes, diagnostics, ignore_foreign=ignore_foreign)
        if diagnostics.has_errors:
            return None
        service = cls(checker, loaded, strict=strict)
        if scenario is not None:
            try:
                service.use(scenario)
            except KeyError:
                names = sorted({one.name for one in service.scenarios})
                hint = did_you_mean(scenario, names) if names else "the document and the tapes have none"
                diagnostics.error("unknown-scenario", f"there is no scenario {scenario!r:.80}", hint=hint)
                return None
        return service

    @property
    def resolved(self) -> ResolvedDocument:
        """The document that the service answers for."""
        return self.checker.resolved

    @property
    def operations(self) -> tuple[OperationInfo, ...]:
        """Every operation, by path and method."""
        return operation_infos(self.checker, self.scenarios)

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Every scenario, by operation: those of the document in its order, then those of the tapes."""
        return scenarios(self.checker, self._answers, self.tapes)

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
        if operation is not None and not any(one.id == operation for one in self.checker.operations):
            raise KeyError(operation)
        with self._lock:
            self._played.clear()
            if scenario is not None:
                self._active[operation] = scenario
            elif operation is None:
                self._active.clear()
            else:
                self._active.pop(operation, None)

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
            self._played.clear()
        self.log.clear()

    def clear_faults(self) -> None:
        """Forget every fault rule, and nothing else."""
        with self._lock:
            self._faults.clear()

    def respond(self, request: HttpRequest) -> Answer:
        """The answer to a request, which is logged; never raises for what a client sent."""
        started = time.perf_counter()
        answer = self._answer(self._check(request), request)
        with self._lock:
            for rule in self._faults:
                fault = rule.pick(answer.operation)
                if fault is not None:
                    answer = replace(answer, fault=fault)
                    break
        if request.method == "HEAD" and answer.response.body:
            answer = replace(answer, response=replace(answer.response, body=b""))
        self.log.add(time.time(), request, answer, time.perf_counter() - started)
        return answer

    def _check(self, request: HttpRequest) -> CheckedRequest:
        """The same bytes are checked once: checking depends on nothing else."""
        size = request.size
        if size > _CACHED_REQUEST:
            return self.checker.check_request(request)
        key = (request.method, request.target, request.headers, request.body)
        checked = self._checked.get(key)
        if checked is None:
            checked = self.checker.check_request(request)
            self._checked_bytes += size
            if self._checked_bytes > _CACHED_BYTES:
                self._checked.clear()
                self._checked_bytes = size
            self._checked[key] = checked
        return checked

    def _answer(self, checked: CheckedRequest, request: HttpRequest) -> Answer:
        """The lock is for what is remembered; comparing a large request with tapes must not keep others waiting."""
        operation = checked.operation
        if operation is None or checked.refusal is not None:
            with self._lock:
                return self._refuse(checked, request)
        with self._lock:
            answer = self._chosen(checked, operation, request)
        if answer is not None:
            return answer
        same = same_but_for_secrets(checked, self.tapes) if self.tapes.redacted else []
        if same:
            with self._lock:
                return self._play(same, ("redacted", same[0].label), "tape", checked)
        if self.strict:
            return self._missed(checked, operation)
        with self._lock:
            return self._untaped(checked, operation, request)

    def _chosen(
        self, checked: CheckedRequest, operation: DescribedOperation, request: HttpRequest
    ) -> Answer | None:
        """What the client wishes for, what the scenario in use says, or what is on tape for this very request."""
        wish = preference(request.header("prefer"))
        if not wish.is_empty:
            wanted = self._answers.preferred(operation, wish, request.header("accept"))
            if wanted is not None:
                return _granted(wanted, wish.applied(), operation.id, checked.findings)
        name = self._active.get(operation.id) or self._active.get(None)
        if name is not None:
            answer = self._scenario(checked, operation, name, request)
            if answer is not None:
                return answer
        taped = self.tapes.by_key.get(checked.key)
        return None if taped is None else self._play(taped, checked.key, "tape", checked)

    def _refuse(self, checked: CheckedRequest, request: HttpRequest) -> Answer:
        operation = None if checked.operation is None else checked.operation.id
        taped = self.tapes.by_key.get(checked.raw_key) if checked.refusal != "credentials" else None
        if taped is not None:
            return self._play(taped, checked.raw_key, "tape", checked)
        response = self._refusals.response(checked, request.header("accept"))
        return Answer(response, "refused", operation, None, checked.findings)

    def _scenario(
        self, checked: CheckedRequest, operation: DescribedOperation, name: str, request: HttpRequest
    ) -> Answer | None:
        """Out of the tapes, entries for this very request first; else the example of the document."""
        taped = self.tapes.by_scenario.get((operation.id, name))
        if taped is not None:
            same = [one for one in taped if one.request.key == checked.key]
            place = (operation.id, name, checked.key if same else None)
            return self._play(same or taped, place, "scenario", checked)
        found = self._answers.scenario(operation, name, request.header("accept"))
        if found is None:
            return None
        return Answer(found.response, "scenario", operation.id, name, checked.findings)

    def _play(
        self, taped: list[TapedExchange], place: Hashable, source: str, checked: CheckedRequest
    ) -> Answer:
        """The next of a sequence; the last one again and again."""
        turn = 0
        if len(taped) > 1:
            turn = self._played.get(place, 0)
            self._played[place] = min(turn + 1, len(taped) - 1)
        one = taped[turn]
        return Answer(one.response, source, one.operation.id, one.label, checked.findings)

    def _missed(self, checked: CheckedRequest, operation: DescribedOperation) -> Answer:
        miss = nearest_miss(checked, self.tapes)
        known = sorted({one.operation.id for one in self.tapes.exchanges})
        said, members = report(miss, operation.id, known)
        told = (*checked.findings, *(one.as_finding() for one in miss.differences))
        entry = None if miss.exchange is None else miss.exchange.label
        return Answer(problem(501, said, extra=members), "refused", operation.id, entry, told)

    def _untaped(
        self, checked: CheckedRequest, operation: DescribedOperation, request: HttpRequest
    ) -> Answer:
        found = self._answers.usual(operation, request.header("accept"))
        if found is None:
            said = f"the document has no example for {operation.id}, and no valid response could be generated"
            return Answer(problem(501, said), "refused", operation.id, None, checked.findings)
        source = "example" if found.is_example else "generated"
        return Answer(found.response, source, operation.id, None, checked.findings)


def _granted(wanted: DocumentAnswer, applied: str, operation: str, findings: tuple[Finding, ...]) -> Answer:
    headers = (*wanted.response.headers, ("Preference-Applied", applied))
    response: HttpResponse = replace(wanted.response, headers=headers)
    return Answer(response, "example" if wanted.is_example else "generated", operation, None, findings)
