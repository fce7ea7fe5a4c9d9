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
        why, node = operation.obstacles[0]
        label = operation.found.label
        whole = (Related("the operation", operation.node.place),)
        if unsupported == "skip":
            diagnostics.warning("operation-skipped", f"{label} is left out: {why}", node.place, related=whole)
        else:
            message = f"{label} cannot become a method: {why}"
            diagnostics.error("operation-unsupported", message, node.place, hint=_HINT, related=whole)
    return kept
