"""Compares what only some values have to keep: `then`, `else`, `dependentSchemas`, `contains`, `not` and the like.

A condition on the same values on both sides is reported as the changes inside it. What changes inside
`not` and `if` is undecided, as is every condition of which there are several that could be the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from itertools import zip_longest

from clientsmith.diff.wire.schema.implied import asks_nothing
from clientsmith.diff.wire.schema.limits import is_tighter, shown
from clientsmith.diff.wire.schema.meaning import DEEP
from clientsmith.diff.wire.schema.model import IMPLICATIONS, Condition, Schema
from clientsmith.diff.wire.schema.normal import SchemaNormalizer
from clientsmith.diff.wire.schema.sides import Sides

_TAKEN_APART = (*IMPLICATIONS, "dependentSchemas", "contains")
_CHANGES = {
    (True, True): "condition-exchanged",
    (True, False): "condition-narrowed",
    (False, True): "condition-widened",
}
"""By whether something is refused now, and whether something is allowed now."""


def compare_conditions(both: Sides) -> None:
    """Report what changes in the conditions of two alternatives."""
    if both.old.conditions or both.new.conditions:
        _Conditions(both).compare()


@dataclass(slots=True)
class _Conditions:
    both: Sides
    old: list[Condition] = field(default_factory=list[Condition], init=False)
    new: list[Condition] = field(default_factory=list[Condition], init=False)

    def compare(self) -> None:
        numbers = [{self._number(index, one) for one in side} for index, side in enumerate(self._stated)]
        self.old, self.new = (
            [one for one in side if self._number(index, one) not in numbers[1 - index]]
            for index, side in enumerate(self._stated)
        )
        for one, other in self._matched(self._content):
            self._compare_counts(one, other)
        for one, other in self._matched(self._asked):
            self._compare_inside(one, other)
        self._tell_left()

    @property
    def _stated(self) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
        return self.both.old.conditions, self.both.new.conditions

    def _side(self, index: int) -> SchemaNormalizer:
        pairs = self.both.report.pairs
        return (pairs.old, pairs.new)[index]

    def _number(self, index: int, one: Condition) -> int:
        report = self.both.report
        return report.pairs.meanings.of_condition(self._side(index), one, report.direction, DEEP)

    def _meaning(self, index: int, schema: Schema, kind: str = "") -> int:
        report, side = self.both.report, self._side(index)
        if kind:
            return report.pairs.meanings.of_kind(side, schema, kind, report.direction, DEEP)
        schema = side.schema(schema.nodes, schema.place)
        return report.pairs.meanings.of(side, schema, report.direction, DEEP)

    def _content(self, index: int, one: Condition) -> Hashable:
        """What identifies a `contains` when only the number of items changes."""
        return (one.keyword, self._meaning(index, one.schemas[0])) if one.limits else None

    def _asked(self, index: int, one: Condition) -> Hashable:
        """What says of which values something is asked."""
        if one.keyword not in _TAKEN_APART:
            return None
        return one.keyword, one.text, *(self._meaning(index, schema, one.kind) for schema in one.schemas[:-1])

    def _matched(self, key: Callable[[int, Condition], Hashable]) -> list[tuple[Condition, Condition]]:
        """The conditions that alone on their side have a key in common, taken out of those that are left."""
        sides = [[(key(index, one), one) for one in side] for index, side in enumerate((self.old, self.new))]
        counts = [Counter(found for found, _ in side) for side in sides]
        pairs = [
            (one, other)
            for found, one in sides[0]
            for known, other in sides[1]
            if found is not None and found == known and counts[0][found] == counts[1][found] == 1
        ]
        self.old = [one for one in self.old if one not in {pair[0] for pair in pairs}]
        self.new = [one for one in self.new if one not in {pair[1] for pair in pairs}]
        return pairs

    def _compare_counts(self, old: Condition, new: Condition) -> None:
        """How many items have to fit."""
        for keyword in sorted(old.limits.keys() | new.limits.keys()):
            was, now = old.limits.get(keyword), new.limits.get(keyword)
            if was != now:
                rule = "bound-narrowed" if is_tighter(keyword, now, was) else "bound-widened"
                self.both.tell(rule, (keyword, old.keyword), shown(keyword, was), shown(keyword, now))

    def _is_void(self, index: int, one: Condition) -> bool:
        """Whether an implication asks nothing that does not hold anyway."""
        if one.keyword not in IMPLICATIONS:
            return False
        whole, direction = (self.both.old, self.both.new)[index], self.both.report.direction
        return asks_nothing(whole, self._side(index).allowed(one.schemas[-1], direction))

    def _compare_inside(self, old: Condition, new: Condition) -> None:
        if self._is_void(0, old) and self._is_void(1, new):
            return
        places = old.schemas[-1].place, new.schemas[-1].place
        report, is_text = self.both.report, self.both.report.pair.is_text
        if old.limits:
            self._compare_counts(old, new)
            if "maxContains" in old.limits and "maxContains" in new.limits:
                self._compare_counted(old, new)
            elif old.limits["minContains"] and new.limits["minContains"]:
                report.compare([places[0]], [places[1]], places, is_text=is_text)
            return
        report.compare([places[0]], [places[1]], places, is_text=is_text, kind=self.both.old.kind)

    def _compare_counted(self, old: Condition, new: Condition) -> None:
        """What at most a number of items fit: if fewer values fit, more arrays do."""
        places = old.schemas[0].place, new.schemas[0].place
        report = self.both.report
        verdict = report.pairs.verdict(report.inner([places[0]], [places[1]], places))
        is_asked = bool(old.limits["minContains"] and new.limits["minContains"])
        if verdict is None:
            self.both.tell("condition-changed", (old.keyword,))
        elif True in verdict:
            narrows, widens = verdict
            change = widens or (narrows and is_asked), narrows or (widens and is_asked)
            self.both.tell(_CHANGES[change], (old.keyword,))

    def _tell_left(self) -> None:
        """Those that only one side has, and those that could be several of the other side."""
        sides: dict[str, tuple[dict[object, Condition], dict[object, Condition]]] = {}
        for index, left in enumerate((self.old, self.new)):
            for one in (condition for condition in left if not self._is_void(index, condition)):
                name = self._name(index, one)
                key = one.node if name == "if" else one
                sides.setdefault(name, ({}, {}))[index].setdefault(key, one)
        for name, (gone, added) in sorted(sides.items()):
            if name == "contentSchema":
                self._tell_content()
                continue
            for was, now in zip_longest(gone.values(), added.values()):
                self.both.tell(_rule_of(was, now), (name,))

    def _tell_content(self) -> None:
        """What a string holds is not checked with it; another media type is reported as that."""
        if self.both.old.media == self.both.new.media:
            words = "values of the old schema", "values of a new schema"
            self.both.tell("content-changed", ("contentSchema",), *words)

    def _name(self, index: int, one: Condition) -> str:
        """The keyword that is the cause: that of an implication is `if` unless the other side has the same `if`."""
        if one.keyword not in IMPLICATIONS:
            return one.keyword
        tests = {
            self._meaning(1 - index, other.schemas[0], other.kind)
            for other in self._stated[1 - index]
            if other.keyword in IMPLICATIONS
        }
        return one.keyword if self._meaning(index, one.schemas[0], one.kind) in tests else "if"


def _rule_of(was: Condition | None, now: Condition | None) -> str:
    """Of lists of refused values that are spread over several `not`, one may be new or gone."""
    if was is not None and now is not None and len(was.schemas) != len(now.schemas):
        if was.values and was.values < now.values:
            return "condition-added"
        if now.values and now.values < was.values:
            return "condition-removed"
    return "condition-changed" if was and now else "condition-added" if now else "condition-removed"
