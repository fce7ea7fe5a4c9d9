"""A report for people: one HTML file without any asset of its own, and Markdown for a job summary."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from clientsmith.conform.model import DIRECTIONS, MODES, Cell, Report
from clientsmith.conform.reports.text import verdict

_MOST = 900_000
"""Bytes; GitHub refuses job summaries of more than 1 MiB."""


def render_html(report: Report, folder: str) -> str:
    """The page as it is to be written into a folder: links to the document count from there."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string((Path(__file__).parent / "report.html.j2").read_text(encoding="utf-8"))
    link = Path(os.path.relpath(report.spec, folder)).as_posix()
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
    lines = [f"### clientsmith conform: {_cell(report.title)}", "", verdict(report), ""]
    lines += [
        "| operation | status | request sync | request async | response sync | response async |",
        "|---|---|--:|--:|--:|--:|",
    ]
    for row in _rows(report):
        counts = " | ".join(str(number) if number else "**0**" for number in row["counts"])
        lines.append(f"| {_cell(row['operation'].id)} | {_cell(row['status'])} | {counts} |")
    for one in report.failures:
        about = " ".join(text for text in (one.operation, one.mode or "", one.status) if text)
        lines += ["", f"<details><summary>{_cell(one.id)}: {_cell(about)}</summary>", "", _block(one.message)]
        lines += [f"At `{_cell(str(one.place.span))}`", ""] if one.place.span else []
        lines += [_block(text) for text in (one.drawn, one.python, one.curl) if text]
        lines.append("</details>")
    lines += [
        "",
        f"Repeat it: `clientsmith conform {_cell(report.spec)} --package {_cell(report.package)} --seed {report.seed}`",
        "",
    ]
    text = "\n".join(lines)
    if len(text.encode()) <= _MOST:
        return text
    return (
        text.encode()[:_MOST].decode("utf-8", "ignore") + "\n\n... cut here; the HTML report has all of it\n"
    )


def _cell(text: str) -> str:
    """Text that stays in its cell and is no markup."""
    for sign, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("|", "&#124;"), ("`", "&#96;")):
        text = text.replace(sign, safe)
    return " ".join(text.split())


def _block(text: str) -> str:
    """Text as it is, in a fence that nothing in it can close."""
    fence = "`" * max(3, *(len(run) + 1 for run in _runs(text)), 3)
    return f"{fence}\n{text}\n{fence}\n"


def _runs(text: str) -> list[str]:
    return [run for run in "".join(sign if sign == "`" else " " for sign in text).split() if run]
