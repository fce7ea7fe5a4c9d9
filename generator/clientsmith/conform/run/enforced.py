"""Which violations a client has to catch itself: all but those of keywords that its manifest says it leaves alone."""

from __future__ import annotations

from clientsmith.conform.run.context import Context
from clientsmith.document.model import Node, render_pointer
from clientsmith.json_values.codec import Value
from clientsmith.jsonschema.keywords import ALL_OF, CHOICES, elements

_INSIDE = (
    "items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames", "unevaluatedItems",
    "unevaluatedProperties",
)  # fmt: skip
_NAMED = ("properties", "patternProperties", "dependentSchemas")
_MOST = 3_000


def must_refuse(context: Context, schema: Node | None, value: Value) -> list[str]:
    """What is wrong with a value that the client promises to check before it sends; empty if nothing is."""
    if schema is None:
        return []
    wrong = context.checker.schemas.check(schema, value, "request")
    if any(_is_left_alone(context, node) for node in below(context, schema)):
        # A keyword that cannot be checked may decide anything around it, such as which member of a union is meant.
        wrong = [one for one in wrong if one.keyword in ("type", "required", "enum", "const")]
        if has_choice(context, schema):
            return []
    return [f"{render_pointer(one.pointer)}: {one.message}" for one in wrong]


def has_choice(context: Context, schema: Node | None) -> bool:
    """Whether there is a union somewhere below a schema."""
    return schema is not None and any(_is_choice(context, node) for node in below(context, schema))


def _is_left_alone(context: Context, node: Node) -> bool:
    """Whether a keyword of a schema object is among those that the manifest lists."""
    listed, place = context.package.not_enforced, node.place.pointer or ""
    return any(f"{place}/{keyword}" in listed for keyword in node.mapping) or any(
        one.startswith(f"{place}/patternProperties/") for one in listed
    )


def _is_choice(context: Context, node: Node) -> bool:
    # A type that may be null as well is not a choice: nothing else is null.
    members = [context.checker.resolved.deref(one) for keyword in CHOICES for one in elements(node, keyword)]
    real = [one for one in members if one.mapping.get("type") != "null"]
    return len(real) > 1 or node.get("not") is not None or node.get("discriminator") is not None


def below(context: Context, schema: Node) -> list[Node]:
    """A schema and every schema in it, references followed."""
    found: dict[tuple[str, tuple[str, ...]], Node] = {}
    waiting = [schema]
    while waiting and len(found) < _MOST:
        node = waiting.pop()
        if node.identity in found:
            continue
        found[node.identity] = node
        target = context.checker.resolved.ref_target(node)
        waiting += [] if target is None else [target]
        for keyword in (ALL_OF, *CHOICES, "prefixItems"):
            waiting += elements(node, keyword)
        waiting += [inner for keyword in _INSIDE if (inner := node.get(keyword)) is not None]
        for keyword in _NAMED:
            named = node.get(keyword)
            waiting += [] if named is None else [one for _, one in named.items()]
    return list(found.values())
