"""Which member of a union is which of the last release: by meaning, then by what it says of itself, not by position."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from clientsmith.openapi.likeness import most_alike

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Marks:
    """What a member of a union is known by; one without any is gone, and its key stays taken."""

    meaning: str = ""
    tags: tuple[str, ...] = ()
    ref: str = ""
    title: str = ""
    kinds: tuple[str, ...] = ()
    """The JSON types of its values."""
    properties: tuple[str, ...] = ()
    """The names that it speaks of."""

    def to_json(self) -> dict[str, object]:
        """The marks that there are, as plain JSON."""
        said = {
            "meaning": self.meaning,
            "tags": list(self.tags),
            "ref": self.ref,
            "title": self.title,
            "kinds": list(self.kinds),
            "properties": list(self.properties),
        }
        return {name: value for name, value in said.items() if value}


_OWN: tuple[Callable[[Marks], tuple[str, ...]], ...] = (
    lambda marks: marks.tags,
    lambda marks: (marks.ref,) if marks.ref else (),
    lambda marks: (marks.title,) if marks.title else (),
)
"""What a member says of itself, the most telling first."""


def keys_of(old: Mapping[str, Marks], new: Sequence[Marks]) -> tuple[list[str], bool]:
    """The key of each member, the one that it had or one that no member had; and whether some could be several.

    Of members that mean the same it does not matter which is which; what else several say identifies none of them. Then
    members are known by the names of their properties, and those without any if only one of a type is left.
    """
    match = _Match(old, new)
    match.equal()
    for said in _OWN:
        match.alone(said)
    has_ties = match.alike()
    match.alone(lambda marks: (" ".join(marks.kinds),) if _is_plain(marks) else ())
    number = max((int(key) for key in old if key.isdecimal()), default=0)
    fresh = map(str, range(number + 1, number + 1 + len(new)))
    return [match.found.get(index) or next(fresh) for index in range(len(new))], has_ties


class _Match:
    """The keys that are `found` for members, by index, and those that are left on either side."""

    def __init__(self, old: Mapping[str, Marks], new: Sequence[Marks]) -> None:
        self.found: dict[int, str] = {}
        self._old = {key: marks for key, marks in old.items() if marks != Marks()}
        self._new = dict(enumerate(new))

    def equal(self) -> None:
        """Pair members that mean the same."""
        for index, marks in list(self._new.items()):
            same = next((key for key, one in self._old.items() if one.meaning == marks.meaning), None)
            if same is not None:
                self._pair(same, index)

    def alone(self, said: Callable[[Marks], tuple[str, ...]]) -> None:
        """Pair members that alone on their side say the same."""
        before, after = _alone(self._old.items(), said), _alone(self._new.items(), said)
        for value, index in after.items():
            if value in before:
                self._pair(before[value], index)

    def alike(self) -> bool:
        """Pair members that share most names of properties; whether some are as much like several others."""
        pairs, ties = most_alike(_properties(self._old), _properties(self._new))
        for key, index in pairs:
            self._pair(key, index)
        return bool(ties)

    def _pair(self, key: str, index: int) -> None:
        if key in self._old and index in self._new:
            self.found[index] = key
            del self._old[key], self._new[index]


def _properties(members: Mapping[K, Marks]) -> dict[K, frozenset[str]]:
    return {holder: frozenset(marks.properties) for holder, marks in members.items() if marks.properties}


def _is_plain(marks: Marks) -> bool:
    return bool(marks.kinds) and "object" not in marks.kinds


def _alone(members: Iterable[tuple[K, Marks]], said: Callable[[Marks], tuple[str, ...]]) -> dict[str, K]:
    """Who says a value that nobody else says."""
    holders: dict[str, list[K]] = {}
    for holder, marks in members:
        for value in said(marks):
            holders.setdefault(value, []).append(holder)
    return {value: listed[0] for value, listed in holders.items() if len(listed) == 1}
