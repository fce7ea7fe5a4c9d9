"""Which member of a union is which of the last release: by meaning, then by what it says of itself, not by position."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from clientsmith.api.names.kept import Marks

K = TypeVar("K")
_OWN: tuple[Callable[[Marks], tuple[str, ...]], ...] = (
    lambda marks: marks.tags,
    lambda marks: (marks.ref,) if marks.ref else (),
    lambda marks: (marks.title,) if marks.title else (),
)
"""What a member says of itself, the most telling first."""


def keys_of(old: Mapping[str, Marks], new: Sequence[Marks]) -> list[str]:
    """The key of each member: the one that it had, else one that no member had.

    Of members that mean the same it does not matter which is which; what else several say identifies none of them.
    """
    waiting = {key: marks for key, marks in old.items() if marks != Marks()}
    found: dict[int, str] = {}
    for index, marks in enumerate(new):
        same = next((key for key, one in waiting.items() if one.meaning == marks.meaning), None)
        if same is not None:
            found[index] = same
            del waiting[same]
    for said in _OWN:
        before = _alone(waiting, said)
        after = _alone({index: marks for index, marks in enumerate(new) if index not in found}, said)
        for value, index in after.items():
            key = before.get(value)
            if key in waiting and index not in found:
                found[index] = key
                del waiting[key]
    number = max((int(key) for key in old if key.isdecimal()), default=0)
    fresh = iter(range(number + 1, number + 1 + len(new)))
    return [found[index] if index in found else str(next(fresh)) for index in range(len(new))]


def _alone(members: Mapping[K, Marks], said: Callable[[Marks], tuple[str, ...]]) -> dict[str, K]:
    """Who says a value that nobody else says."""
    holders: dict[str, list[K]] = {}
    for holder, marks in members.items():
        for value in said(marks):
            holders.setdefault(value, []).append(holder)
    return {value: listed[0] for value, listed in holders.items() if len(listed) == 1}
