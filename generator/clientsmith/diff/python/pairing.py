"""Which class or alias of one package is which of another."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from clientsmith.api.model.api import Api, Operation
from clientsmith.api.model.expressions import children, members
from clientsmith.api.model.types import ModelClass, NamedType, Schema, TypeAlias, TypeExpr
from clientsmith.api.signatures import arguments_of
from clientsmith.diff.python.classes import by_name
from clientsmith.diff.python.methods import methods_of
from clientsmith.diff.python.types import shown

_MEMBER = re.compile(r"(/(?:anyOf|oneOf))/\d+")
_Used = tuple[TypeExpr, TypeExpr]
"""The types of the same place in both packages."""


def paired(old: Api, new: Api, operations: Mapping[str, str], *, has_kept: bool = False) -> dict[str, str]:
    """The name in NEW of each schema of OLD that is still there.

    By its name if NEW `has_kept` the names of OLD. Else by its name and place, whatever the order of a union; else the
    only one of its place and kind (one place may give several: a class, and an alias of its subtypes); else the only
    one left on each side that says the same; else by its name.
    """
    known = by_name(new)
    found = {
        schema.name: schema.name
        for schema in old.schemas
        if (other := known.get(schema.name)) is not None
        and (
            _unordered(_place(schema)) == _unordered(_place(other))
            or (has_kept and schema.direction == other.direction)
        )
    }
    for key in (_place, _meaning):
        taken = set(found.values())
        left = _grouped((schema for schema in old.schemas if schema.name not in found), key)
        free = _grouped((schema for schema in new.schemas if schema.name not in taken), key)
        for group, schemas in left.items():
            if len(schemas) == len(free.get(group, ())) == 1:
                found[schemas[0].name] = free[group][0].name
    found |= _Uses(by_name(old), known, found).pairs(old, new, operations)
    taken = set(found.values())
    return found | {
        schema.name: schema.name
        for schema in old.schemas
        if schema.name not in found and schema.name in known and schema.name not in taken
    }


def _meaning(schema: Schema) -> tuple[object, ...]:
    if isinstance(schema, ModelClass):
        fields = (f"{field.wire} {field.required} {shown(field.type)}" for field in schema.fields)
        return schema.direction, schema.open, schema.closed, *sorted(fields)
    return schema.direction, shown(schema.type)


def _grouped(
    schemas: Iterable[Schema], key: Callable[[Schema], tuple[object, ...]]
) -> dict[tuple[object, ...], list[Schema]]:
    groups: dict[tuple[object, ...], list[Schema]] = {}
    for schema in schemas:
        groups.setdefault(key(schema), []).append(schema)
    return groups


def _place(schema: Schema) -> tuple[str, str, bool]:
    return schema.pointer, schema.direction, isinstance(schema, ModelClass)


def _unordered(place: tuple[str, str, bool]) -> tuple[str, str, bool]:
    """A place that does not say which member of a union it is in."""
    return _MEMBER.sub(r"\1/*", place[0]), *place[1:]


@dataclass(frozen=True, slots=True)
class _Uses:
    """The schemas of both packages, and the pairs that are known without their uses."""

    old: Mapping[str, Schema]
    new: Mapping[str, Schema]
    known: Mapping[str, str]

    def pairs(self, old: Api, new: Api, operations: Mapping[str, str]) -> dict[str, str]:
        """Those that the same operations lead to, in the same places of types."""
        before, after = methods_of(old), methods_of(new)
        waiting = deque(
            pair
            for id, method in before.items()
            if operations.get(id) in after
            for pair in _both(_types(method.operation), _types(after[operations[id]].operation))
        )
        found: dict[str, str] = {}
        seen: set[_Used] = set()
        while waiting:
            pair = waiting.popleft()
            if pair in seen:
                continue
            seen.add(pair)
            for mine, theirs in self._matched(*pair, found):
                if isinstance(mine, NamedType) and isinstance(theirs, NamedType):
                    if mine.name not in self.known:
                        found[mine.name] = theirs.name
                    waiting += _both(_parts(self.old[mine.name]), _parts(self.new[theirs.name]))
                else:
                    waiting += zip(children(mine), children(theirs), strict=False)
        return found

    def _matched(self, old: TypeExpr, new: TypeExpr, found: Mapping[str, str]) -> Iterator[_Used]:
        """The members of two types that are the same: those of a known pair, else the only two that can be one."""
        before, after = ([one for one in members(kind) if isinstance(one, NamedType)] for kind in (old, new))
        for mine in members(old):
            fitting = [one for one in members(new) if type(one) is type(mine) and children(one)]
            if isinstance(mine, NamedType):
                name = self.known.get(mine.name) or found.get(mine.name)
                same = [one for one in after if one.name == name]
                fitting = list(same or self._alone(mine, before, after, found))
            if len(fitting) == 1:
                yield mine, fitting[0]

    def _alone(
        self, mine: NamedType, old: list[NamedType], new: list[NamedType], found: Mapping[str, str]
    ) -> list[NamedType]:
        """What a member can be, if no other one can be that."""
        fitting = [one for one in new if self._can_be(mine, one, found)]
        rivals = (one for one in old if one != mine)
        return [] if any(self._can_be(rival, one, found) for rival in rivals for one in fitting) else fitting

    def _can_be(self, old: NamedType, new: NamedType, found: Mapping[str, str]) -> bool:
        """Whether two classes can be the same: neither has a pair, and each name is of one side alone."""
        if old.name in self.known or old.name in found or old.name in self.new or new.name in self.old:
            return False
        if new.name in self.known.values() or new.name in found.values():
            return False
        mine, theirs = self.old[old.name], self.new[new.name]
        if mine.direction != theirs.direction:
            return False
        if isinstance(mine, ModelClass) and isinstance(theirs, ModelClass):
            wires = [{field.wire for field in one.fields} for one in (mine, theirs)]
            return 2 * len(wires[0] & wires[1]) >= max(map(len, wires))
        return type(mine) is type(theirs) and type(_held(mine)) is type(_held(theirs))


def _held(schema: Schema) -> TypeExpr | None:
    return schema.type if isinstance(schema, TypeAlias) else None


def _both(old: Mapping[str, TypeExpr], new: Mapping[str, TypeExpr]) -> list[_Used]:
    return [(kind, new[place]) for place, kind in old.items() if place in new]


def _parts(schema: Schema) -> dict[str, TypeExpr]:
    """The types of the fields by wire name, or the type of an alias."""
    if isinstance(schema, ModelClass):
        return {field.wire: field.type for field in schema.fields}
    return {"": schema.type}


def _types(operation: Operation) -> dict[str, TypeExpr]:
    """The types of a method by their place."""
    found = {f"{one.place} {one.wire}": one.type for one in arguments_of(operation)}
    if operation.body is not None:
        found["body"] = operation.body.type
    for response in operation.responses:
        found |= {f"{response.status} {one.media_type}": one.type for one in response.media}
    return found
