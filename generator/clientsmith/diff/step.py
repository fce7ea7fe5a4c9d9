"""Which part of a version a release has to raise, by what changed since the last one (Semantic Versioning 2.0.0)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, TypeAlias

from clientsmith.diff.model import Level
from clientsmith.state.model import version_numbers

Step: TypeAlias = Literal["major", "minor", "patch", "none"]

STEPS: Final[tuple[Step, ...]] = ("none", "patch", "minor", "major")
"""From the smallest to the largest."""


def step_of(levels: Iterable[Level], *, differs: bool, is_unstable: bool = False) -> Step:
    """The step for changes of those levels, ignored ones included; `differs` if anything is different at all.

    `is_unstable` is a version below 1.0.0, in which what breaks makes a minor, and all else a patch.
    """
    highest = max(levels, default=Level.NONE)
    if highest is Level.BREAKING:
        return "minor" if is_unstable else "major"
    if highest > Level.NONE:
        return "patch" if is_unstable else "minor"
    return "patch" if differs else "none"


def next_version(version: str, step: Step) -> str:
    """The version that a step leads to."""
    if step == "none":
        return version
    numbers = version_numbers(version)
    place = ("major", "minor", "patch").index(step)
    return ".".join(map(str, [*numbers[:place], numbers[place] + 1, *(0 for _ in numbers[place + 1 :])]))


def is_unstable(version: str) -> bool:
    """Whether a version is below 1.0.0, which promises little."""
    return version.startswith("0.")
