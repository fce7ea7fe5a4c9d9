"""Draws a few values for each schema of a document, without a generator: a corpus has tens of thousands of schemas."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from clientsmith.conform.inputs.completed import complete
from clientsmith.conform.inputs.drawing.draws import Draws
from clientsmith.conform.inputs.variants import with_text
from clientsmith.conform.model import Direction
from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity
from clientsmith.json_values import codec
from clientsmith.json_values.codec import Value
from clientsmith.jsonschema.instances import Instances, NoInstanceError
from clientsmith.jsonschema.keywords import CHOICES, elements, is_null
from clientsmith.jsonschema.shape import Part
from clientsmith.traffic.check import MessageChecker

ODD_TEXT = "a/b c+%2F?&=ä€😀"
"""Needs quoting in every place; if a pattern or a format forbids it, it is not a value of the schema."""
_MEMBERS = 4
"""Members of a union of which each is drawn, wherever the union is; at the top of a schema all of them are."""
_MOST_MEMBERS = 16
_DEEPEST = 5
_LARGEST = 400
"""Values that one filled value is made of before the rest of it is left as small as it may be."""
_UNUSED = {"request": "readOnly", "response": "writeOnly"}


def number_of(name: str) -> int:
    """A number that depends on a name alone, by which the same operations and schemas are chosen in every run."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])


class FewDraws(Draws):
    """A complete value, a small one, one with text that needs quoting, and one of each member of every union."""

    def __init__(self, checker: MessageChecker) -> None:
        super().__init__(checker, number=0, examples=0)
        self.checker = checker
        self.instances = Instances(checker.resolved, checker.schemas)
        self._few: dict[tuple[Identity, Direction], tuple[Value, ...]] = {}

    def valid(self, schema: Node | None, direction: Direction) -> tuple[Value, ...]:
        """Values that the schema accepts, the complete one first; a text and a number without a schema."""
        if schema is None:
            return ("text", 7)
        key = (schema.identity, direction)
        if key not in self._few:
            found: dict[str, Value] = {}
            for candidate in self._candidates(schema, direction):
                for kept in self._kept(schema, direction, candidate, True) or ():
                    found.setdefault(repr(codec.equality_key(kept)), kept)
            self._few[key] = tuple(found.values())
        return self._few[key]

    def some(self, schema: Node | None, direction: Direction) -> Value:
        """A value that is valid, or looks like one if the document contradicts itself."""
        valid = self.valid(schema, direction)
        return valid[0] if valid or schema is None else next(self._candidates(schema, direction))

    def invalid(self, schema: Node | None, direction: Direction) -> tuple[Value, ...]:
        """None: what has to be refused is tried on documents of which all of it can be."""
        return ()

    def smallest(
        self, schema: Node | None, direction: Direction, *, valid: bool, fails: Callable[[Value], bool]
    ) -> tuple[Value] | None:
        """None: what is drawn is small enough."""
        return None

    def _candidates(self, schema: Node, direction: Direction) -> Iterator[Value]:
        whole = complete(self.checker, schema)
        yield whole
        yield from self._smallest(schema, direction)
        yield with_text(whole, ODD_TEXT)
        yield ODD_TEXT
        for number in range(_MEMBERS):
            filler = _Filler(self, direction, number)
            yield filler.value(schema, "text", _DEEPEST)
            if not filler.has_choice:
                break
        for member in self._members(schema):
            yield _Filler(self, direction, 0).value(member, "text", _DEEPEST)
            yield from self._smallest(member, direction)

    def _smallest(self, schema: Node, direction: Direction) -> Iterator[Value]:
        try:
            yield self.instances.make(schema, direction)
        except NoInstanceError:
            return

    def _members(self, schema: Node) -> list[Node]:
        target = self.checker.resolved.deref(schema)
        return [member for keyword in CHOICES for member in elements(target, keyword)][:_MOST_MEMBERS]


class _Filler:
    """Fills one value: every property of every object, and of every union the member of one number."""

    def __init__(self, draws: FewDraws, direction: Direction, number: int) -> None:
        self.draws = draws
        self.checker = draws.checker
        self.direction: Direction = direction
        self.number = number
        self.has_choice = False
        self.size = 0

    def value(self, schema: Node, name: str, levels: int) -> Value:
        """A value of a schema, texts called `name`; the smallest there is if the full one does not fit."""
        self.size += 1
        full: Value = name
        if levels > 0 and self.size <= _LARGEST:
            full = self._full(schema, name, levels - 1)
        if isinstance(full, dict | list) or self.checker.schemas.is_valid(schema, full, self.direction):
            return full
        try:
            return self.draws.instances.make(schema, self.direction)
        except NoInstanceError:
            return full

    def _full(self, schema: Node, name: str, levels: int) -> Value:
        parts = self.checker.reader.parts(schema)
        shape = self.checker.reader.shape(parts)
        chosen = [self.value(member, name, levels) for part in parts for member in self._chosen(part)]
        kinds = shape.types or shape.implied
        members = [one for one in chosen if isinstance(one, dict)]
        if "object" in kinds or members:
            merged: dict[str, Value] = {
                key: self.value(nodes[0], key, levels)
                for key, nodes in shape.properties.items()
                if not self.checker.reader.is_marked(nodes[0], _UNUSED[self.direction])
            }
            for one in members:
                merged |= one
            return merged
        if chosen:
            return chosen[0]
        if "array" in kinds:
            items = [nodes[0] for nodes in shape.prefix] or list(shape.items)[:1]
            return [self.value(one, name, levels) for one in items]
        return name

    def _chosen(self, part: Part) -> Iterator[Node]:
        for keyword in () if self.checker.reader.is_bare_reference(part.node) else CHOICES:
            members = [
                one for one in elements(part.node, keyword) if not is_null(self.checker.resolved.deref(one))
            ]
            self.has_choice = self.has_choice or len(members) > 1
            if members:
                yield members[self.number % len(members)]
