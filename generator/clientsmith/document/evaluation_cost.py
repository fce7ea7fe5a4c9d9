"""How often a validator looks at a value: schemas that refer to each other in many ways multiply, values do not show it.

Nothing is validated here. The count takes each pair of a schema and a value once, so it is quick where validating is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from clientsmith.document.plain_schema import Plain

_IN_PLACE = ("not", "if", "then", "else")
_LISTS = ("allOf", "anyOf", "oneOf")
_UNEVALUATED = ("unevaluatedProperties", "unevaluatedItems")
_NODES_AT_ONCE = 32
"""An error holds a copy of its value: so many nodes of it cost about as much as one more look."""


class EvaluationCost:
    """Counts looks at values, for the schemas of one document whose references are `#/$defs/KEY`."""

    def __init__(self, definitions: Mapping[str, Plain]) -> None:
        self._definitions = definitions
        self._known: dict[tuple[int, int], int] = {}
        self._nodes: dict[int, int] = {}

    def of(self, schema: Plain, value: Plain) -> int:
        """How many looks a validator takes at most; raises RecursionError where schemas nest too deep to tell."""
        if not isinstance(schema, dict):
            return 1
        key = (id(schema), id(value))
        known = self._known.get(key)
        if known is None:
            self._known[key] = 1  # a way that comes back here is refused or cut off by the validator
            own = (
                1
                + self._size(value) // _NODES_AT_ONCE
                + len(cast("list[Plain]", schema.get("enum", ()))) // 8
            )
            inner = sum(self.of(part, value) for part in self._parts(schema))
            if any(keyword in schema for keyword in _UNEVALUATED):
                inner *= 2  # what has been evaluated is found out by evaluating it once more
            known = self._known[key] = own + inner + sum(self.of(*pair) for pair in _below(schema, value))
        return known

    def _parts(self, schema: dict[str, Plain]) -> Iterator[Plain]:
        """The schemas that look at the same value."""
        reference = schema.get("$ref")
        if isinstance(reference, str):
            yield self._definitions.get(reference.rpartition("/")[2])
        for keyword in _LISTS:
            yield from cast("list[Plain]", schema.get(keyword, ()))
        for keyword in _IN_PLACE:
            if keyword in schema:
                yield schema[keyword]
        yield from cast("dict[str, Plain]", schema.get("dependentSchemas", {})).values()

    def _size(self, value: Plain) -> int:
        """How many values a value is made of."""
        if not isinstance(value, dict | list):
            return 1
        known = self._nodes.get(id(value))
        if known is None:
            members = value.values() if isinstance(value, dict) else value
            known = self._nodes[id(value)] = 1 + sum(map(self._size, members))
        return known


def _below(schema: dict[str, Plain], value: Plain) -> Iterator[tuple[Plain, Plain]]:
    """The pairs of a schema and a member or an item that it looks at."""
    if isinstance(value, dict):
        named = cast("dict[str, Plain]", schema.get("properties", {}))
        patterned = list(cast("dict[str, Plain]", schema.get("patternProperties", {})).values())
        others = [schema[key] for key in ("additionalProperties", "unevaluatedProperties") if key in schema]
        for name, member in value.items():
            if name in named:
                yield named[name], member
            yield from ((one, member) for one in (patterned if name in named else [*patterned, *others]))
            if "propertyNames" in schema:
                yield schema["propertyNames"], name
    elif isinstance(value, list):
        prefix = cast("list[Plain]", schema.get("prefixItems", ()))
        yield from zip(prefix, value, strict=False)
        for keyword in ("items", "contains", "unevaluatedItems"):
            if keyword in schema:
                yield from ((schema[keyword], item) for item in value)
