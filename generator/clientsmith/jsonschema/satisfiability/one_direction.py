"""Keywords that count members or tell them apart, written for one direction, which leaves some of the members out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, NamedTuple, cast

import jsonschema_rs

from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity
from clientsmith.jsonschema.keywords import Plain
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.satisfiability.disjoint import Pairs
from clientsmith.jsonschema.satisfiability.unused import UnusedProperties

_MOST_COMPARED = 50
"""Members of a `oneOf` that are compared with each other."""
MOST_CONDITIONS = 3
"""Conditions inside each other that are written out: each that depends on unused members doubles what is below it."""
COUNTED = "counted"
"""A keyword of our own: how many members there must be and may be, and the names of those that do not count."""
SCHEMA_KEYWORDS = frozenset(
    {
        "additionalProperties", "allOf", "anyOf", "contains", "dependentSchemas", "else", "if", "items", "not",
        "oneOf", "patternProperties", "prefixItems", "properties", "propertyNames", "then", "unevaluatedItems",
        "unevaluatedProperties",
    }
)  # fmt: skip
"""Keywords that hold a schema, a list of schemas, or schemas by name."""


class View(NamedTuple):
    """What is to be accepted of values that lack the properties in `unused`, or may have them.

    Usually that is what would be valid with some choice of them; with `certain`, what would be valid with every one:
    below `not`, which accepts what its schema does not.
    """

    unused: frozenset[str] = frozenset()
    certain: bool = False
    depth: int = 0
    """How many conditions are around the schema."""

    def also(self, unused: frozenset[str]) -> View:
        """The view of values that may lack more properties."""
        return self._replace(unused=self.unused | unused)

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
    if view.depth >= MOST_CONDITIONS:
        return {"if": True, "then": either}
    return {"if": sure, "then": then, "else": {"if": possible, "then": either, "else": otherwise}}


def allow_for(view: View, plain: dict[str, Plain]) -> bool:
    """Let a schema object say no more of unused properties than its view does; False if it accepts nothing then."""
    unused = view.unused
    if not unused:
        return True
    fits = _demand_certain(unused, plain) if view.certain else _demand_possible(unused, plain)
    return _count(view, plain) and fits


def _demand_possible(unused: frozenset[str], plain: dict[str, Plain]) -> bool:
    """Require no unused property, and nothing because of one; no name of one is refused."""
    if "required" in plain:
        plain["required"] = [name for name in cast("list[str]", plain["required"]) if name not in unused]
    if "dependentRequired" in plain:
        dependent = cast("dict[str, list[str]]", plain["dependentRequired"])
        kept = {key: [name for name in names if name not in unused] for key, names in dependent.items()}
        plain["dependentRequired"] = {
            key: cast("list[Plain]", [] if key in unused else names) for key, names in kept.items()
        }
    if "propertyNames" in plain:
        plain["propertyNames"] = {"anyOf": [plain["propertyNames"], {"enum": [*sorted(unused)]}]}
    return True


def _demand_certain(unused: frozenset[str], plain: dict[str, Plain]) -> bool:
    """Require what is there whatever unused properties are; False if some choice of them is always refused."""
    required = cast("list[str]", plain.get("required", []))
    dependent = cast("dict[str, list[str]]", plain.get("dependentRequired", {}))
    needs = [required, *(set(names) - {key} for key, names in dependent.items() if key in unused)]
    always: list[Plain] = [
        name for key, names in dependent.items() if key in unused for name in names if name != key
    ]
    missing: dict[str, Plain] = {
        key: False for key, names in dependent.items() if key not in unused and not unused.isdisjoint(names)
    }
    if always or missing:
        sure: Plain = {"required": always, "properties": missing}
        plain["allOf"] = [*cast("list[Plain]", plain.get("allOf", [])), sure]
    fit = all(_is_name(plain["propertyNames"], name) for name in unused if "propertyNames" in plain)
    return fit and all(unused.isdisjoint(names) for names in needs)


def _is_name(schema: Plain, name: str) -> bool:
    """Whether it is certain that a schema of names accepts one; it is not if the schema refers to another."""
    try:
        return jsonschema_rs.is_valid(cast("dict[str, Any]", schema), name)
    except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError):
        return False


def _count(view: View, plain: dict[str, Plain]) -> bool:
    """Count members without the unused ones, of which there may be none or all; False if that is too many."""
    least, most, unused = plain.get("minProperties"), plain.get("maxProperties"), len(view.unused)
    if not isinstance(least, int) and not isinstance(most, int):
        return True
    least = least if isinstance(least, int) else 0
    fewest = least if view.certain else max(least - unused, 0)
    largest = most - unused if view.certain and isinstance(most, int) else most
    if "minProperties" in plain:
        plain["minProperties"] = fewest
    if isinstance(most, int):
        plain["maxProperties"] = most if view.certain else most + unused
    plain[COUNTED] = [fewest, largest, *sorted(view.unused)]
    return not isinstance(largest, int) or largest >= 0


class Counted:
    """The keyword `counted` for jsonschema-rs: how many members an object has, those named left out."""

    def __init__(self, parent_schema: dict[str, Any], value: Any, schema_path: list[str | int]) -> None:
        self._least, self._most, self._names = value[0], value[1], frozenset[str](value[2:])

    def validate(self, instance: Any) -> None:
        """Raises ValueError for too few or too many."""
        if not isinstance(instance, dict):
            return
        count = len(cast("dict[str, object]", instance).keys() - self._names)
        if count < self._least:
            raise ValueError(f"has less than {self._least} properties")
        if self._most is not None and count > self._most:
            raise ValueError(f"has more than {self._most} properties")
