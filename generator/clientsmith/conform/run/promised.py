"""What a client promises to check: the schemas of the document without the keywords that `generate` noted.

A keyword is declared if a diagnostic names its place and its direction. If such a keyword decides which values a
negation or a choice takes, the choice promises nothing either: a client that cannot check the one cannot check the
other. Nor does a schema that is a member of itself: whether a value fits it is undefined (JSON Schema Core 9.4.1).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple, TypeAlias

from clientsmith.conform.run.choices import below
from clientsmith.document.grammar import children
from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity, ResolvedDocument
from clientsmith.document.validation.violations import Violation
from clientsmith.document.walk import all_objects
from clientsmith.json_values.codec import Value
from clientsmith.jsonschema.branches import Branches
from clientsmith.jsonschema.keywords import elements
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.shape import GROUPS
from clientsmith.jsonschema.validators import Schemas

Side: TypeAlias = Literal["request", "response"]
NOTES: Mapping[Side, str] = {"request": "keyword-not-enforced", "response": "keyword-not-checked"}
"""The diagnostics that say that a keyword is not checked in a direction."""
_CLOSING = ("additionalProperties", "unevaluatedProperties")


class Promised:
    """The checks that a client has to make, by direction; `declared` are the places that `generate` noted."""

    def __init__(
        self, resolved: ResolvedDocument, schemas: Schemas, declared: Mapping[Side, Collection[str]]
    ) -> None:
        self._resolved = resolved
        self._declared = {side: frozenset(places) for side, places in declared.items()}
        self._relaxed = {frozenset[str](): _Relaxed(resolved, schemas)}
        self._branches = Branches(SchemaReader(resolved))
        self._undefined: dict[Identity, bool] = {}

    def check(self, schema: Node | None, value: Value, side: Side) -> list[Violation]:
        """What is wrong with a value by the keywords that are checked; empty if nothing is."""
        return self._check(schema, value, side, self._declared[side])

    def _check(
        self, schema: Node | None, value: Value, side: Side, dropped: frozenset[str]
    ) -> list[Violation]:
        """What is wrong with a value by the keywords that are not at those places."""
        if schema is None or self._is_undefined(schema):
            return []
        if dropped not in self._relaxed:
            view = _Relaxation(self._resolved, dropped).view()
            self._relaxed[dropped] = _Relaxed(view, Schemas(view))
        relaxed = self._relaxed[dropped]
        return relaxed.schemas.check(relaxed.view.same(schema), value, side)

    def _is_undefined(self, schema: Node) -> bool:
        known = self._undefined.get(schema.identity)
        if known is None:
            found = (one for one in below(self._resolved, schema) if GROUPS & one.mapping.keys())
            known = self._undefined[schema.identity] = any(map(self._branches.leads_to_itself, found))
        return known

    def refuses(self, schema: Node | None, value: Value, side: Side) -> bool:
        """Whether a value is invalid by the keywords that are checked."""
        return bool(self.check(schema, value, side))

    def declared(self, schema: Node | None, value: Value, side: Side) -> str:
        """The diagnostic and the places that explain why a client takes a wrong value; empty if they do not.

        A place explains it if its keyword alone, of all that were noted, refuses the value, or if no other one does.
        """
        noted = self._declared[side]
        if schema is None or not noted or self.check(schema, value, side):
            return ""
        if not self._check(schema, value, side, frozenset()):
            return ""
        below_it = {place for node in below(self._resolved, schema) for place in _places(node)} & noted
        places = [
            one
            for one in sorted(below_it)
            if self._check(schema, value, side, noted - {one})
            or not self._check(schema, value, side, frozenset([one]))
        ]
        return f"{NOTES[side]} at {', '.join(places)}" if places else ""


class _Relaxed(NamedTuple):
    """A document without some keywords, and the validators of its schemas."""

    view: ResolvedDocument
    schemas: Schemas


def _places(node: Node) -> list[str]:
    """The places of the keywords of a schema; each pattern of `patternProperties` is one."""
    patterned = node.get("patternProperties")
    pointers = [(*node.pointer, keyword) for keyword in node.mapping]
    pointers += (
        [(*patterned.pointer, pattern) for pattern in patterned.mapping] if patterned is not None else []
    )
    return [node.document.shown_pointer(pointer) for pointer in pointers]


class _Relaxation:
    """Finds the keywords that promise nothing without those at the declared places."""

    def __init__(self, resolved: ResolvedDocument, places: Collection[str]) -> None:
        self._resolved = resolved
        self._places = frozenset(places)
        self._schemas = {node.identity: node for node, kind in all_objects(resolved) if kind == "schema"}
        self._gone: set[Identity] = set()
        self._touched = self._reached()

    def view(self) -> ResolvedDocument:
        """The document without those keywords."""
        overlapping: set[Identity] = set()
        for node in map(self._schemas.__getitem__, self._touched):
            for keyword, dropped in (
                ("not", ("not",)),
                ("if", ("if", "then", "else")),
                ("contains", ("maxContains",)),
            ):
                inner = node.get(keyword)
                if inner is not None and inner.identity in self._touched:
                    self._drop(node, *dropped)
            if any(one.identity in self._touched for one in elements(node, "oneOf")):
                overlapping.add(node.child("oneOf").identity)
        return self._resolved.without(self._gone, overlapping)

    def _reached(self) -> set[Identity]:
        """The schemas that hold a declared keyword, and all that lead to one of them."""
        above: dict[Identity, list[Identity]] = {}
        waiting: list[Identity] = []
        for identity, node in self._schemas.items():
            for steps, _, kind in children(dict(node.mapping), "schema"):
                if kind == "schema":
                    above.setdefault((identity[0], node.pointer + steps), []).append(identity)
            if (target := self._resolved.references.get(identity)) is not None:
                above.setdefault(target.identity, []).append(identity)
            if self._is_declared(node):
                waiting.append(identity)
        touched: set[Identity] = set()
        while waiting:
            identity = waiting.pop()
            if identity not in touched:
                touched.add(identity)
                waiting += above.get(identity, [])
        return touched

    def _is_declared(self, node: Node) -> bool:
        """Whether a schema has a declared keyword; a name that such a pattern would match may be any name."""
        keywords = [one for one in node.mapping if self._is_place(node, one)]
        self._drop(node, *keywords)
        patterned = node.get("patternProperties")
        patterns = (
            [] if patterned is None else [one for one in patterned.mapping if self._is_place(patterned, one)]
        )
        if patterned is not None and patterns:
            self._drop(patterned, *patterns)
            self._drop(node, *_CLOSING)
        return bool(keywords or patterns)

    def _is_place(self, node: Node, key: str) -> bool:
        return node.document.shown_pointer((*node.pointer, key)) in self._places

    def _drop(self, node: Node, *keywords: str) -> None:
        self._gone |= {
            (node.document.uri, (*node.pointer, keyword)) for keyword in keywords if keyword in node.mapping
        }
