"""What the parts of a schema say together about the members of objects and the items of arrays, part by part.

Each schema object judges the members that its own `properties` and `patternProperties` do not know, so that parts whose
keywords look at their neighbours (`additionalProperties`, `unevaluatedProperties`) are never merged with others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from clientsmith.diff.wire.schema.model import Direction, Layer, Limit, Members, Row
from clientsmith.document.model import Node
from clientsmith.jsonschema.branches import Branches
from clientsmith.jsonschema.keywords import asserts, elements, required_entries
from clientsmith.jsonschema.pattern_syntax import searches
from clientsmith.jsonschema.reader import SchemaReader

_HIDDEN: dict[Direction, str] = {"request": "readOnly", "response": "writeOnly"}
_UNIVERSAL = frozenset({"", "^", "$", ".*", "^.*", ".*$"})
_START = re.compile(r"\^((?:\w|-)*)")
_REPEATS = frozenset("?*{")
_EVALUATING_ITEMS = ("contains", "items", "unevaluatedItems")


def members_of(
    nodes: Iterable[Node], reader: SchemaReader, branches: Branches, direction: Direction
) -> Members:
    """What schema objects that all hold say of the members of an object."""
    nodes = tuple(nodes)
    layers = tuple(layer for node in nodes for layer in _layers(node, branches))
    required: dict[str, Node] = {}
    dependent: set[tuple[str, str]] = set()
    for node in nodes:
        required |= required_entries(node) | required
        for name, needed in _dependent(node):
            dependent |= {(name, one) for one in needed}
    mark = _HIDDEN[direction]
    schemas = ((name, one) for layer in layers for name, one in layer.properties.items())
    hidden = {
        name
        for name, one in schemas
        if one is not None and any(_says(node, mark, reader) for node in reader.marks(one))
    }
    names = (node.get("propertyNames") for node in nodes)
    return Members(
        layers,
        required,
        frozenset(hidden),
        tuple(one for one in names if one is not None),
        frozenset((name, needed) for name, needed in dependent if needed != name and needed not in required),
    )


def _dependent(node: Node) -> Iterator[tuple[str, Iterable[str]]]:
    """What a member needs beside it, by `dependentRequired` or a schema that only requires it."""
    named, schemas = node.get("dependentRequired"), node.get("dependentSchemas")
    for name, listed in named.items() if named is not None else ():
        yield name, (one.value for one in listed.elements() if isinstance(one.value, str))
    for name, schema in schemas.items() if schemas is not None else ():
        if not asserts(schema, ("required",)):
            yield name, required_entries(schema)


def _says(node: Node, mark: str, reader: SchemaReader) -> bool:
    """Whether a schema object is marked; what is beside a reference counts from 3.1 on."""
    return node.mapping.get(mark) is True and not reader.is_bare_reference(node)


def _layers(node: Node, branches: Branches) -> Iterator[Layer]:
    properties, patterned = node.get("properties"), node.get("patternProperties")
    others = limiting(node.get("additionalProperties"))
    listed = tuple(patterned.items()) if patterned is not None else ()
    for pattern, schema in listed:
        if is_universal(pattern) and limiting(schema) is not None:
            yield Layer({}, (), limiting(schema))
    others = None if any(is_universal(pattern) for pattern, _ in listed) else others
    listed = tuple(
        (pattern, one)
        for pattern, one in listed
        if not is_universal(pattern) and (others is not None or limiting(one) is not None)
    )
    if properties is not None or listed or others is not None:
        yield Layer(dict(properties.items()) if properties is not None else {}, listed, others)
    unevaluated = limiting(node.get("unevaluatedProperties"))
    if unevaluated is not None and "additionalProperties" not in node.mapping:
        known = list(branches.of(node))
        if not any(_evaluates_all(one, node) for one in known):
            names = (name for one in known for name in _keys(one, "properties"))
            patterns = (name for one in known for name in _keys(one, "patternProperties"))
            yield Layer(dict.fromkeys(names), tuple((name, None) for name in patterns), unevaluated)


def limiting(node: Node | None) -> Node | None:
    """A schema unless it allows everything, as the default of its keyword does."""
    return None if node is None or node.value is True or node.value == {} else node


def refuses_all(node: Node) -> bool:
    """Whether a schema allows nothing, by itself or by `not`."""
    inner = node.get("not")
    return node.value is False or (inner is not None and limiting(inner) is None)


def _evaluates_all(one: Node, around: Node) -> bool:
    keywords = (
        {"additionalProperties", "unevaluatedProperties"} if one != around else {"additionalProperties"}
    )
    return bool(keywords & one.mapping.keys())


def _keys(node: Node, keyword: str) -> list[str]:
    inner = node.get(keyword)
    return [] if inner is None else list(inner.mapping)


def of_name(members: Members, name: str) -> list[Node]:
    """The schemas that a member of that name has to fit: by name and by pattern, or else those of all others."""
    found: list[Node | None] = []
    for layer in members.layers:
        matching = [layer.properties[name]] if name in layer.properties else []
        matching += [one for pattern, one in layer.patterned if searches(pattern, name)]
        found += matching or [layer.others]
    return [one for one in found if one is not None]


def of_pattern(members: Members, pattern: str) -> list[Node]:
    """The schemas of members whose names match that pattern: those by patterns that cover it, or of all others."""
    found: list[Node | None] = []
    for layer in members.layers:
        found += [one for other, one in layer.patterned if _covers(other, pattern)] or [layer.others]
    return [one for one in found if one is not None]


def is_universal(pattern: str) -> bool:
    """Whether every name matches."""
    return pattern in _UNIVERSAL


def _covers(pattern: str, other: str) -> bool:
    """Whether all names that match the other pattern match this one, as far as the start of names shows it."""
    start, own = _start(other), _START.fullmatch(pattern)
    return pattern == other or (own is not None and start is not None and start.startswith(own[1]))


def may_overlap(pattern: str, other: str) -> bool:
    """Whether some name may match both patterns."""
    starts = _start(pattern), _start(other)
    if starts[0] is None or starts[1] is None:
        return True
    return starts[0].startswith(starts[1]) or starts[1].startswith(starts[0])


def _start(pattern: str) -> str | None:
    """What every name that matches starts with; None if the pattern does not look at the start."""
    found = _START.match(pattern)
    if found is None or "|" in pattern:
        return None
    is_repeated = pattern[found.end() : found.end() + 1] in _REPEATS
    return found[1][:-1] if is_repeated and found.end() < len(pattern) else found[1]


def of_others(members: Members) -> list[Node]:
    """The schemas of members that no name and no pattern speaks of."""
    return [layer.others for layer in members.layers if layer.others is not None]


def names_of(members: Members) -> set[str]:
    """The names that a schema speaks of: those with a schema of their own, and those that are required."""
    described = {
        name for layer in members.layers for name, one in layer.properties.items() if one is not None
    }
    return described | members.required.keys()


def patterns_of(members: Members) -> set[str]:
    """The patterns of names that have a schema of their own."""
    return {pattern for layer in members.layers for pattern, one in layer.patterned if one is not None}


def described(members: Members, name: str) -> Node | None:
    """The first schema that a property has by its name."""
    found = (layer.properties.get(name) for layer in members.layers)
    return next((node for node in found if node is not None), None)


def of_texts(schemas: tuple[Node, ...], place: Node) -> tuple[Node, ...]:
    """Schemas of names, which are strings whatever types are stated."""
    steps = ("propertyNames", "type") if schemas else ("propertyNames",)
    return *schemas, Node(place.document, (*place.pointer, *steps), {"type": "string"})


def rows_of(
    nodes: Iterable[Node], branches: Branches, most: Limit | None
) -> tuple[tuple[Row, ...], Limit | None]:
    """What schema objects that all hold say of the items of an array, and how many items there may be.

    `most` is the number that is stated; a row that refuses what comes after the first ones says the same.
    """
    rows = list(_rows(nodes, branches))
    closed = [len(row.first) for row in rows if row.others is not None and refuses_all(row.others)]
    counts = [*closed, most] if isinstance(most, int) else closed
    if not counts:
        return tuple(rows), most
    least = min(counts)
    known = places_of(rows)
    places = range(min(known, least))
    cut = (
        Row(
            tuple(row.first[place] if place < len(row.first) else row.others for place in places),
            row.others if known < least else None,
        )
        for row in rows
    )
    return tuple(row for row in cut if any(row.first) or row.others is not None), least


def _rows(nodes: Iterable[Node], branches: Branches) -> Iterator[Row]:
    for node in nodes:
        items, first = node.get("items"), elements(node, "prefixItems")
        if items is not None and isinstance(items.value, list):  # before 2020-12
            first, items = list(items.elements()), node.get("additionalItems")
        others = limiting(items)
        if first or others is not None:
            yield Row(tuple(first), others)
        unevaluated = limiting(node.get("unevaluatedItems"))
        if unevaluated is not None and "items" not in node.mapping:
            known = list(branches.of(node))
            if not any(_evaluates_items(one, node) for one in known):
                count = max(len(elements(one, "prefixItems")) for one in known)
                yield Row((None,) * count, unevaluated)


def _evaluates_items(one: Node, around: Node) -> bool:
    keywords = _EVALUATING_ITEMS if one != around else _EVALUATING_ITEMS[:2]
    return any(keyword in one.mapping for keyword in keywords)


def of_item(rows: Iterable[Row], index: int | None) -> list[Node]:
    """The schemas of the item at a place; None is any place after those that have schemas of their own."""
    found = (row.first[index] if index is not None and index < len(row.first) else row.others for row in rows)
    return [one for one in found if one is not None]


def places_of(rows: Iterable[Row]) -> int:
    """How many first items have schemas of their own."""
    return max((len(row.first) for row in rows), default=0)
