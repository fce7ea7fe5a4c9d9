"""Digests that are equal for schemas of equal meaning, in whichever description they are, down to a depth."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import reduce
from typing import TypeAlias, cast

from clientsmith.document.grammar import Kind, children
from clientsmith.document.model import Node, render_pointer
from clientsmith.document.resolved import Identity
from clientsmith.json_values.decimals import exact, normalized
from clientsmith.jsonschema.keywords import (
    COMBINATORS,
    REFERENCES,
    is_about,
    is_annotation,
)
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.shape import Part, Shape

_DEEP = 8
"""How many schemas inside each other are compared; whatever is deeper counts as equal."""
_IN_SHAPE = frozenset(
    {
        *COMBINATORS, *REFERENCES, "additionalProperties", "const", "contains", "contentEncoding", "enum",
        "exclusiveMaximum", "exclusiveMinimum", "format", "items", "maxItems", "maxLength", "maxProperties", "maximum",
        "minItems", "minLength", "minProperties", "minimum", "multipleOf", "pattern", "patternProperties",
        "prefixItems", "properties", "required", "type", "unevaluatedProperties",
    }
)  # fmt: skip
"""The keywords that a `Shape` has read."""
_SCHEMAS = frozenset({"else", "if", "not", "propertyNames", "then", "unevaluatedItems"})
_MARKS = ("readOnly", "writeOnly")

_Key: TypeAlias = tuple[Identity, ...]


class MeaningDigests:
    """Gives out the digests of one description's schemas, each worked out once."""

    def __init__(self, reader: SchemaReader) -> None:
        self._reader = reader
        self._known: dict[tuple[_Key, int], str] = {}

    def of(self, schema: Node) -> str:
        """The digest of a schema, in hex."""
        return self._of([schema], _DEEP)

    def of_component(self, node: Node, kind: Kind) -> str:
        """The digest of a component; one that is no schema but holds some has its kind before it."""
        if kind == "schema":
            return self.of(node)
        text = json.dumps(self._said(node, kind), sort_keys=True)
        return f"{kind} {hashlib.sha256(text.encode()).hexdigest()}"

    def _said(self, node: Node, kind: Kind) -> object:
        """What an object says that holds schemas, with digests in the place of these."""
        if kind == "schema":
            return self.of(node)
        node = self._reader.document.deref(node)
        said = {key: _plain(one) for key, one in node.mapping.items() if not _is_silent(key)}
        for steps, _, inner in children({key: node.mapping[key] for key in said}, kind):
            said.pop(steps[0], None)
            said[render_pointer(steps)] = self._said(reduce(Node.child, steps, node), inner)
        return said

    def _of(self, nodes: list[Node], depth: int) -> str:
        if depth <= 0:
            return ""
        key = tuple(node.identity for node in nodes)
        known = self._known.get((key, depth))
        if known is None:
            ends = [self._reader.canonical(node) for node in nodes]
            parts = [part for node, _, _ in ends for part in self._reader.parts(node)]
            shape = self._reader.shape(parts)
            said = self._values(shape) | self._inner(shape, depth - 1)
            said["others"] = sorted(self._others(parts, depth - 1))
            said["null"] = shape.nullable or any(nullable for _, nullable, _ in ends)
            text = json.dumps({name: value for name, value in said.items() if value}, sort_keys=True)
            known = self._known[key, depth] = hashlib.sha256(text.encode()).hexdigest()
        return known

    def _values(self, shape: Shape) -> dict[str, object]:
        """What a shape says without the schemas inside it."""
        marks = {wire: self._marks(below) for wire, below in shape.properties.items()}
        listed = [value for value in shape.values or () if value is not None]
        return {
            "types": sorted(shape.kinds - ({"integer"} if "number" in shape.kinds else set())),
            "values": None if shape.values is None else sorted(map(_text, listed)),
            "format": shape.format,
            "base64": shape.is_base64,
            "patterns": sorted({str(one.value) for one in shape.patterns}),
            "bounds": {keyword: _text(shape.bounds.number(keyword)) for keyword in shape.bounds},
            "required": sorted(shape.required),
            "marks": {wire: said for wire, said in marks.items() if said},
            "closed": shape.closed,
            "tag": "" if shape.discriminator is None else shape.discriminator.text("propertyName"),
        }

    def _inner(self, shape: Shape, depth: int) -> dict[str, object]:
        """The digests of the schemas inside a shape."""
        return {
            "properties": {wire: self._of(below, depth) for wire, below in shape.properties.items()},
            "additional": sorted(self._of([one], depth) for one in shape.additional),
            "patterned": sorted((one.key, self._of([one], depth)) for one in shape.patterned),
            "items": sorted(self._of([one], depth) for one in shape.items),
            "prefix": [self._of(below, depth) for below in shape.prefix],
            "contains": sorted(self._of([one], depth) for one in shape.contains),
            "groups": sorted(
                (group.keyword, sorted(self._of([one], depth) for one in group.node.elements()))
                for group in shape.groups
            ),
        }

    def _others(self, parts: Iterable[Part], depth: int) -> Iterator[tuple[str, str]]:
        """The keywords that no shape has read."""
        for node in (part.node for part in parts if not self._reader.is_bare_reference(part.node)):
            for keyword, child in node.items():
                if keyword in _IN_SHAPE or is_annotation(keyword) or not is_about(keyword, node):
                    continue
                if keyword in _SCHEMAS:
                    yield keyword, self._of([child], depth)
                elif keyword == "dependentSchemas":
                    yield keyword, _text({name: self._of([one], depth) for name, one in child.items()})
                elif child.value is not False:  # only `uniqueItems`, which means nothing then
                    yield keyword, _text(child.value)

    def _marks(self, nodes: Iterable[Node]) -> list[str]:
        every = list(nodes)
        return [mark for mark in _MARKS if any(self._reader.is_marked(node, mark) for node in every)]


def _is_silent(key: str) -> bool:
    """Whether a member of an object that is no schema means nothing for what is in it."""
    return key in ("links", "summary") or is_annotation(key)


def _text(value: object) -> str:
    """JSON that is the same for equal values, whatever the digits of a number and the order of keys."""
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: object) -> object:
    match value:
        case bool() | str() | None:
            return value
        case int() | float() | Decimal():
            return {"": str(normalized(Decimal(exact(value))))}
        case list():
            return [_plain(one) for one in cast("list[object]", value)]
        case dict():
            return {"=" + name: _plain(one) for name, one in cast("dict[str, object]", value).items()}
        case _:
            raise TypeError(f"{type(value).__name__} is not JSON")
