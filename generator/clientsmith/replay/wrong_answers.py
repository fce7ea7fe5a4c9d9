"""Brings together what a service answers and what is to go wrong with it: rules, request headers, faults of content."""

from __future__ import annotations

from dataclasses import replace

from clientsmith.document.model import Node
from clientsmith.document.operations import operations
from clientsmith.replay import faults
from clientsmith.replay.described import DescribedOperation
from clientsmith.replay.exact_json import Value
from clientsmith.replay.exchange import Answer, Fault, HttpRequest, HttpResponse
from clientsmith.replay.fault_names import KINDS, Phase
from clientsmith.replay.faults import FaultError, FaultRule, FaultRules
from clientsmith.replay.media_types import best
from clientsmith.replay.schemas import Schemas
from clientsmith.replay.service import Service
from clientsmith.replay.wrong_content import NotPossibleError, declares_partial, is_content, problem, spoil


class WrongAnswers:
    """Answers of a service with faults in them; a fault on the wire is left for whoever sends the answer."""

    def __init__(self, service: Service) -> None:
        self._service = service
        resolved = service.resolved
        self._schemas = Schemas(resolved)
        found = operations(resolved.node(), resolved.deref)
        self._operations = {one.key: DescribedOperation(one, resolved) for one in found}

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

    def early(self, request: HttpRequest, rules: FaultRules) -> Fault | None:
        """The fault that strikes before the body of a request is read."""
        try:
            asked = faults.asked_for(request)
        except FaultError:
            return None
        if asked is not None and KINDS[asked.name].phase is Phase.REQUEST:
            return asked
        if not rules.has(Phase.REQUEST):
            return None
        return rules.pick_in_request(self._service.operation_id(request.method, request.target))

    def answer(self, request: HttpRequest, rules: FaultRules) -> Answer:
        """What the service answers, with the fault that its rules or the headers of the request choose."""
        try:
            asked = faults.asked_for(request)
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
        return replace(answer, response=self._spoilt(answer, fault, asked is not None), fault=None)

    def _spoilt(self, answer: Answer, fault: Fault, asked: bool) -> HttpResponse:
        operation = self._operations.get(answer.operation or "")
        response = answer.response

        def satisfies(value: Value) -> bool:
            schema = _schema(operation, response)
            return schema is None or self._schemas.is_valid(schema, value, "response")

        try:
            return spoil(fault, response, operation, satisfies)
        except NotPossibleError as error:
            # A rule for every operation passes over those that it cannot be about; who asks for one call is told.
            return problem(501, str(error)) if asked or fault.name == "wrong-schema" else response


def _schema(operation: DescribedOperation | None, response: HttpResponse) -> Node | None:
    """The schema that the document declares for a response, by its status and media type."""
    declared = operation.response(response.status) if operation is not None else None
    if declared is None:
        return None
    media_type = best(declared.contents, response.header("Content-Type") or "")
    return None if media_type is None else declared.contents[media_type].get("schema")
