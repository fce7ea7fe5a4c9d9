"""What a schema says once `allOf` is merged: one `Shape` per conjunction of schema objects.

Merging is reading only: no name and no Python type is decided here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from clientsmith.api.schemas.bounds import Bounds
from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity, ResolvedDocument

# Keywords that describe a value without constraining it; a schema of these alone adds nothing to a conjunction.
_ANNOTATIONS = frozenset(
    {
        "$comment", "$defs", "$id", "$schema", "$anchor", "$dynamicAnchor", "$vocabulary", "contentEncoding",
        "contentMediaType", "contentSchema", "default", "definitions", "deprecated", "description", "discriminator",
        "example", "examples", "externalDocs", "nullable", "readOnly", "summary", "title", "writeOnly", "xml",
    }
)  # fmt: skip
_REFERENCES = ("$ref", "$dynamicRef")
_OBJECT = frozenset({"object"})
_RAW = re.compile(
    r"(application/(octet-stream|pdf|zip|gzip)|(image|audio|video)/(?!svg\+xml))", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Part:
    """One schema object of a conjunction; `masked` names the groups (`anyOf`, `oneOf`) that are left out of it."""

    node: Node
    masked: frozenset[str] = frozenset()


GROUPS = frozenset({"oneOf", "anyOf"})


@dataclass(frozen=True, slots=True)
class Group:
    """An `anyOf` or `oneOf` and the part of the conjunction it stands in."""

    part: Part
    node: Node

    @property
    def keyword(self) -> str:
        """The keyword that holds the members."""
        return self.node.pointer[-1]

    @property
    def size(self) -> int:
        """How many members there are."""
        return sum(1 for _ in self.node.elements())


@dataclass(slots=True)
class Shape:
    """The merged keywords of a conjunction. `types` is None where any type is allowed, without "null" always."""

    types: frozenset[str] | None = None
    nullable: bool = False
    values: list[Any] | None = None
    properties: dict[str, list[Node]] = field(default_factory=dict[str, list[Node]])
    required: dict[str, None] = field(default_factory=dict[str, None])
    """In the order of the document."""
    closed: bool = False
    additional: list[Node] = field(default_factory=list[Node])
    additional_allowed: bool = False
    items: list[Node] = field(default_factory=list[Node])
    groups: list[Group] = field(default_factory=list[Group])
    format: str | None = None
    patterns: list[Node] = field(default_factory=list[Node])
    bounds: Bounds = field(default_factory=Bounds)
    discriminator: Node | None = None

    @property
    def is_object(self) -> bool:
        """Whether the values are JSON objects."""
        if self.types is not None:
            return self.types == _OBJECT
        return bool(self.properties or self.additional or self.required) and not self.items


def is_annotation(keyword: str) -> bool:
    """Whether a keyword leaves the set of valid values as it is."""
    return keyword in _ANNOTATIONS or keyword.startswith("x-")


def asserts(node: Node, ignoring: Iterable[str] = ()) -> bool:
    """Whether a schema object says anything about the values, apart from the keywords given."""
    if not isinstance(node.value, dict):
        return node.value is False
    skip = set(ignoring)
    return any(not is_annotation(key) and key not in skip for key in node.value)


def references(node: Node) -> bool:
    """Whether a schema object is a reference."""
    return isinstance(node.value, dict) and any(isinstance(node.value.get(key), str) for key in _REFERENCES)


def says_nullable(node: Node) -> bool:
    """Whether the schema object itself, not what it refers to, lets null in (3.0 `nullable`, 3.1 `type`)."""
    value = node.value
    if not isinstance(value, dict):
        return False
    kind = value.get("type")
    return value.get("nullable") is True or kind == "null" or (isinstance(kind, list) and "null" in kind)


def is_null(node: Node) -> bool:
    """Whether null is the only value of the schema."""
    value = node.value
    if not isinstance(value, dict):
        return False
    return value.get("type") == "null" or ("enum" in value and value["enum"] == [None])


@dataclass(slots=True)
class SchemaReader:
    """Reads schemas of one document: follows references, flattens `allOf`, merges keywords."""

    document: ResolvedDocument
    _canonical: dict[Identity, tuple[Node, bool, bool]] = field(
        default_factory=dict[Identity, tuple[Node, bool, bool]]
    )

    def canonical(self, node: Node) -> tuple[Node, bool, bool]:
        """The schema that really says something, whether null was added on the way, and whether a `$ref` led there.

        Looks through references and through wrappers with a single member, so that `allOf: [{$ref: X}]` with a
        description is X itself.
        """
        steps: list[tuple[Node, bool]] = []
        entered: set[Identity] = set()
        while (known := self._canonical.get(node.identity)) is None:
            entered.add(node.identity)
            inner, lets_null_in = self._look_through(node)
            if inner is None:
                known = self._canonical[node.identity] = (node, False, False)
                break
            steps.append((node, lets_null_in))
            if inner.identity in entered:  # a loop has no end that would be the same from everywhere
                return inner, any(nullable for _, nullable in steps), references(node)
            node = inner
        target, nullable, by_reference = known
        for step, lets_null_in in reversed(steps):
            nullable = nullable or lets_null_in
            by_reference = references(step) if node == target else by_reference
            node = step
            self._canonical[step.identity] = target, nullable, by_reference
        return target, nullable, by_reference

    def _look_through(self, node: Node) -> tuple[Node | None, bool]:
        if not isinstance(node.value, dict):
            return None, False
        if references(node):
            siblings = self.document.version >= (3, 1) and asserts(node, _REFERENCES)
            return (None, False) if siblings else (self.document.ref_target(node), says_nullable(node))
        for keyword in ("allOf", "anyOf", "oneOf"):
            group = node.get(keyword)
            if group is None or not isinstance(group.value, list):
                continue
            if asserts(node, (keyword, "type") if node.value.get("type") == "object" else (keyword,)):
                return None, False
            members = list(group.elements())
            essential = [member for member in members if not is_null(member) and asserts(member)]
            if len(essential) != 1 or (keyword != "allOf" and any(not asserts(member) for member in members)):
                return None, False
            return essential[0], says_nullable(node) or (keyword != "allOf" and any(map(is_null, members)))
        return None, False

    def parts(self, node: Node) -> list[Part]:
        """The conjunction that a schema stands for: itself and everything in its `allOf`, each once."""
        found: dict[Identity, Part] = {}
        pending, entered = [(node, False)], set[Identity]()
        while pending:
            current, leaving = pending.pop()
            if leaving:
                if asserts(current, ("allOf", *_REFERENCES)) or says_nullable(current):
                    found.setdefault(current.identity, Part(current))
                continue
            if current.identity in entered:
                continue
            entered.add(current.identity)
            pending.append((current, True))
            pending.extend((inner, False) for inner in reversed(self._conjuncts(current)))
        return list(found.values())

    def _conjuncts(self, node: Node) -> list[Node]:
        if not isinstance(node.value, dict):
            return []
        if references(node):
            target = self.document.ref_target(node)
            return [] if target is None else [target]
        group = node.get("allOf")
        return list(group.elements()) if group is not None and isinstance(group.value, list) else []

    def shape(self, parts: Iterable[Part]) -> Shape:
        """Merge a conjunction: types intersect, properties unite, bounds tighten."""
        shape = Shape()
        nullable: list[bool] = []
        for part in parts:
            self._merge(shape, part, nullable)
        # Vendors write `allOf: [...], nullable: true` and mean it, so one part that lets null in is enough.
        shape.nullable = any(nullable) or (shape.values is not None and None in shape.values)
        return shape

    def _merge(self, shape: Shape, part: Part, nullable: list[bool]) -> None:
        node, value = part.node, part.node.value
        if not isinstance(value, dict):
            return
        reference = references(node) and self.document.version < (3, 1)
        nullable.append(says_nullable(node))
        if reference:
            return
        _merge_types(shape, value)
        _merge_values(shape, value)
        _merge_object(shape, node)
        for keyword in ("items", "prefixItems"):
            if (items := node.get(keyword)) is not None:
                shape.items.extend(items.elements() if isinstance(items.value, list) else [items])
        for keyword in sorted(GROUPS - part.masked):
            group = node.get(keyword)
            if group is not None and isinstance(group.value, list) and group.value:
                shape.groups.append(Group(part, group))
                shape.discriminator = shape.discriminator or node.get("discriminator")
        shape.bounds.merge(value)
        if (pattern := node.get("pattern")) is not None and isinstance(pattern.value, str):
            shape.patterns.append(pattern)


def _merge_types(shape: Shape, value: dict[str, Any]) -> None:
    kind = value.get("type")
    if kind == "null":
        shape.types = frozenset()
    names = {name for name in _listed(kind) if isinstance(name, str)} - {"null"}
    if not names:
        return
    if "number" in names:
        names.add("integer")
    shape.types = frozenset(names) if shape.types is None else shape.types & frozenset(names)
    if isinstance(value.get("format"), str):
        shape.format = value["format"]
    elif _is_raw(value):
        shape.format = "binary"


def _is_raw(value: dict[str, Any]) -> bool:
    """Whether a string is raw bytes as 3.1 says it: a media type that is no text, in no encoding that is text."""
    media = value.get("contentMediaType")
    encoded = value.get("contentEncoding") not in (None, "binary")
    return isinstance(media, str) and not encoded and _RAW.match(media) is not None


def _listed(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else [value]


def _merge_values(shape: Shape, value: dict[str, Any]) -> None:
    values = value.get("enum") if isinstance(value.get("enum"), list) else None
    if "const" in value:
        values = [value["const"]]
    if not values:
        return
    if shape.values is None:
        shape.values = list(values)
        return
    allowed = {json.dumps(item, sort_keys=True) for item in values}
    shape.values = [item for item in shape.values if json.dumps(item, sort_keys=True) in allowed]


def _merge_object(shape: Shape, node: Node) -> None:
    if (properties := node.get("properties")) is not None and isinstance(properties.value, dict):
        for name, inner in properties.items():
            shape.properties.setdefault(name, []).append(inner)
    required = node.get("required")
    if required is not None and isinstance(required.value, list):
        shape.required |= dict.fromkeys(name for name in required.value if isinstance(name, str))
    for keyword in ("additionalProperties", "unevaluatedProperties"):
        additional = node.get(keyword)
        if additional is None:
            continue
        if additional.value is False:
            shape.closed = True
        elif additional.value is True or not asserts(additional):
            shape.additional_allowed = True
        else:
            shape.additional.append(additional)
    patterns = node.get("patternProperties")
    if patterns is not None and isinstance(patterns.value, dict):
        shape.additional.extend(inner for _, inner in patterns.items())
