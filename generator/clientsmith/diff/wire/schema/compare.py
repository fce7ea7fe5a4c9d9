"""Compares two schemas of the same place: the JSON types of their values, then the alternatives of each type."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from clientsmith.diff.wire.differences import Difference
from clientsmith.diff.wire.schema.alternatives import compare_alternatives
from clientsmith.diff.wire.schema.annotations import compare_default, compare_deprecation
from clientsmith.diff.wire.schema.limits import is_tighter
from clientsmith.diff.wire.schema.model import KINDS, Allowed, Alternative, Schema, SchemaKey
from clientsmith.diff.wire.schema.normal import SchemaNormalizer
from clientsmith.diff.wire.schema.pairs import PairReport, SchemaPairs
from clientsmith.diff.wire.schema.unions.causes import leave_out_inherent, leave_out_listed, tell_types
from clientsmith.diff.wire.schema.unions.discriminators import compare_discriminators
from clientsmith.diff.wire.schema.unions.exclusion import compare_exclusion
from clientsmith.diff.wire.schema.unions.left import left_of, tell_left
from clientsmith.diff.wire.schema.unions.matching import (
    Matching,
    compared_apart,
    covered_pairs,
    matched,
)
from clientsmith.document.model import JSON
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.openapi.likeness import MOST_COMPARED

_NUMBERS = {True: "integer", False: "number"}
_LEADING = frozenset({"$ref", "$dynamicRef", "discriminator"})
_WRITTEN = ("boolean", "number", "string")
_WHOLE = re.compile(r"0|-?[1-9][0-9]*")
_SCALARS = frozenset({"boolean", "number"})
"""Types whose values are also texts if they are written without quotes."""


def schema_pairs(old: ResolvedDocument, new: ResolvedDocument) -> SchemaPairs:
    """The comparison of the schemas of two documents."""
    return SchemaPairs(SchemaNormalizer(old), SchemaNormalizer(new), compare_schemas, compare_alternatives)


def compare_schemas(report: PairReport) -> None:
    """Tell what a pair differs in by itself, and note the pairs inside it."""
    pair, pairs = report.pair, report.pairs
    if _are_written_the_same(report):
        return
    old, new = pairs.old.allowed(pair.old, pair.direction), pairs.new.allowed(pair.new, pair.direction)
    if pair.kind:
        old, new = (_only(side, pair.kind) for side in (old, new))
    else:
        _compare_annotations(report, pair.old, pair.new)
    if pair.is_text:
        old, new = _as_texts(old, new)
    if old.kinds.keys() != new.kinds.keys() and _is_anything(old) != _is_anything(new):
        _compare_types(report, old, new, Matching())  # whatever else one side says is gone or new with it
        return
    old, new = compared_apart(report, old, new)
    left = Matching()
    for kind in KINDS:
        if kind in old.kinds and kind in new.kinds:
            matching = _compare_unions(report, old.kinds[kind], new.kinds[kind])
            left.pairs += matching.pairs
            left.old += matching.old
            left.new += matching.new
    _compare_types(report, old, new, left)
    compare_discriminators(report, old, new)
    compare_exclusion(report, old, new, left)
    leave_out_listed(report, old, new)
    leave_out_inherent(report, old, new)


def _only(side: Allowed, kind: str) -> Allowed:
    return replace(side, kinds={kind: side.kinds[kind]} if kind in side.kinds else {})


def _is_anything(side: Allowed) -> bool:
    """Whether every value is valid."""
    return not side.exclusive and all(any(one.is_free for one in side.kinds.get(kind, ())) for kind in KINDS)


def _as_texts(old: Allowed, new: Allowed) -> tuple[Allowed, Allowed]:
    """Both sides with listed values as the texts that are written, if only that makes their types the same.

    What is written without quotes is judged by its bytes: 1 and "1" are one value. An integer is a text for a side
    that lists texts, and a text of digits an integer for a side that takes any.
    """
    if old.kinds.keys() == new.kinds.keys() or _is_any_text(old) or _is_any_text(new):
        return old, new
    is_number = any(one.values is None for side in (old, new) for one in side.kinds.get("number", ()))
    texts = _texts(old, is_number=is_number), _texts(new, is_number=is_number)
    return texts if texts[0].kinds.keys() == texts[1].kinds.keys() else (old, new)


def _texts(side: Allowed, *, is_number: bool) -> Allowed:
    kinds = {kind: found for kind, found in side.kinds.items() if kind not in _WRITTEN}
    listed: dict[str, Alternative] = {}
    for one in (one for kind in _WRITTEN for one in side.kinds.get(kind, ())):
        values = list((one.values or {}).values())
        is_exact = all(isinstance(value, int | str) for value in values)  # 1.0 may be written as 1 or 1.0
        if not values or not is_exact or one.conditions or one.encoding:
            kinds[one.kind] = (*kinds.get(one.kind, ()), one)
            continue
        for value in values:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            is_whole = is_number and _WHOLE.fullmatch(text) is not None
            kind, key = ("number", int(text)) if is_whole else ("string", text)
            known = listed.get(kind, replace(one, kind=kind, values={}))
            listed[kind] = replace(known, values={**(known.values or {}), key: key})
    return replace(side, kinds=kinds | {kind: (one, *kinds.get(kind, ())) for kind, one in listed.items()})


def _compare_annotations(report: PairReport, old: Schema, new: Schema) -> None:
    if old.nodes and new.nodes:
        homes = report.aligned(old, new)
        sides = [homes.old, *report.pairs.old.marks(old)], [homes.new, *report.pairs.new.marks(new)]
        compare_default(report.tell, *sides)
        compare_deprecation(report.tell, *sides, "schema")


def _are_written_the_same(report: PairReport) -> bool:
    """Whether both sides have the same text, and nothing in it leads elsewhere: most schemas of most changes."""
    pair, pairs = report.pair, report.pairs
    if (
        not (pair.old.is_single and pair.new.is_single)
        or pairs.old.document.version != pairs.new.document.version
    ):
        return False
    return _is_same(pair.old.nodes[0].value, pair.new.nodes[0].value)


def _is_same(value: JSON, other: JSON) -> bool:
    if isinstance(value, dict):
        return (
            isinstance(other, dict)
            and value.keys() == other.keys()
            and _LEADING.isdisjoint(value)
            and all(_is_same(inner, other[key]) for key, inner in value.items())
        )
    if isinstance(value, list):
        return isinstance(other, list) and len(value) == len(other) and all(map(_is_same, value, other))
    return value == other and isinstance(value, bool) == isinstance(other, bool)  # true is 1 in Python


def _compare_types(report: PairReport, old: Allowed, new: Allowed, matching: Matching) -> None:
    """The types of a schema; if those of a member of a union are the cause, they are reported there."""
    lost, gained = old.kinds.keys() - new.kinds.keys(), new.kinds.keys() - old.kinds.keys()
    members = {
        (mine.schema, theirs.schema): None
        for mine, theirs in matching.pairs
        if mine.schema.key != report.pair.old.key and theirs.schema.key != report.pair.new.key
    }
    of_members = [
        _owned(side, kinds, {pair[index].key for pair in members})
        for index, (side, kinds) in enumerate(((old, lost), (new, gained)))
    ]
    for mine, theirs in members:
        inner = (
            report.pairs.old.allowed(mine, report.direction),
            report.pairs.new.allowed(theirs, report.direction),
        )
        own = of_members[0] & inner[0].kinds.keys(), of_members[1] & inner[1].kinds.keys()
        _tell_kinds(report, *inner, *own, (False, False))
    whole = [
        all(one.is_whole for one in side.kinds["number"]) if "number" in side.kinds else False
        for side in (old, new)
    ]
    if any(
        pair[0].kind == "number" and (pair[0].schema, pair[1].schema) in members for pair in matching.pairs
    ):
        whole = [False, False]  # reported for each member
    _tell_kinds(report, old, new, lost - of_members[0], gained - of_members[1], (whole[0], whole[1]))


def _owned(side: Allowed, kinds: Iterable[str], members: set[SchemaKey]) -> set[str]:
    """The types that only some members of a union have."""
    return {kind for kind in kinds if all(one.schema.key in members for one in side.kinds[kind])}


def _tell_kinds(
    report: PairReport, old: Allowed, new: Allowed, lost: set[str], gained: set[str], whole: tuple[bool, bool]
) -> None:
    """Types that are lost and gained; `whole` says of each side whether all numbers have to be integers."""
    for rule, is_null_alone in (("null-forbidden", lost == {"null"}), ("null-allowed", gained == {"null"})):
        if is_null_alone and old.kinds.keys() & new.kinds.keys():
            tell_types(report, rule, old, new, ("nullable", "type"))
    if old.kinds.keys() & new.kinds.keys():
        lost, gained = (kinds if kinds != {"null"} else set[str]() for kinds in (lost, gained))
    is_wider = bool(gained) or (whole[0] and not whole[1] and "number" in new.kinds)
    is_narrower = bool(lost) or (whole[1] and not whole[0] and "number" in old.kinds)
    if whole[0] != whole[1] and _are_steps_exchanged(old, new):
        is_narrower, is_wider = True, True
    if report.pair.is_text and lost and lost <= _SCALARS and _is_any_text(new):
        is_narrower, is_wider = False, True
    if report.pair.is_text and gained and gained <= _SCALARS and _is_any_text(old):
        is_narrower, is_wider = True, False
    if is_wider or is_narrower:
        rule = "type-changed" if is_wider and is_narrower else "type-widened" if is_wider else "type-narrowed"
        tell_types(report, rule, old, new, ("type",))


def _are_steps_exchanged(old: Allowed, new: Allowed) -> bool:
    """Whether each side has numbers that are not multiples for the other one."""
    numbers = old.kinds.get("number", ()), new.kinds.get("number", ())
    if any(len(side) != 1 or side[0].values is not None for side in numbers):
        return False
    steps = (side[0].limits.get("multipleOf") for side in numbers)
    return is_tighter("multipleOf", *steps) is None


def _is_any_text(side: Allowed) -> bool:
    return any(
        one.values is None
        and not (one.limits or one.patterns or one.formats or one.encoding or one.conditions)
        for one in side.kinds.get("string", ())
    )


def _compare_unions(
    report: PairReport, old: tuple[Alternative, ...], new: tuple[Alternative, ...]
) -> Matching:
    """The alternatives of one JSON type; returns which is which."""
    matching = matched(report, old, new)
    for mine, theirs in matching.pairs:
        compare_alternatives(report, mine, theirs)
        are_members = mine.schema.key != report.pair.old.key and theirs.schema.key != report.pair.new.key
        if are_members:
            report.pair.members.append((mine, theirs))
            _compare_annotations(report, mine.schema, theirs.schema)
        if are_members and mine.is_whole != theirs.is_whole and mine.kind == "number":
            rule = "type-narrowed" if theirs.is_whole else "type-widened"
            places, at = (mine.schema.place, theirs.schema.place), theirs.schema.place
            words = [_NUMBERS[one.is_whole] for one in (mine, theirs)]
            report.tell(Difference(rule, *places, at, at, "type", words[0], words[1]))
    for mine, theirs in covered_pairs(matching, old, new):
        compare_alternatives(report, mine, theirs)
    is_small = len(old) * len(new) <= MOST_COMPARED
    for one in left_of(matching.old, matching.new):
        tell_left(report, matching, one, (old, new if is_small else ()), is_old=True)
    for one in left_of(matching.new, matching.old):
        tell_left(report, matching, one, (new, old if is_small else ()), is_old=False)
    return matching
