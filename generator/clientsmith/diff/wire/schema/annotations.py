"""Compares what schemas, parameters and operations say beside their values: defaults, deprecation and sunset."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import cast

from clientsmith.diff.wire.differences import Difference
from clientsmith.document.model import Node
from clientsmith.json_values.codec import Value, equality_key, write_beginning
from clientsmith.jsonschema.keywords import exact_value

_LONGEST = 60
_SUNSET = "x-sunset"


def compare_default(tell: Callable[[Difference], None], old: Sequence[Node], new: Sequence[Node]) -> None:
    """Tell how the default changes; each side is the schema objects that hold there, the closest one first."""
    was, now = _stated(old, "default"), _stated(new, "default")
    if was is None and now is None:
        return
    if was is None or now is None or _value(was) != _value(now):
        rule = "default-added" if was is None else "default-removed" if now is None else "default-changed"
        values = _text(was), _text(now)
        homes = _homes(old, new, was, now)
        tell(Difference(rule, was or homes[0], now or homes[1], homes[1], homes[1], "default", *values))


def compare_deprecation(
    tell: Callable[[Difference], None], old: Sequence[Node], new: Sequence[Node], name: str
) -> None:
    """Tell whether something is deprecated now, and how the date of its end moves."""
    was, now = (any(one.mapping.get("deprecated") is True for one in side) for side in (old, new))
    if was != now:
        rule = "deprecated" if now else "deprecation-withdrawn"
        marks = [
            next((one.child("deprecated") for one in side if one.mapping.get("deprecated") is True), None)
            for side in (old, new)
        ]
        homes = _homes(old, new, *marks)
        tell(Difference(rule, homes[0], marks[1] or homes[1], homes[1], homes[1], name))
    before, after = _stated(old, _SUNSET), _stated(new, _SUNSET)
    dates = _text(before).strip('"'), _text(after).strip('"')
    if dates[0] != dates[1]:
        rule = "sunset-set" if not dates[0] else "sunset-removed" if not dates[1] else "sunset-postponed"
        rule = "sunset-brought-forward" if all(dates) and dates[1] < dates[0] else rule
        homes = _homes(old, new, before, after)
        tell(Difference(rule, before or homes[0], after or homes[1], homes[1], homes[1], name, *dates))


def said_beside(nodes: Sequence[Node]) -> tuple[Hashable, ...]:
    """The default, the deprecation and the sunset in a form in which they compare; empty if nothing is said."""
    default = _stated(nodes, "default")
    is_deprecated = any(one.mapping.get("deprecated") is True for one in nodes)
    sunset = _text(_stated(nodes, _SUNSET))
    said = (None if default is None else (_value(default),), is_deprecated, sunset)
    return said if any(said) else ()


def announced(node: Node) -> str:
    """What was said before of the end of something that is gone."""
    said = ["it was deprecated"] if node.mapping.get("deprecated") is True else []
    sunset = node.mapping.get(_SUNSET)
    said += [] if sunset is None else [f"its sunset was {sunset}"]
    return ", ".join(said)


def _stated(nodes: Sequence[Node], keyword: str) -> Node | None:
    found = (one.get(keyword) for one in nodes)
    return next((one for one in found if one is not None), None)


def _homes(
    old: Sequence[Node], new: Sequence[Node], before: Node | None, after: Node | None
) -> tuple[Node, Node]:
    """The schema objects that say something, or would say it as that of the same place on the other side does."""
    pointers = [one.pointer[:-1] for one in (before, after) if one is not None]
    first, second = (next((one for one in side if one.pointer in pointers), side[0]) for side in (old, new))
    return first, second


def _value(node: Node) -> Hashable:
    return equality_key(cast("Value", exact_value(node.value)))


def _text(node: Node | None) -> str:
    return "" if node is None else write_beginning(cast("Value", node.value), _LONGEST)[:_LONGEST]
