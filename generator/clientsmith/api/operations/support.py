"""Which operations can become methods; one that cannot is an error, or is left out if the configuration says so."""

from __future__ import annotations

from collections.abc import Iterable

from clientsmith.config.model import Unsupported
from clientsmith.diagnostics.model import Diagnostics, Related
from clientsmith.openapi.operation import DescribedOperation

_HINT = 'mend it, or leave such operations out with unsupported = "skip" (--skip-unsupported)'


def supported(
    found: Iterable[DescribedOperation], unsupported: Unsupported, diagnostics: Diagnostics
) -> list[DescribedOperation]:
    """The operations that can become methods."""
    kept: list[DescribedOperation] = []
    for operation in found:
        if not operation.obstacles:
            kept.append(operation)
            continue
        if unsupported == "skip":
            operation.note_left_out(diagnostics)
        else:
            why, node = operation.obstacles[0]
            message = f"{operation.found.label} cannot become a method: {why}"
            whole = (Related("the operation", operation.node.place),)
            diagnostics.error("operation-unsupported", message, node.place, hint=_HINT, related=whole)
    return kept
