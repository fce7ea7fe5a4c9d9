"""Which violations a client has to catch itself: all but those of keywords that its manifest says it leaves alone."""

from __future__ import annotations

from clientsmith.conform.run.context import Context
from clientsmith.document.model import Node, render_pointer
from clientsmith.json_values.codec import Value
from clientsmith.jsonschema.keywords import ALL_OF, CHOICES, elements

_PROMISED = frozenset(
    {
        "type", "enum", "const", "required", "additionalProperties", "pattern", "minLength", "maxLength", "minItems",
        "maxItems", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    }
)  # fmt: skip
_MOST = 3_000


def must_refuse(context: Context, schema: Node | None, value: Value) -> list[str]:
    """What is wrong with a value that the client promises to check before it sends; empty where nothing is."""
    if schema is None:
        return []
    wrong = context.checker.schemas.check(schema, value, "request")
    exempt = _left_alone(context, schema)
    return [
        f"{render_pointer(one.pointer)}: {one.message}"
        for one in wrong
        if one.keyword in _PROMISED - exempt
        and not (one.keyword == "additionalProperties" and "choice" in exempt)
    ]


def has_choice(context: Context, schema: Node | None) -> bool:
    """Whether there is a union somewhere below a schema."""
    return schema is not None and "choice" in _left_alone(context, schema)


def _left_alone(context: Context, schema: Node) -> frozenset[str]:
    """Keywords that are left alone somewhere below a schema; in a union also what tells its branches apart."""
    found: set[str] = set()
    waiting, seen = [schema], set[tuple[str, tuple[str, ...]]]()
    listed = context.package.not_enforced
    while waiting and len(seen) < _MOST:
        node = waiting.pop()
        if node.identity in seen:
            continue
        seen.add(node.identity)
        place = node.place.pointer or ""
        for keyword in node.mapping:
            if place in listed or f"{place}/{keyword}" in listed:
                found.add(keyword)
                if keyword in (
                    "prefixItems",
                    "patternProperties",
                ):  # what is right at one place is taken at all
                    found |= _PROMISED
        if any(place.startswith(f"{one}/") for one in listed if one.endswith("/allOf")):
            found |= node.mapping.keys()
        choice = [one for keyword in CHOICES for one in elements(node, keyword)]
        waiting += choice
        # What may be null as well is no choice: null is told from all else.
        real = [one for one in choice if context.checker.resolved.deref(one).mapping.get("type") != "null"]
        if len(real) > 1 or node.get("not") is not None or node.get("discriminator") is not None:
            found |= {"choice"}
        waiting += _below(context, node)
    return frozenset(found)


def _below(context: Context, node: Node) -> list[Node]:
    target = context.checker.resolved.ref_target(node)
    found = [] if target is None else [target]
    found += elements(node, ALL_OF)
    for keyword in ("items", "additionalProperties"):
        inner = node.get(keyword)
        found += [] if inner is None else [inner]
    properties = node.get("properties")
    return found + ([] if properties is None else [one for _, one in properties.items()])
