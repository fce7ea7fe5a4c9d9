"""Decides who gets a name that several could have: for all at once, so that their order cannot matter."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Wish = tuple[str, int]
"""A name and a rank: the wish with the lowest rank gets the name, and none does if two share that rank."""


T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Collision(Generic[T]):
    """Two things that ask for the same name; by rule `first` gets it. Which one has it is known when names are kept."""

    name: str
    one: T
    first: T

    def settled(self, names: Mapping[T, str]) -> Collision[T]:
        """With the one that has the name as `first`, if one of them has it."""
        return Collision(self.name, self.first, self.one) if names[self.one] == self.name else self


def uncontested(wishes: Sequence[Sequence[Wish]]) -> list[str]:
    """For each list of wishes the first name that it gets, else its last; after a refusal the next one counts."""
    at = [0] * len(wishes)
    best: dict[str, int] = {}
    holders: dict[str, int | None] = {}
    waiting = list(range(len(wishes)))

    def refuse(index: int | None) -> None:
        if index is not None and at[index] + 1 < len(wishes[index]):
            at[index] += 1
            waiting.append(index)

    while waiting:
        index = waiting.pop()
        name, rank = wishes[index][at[index]]
        if name not in best or rank < best[name]:
            refuse(holders.get(name))
            best[name], holders[name] = rank, index
        else:
            if rank == best[name]:
                refuse(holders[name])
                holders[name] = None
            refuse(index)
    return [listed[index][0] for listed, index in zip(wishes, at, strict=True)]
