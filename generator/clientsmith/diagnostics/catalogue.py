"""Every finding of the tool by id: levels, meaning, example and remedy, out of the tables in `rules/`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "rules"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of finding.

    A level is a severity, the usual one first, or `finding` for what is wrong with an exchange: that has no severity.
    """

    id: str
    levels: tuple[str, ...]
    meaning: str
    example: str
    remedy: str
    leaves_out: str = ""
    """The direction in which the place is not carried out: `request`, `response` or `both`; empty if it is."""


LINT_ONLY = frozenset({"refused-by-validator"})
"""Errors of `lint` that `generate` does not look for."""


def may_be_changed(id: str) -> bool:
    """Whether findings of that id may be accepted or weighed otherwise: those that never stop `generate` only."""
    return id in LINT_ONLY or any(level in ("warning", "note") for level in rules()[id].levels)


@cache
def rules() -> Mapping[str, Rule]:
    """All of them by id, in alphabetical order."""
    found: dict[str, Rule] = {}
    for file in sorted(_FOLDER.glob("*.toml")):
        for id, entry in tomllib.loads(file.read_text(encoding="utf-8")).items():
            level = entry.pop("level")
            levels = (level,) if isinstance(level, str) else tuple(level)
            found[id] = Rule(id, levels, **entry)
    return dict(sorted(found.items()))
