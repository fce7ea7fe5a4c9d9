"""Complete values of a schema: every property set, each member of a union in turn, and values at its bounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext
from itertools import islice
from typing import cast

from clientsmith.conform.inputs.bounds import Depths
from clientsmith.conform.inputs.members import Union, family, union
from clientsmith.conform.model import Direction
from clientsmith.document.model import Node, Pointer
from clientsmith.document.resolved import Identity
from clientsmith.json_values.codec import Value
from clientsmith.json_values.decimals import EXACT
from clientsmith.jsonschema import pattern_samples
from clientsmith.jsonschema.bounds import Bounds, whole_count
from clientsmith.jsonschema.branches import Branches
from clientsmith.jsonschema.instances import Instances, NoInstanceError
from clientsmith.jsonschema.keywords import elements
from clientsmith.jsonschema.pattern_syntax import searches
from clientsmith.traffic.check import MessageChecker

_LONG, _MOST_LISTED = 5_000, 50
"""Texts and arrays that are longer are not made to get beyond a bound."""
_LEAST_NEAR, _LEAST_EACH, _NEAR_SIZE = 100, 25, 50_000
"""Values that are tried beside the complete ones of a schema: at least so many beside all of them together and beside
each, and about so many values in all of them together."""
_MOST_ITEMS = 5
"""Items of a complete array, if its places have no schemas of their own."""
_MOST_TURNS = 6
"""Members of a union of which complete values are made."""
_COMPLETE = 6
"""Levels down to which every property is set."""
_WITHIN_ITSELF = 2
"""How often a schema is complete on the way to a place; further in, values of it are the least that it accepts."""


def complete(checker: MessageChecker, schema: Node | None) -> Value:
    """A value in which every declared property is set, texts to the name of theirs, so that none passes for another.

    Of a union it is of the first member.
    """
    return _Complete(checker, 0, "request").value(
        schema, "text", Depths(checker.branches).of(schema, _COMPLETE)
    )


def completes(checker: MessageChecker, schema: Node | None, direction: Direction) -> list[Value]:
    """Such values of each member of a union in turn, up to a few; of an answer of each subtype of a base class too.

    With each that the schema refuses comes one without the members that are at fault.
    """
    levels = Depths(checker.branches).of(schema, _COMPLETE)
    made: list[Value] = []
    widest = 1
    while len(made) < min(widest, _MOST_TURNS):
        maker = _Complete(checker, len(made), direction)
        made.append(maker.value(schema, "text", levels))
        widest = max(widest, maker.widest)
    if schema is None:
        return made
    fitting = [_without_faults(checker, schema, one, direction) for one in made]
    return made + [new for new, old in zip(fitting, made, strict=True) if new != old]


def _without_faults(checker: MessageChecker, schema: Node, value: Value, direction: Direction) -> Value:
    """A value without the members that break its schema: where keywords contradict, not every property can be set."""
    for _ in range(_COMPLETE):
        faults = (one.pointer for one in checker.schemas.check(schema, value, direction))
        value = _without(value, [*filter(None, faults)])
    return value


def _without(value: Value, places: Sequence[Pointer]) -> Value:
    """An object without the members at those places; an array with such a place goes as a whole."""
    if not isinstance(value, dict):
        return value
    inner = {key: [place[1:] for place in places if place[0] == key] for key in value}
    return {
        key: _without(item, inner[key])
        for key, item in value.items()
        if () not in inner[key] and (isinstance(item, dict) or not inner[key])
    }


class _Complete:
    """Makes one complete value; `widest` is the number of members of the widest union on the way."""

    def __init__(self, checker: MessageChecker, turn: int, direction: Direction) -> None:
        self.checker = checker
        self.turn = turn
        self.direction = direction
        self.widest = 1
        self._around: Counter[Identity] = Counter()

    def value(self, schema: Node | None, name: str, levels: int) -> Value:
        """A value of a schema that is called so."""
        if schema is None:
            return self._value(schema, name, levels)
        identity = self.checker.resolved.deref(schema).identity
        self._around[identity] += 1
        value = self._value(schema, name, levels if self._around[identity] <= _WITHIN_ITSELF else 0)
        self._around[identity] -= 1
        return value

    def _value(self, schema: Node | None, name: str, levels: int) -> Value:
        branches = self.checker.branches
        stated = None if schema is None or levels == 0 else union(self.checker, schema)
        if stated is not None:
            return self._of_member(stated, self._place(len(stated.members)), name, levels)
        subtypes = None
        if schema is not None and levels > 0 and self.direction == "response":
            subtypes = family(self.checker, schema)
        if subtypes is not None and (place := self._place(1 + len(subtypes.members))):
            return self._of_member(subtypes, place - 1, name, levels)
        kinds, properties = branches.types(schema), branches.properties(schema)
        if "object" in kinds and levels > 0:
            named = {key: branches.property(schema, key) for key in self._patterned(schema)}
            members = {**named, **properties}
            return {key: self.value(inner, key, levels - 1) for key, inner in members.items()}
        if "array" in kinds and levels > 0:
            places = range(_least_items(branches, schema))
            return [self.value(branches.item(schema, place), name, levels - 1) for place in places]
        if schema is not None and not self.checker.schemas.is_valid(schema, name, "request"):
            try:
                return Instances(self.checker.resolved, self.checker.schemas).make(schema, "request")
            except NoInstanceError:
                return None
        return name

    def _place(self, number: int) -> int:
        """The place of the one of so many whose turn it is."""
        self.widest = max(self.widest, number)
        return self.turn % number

    def _patterned(self, schema: Node | None) -> Iterator[str]:
        """A name for each pattern of names that a schema has."""
        for pattern in self.checker.branches.patterns(schema):
            names = (name for name in pattern_samples.examples(pattern, 1) if searches(pattern, name))
            yield from islice(names, 1)

    def _of_member(self, stated: Union, place: int, name: str, levels: int) -> Value:
        """A value of one member, with the properties beside the union and the tag of the member."""
        value = self.value(stated.members[place], name, levels - 1)
        if not isinstance(value, dict):
            return value
        beside = {key: self.value(inner, key, levels - 1) for key, inner in stated.beside.items()}
        tags = stated.tags[place]
        return beside | value | ({stated.tag: tags[0]} if tags else {})


def _least_items(branches: Branches, schema: Node | None) -> int:
    """How many items a complete array has: one for each place with a schema of its own, and as many as it must have."""
    bounds, places = Bounds(), 1
    for part in branches.of(schema):
        bounds.merge(part.mapping)
        places = max(places, len(elements(part, "prefixItems")))
    return max(places, min(bounds.count("minItems") or 0, _MOST_ITEMS))


def most_near(whole: Value, wholes: int) -> int:
    """How many values that are like a complete one, of so many, are tried: fewer of a large one, which takes longer.

    The members of a union share one budget: what is outside the union is the same in each of their values.
    """
    return max(_LEAST_EACH, _LEAST_NEAR // wholes, _NEAR_SIZE // (wholes * _size(whole)))


def _size(value: Value) -> int:
    if isinstance(value, dict):
        return 1 + sum(map(_size, value.values()))
    return 1 + sum(map(_size, value)) if isinstance(value, list) else 1


def beyond_bounds(
    checker: MessageChecker, schema: Node | None, value: Value, depth: int = 0
) -> Iterator[Value]:
    """A value with one thing changed that is at a bound of its schema, or just beyond it."""
    branches = checker.branches
    if schema is None or depth > _COMPLETE:
        return
    if isinstance(value, dict):
        for key, item in value.items():
            for inner in beyond_bounds(checker, branches.property(schema, key), item, depth + 1):
                yield value | {key: inner}
    elif isinstance(value, list):
        for place, item in enumerate(value):
            for inner in beyond_bounds(checker, branches.item(schema, place), item, depth + 1):
                yield [*value[:place], inner, *value[place + 1 :]]
    for part in branches.of(schema):
        yield from _at_bounds(checker, part, value)


def _at_bounds(checker: MessageChecker, part: Node, value: Value) -> Iterator[Value]:
    """Values of that kind at the bounds that one schema states."""
    bounds = Bounds.of(part.mapping)
    if isinstance(value, str) and value:
        lengths = (bounds.count("minLength") or 0, (bounds.count("maxLength") or 0) + 1)
        yield from (
            (value * length)[:length] for length in (lengths[0] - 1, lengths[1]) if 1 < length < _LONG
        )
    elif isinstance(value, list) and value:
        counts = [bounds.count(keyword) for keyword in ("minItems", "maxItems")]
        inner = part.get("contains")
        if inner is not None:
            value = [complete(checker, inner)]
            counts += [whole_count(part.mapping.get(keyword)) for keyword in ("minContains", "maxContains")]
        for count in counts:
            if count is not None and 0 < count < _MOST_LISTED:
                yield from (value[:1] * number for number in (count - 1, count, count + 1))
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
            limit = part.mapping.get(keyword)
            if isinstance(limit, int | float | Decimal) and not isinstance(limit, bool):
                exact = Decimal(str(limit))
                digit = exact.as_tuple().exponent
                # Beside the limit by one, and by one in its last digit.
                steps = (Decimal(1), Decimal((0, (1,), digit if isinstance(digit, int) else 0)))
                with localcontext(EXACT):
                    yield from (exact, *(exact + sign * step for step in steps for sign in (-1, 1)))


def of_conditions(checker: MessageChecker, schema: Node | None, value: Value) -> Iterator[Value]:
    """An object with the constants that the conditions of its schema (`if`) ask for."""
    for part in checker.branches.of(schema) if isinstance(value, dict) else ():
        condition = part.get("if")
        named = None if condition is None else condition.get("properties")
        for name, inner in named.items() if named is not None else ():
            listed = inner.mapping.get("enum")
            wanted = listed[:1] if isinstance(listed, list) else [inner.mapping.get("const")]
            if wanted != [None] and isinstance(value, dict):
                yield value | {name: cast("Value", wanted[0])}
