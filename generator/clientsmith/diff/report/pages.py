"""A comparison for people: one HTML file that loads nothing, and Markdown for a job summary or a pull request."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Template
from markupsafe import Markup

from clientsmith.diagnostics.html_page import BASE_STYLE, page_environment, page_policy
from clientsmith.diagnostics.model import Diagnostic
from clientsmith.diff.model import Level
from clientsmith.diff.report.groups import Group, groups, levels_text, reached_text, where_text
from clientsmith.diff.report.model import Report, ShownChange
from clientsmith.markdown import MOST_SUMMARY, code, fitting, inline

_FOLDER = Path(__file__).parent
_MARKS = {Level.BREAKING: "🔴", Level.WARNING: "🟠", Level.INFO: "🔵", Level.NONE: "⚪"}


def render_html(report: Report) -> str:
    """The page. It runs no script and loads nothing."""
    style = Markup(BASE_STYLE + (_FOLDER / "page.css").read_text(encoding="utf-8"))
    return _template().render(
        report=report,
        groups=groups(report.changes),
        levels=levels_text,
        reached=reached_text,
        where=where_text,
        style=style,
        policy=page_policy([style], []),
    )


@cache
def _template() -> Template:
    return page_environment().from_string((_FOLDER / "page.html.j2").read_text(encoding="utf-8"))


def render_markdown(report: Report) -> str:
    """The verdict, then the changes by operation and component, as many as a job summary has room for."""
    sides = f"{inline(report.old.shown)} → {inline(report.new.shown)}"
    head = f"### clientsmith diff: {report.verdict}\n\n{sides}\n"
    notes = [*(f"- {inline(one.text)}\n" for one in report.lowered), *map(_note, report.notes)]
    notes += [f"- {code(rule)}: {inline(hint)}\n" for rule, hint in sorted(report.hints.items())]
    above, room = fitting(notes, MOST_SUMMARY - len(head.encode()), "notes are in the other formats")
    blocks = [block for group in groups(report.changes) for block in _blocks(report, group)]
    changes, _ = fitting(blocks, room, "changes are in the other formats")
    return "\n".join(filter(None, (head, above, changes)))


def _note(found: Diagnostic) -> str:
    where = f" ({code(str(found.place.span))})" if found.place.span else ""
    return f"- {found.severity.value} {code(found.id)}: {inline(found.message)}{where}\n"


def _blocks(report: Report, group: Group) -> Iterator[str]:
    """A block for each change, the first one below the title of the group."""
    title = f"#### {inline(group.title)}\n\n"
    for index, one in enumerate(group.changes):
        ending = "\n" if index == len(group.changes) - 1 else ""
        yield ("" if index else title) + _item(report, one) + ending


def _item(report: Report, one: ShownChange) -> str:
    level = "ignored" if one.ignored is not None else one.level.word
    lines = [
        f"- {_MARKS[one.level]} **{level}** {code(one.change.rule)}: {inline(report.shortened(one.change.text))}"
    ]
    where, reached = where_text(one), reached_text(report, one)
    lines.append(f"{levels_text(one) or 'no level'}{f'; {code(where)}' if where else ''}")
    lines += [f"Reaches {inline(reached)}"] if reached else []
    lines += [inline(report.hint(one))] if report.hint(one) else []
    lines += [f"Ignored: {inline(one.ignored)}"] if one.ignored is not None else []
    lines.append(f"Fingerprint {code(one.change.fingerprint)}")
    return "  \n  ".join(lines) + "\n"
