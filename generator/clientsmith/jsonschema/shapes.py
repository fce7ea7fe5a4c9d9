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
        self._inner: dict[tuple[Identity, str], Node | None] = {}
        self._formats: dict[Identity, frozenset[str]] = {}
        self._choices: dict[Identity, bool] = {}

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
        return self._first(schema, "items")

    def formats(self, schema: Node | None) -> frozenset[str]:
        """The formats that some branch of a schema has."""
        if schema is None:
            return frozenset()
        known = self._formats.get(schema.identity)
        if known is None:
            stated = (part.mapping.get("format") for part in self.parts(schema))
            known = self._formats[schema.identity] = frozenset(one for one in stated if isinstance(one, str))
        return known

    def has_choice(self, schema: Node) -> bool:
        """Whether some part of a schema is a choice between several things, null apart."""
        known = self._choices.get(schema.identity)
        if known is None:
            known = self._choices[schema.identity] = any(map(self._is_choice, self.parts(schema)))
        return known

    def _is_choice(self, part: Node) -> bool:
        for keyword in ("oneOf", "anyOf"):
            choice = part.get(keyword)
            branches = choice.elements() if choice is not None else ()
            if sum(self._resolved.deref(one).mapping.get("type") != "null" for one in branches) > 1:
                return True
        return False

    def _first(self, schema: Node, keyword: str) -> Node | None:
        key = (schema.identity, keyword)
        if key not in self._inner:
            inner = (part.get(keyword) for part in self.parts(schema))
            found = (one for one in inner if one is not None and isinstance(one.value, dict))
            self._inner[key] = next(found, None)
        return self._inner[key]

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
