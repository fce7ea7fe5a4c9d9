"""Places in a text that hold values, whatever the notation: readers of notations find them, redaction replaces them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spot:
    """A value with the names that lead to it, its span in the text, and how another value is written in its place."""

    path: tuple[str, ...]
    start: int
    end: int
    value: str
    write: Callable[[str], str]


def as_is(value: str) -> str:
    """Writes a value that needs no escaping."""
    return value


def replace_spots(text: str, spots: Iterable[Spot], replacement: Callable[[Spot], str]) -> str:
    """The text with the values replaced that change; spots in the order of the text, all other bytes as they were."""
    parts: list[str] = []
    done = 0
    for spot in spots:
        value = replacement(spot)
        if value != spot.value and spot.start >= done:
            parts += (text[done : spot.start], spot.write(value))
            done = spot.end
    return "".join((*parts, text[done:])) if parts else text
