"""How much the model of an API may grow out of a document: schemas that merge in many ways can multiply without end."""

from __future__ import annotations

from dataclasses import dataclass

from clientsmith.document.model import Node

_FREE_STEPS = 4_000
_BYTES_PER_STEP = 24
"""Of the real documents known, those above 100 kB take at most a step for 80 bytes, smaller ones 150 in all."""


class OverBudgetError(Exception):
    """The model grows beyond what the size of the document allows, at a schema."""

    def __init__(self, node: Node) -> None:
        super().__init__()
        self.node = node


@dataclass(slots=True)
class ModelBudget:
    """Counts the schemas that are merged into a type, the properties and members that it gets, and the fields made."""

    size: int
    """Of all documents, in bytes."""
    spent: int = 0

    def spend(self, node: Node, steps: int) -> None:
        """Count what one schema takes; raises OverBudgetError past the budget."""
        self.spent += steps
        if self.spent > _FREE_STEPS + self.size // _BYTES_PER_STEP:
            raise OverBudgetError(node)
