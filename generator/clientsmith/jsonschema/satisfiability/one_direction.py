"""Keywords that count members or tell them apart, written for one direction, which leaves some of the members out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import cast

from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity
from clientsmith.jsonschema.keywords import Plain, elements
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.satisfiability.disjoint import Pairs

_MOST_COMPARED = 50
"""Members of a `oneOf` that are compared with each other."""
_MOST_COUNTED = 4
"""Members of one direction alone that `maxProperties` is exact with; with more of them it is lenient."""


_MAX_COMPOSITION = 8
"""How many levels of `allOf` are searched for a property that is required somewhere else."""


@dataclass(slots=True)
class UnusedProperties:
    """The properties that need not be there in one direction; `marks` are the keywords that say so."""

    reader: SchemaReader
    marks: frozenset[str]
    _below: dict[tuple[Identity, int], frozenset[str]] = field(
        default_factory=dict[tuple[Identity, int], frozenset[str]]
    )

    def of(self, node: Node, depth: int = 0) -> frozenset[str]:
        """Those of a schema, its `allOf` included.

        Found once for each schema and depth: `allOf` may lead to the same schema in more ways than can be walked.
        """
        node = self.reader.document.deref(node)
        key = (node.identity, depth)
        known = self._below.get(key)
        if known is None:
            known = self._own(node)
            if depth < _MAX_COMPOSITION:
                for part in elements(node, "allOf"):
                    known |= self.of(part, depth + 1)
            self._below[key] = known
        return known

    def _own(self, node: Node) -> frozenset[str]:
        properties = node.get("properties")
        return frozenset(
            key
            for key, one in (properties.items() if properties is not None else ())
            if any(self.reader.is_marked(one, mark) for mark in self.marks)
        )


def one_of(members: Sequence[Node], written: list[Plain], seen: Pairs, meant: Pairs) -> dict[str, Plain]:
    """`oneOf`, in which two members may both fit if `meant` tells them apart and `seen`, as validators do, does not."""
    every = list(combinations(range(len(members)), 2)) if len(members) <= _MOST_COMPARED else []
    overlapping = [
        (one, other) for one, other in every if not seen.are_disjoint(members[one], members[other])
    ]
    both = [
        (one, other) for one, other in overlapping if not meant.are_disjoint(members[one], members[other])
    ]
    if len(both) == len(overlapping):
        return {"oneOf": written}
    never: list[Plain] = [{"not": {"allOf": [written[one], written[other]]}} for one, other in both]
    return {"allOf": [{"anyOf": written}, *never]} if never else {"anyOf": written}


def allow_for(unused: list[str], plain: dict[str, Plain]) -> None:
    """Let a count of members take those that the direction leaves out neither as missing nor as too many."""
    least, most = plain.get("minProperties"), plain.get("maxProperties")
    if isinstance(least, int):
        plain["minProperties"] = max(least - len(unused), 0)
    if not isinstance(most, int) or not unused:
        return
    plain["maxProperties"] = most + len(unused)
    if len(unused) <= _MOST_COUNTED:
        groups = (group for size in range(len(unused) + 1) for group in combinations(unused, size))
        counted: list[Plain] = [
            {"required": [*group], "maxProperties": most + len(group)} for group in groups
        ]
        plain["allOf"] = [*cast("list[Plain]", plain.get("allOf", [])), {"anyOf": counted}]
