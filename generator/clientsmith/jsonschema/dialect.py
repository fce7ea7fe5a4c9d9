"""Schema Objects of any OpenAPI version as one JSON Schema 2020-12 document, to hold examples against."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeAlias, cast

import jsonschema_rs

from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity, ResolvedDocument
from clientsmith.jsonschema.discriminator import TagReader, tagged_union
from clientsmith.jsonschema.keywords import (
    CHOICES,
    EXCLUSIVE,
    Plain,
    assertions,
    elements,
    format_of,
    is_about,
    is_base64,
    is_null,
    or_null,
    text_format,
)
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.satisfiability.disjoint import TELLING, Pairs
from clientsmith.jsonschema.satisfiability.one_direction import (
    PLAIN,
    Varying,
    View,
    allow_for,
    conditional_schemas,
    one_of,
)
from clientsmith.jsonschema.satisfiability.sometimes_unused import SometimesUnused
from clientsmith.jsonschema.satisfiability.unused import UNUSED, UnusedProperties

Direction: TypeAlias = Literal["request", "response", "any"]

_INSIDE = (
    "items",
    "additionalProperties",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
)
"""Keywords whose schema speaks of a part of the value."""


@cache
def compiles(pattern: str) -> bool:
    """Whether values can be held against a pattern at all; some are too large for any automaton."""
    try:
        jsonschema_rs.validator_for({"pattern": pattern})
    except (ValueError, jsonschema_rs.ValidationError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How a reader of the schemas wants them written.

    `key` names a schema, given how many have a name; None is for numbers. `pattern` gives a pattern in the reader's
    syntax, None where it has none. `unchecked` is told of each keyword that is left out because of that, and marks what
    is written with a keyword of that name, which JSON Schema does not know.
    """

    reference: str = "#/$defs/{}"
    key: Callable[[Node], str] | None = None
    pattern: Callable[[str], str | None] = lambda text: text if compiles(text) else None
    unchecked: Callable[[Node], None] | None = None


class JsonSchemaExport:
    """Collects schemas under keys; `$defs` fills with them and with everything that they refer to."""

    def __init__(
        self, resolved: ResolvedDocument, direction: Direction, options: ExportOptions | None = None
    ) -> None:
        self.resolved = resolved
        self.direction = direction
        self.options = options or ExportOptions()
        self.defs: dict[str, Plain] = {}
        self.used: dict[Identity, set[str]] = {}
        """The keywords of each schema object that came out, by its identity."""
        self._written: dict[tuple[Identity, View], Plain] = {}
        self._keys: dict[tuple[Identity, frozenset[str], bool], str] = {}
        self._waiting: list[tuple[str, Node, View]] = []
        self._reader = SchemaReader(resolved)
        self._unused = UnusedProperties(self._reader, UNUSED[direction])
        self._varying = Varying(self._reader, self._unused)
        self._tags = TagReader(self._reader)
        self._sometimes = SometimesUnused(self._unused, self._tags, self._schema)
        meant = frozenset({"format"} if direction == "response" else TELLING)
        self._pairs = Pairs(self._reader, frozenset()), Pairs(self._reader, meant)

    def key(self, node: Node, view: View = PLAIN) -> str:
        """The key of a schema as a view has it, which is translated when `finish` is called."""
        carried, number = self._unused.carried(node, view.unused)
        certain = view.certain and (bool(carried) or self._varying.has(node))
        whole = (node.identity, carried, certain)
        if whole not in self._keys:
            name, marks = self.options.key, ("~" if certain else "") + (f"~{number}" if carried else "")
            self._keys[whole] = str(len(self._keys)) if name is None else name(node) + marks
            self._waiting.append((self._keys[whole], node, View(carried, certain)))
        return self._keys[whole]

    def reference(self, node: Node, view: View = PLAIN) -> dict[str, Plain]:
        """A `$ref` to a schema, which is translated when `finish` is called."""
        return {"$ref": self.options.reference.format(self.key(node, view))}

    def finish(self) -> dict[str, Plain]:
        """All definitions, after translating those asked for and, in turn, those that they refer to."""
        while self._waiting:
            key, node, view = self._waiting.pop()
            self.defs[key] = self._schema(node, view)
        return self.defs

    def _schema(self, node: Node, view: View) -> Plain:
        """A schema as a view has it; several keywords need it in both views, and each level below them again."""
        if (node.identity, view) not in self._written:
            self._written[node.identity, view] = self._translated(node, view)
        return self._written[node.identity, view]

    def _translated(self, node: Node, view: View) -> Plain:
        value = node.value
        if not isinstance(value, dict):
            return value if isinstance(value, bool) else True
        plain: dict[str, Plain] = {}
        used = self.used.setdefault(node.identity, set())
        if self._refer(node, plain, view) and self.resolved.version < (3, 1):
            used |= {"$ref"} | (value.keys() & {"nullable"})
            return or_null(value, plain)
        whole = view.also(self._unused.of(node))
        self._applicators(node, plain, whole)
        self._composition(node, plain, view)
        self._members(node, plain, whole)
        plain |= assertions(value)
        self._pattern(node, plain)
        self._limit_contained(node, plain, whole)
        if self.direction == "request":
            plain |= self._encoding(node)
        used |= {key for key in value.keys() & {*plain, "nullable"} if is_about(key, node)}
        used |= {
            limit for exclusive, limit in EXCLUSIVE if value.get(exclusive) is True and exclusive in plain
        }
        if self.direction == "request" and self.options.unchecked is not None:
            plain |= text_format(node)
        return or_null(value, plain if allow_for(whole, plain) else {"not": {}})

    def _refer(self, node: Node, plain: dict[str, Plain], view: View) -> bool:
        """Add the `$ref` of a schema, if it has one."""
        target = self.resolved.ref_target(node)
        if target is not None:
            plain.update(self.reference(target, self._beside(view, node, [target])))
        elif "$ref" in node.mapping:
            self._leave_out(node, plain)
        dynamic = self._reader.open_reference(node)
        if dynamic is not None:
            self._leave_out(dynamic, plain)
        elif target is not None and "$ref" not in node.mapping:
            self.used[node.identity].add("$dynamicRef")
        return target is not None

    def _leave_out(self, node: Node, plain: dict[str, Plain]) -> None:
        if self.options.unchecked is not None:
            self.options.unchecked(node)
            plain["unchecked"] = True

    def _applicators(self, node: Node, plain: dict[str, Plain], view: View) -> None:
        for keyword in _INSIDE:
            inner = node.get(keyword)
            if inner is not None and isinstance(inner.value, bool | dict):
                plain[keyword] = self._schema(inner, view.inside())
        inner = node.get("not")
        if inner is not None:
            plain["not"] = self._schema(inner, view.opposite())
        plain |= self._condition(node, view)
        prefix = [self._schema(one, view.inside()) for one in elements(node, "prefixItems")]
        if prefix:
            plain["prefixItems"] = prefix

    def _composition(self, node: Node, plain: dict[str, Plain], view: View) -> None:
        """Add `allOf`, `anyOf` and `oneOf`, each part with what is unused beside it."""
        parts = [self._schema(one, self._beside(view, node, [one])) for one in elements(node, "allOf")]
        for keyword in CHOICES:
            choice = self._choice(node, keyword, self._beside(view, node, elements(node, keyword)))
            if choice is not None and choice.keys().isdisjoint({*plain, "allOf"}):
                plain |= choice
            elif choice is not None:
                parts.append(choice)
        parts += self._sometimes.demands(node, view)
        if parts:
            plain["allOf"] = parts

    def _beside(self, view: View, node: Node, parts: Iterable[Node]) -> View:
        return view.also(self._unused.beside(node, parts))

    def _condition(self, node: Node, view: View) -> dict[str, Plain]:
        stated = {
            keyword: one for keyword in ("if", "then", "else") if (one := node.get(keyword)) is not None
        }
        inner = view.deeper()
        if "if" not in stated or len(stated) == 1:
            return {keyword: self._schema(one, inner) for keyword, one in stated.items()}
        sure, possible = (self._schema(stated["if"], inner._replace(certain=one)) for one in (True, False))
        branches = {keyword: self._schema(one, inner) for keyword, one in stated.items() if keyword != "if"}
        return conditional_schemas(sure, possible, branches, view)

    def _members(self, node: Node, plain: dict[str, Plain], view: View) -> None:
        for keyword in ("properties", "dependentSchemas"):
            holder = node.get(keyword)
            if holder is not None and isinstance(holder.value, dict):
                inner = view.inside() if keyword == "properties" else view
                plain[keyword] = {key: self._schema(one, inner) for key, one in holder.items()}
        dependent = cast("dict[str, Plain]", plain.get("dependentSchemas", {}))
        for key in sorted(view.unused & dependent.keys()):
            if view.certain:
                plain["allOf"] = [*cast("list[Plain]", plain.get("allOf", [])), dependent[key]]
            dependent[key] = True
        patterned = node.get("patternProperties")
        if patterned is not None:
            plain["patternProperties"] = self._patterned(patterned, plain, view)

    def _limit_contained(self, node: Node, plain: dict[str, Plain], view: View) -> None:
        """Let `maxContains` count the items that fit for certain, if other items may fit too."""
        most = plain.get("maxContains")
        if most is None or "contains" not in plain:
            return
        counted = self._schema(node.child("contains"), view.inside().opposite())
        if counted != plain["contains"]:
            limit: Plain = {"contains": counted, "minContains": 0, "maxContains": plain.pop("maxContains")}
            plain["allOf"] = [*cast("list[Plain]", plain.get("allOf", [])), limit]
            self.used[node.identity].add("maxContains")

    def _choice(self, node: Node, keyword: str, view: View) -> dict[str, Plain] | None:
        """A union; if its discriminator names one of the members, that member alone decides."""
        # A union that is a member of itself accepts no more values for it.
        members = [
            one for one in elements(node, keyword) if self.resolved.deref(one).identity != node.identity
        ]
        if not members:
            return None
        word = "anyOf" if self.resolved.may_overlap(node.child(keyword)) else keyword
        written = [self._schema(one, view) for one in members]
        every: dict[str, Plain] = {word: written}
        if word == "oneOf":
            against = [self._excluding(one, plain, view) for one, plain in zip(members, written, strict=True)]
            every = one_of(members, written, against, *self._pairs)
        values = self._tags.of_members(node.get("discriminator"), members)
        if not any(values):
            return every
        name = node.child("discriminator").text("propertyName")
        named = [self._schema(one, view) for one, own in zip(members, values, strict=True) if own]
        if self.direction == "request" and all(
            own or is_null(one) for one, own in zip(members, values, strict=True)
        ):
            every["properties"] = {name: False}  # what is sent must name a member, or nothing at all
        return tagged_union(word, name, named, [own for own in values if own]) | {"else": every}

    def _excluding(self, member: Node, written: Plain, view: View) -> Plain:
        """A member of a `oneOf` as it counts against the others; its own unused properties are for `Pairs` to judge."""
        if not view.certain and (not view.unused or self._schema(member, view.inside()) == written):
            return written
        return self._schema(member, view.opposite())

    def _patterned(self, patterned: Node, plain: dict[str, Plain], view: View) -> dict[str, Plain]:
        schemas: dict[str, Plain] = {}
        for key, one in patterned.items():
            pattern = self.options.pattern(key)
            if pattern is not None:
                schemas[pattern] = self._schema(one, view.inside())
            else:
                schemas[""] = True  # any name may be one that it matches, and so is not additional
                self._leave_out(one, plain)
        return schemas

    def _pattern(self, node: Node, plain: dict[str, Plain]) -> None:
        pattern = node.get("pattern")
        if pattern is not None and isinstance(pattern.value, str):
            translated = self.options.pattern(pattern.value)
            if translated is not None:
                plain["pattern"] = translated
            else:
                self._leave_out(pattern, plain)

    def _encoding(self, node: Node) -> dict[str, Plain]:
        """What bytes are in a string: `base64`, `binary` for those of a file."""
        if not is_about("contentEncoding", node):
            return {}
        if not is_base64(node):
            return {"contentEncoding": "binary"} if format_of(node) == "binary" else {}
        self.used[node.identity] |= {"format"} if node.mapping.get("format") == "byte" else set()
        return {"contentEncoding": "base64"}
