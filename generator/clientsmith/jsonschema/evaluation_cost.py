"""How often a validator looks at a value: schemas that refer to each other in many ways multiply.

Nothing is validated here. The count takes each pair of a schema and a value once, so it is quick when
validating is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from clientsmith.jsonschema.keywords import COMBINATORS, Plain

_IN_PLACE = ("not", "if", "then", "else")
_UNEVALUATED = ("unevaluatedProperties", "unevaluatedItems")
_OF_PARTS = (
    "patternProperties",
    "additionalProperties",
    "items",
    "prefixItems",
    "contains",
    "unevaluatedItems",
)
_PLAIN = frozenset(
    {"type", "enum", "const", "pattern", "minLength", "maxLength", "minimum", "maximum", "multipleOf"}
)
_NODES_AT_ONCE = 32
"""An error holds a copy of its value: so many nodes of it cost about as much as one more look."""
_FEW = 200
"""Looks at one value that need no counting."""


def multiplies(definition: Plain, definitions: Mapping[str, Plain]) -> bool:
    """Whether a schema may look at a value, or at a part of it, in so many ways that they have to be counted.

    That is the case if one definition is met twice for the same value, or two schemas speak of the same part of it.
    """
    pending, met, parts = [definition], set[int](), set[str]()
    while pending:
        schema = pending.pop()
        if not isinstance(schema, dict):
            continue
        steps = _steps(schema)
        if id(schema) in met or len(met) > _FEW or not parts.isdisjoint(steps):
            return True
        met.add(id(schema))
        parts |= steps
        pending.extend(parts_in_place(schema, definitions))
    return False


def _steps(schema: dict[str, Plain]) -> set[str]:
    """What a schema says about parts of a value, as far as it may be dear to look at them."""
    named = cast("dict[str, Plain]", schema.get("properties", {}))
    found = {f"/{name}" for name, inner in named.items() if _is_composed(inner)}
    return found | {keyword for keyword in _OF_PARTS if _is_composed(schema.get(keyword, True))}


def _is_composed(schema: Plain) -> bool:
    return isinstance(schema, dict) and not schema.keys() <= _PLAIN


class _TooManyError(Exception):
    """More looks than are of interest."""


class EvaluationCost:
    """Counts looks at values, for the schemas of one document whose references are `#/$defs/KEY`."""

    def __init__(self, definitions: Mapping[str, Plain], most: int) -> None:
        self._definitions = definitions
        self._most = most
        self._known: dict[tuple[int, int], int] = {}
        self._nodes: dict[int, int] = {}

    def of(self, schema: Plain, value: Plain) -> int | None:
        """How many looks a validator takes at most; None for more than the `most` of interest, or too deep to tell."""
        try:
            return self._looks(schema, value)
        except (_TooManyError, RecursionError):
            return None

    def _looks(self, schema: Plain, value: Plain) -> int:
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
            inner = sum(self._looks(part, value) for part in parts_in_place(schema, self._definitions))
            if "then" in schema and "else" in schema:  # only one of them is looked at
                inner -= min(self._looks(schema[keyword], value) for keyword in ("then", "else"))
            if any(keyword in schema for keyword in _UNEVALUATED):
                inner *= 2  # what has been evaluated is found out by evaluating it once more
            known = self._known[key] = own + inner + sum(self._looks(*pair) for pair in _below(schema, value))
            if known > self._most:
                raise _TooManyError
        return known

    def _size(self, value: Plain) -> int:
        """How many values a value is made of."""
        if not isinstance(value, dict | list):
            return 1
        known = self._nodes.get(id(value))
        if known is None:
            members = value.values() if isinstance(value, dict) else value
            known = self._nodes[id(value)] = 1 + sum(map(self._size, members))
        return known


def parts_in_place(schema: dict[str, Plain], definitions: Mapping[str, Plain]) -> Iterator[Plain]:
    """The schemas that look at the same value as the one that they are part of."""
    reference = schema.get("$ref")
    if isinstance(reference, str):
        yield definitions.get(reference.rpartition("/")[2])
    for keyword in COMBINATORS:
        yield from cast("list[Plain]", schema.get(keyword, ()))
    for keyword in _IN_PLACE:
        if keyword in schema:
            yield schema[keyword]
    yield from cast("dict[str, Plain]", schema.get("dependentSchemas", {})).values()


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
