"""What kind of value a schema asks for, as far as reading text needs it: types, items and properties."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from clientsmith.document.model import JSON, Node
from clientsmith.document.resolved import Identity, ResolvedDocument

_MAX_PARTS = 1000
_NAMES: dict[type, str] = {
    bool: "boolean", int: "number", float: "number", Decimal: "number", str: "string", list: "array", dict: "object",
}  # fmt: skip


class Shapes:
    """Answers about schemas, each worked out once."""

    def __init__(self, resolved: ResolvedDocument) -> None:
        self._resolved = resolved
        self._kinds: dict[Identity, frozenset[str]] = {}
        self._properties: dict[Identity, dict[str, Node]] = {}
        self._items: dict[Identity, Node | None] = {}

    def kinds(self, schema: Node | None) -> frozenset[str]:
        """The JSON types that some branch of a schema allows, `integer` as `number`; empty where it says nothing."""
        if schema is None:
            return frozenset()
        known = self._kinds.get(schema.identity)
        if known is None:
            known = frozenset(kind for part in self.parts(schema) for kind in _stated(part))
            self._kinds[schema.identity] = known
        return known

    def properties(self, schema: Node | None) -> dict[str, Node]:
        """The properties that any branch of a schema names."""
        if schema is None:
            return {}
        known = self._properties.get(schema.identity)
        if known is None:
            found: dict[str, Node] = {}
            for part in self.parts(schema):
                properties = part.get("properties")
                for key in properties.mapping if properties is not None else ():
                    if properties is not None:
                        found.setdefault(key, properties.child(key))
            known = self._properties[schema.identity] = found
        return known

    def additional(self, schema: Node | None) -> Node | None:
        """The schema of properties without a name of their own."""
        return None if schema is None else self._first(schema, "additionalProperties")

    def is_open(self, schema: Node | None) -> bool:
        """Whether a schema allows properties that it does not name."""
        return schema is None or not any(
            part.mapping.get("additionalProperties") is False for part in self.parts(schema)
        )

    def items(self, schema: Node | None) -> Node | None:
        """The schema of the items of an array."""
        if schema is None:
            return None
        if schema.identity not in self._items:
            self._items[schema.identity] = self._first(schema, "items")
        return self._items[schema.identity]

    def _first(self, schema: Node, keyword: str) -> Node | None:
        for part in self.parts(schema):
            inner = part.get(keyword)
            if inner is not None and isinstance(inner.value, dict):
                return inner
        return None

    def parts(self, schema: Node) -> Iterator[Node]:
        """The schema and all those that it is composed of, references followed; each once."""
        seen: set[Identity] = set()
        waiting = [schema]
        while waiting and len(seen) < _MAX_PARTS:
            node = waiting.pop()
            if node.identity in seen:
                continue
            seen.add(node.identity)
            yield node
            target = self._resolved.ref_target(node)
            if target is not None:
                waiting.append(target)
            for keyword in ("oneOf", "anyOf", "allOf"):
                listed = node.get(keyword)
                waiting.extend(reversed(list(listed.elements())) if listed is not None else ())


def _stated(part: Node) -> Iterator[str]:
    stated = part.mapping.get("type")
    for name in stated if isinstance(stated, list) else [stated]:
        if isinstance(name, str):
            yield "number" if name == "integer" else name
    if part.mapping.get("nullable") is True:
        yield "null"
    if stated is None:
        members = part.mapping.get("enum")
        listed: list[JSON] = members if isinstance(members, list) else []
        if "const" in part.mapping:
            listed = [*listed, part.mapping["const"]]
        yield from {_NAMES.get(type(member), "null") for member in listed}
        if "properties" in part.mapping:
            yield "object"
        if "items" in part.mapping:
            yield "array"
