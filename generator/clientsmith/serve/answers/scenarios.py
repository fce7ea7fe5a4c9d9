"""What can be asked for: operations, and scenarios by name (named examples of the document, labelled taped entries)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clientsmith.openapi.operation import DescribedOperation
from clientsmith.serve.answers.document_answers import DocumentAnswers
from clientsmith.traffic.check import MessageChecker
from clientsmith.traffic.tapes.taped_exchanges import Tapes


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
    """One way in which an operation can answer; `status` is that of its first response.

    `source` is "document" for a named example, "tape" for exchanges on a tape, which win over an example.
    """

    name: str
    operation: str
    description: str
    status: int
    source: str


def scenarios(checker: MessageChecker, answers: DocumentAnswers, tapes: Tapes) -> tuple[Scenario, ...]:
    """Every scenario by operation: those of the document in its order, then those that only tapes have."""
    listed: dict[tuple[str, str], Scenario] = {}
    for operation in checker.operations:
        for example in answers.named(operation):
            key = (operation.id, example.name)
            listed.setdefault(
                key, Scenario(example.name, operation.id, example.summary, example.status, "document")
            )
    for (operation_id, name), taped in tapes.by_scenario.items():
        documented = listed.get((operation_id, name))
        description = taped[0].description or ("" if documented is None else documented.description)
        listed[operation_id, name] = Scenario(
            name, operation_id, description, taped[0].response.status, "tape"
        )
    order = {operation.id: number for number, operation in enumerate(checker.operations)}
    return tuple(sorted(listed.values(), key=lambda scenario: order[scenario.operation]))


def operation_infos(checker: MessageChecker, known: Iterable[Scenario]) -> tuple[OperationInfo, ...]:
    """Every operation, by path and method, with the names of its scenarios."""
    names: dict[str, list[str]] = {}
    for scenario in known:
        names.setdefault(scenario.operation, []).append(scenario.name)
    return tuple(_info(operation, tuple(names.get(operation.id, ()))) for operation in checker.operations)


def _info(operation: DescribedOperation, names: tuple[str, ...]) -> OperationInfo:
    span = operation.node.place.span
    return OperationInfo(
        operation.id,
        operation.method,
        operation.path,
        operation.node.text("summary"),
        None if span is None else span.line,
        tuple(operation.responses),
        names,
    )
