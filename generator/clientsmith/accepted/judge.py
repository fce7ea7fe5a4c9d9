"""What accepted entries and the levels of the config do to findings; what makes `generate` refuse stays as it is."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from clientsmith.accepted.file import Entry
from clientsmith.accepted.patterns import matches
from clientsmith.accepted.places import Places
from clientsmith.config.model import LintRule
from clientsmith.diagnostics.catalogue import LINT_ONLY
from clientsmith.diagnostics.model import Diagnostic, Diagnostics, Severity


def is_final(finding: Diagnostic) -> bool:
    """Whether a finding makes `generate` refuse, so that nobody can accept it."""
    return finding.severity is Severity.ERROR and finding.id not in LINT_ONLY


@dataclass(slots=True)
class Verdict:
    """What is left of findings, how many were accepted, and the entries that match nothing."""

    accepted: int = 0
    stale: list[Entry] = field(default_factory=list[Entry])
    left: Diagnostics = field(default_factory=Diagnostics)


def judge(
    findings: Iterable[Diagnostic], entries: Sequence[Entry], places: Places | None, today: datetime.date
) -> Verdict:
    """Leave out what valid entries accept, and report the entries that have no effect.

    Without `places`, the document could not be looked at with every rule: no entry is said to match nothing.
    """
    verdict, matched = Verdict(), set[Entry]()
    exact: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.fingerprint is not None:
            exact.setdefault(entry.fingerprint, []).append(entry)
    patterned = [entry for entry in entries if entry.pattern is not None]
    for finding in findings:
        known = exact.get(places.fingerprint(finding), []) if exact and places is not None else []
        fitting = [*known, *(entry for entry in patterned if _fits(entry, finding))]
        if is_final(finding):
            _report_final(known, verdict.left)
            matched.update(known)
            verdict.left.add(finding)
            continue
        matched.update(fitting)
        if any(_is_valid(entry, today) for entry in fitting):
            verdict.accepted += 1
        else:
            verdict.left.add(finding)
    for entry in entries:
        _report(entry, verdict.left, today)
        if entry not in matched and places is not None:
            verdict.stale.append(entry)
            verdict.left.note(
                "accepted-nothing",
                "this entry matches no finding",
                entry.place,
                hint="remove it, or run with --prune",
            )
    return verdict


def weighed(findings: Iterable[Diagnostic], settings: Sequence[LintRule]) -> Diagnostics:
    """The findings at the levels that the config sets; of several settings for one the last holds."""
    found = Diagnostics()
    for finding in findings:
        level = next(
            (
                one.level
                for one in reversed(settings)
                if one.id == finding.id
                and (one.pattern is None or matches(one.pattern, finding.place.pointer))
            ),
            None,
        )
        if level is None or is_final(finding):
            found.add(finding)
        elif level != "off":
            found.add(replace(finding, severity=Severity(level)))
    return found


def _fits(entry: Entry, finding: Diagnostic) -> bool:
    is_of_rule = entry.rule is None or entry.rule == finding.id
    return is_of_rule and entry.pattern is not None and matches(entry.pattern, finding.place.pointer)


def _is_valid(entry: Entry, today: datetime.date) -> bool:
    return bool(entry.reason) and (entry.until is None or entry.until >= today)


def _report(entry: Entry, diagnostics: Diagnostics, today: datetime.date) -> None:
    if not entry.reason:
        message = "this entry has no reason, and so no effect"
        diagnostics.warning("accepted-without-reason", message, entry.place, hint='say why: reason = "..."')
    if entry.until is not None and entry.until < today:
        message = f"this entry held until {entry.until}, and has no effect any more"
        hint = "correct the finding, or set another date"
        diagnostics.warning("accepted-too-long", message, entry.place, hint=hint)


def _report_final(entries: Iterable[Entry], diagnostics: Diagnostics) -> None:
    for entry in entries:
        message = "what makes `generate` refuse the document cannot be accepted; this entry has no effect"
        diagnostics.warning("accepted-refusal", message, entry.place)
