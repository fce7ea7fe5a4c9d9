"""The rules of a comparison, out of `rules.toml`: what each is about and how much it weighs by direction."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("rules.toml")


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of change.

    `request`, `response` and `python` are the levels that it can have there, the usual one first; empty if it does not
    occur. `counterpart` is the rule of the change back, `one_way` the reason why there is none.
    """

    id: str
    title: str
    reason: str
    example: str
    request: tuple[str, ...] = ()
    response: tuple[str, ...] = ()
    python: tuple[str, ...] = ()
    counterpart: str = ""
    one_way: str = ""


@cache
def rules() -> Mapping[str, Rule]:
    """All of them by id, in alphabetical order."""
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        id: Rule(id, **{key: _frozen(value) for key, value in tables[id].items()}) for id in sorted(tables)
    }


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
