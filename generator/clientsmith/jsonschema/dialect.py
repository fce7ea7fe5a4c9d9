"""Schema Objects of any OpenAPI version as one JSON Schema 2020-12 document, to hold examples against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal, TypeAlias, cast

import jsonschema_rs

from clientsmith.document.model import JSON, Node
from clientsmith.document.resolved import Identity, ResolvedDocument
from clientsmith.jsonschema.bounds import whole_count
from clientsmith.jsonschema.discriminator import TagReader, tagged_union
from clientsmith.jsonschema.keywords import (
    CHOICES,
    Plain,
    elements,
    exact_value,
    format_of,
    is_about,
    is_base64,
    is_null,
)
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.satisfiability.disjoint import TELLING, Pairs
from clientsmith.jsonschema.satisfiability.one_direction import UnusedProperties, allow_for, one_of

Direction: TypeAlias = Literal["request", "response", "any"]

_TYPES = frozenset({"null", "boolean", "object", "array", "number", "integer", "string"})
_SCHEMA = ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames",
           "unevaluatedItems", "unevaluatedProperties")  # fmt: skip
_MAPS = ("properties", "dependentSchemas")
_BRANCHES = frozenset({"anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"})
"""Keywords whose schemas speak of the same object without being part of it in every case."""
_NUMBERS = ("multipleOf", "minimum", "maximum")
_EXCLUSIVE = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))
_COUNTS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains",
           "maxContains")  # fmt: skip
_UNUSED: Mapping[Direction, frozenset[str]] = {
    "request": frozenset({"readOnly"}),
    "response": frozenset({"writeOnly"}),
    "any": frozenset({"readOnly", "writeOnly"}),
}
"""What may be missing in each direction even where it is required."""


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
        self._keys: dict[Identity, str] = {}
        self._waiting: list[Node] = []
        self._reader = SchemaReader(resolved)
        self._unused = UnusedProperties(self._reader, _UNUSED[direction])
        self._tags = TagReader(self._reader)
        meant = frozenset({"format"} if direction == "response" else TELLING)
        self._pairs = Pairs(self._reader, frozenset()), Pairs(self._reader, meant)

    def key(self, node: Node) -> str:
        """The key of a schema, which is translated when `finish` is called."""
        key = self._keys.get(node.identity)
        if key is None:
            name = self.options.key
            key = self._keys[node.identity] = str(len(self._keys)) if name is None else name(node)
            self._waiting.append(node)
        return key

    def reference(self, node: Node) -> dict[str, Plain]:
        """A `$ref` to a schema, which is translated when `finish` is called."""
        return {"$ref": self.options.reference.format(self.key(node))}

    def finish(self) -> dict[str, Plain]:
        """All definitions, after translating those asked for and, in turn, those that they refer to."""
        while self._waiting:
            node = self._waiting.pop()
            self.defs[self.key(node)] = self._schema(node, frozenset())
        return self.defs

    def _schema(self, node: Node, unused: frozenset[str]) -> Plain:
        value = node.value
        if not isinstance(value, dict):
            return value if isinstance(value, bool) else True
        plain: dict[str, Plain] = {}
        used = self.used.setdefault(node.identity, set())
        if self._refer(node, plain) and self.resolved.version < (3, 1):
            used |= {"$ref"} | (value.keys() & {"nullable"})
            return _or_null(value, plain)
        own = self._unused.of(node)
        self._applicators(node, plain, unused | own)
        self._limits(node, value, plain)
        if self.direction == "request":
            plain |= self._encoding(node)
        allow_for(sorted(unused | own), plain)
        if isinstance(required := value.get("required"), list):
            names = [name for name in required if isinstance(name, str)]
            plain["required"] = [name for name in names if name not in unused | own]
            if not (unused - own).isdisjoint(names):  # "one of these is required" says nothing then
                self._mark_unchecked(plain)
        dependent = cast("dict[str, list[Plain]]", plain.get("dependentRequired", {}))
        for key, needed in dependent.items():
            dependent[key] = [name for name in needed if name not in unused | own]
        used |= {key for key in value.keys() & {*plain, "nullable"} if is_about(key, node)}
        used |= {
            limit for exclusive, limit in _EXCLUSIVE if value.get(exclusive) is True and exclusive in plain
        }
        return _or_null(value, plain)

    def _refer(self, node: Node, plain: dict[str, Plain]) -> bool:
        """Add the `$ref` of a schema, if it has one."""
        target = self.resolved.ref_target(node)
        if target is not None:
            plain.update(self.reference(target))
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
            self._mark_unchecked(plain)

    def _mark_unchecked(self, plain: dict[str, Plain]) -> None:
        if self.options.unchecked is not None:
            plain["unchecked"] = True

    def _applicators(self, node: Node, plain: dict[str, Plain], unused: frozenset[str]) -> None:
        branches = unused if self.options.unchecked is not None else frozenset[str]()
        for keyword in _SCHEMA:
            inner = node.get(keyword)
            if inner is not None and isinstance(inner.value, bool | dict):
                plain[keyword] = self._schema(inner, branches if keyword in _BRANCHES else frozenset())
        prefix = [self._schema(one, frozenset()) for one in elements(node, "prefixItems")]
        if prefix:
            plain["prefixItems"] = prefix
        parts = [self._schema(one, unused) for one in elements(node, "allOf")]
        for keyword in CHOICES:
            choice = self._choice(node, keyword, branches)
            if choice is not None and choice.keys().isdisjoint({*plain, "allOf"}):
                plain |= choice
            elif choice is not None:
                parts.append(choice)
        if parts:
            plain["allOf"] = parts
        for keyword in _MAPS:
            inner = node.get(keyword)
            if inner is not None and isinstance(inner.value, dict):
                passed = branches if keyword in _BRANCHES else frozenset[str]()
                plain[keyword] = {key: self._schema(one, passed) for key, one in inner.items()}
        patterned = node.get("patternProperties")
        if patterned is not None:
            plain["patternProperties"] = self._patterned(patterned, plain)

    def _choice(self, node: Node, keyword: str, passed: frozenset[str]) -> dict[str, Plain] | None:
        """A union; if its discriminator names one of the members, that member alone decides."""
        # A union that is a member of itself accepts no more values for it.
        members = [
            one for one in elements(node, keyword) if self.resolved.deref(one).identity != node.identity
        ]
        if not members:
            return None
        word = "anyOf" if self.resolved.may_overlap(node.child(keyword)) else keyword
        written = [self._schema(one, passed) for one in members]
        every: dict[str, Plain] = {word: written}
        if word == "oneOf":
            every = one_of(members, written, *self._pairs)
        values = self._tags.of_members(node.get("discriminator"), members)
        if not any(values):
            return every
        name = node.child("discriminator").text("propertyName")
        named = [self._schema(one, passed) for one, own in zip(members, values, strict=True) if own]
        if self.direction == "request" and all(
            own or is_null(one) for one, own in zip(members, values, strict=True)
        ):
            every["properties"] = {name: False}  # what is sent must name a member, or nothing at all
        return tagged_union(word, name, named, [own for own in values if own]) | {"else": every}

    def _patterned(self, patterned: Node, plain: dict[str, Plain]) -> dict[str, Plain]:
        schemas: dict[str, Plain] = {}
        for key, one in patterned.items():
            pattern = self.options.pattern(key)
            if pattern is not None:
                schemas[pattern] = self._schema(one, frozenset())
            else:
                schemas[""] = True  # any name may be one that it matches, and so is not additional
                self._leave_out(one, plain)
        return schemas

    def _limits(self, node: Node, value: dict[str, JSON], plain: dict[str, Plain]) -> None:
        kinds = value.get("type")
        names = kinds if isinstance(kinds, list) else [kinds]
        known = sorted({name for name in names if isinstance(name, str)} & _TYPES)
        if known and len(known) == len(names):
            plain["type"] = cast("Plain", known if len(known) > 1 else known[0])
        _copy(value, plain, _NUMBERS, _is_number)
        for keyword in _COUNTS:
            count = whole_count(value.get(keyword))
            if count is not None:
                plain[keyword] = count
        _copy(value, plain, ("uniqueItems",), lambda flag: isinstance(flag, bool))
        _copy(value, plain, ("const",), lambda _: True)
        _copy(value, plain, ("enum",), lambda members: isinstance(members, list) and bool(members))
        pattern = node.get("pattern")
        if pattern is not None and isinstance(pattern.value, str):
            translated = self.options.pattern(pattern.value)
            if translated is not None:
                plain["pattern"] = translated
            else:
                self._leave_out(pattern, plain)
        _copy(value, plain, ("dependentRequired",), _is_name_lists)
        for exclusive, limit in _EXCLUSIVE:
            stated = value.get(exclusive)
            if _is_number(stated):
                plain[exclusive] = exact_value(stated)
            elif stated is True and limit in plain:
                plain[exclusive] = plain.pop(limit)
        multiple = plain.get("multipleOf")
        if isinstance(multiple, int | Decimal) and multiple <= 0:
            del plain["multipleOf"]

    def _encoding(self, node: Node) -> dict[str, Plain]:
        """What bytes are in a string: `base64`, `binary` for those of a file."""
        if not is_about("contentEncoding", node):
            return {}
        if not is_base64(node):
            return {"contentEncoding": "binary"} if format_of(node) == "binary" else {}
        self.used[node.identity] |= {"format"} if node.mapping.get("format") == "byte" else set()
        return {"contentEncoding": "base64"}


def _or_null(value: dict[str, JSON], plain: dict[str, Plain]) -> Plain:
    """The schema, with null allowed if `nullable` says so; vendors write and mean that beside a reference too."""
    return {"anyOf": [plain, {"type": "null"}]} if value.get("nullable") is True else plain


def _copy(
    value: dict[str, JSON], plain: dict[str, Plain], keywords: tuple[str, ...], usable: Callable[[JSON], bool]
) -> None:
    for keyword in keywords:
        if keyword in value and usable(value[keyword]):
            plain[keyword] = exact_value(value[keyword])


def _is_number(value: JSON) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _is_name_lists(value: JSON) -> bool:
    return isinstance(value, dict) and all(
        isinstance(names, list) and all(isinstance(name, str) for name in names) for names in value.values()
    )
