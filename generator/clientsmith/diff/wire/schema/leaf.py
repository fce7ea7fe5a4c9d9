"""Reads schemas without unions: by JSON type, what a value has to be."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import cast

from clientsmith.diff.wire.schema.limits import fits, is_contradiction, limits_of
from clientsmith.diff.wire.schema.members import is_universal, limiting, members_of, rows_of
from clientsmith.diff.wire.schema.model import (
    IMPLICATIONS,
    KINDS,
    Allowed,
    Alternative,
    Condition,
    Direction,
    Limit,
    Schema,
)
from clientsmith.diff.wire.schema.negation import Negations
from clientsmith.document.listed_values import type_of
from clientsmith.document.model import JSON, Node
from clientsmith.json_values.codec import Value, equality_key
from clientsmith.jsonschema.bounds import whole_count
from clientsmith.jsonschema.branches import Branches
from clientsmith.jsonschema.keywords import (
    asserts,
    common_values,
    elements,
    exact_value,
    format_of,
    listed_values,
    references,
    stated_types,
)
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.shape import Group, Part

_DEAF = {
    "number": frozenset({"date", "date-time", "time", "duration", "email", "idn-email", "hostname", "idn-hostname",
                         "ipv4", "ipv6", "uri", "uri-reference", "iri", "iri-reference", "uri-template", "uuid",
                         "regex", "json-pointer", "relative-json-pointer", "password"}),
    "string": frozenset({"int8", "int16", "int32", "uint8", "uint16", "uint32", "float", "double", "double-int"}),
}  # fmt: skip
"""The formats that are registered for other JSON types only."""
_BYTES = frozenset({"byte", "binary"})
"""Formats that say how bytes are written: encodings rather than formats."""


class LeafReader:
    """Reads what parts say that hold all at once."""

    def __init__(self, reader: SchemaReader, allowed: Callable[[Schema, Direction], Allowed]) -> None:
        self._reader = reader
        self._allowed = allowed
        self._branches = Branches(reader)
        self._negations = Negations(allowed)

    def read(
        self, schema: Schema, parts: Sequence[Part], groups: Iterable[Group], direction: Direction
    ) -> dict[str, tuple[Alternative, ...]]:
        """By JSON type the one way to be valid; `groups` are unions that are not taken apart."""
        nodes = [part.node for part in parts]
        kinds, is_whole = self._kinds(nodes)
        values = _listed(nodes, kinds, is_whole=is_whole)
        if values is not None:
            kinds = {kind for kind in kinds if values[kind]}
        conditions = (*self._conditions(nodes), *_unread(groups))
        found: dict[str, tuple[Alternative, ...]] = {}
        for kind in kinds:
            listed = None if values is None else values[kind]
            one = self._alternative(kind, schema, parts, listed, conditions, direction, is_whole=is_whole)
            one = None if one is None else self._negations.apply(one, nodes, direction)
            if one is not None and not is_contradiction(one.limits):
                found[kind] = (one,)
        return found

    def _kinds(self, nodes: Iterable[Node]) -> tuple[set[str], bool]:
        """The JSON types that are allowed, and whether numbers have to be integers."""
        kinds, is_whole = set[str](KINDS), False
        for node in nodes:
            stated = set(stated_types(node))
            if not stated:
                continue
            if "integer" in stated:
                is_whole = is_whole or "number" not in stated
                stated = stated - {"integer"} | {"number"}
            if self._reader.document.version < (3, 1) and node.mapping.get("nullable") is True:
                stated.add("null")  # only beside `type` (OpenAPI 3.0.3, section 4.7.24.1)
            kinds &= stated
        return kinds, is_whole

    def _alternative(
        self,
        kind: str,
        schema: Schema,
        parts: Sequence[Part],
        listed: dict[Hashable, JSON] | None,
        conditions: Sequence[Condition],
        direction: Direction,
        *,
        is_whole: bool,
    ) -> Alternative | None:
        nodes = [part.node for part in parts]
        own = (*conditions, *self._implications(kind, nodes, direction), *self._own_conditions(kind, nodes))
        limits = limits_of(kind, nodes, is_whole=is_whole)
        rows, most = rows_of(nodes, self._branches, limits.get("maxItems")) if kind == "array" else ((), None)
        limits |= {} if most is None else {"maxItems": most}
        patterns = [one.text("pattern") for one in nodes] if kind == "string" else []
        patterns = [one for one in patterns if not is_universal(one)]
        listed = listed and {key: one for key, one in listed.items() if fits(kind, one, limits, patterns)}
        if listed is not None and (kind in ("number", "string") or not listed):
            encoding = _encoding(nodes) if kind == "string" else ""
            one = Alternative(kind, schema, tuple(parts), listed, encoding=encoding, conditions=own)
            return one if listed else None
        if kind == "boolean":
            listed = {equality_key(one): one for one in (False, True)} if listed is None else listed
        is_text, is_object = kind == "string", kind == "object"
        return Alternative(
            kind,
            schema,
            tuple(parts),
            None if kind == "null" else listed,
            limits,
            frozenset(patterns),
            frozenset(_formats(kind, nodes)),
            _encoding(nodes) if is_text else "",
            _media(nodes) if is_text and _encoding(nodes) != "binary" else "",
            own,
            members_of(nodes, self._reader, self._branches, direction) if is_object else None,
            rows,
        )

    def _conditions(self, nodes: Iterable[Node]) -> Iterable[Condition]:
        """Those that speak of values of every type."""
        for node in nodes:
            dynamic = self._reader.open_reference(node)
            if dynamic is not None:
                yield Condition("$dynamicRef", node, text=str(dynamic.value))
            elif references(node) and self._reader.document.ref_target(node) is None:
                yield Condition("$ref", node, text=node.text("$ref"))

    def _implications(self, kind: str, nodes: Iterable[Node], direction: Direction) -> Iterable[Condition]:
        """What is asked of some values of a JSON type only, unless it is asked of none or says nothing."""
        for node in nodes:
            test = node.get("if")
            for keyword in IMPLICATIONS if test is not None else ():
                asked = limiting(node.get(keyword))
                if test is None or asked is None:
                    continue
                schemas = self._schema(test), self._schema(asked)
                fitting, said = (self._allowed(one, direction).kinds.get(kind, ()) for one in schemas)
                is_asked = bool(fitting) if keyword == "then" else not _is_free(fitting)
                if is_asked and not _is_free(said):
                    yield Condition(keyword, node, schemas, kind=kind)

    def _own_conditions(self, kind: str, nodes: Iterable[Node]) -> Iterable[Condition]:
        for node in nodes:
            contained, dependent = node.get("contains"), node.get("dependentSchemas")
            if kind == "array" and contained is not None:
                least, most = (whole_count(node.mapping.get(one)) for one in ("minContains", "maxContains"))
                counts: dict[str, Limit] = {"minContains": 1 if least is None else least}
                counts |= {} if most is None else {"maxContains": most}
                if counts != {"minContains": 0}:
                    yield Condition("contains", node, (self._schema(contained),), limits=counts)
            if kind == "object" and dependent is not None:
                for name, one in dependent.items():
                    if asserts(one, ("required",)):  # what it only requires is read with the members
                        yield Condition("dependentSchemas", node, (self._schema(one),), name)
            if (
                kind == "string"
                and node.get("contentSchema") is not None
                and "contentMediaType" in node.mapping
            ):
                yield Condition("contentSchema", node, (self._schema(node.child("contentSchema")),))

    def _schema(self, node: Node) -> Schema:
        return Schema(node, (node,))


def _is_free(alternatives: Iterable[Alternative]) -> bool:
    return any(one.is_free for one in alternatives)


def _unread(groups: Iterable[Group]) -> Iterable[Condition]:
    for group in groups:
        members = tuple(Schema(one, (one,)) for one in elements(group.part.node, group.keyword))
        yield Condition(group.keyword, group.part.node, members)


def _listed(
    nodes: Iterable[Node], kinds: Iterable[str], *, is_whole: bool
) -> Mapping[str, dict[Hashable, JSON]] | None:
    """The listed values by JSON type, if any are listed."""
    values: list[JSON] | None = None
    for node in nodes:
        listed = listed_values(node)
        if listed is not None:
            values = list(listed) if values is None else common_values(values, listed)
    if values is None:
        return None
    by_kind: dict[str, dict[Hashable, JSON]] = {kind: {} for kind in kinds}
    for value in values:
        kind = type_of(value)
        kind = "number" if kind == "integer" else kind
        if is_whole and kind == "number" and value != int(cast("float | Decimal", value)):
            continue
        if kind in by_kind:
            by_kind[kind][equality_key(cast("Value", exact_value(value)))] = value
    return by_kind


def _formats(kind: str, nodes: Iterable[Node]) -> Iterable[str]:
    """The formats that speak of values of a type; names that nobody registered speak of every type."""
    for node in nodes:
        stated = format_of(node)
        if stated is not None and stated not in _BYTES | _DEAF.get(kind, frozenset()) and kind in _DEAF:
            yield stated


def _encoding(nodes: Iterable[Node]) -> str:
    """How bytes are written in strings: `base64` and the like, or `binary` if they are not written as text."""
    for node in nodes:
        stated = node.mapping.get("contentEncoding")
        if isinstance(stated, str):
            return stated.lower()
        form = format_of(node)
        if form in _BYTES:
            return "base64" if form == "byte" else "binary"
    return ""


def _media(nodes: Iterable[Node]) -> str:
    """The media type of what a string holds."""
    return next((text.lower() for node in nodes if (text := node.text("contentMediaType"))), "")
