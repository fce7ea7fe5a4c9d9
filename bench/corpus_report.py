"""Judges the outcomes of a corpus run: table rows, totals and thresholds, all as text; runs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from corpus_run import Outcome

SMALL = 1_000_000
MIN_SHARE = 0.9
LONGEST = 300
"""Characters of a finding that are shown."""


def row(outcome: Outcome) -> Iterator[str]:
    """The line of one document and, indented below it, what deserves a look."""
    entry, last = outcome.entry, outcome.attempts[-1]
    refused = ", ".join(outcome.attempts[0].refused_with) if outcome.attempts[0].code != 0 else ""
    if len(outcome.attempts) > 1:
        refused += f"; with {' '.join(last.flags)}: " + (
            "generated" if last.code == 0 else ", ".join(last.refused_with)
        )
    called = outcome.calls.get("operations", "-")
    imported = "-" if not outcome.generated else "yes" if outcome.imported else "NO"
    name = entry.name if len(entry.name) < 64 else "..." + entry.name[-60:]
    yield (
        f"{name:<64}{entry.size / 1000:>7.0f}{len(outcome.operations):>6}{outcome.methods:>8}{called:>7}  {imported:<9}"
        f"{last.seconds:>6.1f}{last.peak_mib:>6.0f}  {refused}"
    ).rstrip()
    for attempt in outcome.attempts:
        if attempt.traceback:
            yield f"    TRACEBACK {attempt.traceback}"
    if outcome.import_error:
        yield f"    IMPORT {outcome.import_error}"
    if outcome.generated and (silent := unexplained(outcome)):
        yield f"    UNEXPLAINED {len(silent)} operations, first {' '.join(silent[0])}"
    if outcome.type_errors:
        yield f"    TYPES {len(outcome.type_errors)} errors, first {outcome.type_errors[0]}"
    for kind, found in _by_kind(findings(outcome)).items():
        yield f"    FOUND {len(found)} {kind}, first {_shown(found[0])}"
    for note in outcome.notes:
        yield f"    NOTE {note}"


def findings(outcome: Outcome) -> list[dict[str, str]]:
    """What calls of the package found."""
    return list(outcome.calls.get("findings", ()))


def _by_kind(found: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    kinds: dict[str, list[dict[str, str]]] = {}
    for finding in found:
        kinds.setdefault(finding["kind"], []).append(finding)
    return kinds


def _shown(finding: Mapping[str, str]) -> str:
    return f"{finding['operation']} {finding['status']}".rstrip() + f": {finding['message'][:LONGEST]}"


def call_totals(outcomes: Sequence[Outcome]) -> list[str]:
    """What was called and answered, what could not be, and the findings by kind."""
    calls = [outcome.calls for outcome in outcomes if outcome.calls]
    sums = {name: sum(one[name] for one in calls) for name in ("operations", "answers", "checks", "seconds")}
    unreached = {name: sum(len(one[name]) for one in calls) for name in ("not_called", "not_answered")}
    lines = [
        f"called {sums['operations'] - unreached['not_called']} of {sums['operations']} operations, answered with "
        f"{sums['answers'] - unreached['not_answered']} of {sums['answers']} described answers: "
        f"{sums['checks']} checks in {sums['seconds']:.0f} s"
    ]
    everything = _by_kind([finding for outcome in outcomes for finding in findings(outcome)])
    for kind, found in sorted(everything.items(), key=lambda pair: -len(pair[1])):
        lines.append(f"  {len(found):>5} {kind}, first {_shown(found[0])}")
    return lines


def unexplained(outcome: Outcome) -> list[tuple[str, str]]:
    """Operations that did not come out and that no diagnostic of the last attempt names with a place.

    None of a package that does not import: that is its own finding, and nothing can be asked of it.
    """
    if outcome.generated and not outcome.imported:
        return []
    emitted = set(outcome.emitted)
    missing = [operation for operation in outcome.operations if operation not in emitted]
    if not missing:
        return []
    pointers = {pointer for found in outcome.attempts[-1].diagnostics for pointer in _pointers(found)}
    return [operation for operation in missing if not _named(operation, pointers)]


def _pointers(diagnostic: Mapping[str, Any]) -> Iterator[str]:
    """Every JSON pointer in a diagnostic, those of its related places included."""
    for place in (diagnostic, *diagnostic.get("related", ())):
        if place.get("pointer"):
            yield place["pointer"]


def _named(operation: tuple[str, str], pointers: set[str]) -> bool:
    method, template = operation
    item = "/paths/" + template.replace("~", "~0").replace("/", "~1")
    whole = f"{item}/{method.lower()}"
    shared = f"{item}/parameters"
    return any(
        pointer in {item, whole} or pointer.startswith((f"{whole}/", shared, f"{item}/servers"))
        for pointer in pointers
    )


def group_totals(outcomes: Sequence[Outcome]) -> list[str]:
    """Totals by class of document: what the manifest says of it and whether it is small."""
    groups: dict[str, list[Outcome]] = {"all": list(outcomes)}
    for outcome in outcomes:
        validity = {True: "valid", False: "invalid", None: "not judged"}[outcome.entry.valid]
        size = "under 1 MB" if outcome.entry.size < SMALL else "1 MB and over"
        groups.setdefault(f"{validity}, {size}", []).append(outcome)
    heading = (
        f"{'class':<26}{'docs':>5}{'at once':>8}{'leniently':>10}{'refused':>8}{'imported':>9}{'ops':>7}"
    )
    lines = [heading + f"{'methods':>8}{'share':>7}{'unexplained':>12}{'tracebacks':>11}{'seconds':>9}"]
    return lines + [_total(name, members) for name, members in sorted(groups.items())]


def _total(name: str, members: list[Outcome]) -> str:
    at_once = sum(member.attempts[0].code == 0 for member in members)
    generated = sum(member.generated for member in members)
    operations = sum(len(member.operations) for member in members)
    methods = sum(member.methods for member in members)
    tracebacks = sum(attempt.traceback is not None for member in members for attempt in member.attempts)
    seconds = sum(attempt.seconds for member in members for attempt in member.attempts)
    silent = sum(len(unexplained(member)) for member in members if member.generated)
    imported = sum(member.imported for member in members)
    share = f"{methods / operations:.1%}" if operations else "-"
    return (
        f"{name:<26}{len(members):>5}{at_once:>8}{generated - at_once:>10}{len(members) - generated:>8}{imported:>9}"
        f"{operations:>7}{methods:>8}{share:>7}{silent:>12}{tracebacks:>11}{seconds:>9.1f}"
    )


def missed_thresholds(outcomes: Sequence[Outcome]) -> list[str]:
    """No crash and no broken package anywhere; valid documents under 1 MB generate and leave out nothing unsaid."""
    missed: list[str] = []
    for outcome in outcomes:
        name = outcome.entry.name
        missed += [f"{name}: {found.traceback}" for found in outcome.attempts if found.traceback]
        if outcome.generated and not outcome.imported:
            missed.append(f"{name}: does not import: {outcome.import_error}")
        if outcome.imported and outcome.drawn and not outcome.calls:
            missed.append(f"{name}: {outcome.notes[-1]}")
        missed += [f"{name}: {error}" for error in outcome.type_errors[:1]]
        if found := findings(outcome):
            missed.append(f"{name}: {len(found)} findings in calls")
        if not (outcome.entry.valid and outcome.entry.size < SMALL):
            continue
        if not outcome.generated:
            missed.append(f"{name}: refused with {', '.join(outcome.attempts[-1].refused_with)}")
        missed += [
            f"{name}: {method} {path} is missing, unnamed" for method, path in unexplained(outcome)[:1]
        ]
        missed += [f"{name}: {note}" for note in outcome.notes]
    small = [found for found in outcomes if found.entry.valid and found.entry.size < SMALL]
    operations = sum(len(found.operations) for found in small)
    methods = sum(found.methods for found in small)
    if methods < MIN_SHARE * operations:
        missed.append(
            f"{methods} of {operations} operations of valid documents under 1 MB came out as methods"
        )
    return missed
