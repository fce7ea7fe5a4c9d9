"""A report for people: one HTML file without any asset of its own, and Markdown for a job summary."""

from __future__ import annotations

import html
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Template
from markupsafe import Markup

from clientsmith.characters import escape, escape_lines
from clientsmith.conform.model import MODES, PARTS, Failure, Report
from clientsmith.conform.report.page_views import check_views, operation_views, status_rows
from clientsmith.conform.report.sources import Sources
from clientsmith.conform.report.text import kept_exchanges, repetition, verdict
from clientsmith.diagnostics.html_page import BASE_STYLE, page_environment, page_policy
from clientsmith.diagnostics.model import Place
from clientsmith.markdown import MOST_SUMMARY, code, fenced, fitting, inline

_MATRIX_HEAD = """\
| operation | status | request sync | request async | response sync | response async |
|---|---|--:|--:|--:|--:|
"""
_FOLDER = Path(__file__).parent
_MOST_OPEN = 3
"""Failures up to this number are unfolded."""


def render_html(report: Report) -> str:
    """The page. It loads nothing and links only to itself, so it works wherever it is uploaded."""
    sources = Sources(_places(report), report.source_folder)
    style = Markup(BASE_STYLE + (_FOLDER / "page.css").read_text(encoding="utf-8"))
    script = Markup((_FOLDER / "page.js").read_text(encoding="utf-8"))
    checks = check_views(report)
    return _template().render(
        report=report,
        verdict=verdict(report),
        repetition=repetition(report),
        exchanges=kept_exchanges(report),
        checks=checks,
        is_open=len(report.failures) <= _MOST_OPEN,
        operations=operation_views(report),
        parts=PARTS,
        modes=MODES,
        slowest=sorted(report.units, key=lambda unit: -unit.seconds)[:10],
        anchor=sources.anchor,
        excerpts=list(sources.excerpts()),
        style=style,
        script=script,
        policy=page_policy([style], [script]),
    )


@cache
def _template() -> Template:
    return page_environment().from_string((_FOLDER / "page.html.j2").read_text(encoding="utf-8"))


def _places(report: Report) -> Iterator[Place]:
    """The places that the page links to."""
    yield from (one.place for one in report.failures)
    for one in report.operations:
        yield from (one.place, *one.status_places.values())


def render_markdown(report: Report) -> str:
    """A job summary: the verdict, the matrix, failures folded away, and how to repeat the run."""
    head = f"### clientsmith conform: {inline(report.title)}\n\n{verdict(report)}\n\n{_MATRIX_HEAD}"
    foot = f"\nRepeat it: {code(repetition(report))}\n"
    room = MOST_SUMMARY - len(head.encode()) - len(foot.encode())
    matrix, room = fitting(list(_matrix(report)), room, "rows are in the HTML report")
    failures, _ = fitting([_failure(one) for one in report.failures], room, "failures are in the HTML report")
    return head + matrix + failures + foot


def _matrix(report: Report) -> Iterator[str]:
    for facts in report.operations:
        for row in status_rows(report, facts):
            counts = " | ".join(_count(number) for number in row.counts)
            yield f"| {code(facts.id, cell=True)} | {code(row.status, cell=True)} | {counts} |\n"


def _count(number: int | None) -> str:
    return "-" if number is None else str(number) if number else "**0**"


def _failure(one: Failure) -> str:
    about = " ".join(text for text in (one.operation, one.mode or "", one.status) if text)
    lines = [
        "",
        f"<details><summary>{html.escape(escape(f'{one.id}: {about}'))}</summary>",
        "",
        _block(one.message),
    ]
    lines += [f"At {code(str(one.place.span))}", ""] if one.place.span else []
    lines += [_block(text) for text in (one.drawn, one.python, one.curl) if text]
    return "\n".join([*lines, "</details>", ""])


def _block(text: str) -> str:
    """Text as it is, in a fence that nothing in it can close."""
    return f"{fenced(escape_lines(text))}\n"
