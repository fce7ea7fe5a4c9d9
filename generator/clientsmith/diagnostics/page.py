"""The page about every finding, as Markdown; `docs/diagnostics.md` is what it prints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from clientsmith.diagnostics.catalogue import Rule

_HEAD = """\
# Findings

What `clientsmith` reports, by id: at which levels, why, and what to do about it. `clientsmith explain ID` prints one.
An error stops a command, a warning is a finding of `lint` that `generate` goes on with, a note is for the reader, and a
`finding` is something wrong with an exchange. This page is made by `make diagnostics`; do not edit it.
"""


def catalogue_page(rules: Iterable[Rule]) -> str:
    """A section for each rule, in the order given."""
    return "\n".join([_HEAD, *("\n".join(_section(rule)) for rule in rules)])


def _section(rule: Rule) -> Iterator[str]:
    yield f"## {rule.id}\n"
    yield f"**{' or '.join(rule.levels)}**: {_text(rule.meaning)}\n"
    yield f"- Example: {_code(rule.example)}"
    yield f"- Remedy: {_text(rule.remedy)}\n"


def _text(text: str) -> str:
    """Text as it is, with what Markdown would read as markup in its code spans only."""
    parts = text.split("`")
    return "`".join(
        part if index % 2 else re.sub(r"([\\*_<>\[\]|$])", r"\\\1", part) for index, part in enumerate(parts)
    )


def _code(text: str) -> str:
    """A code span, whatever backticks are in it."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence, gap = "`" * (longest + 1), " " if "`" in text else ""
    return f"{fence}{gap}{text}{gap}{fence}"
