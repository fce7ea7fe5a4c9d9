"""A small valid instance of a schema, for what a document has no example of; the same one every time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity, ResolvedDocument
from clientsmith.json_values.codec import Value
from clientsmith.jsonschema import candidates, pattern_samples
from clientsmith.jsonschema.dialect import Direction
from clientsmith.jsonschema.keywords import CHOICES, elements, is_null
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.shape import GROUPS, Part, Shape
from clientsmith.jsonschema.validators import Schemas

_MAX_STEPS = 5_000
_MAX_BRANCHES = 12
_MAX_ITEMS = 100
_MAX_SIZE = 50_000
"""How many values an instance may be made of; a hundred characters of text count as one."""
_View: TypeAlias = dict[Identity, Node]
"""Schemas that hold at once, each once: a conjunction may lead to the same one in more ways than can be walked."""
_UNUSED = {"request": "readOnly", "response": "writeOnly", "any": ""}


class NoInstanceError(ValueError):
    """No instance of a schema could be made."""


class Instances:
    """Makes instances: examples and defaults where schemas have them, else as little as is allowed."""

    def __init__(self, resolved: ResolvedDocument, schemas: Schemas) -> None:
        self.resolved = resolved
        self.reader = SchemaReader(resolved)
        self.schemas = schemas
        self.made: dict[tuple[Identity, Direction, bool], Value] = {}

    def make(self, schema: Node, direction: Direction) -> Value:
        """A valid instance; raises NoInstanceError."""
        for is_rich in (True, False):
            try:
                value = _Maker(self, direction, is_rich).value(schema, ())
            except (NoInstanceError, RecursionError):
                continue
            if self.schemas.is_valid(schema, value, direction):
                return value
        raise NoInstanceError


class _Maker:
    """One attempt: `is_rich` takes optional properties too where the document gives a value for them."""

    def __init__(self, owner: Instances, direction: Direction, is_rich: bool) -> None:
        self.resolved = owner.resolved
        self.reader = owner.reader
        self.schemas = owner.schemas
        self.made = owner.made
        self.direction: Direction = direction
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
            if _is_large(candidate):
                raise NoInstanceError
            if self.schemas.is_valid(schema, candidate, self.direction):
                self.made[key] = candidate
                return candidate
        raise NoInstanceError

    def _candidates(self, schema: Node, above: tuple[Identity, ...]) -> Iterator[Value]:
        for number, view in enumerate(self._views(schema, 0, {})):
            if number >= _MAX_BRANCHES:
                break
            parts = list(view.values())
            shape = self.reader.shape(Part(part, GROUPS) for part in parts)
            yield from candidates.stated(parts)
            for kind in candidates.kinds(shape, parts):
                try:
                    yield from self._of_kind(kind, shape, above)
                except NoInstanceError:
                    continue
        yield None

    def _of_kind(self, kind: str, shape: Shape, above: tuple[Identity, ...]) -> Iterator[Value]:
        if kind == "object":
            yield from self._objects(shape, above)
        elif kind == "array":
            yield from self._arrays(shape, above)
        elif kind == "string":
            yield from candidates.strings(shape)
        elif kind in ("integer", "number"):
            yield from candidates.numbers(shape.bounds)
        elif kind == "boolean":
            yield from (True, False)
        else:
            yield None

    def _views(self, schema: Node, depth: int, above: _View) -> Iterator[_View]:
        """The schemas that hold at once, those `above` included, once for each way through the choices."""
        if schema.identity in above:
            yield above
            return
        own = {**above, schema.identity: schema}
        inner = [[part] for part in self.reader.conjuncts(schema)]
        for keyword in () if self.reader.is_bare_reference(schema) else reversed(CHOICES):
            branches = sorted(elements(schema, keyword), key=self._is_null)
            inner += [branches] if branches else []
        if depth > 12:
            yield own
            return
        yield from self._combined(own, inner, depth)

    def _combined(self, own: _View, inner: list[list[Node]], depth: int) -> Iterator[_View]:
        if not inner:
            yield own
            return
        for branch in inner[0]:
            for view in self._views(branch, depth + 1, own):
                yield from self._combined(view, inner[1:], depth + 1)

    def _is_null(self, branch: Node) -> bool:
        return is_null(self.resolved.deref(branch))

    def _objects(self, shape: Shape, above: tuple[Identity, ...]) -> Iterator[Value]:
        made: dict[str, Value] = {}
        for name in dict.fromkeys((*shape.required, *shape.properties)):
            nodes = shape.properties.get(name, [])
            if self._is_unused(nodes):
                continue
            if name in shape.required or (self.is_rich and any(self._has_example(node) for node in nodes)):
                try:
                    made[name] = self._property(name, shape, above)
                except NoInstanceError:
                    if name in shape.required:
                        raise
        self._fill(made, shape, above)
        yield made

    def _fill(self, made: dict[str, Value], shape: Shape, above: tuple[Identity, ...]) -> None:
        """Add properties until there are enough."""
        least = shape.bounds.count("minProperties") or 0
        names = [name for name in shape.properties if name not in made]
        names += [name for one in shape.patterned for name in pattern_samples.examples(one.key)]
        names += [f"property{number}" for number in range(1, min(least, _MAX_ITEMS) + 1)]
        for name in names:
            if len(made) >= least:
                return
            if not self._is_unused(shape.properties.get(name, [])):
                made[name] = self._property(name, shape, above)

    def _property(self, name: str, shape: Shape, above: tuple[Identity, ...]) -> Value:
        nodes = shape.of_property(name)
        return "string" if not nodes and not shape.closed else self._of_all(nodes, above)

    def _of_all(self, nodes: list[Node], above: tuple[Identity, ...]) -> Value:
        """An instance of the first of some schemas that the others accept."""
        for node in nodes:
            value = self.value(node, above)
            if all(self.schemas.is_valid(other, value, self.direction) for other in nodes):
                return value
        raise NoInstanceError

    def _is_unused(self, nodes: list[Node]) -> bool:
        return any(self.reader.is_marked(node, _UNUSED[self.direction]) for node in nodes)

    def _has_example(self, node: Node) -> bool:
        return any(
            key in one.mapping
            for one in (node, self.resolved.deref(node))
            for key in ("example", "examples", "default")
        )

    def _arrays(self, shape: Shape, above: tuple[Identity, ...]) -> Iterator[Value]:
        least = shape.bounds.count("minItems") or 0
        items = next(iter(shape.items), None)
        fixed = [self._of_all(nodes, above) for nodes in (*shape.prefix, *([one] for one in shape.contains))]
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
            yield [*fixed, *(candidates.varied(one, number) for number in range(count))]
        if least == 0:
            yield []


def _is_large(value: Value) -> bool:
    """Whether an instance is larger than any answer should be: parts that are made once may be in it many times."""
    size = 0
    waiting = [value]
    while waiting and size <= _MAX_SIZE:
        part = waiting.pop()
        size += 1 + (len(part) // 100 if isinstance(part, str) else 0)
        if isinstance(part, dict):
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return size > _MAX_SIZE
