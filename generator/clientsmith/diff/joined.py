"""Puts what both levels found together: one change for one cause."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from clientsmith.api.model.api import Api
from clientsmith.diagnostics.model import Place
from clientsmith.diff.model import Change, Level, ReachedOperation
from clientsmith.diff.python.compare import compare
from clientsmith.diff.python.finding import PythonFinding, Spot
from clientsmith.diff.python.methods import methods_of
from clientsmith.diff.python.reach import Reach, causes
from clientsmith.diff.python.spots import Spots
from clientsmith.diff.python.subjects import CredentialNames, NameMarks, Subjects
from clientsmith.diff.rules import rules
from clientsmith.diff.wire.compare import WireComparison
from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument

OLD, NEW = 0, 1
_MEMBER = re.compile(r"/(?:anyOf|oneOf)/[0-9]+$")
"""A member at the end of a pointer: that one comes or goes is a change of the union."""
_OF_CALLERS_ALONE = frozenset(
    {
        "argument-order-changed",
        "argument-renamed",
        "base-url-moved",
        "billing-mark-added",
        "billing-mark-removed",
        "class-renamed",
        "client-renamed",
        "credential-order-changed",
        "credential-position-changed",
        "export-removed",
        "field-renamed",
        "method-renamed",
        "old-name-removed",
        "package-renamed",
        "partial-success-changed",
        "retries-changed",
        "setting-removed",
    }
)
"""Names and marks: nothing on the wire is their cause, whatever else changed in the same place."""


@dataclass(frozen=True, slots=True)
class Description:
    """One side: the document, and the model of the package that it makes."""

    document: ResolvedDocument
    api: Api


def joined(
    on_wire: WireComparison,
    old: Description,
    new: Description,
    operations: Mapping[str, str],
    *,
    has_kept: bool = False,
    is_released: bool = False,
) -> list[Change]:
    """The changes on the wire with their level for callers, and those that only callers notice.

    `operations` names the id in NEW of each operation of OLD that is still there. NEW `has_kept` the names of OLD if
    that was released; a package that `is_released` may have other names than both.
    """
    findings = compare(old.api, new.api, operations, has_kept=has_kept, is_released=is_released)
    return _Join(on_wire, findings, old, new, operations).run()


class _Join:
    def __init__(
        self,
        on_wire: WireComparison,
        findings: list[PythonFinding],
        old: Description,
        new: Description,
        operations: Mapping[str, str],
    ) -> None:
        self._spots = (Spots(old.document), Spots(new.document))
        self._findings = findings
        self._reach = (Reach(old.api), Reach(new.api))
        self._methods = methods_of(old.api) | methods_of(new.api)
        self._ids = operations
        self._causes = causes(self._findings, *self._reach, operations)
        self._places = on_wire.places
        self._subjects = tuple(
            Subjects.of(side.api, spots, reach)
            for side, spots, reach in zip((old, new), self._spots, self._reach, strict=True)
        )
        self._marks = NameMarks(old.api, new.api)
        self._credentials = CredentialNames.of(old.api, new.api)
        self._changes = [self._named(change) for change in on_wire.changes]
        self._below: dict[tuple[int, str], list[int]] = {}
        for index, change in enumerate(self._changes):
            for side, place in enumerate((change.old, change.new or change.anchor)):
                for prefix in _prefixes(place) if rules()[change.rule].python else ():
                    self._below.setdefault((side, prefix), []).append(index)

    def run(self) -> list[Change]:
        """Each finding goes to the change on the wire that it comes from, if there is one; the others are changes."""
        own: dict[tuple[str, str], list[PythonFinding]] = {}
        noticed: dict[int, list[PythonFinding]] = {}
        for finding in self._findings:
            cause = self._causes.get(finding, finding)
            home = self._home(cause)
            if home is not None:
                self._changes[home] = _raised(self._changes[home], finding)
                noticed.setdefault(home, []).append(finding)
            else:
                own.setdefault(self._cause_of(cause), []).append(finding)
        for home, findings in noticed.items():
            self._changes[home] = self._noticed(self._changes[home], findings)
        apart = map(self._own, own.values())
        return sorted([*self._changes, *apart], key=lambda one: (one.at, one.rule, one.values, one.text))

    def _named(self, change: Change) -> Change:
        """With the names of methods; what the package refuses now is as breaking for callers as on the wire."""
        operations = tuple(replace(one, python=self._method(one.id)) for one in change.operations)
        python = change.request if rules()[change.rule].checked else Level.NONE
        named = replace(change, operations=operations, python=python)
        if change.rule.startswith("security-"):
            text = self._credentials.text(named)
            return replace(named, callers=(text,), advised=int(named.level > Level.INFO))
        side, place = (OLD, change.old) if change.new is None else (NEW, change.new)
        pointer = "" if place is None else place.pointer or ""
        if change.rule.startswith("union-member-"):
            pointer = _MEMBER.sub("", pointer)
        return replace(named, subject=self._subjects[side].name(pointer, named))

    def _noticed(self, change: Change, findings: Iterable[PythonFinding]) -> Change:
        """With what callers notice, most serious first."""
        ordered = sorted(findings, key=lambda one: -one.level)
        texts: dict[str, Level] = {}
        for one in ordered:
            texts.setdefault(self._marks.marked(one.text), one.level)
        advised = sum(level > Level.INFO for level in texts.values())
        return replace(change, callers=tuple(texts), advised=advised)

    def _method(self, id: str) -> str:
        method = self._methods.get(id)
        return "" if method is None else method.name

    def _home(self, finding: PythonFinding) -> int | None:
        """The change on the wire at the same place; of several the one that weighs most."""
        if finding.rule in _OF_CALLERS_ALONE:
            return None
        for side, owner in enumerate((finding.spot.old, finding.spot.new)):
            for pointer in self._spots[side].of(owner, finding.spot.part) if owner else ():
                found = self._below.get((side, pointer))
                if found:
                    return max(found, key=lambda index: (self._changes[index].level, -index))
        of_security = (i for i, one in enumerate(self._changes) if one.rule.startswith("security-"))
        return next(of_security, None) if finding.rule.startswith("credential") else None

    def _cause_of(self, finding: PythonFinding) -> tuple[str, str]:
        """What is one change that only callers notice: the same happens to what the same place makes.

        The place may be one of a released package alone, which the documents do not have.
        """
        spots = (next(iter(self._closest(finding, side)), "") for side in (0, 1))
        kind = finding.rule.partition("-")[2] if finding.spot.part else finding.rule
        owner = finding.spot.old or finding.spot.new
        own = f"{owner} {finding.spot.part}" if owner else finding.text
        values = " ".join(finding.values) if finding.rule == "credential-order-changed" else ""
        return f"{kind} {values}", next((pointer for pointer in spots if pointer), own)

    def _closest(self, finding: PythonFinding, side: int) -> Iterator[str]:
        owner = (finding.spot.old, finding.spot.new)[side]
        return self._spots[side].of(owner, finding.spot.part) if owner else iter(())

    def _own(self, findings: list[PythonFinding]) -> Change:
        """One change of what only callers notice, with the words of the finding that weighs most."""
        first = max(findings, key=lambda one: (one.level, one not in self._causes))
        nodes = [self._spots[side].node(next(self._closest(first, side), "")) for side in (0, 1)]
        ids = {self._ids.get(id, id) for one in findings for id in one.operations or self._operations(one)}
        old, new = (None if node is None or not node.pointer else node for node in nodes)
        owner = None if old or new else self._spots[1].node(first.spot.new)
        reached = tuple(sorted(self._reached(id) for id in ids if id in self._methods))
        change = Change(
            first.rule,
            Level.NONE,
            Level.NONE,
            first.text,
            first.hint,
            self._at(first, old, new),
            first.values,
            None if old is None else old.place,
            None if new is None else new.place,
            reached,
            first.level,
            None if owner is None else owner.place,
        )
        return self._noticed(change, findings)

    def _at(self, finding: PythonFinding, old: Node | None, new: Node | None) -> str:
        """The effective place; of what only a released package has, the part of what it is in."""
        for side, node in ((1, new), (0, old)):
            if node is not None:
                return self._places.named(node, side)
        part = f"/{finding.spot.part}" if finding.spot.part else ""
        for side, owner in ((1, finding.spot.new), (0, finding.spot.old)):
            if owner:
                node = self._spots[side].node(owner)
                return (owner if node is None or not node.pointer else self._places.named(node, side)) + part
        return ""

    def _operations(self, finding: PythonFinding) -> frozenset[str]:
        """The operations that lead to the class of a finding."""
        names = {finding.values[0], finding.values[-1]} if finding.values else set[str]()
        return frozenset(
            id
            for reach in self._reach
            for name in names | self._names_at(finding.spot)
            for id in reach.operations.get(name, ())
        )

    def _names_at(self, spot: Spot) -> set[str]:
        return {name for reach in self._reach for name in reach.at.get(spot.new or spot.old, ())}

    def _reached(self, id: str) -> ReachedOperation:
        operation = self._methods[id].operation
        return ReachedOperation(operation.path, operation.method, id, self._method(id))


def _raised(change: Change, finding: PythonFinding) -> Change:
    """With the level of a finding, and its hint if it weighs more than all that was known."""
    hint = finding.hint if finding.hint and finding.level > change.level else change.hint
    return replace(change, python=max(change.python, finding.level), hint=hint)


def _prefixes(place: Place | None) -> Iterator[str]:
    """A shown pointer and those of everything above it."""
    text = "" if place is None else place.pointer or ""
    while text:
        yield text
        text = text.rpartition("/")[0]
