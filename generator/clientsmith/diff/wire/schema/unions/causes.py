"""Finds the one cause of several differences: the keyword or member that types come from, and lists beside unions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from clientsmith.diff.wire.differences import Difference
from clientsmith.diff.wire.schema.alternatives import shown_list
from clientsmith.diff.wire.schema.model import KINDS, Allowed, Schema
from clientsmith.diff.wire.schema.normal import SchemaNormalizer
from clientsmith.diff.wire.schema.pairs import PairReport, changed_in
from clientsmith.diff.wire.schema.sides import stated_in
from clientsmith.document.model import JSON, Node
from clientsmith.document.resolved import Identity
from clientsmith.jsonschema.keywords import CHOICES, elements
from clientsmith.jsonschema.shape import Part

_OF_NULL = ("null-allowed", "null-forbidden")
_LISTS = ("enum", "const")
_OF_LISTS = ("enum-added", "enum-removed", "type-narrowed", "type-widened")
_OF_MEMBERS = ("union-member-added", "union-member-removed")
_OF_VALUES = ("enum-replaced", "enum-value-added", "enum-value-removed")
_LISTED_TYPES = (
    (("null-allowed", "type-widened"), ("enum-removed", "enum-value-added"), "values are no longer limited to {}"),
    (("null-forbidden", "type-narrowed"), ("enum-added", "enum-value-removed"), "only {} is allowed now"),
)  # fmt: skip
"""For a list that is gone and for one that is new: rules of types and of values that it decides, and what is said."""


def leave_out_listed(report: PairReport, old: Allowed, new: Allowed) -> None:
    """A list beside a union that is gone or new is one cause, whatever values and members it left the union.

    If the members of the other side only list values too, these values are what changes.
    """
    sides = (report.pairs.old, old), (report.pairs.new, new)
    lists = [_list_beside(*side) for side in sides]
    if (lists[0] is None) == (lists[1] is None):
        return
    index = 0 if lists[0] is not None else 1
    listing, free = sides[index], sides[1 - index]
    if all(one.values is not None for kind in listing[1].kinds for one in free[1].kinds.get(kind, ())):
        return
    members, findings = _members(*listing), report.pair.findings
    inherent = [
        one
        for one in findings
        if (one.rule in _OF_VALUES and (one.old, one.new)[index] == lists[index])
        or (one.rule in _OF_MEMBERS and _entry(one) in members)
    ]
    for one in inherent:
        del findings[one]
    told = {one.rule for one in findings}
    if inherent and told.isdisjoint(_OF_LISTS):
        _tell_list(report, (lists[0], lists[1]))


def _tell_list(report: PairReport, lists: tuple[Node | None, Node | None]) -> None:
    homes = report.aligned(report.pair.old, report.pair.new)
    places = lists[0] or homes.old, lists[1] or homes.new
    was, now = ("" if one is None else shown_list(_values(one)) for one in lists)
    rule = "enum-added" if lists[0] is None else "enum-removed"
    report.tell(Difference(rule, *places, homes.at, name="enum", was=was, now=now))


def _values(stated: Node) -> list[JSON]:
    return stated.value if stated.key == "enum" and isinstance(stated.value, list) else [stated.value]


def _list_beside(side: SchemaNormalizer, allowed: Allowed) -> Node | None:
    """Where values are listed beside a union."""
    own = _beside(side, allowed)
    if not any(elements(node, keyword) for node in own for keyword in CHOICES):
        return None
    return stated_in(own, _LISTS)


def _beside(side: SchemaNormalizer, allowed: Allowed) -> list[Node]:
    own = [part.node for node in allowed.schema.nodes for part in side.reader.parts(node)]
    return [*own, *(part.node for part in allowed.schema.flat)]


def _members(side: SchemaNormalizer, allowed: Allowed) -> list[JSON]:
    """What the members of its unions are written like."""
    own = _beside(side, allowed)
    return [one.value for node in own for keyword in CHOICES for one in elements(node, keyword)]


def _entry(finding: Difference) -> JSON:
    """What a member of a union that is gone or new is written like."""
    stated = finding.old or finding.new
    return None if stated is None else stated.value


def leave_out_inherent(report: PairReport, old: Allowed, new: Allowed) -> None:
    """A list that is gone or new is one cause with the types that it alone states, or keeps out."""
    findings = report.pair.findings
    told = {one.rule for one in findings}
    for rule, cause, side in (("enum-removed", "type-widened", old), ("enum-added", "type-narrowed", new)):
        if cause in told and not any("type" in node.mapping for node in side.schema.nodes):
            for one in [one for one in findings if one.rule == rule and not one.is_severe]:
                del findings[one]
    for index, row in enumerate(_LISTED_TYPES):
        _leave_out_values(report, index, *row)


def _leave_out_values(
    report: PairReport, index: int, of_types: tuple[str, ...], of_values: tuple[str, ...], text: str
) -> None:
    """What values a list is about that only one side has, beside the types that it keeps out there."""
    findings = report.pair.findings
    for types in [one for one in findings if one.rule in of_types]:
        listed, other = (types.old, types.new)[:: -1 if index else 1]
        if listed is None or listed.key not in _LISTS or (other is not None and other.key in _LISTS):
            continue
        values = [one for one in findings if one.rule in of_values and (one.old, one.new)[index] == listed]
        if values and not any(one.is_severe for one in values):
            for one in (types, *values):
                del findings[one]
            report.tell(replace(types, note=text.format(shown_list(_values(listed)))))


def tell_types(report: PairReport, rule: str, old: Allowed, new: Allowed, keywords: tuple[str, ...]) -> None:
    """Types that are allowed or not any more, at the keyword or the member of a union that is the cause."""
    sides = report.pairs.old, report.pairs.new
    members: tuple[Node | None, Node | None] = (None, None)
    stated_by, changed = _cause(old, new, keywords)
    if changed is not None:  # the object that states the types says them, whatever holds beside it
        old, new = (
            side.allowed(Schema(node, (node,)), report.direction)
            for side, node in zip(sides, changed, strict=True)
        )
    elif rule in _OF_NULL:
        members = _member_of_null(old), _member_of_null(new)
    homes = report.aligned(old.schema, new.schema)
    was = members[0] or _stated(old, homes.old, _read_by(sides[0], stated_by))
    now = members[1] or _stated(new, homes.new, _read_by(sides[1], stated_by))
    report.tell(Difference(rule, was, now, homes.at, homes.at, "type", was=_shown(old), now=_shown(new)))


def _cause(
    old: Allowed, new: Allowed, keywords: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[Node, Node] | None]:
    """Which keywords are said in another way, and the schema objects that say them; by default those that say types."""
    common = _common_parts(old), _common_parts(new)
    for stated_by in (keywords, _LISTS, ("not",)):
        changed = changed_in(*common, stated_by)
        if changed is not None:
            return stated_by, changed
    return keywords, None


def _read_by(side: SchemaNormalizer, keywords: tuple[str, ...]) -> tuple[str, ...]:
    """Those of some keywords that a version of OpenAPI reads."""
    return tuple(one for one in keywords if one != "nullable" or side.document.version < (3, 1))


def _member_of_null(side: Allowed) -> Node | None:
    """The member of a union that allows null and no other value."""
    entries = [
        {one.entries[-1] for one in found if one.entries}
        for found in (
            side.kinds.get("null", ()),
            [one for kind, found in side.kinds.items() if kind != "null" for one in found],
        )
    ]
    return next(iter(entries[0] - entries[1]), None) if len(entries[0]) == 1 else None


def _common_parts(side: Allowed) -> list[Part]:
    """The schema objects that hold for values of every type, null apart."""
    alternatives = [one for kind, found in side.kinds.items() if kind != "null" for one in found]
    nodes = [{part.node.identity for part in one.parts} for one in alternatives]
    common = set[Identity].intersection(*nodes) if nodes else set[Identity]()
    return [part for one in alternatives[:1] for part in one.parts if part.node.identity in common]


def _stated(side: Allowed, home: Node, keywords: Iterable[str]) -> Node:
    """Where the schema states its types, if that is where it is reported; a union states them as a whole."""
    nodes = side.schema.nodes[:1] if home == side.schema.place else ()
    found = (node.get(keyword) for keyword in keywords for node in nodes)
    return next((node for node in found if node is not None), home)


def _shown(side: Allowed) -> str:
    if len(side.kinds) == len(KINDS):
        return "any type"
    words = [
        "integer" if kind == "number" and all(one.is_whole for one in side.kinds[kind]) else kind
        for kind in sorted(side.kinds)
    ]
    return " or ".join(words) or "no value"
