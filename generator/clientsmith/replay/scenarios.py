"""The scenarios that can be asked for by name: named examples of the document, and labelled entries of tapes."""

from __future__ import annotations

from dataclasses import dataclass

from clientsmith.replay.answers import DocumentAnswers
from clientsmith.replay.checks import Checker
from clientsmith.replay.tape import Tapes


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


def scenarios(checker: Checker, answers: DocumentAnswers, tapes: Tapes) -> tuple[Scenario, ...]:
    """Every scenario by operation: those of the document in its order, then those that only tapes have."""
    found: dict[tuple[str, str], Scenario] = {}
    for operation in checker.operations:
        for one in answers.named(operation):
            key = (operation.id, one.name)
            found.setdefault(key, Scenario(one.name, operation.id, one.summary, one.status, "document"))
    for (operation_id, name), taped in tapes.by_scenario.items():
        documented = found.get((operation_id, name))
        description = taped[0].description or ("" if documented is None else documented.description)
        found[operation_id, name] = Scenario(
            name, operation_id, description, taped[0].response.status, "tape"
        )
    order = {operation.id: number for number, operation in enumerate(checker.operations)}
    return tuple(sorted(found.values(), key=lambda one: order[one.operation]))
