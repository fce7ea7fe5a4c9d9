"""Instances of schemas: random JSON values meant to be valid; whether they are is for a JSON Schema validator to say."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Schema = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

_FORMATS: dict[str, st.SearchStrategy[str]] = {
    "date": st.dates().map(str),
    "date-time": st.datetimes().map(lambda when: when.isoformat() + "Z"),
    "uuid": st.uuids().map(str),
    "byte": st.sampled_from(["", "aGk="]),
}
_PATTERNS = {"^a": ["a", "abc"], "^[a-c]*$": ["", "abc"], "\\d": ["1", "x9y"]}
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
_DEEPEST = 5


class EndlessError(Exception):
    """Every value of the schema is infinitely deep, or the drawing was unlucky."""


class Instances:
    """Draws values of the schemas of one document."""

    def __init__(self, draw: Draw, components: dict[str, Schema]) -> None:
        self._draw = draw
        self._components = components

    def of(self, schema: Schema, depth: int = 0) -> Any:
        """A value of a schema."""
        if depth > 6 * _DEEPEST:
            raise EndlessError
        if "$ref" in schema:
            return self.of(self._components[schema["$ref"].rsplit("/", 1)[-1]], depth + 1)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._draw(st.sampled_from(schema["enum"]))
        if "allOf" in schema:
            return self._conjunction(schema, depth)
        for keyword in ("oneOf", "anyOf"):
            if keyword in schema:
                members = schema[keyword]
                member = members[0] if depth > _DEEPEST else self._draw(st.sampled_from(members))
                return self.of(member, depth + 1)
        kinds = schema.get("type", ["string", "integer", "boolean", "null", "object", "array"])
        kind = self._draw(st.sampled_from(kinds)) if isinstance(kinds, list) else kinds
        return getattr(self, f"_{kind}")(schema, depth)

    def _conjunction(self, schema: Schema, depth: int) -> Any:
        parts = [self.of(part, depth + 1) for part in schema["allOf"]]
        beside = {key: value for key, value in schema.items() if key != "allOf"}
        if "properties" in beside:
            parts.append(self._object(beside, depth))
        if not all(isinstance(part, dict) for part in parts):
            return parts[0]
        return dict(itertools.chain.from_iterable(part.items() for part in parts))

    def _null(self, schema: Schema, depth: int) -> None:
        return None

    def _boolean(self, schema: Schema, depth: int) -> bool:
        return bool(self._draw(st.booleans()))

    def _integer(self, schema: Schema, depth: int) -> int:
        low, high = schema.get("minimum", -(2**60)), schema.get("maximum", 2**60)
        return int(self._draw(st.integers(low, high)))

    def _number(self, schema: Schema, depth: int) -> Any:
        whole = st.integers(1, 10**6)
        fraction = st.floats(0.001, 1e6, allow_nan=False)
        # A float is no exact amount: what is sent as one has to be whole, or a Decimal.
        kinds: st.SearchStrategy[float] = (
            whole if schema.get("format") == "decimal" else st.one_of(whole, fraction)
        )
        return self._draw(kinds)

    def _string(self, schema: Schema, depth: int) -> str:
        if "pattern" in schema:
            return str(self._draw(st.sampled_from(_PATTERNS[schema["pattern"]])))
        if schema.get("format") in _FORMATS:
            return str(self._draw(_FORMATS[schema["format"]]))
        low, high = schema.get("minLength", 0), schema.get("maxLength", 4)
        return str(self._draw(st.text(st.characters(exclude_categories=["Cs"]), min_size=low, max_size=high)))

    def _array(self, schema: Schema, depth: int) -> list[Any]:
        if depth > _DEEPEST:
            return []
        first = [self.of(item, depth + 1) for item in schema.get("prefixItems", [])]
        if schema.get("items") is False:
            return first
        size = self._draw(st.integers(0, schema.get("maxItems", 2)))
        return first + [self.of(schema.get("items", {}), depth + 1) for _ in range(size)]

    def _object(self, schema: Schema, depth: int) -> dict[str, Any]:
        properties = schema.get("properties", {})
        required = schema.get("required", [])
        made: dict[str, Any] = {}
        for name in properties:
            wanted = name in required or (depth <= _DEEPEST and self._draw(st.booleans()))
            if wanted:
                made[name] = self.of(properties[name], depth + 1)
        for inner in schema.get("patternProperties", {}).values():
            if depth <= _DEEPEST and self._draw(st.booleans()):
                made["x-" + self._draw(_TEXT)] = self.of(inner, depth + 1)
        additional = schema.get("additionalProperties", False)
        if depth <= _DEEPEST and additional is not False and self._draw(st.booleans()):
            key = self._draw(_TEXT)
            if key not in properties:
                made[key] = self.of({} if additional is True else additional, depth + 1)
        return made
