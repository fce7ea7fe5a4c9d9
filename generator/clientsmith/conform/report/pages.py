"""A report for people: one HTML file without any asset of its own, and Markdown for a job summary."""

from __future__ import annotations

import base64
import hashlib
import html
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from clientsmith.characters import escape, escape_lines, escape_prose
from clientsmith.conform.model import MODES, PARTS, Failure, Report
from clientsmith.conform.report.page_views import check_views, operation_views, status_rows
from clientsmith.conform.report.sources import Sources
from clientsmith.conform.report.text import kept_exchanges, repetition, verdict
from clientsmith.diagnostics.model import Place
from clientsmith.markdown import code, fenced, inline
from clientsmith.serve.page import BASE_STYLE

_MOST = 900_000
"""Bytes; GitHub refuses job summaries of more than 1 MiB."""
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
        policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'",
    )


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_shown
    )
    environment.filters |= {"lines": _lines, "prose": _prose}
    return environment.from_string((_FOLDER / "page.html.j2").read_text(encoding="utf-8"))


def _shown(value: object) -> object:
    """What the template puts on the page for a value: one line, in which characters that do not show are escapes."""
    return value if isinstance(value, Markup) else escape(str(value))


def _lines(text: str) -> Markup:
    """Text of several lines."""
    return Markup("\n").join(map(escape, text.split("\n")))


def _prose(text: str) -> Markup:
    """Text on one line with the joiners that some scripts are written with."""
    return Markup.escape(escape_prose(" ".join(text.split("\n"))))


def _hash(text: str) -> str:
    """The source expression that allows an inline element of this text (CSP Level 3, section 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _places(report: Report) -> Iterator[Place]:
    """The places that the page links to."""
    yield from (one.place for one in report.failures)
    for one in report.operations:
        yield from (one.place, *one.status_places.values())


def render_markdown(report: Report) -> str:
    """A job summary: the verdict, the matrix, failures folded away, and how to repeat the run."""
    head = f"### clientsmith conform: {inline(report.title)}\n\n{verdict(report)}\n\n{_MATRIX_HEAD}"
    foot = f"\nRepeat it: {code(repetition(report))}\n"
    room = _MOST - len(head.encode()) - len(foot.encode())
    matrix, room = _fitting(list(_matrix(report)), room, "rows")
    failures, _ = _fitting([_failure(one) for one in report.failures], room, "failures")
    return head + matrix + failures + foot


def _fitting(blocks: list[str], room: int, what: str) -> tuple[str, int]:
    """As many blocks as there is room for, in bytes, with a line that counts the others; and the room that is left."""
    ends = list(accumulate(len(block.encode()) for block in blocks))
    kept = bisect_right(ends, room)
    text = "".join(blocks[:kept])
    if kept < len(blocks):
        text += f"\n{len(blocks) - kept:,} more {what} are in the HTML report.\n"
    return text, room - (ends[kept - 1] if kept else 0)


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
