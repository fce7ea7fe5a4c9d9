"""What types say of schemas that no check is made from: those of subtypes, which values find by their tag alone."""

from __future__ import annotations

from collections.abc import Mapping

from clientsmith.api.schemas.rest import Rests
from clientsmith.api.schemas.sources import Sources
from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity
from clientsmith.document.uses import Direction
from clientsmith.jsonschema.dialect import ExportOptions, JsonSchemaExport
from clientsmith.jsonschema.keywords import ALL_OF

_TYPES = frozenset(
    {
        "$ref", "additionalProperties", ALL_OF, "anyOf", "const", "discriminator", "enum", "items", "nullable",
        "oneOf", "patternProperties", "prefixItems", "properties", "required", "type",
    }
)  # fmt: skip
"""What a type of an answer is made from; the models of requests check everything but the rest."""


def subtype_uses(
    sources: Sources, subtypes: Mapping[Direction, list[Node]]
) -> dict[Direction, Mapping[Identity, set[str]]]:
    """The keywords of each schema object, subtypes and what is below them, that types are made from."""
    return {direction: _of(sources, direction, nodes) for direction, nodes in subtypes.items()}


def _of(sources: Sources, direction: Direction, nodes: list[Node]) -> Mapping[Identity, set[str]]:
    whole = JsonSchemaExport(sources.document, direction, ExportOptions(pattern=lambda pattern: pattern))
    for node in nodes:
        whole.key(node)
    whole.finish()
    if direction == "request":
        left = {
            (node.document.uri, (*node.pointer, keyword)) for node, keyword in Rests(sources).every(nodes)
        }
    else:
        left = {_member(holder, keyword) for holder, used in whole.used.items() for keyword in used - _TYPES}
    return {
        holder: {keyword for keyword in used if _member(holder, keyword) not in left}
        for holder, used in whole.used.items()
        if not _is_inside(holder, left)
    }


def _member(holder: Identity, keyword: str) -> Identity:
    uri, pointer = holder
    return uri, (*pointer, keyword)


def _is_inside(holder: Identity, left: set[Identity]) -> bool:
    uri, pointer = holder
    return any((uri, pointer[:end]) in left for end in range(1, len(pointer) + 1))
