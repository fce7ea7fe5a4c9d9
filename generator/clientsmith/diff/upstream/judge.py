"""Compares what differs between a vendor's document and ours with the deviations that are on purpose."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from clientsmith.accepted.patterns import matches
from clientsmith.diagnostics.model import Diagnostic, Diagnostics, Related
from clientsmith.diff.model import Change
from clientsmith.diff.sides import Side
from clientsmith.diff.surviving import surviving_place
from clientsmith.diff.upstream.canonical import number_of
from clientsmith.diff.upstream.deviations import Deviation, DeviationsFile
from clientsmith.diff.upstream.parts import VendorParts, place_of, vendor_place

_PREFIX, _DIGITS = "wire1-", 20
_EVERYWHERE = "/**"
"""The pattern of pointers for what is about a file as a whole."""
_HEADER = re.compile(r"(?<=/parameters/)header\.[^/]*")
"""A parameter that is a header, in a place."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, the rule and the place that it is about, and the digest of what the vendor says there now."""

    diagnostic: Diagnostic
    rule: str
    pattern: str
    digest: str


@dataclass(slots=True)
class Judged:
    """The findings, how many differences there are and how many of them a deviation covers, and what to write."""

    findings: list[Finding] = field(default_factory=list[Finding])
    differences: int = 0
    covered: int = 0
    proposed: list[Deviation] = field(default_factory=list[Deviation])
    digests: dict[Deviation, str] = field(default_factory=dict[Deviation, str])
    """By deviation that has no digest the one that it should have."""


@dataclass(frozen=True, slots=True)
class _Difference:
    change: Change
    place: str
    vendor_place: str
    part: int
    """A number for what the vendor's document says there."""

    @property
    def pattern(self) -> str:
        """The pattern of its place alone, in which a `#` that is not the end of a file's name is left open."""
        file, mark, pointer = (
            ("", "", self.place) if self.place.startswith("/") else self.place.partition("#")
        )
        return file + mark + (pointer.replace("#", "*") or _EVERYWHERE)

    def is_covered_by(self, one: Deviation) -> bool:
        """Whether a deviation is about it: by its place in our document or in the vendor's."""
        if one.rule != self.change.rule:
            return False
        places = (self.place, self.vendor_place) if self.vendor_place else (self.place,)
        return any(matches(self.folded(one.pattern), self.folded(at)) for at in places)

    def folded(self, place: str) -> str:
        """A place without what makes no difference: names of headers have no case."""
        if "header" in self.change.rule:
            return place.lower()
        return _HEADER.sub(lambda found: found[0].lower(), place)


def judge(changes: Iterable[Change], sides: tuple[Side, Side], file: DeviationsFile) -> Judged:
    """Every difference without a deviation, and every deviation that does not hold as it is.

    Of several deviations that fit a difference the most specific one is about it.
    """
    parts = VendorParts(sides[0].document)
    documents = sides[0].document, sides[1].document
    differences = [
        _Difference(one, place_of(one, *documents), vendor_place(one, documents[0]), parts.of(one))
        for one in changes
    ]
    answered: dict[Deviation, list[_Difference]] = {entry: [] for entry in file.entries}
    left: dict[tuple[str, str], list[_Difference]] = {}
    for one in differences:
        fitting = [entry for entry in file.entries if one.is_covered_by(entry)]
        entry = max(
            fitting, key=lambda entry: (entry.pattern == one.pattern, len(entry.pattern)), default=None
        )
        (left.setdefault((one.pattern, one.change.rule), []) if entry is None else answered[entry]).append(
            one
        )
    covered = sum(map(len, answered.values()))
    judged = Judged(differences=len(differences), covered=covered)
    for entry, found in answered.items():
        _judge_entry(judged, entry, found)
    for (pattern, rule), found in sorted(left.items()):
        digest, diagnostics = _digest(found), Diagnostics()
        judged.proposed.append(Deviation(rule, pattern, digest=digest, about=found[0].change.text))
        for one in found:
            _report_difference(one, sides, diagnostics)
        judged.findings += [Finding(one, rule, pattern, digest) for one in diagnostics]
    return judged


def _digest(found: Sequence[_Difference]) -> str:
    """That of what the vendor says at the places of some differences; their order and number do not matter."""
    read = number_of(frozenset((one.folded(one.place), one.part) for one in found))
    return _PREFIX + hashlib.sha256(f"{read:x}".encode()).hexdigest()[:_DIGITS]


def _report_difference(one: _Difference, sides: tuple[Side, Side], diagnostics: Diagnostics) -> None:
    change = one.change
    place = surviving_place(change, sides[0].document, sides[1].document)
    message = f"from the vendor's document to ours, {change.rule}: {change.text}"
    hint = f"follow the vendor, or give the reason of a deviation at {one.pattern:.200} (--write proposes it)"
    related = () if change.old is None else (Related("the vendor's part", change.old),)
    values = (change.fingerprint,)
    diagnostics.error("upstream-difference", message, place, hint=hint, related=related, values=values)


def _judge_entry(judged: Judged, entry: Deviation, found: Sequence[_Difference]) -> None:
    digest = _digest(found) if found else ""
    diagnostics = Diagnostics()
    about = f"the deviation {entry.rule} at {entry.pattern:.200}"
    if not found:
        message = f"{about} has nothing to answer any more: that difference is gone"
        diagnostics.error("deviation-gone", message, entry.place, hint="remove the entry")
    elif not entry.digest:
        judged.digests[entry] = digest
        message = f"{about} has no digest of the vendor's part"
        diagnostics.error("deviation-without-digest", message, entry.place, hint="run with --write to add it")
    elif entry.digest != digest:
        parts = [Related("the vendor's part", one.change.old) for one in found if one.change.old is not None]
        message = f"the vendor's part has changed under {about}"
        hint = f"see whether the reason still holds; then set the digest to {digest}"
        related = tuple(dict.fromkeys(parts))
        diagnostics.error("deviation-changed", message, entry.place, hint=hint, related=related)
    if not entry.reason:
        message = f"{about} has no reason"
        diagnostics.error("deviation-without-reason", message, entry.place, hint='say why: reason: "..."')
    judged.findings += [Finding(one, entry.rule, entry.pattern, digest) for one in diagnostics]
