"""What a conjunction of schema objects says once its keywords are merged: one `Shape`.

Merging is reading only: no name and no type of Python is decided here, and no reference is followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from clientsmith.document.model import JSON, Node
from clientsmith.jsonschema.bounds import Bounds
from clientsmith.jsonschema.keywords import (
    CHOICES,
    asserts,
    common_values,
    elements,
    format_of,
    implied_types,
    is_base64,
    listed_values,
    required_entries,
    stated_types,
)
from clientsmith.jsonschema.pattern_syntax import searches

GROUPS = frozenset(CHOICES)


@dataclass(frozen=True, slots=True)
class Part:
    """One schema object of a conjunction; `masked` names the groups (`anyOf`, `oneOf`) that are left out of it."""

    node: Node
    masked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Group:
    """An `anyOf` or `oneOf` and the part of the conjunction that it belongs to."""

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
    """The merged keywords of a conjunction. `types` is None if none is stated, and never contains "null"."""

    types: frozenset[str] | None = None
    implied: frozenset[str] = frozenset()
    """The types that keywords and values show if none is stated."""
    nullable: bool = False
    values: list[JSON] | None = None
    properties: dict[str, list[Node]] = field(default_factory=dict[str, list[Node]])
    """In the order of the document; after them those that are required only (`declare_required`)."""
    required: dict[str, Node] = field(default_factory=dict[str, Node])
    """In the order of the document, each with its entry in `required`."""
    closers: list[Node] = field(default_factory=list[Node])
    """The keywords that forbid every property without a schema of its own."""
    additional: list[Node] = field(default_factory=list[Node])
    """The schemas of properties that have neither a name nor a pattern of their own."""
    patterned: list[Node] = field(default_factory=list[Node])
    """The schemas of `patternProperties`; the key of each is its pattern."""
    additional_allowed: bool = False
    items: list[Node] = field(default_factory=list[Node])
    prefix: list[list[Node]] = field(default_factory=list[list[Node]])
    """The schemas of the first items by place (`prefixItems`, before 2020-12 a list in `items`)."""
    contains: list[Node] = field(default_factory=list[Node])
    groups: list[Group] = field(default_factory=list[Group])
    format: str | None = None
    is_base64: bool = False
    patterns: list[Node] = field(default_factory=list[Node])
    bounds: Bounds = field(default_factory=Bounds)
    discriminator: Node | None = None

    @property
    def kinds(self) -> frozenset[str]:
        """The types that are stated, else those that are implied; empty for a schema that shows none."""
        return self.implied if self.types is None else self.types

    @property
    def is_impossible(self) -> bool:
        """Whether types or listed values leave no value, null neither, whatever the alternatives say."""
        return self.values == [] or (self.types == frozenset() and not self.nullable)

    @property
    def closed(self) -> bool:
        """Whether the schema forbids properties that it does not describe."""
        return bool(self.closers)

    @property
    def takes_names(self) -> bool:
        """Whether this is an object without alternatives that describes properties, and says nothing of others."""
        is_bare = not (self.groups or self.closed or self.is_open)
        return is_bare and self.is_object and bool(self.properties)

    @property
    def is_open(self) -> bool:
        """Whether the schema speaks of properties that it does not name, as allowed."""
        return bool(self.additional or self.patterned or self.additional_allowed)

    @property
    def is_object(self) -> bool:
        """Whether the values are JSON objects."""
        return self.kinds == frozenset({"object"})

    def of_property(self, name: str) -> list[Node]:
        """The schemas of a property: by its name, else by the patterns that it matches, else those of all others."""
        matching = (one for one in self.patterned if searches(one.key, name))
        return self.properties.get(name) or [*matching] or self.additional

    @property
    def any_item(self) -> list[Node]:
        """The schemas that items have at whatever place; `items: false` after those of the first ones has none."""
        rest = (node for node in self.items if node.value is not False or not self.prefix)
        return [*(node for nodes in self.prefix for node in nodes), *rest]

    def of_item(self, index: int) -> list[Node]:
        """The schemas of the item at a place."""
        return self.prefix[index] if index < len(self.prefix) else self.items


def merge(shape: Shape, part: Part) -> None:
    """Take one more schema object into a conjunction: types intersect, properties unite, bounds tighten."""
    node = part.node
    _merge_types(shape, node)
    _merge_values(shape, node)
    _merge_object(shape, node)
    _merge_array(shape, node)
    for keyword in sorted(GROUPS - part.masked):
        group = node.get(keyword)
        if group is not None and isinstance(group.value, list) and group.value:
            shape.groups.append(Group(part, group))
            shape.discriminator = shape.discriminator or node.get("discriminator")
    shape.bounds.merge(node.mapping)
    pattern = node.get("pattern")
    if pattern is not None and isinstance(pattern.value, str):
        shape.patterns.append(pattern)


def declare_required(shape: Shape, names: Mapping[str, Node] | None = None) -> None:
    """Give every name that is required a schema if the object has other properties and does not forbid this one.

    It is that of a pattern or of all other properties, else one that allows every value.
    """
    for name, entry in (shape.required if names is None else names).items() if shape.properties else ():
        described = shape.of_property(name) or ([] if shape.closed else [entry])
        if described:
            shape.properties.setdefault(name, described)


def _merge_types(shape: Shape, node: Node) -> None:
    shape.format = format_of(node) or shape.format
    shape.is_base64 = shape.is_base64 or is_base64(node)
    stated = stated_types(node)
    if not stated:
        shape.implied |= implied_types(node) - {"null"}
        return
    names = frozenset(stated) - {"null"}
    if "number" in names:
        names |= {"integer"}
    shape.types = names if shape.types is None else shape.types & names


def _merge_values(shape: Shape, node: Node) -> None:
    values = listed_values(node)
    if values is not None:
        shape.values = list(values) if shape.values is None else common_values(shape.values, values)


def _merge_object(shape: Shape, node: Node) -> None:
    properties = node.get("properties")
    if properties is not None:
        for name in properties.mapping:
            shape.properties.setdefault(name, []).append(properties.child(name))
    for name, entry in required_entries(node).items():
        shape.required.setdefault(name, entry)
    for keyword in ("additionalProperties", "unevaluatedProperties"):
        additional = node.get(keyword)
        if additional is None:
            continue
        if additional.value is False:
            shape.closers.append(additional)
        elif additional.value is True or not asserts(additional):
            shape.additional_allowed = True
        else:
            shape.additional.append(additional)
    patterns = node.get("patternProperties")
    if patterns is not None:
        shape.patterned.extend(inner for _, inner in patterns.items())


def _merge_array(shape: Shape, node: Node) -> None:
    items, contains = node.get("items"), node.get("contains")
    if items is not None and not isinstance(items.value, list):
        shape.items.append(items)
    for index, inner in enumerate(elements(node, "prefixItems") or elements(node, "items")):
        if index == len(shape.prefix):
            shape.prefix.append([])
        shape.prefix[index].append(inner)
    shape.contains.extend([] if contains is None else [contains])
