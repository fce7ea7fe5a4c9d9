"""Finds what is somewhere below a schema."""

from __future__ import annotations

from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.jsonschema.keywords import ALL_OF, CHOICES, elements

_INSIDE = (
    "items",
    "additionalProperties",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
)
_NAMED = ("properties", "patternProperties", "dependentSchemas")
_MOST = 3_000


def has_choice_below(resolved: ResolvedDocument, schema: Node | None) -> bool:
    """Whether there is a union somewhere below a schema."""
    return schema is not None and any(_is_choice(resolved, node) for node in below(resolved, schema))


def _is_choice(resolved: ResolvedDocument, node: Node) -> bool:
    # A type that may be null as well is not a choice: nothing else is null.
    members = [resolved.deref(one) for keyword in CHOICES for one in elements(node, keyword)]
    real = [one for one in members if one.mapping.get("type") != "null"]
    return len(real) > 1 or node.get("not") is not None or node.get("discriminator") is not None


def below(resolved: ResolvedDocument, schema: Node) -> list[Node]:
    """A schema and every schema in it, references followed."""
    found: dict[tuple[str, tuple[str, ...]], Node] = {}
    waiting = [schema]
    while waiting and len(found) < _MOST:
        node = waiting.pop()
        if node.identity in found:
            continue
        found[node.identity] = node
        target = resolved.ref_target(node)
        waiting += [] if target is None else [target]
        for keyword in (ALL_OF, *CHOICES, "prefixItems"):
            waiting += elements(node, keyword)
        waiting += [inner for keyword in _INSIDE if (inner := node.get(keyword)) is not None]
        for keyword in _NAMED:
            named = node.get(keyword)
            waiting += [] if named is None else [one for _, one in named.items()]
    return list(found.values())
