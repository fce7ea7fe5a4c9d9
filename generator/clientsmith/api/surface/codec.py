"""Frozen dataclasses as JSON and back, by the types of their members; JSON leads to no call but of their constructors.

A dataclass is an object of its members, without those that have their default, or that are false, empty or None and
have none. If it is one of several, `is` says which; with its first member alone it is the list of both:
`["list", ["named", "Pet"]]`.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain, repeat
from typing import Literal, TypeAlias, Union, cast, get_args, get_origin, get_type_hints

_TAG = "is"

Check: TypeAlias = Callable[[object], str | None]
"""Returns what is wrong with the value of a member."""


class SurfaceError(ValueError):
    """The JSON is not a surface that clientsmith wrote; the message says what is wrong, and where."""

    def __init__(self, message: str, pointer: str = "") -> None:
        super().__init__(f"{message} (at {pointer:.200})" if pointer else message)
        self.pointer = pointer


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a dataclass. `default` is what it is if JSON does not say; MISSING if JSON has to.

    `blank` is what it is in a surface that does not hold it; MISSING if it cannot be without.
    """

    name: str
    kind: object
    default: object
    blank: object


@cache
def members_of(record: type) -> tuple[Member, ...]:
    """The members of a dataclass in their order."""
    kinds = get_type_hints(record)
    return tuple(_member(kinds[one.name], one.name, one.default) for one in dataclasses.fields(record))


def _member(kind: object, name: str, default: object) -> Member:
    blank = default if default is not dataclasses.MISSING else _blank(kind)
    return Member(name, kind, blank if blank in (False, (), None) else default, blank)


def _blank(kind: object) -> object:
    if types.NoneType in get_args(kind):
        return None
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) is tuple:
        return ()
    return False if kind is bool else "" if kind is str else dataclasses.MISSING


def _records_in(kind: object) -> Iterator[type]:
    """The dataclasses that a type names."""
    if dataclasses.is_dataclass(kind):
        yield cast("type", kind)
    for one in get_args(kind):
        yield from _records_in(one)


def reached(start: type, is_held: Callable[[type, str], bool]) -> dict[type, tuple[Member, ...]]:
    """The dataclasses that one leads to by members that are held, each with these members."""
    found: dict[type, tuple[Member, ...]] = {}
    waiting = [start]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found[current] = tuple(one for one in members_of(current) if is_held(current, one.name))
            waiting += chain.from_iterable(_records_in(one.kind) for one in found[current])
    return found


@cache
def _kinds(kind: object) -> tuple[object, ...]:
    """The types of which a value has one."""
    return get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)


@cache
def _choices(kind: object) -> Mapping[str, type]:
    """The dataclasses of which a value may be one, by their tags."""
    records = (cast("type", one) for one in _kinds(kind) if dataclasses.is_dataclass(one))
    return {_tag_of(one): one for one in records}


def _tag_of(record: type) -> str:
    return record.__name__.removesuffix("Type").lower()


def _item_kinds(kind: object) -> Iterable[object]:
    """The types of the items of a tuple, which may be one of the types that a value may have."""
    inner = next(get_args(one) for one in _kinds(kind) if get_origin(one) is tuple)
    return repeat(inner[0]) if inner[-1] is ... else inner


@dataclass(frozen=True, slots=True)
class Codec:
    """Writes and reads dataclasses by those members that `records` lists; the others are blank."""

    records: Mapping[type, tuple[Member, ...]]
    checks: Mapping[tuple[type, str], Check]

    def encode(self, value: object, kind: object) -> object:
        """A value of a type as JSON."""
        if isinstance(value, tuple):
            items = cast("tuple[object, ...]", value)
            return [self.encode(item, inner) for item, inner in zip(items, _item_kinds(kind), strict=False)]
        if not dataclasses.is_dataclass(value):
            return value
        record = cast("type", type(value))
        own = [(one, cast("object", getattr(value, one.name))) for one in self.records[record]]
        written = {one.name: self.encode(it, one.kind) for one, it in own if it != one.default}
        if len(_choices(kind)) == 1:
            return written
        if [*written] == [self.records[record][0].name]:
            return [_tag_of(record), *written.values()]
        return {_TAG: _tag_of(record), **written}

    def decode(self, data: object, kind: object, pointer: str = "") -> object:
        """The value of a type that JSON describes. Raises SurfaceError."""
        choices, kinds = _choices(kind), _kinds(kind)
        if data is None and types.NoneType in kinds:
            return None
        if choices:
            record, members = self._record(data, choices, pointer)
            return self._made(record, members, pointer)
        if type(data) in kinds:
            return data
        for one in kinds:
            if get_origin(one) is tuple:
                return self._items(data, one, pointer)
            if get_origin(one) is Literal and data in get_args(one):
                return data
        raise SurfaceError(f"{data!r:.80} is not what is expected", pointer)

    def _items(self, data: object, kind: object, pointer: str) -> tuple[object, ...]:
        if not isinstance(data, list):
            raise SurfaceError("there is no list", pointer)
        items, kinds = cast("list[object]", data), _item_kinds(kind)
        if isinstance(kinds, tuple) and len(kinds) != len(items):
            raise SurfaceError(f"the list does not have {len(kinds)} items", pointer)
        pairs = zip(items, kinds, strict=False)
        return tuple(
            self.decode(item, inner, f"{pointer}/{index}") for index, (item, inner) in enumerate(pairs)
        )

    def _record(
        self, data: object, choices: Mapping[str, type], pointer: str
    ) -> tuple[type, dict[str, object]]:
        """Which dataclass JSON describes, and its members."""
        if isinstance(data, dict):
            members = cast("dict[str, object]", data)
            if len(choices) == 1:
                return next(iter(choices.values())), members
            tag, members = members.get(_TAG), {name: one for name, one in members.items() if name != _TAG}
            if isinstance(tag, str) and tag in choices:
                return choices[tag], members
        elif isinstance(data, list) and len(choices) > 1:
            items = cast("list[object]", data)
            record = choices.get(items[0]) if len(items) == 2 and isinstance(items[0], str) else None
            if record is not None and self.records[record]:
                return record, {self.records[record][0].name: items[1]}
        raise SurfaceError(f"there is no {' or '.join(choices)}", pointer)

    def _made(self, record: type, data: dict[str, object], pointer: str) -> object:
        held = {one.name: one for one in self.records[record]}
        unknown = next((name for name in data if name not in held), None)
        if unknown is not None:
            raise SurfaceError(f"{_tag_of(record)} has no member {unknown!r:.80}", pointer)
        values: dict[str, object] = {}
        for one in members_of(record):
            place = f"{pointer}/{one.name}"
            if one.name not in held:
                values[one.name] = one.blank
            elif one.name in data:
                values[one.name] = self._checked(record, one, data[one.name], place)
            elif one.default is dataclasses.MISSING:
                raise SurfaceError(f"{_tag_of(record)} lacks {one.name}", pointer)
            else:
                values[one.name] = one.default
        return record(**values)

    def _checked(self, record: type, member: Member, data: object, pointer: str) -> object:
        value = self.decode(data, member.kind, pointer)
        check = self.checks.get((record, member.name))
        problem = None if check is None else check(value)
        if problem is not None:
            raise SurfaceError(problem, pointer)
        return value
