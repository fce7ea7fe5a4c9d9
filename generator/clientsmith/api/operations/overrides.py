"""Names that the configuration chooses: whether the document has what they are given to; applying them is not here."""

from __future__ import annotations

from collections.abc import Iterable

from clientsmith.api.operations.operations import first_tag
from clientsmith.config.model import Config
from clientsmith.config.values import did_you_mean
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.operations import template_names
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.parameter import listed


def check_overrides(
    found: Iterable[DescribedOperation], document: ResolvedDocument, config: Config, diagnostics: Diagnostics
) -> None:
    """A configured name that matches nothing is a mistake in the configuration, never ignored."""
    operations = list(found)
    known: dict[str, tuple[Iterable[str], set[str]]] = {
        "resources": (config.resource_names, {first_tag(item.found) for item in operations} - {""}),
        "methods": (config.method_names, {item.id for item in operations}),
        "schemas": (config.schema_names, set(document.components("schemas"))),
        "parameters": (
            config.parameter_names,
            {key for item in operations for key in _parameter_keys(item)}
            if config.parameter_names
            else set(),
        ),
    }
    for group, (chosen, existing) in known.items():
        for key in sorted(set(chosen) - existing):
            diagnostics.error(
                "unknown-name",
                f"[names.{group}] has '{key}', which the document does not have",
                config.place("names", group, key),
                hint=did_you_mean(key, existing),
            )


def _parameter_keys(operation: DescribedOperation) -> Iterable[str]:
    declared = listed((operation.found.item, operation.node), operation.resolved)
    wires = [*template_names(operation.path), *(node.text("name") for node in declared)]
    return [f"{operation.id}.{wire}" for wire in wires]
