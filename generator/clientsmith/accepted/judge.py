"""What accepted entries and the levels of the config do to findings; what makes `generate` refuse stays as it is."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

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


class Entries:
    """The entries of a file, and which of them matched a finding."""

    def __init__(self, entries: Sequence[Entry], today: datetime.date) -> None:
        self._entries, self._today = entries, today
        self._matched: set[Entry] = set()
        self._exact: dict[str, list[Entry]] = {}
        for entry in entries:
            if entry.fingerprint is not None:
                self._exact.setdefault(entry.fingerprint, []).append(entry)
        self._patterned = [entry for entry in entries if entry.pattern is not None]

    def exact(self, fingerprint: Callable[[], str]) -> list[Entry]:
        """Those of a fingerprint, which is only made if some entry has one."""
        return self._exact.get(fingerprint(), []) if self._exact else []

    def patterned(self, rule: str, pointers: Iterable[str | None]) -> list[Entry]:
        """Those whose pattern names the place of a finding of that rule, or one of several places."""
        return [
            entry
            for entry in self._patterned
            if entry.rule in (None, rule) and any(matches(entry.pattern or "", one) for one in pointers)
        ]

    def match(self, entries: Sequence[Entry]) -> list[Entry]:
        """Take note that entries match a finding; returns those that have an effect."""
        self._matched.update(entries)
        return [one for one in entries if one.reason and (one.until is None or one.until >= self._today)]

    def report(self, diagnostics: Diagnostics) -> None:
        """Report those that have no effect, whatever is found."""
        for entry in self._entries:
            _report(entry, diagnostics, self._today)

    def report_stale(
        self, diagnostics: Diagnostics, is_looked_for: Callable[[Entry], bool] = lambda _: True
    ) -> list[Entry]:
        """Report and return those that matched nothing although their findings were looked for."""
        stale = [entry for entry in self._entries if entry not in self._matched and is_looked_for(entry)]
        for entry in stale:
            hint = "remove it, or run with --prune"
            diagnostics.note("accepted-nothing", "this entry matches no finding", entry.place, hint=hint)
        return stale


def judge(
    findings: Iterable[Diagnostic], entries: Sequence[Entry], places: Places | None, today: datetime.date
) -> Verdict:
    """Leave out what valid entries accept, and report the entries that have no effect.

    Without `places`, the document could not be looked at with every rule: no entry is said to match nothing.
    """
    verdict, listed = Verdict(), Entries(entries, today)
    for finding in findings:
        known = [] if places is None else listed.exact(partial(places.fingerprint, finding))
        if is_final(finding):
            listed.match(known)
            _report_final(known, verdict.left)
            verdict.left.add(finding)
        elif listed.match([*known, *listed.patterned(finding.id, [finding.place.pointer])]):
            verdict.accepted += 1
        else:
            verdict.left.add(finding)
    listed.report(verdict.left)
    if places is not None:
        verdict.stale = listed.report_stale(verdict.left)
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
