"""The page about every rule of a comparison, as Markdown; `docs/changes.md` is what it prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clientsmith.diff.rules import Rule
from clientsmith.markdown import inline

_HEAD = """\
# Changes

What `clientsmith diff` reports, by rule: what each change is about, and how much it weighs in requests, in responses
and for callers in Python. *breaking* stops what works today, *warning* may, *info* does not. `[diff.levels]` in
`clientsmith.toml` sets other levels. This page is made by `make diagnostics`; do not edit it.
"""


def rules_page(rules: Iterable[Rule]) -> str:
    """A section for each rule, in the order given."""
    return "\n".join([_HEAD, *("\n".join(_section(rule)) for rule in rules)])


def levels_of(rule: Rule) -> dict[str, str]:
    """The levels of a rule where it occurs: `{"request": "breaking or info"}`."""
    levels = {"request": rule.request, "response": rule.response, "python": rule.python}
    return {name: " or ".join(listed) for name, listed in levels.items() if listed}


def _section(rule: Rule) -> Iterator[str]:
    yield f"## {rule.id}\n"
    levels = ", ".join(f"{name} **{listed}**" for name, listed in levels_of(rule).items())
    yield f"{inline(rule.title[:1].upper() + rule.title[1:])}: {levels}\n"
    yield f"- Why: {inline(rule.reason)}"
    yield f"- Example: {inline(rule.example)}"
    yield f"- What to do: {inline(rule.hint)}"
    other = f"[{rule.counterpart}](#{rule.counterpart})" if rule.counterpart else inline(rule.one_way)
    yield f"- The change back: {other}\n"
