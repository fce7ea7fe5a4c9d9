"""Takes keys away from documents, one at a time, and finds those that neither decide anything nor were named.

What a package does is read off the model that it is rendered from, without names of places and texts for readers: for
requests and for responses apart. A key that says what would hold without it is changed instead of taken away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from typing import Any

from clientsmith.api.builder import build
from clientsmith.api.model.api import Api, Operation
from clientsmith.api.model.expressions import names, schema_types
from clientsmith.api.model.types import TypeExpr
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics, Severity
from clientsmith.document.load import Policies, examine
from clientsmith.document.model import Document, Node, Pointer, render_pointer
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.document.uses import DIRECTIONS, Direction, Uses
from clientsmith.lint.account.members import is_documentation, is_named_by_others, objects_in
from clientsmith.lint.account.model import Account
from clientsmith.lint.account.reader import read_account

_TEXTS = frozenset({"description", "summary", "examples", "example", "pointer", "title", "version"})
_ANSWERS = frozenset({"responses", "result", "may_not_modify", "may_be_empty"})
_SIZE = 4_000_000
"""Bytes that the documents pretend to have: budgets depend on it, and must not be what makes the difference."""
_OTHERS: Mapping[str, Sequence[object]] = {
    "format": ("date", "binary", "decimal"),
    "in": ("query", "header", "cookie"),
    "scheme": ("basic", "bearer"),
    "style": ("form", "simple", "spaceDelimited", "pipeDelimited", "deepObject", "cookie"),
    "tags": (["another"],),
    "type": ("boolean", "string", "object", "array", "http", "apiKey", ["null"]),
    "contentMediaType": ("image/png", "text/plain"),
    "contentEncoding": ("base64", "binary"),
}
"""What keys are changed to, besides what their value suggests."""


@dataclass(frozen=True, slots=True)
class Key:
    """A member of an object: its place, and the directions in which it speaks; none outside of schemas."""

    pointer: Pointer
    kind: str
    directions: tuple[Direction, ...] = ()

    @property
    def name(self) -> str:
        """The keyword."""
        return self.pointer[-1]


class Subject:
    """A document with its account and what the package made from it does."""

    def __init__(self, tree: Any, config: Config | None = None) -> None:
        self.tree = tree
        self._config = config or Config()
        self.diagnostics = Diagnostics()
        document = Document(uri="api.yaml", file="api.yaml", text=b" " * _SIZE, tree=tree)
        found = examine(document, self.diagnostics, Policies(allow_invalid=True), validation="none")
        self.resolved: ResolvedDocument | None = found
        built = None if found is None else build(found, self._config, self.diagnostics)
        self._built = built
        self.does = _does(None if built is None else built.api)
        self.warnings = sorted(one.id for one in self.diagnostics if one.severity is Severity.WARNING)
        """A key may do no more than spare a warning."""

    @property
    def uses(self) -> Uses:
        assert self._built is not None, list(self.diagnostics)
        return self._built.uses

    @cached_property
    def account(self) -> Account:
        assert self.resolved is not None, list(self.diagnostics)
        return read_account(self.resolved, self.uses, self.diagnostics)

    @cached_property
    def _noted(self) -> Mapping[Pointer, set[Direction]]:
        found: dict[Pointer, set[Direction]] = {}
        for one in self.account.left_out:
            directions = DIRECTIONS if one.direction is None else (one.direction,)
            found.setdefault(one.node.pointer, set()).update(directions)
        return found

    def is_noted(self, pointer: Pointer, direction: Direction) -> bool:
        """Whether the account names a place, or anything above it, for a direction."""
        above = (pointer[:end] for end in range(1, len(pointer) + 1))
        return any(direction in self._noted.get(place, ()) for place in above)

    def is_noted_inside(self, pointer: Pointer) -> bool:
        """Whether the account names something in a place that only holds it, such as `components`."""
        return any(place[: len(pointer)] == pointer for place in self._noted)

    def members(self) -> Iterator[Key]:
        """Every member that the account counts, in the order of the document; objects in other files are left out."""
        assert self.resolved is not None
        yield from self._members(self.resolved.node(), "document", is_sent=True)

    def _members(self, node: Node, kind: str, *, is_sent: bool) -> Iterator[Key]:
        """`is_sent` is false below a property that requests do not have: what it says there decides nothing."""
        is_inner_sent = is_sent and not (kind == "schema" and node.mapping.get("readOnly") is True)
        for key in node.value if isinstance(node.value, dict) else ():
            if key.startswith("x-") or kind == "example":
                continue
            if not is_named_by_others(kind):
                sends = is_sent if key == "readOnly" else is_inner_sent
                directions = self._directions(node, kind, key)
                spoken = tuple(one for one in directions if sends or one == "response")
                yield Key((*node.pointer, key), kind, spoken)
            is_text = is_documentation(kind, key, node.child(key).value)
            for inner, below in () if is_text else objects_in(node, kind, key):
                yield from self._members(inner, below, is_sent=is_inner_sent)

    def _directions(self, node: Node, kind: str, key: str) -> tuple[Direction, ...]:
        silent = {"readOnly": "response", "writeOnly": "request"}.get(key)
        reached = (one for one in DIRECTIONS if node.identity in self.uses.reached[one] and one != silent)
        return tuple(reached) if kind == "schema" else ()

    def silent(self, key: Key) -> str | None:
        """Why a key is lost: it decides nothing and nobody says so; None for one that is accounted for."""
        if is_documentation(key.kind, key.name, value_at(self.tree, key.pointer)):
            changes = self.does != Subject(without(self.tree, key.pointer), self._config).does
            is_name = key.name == "title"
            return "documentation that changes the package" if changes and not is_name else None
        if self._is_fixed(key):
            return None
        spoken = key.directions or (DIRECTIONS if key.kind != "schema" else ())
        open_ = [one for one in spoken if not self.is_noted(key.pointer, one)]
        if key.kind != "schema" and (len(open_) < len(spoken) or self.is_noted_inside(key.pointer)):
            return None
        missing = set(open_)
        for tree in variants(self.tree, key.pointer):
            if not missing:
                return None
            changed = Subject(tree, self._config)
            if key.kind == "schema":
                missing -= {one for one in missing if changed.does[one] != self.does[one]}
            elif (changed.does, changed.warnings) != (self.does, self.warnings):
                return None
        if not missing or is_empty(value_at(self.tree, key.pointer)):
            return None
        return f"decides nothing in {' and '.join(sorted(missing))}s, and is not named"

    def _is_fixed(self, key: Key) -> bool:
        """Whether a key has one legal value, as `required` of a path parameter has, or says how all others are read."""
        parent = value_at(self.tree, key.pointer[:-1])
        is_path = key.kind == "parameter" and key.name == "required" and parent.get("in") == "path"
        return is_path or key.pointer == ("openapi",)

    def named_in_vain(self) -> list[str]:
        """The keys that are named as not carried out in every direction, and whose absence changes the package."""
        found: list[str] = []
        for key in self.members():
            is_open = any(not self.is_noted(key.pointer, one) for one in key.directions or DIRECTIONS)
            if is_open or is_documentation(key.kind, key.name, value_at(self.tree, key.pointer)):
                continue
            if Subject(without(self.tree, key.pointer), self._config).does != self.does:
                found.append(render_pointer(key.pointer))
        return found

    def lost(self, keys: Iterator[Key] | None = None) -> list[str]:
        """The keys that are lost, each with the reason."""
        found = ((key, self.silent(key)) for key in keys or self.members())
        return [f"{render_pointer(key.pointer)}: {why}" for key, why in found if why is not None]

    def sample(self, most: int) -> Iterator[Key]:
        """The first keys of each kind and keyword."""
        met: dict[tuple[str, str, tuple[Direction, ...]], int] = {}
        for key in self.members():
            group = (key.kind, key.name, key.directions)
            met[group] = met.get(group, 0) + 1
            if met[group] <= most:
                yield key


def without(tree: Any, pointer: Pointer) -> Any:
    """A copy of the tree without the member at a place; what is not on the way is shared."""
    return _changed(tree, pointer, None, remove=True)


def is_empty(value: Any) -> bool:
    """Whether a value is a list or a mapping without anything in it, however deep."""
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [None]
    return all(isinstance(member, dict | list) and is_empty(member) for member in members)


def value_at(tree: Any, pointer: Pointer) -> Any:
    """The value at a place."""
    for step in pointer:
        tree = tree[int(step)] if isinstance(tree, list) else tree[step]
    return tree


def variants(tree: Any, pointer: Pointer) -> Iterator[Any]:
    """The tree without a member, then with other values of it."""
    yield without(tree, pointer)
    value = value_at(tree, pointer)
    for other in (*_others(value), *_OTHERS.get(pointer[-1], ())):
        if other != value or type(other) is not type(value):
            yield _changed(tree, pointer, other, remove=False)


def _others(value: Any) -> Iterator[Any]:
    match value:
        case bool():
            yield not value
        case int() | float():
            yield value + 1
            yield value * 2 + 1
        case str():
            yield value + "x"
        case [*_]:
            yield value[1:]
            yield from (
                [one, *value[1:]] for first in value[:1] if isinstance(first, dict) for one in _others(first)
            )
            yield [*value, "x"]
        case dict():
            yield dict(zip(value, [*list(value.values())[1:], *list(value.values())[:1]], strict=True))
            yield from (
                {**value, key: member + "x"} for key, member in value.items() if isinstance(member, str)
            )
            yield {}
            yield {"type": "boolean"}
            yield {key: value[key] for key in list(value)[1:]}
        case _:
            yield 7


def _changed(tree: Any, pointer: Pointer, value: Any, *, remove: bool) -> Any:
    copy = list(tree) if isinstance(tree, list) else dict(tree)
    step: Any = int(pointer[0]) if isinstance(tree, list) else pointer[0]
    if len(pointer) > 1:
        copy[step] = _changed(tree[step], pointer[1:], value, remove=remove)
    elif remove:
        del copy[step]
    else:
        copy[step] = value
    return copy


def _does(api: Api | None) -> dict[Direction, object]:
    """What a package does with requests and with responses; nothing if there is none."""
    if api is None:
        return {"request": None, "response": None}
    operations = [operation for resource in api.resources for operation in resource.operations]
    sent = [kind for operation in operations for kind in _sent(operation)]
    received = [media.type for one in operations for answer in one.responses for media in answer.media]
    received += [one.result for one in operations if one.result is not None]
    answers = [{name: _plain(getattr(one, name)) for name in _ANSWERS} for one in operations]
    client = _plain(api, frozenset({"schemas", "response_schemas"}) | _ANSWERS)
    return {
        "request": (client, _reachable(api, sent)),
        "response": (answers, _reachable(api, received), _plain(api.response_schemas)),
    }


def _sent(operation: Operation) -> Iterator[TypeExpr]:
    yield from (parameter.type for parameter in operation.parameters)
    if operation.body is not None:
        yield operation.body.type
        yield from (field.type for field in operation.body.fields or ())


def _reachable(api: Api, kinds: list[TypeExpr]) -> dict[str, object]:
    by_name = {schema.name: schema for schema in api.schemas}
    waiting, found = [name for kind in kinds for name in names(kind)], dict[str, object]()
    while waiting:
        name = waiting.pop()
        if name not in found:
            schema = by_name[name]
            found[name] = _plain(schema, frozenset({"direction", "counterpart"}))
            waiting += [inner for kind in schema_types(schema) for inner in names(kind)]
    return found


def _plain(value: object, skipped: frozenset[str] = frozenset()) -> object:
    if is_dataclass(value):
        texts = _TEXTS | skipped | ({"deprecated"} if type(value).__name__ == "Parameter" else set())
        members = {one.name: getattr(value, one.name) for one in fields(value) if one.name not in texts}
        return type(value).__name__, {name: _plain(member, skipped) for name, member in members.items()}
    if isinstance(value, tuple):
        return [(_plain(member, skipped), type(member)) for member in value]
    return value
