"""What keeps a run of `conform` within bounds, whatever a document says: refused schemas, cut values, tamed keywords.

The bounds count steps and sizes, never seconds, so that the same document is always drawn from in the same way.
"""

from __future__ import annotations

import re
from itertools import islice

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.budget import TOO_COSTLY
from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity, ResolvedDocument
from clientsmith.document.walk import all_objects
from clientsmith.jsonschema import pattern_samples
from clientsmith.jsonschema.bounds import Bounds
from clientsmith.jsonschema.branches import Branches
from clientsmith.jsonschema.keywords import CHOICES, Plain, elements
from clientsmith.jsonschema.pattern_syntax import searches
from clientsmith.jsonschema.reader import SchemaReader

_MOST_BRANCHES = 20_000
"""How many schemas a value of one operation's schema may have to be drawn against at one place."""
_LARGEST = 50_000
"""How many values a value in which every property is set may be made of."""
_MOST_OF = {"minItems": 1_000, "minProperties": 1_000, "minLength": 100_000, "minContains": 1_000}
_SINGLE = ("not", "if", "then", "else")
_TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?[:=!<][=!]?)?|[*+?]|\{[0-9]*(?P<open>,)?[0-9]*\}|.", re.DOTALL
)
_LONGEST_PATTERN = 1_000


def check_branches(resolved: ResolvedDocument, diagnostics: Diagnostics) -> None:
    """Report the first schema that holds too many others at once for values to be drawn in good time."""
    known: dict[Identity, int] = {}
    sizes: dict[Identity, int] = {}
    for node, kind in all_objects(resolved):
        if kind == "schema" and not _is_drawable(resolved, node, known, sizes):
            message = "this schema leads to others in more ways, or asks for larger values, than can be drawn"
            hint = "schemas that refer to each other in many ways multiply: refer to each of them once"
            diagnostics.error(TOO_COSTLY, message, node.place, hint=hint)
            return


def _is_drawable(
    resolved: ResolvedDocument, node: Node, known: dict[Identity, int], sizes: dict[Identity, int]
) -> bool:
    try:
        return (
            _branches(resolved, node, known) <= _MOST_BRANCHES and _least(resolved, node, sizes) <= _LARGEST
        )
    except RecursionError:
        return False


def _least(resolved: ResolvedDocument, node: Node, known: dict[Identity, int]) -> int:
    """How many values the smallest value of a schema is made of, about; arrays that need items multiply."""
    size = known.get(node.identity)
    if size is None:
        known[node.identity] = 1
        inner = SchemaReader(resolved).conjuncts(node)
        size = max((_least(resolved, one, known) for one in inner), default=1)
        items, properties, needed = node.get("items"), node.get("properties"), node.mapping.get("required")
        count = min(Bounds.of(node.mapping).count("minItems") or 0, _MOST_OF["minItems"])
        if items is not None and count > 0:
            size = max(size, count * _least(resolved, items, known))
        for name in needed if properties is not None and isinstance(needed, list) else ():
            required = properties.get(name) if properties is not None and isinstance(name, str) else None
            size += 0 if required is None else _least(resolved, required, known)
        known[node.identity] = size
    return size


def _branches(resolved: ResolvedDocument, node: Node, known: dict[Identity, int]) -> int:
    count = known.get(node.identity)
    if count is None:
        known[node.identity] = 1  # a way that leads back adds nothing
        count = known[node.identity] = 1 + sum(
            _branches(resolved, inner, known) for inner in _in_place(resolved, node)
        )
    return count


def _in_place(resolved: ResolvedDocument, node: Node) -> list[Node]:
    found = SchemaReader(resolved).conjuncts(node)
    found += [inner for keyword in CHOICES for inner in elements(node, keyword)]
    found += [inner for keyword in _SINGLE if (inner := node.get(keyword)) is not None]
    dependent = node.get("dependentSchemas")
    return found + ([] if dependent is None else [inner for _, inner in dependent.items()])


class Depths:
    """How deep every property can be set before a value gets too large."""

    def __init__(self, branches: Branches) -> None:
        self._branches = branches
        self._sizes: dict[tuple[Identity, int], int] = {}

    def of(self, schema: Node | None, most: int) -> int:
        """The number of levels, at most so many."""
        return next((depth for depth in range(most, 0, -1) if self._size(schema, depth) <= _LARGEST), 1)

    def _size(self, schema: Node | None, depth: int) -> int:
        if schema is None or depth == 0:
            return 1
        key = (schema.identity, depth)
        if key not in self._sizes:
            inner = list(self._branches.properties(schema).values())
            items = self._branches.items(schema)
            self._sizes[key] = 1 + sum(
                self._size(one, depth - 1) for one in (*inner, *([items] if items else []))
            )
        return self._sizes[key]


def tamed(plain: dict[str, Plain]) -> dict[str, Plain]:
    """A schema without what its values cannot be drawn for in good time; what is drawn is checked against all of it."""
    found = dict(plain)
    for keyword, most in _MOST_OF.items():
        least = found.get(keyword)
        if isinstance(least, int) and least > most:
            found[keyword] = most
    pattern = found.get("pattern")
    if isinstance(pattern, str) and _may_backtrack(pattern):
        del found["pattern"]
        if "enum" not in found:
            found["enum"] = [*_samples(pattern)] or ["text"]
    named = found.get("patternProperties")
    if isinstance(named, dict):
        kept = {name: inner for name, inner in named.items() if not _may_backtrack(name)}
        found["patternProperties"] = kept
    return found


def _may_backtrack(pattern: str) -> bool:
    """Whether a group is repeated that holds alternatives or open repetitions: Python's `re` may never end over it."""
    if len(pattern) > _LONGEST_PATTERN:
        return True
    varied, closed = [False], False
    for token in _TOKEN.finditer(pattern):
        text = token.group()
        repeats = text in ("*", "+", "?") or (text[0] == "{" and len(text) > 1)
        if repeats and closed:
            return True
        closed = False
        if text[0] == "(":
            varied.append(False)
        elif text == ")" and len(varied) > 1:
            closed = varied.pop()
            varied[-1] = varied[-1] or closed
        elif text == "|" or (repeats and (text[0] != "{" or token.group("open") is not None)):
            varied[-1] = True
    return False


def _samples(pattern: str) -> dict[str, None]:
    """StyleDecoder that a pattern matches, for drawing one of them."""
    texts = islice(pattern_samples.examples(pattern), 4)
    return {text: None for text in texts if searches(pattern, text) is not False}
