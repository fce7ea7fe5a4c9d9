"""Names that the configuration chooses: whether the document has what they are given to; applying them is not here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from clientsmith.api.operations.operations import first_tag
from clientsmith.config.model import Config
from clientsmith.config.values import did_you_mean
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.operations import operations, template_names
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.parameter import listed


def check_overrides(
    found: Iterable[DescribedOperation], document: ResolvedDocument, config: Config, diagnostics: Diagnostics
) -> None:
    """A configured name that matches nothing is a mistake in the configuration, never ignored."""
    for group, (chosen, existing) in _known(found, document, config).items():
        for key in sorted(set(chosen) - existing):
            diagnostics.error(
                "unknown-name",
                f"[names.{group}] has '{key}', which the document does not have",
                config.place("names", group, key),
                hint=did_you_mean(key, existing),
            )


def without_unknown(config: Config, document: ResolvedDocument) -> Config:
    """The config without the names that it gives to what another version of the document may have."""
    found = [DescribedOperation(one, document) for one in operations(document.node(), document.deref)]
    known = {
        group: {key: name for key, name in chosen.items() if key in existing}
        for group, (chosen, existing) in _known(found, document, config).items()
    }
    schemes = document.components("securitySchemes")
    return replace(
        config,
        resource_names=known["resources"],
        method_names=known["methods"],
        schema_names=known["schemas"],
        parameter_names=known["parameters"],
        credentials={key: one for key, one in config.credentials.items() if key in schemes},
    )


def _known(
    found: Iterable[DescribedOperation], document: ResolvedDocument, config: Config
) -> dict[str, tuple[Mapping[str, str], set[str]]]:
    """By group the names of the config, and what the document has of that group."""
    every = list(found)
    parameters = (
        {key for one in every for key in _parameter_keys(one)} if config.parameter_names else set[str]()
    )
    return {
        "resources": (config.resource_names, {first_tag(one.found) for one in every} - {""}),
        "methods": (config.method_names, {one.id for one in every}),
        "schemas": (config.schema_names, set(document.components("schemas"))),
        "parameters": (config.parameter_names, parameters),
    }


def _parameter_keys(operation: DescribedOperation) -> Iterable[str]:
    declared = listed((operation.found.item, operation.node), operation.resolved)
    wires = [*template_names(operation.path), *(node.text("name") for node in declared)]
    return [f"{operation.id}.{wire}" for wire in wires]
