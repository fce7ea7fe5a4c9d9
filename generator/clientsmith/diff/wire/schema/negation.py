"""What `not` takes away from one JSON type: all of it, some listed values, or something that is not taken apart."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace

from clientsmith.diff.wire.schema.model import Allowed, Alternative, Condition, Direction, Schema
from clientsmith.document.model import Node


@dataclass(frozen=True, slots=True)
class Negations:
    """Reads the `not` of schema objects; `allowed` says what a negated schema allows."""

    allowed: Callable[[Schema, Direction], Allowed]

    def apply(self, one: Alternative, nodes: Iterable[Node], direction: Direction) -> Alternative | None:
        """The alternative without what is negated; None if nothing is left of it."""
        listed, schemas = dict[Hashable, Node](), list[Schema]()
        for node in nodes:
            negated = node.get("not")
            if negated is None or negated.value is False:
                continue
            schema = Schema(negated, (negated,))
            refused = self.allowed(schema, direction)
            left = _without(one, refused)
            if left is None:
                return None
            if left is one and one.kind in refused.kinds:
                keys = _refused_keys(one, refused)
                listed |= dict.fromkeys(keys, node)
                schemas += [schema] if keys else []
                condition = Condition("not", node, (schema,), kind=one.kind)
                left = one if keys else replace(one, conditions=(*one.conditions, condition))
            one = left
        if listed:  # however many `not` they are spread over
            condition = Condition(
                "not", next(iter(listed.values())), tuple(schemas), values=frozenset(listed)
            )
            one = replace(one, conditions=(*one.conditions, condition))
        return one


def _refused_keys(one: Alternative, refused: Allowed) -> set[Hashable]:
    """The values that are refused, if these are listed."""
    alternatives = refused.kinds[one.kind]
    if refused.exclusive or any(other.values is None or other.conditions for other in alternatives):
        return set()
    return {key for other in alternatives for key in other.values or ()}


def _without(one: Alternative, refused: Allowed) -> Alternative | None:
    """The alternative without the values that are refused as a whole or one by one; itself if that is not known."""
    alternatives = refused.kinds.get(one.kind, ())
    if refused.exclusive:
        return one
    if any(other.is_free for other in alternatives):
        return None
    if one.values is None or any(other.values is None or other.conditions for other in alternatives):
        return one
    gone = {key for other in alternatives for key in other.values or ()}
    left = {key: value for key, value in one.values.items() if key not in gone}
    return replace(one, values=left) if left else None
