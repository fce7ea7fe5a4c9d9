"""A report for a terminal: parts, failures with what it takes to see them again, and the verdict in the last line."""

from __future__ import annotations

from collections.abc import Iterator

from clientsmith.characters import escape
from clientsmith.conform.model import PARTS, Cell, Failure, Report

_SHOWN = 20
_LONGEST = 600


def render_text(report: Report) -> str:
    """The whole report as lines; every text of a document is escaped."""
    lines = [
        f"{report.title} {report.version}: {report.spec}",
        f"package {report.package} ({report.client}), clientsmith {report.tool}, seed {report.seed}",
        *_parts(report),
    ]
    for failure in report.failures:
        lines += _failure(failure)
    lines += _accepted(report)
    lines += [f"left out of the package: {place}" for place in report.left_out]
    lines += [f"not covered: {shown_cell(cell)}" for cell in report.uncovered[:_SHOWN]]
    if len(report.uncovered) > _SHOWN:
        lines.append(f"not covered: {len(report.uncovered) - _SHOWN} more")
    lines.append(verdict(report))
    return "".join(f"{escape(line)}\n" for line in lines)


def verdict(report: Report) -> str:
    """One line: whether the run is clean, and how much was looked at."""
    covered = len(report.cells) - len(report.uncovered)
    numbers = (
        f"{report.checks:,} checks, {covered} of {len(report.cells)} cells, {len(report.failures)} failures, "
        f"0 skipped, {report.seconds:.1f} s, seed {report.seed}"
    )
    if not report.finished:
        return f"not finished: the budget ended before everything was looked at once; {numbers}"
    return f"{'clean' if report.is_clean else 'not clean'}: {numbers}"


def shown_cell(cell: Cell) -> str:
    """A cell in words."""
    return f"{cell.operation} {cell.status}, {cell.direction}, {cell.mode}"


def _parts(report: Report) -> Iterator[str]:
    for part in PARTS:
        units = [unit for unit in report.units if unit.part == part]
        if units:
            checks, failed = sum(unit.checks for unit in units), sum(len(unit.failures) for unit in units)
            seconds = sum(unit.seconds for unit in units)
            yield f"  {part:<10} {len(units):4} units {checks:9,} checks {failed:4} failures {seconds:7.2f} s"
    if report.phases:
        listed = ", ".join(f"{name} {number}" for name, number in report.phases.items())
        yield f"  schemathesis cases: {listed}"


def _failure(failure: Failure) -> Iterator[str]:
    where = f"{failure.place.span}: " if failure.place.span else ""
    about = ", ".join(one for one in (failure.operation, failure.mode or "", failure.status) if one)
    yield ""
    yield f"{where}failure[{failure.id}] {about}: {failure.message}"[: _LONGEST * 2]
    if failure.place.pointer:
        yield f"    at {failure.place.pointer}"
    if failure.drawn:
        yield f"    with {failure.drawn[:_LONGEST]}"
    yield from (f"    | {line}" for line in failure.python.splitlines())
    if failure.curl:
        yield f"    $ {failure.curl}"


def _accepted(report: Report) -> Iterator[str]:
    """Notes, no failures: keywords that the client leaves to the server, and text that reads as what was meant."""
    for one in report.accepted[:_SHOWN]:
        who = "the server refused it" if one.refused_by_server else "it is valid on the wire"
        yield f"note: {one.operation} sent what the document forbids ({one.reason}; {who}): {one.drawn[:120]}"
    if len(report.accepted) > _SHOWN:
        yield f"note: {len(report.accepted) - _SHOWN} more inputs of that kind are in the JSON report"
