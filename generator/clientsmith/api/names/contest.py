"""Who gets which name, if several could have it: decided for all at once, so that the order cannot matter."""

from __future__ import annotations

from collections.abc import Sequence

Wish = tuple[str, int]
"""A name and a rank: of those who ask for a name the one of the lowest rank gets it, and none if two have it."""


def uncontested(wishes: Sequence[Sequence[Wish]]) -> list[str]:
    """The first name of each that is its own, else its last; whoever is refused asks for the next one."""
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
