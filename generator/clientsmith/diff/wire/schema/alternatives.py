"""Compares one alternative with another: listed values, limits, formats, encodings, and keywords not taken apart."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from typing import cast

from clientsmith.diff.wire.differences import Difference
from clientsmith.diff.wire.schema.conditions import compare_conditions
from clientsmith.diff.wire.schema.implied import keeps, keeps_format, values_of
from clientsmith.diff.wire.schema.limits import combined, fits, is_tighter, limits_of, shown
from clientsmith.diff.wire.schema.members import of_item, places_of
from clientsmith.diff.wire.schema.model import Alternative, Limit
from clientsmith.diff.wire.schema.objects import compare_members
from clientsmith.diff.wire.schema.pairs import PairReport
from clientsmith.diff.wire.schema.sides import Sides, nodes_of, stated_in
from clientsmith.document.model import JSON, Node
from clientsmith.json_values.codec import Value, write_beginning
from clientsmith.jsonschema.keywords import listed_values

_WIDER = {("int32", "int64"), ("float", "double"), ("int8", "int16"), ("int16", "int32"), ("int8", "int32"),
          ("int8", "int64"), ("int16", "int64"), ("uint32", "uint64"), ("int32", "double"), ("float", "decimal"),
          ("double", "decimal")}  # fmt: skip
"""Formats of which the second has every value of the first."""
_STATED_BY = {
    "minimum": ("minimum", "exclusiveMinimum"),
    "maximum": ("maximum", "exclusiveMaximum"),
    "multipleOf": ("multipleOf", "type"),
}
_LONGEST = 60
_WHOLE: Mapping[str, Limit] = {"multipleOf": Fraction(1)}


def compare_alternatives(report: PairReport, old: Alternative, new: Alternative) -> None:
    """Tell what changes from one alternative to another of the same JSON type."""
    both = Sides(report, old, new)
    if old.values is None and new.values is None:
        _limits(both)
        _patterns(both)
        _formats(both)
    else:
        _values(both, values_of(old), values_of(new))
    _encodings(both)
    compare_conditions(both)
    _tags(both)
    if old.members is not None and new.members is not None:
        compare_members(report, old, new)
    places = range(max(places_of(old.rows), places_of(new.rows)))
    counts = [one.limits.get("maxItems") for one in (old, new)]
    for place in (*places, None):
        index = len(places) if place is None else place
        if any(isinstance(count, int) and count <= index for count in counts):
            break  # one side has no such item
        sides = of_item(old.rows, place), of_item(new.rows, place)
        if any(sides):
            homes = _items(old), _items(new)
            report.compare(*sides, homes, is_text=report.pair.is_text)


def _items(one: Alternative) -> Node:
    """Where items are described that may be anything."""
    return stated_in(nodes_of(one), ("items",)) or one.schema.place


def _limits(both: Sides) -> None:
    old, new = both.old.limits, both.new.limits
    if both.old.is_whole != both.new.is_whole:  # the kind of number changes, and is reported as that
        old, new = ({**combined(one, _WHOLE), "multipleOf": 1} for one in (old, new))
    for keyword in sorted(old.keys() | new.keys()):
        was, now = old.get(keyword), new.get(keyword)
        tighter = is_tighter(keyword, now, was)
        is_kept = tighter is False or keeps(both.old, keyword, now)
        if was != now and not (is_kept and (tighter is True or keeps(both.new, keyword, was))):
            rule = {True: "bound-narrowed", False: "bound-widened", None: "bound-exchanged"}[tighter]
            stated_by = _STATED_BY.get(keyword, (keyword,))
            changed = both.changed(stated_by)
            if changed is not None:  # what it is there, whatever other bounds hold beside it
                was, now = (
                    limits_of(one.kind, [node], is_whole=one.is_whole).get(keyword)
                    if node is not None
                    else None
                    for one, node in zip((both.old, both.new), changed, strict=True)
                )
            both.tell(rule, stated_by, shown(keyword, was), shown(keyword, now))


def _patterns(both: Sides) -> None:
    gone, added = both.old.patterns - both.new.patterns, both.new.patterns - both.old.patterns
    if gone or added:
        rule = "pattern-changed" if gone and added else "pattern-added" if added else "pattern-removed"
        both.tell(rule, ("pattern",), _joined(gone), _joined(added))


def _formats(both: Sides) -> None:
    gone = {one for one in both.old.formats - both.new.formats if not keeps_format(both.new, one)}
    added = {one for one in both.new.formats - both.old.formats if not keeps_format(both.old, one)}
    if gone and added:
        change = _joined(gone), _joined(added)
        rule = "format-widened" if change in _WIDER else "format-changed"
        rule = "format-narrowed" if change[::-1] in _WIDER else rule
        both.tell(rule, ("format",), *change)
    elif gone or added:
        both.tell("format-added" if added else "format-removed", ("format",), _joined(gone), _joined(added))


def _joined(texts: Iterable[str]) -> str:
    return ", ".join(sorted(texts))


def _values(both: Sides, old: Mapping[Hashable, JSON] | None, new: Mapping[Hashable, JSON] | None) -> None:
    keywords = ("enum", "const")
    if old is None or new is None:
        listed, free = (new, both.old) if old is None else (old, both.new)
        is_outside = any(
            not fits(free.kind, one, free.limits, free.patterns) for one in (listed or {}).values()
        )
        rule = "enum-added" if old is None else "enum-removed"
        both.tell(rule, keywords, *_whole_lists(both, old, new), severe=is_outside)
        return
    if old and new and not old.keys() & new.keys():
        both.tell("enum-replaced", keywords, *_whole_lists(both, old, new))
        return
    for key in sorted(old.keys() ^ new.keys(), key=lambda one: _text({**old, **new}[one])):
        was, now = (_text(old[key]), "") if key in old else ("", _text(new[key]))
        both.tell("enum-value-removed" if key in old else "enum-value-added", keywords, was, now)


def _whole_lists(
    both: Sides, old: Mapping[Hashable, JSON] | None, new: Mapping[Hashable, JSON] | None
) -> tuple[str, str]:
    """The lists as a text each; those that are written in one place with the values of all JSON types."""
    changed = both.changed(("enum", "const")) or (None, None)
    stated = [None if node is None else listed_values(node) for node in changed]
    was, now = (
        shown_list((known or {}).values() if listed is None or known is None else listed)
        for listed, known in zip(stated, (old, new), strict=True)
    )
    return was, now


def shown_list(values: Iterable[JSON]) -> str:
    """Listed values as a reader knows them."""
    return _joined(map(_text, values))


def _text(value: JSON) -> str:
    return write_beginning(cast("Value", value), _LONGEST)[:_LONGEST]


def _encodings(both: Sides) -> None:
    if both.old.encoding != both.new.encoding:
        keywords = ("contentEncoding", "format", "contentMediaType")
        both.tell(
            "content-encoding-changed",
            keywords,
            both.old.encoding or "none",
            both.new.encoding or "none",
            name="encoding",
        )
    elif both.old.media != both.new.media:
        both.tell("content-changed", ("contentMediaType",), both.old.media, both.new.media)


def _tags(both: Sides) -> None:
    old, new = both.old, both.new
    if not (old.is_tagged and new.is_tagged) or old.tags == new.tags:
        return
    gone, added = old.tags - new.tags, new.tags - old.tags
    rule = "discriminator-value-changed" if gone and added else "discriminator-value-added"
    rule = "discriminator-value-removed" if gone and not added else rule
    pair, pairs = both.report.pair, both.report.pairs
    unions = pairs.old.allowed(pair.old, pair.direction), pairs.new.allowed(pair.new, pair.direction)
    if unions[0].discriminator is None or unions[1].discriminator is None:
        both.tell(rule, ("discriminator",), _joined(gone), _joined(added))
        return
    places = entry_of(unions[0].discriminator, gone), entry_of(unions[1].discriminator, added)
    at = pair.new.place
    both.report.tell(Difference(rule, *places, at, at, "discriminator", _joined(gone), _joined(added)))


def entry_of(discriminator: Node, values: Iterable[str]) -> Node:
    """Where a mapping says one of some values; without one it is the discriminator."""
    mapping = discriminator.get("mapping")
    entries = (None if mapping is None else mapping.get(value) for value in sorted(values))
    return next((one for one in entries if one is not None), discriminator)
