"""What some branch of a schema says: for readers of a value who cannot know yet which branch of a choice it is of.

A `Shape` merges what holds at once; this joins what may hold: `allOf`, the members of every choice, and what is under a
condition.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from clientsmith.document.model import Node, Pointer
from clientsmith.document.resolved import Identity
from clientsmith.jsonschema.keywords import (
    CHOICES,
    elements,
    format_of,
    implied_types,
    is_base64,
    is_null,
    listed_values,
    required_entries,
    says_nullable,
    stated_types,
)
from clientsmith.jsonschema.pattern_syntax import searches
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.shape import Part

_MAX_PARTS = 1000
_ADDITIONAL = ("additionalProperties", "unevaluatedProperties")


@dataclass(slots=True)
class _Joined:
    """What the branches of one schema say, the first of them that says anything being taken."""

    types: frozenset[str] = frozenset()
    properties: dict[str, Node] = field(default_factory=dict[str, Node])
    patterned: list[tuple[str, Node]] = field(default_factory=list[tuple[str, Node]])
    additional: Node | None = None
    items: Node | None = None
    prefix: list[Node] = field(default_factory=list[Node])
    lists_containers: bool = False
    formats: frozenset[str] = frozenset()
    has_choice: bool = False
    is_closed: bool = False
    allows_any: bool = False


_NOTHING = _Joined()


class Branches:
    """Answers about schemas, each worked out once."""

    def __init__(self, reader: SchemaReader) -> None:
        self._reader = reader
        self._known: dict[Identity, _Joined] = {}

    def of(self, schema: Node | None) -> Iterator[Node]:
        """The schema objects that a schema is composed of, itself first, references followed; each once."""
        return self._reached([] if schema is None else [schema])

    def at(self, schema: Node | None, pointer: Pointer) -> list[Node]:
        """The schema objects that speak of what is at a place inside a value."""
        level = [*self.of(schema)]
        for step in pointer:
            level = [*self._reached([inner for one in level for inner in self._below(one, step)])]
        return level

    def _below(self, node: Node, step: str) -> list[Node]:
        shape = self._reader.shape([Part(node)])
        return shape.of_property(step) + (shape.of_item(int(step[:9])) if step.isdecimal() else [])

    def _reached(self, waiting: list[Node]) -> Iterator[Node]:
        seen: set[Identity] = set()
        while waiting and len(seen) < _MAX_PARTS:
            node = waiting.pop()
            if node.identity in seen:
                continue
            seen.add(node.identity)
            yield node
            waiting.extend(reversed(self._reader.composing(node)))

    def leads_to_itself(self, schema: Node) -> bool:
        """Whether a schema is composed of itself, so that checking a value does not end (JSON Schema Core 9.4.1)."""
        deref = self._reader.document.deref
        composing = (inner for part in self.of(schema) for inner in self._reader.composing(part))
        return any(deref(inner).identity == deref(schema).identity for inner in composing)

    def types(self, schema: Node | None) -> frozenset[str]:
        """The JSON types that some branch shows, `integer` as `number`; empty if none shows any."""
        return self._joined(schema).types

    def properties(self, schema: Node | None) -> dict[str, Node]:
        """The properties that any branch names, those that it only requires last."""
        return self._joined(schema).properties

    def additional(self, schema: Node | None) -> Node | None:
        """The schema of properties without a name of their own."""
        joined = self._joined(schema)
        return joined.additional or next((inner for _, inner in joined.patterned), None)

    def is_open(self, schema: Node | None) -> bool:
        """Whether the schema speaks of properties without a name of their own, or of none at all."""
        joined = self._joined(schema)
        says_nothing = not (joined.properties or joined.is_closed)
        return joined.allows_any or says_nothing or self.additional(schema) is not None

    def property(self, schema: Node | None, name: str) -> Node | None:
        """The schema of a property: its own, else that of a pattern that its name matches, else that of all others."""
        joined = self._joined(schema)
        own = joined.properties.get(name)
        matching = (inner for pattern, inner in joined.patterned if own is None and searches(pattern, name))
        return own or next(matching, joined.additional)

    def patterns(self, schema: Node | None) -> list[str]:
        """The patterns of names that any branch has a schema for."""
        return [pattern for pattern, _ in self._joined(schema).patterned]

    def items(self, schema: Node | None) -> Node | None:
        """The schema of the items of an array that have no place of their own."""
        return self._joined(schema).items

    def item(self, schema: Node | None, index: int) -> Node | None:
        """The schema of the item at a place."""
        joined = self._joined(schema)
        return joined.prefix[index] if index < len(joined.prefix) else joined.items

    def lists_containers(self, schema: Node | None) -> bool:
        """Whether some branch lists arrays or objects by `enum` or `const`, which have no schemas of their members."""
        return self._joined(schema).lists_containers

    def formats(self, schema: Node | None) -> frozenset[str]:
        """The formats that some branch states; `binary` counts only for strings."""
        return self._joined(schema).formats

    def inner(self, schema: Node | None) -> Iterator[tuple[str | None, Node]]:
        """The schemas of everything that may be inside a value, by name; None is any other name, and any index.

        What several branches say of one name is all of it.
        """
        for part in self.of(schema):
            properties, patterned = part.get("properties"), part.get("patternProperties")
            yield from properties.items() if properties is not None else ()
            others = [one for _, one in patterned.items()] if patterned is not None else []
            others += elements(part, "prefixItems") or elements(part, "items")
            others += [
                one for keyword in (*_ADDITIONAL, "items") if (one := _schema(part, keyword)) is not None
            ]
            yield from ((None, one) for one in others)

    def has_choice(self, schema: Node | None) -> bool:
        """Whether some branch is a choice between several schemas, null apart."""
        return self._joined(schema).has_choice

    def _is_choice(self, part: Node) -> bool:
        document = self._reader.document
        return any(
            sum(not is_null(document.deref(member)) for member in elements(part, keyword)) > 1
            for keyword in CHOICES
        )

    def _joined(self, schema: Node | None) -> _Joined:
        if schema is None:
            return _NOTHING
        known = self._known.get(schema.identity)
        if known is None:
            known = self._known[schema.identity] = _Joined()
            entries: dict[str, Node] = {}
            for part in self.of(schema):
                if not self._reader.is_bare_reference(part):
                    _join(known, part)
                    entries = required_entries(part) | entries
                    known.has_choice = known.has_choice or self._is_choice(part)
            for name, entry in entries.items() if known.properties else ():
                described = self.property(schema, name) or (None if known.is_closed else entry)
                if described is not None:
                    known.properties.setdefault(name, described)
        return known


def _join(joined: _Joined, part: Node) -> None:
    names = frozenset(stated_types(part)) or implied_types(part)
    joined.types |= {"number" if name == "integer" else name for name in names}
    if says_nullable(part):
        joined.types |= {"null"}
    if (stated := format_of(part)) is not None and (stated != "binary" or not names or "string" in names):
        joined.formats |= {stated}
    joined.formats |= {"byte"} if is_base64(part) else frozenset()
    properties, patterned = part.get("properties"), part.get("patternProperties")
    for key in properties.mapping if properties is not None else ():
        if properties is not None:
            joined.properties.setdefault(key, properties.child(key))
    joined.patterned.extend(patterned.items() if patterned is not None else ())
    joined.additional = joined.additional or _schema(part, *_ADDITIONAL)
    joined.allows_any |= any(part.mapping.get(keyword) is True for keyword in _ADDITIONAL)
    joined.is_closed |= any(part.mapping.get(keyword) is False for keyword in _ADDITIONAL)
    joined.items = joined.items or _schema(part, "items")
    joined.lists_containers |= any(isinstance(value, list | dict) for value in listed_values(part) or ())
    joined.prefix = joined.prefix or elements(part, "prefixItems") or elements(part, "items")


def _schema(part: Node, *keywords: str) -> Node | None:
    inner = (part.get(keyword) for keyword in keywords)
    return next((one for one in inner if one is not None and isinstance(one.value, dict)), None)
