"""A comparison as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from clientsmith.characters import escape
from clientsmith.diagnostics.render import render_text as render_findings
from clientsmith.diff.report.groups import groups, levels_text, reached_text, where_text
from clientsmith.diff.report.model import Report, ShownChange

_LONGEST = 2000


def render_text(report: Report) -> str:
    """Changes by operation and component, then what was noted, then the totals."""
    blocks: list[str] = []
    for group in groups(report.changes):
        lines = [group.title, *(f"  {line}" for one in group.changes for line in _lines(report, one))]
        blocks.append("".join(f"{escape(line[:_LONGEST])}\n" for line in lines))
    if report.notes:
        blocks.append(render_findings(report.notes))
    ends = [
        *(f"hint for {rule}: {hint}" for rule, hint in sorted(report.hints.items())),
        *(one.text for one in report.lowered),
        f"{report.old.shown} -> {report.new.shown}: {report.verdict}",
    ]
    blocks.append("".join(f"{escape(line)}\n" for line in ends))
    return "\n".join(blocks)


def _lines(report: Report, one: ShownChange) -> Iterator[str]:
    change = one.change
    level = "ignored" if one.ignored is not None else one.level.word
    yield f"{level}[{change.rule}]: {report.shortened(change.text)}"
    where = where_text(one)
    yield f"    {levels_text(one) or 'no level'}{'; ' if where else ''}{where}"
    reached = reached_text(report, one)
    if reached:
        yield f"    reaches {reached}"
    if report.hint(one):
        yield f"    hint: {report.hint(one)}"
    if one.ignored is not None:
        yield f"    ignored: {one.ignored}"
    yield f"    fingerprint: {change.fingerprint}"
