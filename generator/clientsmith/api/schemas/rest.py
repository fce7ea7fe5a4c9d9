"""What schemas say of requests beyond what generated models check: the rest, for which a package has a validator.

A schema is looked at as its type is made: a conjunction of everything that holds at once. Keywords that no validator
can check, such as patterns with look-around, are not part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations, starmap
from typing import TypeAlias

import jsonschema_rs

from clientsmith.api.schemas.containers import tuple_lengths
from clientsmith.api.schemas.sources import Sources, only_requires
from clientsmith.api.schemas.values import is_literal
from clientsmith.api.under_conditions import members
from clientsmith.document.model import JSON, Node
from clientsmith.document.resolved import Identity
from clientsmith.jsonschema.bounds import COUNTS, LENGTHS, NUMERIC, whole_count
from clientsmith.jsonschema.discriminator import TagReader
from clientsmith.jsonschema.keywords import asserts, is_null
from clientsmith.jsonschema.pattern_syntax import searches, to_rust
from clientsmith.jsonschema.satisfiability.disjoint import Pairs
from clientsmith.jsonschema.shape import Group, Shape

Left: TypeAlias = "tuple[Node, str]"
"""A schema object and the keyword of it that is left."""


def _is_empty(value: JSON) -> bool:
    return not isinstance(value, dict | list) or not value


def _says_nothing(value: JSON) -> bool:
    return value is True or value == {}


_UNCHECKED: dict[str, Callable[[JSON], bool]] = {
    "contains": lambda value: not isinstance(value, dict | bool),
    "dependentRequired": _is_empty,
    "dependentSchemas": _is_empty,
    "not": lambda value: not isinstance(value, dict) and value is not True,
    "patternProperties": _is_empty,
    "propertyNames": _says_nothing,
    "unevaluatedItems": _says_nothing,
    "uniqueItems": lambda value: value is not True,
}
"""Keywords that no model checks, each with a test for values that constrain nothing."""
_UNBOUND_FORMATS = frozenset({"binary", "byte", "date", "date-time", "duration", "time"})
"""Formats whose strings become Python objects, which have neither a length nor a pattern."""


@dataclass(frozen=True, slots=True)
class _Conjunction:
    """Schemas that hold at once; `typed` if something around them states the type."""

    nodes: tuple[Node, ...]
    typed: bool = False

    @property
    def key(self) -> tuple[frozenset[Identity], bool]:
        return frozenset(node.identity for node in self.nodes), self.typed


@dataclass(frozen=True, slots=True)
class _Found:
    """What a look at a conjunction found."""

    key: object
    left: tuple[Left, ...]
    below: tuple[_Conjunction, ...]
    out_of_reach: tuple[Node, ...]


@dataclass(slots=True)
class Rests:
    """Answers for the schemas of one document, each conjunction looked at once."""

    sources: Sources
    _found: dict[object, _Found] = field(default_factory=dict[object, "_Found"])
    _without: set[object] = field(default_factory=set[object])
    _pairs: Pairs = field(init=False)

    def __post_init__(self) -> None:
        self._pairs = Pairs(self.sources.reader)

    def has(self, schema: Node) -> bool:
        """Whether there is a rest in a schema or below it."""
        walked: set[object] = set()
        for found in self._walk([schema], walked | self._without):
            if found.left:
                return True
            walked.add(found.key)
        self._without |= walked
        return False

    def every(self, schemas: Iterable[Node]) -> Iterator[Left]:
        """Everything that is left in schemas and below them, each once."""
        return (left for found in self._walk(schemas, set()) for left in found.left)

    def out_of_reach(self, schemas: Iterable[Node]) -> Iterator[Node]:
        """The keywords in schemas and below them that nothing can check."""
        return (node for found in self._walk(schemas, set()) for node in found.out_of_reach)

    def _walk(self, schemas: Iterable[Node], walked: set[object]) -> Iterator[_Found]:
        waiting = [_Conjunction((schema,)) for schema in schemas]
        while waiting:
            conjunction = waiting.pop()
            key = conjunction.key
            if key in walked:
                continue
            walked.add(key)
            found = self._found.get(key)
            if found is None:
                look = _Look(self.sources, conjunction, self._pairs)
                found = _Found(key, tuple(look.left()), tuple(look.below()), tuple(look.out_of_reach()))
                self._found[key] = found
            yield found
            waiting.extend(found.below)


class _Look:
    """One look at one conjunction."""

    def __init__(self, sources: Sources, conjunction: _Conjunction, pairs: Pairs) -> None:
        self.sources = sources
        self.pairs = pairs
        self.reader = sources.reader
        self.typed = conjunction.typed
        self.given = conjunction.nodes
        self.nodes = [self.reader.canonical(node)[0] for node in conjunction.nodes]
        parts = (part for node in self.nodes for part in self.reader.parts(node))
        self.parts = list({part.node.identity: part for part in parts}.values())
        self.shape: Shape = self.reader.shape(self.parts)
        self.first = self.parts[0].node if self.parts else self.nodes[0]
        self.groups = [group for group in self.shape.groups if any(map(asserts, group.node.elements()))]

    def left(self) -> Iterator[Left]:
        """What the type that is made of the conjunction does not check."""
        yield from ((node, "false") for node in self.nodes if node.value is False)
        for part in self.parts:
            yield from ((part.node, keyword) for keyword in _keywords(part.node, self.shape))
            yield from self._names(part.node)
        for node in {*self.given, *(part.node for part in self.parts)}:
            if node.identity in self.sources.given_up:
                yield node, self.sources.given_up[node.identity]
        yield from self._values()
        yield from self._bounds()
        for group in self.groups:
            yield from self._group(group)

    def _names(self, node: Node) -> Iterator[Left]:
        """Which members there may be, and what others have to be."""
        shape, mapping = self.shape, node.mapping
        required = mapping.get("required")
        if isinstance(required, list) and any(name not in shape.properties for name in required):
            yield node, "required"
        rest = node.get("additionalProperties")
        if rest is not None and rest.value is False and self._takes_more_than(node):
            yield node, "additionalProperties"
        for keyword in ("additionalProperties", "unevaluatedProperties"):
            inner = node.get(keyword)
            if inner is None or not isinstance(inner.value, dict) or not asserts(inner):
                continue
            if shape.properties or len(shape.additional) > 1 or shape.additional_allowed or self.groups:
                yield node, keyword

    def _takes_more_than(self, node: Node) -> bool:
        """Whether the class of the conjunction takes members that one of its schemas does not know."""
        adds_names = any(map(self._adds_names, self.groups))
        others = self.shape.properties.keys() - members(node, "properties").keys()
        return bool(others) or self.shape.is_open or adds_names

    def _adds_names(self, group: Group) -> bool:
        return any(
            self.reader.shape(self.reader.parts(self.reader.canonical(one)[0])).properties.keys()
            - self.shape.properties.keys()
            for one in group.node.elements()
        )

    def _values(self) -> Iterator[Left]:
        """What is left of listed values, and of types that contradict each other."""
        shape, node = self.shape, self.first
        if shape.values is not None:
            is_listed = bool(shape.values) and all(map(is_literal, shape.values)) and not shape.is_base64
            if not is_listed or self.groups or not all(map(self._keeps, shape.values)):
                yield next((one.node for one in self.parts if "enum" in one.node.mapping), node), "enum"
        elif shape.types == frozenset() and not any(is_null(part.node) for part in self.parts):
            yield node, "type"

    def _keeps(self, value: JSON) -> bool:
        """Whether a listed value satisfies the bounds and patterns beside the list."""
        bounds = {keyword: self.shape.bounds.number(keyword) for keyword in self.shape.bounds}
        fits = jsonschema_rs.is_valid(bounds, value)
        texts = self.shape.patterns if isinstance(value, str) else []
        return fits and all(searches(str(one.value), str(value)) for one in texts)

    def _bounds(self) -> Iterator[Left]:
        shape, node = self.shape, self.first
        if shape.values is not None:
            return
        is_unbound = "string" in shape.kinds and (shape.format in _UNBOUND_FORMATS or shape.is_base64)
        for keyword in shape.bounds:
            is_typeless = not (shape.kinds or self.typed) and keyword in (*NUMERIC, *LENGTHS, *COUNTS)
            is_long = isinstance(shape.bounds.number(keyword), Decimal)
            if is_typeless or is_long or (is_unbound and keyword in LENGTHS):
                yield node, keyword
        patterns = {to_rust(str(one.value)) for one in shape.patterns} - {None}
        if len(patterns) > 1 or (patterns and (is_unbound or not (shape.kinds or self.typed))):
            yield node, "pattern"
        is_tuple = "array" in shape.kinds and tuple_lengths(shape) is not None
        if not is_tuple and (len(shape.items) > 1 or any(one.value is False for one in shape.items)):
            yield node, "items"

    def _group(self, group: Group) -> Iterator[Left]:
        holder, members = group.part.node, list(group.node.elements())
        if all(map(only_requires, members)):
            yield holder, group.keyword
            return
        values, untagged = TagReader(self.reader).of_members(holder.get("discriminator"), members), members
        if any(values):
            if not all(self._is_plain_class(one) for one, own in zip(members, values, strict=True) if own):
                yield holder, "discriminator"
            # A value that names none of the members is one of those that do not require the name.
            tag = holder.child("discriminator").text("propertyName")
            untagged = [one for one in members if tag not in self._shape_of(one).required]
        if group.keyword == "oneOf" and self._may_fit_several(group, untagged):
            yield holder, "oneOf"
        if any(self._closes(member) for member in members):
            yield holder, group.keyword

    def _shape_of(self, member: Node) -> Shape:
        return self.reader.shape(self.reader.parts(self.reader.canonical(member)[0]))

    def _may_fit_several(self, group: Group, members: list[Node]) -> bool:
        """Whether a value may fit several of the given members of a `oneOf`, and must not."""
        may = self.reader.document.may_overlap(group.node)
        return not may and not all(starmap(self.pairs.are_disjoint, combinations(members, 2)))

    def _is_plain_class(self, member: Node) -> bool:
        shape = self._shape_of(member)
        return bool(shape.is_object and shape.properties and not shape.groups)

    def _closes(self, member: Node) -> bool:
        """Whether a member of a union refuses what is beside the union."""
        target = self.reader.canonical(member)[0]
        return any(
            part.node.mapping.get("additionalProperties") is False
            and bool(self.shape.properties.keys() - members(part.node, "properties").keys())
            for part in self.reader.parts(target)
        )

    def out_of_reach(self) -> Iterator[Node]:
        """Patterns that the linear engine does not know, and dynamic references."""
        for part in self.parts:
            pattern, patterned = part.node.get("pattern"), part.node.get("patternProperties")
            if pattern is not None and _is_unreadable(pattern.value):
                yield pattern
            if patterned is not None:
                yield from (one for name, one in patterned.items() if _is_unreadable(name))
            dynamic = self.reader.open_reference(part.node)
            if dynamic is not None:
                yield dynamic

    def below(self) -> Iterator[_Conjunction]:
        """The conjunctions that speak of members, of items, and of the value in a union."""
        shape = self.shape
        for nodes in shape.properties.values():
            if not any(self.reader.is_marked(node, "readOnly") for node in nodes):
                yield _Conjunction(tuple(nodes))
        inner = (node for node in (*shape.items, *shape.additional) if node.value is not False)
        for nodes in (*shape.prefix, *([node] for node in inner)):
            yield _Conjunction(tuple(nodes))
        for group in self.groups:
            for member in group.node.elements():
                yield _Conjunction((member,), self.typed or bool(shape.kinds))


def _is_unreadable(pattern: object) -> bool:
    return isinstance(pattern, str) and to_rust(pattern) is None


def _keywords(node: Node, shape: Shape) -> Iterator[str]:
    """The keywords of a schema object that no model checks, and that say something."""
    mapping = node.mapping
    for keyword, is_silent in _UNCHECKED.items():
        if keyword in mapping and not is_silent(mapping[keyword]):
            yield keyword
    if "if" in mapping and ("then" in mapping or "else" in mapping):
        yield "if"
    least, most = whole_count(mapping.get("minProperties")), whole_count(mapping.get("maxProperties"))
    if least is not None and least > len(shape.required.keys() & shape.properties.keys()):
        yield "minProperties"
    is_bound = shape.closed and not shape.is_open and not shape.groups
    if most is not None and not (is_bound and most >= len(shape.properties)):
        yield "maxProperties"
