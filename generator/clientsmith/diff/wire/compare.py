"""Compares what two descriptions allow on the wire, and says which operations each difference reaches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from clientsmith.diff.model import Change, Level, ReachedOperation
from clientsmith.diff.rules import rules
from clientsmith.diff.wire.differences import Difference
from clientsmith.diff.wire.messages.operations import OperationComparison
from clientsmith.diff.wire.messages.report import Collected, Reach
from clientsmith.diff.wire.places import EffectivePlaces, MemberNames
from clientsmith.diff.wire.schema.compare import schema_pairs
from clientsmith.diff.wire.schema.model import Direction
from clientsmith.diff.wire.schema.pairs import PairKey, SchemaPairs
from clientsmith.document.resolved import ResolvedDocument


@dataclass(frozen=True, slots=True)
class WireComparison:
    """What changes on the wire, and what names places as these changes do."""

    changes: list[Change]
    places: EffectivePlaces


def compare(old: ResolvedDocument, new: ResolvedDocument) -> list[Change]:
    """All that changes on the wire, sorted: each cause once, with every operation that it reaches."""
    return compare_wire(old, new).changes


def compare_wire(old: ResolvedDocument, new: ResolvedDocument) -> WireComparison:
    """The same with what names their places."""
    collected = Collected(schema_pairs(old, new))
    operations = OperationComparison(old, new, collected)
    operations.run()
    members = MemberNames()
    for key, reach in _reached_pairs(collected.pairs, collected.starts).items():
        pair = collected.pairs.known[key]
        members.add(pair.members)
        for finding in pair.findings:
            collected.findings.setdefault((finding, key[2]), Reach()).add(reach)
    merged: dict[object, _Merged] = {}
    for (finding, direction), reach in collected.findings.items():
        known = merged.setdefault(_identity(finding), _Merged(finding))
        known.add(finding, direction, reach)
    effective = EffectivePlaces(old, new, members.found())
    reached = _Operations(operations.reached)
    changes = (one.change(effective, reached) for one in _at_home(list(merged.values())))
    return WireComparison(sorted((one for one in changes if one is not None), key=_order), effective)


def _order(change: Change) -> tuple[object, ...]:
    return change.at, change.rule, change.values, change.text, str(change.new), str(change.old)


def _identity(finding: Difference) -> object:
    """What makes findings the same cause: those of both directions are one."""
    places = (None if node is None else node.identity for node in (finding.old, finding.new))
    return finding.rule, *places, finding.name, finding.key, finding.was, finding.now


def _at_home(found: list[_Merged]) -> Iterator[_Merged]:
    """The causes, without those that schemas only inherit: what a shared part says is reported where the part is."""
    homes = {key: one for one in found for key in _sources(one.finding, is_home=True)}
    for one in found:
        home = next((homes[key] for key in _sources(one.finding) if key in homes), one)
        if home is one:
            continue
        for direction, level in one.levels.items():
            home.levels[direction] = max(level, home.levels.get(direction, Level.NONE))
        home.bits |= one.bits
        one.levels.clear()
    return (one for one in found if one.levels)


def _sources(finding: Difference, *, is_home: bool = False) -> Iterator[object]:
    """A keyword that one side says and the other does not; `is_home` if that one is the schema around it."""
    for side, (node, other) in enumerate(((finding.old, finding.new), (finding.new, finding.old))):
        if node is None or other is None:
            continue
        around = node.pointer[: len(other.pointer)]
        if not is_home or (around == other.pointer and around != node.pointer):
            yield finding.rule, finding.name, finding.was, finding.now, side, node.identity


def _reached_pairs(pairs: SchemaPairs, starts: dict[PairKey, Reach]) -> dict[PairKey, Reach]:
    """Every pair that messages lead to, with the operations that they are of.

    Pairs are visited again only if more operations reach them; in the order of a depth-first walk that is rare.
    """
    reached: dict[PairKey, Reach] = {}
    waiting: dict[PairKey, None] = {}
    for key, reach in starts.items():
        reached.setdefault(key, Reach()).add(reach)
    for key in _postorder(pairs, list(starts)):
        waiting[key] = None
    while waiting:
        current, waiting = list(reversed(waiting)), {}
        for key in current:
            for inner in pairs.compared(key).inner:
                if reached.setdefault(inner, Reach()).add(reached[key]):
                    waiting[inner] = None
        waiting = dict.fromkeys(reversed([key for key in current if key in waiting]))
    return reached


def _postorder(pairs: SchemaPairs, starts: list[PairKey]) -> list[PairKey]:
    """Every pair behind those that it leads to, cycles apart."""
    order: list[PairKey] = []
    seen: set[PairKey] = set()
    stack = [(key, False) for key in reversed(starts)]
    while stack:
        key, is_left = stack.pop()
        if is_left:
            order.append(key)
            continue
        if key in seen:
            continue
        seen.add(key)
        stack.append((key, True))
        stack.extend((inner, False) for inner in pairs.compared(key).inner)
    return order


@dataclass(slots=True)
class _Merged:
    """The findings of one cause."""

    finding: Difference
    levels: dict[Direction, Level] = field(default_factory=dict[Direction, Level])
    bits: int = 0

    def add(self, finding: Difference, direction: Direction, reach: Reach) -> None:
        """Take in one more finding; in bodies of errors it weighs one level less."""
        level = finding.level(direction)
        lowered = Level(max(level - 1, Level.NONE)) if level > Level.NONE else level
        if finding.note and not self.finding.note:
            self.finding = finding
        weights = (level if reach.full else Level.NONE, lowered if reach.lowered else Level.NONE)
        self.levels[direction] = max(*weights, self.levels.get(direction, Level.NONE))
        self.bits |= reach.full if level > Level.NONE else 0
        self.bits |= reach.lowered if lowered > Level.NONE else 0

    def change(self, places: EffectivePlaces, operations: _Operations) -> Change | None:
        """The change, if it is one for anybody."""
        finding, rule = self.finding, rules()[self.finding.rule]
        request, response = (self.levels.get(one, Level.NONE) for one in ("request", "response"))
        if max(request, response) is Level.NONE:
            return None
        at = places.of(finding)
        note = f" ({finding.note})" if finding.note else ""
        text = rule.text.replace("{note}", "").format(
            name=finding.name, was=finding.was or "none", now=finding.now or "none"
        )
        return Change(
            finding.rule,
            request,
            response,
            f"{at}: {text}{note}",
            rule.hint,
            at,
            tuple(one for one in (finding.name, finding.key, finding.was, finding.now) if one),
            None if finding.old is None else finding.old.place,
            None if finding.new is None else finding.new.place,
            operations.of(self.bits),
            anchor=None if finding.anchor is None else finding.anchor.place,
        )


class _Operations:
    """The operations that changes reach, sorted once."""

    def __init__(self, reached: list[ReachedOperation]) -> None:
        self._sorted = sorted(enumerate(reached), key=lambda one: one[1])
        self._known: dict[int, tuple[ReachedOperation, ...]] = {}

    def of(self, bits: int) -> tuple[ReachedOperation, ...]:
        """Those whose number is a bit of a number."""
        if bits not in self._known:
            self._known[bits] = tuple(one for number, one in self._sorted if bits >> number & 1)
        return self._known[bits]
