"""The members that one direction leaves out, `readOnly` or `writeOnly`, wherever beside a schema the mark is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity
from clientsmith.jsonschema.keywords import required_entries
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.shape import Part

UNUSED = {
    "request": frozenset({"readOnly"}),
    "response": frozenset({"writeOnly"}),
    "any": frozenset({"readOnly", "writeOnly"}),
}
"""What may be missing in each direction even where it is required."""
_MAX_COMPOSITION = 16
"""How many levels of schemas that hold for the same object are searched for a property that is required elsewhere."""
_MOST_CARRIED = 8
"""How many sets of unused properties a schema is written for, if other schemas mark them."""
_COUNTING = frozenset({"maxProperties", "minProperties", "propertyNames"})
"""Keywords that are about all members."""


class _Members(NamedTuple):
    """What schemas that hold for one object say of its members, each alone or one of several choices."""

    marked: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    """The names that something depends on."""
    counted: frozenset[str] = frozenset()
    """The keywords that are about all members."""
    by_pattern: frozenset[Identity] = frozenset()
    """The schemas that mark members which they do not name."""

    def joined(self, other: _Members) -> _Members:
        """What both say."""
        if other == _Members():
            return self
        return _Members(
            self.marked | other.marked,
            self.needed | other.needed,
            self.counted | other.counted,
            self.by_pattern | other.by_pattern,
        )


@dataclass(slots=True)
class UnusedProperties:
    """The properties that need not be there in one direction; `marks` are the keywords that say so.

    It is enough that one of the schemas that may hold for an object marks a property. Which of them hold depends on
    the value, and another one may have the `required`; but what a member of a choice marks says nothing of the others.
    """

    reader: SchemaReader
    marks: frozenset[str]
    _below: dict[tuple[Identity, int, bool], _Members] = field(
        default_factory=dict[tuple[Identity, int, bool], _Members]
    )
    _by_pattern: dict[Identity, Node] = field(default_factory=dict[Identity, Node])
    _sets: dict[Identity, list[frozenset[str]]] = field(default_factory=dict[Identity, list[frozenset[str]]])
    _found: dict[Identity, frozenset[str]] = field(default_factory=dict[Identity, frozenset[str]])

    def of(self, node: Node) -> frozenset[str]:
        """Those of a schema and of all that may hold beside it, which is its reference, choices and conditions."""
        known = self._found.get(node.identity)
        if known is None:
            members = self._members(node, 0)
            known = self._found[node.identity] = self._names(members, members.needed)
        return known

    def leaves_out(self, node: Node, name: str, *, with_choices: bool = True) -> bool:
        """Whether a schema leaves a member out that another one requires; without choices, if it does in any case."""
        return name in self._names(self._members(node, 0, with_choices=with_choices), [name])

    def beside(self, node: Node, parts: Iterable[Node], needed: Iterable[str] = ()) -> frozenset[str]:
        """Those that a schema itself marks, and all that may hold beside it other than these parts of it.

        `needed` are names that another schema depends on.
        """
        if not (needed or self.of(node)):
            return frozenset()
        left_out = {part.identity for part in parts}
        members = self._own(node)
        for part in self.reader.composing(node):
            if part.identity not in left_out:
                members = members.joined(self._members(part, 1))
        return self._names(members, self._members(node, 0).needed.union(needed))

    def _names(self, members: _Members, needed: Iterable[str]) -> frozenset[str]:
        nodes = [self._by_pattern[one] for one in members.by_pattern]
        matching = (name for name in needed if any(self._matches(one, name) for one in nodes))
        return members.marked.union(matching)

    def carried(self, node: Node, names: frozenset[str]) -> tuple[frozenset[str], int]:
        """Those of some names, marked elsewhere, that a schema depends on, and the number of this set of the schema.

        A schema has a few such sets; after them it is read as it is by itself, which is the set 0.
        """
        if not names:
            return names, 0
        members = self._members(node, 0)
        always = self._members(node, 0, with_choices=False)
        needed = (names if members.counted else names & members.needed) - self._names(always, names)
        sets = self._sets.setdefault(node.identity, [frozenset[str]()])
        if needed not in sets and len(sets) <= _MOST_CARRIED:
            sets.append(needed)
        number = sets.index(needed) if needed in sets else 0
        return sets[number], number

    def _members(self, node: Node, depth: int, *, with_choices: bool = True) -> _Members:
        """Found once for each schema and depth: there may be more ways to the same schema than can be walked."""
        key = (node.identity, depth, with_choices)
        known = self._below.get(key)
        if known is None:
            known = self._own(node)
            if depth < _MAX_COMPOSITION:
                composing = self.reader.composing if with_choices else self.reader.conjuncts
                for part in composing(node):
                    known = known.joined(self._members(part, depth + 1, with_choices=with_choices))
                for part in (one for keyword in ("not", "if") if (one := node.get(keyword)) is not None):
                    inner = self._members(part, depth + 1)
                    known = known.joined(_Members(needed=inner.needed, counted=inner.counted))
            self._below[key] = known
        return known

    def _own(self, node: Node) -> _Members:
        if self.reader.is_bare_reference(node):
            return _Members()
        marked = frozenset(key for key, one in _held(node, "properties") if self._is_marked(one))
        patterned = [one for _, one in _held(node, "patternProperties")]
        others = node.get("additionalProperties")
        by_pattern = frozenset[Identity]()
        if any(map(self._is_marked, patterned if others is None else [*patterned, others])):
            self._by_pattern[node.identity] = node
            by_pattern = frozenset({node.identity})
        dependent = [
            [key, *(one.value for one in names.elements())] for key, names in _held(node, "dependentRequired")
        ]
        needed = [*required_entries(node), *(key for key, _ in _held(node, "dependentSchemas"))]
        needed += [name for names in dependent for name in names if isinstance(name, str)]
        return _Members(marked, frozenset(needed), _COUNTING & node.mapping.keys(), by_pattern)

    def _matches(self, node: Node, name: str) -> bool:
        shape = self.reader.shape([Part(node)])
        return any(map(self._is_marked, shape.of_property(name)))

    def _is_marked(self, node: Node) -> bool:
        return any(self.reader.is_marked(node, mark) for mark in self.marks)


def _held(node: Node, keyword: str) -> Iterator[tuple[str, Node]]:
    holder = node.get(keyword)
    return iter(()) if holder is None else holder.items()
