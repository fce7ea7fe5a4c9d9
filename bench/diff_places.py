"""The objects of a description that messages lead to, by the direction of the messages, and copies with one changed.

It shares the grammar of documents with the tool and nothing else: what `diff` says is judged with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypeGuard

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.grammar import METHODS, Kind, children
from clientsmith.document.load import Policies, examine
from clientsmith.document.model import Document, Pointer, parse_pointer
from clientsmith.document.resolved import ResolvedDocument

Tree: TypeAlias = Any
"""A value of JSON, as a document holds it."""
Direction: TypeAlias = Literal["request", "response", "error"]
"""That of messages for those who use the API; a change in an error weighs one level less."""
_OTHER: Mapping[Direction, Direction] = {"request": "response", "response": "request", "error": "error"}
_HIDDEN = {"request": "readOnly", "response": "writeOnly", "error": "writeOnly"}
_OPEN = {"properties", "items", "prefixItems", "additionalProperties", "allOf", "anyOf", "oneOf"}
"""Keywords through which a schema that allows less makes the schema around it allow less."""
_HEARD_BY = {
    "properties": "object",
    "additionalProperties": "object",
    "items": "array",
    "prefixItems": "array",
}
IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})


@dataclass(frozen=True, slots=True)
class Use:
    """How messages lead to an object; `is_text` if its values are written without quotes, `is_part` in an `allOf`.

    `is_in_union` if a union is on the way, which a change may make exclude more or less. `is_nullable` if the object is
    a member of a union beside null.
    """

    direction: Direction
    is_text: bool = False
    is_part: bool = False
    is_in_union: bool = False
    is_nullable: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """An object on the way of a walk."""

    pointer: Pointer
    kind: Kind
    use: Use
    is_turned: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """An object that messages lead to, and how."""

    pointer: Pointer
    kind: Kind
    uses: frozenset[Use]

    def reaches(self, directions: frozenset[Direction]) -> bool:
        """Whether messages of one of these directions lead to it."""
        return any(use.direction in directions for use in self.uses)


def is_object(value: Tree) -> TypeGuard[dict[str, Any]]:
    """Whether a value of JSON is an object."""
    return isinstance(value, dict)


def is_list(value: Tree) -> TypeGuard[list[Any]]:
    """Whether a value of JSON is an array."""
    return isinstance(value, list)


def member(value: Mapping[str, Tree], key: str) -> dict[str, Any]:
    """A member of an object that is an object; an empty one without it."""
    found = value.get(key)
    return found if is_object(found) else {}


def value_at(tree: Tree, pointer: Pointer) -> Tree:
    """The value at a pointer; None if there is none."""
    for step in pointer:
        if is_object(tree):
            tree = tree.get(step)
        elif is_list(tree):
            tree = tree[int(step)] if step.isdecimal() and int(step) < len(tree) else None
        else:
            return None
    return tree


def replaced(tree: Tree, pointer: Pointer, value: Tree) -> Tree:
    """A copy with another value at a pointer, which shares all that is the same."""
    if not pointer:
        return value
    step, rest = pointer[0], pointer[1:]
    if is_list(tree):
        place = int(step)
        return [*tree[:place], replaced(tree[place], rest, value), *tree[place + 1 :]]
    return {**tree, step: replaced(tree.get(step, {}), rest, value)}


def opened(tree: Tree, name: str = "openapi.json") -> ResolvedDocument | None:
    """A tree as a document that has no file; None if its references cannot be found."""
    document = Document(name, name, b"", tree)
    return examine(document, Diagnostics(), Policies(), validation="none")


def target_of(tree: Tree, value: Tree) -> Pointer | None:
    """Where a reference within the document leads, chains followed; None if it is not one or leads nowhere."""
    found: Pointer | None = None
    for _ in range(20):
        text = value.get("$ref") if is_object(value) else None
        if not isinstance(text, str) or not text.startswith("#"):
            return found
        found = parse_pointer(text[1:])
        value = None if found is None else value_at(tree, found)
    return None


def resolved(tree: Tree, value: Tree) -> Tree:
    """What a value is, references followed."""
    pointer = target_of(tree, value)
    return value if pointer is None else value_at(tree, pointer)


def marks(tree: Tree, schema: Tree, mark: str) -> bool:
    """Whether a schema is marked, here, by a reference or in an `allOf`."""
    waiting, seen = [schema], 0
    while waiting and seen < 50:
        schema, seen = resolved(tree, waiting.pop()), seen + 1
        if is_object(schema):
            if schema.get(mark) is True:
                return True
            waiting += schema.get("allOf") or []
    return False


def types_of(schema: Mapping[str, Tree]) -> list[str]:
    """The types that a schema object states, null apart."""
    stated = schema.get("type")
    listed = stated if is_list(stated) else [stated]
    return [one for one in listed if isinstance(one, str) and one != "null"]


class Reached:
    """Walks from every operation to all that its messages are made of."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._uses: dict[tuple[Pointer, Kind], set[Use]] = {}
        self._seen: set[Step] = set()

    def places(self) -> list[Place]:
        """Every object that is reached, sorted."""
        for name, is_turned in (("paths", False), ("webhooks", True)):
            start = Use("response" if is_turned else "request")
            for key, item in member(self._tree, name).items():
                if is_object(item) and not key.startswith("x-"):
                    self._walk(Step((name, key), "path-item", start, is_turned))
        return [
            Place(pointer, kind, frozenset(uses))
            for (pointer, kind), uses in sorted(self._uses.items(), key=lambda one: one[0])
        ]

    def _walk(self, first: Step) -> None:
        waiting = [first]
        while waiting:
            step = waiting.pop()
            value = value_at(self._tree, step.pointer)
            if step in self._seen or not is_object(value):
                continue
            self._seen.add(step)
            target = target_of(self._tree, value)
            if target is not None:
                waiting.append(Step(target, step.kind, step.use, step.is_turned))
                continue
            self._uses.setdefault((step.pointer, step.kind), set()).add(step.use)
            waiting += self._inner(step, value)

    def _inner(self, step: Step, value: dict[str, Tree]) -> Iterator[Step]:
        for steps, inner, kind in children(value, step.kind):
            if kind == "operation" and steps[0] not in METHODS:
                continue
            if step.kind == "schema" and not self._is_open(step, value, steps, inner):
                continue
            is_turned = step.is_turned is not (kind == "callback")
            use = self._use(step, value, steps, inner, kind)
            if use is not None:
                yield Step((*step.pointer, *steps), kind, use, is_turned)

    def _is_open(self, step: Step, value: dict[str, Tree], steps: Pointer, inner: Tree) -> bool:
        """Whether what a schema says of a part counts, and a part that allows less makes it allow less."""
        heard = _HEARD_BY.get(steps[0])
        if steps[0] not in _OPEN or (heard and types_of(value) and heard not in types_of(value)):
            return False
        mark = _HIDDEN[step.use.direction]
        return not (steps[0] == "properties" and marks(self._tree, inner, mark))

    def _use(self, step: Step, value: dict[str, Tree], steps: Pointer, inner: Tree, kind: Kind) -> Use | None:
        """How the part is used; None if it is not."""
        direction: Direction = step.use.direction
        if kind in ("operation", "callback", "path-item"):
            return Use("response" if step.is_turned is not (kind == "callback") else "request")
        if kind in ("parameter", "request-body"):
            direction = "request"
        if kind == "response":
            direction = "response" if is_success(steps[-1], value) else "error"
        if step.is_turned and kind in ("parameter", "request-body", "response"):
            direction = _OTHER[direction]
        if kind in ("header", "parameter"):
            part = resolved(self._tree, inner)
            is_parameter = kind == "parameter" and is_object(part)
            name = str(part.get("name", "")) if is_parameter else steps[-1]
            place = part.get("in") if is_parameter else "header"
            if place == "header" and name.lower() in IGNORED_HEADERS:
                return None
            return Use(direction, is_text=True)
        is_text = step.use.is_text and kind == "schema"
        if kind == "media-type":
            name = steps[-1].lower()
            is_text = not name.endswith(("json", "xml"))
        is_schema = kind == "schema"
        is_in_union = is_schema and (step.use.is_in_union or steps[0] in ("anyOf", "oneOf"))
        is_nullable = is_schema and steps[0] in ("anyOf", "oneOf") and _lists_null(value[steps[0]])
        return Use(direction, is_text, is_schema and steps[0] == "allOf", is_in_union, is_nullable)


def _lists_null(members: Tree) -> bool:
    """Whether a union has a member that is null."""
    return any(is_object(one) and one.get("type") == "null" for one in members)


def is_success(status: str, declared: Mapping[str, Tree]) -> bool:
    """Whether a response is one of success; `default` is if no other one is declared."""
    return status.startswith("2") or (
        status == "default" and not any(one.startswith("2") for one in declared)
    )
