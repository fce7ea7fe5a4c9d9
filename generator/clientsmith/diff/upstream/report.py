"""What the comparison with a vendor's document found: as text, as JSON, as Markdown and as annotations of GitHub."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from clientsmith.characters import escape
from clientsmith.diagnostics.model import Diagnostic, Diagnostics, Severity
from clientsmith.diagnostics.render import as_json, read_sources, render_github
from clientsmith.diagnostics.render import render_text as render_findings
from clientsmith.diff.sides import Side
from clientsmith.diff.upstream.deviations import DeviationsFile
from clientsmith.diff.upstream.judge import Judged
from clientsmith.markdown import MOST_SUMMARY, code, fitting, inline

_ANNOTATED = 10
"""Annotations of one severity that GitHub shows of a step."""


@dataclass(frozen=True, slots=True)
class UpstreamReport:
    """Everything that a report says."""

    official: Side
    ours: Side
    file: DeviationsFile
    judged: Judged
    notes: Diagnostics

    @property
    def findings(self) -> list[Diagnostic]:
        """All of them by file and line."""
        return sorted((one.diagnostic for one in self.judged.findings), key=lambda one: one.sort_key)

    @property
    def verdict(self) -> str:
        """One line."""
        counts = [
            _counted(len(self.findings), "finding"),
            f"{_counted(self.judged.differences, 'difference')}, {self.judged.covered} of them with a deviation",
            f"{_counted(len(self.file.entries), 'deviation')} in {self.file.file}",
        ]
        return "; ".join(counts)


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def render_text(report: UpstreamReport) -> str:
    """The findings with the lines of the files, what was noted, then the verdict."""
    found = [*report.findings, *report.notes]
    text = render_findings(found, read_sources(_collected(found)))
    last = f"{report.official.shown} -> {report.ours.shown}: {report.verdict}"
    return f"{text}{escape(last)}\n"


def _collected(found: list[Diagnostic]) -> Diagnostics:
    diagnostics = Diagnostics()
    for one in found:
        diagnostics.add(one)
    return diagnostics


def render_json(report: UpstreamReport) -> str:
    """The whole report as one object; its schema is docs/upstream.schema.json."""
    findings = sorted(report.judged.findings, key=lambda one: one.diagnostic.sort_key)
    return (
        json.dumps(
            {
                "official": _side(report.official),
                "against": _side(report.ours),
                "deviations": {"file": report.file.file, "entries": len(report.file.entries)},
                "differences": {"all": report.judged.differences, "covered": report.judged.covered},
                "findings": [
                    {
                        "rule": one.rule,
                        "place": one.pattern,
                        "digest": one.digest or None,
                        **as_json(one.diagnostic),
                    }
                    for one in findings
                ],
                "notes": [as_json(one) for one in report.notes],
            },
            indent=2,
        )
        + "\n"
    )


def _side(side: Side) -> dict[str, object]:
    return {"file": side.file, "title": side.info("title"), "version": side.info("version")}


def render_annotations(report: UpstreamReport) -> str:
    """The first ten findings at their lines, then how many more there are."""
    found = report.findings
    shown = found[:_ANNOTATED]
    if len(found) > len(shown):
        message = f"{len(found) - len(shown)} findings more; the job summary and the other formats have all"
        shown.append(Diagnostic("upstream", Severity.NOTE, message))
    return render_github([*shown, *report.notes])


def render_markdown(report: UpstreamReport) -> str:
    """The verdict, then the findings, as many as a job summary has room for."""
    sides = f"{inline(report.official.shown)} → {inline(report.ours.shown)}"
    head = f"### clientsmith upstream: {report.verdict}\n\n{sides}\n\n"
    items = ["".join(_item(one)) for one in (*report.findings, *report.notes)]
    text, _ = fitting(items, MOST_SUMMARY - len(head.encode()), "findings are in the other formats")
    return head + text


def _item(one: Diagnostic) -> Iterator[str]:
    where = f" ({code(str(one.place.span))})" if one.place.span else ""
    yield f"- {one.severity.value} {code(one.id)}: {inline(one.message)}{where}"
    yield f"  \n  {inline(one.hint)}\n" if one.hint else "\n"
