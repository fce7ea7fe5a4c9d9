"""Brings together what a service answers and what is to go wrong with it: rules, request headers, faults of content."""

from __future__ import annotations

from dataclasses import replace

from clientsmith.document.model import Node
from clientsmith.json_values.codec import Value
from clientsmith.openapi.media_type import best
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.routing import OperationMatch
from clientsmith.serve.answers.document_answers import DocumentAnswers
from clientsmith.serve.faults import rules as faults
from clientsmith.serve.faults.content import Declared, NotPossibleError, declares_partial, is_content, spoil
from clientsmith.serve.faults.kinds import KINDS, Phase
from clientsmith.serve.faults.rules import FaultError, FaultRule, FaultRules
from clientsmith.serve.service import Service
from clientsmith.traffic.message import Answer, Fault, HttpRequest, HttpResponse
from clientsmith.traffic.problem import problem


class FaultInjector:
    """Answers of a service with faults in them; a fault on the wire is left for whoever sends the answer."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._answers = DocumentAnswers(service.checker)
        self._operations = {operation.id: operation for operation in service.checker.operations}

    def check(self, rule: FaultRule) -> None:
        """Raise FaultError for a rule that can never be carried out with this document."""
        if rule.fault.name != "partial":
            return
        asked = self._operations.values() if rule.operation is None else [self._operations[rule.operation]]
        if not any(declares_partial(operation) for operation in asked):
            where = f"operation {rule.operation}" if rule.operation else "the document"
            raise FaultError(
                f"partial needs x-clientsmith-partial-success in a response, and {where} has none"
            )

    def early(self, request: HttpRequest, rules: FaultRules, *, asks: bool = True) -> Fault | None:
        """The fault that strikes before the body of a request is read; without `asks` no header is looked at."""
        try:
            asked = faults.asked_for(request) if asks else None
        except FaultError:
            return None
        if asked is not None and KINDS[asked.name].phase is Phase.REQUEST:
            return asked
        if not rules.has(Phase.REQUEST):
            return None
        match = self._service.checker.index.match(request.method, request.target)
        return rules.pick_in_request(match.operation.key if isinstance(match, OperationMatch) else None)

    def answer(self, request: HttpRequest, rules: FaultRules, *, asks: bool = True) -> Answer:
        """What the service answers, with the fault that its rules or the headers of the request choose.

        A fault of content is in the response already; one on the wire is left to whoever sends it.
        """
        try:
            asked = faults.asked_for(request) if asks else None
        except FaultError as error:
            return Answer(problem(400, str(error)), "refused")
        if asked is None:
            answer = self._service.respond(request)
        else:
            with rules.asked(asked):
                answer = self._service.respond(request)
        fault = answer.fault
        if fault is None or not is_content(fault):
            return answer
        spoilt = replace(answer, response=self._spoilt(request, answer, fault, asked is not None))
        self._service.log.amend(answer, spoilt)
        return spoilt

    def _spoilt(self, request: HttpRequest, answer: Answer, fault: Fault, asked: bool) -> HttpResponse:
        operation = self._operations.get(answer.operation or "")
        response = answer.response

        def satisfies(value: Value) -> bool:
            schema = _schema(operation, response)
            return schema is None or self._service.checker.schemas.is_valid(schema, value, "response")

        def error(status: int) -> HttpResponse:
            accept = request.header("Accept")
            answer = self._answers.by_status(operation, status, accept) if operation is not None else None
            return problem(status, "as a fault asked for") if answer is None else answer.response

        try:
            return spoil(fault, response, Declared(operation, satisfies, error))
        except NotPossibleError as reason:
            # A rule for every operation passes over those that it cannot be about; who asks for one call is told.
            return problem(501, str(reason)) if asked or fault.name == "wrong-schema" else response


def _schema(operation: DescribedOperation | None, response: HttpResponse) -> Node | None:
    """The schema that the document declares for a response, by its status and media type."""
    declared = operation.response(response.status) if operation is not None else None
    if declared is None:
        return None
    media_type = best(declared.contents, response.header("Content-Type") or "")
    return None if media_type is None else declared.contents[media_type].get("schema")
