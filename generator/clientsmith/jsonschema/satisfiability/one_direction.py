"""Keywords that count members or tell them apart, written for one direction, which leaves some of the members out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, NamedTuple, cast

from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity
from clientsmith.jsonschema.keywords import Plain, required_entries
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.satisfiability.disjoint import Pairs
from clientsmith.jsonschema.shape import Part

_MOST_COMPARED = 50
"""Members of a `oneOf` that are compared with each other."""
_MOST_CONDITIONS = 3
"""Conditions inside each other that are written out: each that depends on unused members doubles what is below it."""
MAX_COUNTED = "maxCounted"
"""A keyword of our own: how many members there may be, and the names of those that do not count."""
SCHEMA_KEYWORDS = frozenset(
    {
        "additionalProperties", "allOf", "anyOf", "contains", "dependentSchemas", "else", "if", "items", "not",
        "oneOf", "patternProperties", "prefixItems", "properties", "propertyNames", "then", "unevaluatedItems",
        "unevaluatedProperties",
    }
)  # fmt: skip
"""Keywords that hold a schema, a list of schemas, or schemas by name."""


UNUSED = {
    "request": frozenset({"readOnly"}),
    "response": frozenset({"writeOnly"}),
    "any": frozenset({"readOnly", "writeOnly"}),
}
"""What may be missing in each direction even where it is required."""
_MAX_COMPOSITION = 16
"""How many levels of schemas that hold for the same object are searched for a property that is required elsewhere."""


_COUNTING = frozenset({"maxProperties", "minProperties", "propertyNames"})


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
    the value, and another one may have the `required`.
    """

    reader: SchemaReader
    marks: frozenset[str]
    _below: dict[tuple[Identity, int], _Members] = field(default_factory=dict[tuple[Identity, int], _Members])
    _by_pattern: dict[Identity, Node] = field(default_factory=dict[Identity, Node])
    _found: dict[Identity, frozenset[str]] = field(default_factory=dict[Identity, frozenset[str]])

    def of(self, node: Node) -> frozenset[str]:
        """Those of a schema and of all that may hold beside it, which is its reference, choices and conditions."""
        known = self._found.get(node.identity)
        if known is None:
            members = self._members(node, 0)
            nodes = [self._by_pattern[one] for one in members.by_pattern]
            matching = (name for name in members.needed if any(self._matches(one, name) for one in nodes))
            known = self._found[node.identity] = members.marked.union(matching)
        return known

    def needed_by(self, node: Node, names: frozenset[str]) -> frozenset[str]:
        """Those of some names, marked elsewhere, that a schema or what may hold beside it depends on."""
        if not names:
            return names
        members = self._members(node, 0)
        return (names if members.counted else names & members.needed) - self.of(node)

    def _members(self, node: Node, depth: int) -> _Members:
        """Found once for each schema and depth: there may be more ways to the same schema than can be walked."""
        key = (node.identity, depth)
        known = self._below.get(key)
        if known is None:
            known = self._own(node)
            if depth < _MAX_COMPOSITION:
                for part in self.reader.composing(node):
                    known = known.joined(self._members(part, depth + 1))
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


class View(NamedTuple):
    """What is to be accepted of values that lack the properties in `unused`, or may have them.

    Usually that is what would be valid with some choice of them; with `certain`, what would be valid with every one:
    below `not`, which accepts what its schema does not.
    """

    unused: frozenset[str] = frozenset()
    certain: bool = False
    depth: int = 0
    """How many conditions are around the schema."""

    def inside(self) -> View:
        """The view of a member or an item."""
        return self._replace(unused=frozenset())

    def deeper(self) -> View:
        """The view of a condition, and of what depends on it."""
        return self._replace(depth=self.depth + 1)

    def opposite(self) -> View:
        """The view of what must not be valid."""
        return self._replace(certain=not self.certain)


PLAIN = View()
"""The view of a schema by itself."""


@dataclass(slots=True)
class Varying:
    """Which schemas are read in two ways: those that lead to one with properties of the other direction."""

    reader: SchemaReader
    unused: UnusedProperties
    _never: set[Identity] = field(default_factory=set[Identity])
    _known: dict[Identity, bool] = field(default_factory=dict[Identity, bool])

    def has(self, node: Node) -> bool:
        """Whether a schema is one."""
        if node.identity not in self._known:
            met, waiting = set[Identity](), [node]
            while waiting:
                one = waiting.pop()
                if one.identity in met or one.identity in self._never:
                    continue
                if self._known.get(one.identity) or self.unused.of(one):
                    self._known[node.identity] = True
                    return True
                met.add(one.identity)
                waiting += self._inner(one)
            self._never |= met
            self._known[node.identity] = False
        return self._known[node.identity]

    def _inner(self, node: Node) -> Iterator[Node]:
        target = self.reader.document.ref_target(node)
        if target is not None:
            yield target
        for keyword in SCHEMA_KEYWORDS & node.mapping.keys():
            holder = node.child(keyword)
            yield from [holder, *(one for _, one in holder.items()), *holder.elements()]


def one_of(
    members: Sequence[Node], written: list[Plain], against: list[Plain], seen: Pairs, meant: Pairs
) -> dict[str, Plain]:
    """`oneOf`, in which two members may both fit if `meant` tells them apart and `seen`, as validators do, does not.

    `against` are the members as they count for what must not fit twice.
    """
    every = list(combinations(range(len(members)), 2)) if len(members) <= _MOST_COMPARED else []
    overlapping = [
        (one, other) for one, other in every if not seen.are_disjoint(members[one], members[other])
    ]
    both = [
        (one, other) for one, other in overlapping if not meant.are_disjoint(members[one], members[other])
    ]
    if len(both) == len(overlapping) and against == written:
        return {"oneOf": written}
    never: list[Plain] = [{"not": {"allOf": [against[one], against[other]]}} for one, other in both]
    return {"allOf": [{"anyOf": written}, *never]} if never else {"anyOf": written}


def conditional_schemas(
    sure: Plain, possible: Plain, branches: dict[str, Plain], view: View
) -> dict[str, Plain]:
    """`if` with its `then` and `else`; a condition that is neither sure nor impossible leads to either, or to both."""
    if sure == possible:
        return {"if": sure, **branches}
    then, otherwise = branches.get("then", True), branches.get("else", True)
    either: Plain = {"allOf" if view.certain else "anyOf": [then, otherwise]}
    if view.depth >= _MOST_CONDITIONS:
        return {"if": True, "then": either}
    return {"if": sure, "then": then, "else": {"if": possible, "then": either, "else": otherwise}}


def allow_for(view: View, plain: dict[str, Plain]) -> bool:
    """Let a schema object say no more of unused properties than its view does; False if it accepts nothing then."""
    unused = view.unused
    required = cast("list[str]", plain.get("required", []))
    dependent = cast("dict[str, list[str]]", plain.get("dependentRequired", {}))
    if view.certain:
        needs = [required, *([key, *names] for key, names in dependent.items() if names)]
        return all(unused.isdisjoint(names) for names in needs) and _count_certain(len(unused), plain)
    if "required" in plain:
        plain["required"] = [name for name in required if name not in unused]
    if "dependentRequired" in plain:
        kept = {key: [name for name in names if name not in unused] for key, names in dependent.items()}
        plain["dependentRequired"] = {
            key: cast("list[Plain]", [] if key in unused else names) for key, names in kept.items()
        }
    if unused and "propertyNames" in plain:
        plain["propertyNames"] = {"anyOf": [plain["propertyNames"], {"enum": [*sorted(unused)]}]}
    _count_possible(sorted(unused), plain)
    return True


def _count_certain(unused: int, plain: dict[str, Plain]) -> bool:
    least, most = plain.get("minProperties"), plain.get("maxProperties")
    if isinstance(least, int):
        plain["minProperties"] = least + unused
    if isinstance(most, int):
        plain["maxProperties"] = max(most - unused, 0)
    return not isinstance(most, int) or most >= unused


def _count_possible(unused: list[str], plain: dict[str, Plain]) -> None:
    """Let a count of members take those that the direction leaves out neither as missing nor as too many."""
    least, most = plain.get("minProperties"), plain.get("maxProperties")
    if isinstance(least, int):
        plain["minProperties"] = max(least - len(unused), 0)
    if not isinstance(most, int) or not unused:
        return
    plain["maxProperties"] = most + len(unused)
    plain[MAX_COUNTED] = [most, *unused]


class MaxCounted:
    """The keyword `maxCounted` for jsonschema-rs: how many members an object has at most, those named left out."""

    def __init__(self, parent_schema: dict[str, Any], value: Any, schema_path: list[str | int]) -> None:
        self._most, self._names = value[0], frozenset[str](value[1:])

    def validate(self, instance: Any) -> None:
        """Raises ValueError for too many."""
        members = cast("dict[str, object]", instance) if isinstance(instance, dict) else {}
        if len(members.keys() - self._names) > self._most:
            raise ValueError(f"has more than {self._most} properties")
