"""Keywords of one schema that contradict each other, so that no value of a type fits, as far as that is certain."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import jsonschema_rs

from clientsmith.document.listed_values import LISTS
from clientsmith.document.model import Node
from clientsmith.json_values.decimals import exact
from clientsmith.jsonschema.bounds import COUNTS, LENGTHS, SIZES
from clientsmith.jsonschema.keywords import (
    ALL_OF,
    asserts,
    common_values,
    elements,
    listed_values,
    stated_types,
)
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.satisfiability.disjoint import Pairs
from clientsmith.jsonschema.shape import Part, Shape

_NEGATED = frozenset({"const", "enum", "required", "type", "anyOf", ALL_OF})
"""The keywords of a `not` of which it can be known that every value fits them."""
_DEEPEST = 4
_SIZES = (("string", *LENGTHS), ("array", *COUNTS), ("object", *SIZES))


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What no value can satisfy, the place that says so, and the other one that it contradicts if there is one."""

    message: str
    node: Node
    other: Node | None = None


@dataclass(frozen=True, slots=True)
class Contradictions:
    """Finds what contradicts itself in a schema, given as its parts and their shape."""

    reader: SchemaReader
    parts: Sequence[Part]
    shape: Shape

    def found(self) -> Iterator[Contradiction]:
        """Each contradiction of the schema's own keywords."""
        if self._may_be("number", "integer"):
            yield from self._numbers()
        for kind, lower, upper in _SIZES:
            least, most = self.shape.bounds.count(lower), self.shape.bounds.count(upper)
            if self._may_be(kind) and least is not None and most is not None and least > most:
                yield self._between(kind, lower, upper)
        if self._may_be("array"):
            yield from self._items()
            yield from self._contained()
        if self._may_be("object"):
            yield from self._members()
        yield from self._listed()
        for part in self.parts:
            negated = part.node.get("not")
            if negated is not None and self._always_fits(negated):
                yield Contradiction("every value that fits the rest of the schema fits this 'not'", negated)

    def _may_be(self, *kinds: str) -> bool:
        return not self.shape.kinds or not self.shape.kinds.isdisjoint(kinds)

    def _listed(self) -> Iterator[Contradiction]:
        bounds = {keyword: self.shape.bounds.number(keyword) for keyword in self.shape.bounds}
        if self.shape.values and not any(
            jsonschema_rs.is_valid(bounds, value) for value in self.shape.values
        ):
            holders = [part.node for part in self.parts if not part.node.mapping.keys().isdisjoint(LISTS)]
            keyword = next(iter(bounds))
            message = "no listed value keeps the bounds of the schema"
            yield Contradiction(message, holders[0].child(_list_of(holders[0])), self._keyword(keyword))

    # -- bounds ------------------------------------------------------------------------------------------------

    def _numbers(self) -> Iterator[Contradiction]:
        lower, lowest = self._bound("minimum", "exclusiveMinimum", 1)
        upper, highest = self._bound("maximum", "exclusiveMaximum", -1)
        is_whole = "integer" in self.shape.kinds and "number" not in self.shape.kinds
        multiple = self.shape.bounds.number("multipleOf")
        step = (
            Fraction(exact(1 if multiple is None else multiple)) if is_whole or multiple is not None else None
        )
        if step is not None and is_whole:
            step = Fraction(step.numerator)
        if lowest is None or highest is None:
            return
        meets = lower.startswith("exclusive") or upper.startswith("exclusive")
        if step is not None:
            first, last = step * math.ceil(lowest / step), step * math.floor(highest / step)
            lowest = first + step if lower.startswith("exclusive") and first == lowest else first
            highest = last - step if upper.startswith("exclusive") and last == highest else last
            meets = False
        if lowest > highest or (lowest == highest and meets):
            kind = "integer" if is_whole else "number"
            yield self._between(
                kind if multiple is None else f"{kind} that is a multiple of {multiple}", lower, upper
            )

    def _bound(self, inclusive: str, exclusive: str, sign: int) -> tuple[str, Fraction | None]:
        """The bound that binds: of two equal ones the exclusive one."""
        keywords = (exclusive, inclusive)
        numbers = ((self.shape.bounds.number(keyword), keyword) for keyword in keywords)
        known = [
            (sign * Fraction(exact(number)), keyword) for number, keyword in numbers if number is not None
        ]
        if not known:
            return inclusive, None
        bound, binding = max(known, key=lambda one: one[0])
        return binding, sign * bound

    def _between(self, what: str, lower: str, upper: str) -> Contradiction:
        least, most = self._keyword(lower), self._keyword(upper)
        message = f"no {what} fits '{least.key}: {least.value}' and '{most.key}: {most.value}'"
        return Contradiction(message, most, least)

    def _keyword(self, keyword: str) -> Node:
        """The place of the bound that binds; before 3.1 an exclusive one is a bool beside the bound."""
        names = (keyword, keyword.replace("exclusiveM", "m"))
        holders = [
            part.node.child(name) for part in self.parts for name in names if name in part.node.mapping
        ]
        bound = self.shape.bounds.number(keyword)
        return next(node for node in holders if node.value == bound and node.value is not True)

    def _items(self) -> Iterator[Contradiction]:
        least = self.shape.bounds.count("minItems")
        closer = next((node for node in self.shape.items if node.value is False), None)
        if least is not None and closer is not None and least > len(self.shape.prefix):
            message = f"no array fits 'minItems: {least}' and '{closer.key}: false'"
            yield Contradiction(message, closer, self._keyword("minItems"))

    def _contained(self) -> Iterator[Contradiction]:
        """What `contains` demands (Core 10.3.1.3) and other keywords of the array do not allow."""
        for part in self.parts:
            wanted, least = part.node.get("contains"), part.node.get("minContains")
            count = 1 if least is None else least.value
            if wanted is None or type(count) is not int or count < 1:
                continue
            demand = least or wanted
            said = f"minContains: {count}" if least is not None else "contains"
            for limit, other in self._limits_of(part, wanted):
                if limit < count:
                    yield Contradiction(
                        f"no array fits '{said}' and '{other.key}: {_shown(other)}'", other, demand
                    )

    def _limits_of(self, part: Part, wanted: Node) -> Iterator[tuple[int, Node]]:
        """How many items there can be at most that fit a `contains`, and the keyword that says so."""
        limit, most = part.node.get("maxContains"), self.shape.bounds.count("maxItems")
        if limit is not None and type(limit.value) is int:
            yield limit.value, limit
        if most is not None:
            yield most, self._keyword("maxItems")
        pairs = Pairs(self.reader, telling=frozenset())
        fitting = sum(
            not any(pairs.are_disjoint(one, wanted) for one in nodes) for nodes in self.shape.prefix
        )
        for items in self.shape.items:
            if items.value is False or pairs.are_disjoint(items, wanted):
                yield fitting, items

    # -- members -----------------------------------------------------------------------------------------------

    def _members(self) -> Iterator[Contradiction]:
        names = {name: entry for name, entry in self.shape.required.items() if self._is_shown(name)}
        most = self.shape.bounds.count("maxProperties")
        if most is not None and len(names) > most:
            message = f"'maxProperties: {most}' allows fewer members than the {len(names)} that are required"
            yield Contradiction(message, self._keyword("maxProperties"), next(iter(names.values())))
        shape = self.shape
        if not shape.closed or shape.is_open or shape.groups:
            return
        least, declared = shape.bounds.count("minProperties"), len(shape.properties)
        if least is not None and least > declared:
            closer = shape.closers[0]
            message = f"no object fits 'minProperties: {least}' and '{closer.key}: false' with {declared} properties"
            yield Contradiction(message, closer, self._keyword("minProperties"))
        for name, trigger, entry in self._dependent():
            if shape.of_property(trigger) and not shape.of_property(name):
                closer = shape.closers[0]
                message = (
                    f"'{closer.key}: false' forbids '{name:.80}', which '{trigger:.80}' requires, and so both"
                )
                yield Contradiction(message, closer, entry)

    def _dependent(self) -> Iterator[tuple[str, str, Node]]:
        """The names that the presence of another one requires: name, the other one, and the place."""
        for part in self.parts:
            dependent = part.node.get("dependentRequired")
            for trigger, names in dependent.items() if dependent is not None else ():
                for one in names.elements() if isinstance(names.value, list) else ():
                    if isinstance(one.value, str):
                        yield one.value, trigger, one

    def _is_shown(self, name: str) -> bool:
        """Whether a member is in requests and in answers."""
        nodes = self.shape.properties.get(name, [])
        return not any(
            self.reader.is_marked(node, mark) for node in nodes for mark in ("readOnly", "writeOnly")
        )

    # -- not ---------------------------------------------------------------------------------------------------

    def _always_fits(self, negated: Node, depth: int = 0) -> bool:
        """Whether it is certain that each value of the schema fits another one."""
        target, nullable, _ = self.reader.canonical(negated)
        if not asserts(target):
            return True
        if depth >= _DEEPEST or asserts(target, _NEGATED) or (self.shape.nullable and not nullable):
            return False
        choices = elements(target, "anyOf")
        return (
            self._has_types(target)
            and self._has_required(target)
            and self._has_values(target)
            and all(self._always_fits(member, depth + 1) for member in elements(target, ALL_OF))
            and (not choices or any(self._always_fits(member, depth + 1) for member in choices))
        )

    def _has_types(self, target: Node) -> bool:
        stated = set(stated_types(target))
        stated |= {"integer"} if "number" in stated else set()
        return not stated or (bool(self.shape.types) and (self.shape.types or frozenset()) <= stated)

    def _has_required(self, target: Node) -> bool:
        """A `required` fits what is not an object, so one that does not bind is no matter either."""
        names = [one.value for one in elements(target, "required")]
        return all(
            isinstance(name, str) and name in self.shape.required and self._is_shown(name) for name in names
        )

    def _has_values(self, target: Node) -> bool:
        listed, own = listed_values(target), self.shape.values
        return listed is None or (bool(own) and len(common_values(own or [], listed)) == len(own or []))


def _list_of(node: Node) -> str:
    return next(keyword for keyword in LISTS if keyword in node.mapping)


def _shown(node: Node) -> str:
    return "{...}" if isinstance(node.value, dict) else str(node.value).lower()
