"""A small valid instance of a schema, for what a document has no example of; the same one every time."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import cast

from clientsmith.document.model import Node
from clientsmith.document.plain_schema import Direction, exact
from clientsmith.document.resolved import Identity, ResolvedDocument
from clientsmith.replay import patterns
from clientsmith.replay.exact_json import Value
from clientsmith.replay.schemas import Schemas

_MAX_STEPS = 5_000
_MAX_BRANCHES = 12
_MAX_ITEMS = 100
_MAX_LENGTH = 100_000
_FORMATS = {
    "date": "1970-01-01",
    "date-time": "1970-01-01T00:00:00Z",
    "time": "00:00:00Z",
    "duration": "P1D",
    "email": "someone@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "uri-reference": "https://example.com/",
    "url": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "byte": "AA==",
    "base64": "AA==",
    "json-pointer": "/a",
    "regex": "a",
    "decimal": "1",
}
_UNUSED = {"request": "readOnly", "response": "writeOnly", "any": ""}


class NoInstanceError(ValueError):
    """No instance of a schema could be made."""


class Instances:
    """Makes instances: examples and defaults where schemas have them, else as little as is allowed."""

    def __init__(self, resolved: ResolvedDocument, schemas: Schemas) -> None:
        self._resolved = resolved
        self._schemas = schemas
        self._made: dict[tuple[Identity, Direction, bool], Value] = {}

    def make(self, schema: Node, direction: Direction) -> Value:
        """A valid instance; raises NoInstanceError."""
        for is_rich in (True, False):
            try:
                value = _Maker(self, direction, is_rich).value(schema, ())
            except (NoInstanceError, RecursionError):
                continue
            if self._schemas.is_valid(schema, value, direction):
                return value
        raise NoInstanceError


class _Maker:
    """One attempt: `is_rich` takes optional properties too where the document gives a value for them."""

    def __init__(self, owner: Instances, direction: Direction, is_rich: bool) -> None:
        self.resolved = owner._resolved
        self.schemas = owner._schemas
        self.made = owner._made
        self.direction = direction
        self.is_rich = is_rich
        self.steps = 0

    def value(self, schema: Node, above: tuple[Identity, ...]) -> Value:
        """An instance of a schema that stands below those others; raises NoInstanceError."""
        target = self.resolved.deref(schema)
        key = (schema.identity, self.direction, self.is_rich)
        if key in self.made:
            return self.made[key]
        self.steps += 1
        if self.steps > _MAX_STEPS or above.count(target.identity) > 1:
            raise NoInstanceError
        if schema.value is False:
            raise NoInstanceError
        for candidate in self._candidates(schema, (*above, target.identity)):
            if self.schemas.is_valid(schema, candidate, self.direction):
                self.made[key] = candidate
                return candidate
        raise NoInstanceError

    def _candidates(self, schema: Node, above: tuple[Identity, ...]) -> Iterator[Value]:
        for number, parts in enumerate(self._views(schema, 0)):
            if number >= _MAX_BRANCHES:
                break
            yield from _stated(parts)
            kinds = _kinds(parts)
            for kind in kinds:
                try:
                    yield from self._of_kind(kind, parts, above)
                except NoInstanceError:
                    continue
        yield None

    def _of_kind(self, kind: str, parts: list[Node], above: tuple[Identity, ...]) -> Iterator[Value]:
        if kind == "object":
            yield from self._objects(parts, above)
        elif kind == "array":
            yield from self._arrays(parts, above)
        elif kind == "string":
            yield from _strings(parts)
        elif kind in ("integer", "number"):
            yield from _numbers(parts)
        elif kind == "boolean":
            yield from (True, False)
        else:
            yield None

    def _views(self, schema: Node, depth: int) -> Iterator[list[Node]]:
        """The schemas that hold at once, one list for each way through the choices."""
        own: list[Node] = [schema]
        target = self.resolved.ref_target(schema)
        inner: list[list[Node]] = [] if target is None else [[target]]
        listed = schema.get("allOf")
        inner += [[part] for part in listed.elements()] if listed is not None else []
        for keyword in ("oneOf", "anyOf"):
            choice = schema.get(keyword)
            if choice is not None and isinstance(choice.value, list) and choice.value:
                inner.append(sorted(choice.elements(), key=self._is_null))
        if depth > 12:
            yield own
            return
        yield from self._combined(own, inner, depth)

    def _combined(self, own: list[Node], inner: list[list[Node]], depth: int) -> Iterator[list[Node]]:
        if not inner:
            yield own
            return
        for branch in inner[0]:
            for view in self._views(branch, depth + 1):
                yield from self._combined([*own, *view], inner[1:], depth + 1)

    def _is_null(self, branch: Node) -> bool:
        return self.resolved.deref(branch).mapping.get("type") == "null"

    def _objects(self, parts: list[Node], above: tuple[Identity, ...]) -> Iterator[Value]:
        properties: dict[str, list[Node]] = {}
        required: dict[str, None] = {}
        least = 0
        for part in parts:
            named = part.get("properties")
            for key in named.mapping if named is not None else ():
                if named is not None:
                    properties.setdefault(key, []).append(named.child(key))
            listed = part.mapping.get("required")
            required.update(
                {name: None for name in listed if isinstance(name, str)} if isinstance(listed, list) else {}
            )
            stated = part.mapping.get("minProperties")
            least = max(least, stated if isinstance(stated, int) else 0)
        made: dict[str, Value] = {}
        for name in [*required, *(name for name in properties if name not in required)]:
            nodes = properties.get(name, [])
            if self._is_unused(nodes):
                continue
            if name in required or (self.is_rich and any(self._has_example(node) for node in nodes)):
                try:
                    made[name] = self._property(name, nodes, parts, above)
                except NoInstanceError:
                    if name in required:
                        raise
        self._fill(made, least, properties, parts, above)
        yield made

    def _fill(
        self, made: dict[str, Value], least: int, properties: dict[str, list[Node]], parts: list[Node],
        above: tuple[Identity, ...],
    ) -> None:  # fmt: skip
        """Add properties until there are enough."""
        names = [name for name in properties if name not in made]
        names += [f"property{number}" for number in range(1, min(least, _MAX_ITEMS) + 1)]
        for name in names:
            if len(made) >= least:
                return
            if not self._is_unused(properties.get(name, [])):
                made[name] = self._property(name, properties.get(name, []), parts, above)

    def _property(
        self, name: str, nodes: list[Node], parts: list[Node], above: tuple[Identity, ...]
    ) -> Value:
        if not nodes:
            nodes = [extra for part in parts if (extra := part.get("additionalProperties")) is not None][:1]
            if not nodes or nodes[0].value is True:
                return "string"
        for node in nodes:
            value = self.value(node, above)
            if all(self.schemas.is_valid(other, value, self.direction) for other in nodes):
                return value
        raise NoInstanceError(name)

    def _is_unused(self, nodes: list[Node]) -> bool:
        mark = _UNUSED[self.direction]
        return any(
            one.mapping.get(mark) is True for node in nodes for one in (node, self.resolved.deref(node))
        )

    def _has_example(self, node: Node) -> bool:
        return any(
            key in one.mapping
            for one in (node, self.resolved.deref(node))
            for key in ("example", "examples", "default")
        )

    def _arrays(self, parts: list[Node], above: tuple[Identity, ...]) -> Iterator[Value]:
        least = max([0, *(_count(part, "minItems") for part in parts)])
        items = next((inner for part in parts if (inner := part.get("items")) is not None), None)
        prefix = next((list(inner.elements()) for part in parts if (inner := part.get("prefixItems"))), [])
        fixed = [self.value(node, above) for node in prefix]
        if least <= len(fixed) and fixed:
            yield [*fixed]
        one: Value = "string"
        try:
            if items is not None and isinstance(items.value, dict):
                one = self.value(items, above)
        except NoInstanceError:
            if least > len(fixed):
                raise
            yield []
            return
        count = min(max(least, 1), _MAX_ITEMS) - len(fixed)
        if self.is_rich or least > 0:
            yield [*fixed, *([one] * count)]
            yield [*fixed, *(_varied(one, number) for number in range(count))]
        if least == 0:
            yield []


def _stated(parts: list[Node]) -> Iterator[Value]:
    """The values that the document itself gives, by how much they say."""
    for part in parts:
        examples = part.mapping.get("examples")
        listed = examples if isinstance(examples, list) else []
        for key in ("const", "example"):
            if key in part.mapping:
                listed = [*listed, part.mapping[key]]
        yield from (cast("Value", exact(value)) for value in listed[:5])
    for part in parts:
        if "default" in part.mapping:
            yield cast("Value", exact(part.mapping["default"]))
        members = part.mapping.get("enum")
        yield from (
            cast("Value", exact(value)) for value in (members if isinstance(members, list) else [])[:200]
        )


def _kinds(parts: list[Node]) -> list[str]:
    """The types that all parts allow, null last; guessed from the keywords where none is stated."""
    allowed: list[str] | None = None
    is_nullable = False
    for part in parts:
        stated = part.mapping.get("type")
        is_nullable = is_nullable or part.mapping.get("nullable") is True
        names = [name for name in (stated if isinstance(stated, list) else [stated]) if isinstance(name, str)]
        if names and allowed is None:
            allowed = names
        elif names and allowed is not None:
            allowed = [name for name in allowed if name in names or (name == "integer" and "number" in names)]
    if allowed is None:
        keys = {key for part in parts for key in part.mapping}
        guess = "array" if "items" in keys else "string" if keys & {"pattern", "format", "minLength"} else ""
        guess = "object" if keys & {"properties", "required", "additionalProperties"} else guess
        guess = guess or ("number" if keys & {"minimum", "maximum", "multipleOf"} else "object")
        allowed = [guess, "object", "string", "array", "number"]
    return [
        *(kind for kind in allowed if kind != "null"),
        *(["null"] if is_nullable or "null" in allowed else []),
    ]


def _strings(parts: list[Node]) -> Iterator[Value]:
    shortest = max([0, *(_count(part, "minLength") for part in parts)])
    longest = min([_MAX_LENGTH, *(_count(part, "maxLength", _MAX_LENGTH) for part in parts)])
    for part in parts:
        pattern = part.mapping.get("pattern")
        if isinstance(pattern, str):
            for extra in dict.fromkeys((0, 1, shortest, max(shortest - 1, 0), 2, 3, 8)):
                try:
                    yield patterns.example(pattern, extra)
                except patterns.PatternError:
                    break
    for part in parts:
        known = _FORMATS.get(part.text("format"))
        if known is not None:
            yield known
    yield "string".ljust(min(shortest, _MAX_LENGTH), "x")[:longest]


def _numbers(parts: list[Node]) -> Iterator[Value]:
    limits: list[Decimal] = []
    for part in parts:
        for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"):
            stated = part.mapping.get(key)
            if isinstance(stated, int | float) and not isinstance(stated, bool):
                limits.append(Decimal(str(stated)))
    yield from (0, 1)
    for limit in limits:
        for step in (Decimal(0), Decimal(1), Decimal(-1), Decimal("0.001"), Decimal("-0.001")):
            yield _plain(limit + step)
        yield from (_plain(limit * factor) for factor in (2, 10))
    for low in limits:
        yield from (_plain((low + high) / 2) for high in limits)
    multiples = [limit for limit in limits if limit > 0]
    for low in limits:
        yield from (_plain((low // step + 1) * step) for step in multiples)


def _plain(number: Decimal) -> Value:
    return int(number) if number == number.to_integral_value() and abs(number) < 10**30 else number


def _varied(value: Value, number: int) -> Value:
    """Another value of the same kind, for arrays that hold nothing twice."""
    if isinstance(value, bool) or number == 0:
        return value
    if isinstance(value, int):
        return value + number
    if isinstance(value, str):
        return (
            f"{value[: -len(str(number))]}{number}" if len(value) > len(str(number)) else f"{value}{number}"
        )
    if isinstance(value, dict):
        return {key: _varied(item, number) for key, item in value.items()}
    return value


def _count(part: Node, key: str, default: int = 0) -> int:
    stated = part.mapping.get(key)
    return stated if isinstance(stated, int) and not isinstance(stated, bool) else default
