"""A report for people: one HTML file without any asset of its own, and Markdown for a job summary."""

from __future__ import annotations

import html
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from clientsmith.characters import escape, escape_lines
from clientsmith.conform.model import DIRECTIONS, MODES, Cell, Report
from clientsmith.conform.report.text import verdict
from clientsmith.markdown import code, fenced, inline
from clientsmith.serve.page import shown_on_page

_MOST = 900_000
"""Bytes; GitHub refuses job summaries of more than 1 MiB."""


def render_html(report: Report, folder: str) -> str:
    """The page as it is to be written into a folder: links to the document count from there."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown_on_page,
    )
    template = environment.from_string((Path(__file__).parent / "report.html.j2").read_text(encoding="utf-8"))
    link = quote(Path(os.path.relpath(report.spec, folder)).as_posix().encode("utf-8", "surrogatepass"))
    return template.render(
        report=report, verdict=verdict(report), rows=_rows(report), link=link, slowest=_slowest(report),
        parameters=sorted(report.parameters.items()), media_types=sorted(report.media_types.items()),
    )  # fmt: skip


def _slowest(report: Report) -> list[Any]:
    return sorted(report.units, key=lambda unit: -unit.seconds)[:10]


def _rows(report: Report) -> list[dict[str, Any]]:
    """The matrix: for each operation and status the checks by direction and mode."""
    return [
        {
            "operation": operation,
            "status": status,
            "place": operation.status_places.get(status, operation.place),
            "counts": [
                report.cells.get(Cell(operation.id, status, direction, mode), 0)
                for direction in DIRECTIONS
                for mode in MODES
            ],
        }
        for operation in report.operations
        for status in operation.statuses
    ]


def render_markdown(report: Report) -> str:
    """A job summary: the verdict, the matrix, failures folded away, and how to repeat the run."""
    lines = [f"### clientsmith conform: {inline(report.title)}", "", verdict(report), ""]
    lines += [
        "| operation | status | request sync | request async | response sync | response async |",
        "|---|---|--:|--:|--:|--:|",
    ]
    for row in _rows(report):
        counts = " | ".join(str(number) if number else "**0**" for number in row["counts"])
        operation, status = (code(text, cell=True) for text in (row["operation"].id, row["status"]))
        lines.append(f"| {operation} | {status} | {counts} |")
    for one in report.failures:
        about = " ".join(text for text in (one.operation, one.mode or "", one.status) if text)
        title = html.escape(escape(f"{one.id}: {about}"))
        lines += ["", f"<details><summary>{title}</summary>", "", _block(one.message)]
        lines += [f"At {code(str(one.place.span))}", ""] if one.place.span else []
        lines += [_block(text) for text in (one.drawn, one.python, one.curl) if text]
        lines.append("</details>")
    repeat = f"clientsmith conform {report.spec} --package {report.package} --seed {report.seed}"
    lines += [
        "",
        f"Repeat it: {code(repeat)}",
        "",
    ]
    text = "\n".join(lines)
    if len(text.encode()) <= _MOST:
        return text
    return (
        text.encode()[:_MOST].decode("utf-8", "ignore") + "\n\n... cut here; the HTML report has all of it\n"
    )


def _block(text: str) -> str:
    """Text as it is, in a fence that nothing in it can close."""
    return f"{fenced(escape_lines(text))}\n"
