"""What a schema says of values: whether one is meant, which members to leave out, and which scalars to replace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TypeAlias

from clientsmith.conform.inputs.members import named_member
from clientsmith.document.model import Node
from clientsmith.json_values.codec import Value
from clientsmith.jsonschema.bounds import Bounds
from clientsmith.jsonschema.keywords import elements, implied_types, stated_types
from clientsmith.traffic.check import MessageChecker

_DEEPEST = 60
_LEVELS = 6
"""Levels down to which single values are replaced."""
Due: TypeAlias = Callable[[MessageChecker, "Node | None"], bool]


def says(checker: MessageChecker, schema: Node | None, name: str) -> bool:
    """Whether some branch of a schema states a type."""
    return any(name in stated_types(part) for part in checker.branches.of(schema))


def is_meant(checker: MessageChecker, schema: Node | None, value: Value, depth: int = 0) -> bool:
    """Whether values have the types and places that a schema shows by its keywords, also if it does not state a type.

    `properties` without `type` says nothing of a string; a reader of the document, and the client, take an object.
    """
    kinds = checker.branches.types(schema)
    if depth > _DEEPEST or (kinds and _kind(value) not in kinds):
        return depth > _DEEPEST
    if isinstance(value, dict):
        return all(
            _is_meant_inside(checker, schema, key, checker.branches.property(schema, key), item, depth + 1)
            for key, item in value.items()
        )
    if isinstance(value, Decimal) and value != value.to_integral_value():
        return not _is_of_whole_numbers(checker, schema)
    if not isinstance(value, list):
        return True
    return _has_places(checker, schema, len(value)) and all(
        _is_meant_inside(checker, schema, str(place), checker.branches.item(schema, place), item, depth + 1)
        for place, item in enumerate(value)
    )


def _is_meant_inside(
    checker: MessageChecker, schema: Node | None, step: str, usual: Node | None, value: Value, depth: int
) -> bool:
    """Whether a member or an item is meant: in a union by the schema that any branch has for it."""
    if is_meant(checker, usual, value, depth):
        return True
    others = checker.branches.at(schema, (step,)) if checker.branches.has_choice(schema) else []
    return any(is_meant(checker, one, value, depth) for one in others)


def _is_of_whole_numbers(checker: MessageChecker, schema: Node | None) -> bool:
    """Whether the numbers of a schema are integers, also if only the values that it lists show that."""
    parts = checker.branches.of(schema)
    kinds = {name for part in parts for name in stated_types(part) or implied_types(part)}
    return "integer" in kinds and "number" not in kinds


def _has_places(checker: MessageChecker, schema: Node | None, count: int) -> bool:
    """Whether an array whose places have types, and whose length has an end, is as long as it may be: a tuple is."""
    if checker.branches.has_choice(schema):
        return True
    bounds, places = Bounds(), 0
    for part in checker.branches.of(schema):
        own = len(elements(part, "prefixItems"))
        places = max(places, own)
        bounds.merge(part.mapping)
        if part.mapping.get("items") is False:
            bounds.merge({"maxItems": own})
    longest = bounds.count("maxItems")
    return not places or longest is None or (bounds.count("minItems") or 0) <= count <= longest


def _kind(value: Value) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    if isinstance(value, int | float | Decimal):
        return "number"
    return "string" if isinstance(value, str | bytes) else "array" if isinstance(value, list) else "object"


@dataclass(frozen=True, slots=True)
class _Copies:
    """Copies values along their schemas: `kept` says which members an object keeps, `leaf` what becomes of the rest."""

    checker: MessageChecker
    kept: Callable[[Node | None, dict[str, Value]], Iterable[str]] = lambda _, value: value
    leaf: Callable[[Node | None, Value], Value] = lambda _, value: value
    branch: Callable[[Node | None, Value], Node | None] = lambda schema, _: schema
    """Which schema of a choice a value is copied along."""

    def of(self, schema: Node | None, value: Value, depth: int = 0) -> Value:
        """The copy of a value."""
        branches = self.checker.branches
        schema = self.branch(schema, value)
        if isinstance(value, dict) and depth < _DEEPEST:
            return {
                key: self.of(branches.property(schema, key), value[key], depth + 1)
                for key in self.kept(schema, value)
            }
        if isinstance(value, list) and depth < _DEEPEST:
            return [
                self.of(branches.item(schema, place), item, depth + 1) for place, item in enumerate(value)
            ]
        return self.leaf(schema, value)


def without_unknown(checker: MessageChecker, schema: Node | None, value: Value) -> Value:
    """A request without keys that its schema neither names nor openly allows: the client takes them for mistakes."""
    branches = checker.branches

    def kept(owner: Node | None, members: dict[str, Value]) -> list[str]:
        properties = branches.properties(owner)
        known = [key for key in members if branches.is_open(owner) or key in properties]
        return [key for key in known if not says_only(checker, branches.property(owner, key), "readOnly")]

    return _Copies(checker, kept=kept).of(schema, value)


def without_read_only(checker: MessageChecker, schema: Node | None, value: Value) -> Value:
    """A request without the members that only answers have: the client passes them on unseen."""

    def kept(owner: Node | None, members: dict[str, Value]) -> list[str]:
        inner = {key: checker.branches.property(owner, key) for key in members}
        return [key for key, one in inner.items() if not says_only(checker, one, "readOnly")]

    return _Copies(checker, kept=kept).of(schema, value)


def says_only(checker: MessageChecker, schema: Node | None, keyword: str) -> bool:
    """Whether a property is for one direction alone (`readOnly`, `writeOnly`); the other has no field for it."""
    return schema is not None and checker.reader.is_marked(schema, keyword)


def with_amount(
    checker: MessageChecker, schema: Node | None, value: Value, amount: Decimal, due: Due
) -> Value:
    """A value with that number wherever the schema satisfies `due`."""

    def leaf(owner: Node | None, number: Value) -> Value:
        is_number = isinstance(number, int | Decimal) and not isinstance(number, bool)
        return amount if is_number and due(checker, owner) else number

    return _Copies(checker, leaf=leaf).of(schema, value)


def is_decimal(checker: MessageChecker, schema: Node | None) -> bool:
    """Whether a schema asks for an amount that is never a float."""
    return has_format(checker, schema, "decimal")


def is_fractional(checker: MessageChecker, schema: Node | None) -> bool:
    """Whether a schema is one of numbers with any fraction."""
    return says(checker, schema, "number")


def without_refused_nulls(checker: MessageChecker, schema: Node | None, value: Value) -> Value:
    """An answer without the members that are null although their schema refuses null: to a reader they are absent."""

    def kept(owner: Node | None, members: dict[str, Value]) -> list[str]:
        return [key for key, item in members.items() if item is not None or takes_null(owner, key)]

    def takes_null(owner: Node | None, key: str) -> bool:
        inner = checker.branches.property(owner, key)
        return inner is None or checker.schemas.is_valid(inner, None, "response")

    return _Copies(checker, kept=kept, branch=partial(named_member, checker)).of(schema, value)


def with_other_scalar(
    checker: MessageChecker, schema: Node | None, value: Value, other: Value, depth: int = 0
) -> Iterator[Value]:
    """Yield copies of `value` in which `other` replaces one number or bool whose schema does not allow its type."""
    if isinstance(value, dict) and depth < _LEVELS:
        for key, item in value.items():
            inner = checker.branches.property(schema, key)
            if says_only(checker, inner, "readOnly"):
                continue
            yield from (
                value | {key: one} for one in with_other_scalar(checker, inner, item, other, depth + 1)
            )
    elif isinstance(value, list) and depth < _LEVELS:
        for place, item in enumerate(value):
            inner = checker.branches.item(schema, place)
            for one in with_other_scalar(checker, inner, item, other, depth + 1):
                yield [*value[:place], one, *value[place + 1 :]]
    elif isinstance(value, bool | int | float | Decimal) and depth and schema is not None:
        kinds = checker.branches.types(schema)
        stated = any("type" in part.mapping for part in checker.branches.of(schema))
        if stated and _kind(other) not in kinds:
            yield other


def has_format(checker: MessageChecker, schema: Node | None, name: str) -> bool:
    """Whether some branch of a schema has a format."""
    return name in checker.branches.formats(schema)
