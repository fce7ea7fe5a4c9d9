"""Path templates such as `/pets/{id}.{format}`, matched in time linear in the path: nothing is tried twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_PARAMETER = re.compile(r"(\{[^{}]*\})")


@dataclass(frozen=True, slots=True)
class PathTemplate:
    """`segments` hold the fixed texts of each segment: one more than it has parameters, which stand between them.

    `order` holds for each parameter the index of its name in `names`: a name may repeat, and its texts are equal then.
    """

    segments: tuple[tuple[str, ...], ...]
    order: tuple[int, ...]
    names: tuple[str, ...]

    @property
    def shape(self) -> tuple[object, ...]:
        """Equal for templates that match the same paths."""
        return self.segments, self.order

    def match(self, path: str) -> dict[str, str] | None:
        """The texts of the parameters, each as short as can be and not empty; None if the path is another one."""
        segments = path.split("/")
        if len(segments) != len(self.segments):
            return None
        found: list[str] = []
        for fixed, segment in zip(self.segments, segments, strict=True):
            texts = _texts(fixed, segment)
            if texts is None:
                return None
            found += texts
        texts_by_name: dict[str, str] = {}
        for index, text in zip(self.order, found, strict=True):
            if texts_by_name.setdefault(self.names[index], text) != text:
                return None
        return texts_by_name


def _texts(fixed: tuple[str, ...], segment: str) -> list[str] | None:
    """What stands between the fixed texts, each at its first place: if that fits nowhere, no other place does."""
    first, last = fixed[0], fixed[-1]
    if len(fixed) == 1:
        return [] if segment == first else None
    end = len(segment) - len(last)
    if not segment.startswith(first) or not segment.endswith(last):
        return None
    found: list[str] = []
    start = len(first)
    for text in fixed[1:-1]:
        place = segment.find(text, start + 1, end)
        if place < 0:
            return None
        found.append(segment[start:place])
        start = place + len(text)
    return [*found, segment[start:end]] if start < end else None


def path_template(path: str, normalized: Callable[[str], str]) -> PathTemplate:
    """The template of a path; its fixed texts are written as `normalized` writes those of requests."""
    segments: list[list[str]] = [[""]]
    names: list[str] = []
    order: list[int] = []
    for number, part in enumerate(_PARAMETER.split(path)):
        if number % 2:
            name = part[1:-1]
            if name not in names:
                names.append(name)
            order.append(names.index(name))
            segments[-1].append("")
            continue
        here, *others = normalized(part).split("/")
        segments[-1][-1] += here
        segments += [[one] for one in others]
    return PathTemplate(tuple(tuple(one) for one in segments), tuple(order), tuple(names))
