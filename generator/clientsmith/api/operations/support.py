"""Which operations can become methods; one that cannot is an error, or is left out where the configuration says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clientsmith.api.operations.parameters import LOCATIONS
from clientsmith.config.model import Unsupported
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import Node
from clientsmith.document.operations import FoundOperation
from clientsmith.document.resolved import ResolvedDocument, reference_text

_HINT = 'mend it, or leave such operations out with unsupported = "skip" (--skip-unsupported)'


def supported(
    found: Iterable[FoundOperation],
    document: ResolvedDocument,
    unsupported: Unsupported,
    diagnostics: Diagnostics,
) -> list[FoundOperation]:
    """The operations that can become methods."""
    kept: list[FoundOperation] = []
    for operation in found:
        obstacle = next(_obstacles(operation, document), None)
        if obstacle is None:
            kept.append(operation)
            continue
        why, node = obstacle
        if unsupported == "skip":
            diagnostics.warning("operation-skipped", f"{operation.label} is left out: {why}", node.place)
        else:
            message = f"{operation.label} cannot become a method: {why}"
            diagnostics.error("operation-unsupported", message, node.place, hint=_HINT)
    return kept


def _obstacles(operation: FoundOperation, document: ResolvedDocument) -> Iterator[tuple[str, Node]]:
    """References to nothing, schemas apart (those are read as any value), and parameters that stand somewhere new."""
    for part in _parts(operation):
        target = document.deref(part)
        reference = reference_text(target)
        if reference is not None:
            yield f"{reference!r:.200} leads to nothing", target
        elif "in" in target.mapping and target.text("in") not in LOCATIONS:
            yield f"the client knows no parameters in {target.mapping['in']!r:.200}", target


def _parts(operation: FoundOperation) -> Iterator[Node]:
    for owner in (operation.item, operation.node):
        parameters = owner.get("parameters")
        if parameters is not None:
            yield from parameters.elements()
    body, responses = operation.node.get("requestBody"), operation.node.get("responses")
    if body is not None:
        yield body
    if responses is not None:
        yield from (response for _, response in responses.items())
