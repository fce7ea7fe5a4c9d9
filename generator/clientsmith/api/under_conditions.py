"""What only a condition says of a place: that strings are base64, and which names objects have that get a class.

A type has to let both in; whether the condition holds is for the check of the whole schema to say.
"""

from __future__ import annotations

import json
from typing import cast

from clientsmith.document.model import JSON, Node
from clientsmith.jsonschema.keywords import is_base64, required_entries
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.shape import Shape

_DEEPEST, _NEAR = 20, 5
"""How many levels below a place are searched for items, and how many for members too."""
_STEP = "~beyond"
"""A step in the places of such schemas."""


def beyond(reader: SchemaReader, nodes: list[Node], said: Node) -> Node | None:
    """A schema for what `said` says beyond the schemas of the same place; None for nothing.

    Its place is made of what it says, so that two of them are the same only if they say the same.
    """
    found = _beyond(reader, nodes, said, 0)
    step = json.dumps(found, sort_keys=True)
    return Node(said.document, (*said.pointer, _STEP, step), found) if found else None


def is_beyond(node: Node) -> bool:
    """Whether a schema is such a schema, or inside one."""
    return _STEP in node.pointer


def adds_names(node: Node) -> bool:
    """Whether it is one that has names, at any depth."""
    return is_beyond(node) and _has_names(node.value)


def _has_names(value: JSON) -> bool:
    return isinstance(value, dict) and ("properties" in value or any(map(_has_names, value.values())))


def _beyond(reader: SchemaReader, nodes: list[Node], said: Node, depth: int) -> dict[str, JSON]:
    ends = [reader.canonical(node)[0] for node in nodes]
    shape = reader.shape(part for end in ends for part in reader.parts(end))
    takes_names = _takes_names(reader, shape)
    found: dict[str, JSON] = {}
    is_other = depth < _DEEPEST and reader.canonical(said)[0] not in ends
    for node in reader.marks(said) if is_other else ():
        if is_base64(node):
            found["contentEncoding"] = "base64"
        items = node.get("items")
        if items is not None:
            _add(found, "items", _beyond(reader, shape.items, items, depth + 1))
        for one in unnamed(node, shape) if depth < _NEAR else ():
            for own in shape.patterned:
                below = _beyond(reader, [own], one, depth + 1)
                _add(found, "patternProperties", {own.key: below} if below else {})
            below = _beyond(reader, shape.additional, one, depth + 1) if shape.additional else {}
            _add(found, "additionalProperties", below)
        names = required_entries(node) | members(node, "properties") if depth < _NEAR else {}
        for name, one in names.items():
            known = shape.properties.get(name)
            more: JSON = _beyond(reader, known, one, depth + 1) if known else takes_names
            _add(found, "properties", {name: more} if more else {})
    return found


def _takes_names(reader: SchemaReader, shape: Shape) -> bool:
    """Whether a class is made of a schema, or of a member of its only union, that refuses names it does not know."""
    if len(shape.groups) != 1:
        return shape.takes_names
    return not (shape.closed or shape.is_open) and reader.has_named_member(shape.groups[0].node)


def _add(found: dict[str, JSON], keyword: str, more: dict[str, JSON]) -> None:
    """Add to what was found under a keyword, if there is anything to add."""
    if more:
        found[keyword] = {**cast("dict[str, JSON]", found.get(keyword, {})), **more}


def unnamed(node: Node, shape: Shape) -> list[Node]:
    """What a schema object says of the members that an object has no names for, but schemas."""
    if not (shape.additional or shape.patterned):
        return []
    named = (one for name, one in members(node, "properties").items() if name not in shape.properties)
    others = (node.get(keyword) for keyword in ("additionalProperties", "unevaluatedProperties"))
    return [*named, *members(node, "patternProperties").values(), *(one for one in others if one is not None)]


def members(node: Node, keyword: str) -> dict[str, Node]:
    """What a keyword that is a mapping holds, by name."""
    holder = node.get(keyword)
    return {} if holder is None else dict(holder.items())
