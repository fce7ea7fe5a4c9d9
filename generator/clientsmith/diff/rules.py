"""The rules of a comparison, out of the table in `rules.toml`: what each is about and its levels by direction."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast

Section: TypeAlias = Literal["removed", "changed", "added", "deprecated"]

_FOLDER = Path(__file__).parent
_FILES = (_FOLDER / "rules.toml", _FOLDER / "python" / "rules.toml")
"""The wire level, and what only callers notice."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of change.

    `request`, `response` and `python` are the levels that it can have there, the usual one first; empty if it does not
    occur. `counterpart` is the rule of the change back, `one_way` the reason why there is none. `text` is what a report
    says, with `{name}`, `{was}` and `{now}` in it, `hint` what a publisher has to do. `undecided` rules are of
    changes of which it is not known whether they allow more or less. `checked` are those that the package checks
    requests for: it refuses what they forbid before it is sent. `section` is that of the changelog.
    """

    id: str
    title: str
    reason: str
    example: str
    text: str
    hint: str
    request: tuple[str, ...] = ()
    response: tuple[str, ...] = ()
    python: tuple[str, ...] = ()
    counterpart: str = ""
    one_way: str = ""
    undecided: bool = False
    checked: bool = False
    section: Section = "changed"

    @property
    def is_of_wire(self) -> bool:
        """Whether messages differ, and not only what callers notice."""
        return bool(self.request or self.response)


@cache
def rules() -> Mapping[str, Rule]:
    """All of them by id, in alphabetical order."""
    tables: dict[str, Any] = {}
    for file in _FILES:
        tables |= tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        id: Rule(id, **{key: _frozen(value) for key, value in tables[id].items()}) for id in sorted(tables)
    }


def _frozen(value: Any) -> Any:
    return tuple(cast("list[str]", value)) if isinstance(value, list) else value
