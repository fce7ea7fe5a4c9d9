"""A run in lines of text, for a terminal or a log; every text of a document is escaped."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence

from clientsmith.characters import escape
from clientsmith.conform.model import Cell, Failure, Part, Report, UnitResult

CONVERTED = "has line ends of Windows (CRLF), which a checkout gave it; `clientsmith check` names the files"
_SHOWN = 20
_LONGEST = 600


def opening(report: Report) -> str:
    """What is tested, before anything is."""
    lines = [
        f"{report.title} {report.version}: {report.spec}",
        f"package {report.package} ({report.client}), clientsmith {report.tool}, seed {report.seed}"
        + (f", shard {report.shard}" if report.shard else ""),
    ]
    if report.has_converted_files:
        lines.append(f"warning[crlf-line-ends]: {report.package} {CONVERTED}")
    return _escaped(lines)


def failures(unit: UnitResult) -> str:
    """What a unit found, with what it takes to see it again."""
    return _escaped(line for failure in unit.failures for line in _failure(failure))


def part_line(part: Part, units: Sequence[UnitResult], round_: int) -> str:
    """What the units of a part came to, in a round that counts from 1."""
    checks, failed = sum(unit.checks for unit in units), sum(len(unit.failures) for unit in units)
    seconds, again = sum(unit.seconds for unit in units), f", round {round_}" if round_ > 1 else ""
    counts = f"{len(units):4} units {checks:9,} checks {failed:4} failures {seconds:7.2f} s{again}"
    return f"  {part:<10} {counts}\n"


def closing(report: Report) -> str:
    """What only the whole run shows, and the verdict in the last line."""
    phases = ", ".join(f"{name} {number}" for name, number in report.phases.items())
    lines = [f"  schemathesis cases: {phases}"] if phases else []
    lines += _accepted(report)
    lines += [f"not run: {one.name}: {one.reason}" for one in report.not_run]
    lines += [f"left out of the package: {place}" for place in report.left_out]
    lines += [f"not covered: {shown_uncovered(report, cell)}" for cell in report.uncovered[:_SHOWN]]
    if len(report.uncovered) > _SHOWN:
        lines.append(f"not covered: {len(report.uncovered) - _SHOWN} more")
    return _escaped([*lines, verdict(report)])


def _escaped(lines: Iterable[str]) -> str:
    return "".join(f"{escape(line)}\n" for line in lines)


def verdict(report: Report) -> str:
    """One line: whether the run is clean, and how much was looked at."""
    covered = len(report.cells) - len(report.uncovered)
    numbers = (
        f"{report.checks:,} checks, {covered} of {len(report.cells)} cells, {len(report.failures)} failures, "
        f"{skipped(report)}, {report.seconds:.1f} s, seed {report.seed}"
    )
    if report.unfinished:
        return f"not finished: {report.unfinished}; {numbers}"
    return f"{'clean' if report.is_clean else 'not clean'}: {numbers}"


def skipped(report: Report) -> str:
    """How many units were left out on purpose, and why."""
    reasons = sorted({one.reason for one in report.not_run})
    return f"{len(report.not_run)} skipped" + (f" (not run: {', '.join(reasons)})" if reasons else "")


def repetition(report: Report) -> str:
    """The command that makes the run again."""
    command = ["clientsmith", "conform", report.spec, "--package", report.package, "--seed", str(report.seed)]
    return shlex.join([*command, *report.flags])


def kept_exchanges(report: Report) -> str:
    """How many exchanges there were, and how many of them the reports leave out."""
    made, kept = sum(report.exchanged.values()), len(report.exchanges)
    if made == kept:
        return f"all {made:,} exchanges of the client with prepared answers"
    return (
        f"{kept:,} of {made:,} exchanges of the client with prepared answers: the first of each "
        f"operation, part and client, and those that showed a failure; {made - kept:,} are left out"
    )


def shown_cell(cell: Cell) -> str:
    """A cell in words."""
    return f"{cell.operation} {cell.status}, {cell.direction}, {cell.mode}"


def shown_uncovered(report: Report, cell: Cell) -> str:
    """A cell in words, and what kept it from being looked at if that is known."""
    why = report.hindrances.get(cell.operation, "")
    return f"{shown_cell(cell)}{': ' if why else ''}{why}"


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
        who += f"; declared: {one.declared}" if one.declared else ""
        yield f"note: {one.operation} sent what the document forbids ({one.reason}; {who}): {one.drawn[:120]}"
    if len(report.accepted) > _SHOWN:
        yield f"note: {len(report.accepted) - _SHOWN} more inputs of that kind are in the JSON report"
