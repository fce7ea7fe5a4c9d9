"""Patterns of places: JSON pointers in which `*` matches part of a step and `**` any number of steps."""

from __future__ import annotations

import functools
import re


def matches(pattern: str, pointer: str | None) -> bool:
    """Whether a place is the one that a pattern names, or is in it.

    A pattern for another file than the root document begins with that file: `shared/*.yaml#/Pet`.
    """
    return pointer is not None and _compiled(pattern).fullmatch(pointer) is not None


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    file, mark, steps = pattern.rpartition("#")
    prefix = _glob(file, "[^#]*") + "#" if mark else ""
    every = (r"(?:/[^/]*)*" if step == "**" else "/" + _glob(step, "[^/]*") for step in steps.split("/")[1:])
    return re.compile(f"{prefix}{''.join(every)}(?:/.*)?", re.DOTALL)


def _glob(text: str, anything: str) -> str:
    """`text` as a regular expression; a run of `*` is one of them, so that matching takes no longer for it."""
    return anything.join(map(re.escape, re.split(r"\*+", text)))
