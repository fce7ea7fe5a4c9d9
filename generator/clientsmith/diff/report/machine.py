"""A comparison for CI systems: JUnit XML, and annotations of GitHub."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

from clientsmith.diagnostics import junit
from clientsmith.diagnostics.model import Diagnostic, Place, Severity, Span
from clientsmith.diagnostics.render import render_github
from clientsmith.diagnostics.repository import repository_root
from clientsmith.diff.model import Level
from clientsmith.diff.report.groups import groups, levels_text, reached_text, where_text
from clientsmith.diff.report.model import Report, ShownChange
from clientsmith.diff.sides import Side

_MOST = 10
"""Annotations of one severity that GitHub shows of a step."""
_SEVERITIES: Mapping[Level, Severity] = {Level.BREAKING: Severity.ERROR, Level.WARNING: Severity.WARNING}


def render_junit(report: Report) -> str:
    """A suite for each operation and component, a case for each change: failed if the command fails for it."""
    suites = [
        junit.suite(
            group.title,
            [junit.case("diff", _case_name(report, one), _result(report, one)) for one in group.changes],
        )
        for group in groups(report.changes)
    ]
    notes = [
        junit.case(
            "diff",
            f"{one.id}: {one.message}",
            junit.failure(one.id, one.message) if report.is_failed_note(one) else None,
        )
        for one in report.notes
    ]
    notes += [junit.case("diff", one.text) for one in report.lowered]
    if notes or not suites:
        suites.append(junit.suite("comparison", notes or [junit.case("diff", "no changes")]))
    return junit.render(suites)


def _case_name(report: Report, one: ShownChange) -> str:
    """The rule and the place, and the fingerprint, without which several changes of a place have one name."""
    return f"{report.shortened(f'{one.change.rule}: {one.change.at}')} [{one.change.fingerprint}]"


def _result(report: Report, one: ShownChange) -> Element | None:
    if one.ignored is not None:
        return junit.skipped(f"ignored: {one.ignored}")
    if not report.is_failed(one):
        return None
    more = [where_text(one)]
    if not report.is_long:
        reached = reached_text(report, one)
        more = [levels_text(one), *more, f"reaches {reached}" if reached else "", one.change.hint]
    text = report.shortened(one.change.text.removeprefix(f"{one.change.at}: "))
    return junit.failure(one.level.word, text, "\n".join(filter(None, more)))


def render_annotations(report: Report) -> str:
    """The first ten breaking changes and the first ten warnings at their lines in NEW, then how many more there are."""
    root = repository_root(Path.cwd())
    found = [
        Diagnostic(
            one.change.rule, _SEVERITIES[one.level], one.change.text, one.place, one.change.hint or None
        )
        for one in report.counted
        if one.level in _SEVERITIES
    ]
    found += [one for one in report.notes if one.severity is Severity.WARNING]
    of = {severity: [one for one in found if one.severity is severity] for severity in _SEVERITIES.values()}
    shown = [one for listed in of.values() for one in listed[:_MOST]]
    lines = render_github(_in_working_tree(one, report.new, root) for one in shown)
    lines += render_github(
        Diagnostic("lowered", Severity.NOTE, one.text, one.place) for one in report.lowered
    )
    errors, warnings = (max(0, len(listed) - _MOST) for listed in of.values())
    if errors or warnings:
        counts = f"{errors} breaking changes and {warnings} warnings"
        more = Diagnostic(
            "diff", Severity.NOTE, f"{counts} more; the job summary and the other formats have all"
        )
        lines += render_github([more])
    return lines


def _in_working_tree(found: Diagnostic, side: Side, root: Path | None) -> Diagnostic:
    """A finding at the file that GitHub knows: a path of a revision starts at the root of the repository."""
    span = found.place.span
    prefix = f"{side.revision}:"
    if side.revision is None or span is None or not span.file.startswith(prefix):
        return found
    file = (root or Path()) / span.file[len(prefix) :]
    return replace(found, place=Place(found.place.pointer, Span(file.as_posix(), span.line, span.column)))
