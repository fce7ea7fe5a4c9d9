"""Names that the configuration chooses: whether the document has what they are given to; applying them is not here."""

from __future__ import annotations

from collections.abc import Iterable

from clientsmith.api.operations.operations import first_tag
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.operations import FoundOperation, template_names
from clientsmith.document.resolved import ResolvedDocument


def check_overrides(
    found: Iterable[FoundOperation], document: ResolvedDocument, config: Config, diagnostics: Diagnostics
) -> None:
    """A configured name that matches nothing is a mistake in the configuration, never ignored."""
    operations = list(found)
    components = document.node().get("components")
    schemas = components.get("schemas") if components is not None else None
    known: dict[str, tuple[Iterable[str], set[str]]] = {
        "resources": (config.resource_names, {first_tag(item) for item in operations} - {""}),
        "methods": (config.method_names, {item.key for item in operations}),
        "schemas": (config.schema_names, set(schemas.mapping) if schemas is not None else set()),
        "parameters": (
            config.parameter_names,
            {key for item in operations for key in _parameter_keys(item, document)}
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
            )


def _parameter_keys(operation: FoundOperation, document: ResolvedDocument) -> Iterable[str]:
    wires = template_names(operation.path)
    for owner in (operation.item, operation.node):
        listed = owner.get("parameters")
        wires += [
            document.deref(node).text("name") for node in (listed.elements() if listed is not None else ())
        ]
    return [f"{operation.key}.{wire}" for wire in wires]
