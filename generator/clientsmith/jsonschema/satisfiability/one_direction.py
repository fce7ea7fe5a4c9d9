"""Keywords that count members or tell them apart, written for one direction, which leaves some of the members out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import cast

from clientsmith.document.model import Node
from clientsmith.jsonschema.keywords import Plain
from clientsmith.jsonschema.satisfiability.disjoint import Pairs

_MOST_COMPARED = 50
"""Members of a `oneOf` that are compared with each other."""
_MOST_COUNTED = 4
"""Members of one direction alone that `maxProperties` is exact with; with more of them it is lenient."""


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
