"""Aliases that lead back to themselves through unions alone, which JSON Schema allows and Python has no name for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from clientsmith.api.model.expressions import members, union
from clientsmith.api.model.types import NamedType, Schema, TypeAlias, TypeExpr


def without_alias_loops(schemas: Mapping[str, Schema]) -> dict[str, Schema]:
    """The schemas with every loop opened: one alias spells out all members of its loop, the others stand for it."""
    finished = dict(schemas)
    for loop in _Loops(schemas):
        first = min(loop)
        for name in sorted(loop):
            schema = schemas[name]
            if isinstance(schema, TypeAlias):
                kind = union(_spelt_out(first, schemas, loop)) if name == first else NamedType(first)
                finished[name] = replace(schema, type=kind, choice=None, positions=None, by_name=())
    return finished


def _spelt_out(first: str, schemas: Mapping[str, Schema], loop: frozenset[str]) -> Iterator[TypeExpr]:
    """What the aliases of a loop have for members beside each other, in the order in which they are met."""
    entered, pending = {first}, [first]
    while pending:
        schema = schemas[pending.pop()]
        for member in members(schema.type) if isinstance(schema, TypeAlias) else ():
            if not (isinstance(member, NamedType) and member.name in loop):
                yield member
            elif member.name not in entered:
                entered.add(member.name)
                pending.append(member.name)


def _named_members(name: str, schemas: Mapping[str, Schema]) -> list[str]:
    """The aliases among the members of an alias."""
    schema = schemas[name]
    if not isinstance(schema, TypeAlias):
        return []
    named = (member.name for member in members(schema.type) if isinstance(member, NamedType))
    return [name for name in named if isinstance(schemas.get(name), TypeAlias)]


@dataclass(slots=True)
class _Loops:
    """Finds the strongly connected components that hold a loop (Tarjan's algorithm, without recursion)."""

    schemas: Mapping[str, Schema]
    index: dict[str, int] = field(default_factory=dict[str, int])
    lowest: dict[str, int] = field(default_factory=dict[str, int])
    stack: dict[str, None] = field(default_factory=dict[str, None])
    work: list[tuple[str, Iterator[str]]] = field(default_factory=list[tuple[str, Iterator[str]]])

    def __iter__(self) -> Iterator[frozenset[str]]:
        for start in self.schemas:
            if start not in self.index:
                self._enter(start)
            while self.work:
                name, inner = self.work[-1]
                following = next(inner, None)
                if following is None:
                    yield from self._leave(name)
                elif following not in self.index:
                    self._enter(following)
                elif following in self.stack:
                    self.lowest[name] = min(self.lowest[name], self.index[following])

    def _enter(self, name: str) -> None:
        self.index[name] = self.lowest[name] = len(self.index)
        self.stack[name] = None
        self.work.append((name, iter(_named_members(name, self.schemas))))

    def _leave(self, name: str) -> Iterator[frozenset[str]]:
        self.work.pop()
        if self.work:
            above = self.work[-1][0]
            self.lowest[above] = min(self.lowest[above], self.lowest[name])
        if self.lowest[name] != self.index[name]:
            return
        found: set[str] = set()
        while name not in found:
            found.add(self.stack.popitem()[0])
        if len(found) > 1 or name in _named_members(name, self.schemas):
            yield frozenset(found)
