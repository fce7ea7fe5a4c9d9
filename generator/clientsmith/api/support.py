"""Which operations can become methods; one that cannot is an error, or is left out where the configuration says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clientsmith.config import Unsupported
from clientsmith.diagnostics import Diagnostics
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
        missing = next(_missing(operation, document), None)
        if missing is None:
            kept.append(operation)
        elif unsupported == "skip":
            diagnostics.warning(
                "operation-skipped", f"{operation.label} is left out: {_why(missing)}", missing.place
            )
        else:
            message = f"{operation.label} cannot become a method: {_why(missing)}"
            diagnostics.error("operation-unsupported", message, missing.place, hint=_HINT)
    return kept


def _missing(operation: FoundOperation, document: ResolvedDocument) -> Iterator[Node]:
    """The parts of an operation that are references to nothing, schemas apart: those are read as any value."""
    for part in _parts(operation):
        target = document.deref(part)
        if reference_text(target) is not None:
            yield target


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


def _why(missing: Node) -> str:
    return f"{reference_text(missing)!r:.200} leads to nothing"
