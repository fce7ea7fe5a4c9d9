"""Reports the members of a union that only one side has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from clientsmith.accepted.places import item_name
from clientsmith.diff.wire.differences import Difference
from clientsmith.diff.wire.schema.model import Alternative
from clientsmith.diff.wire.schema.pairs import PairReport
from clientsmith.diff.wire.schema.unions.matching import Matching, union_names
from clientsmith.document.model import Node


def takes_all(members: Iterable[Alternative]) -> bool:
    """Whether a member allows every value of its JSON type, and says nothing more about it."""
    return any(one.is_free and not one.formats for one in members)


def left_of(members: Sequence[Alternative], others: Sequence[Alternative]) -> list[Alternative]:
    """Of the members that one side has in addition, those that are a cause of their own.

    One that several unions in each other list is one. If the other side takes every value instead, that is the cause.
    """
    if takes_all(others) and not takes_all(members):
        return []
    return list({one.schema.key: one for one in reversed(members)}.values())[::-1]


def tell_left(
    report: PairReport,
    matching: Matching,
    one: Alternative,
    sides: tuple[tuple[Alternative, ...], tuple[Alternative, ...]],
    *,
    is_old: bool,
) -> None:
    """A member that only one side has, unless another one of the other side allows the same.

    Its values may have the names of any member beside it, of which another one on the other side may say more. One that
    a union has in addition has no class in its clients, whatever other member its values fit.
    """
    own, others = sides
    known = union_names(own)

    def fits(other: Alternative, *, named: bool) -> bool:
        pair = (one, other) if is_old else (other, one)
        return report.pairs.fits(*pair, report.direction, forward=is_old, named=named, known=known)

    if any(fits(other, named=True) for other in others):
        return
    is_new_class = not is_old and len(others) > 1 and one.kind == "object"
    is_severe = is_new_class or not any(fits(other, named=False) for other in others)
    entry, place = _entry(one, matching.entries(is_old=is_old)), report.union_place
    note = "several members are equally alike, so none of them was taken for it"
    report.tell(
        Difference(
            "union-member-removed" if is_old else "union-member-added",
            entry if is_old else None,
            None if is_old else entry,
            place,
            place,
            _member_name(one, entry),
            is_severe=is_severe,
            key="" if _is_named(one, entry) else item_name(entry.value),
            note=note if one in matching.ties else "",
        )
    )


def _member_name(one: Alternative, entry: Node) -> str:
    """How a report names it: by its component, title or type; a union that is gone or new as a whole by its own."""
    inner = one.entries[0] if one.entries else entry
    name = entry.text("$ref").rpartition("/")[2] or entry.text("title")
    place = one.schema.place
    if entry != inner:
        return name or "union"
    is_component = place.pointer[:-1] == ("components", "schemas") and bool(one.entries)
    return place.key if is_component else place.text("title") or one.kind


def _is_named(one: Alternative, entry: Node) -> bool:
    """Whether its name tells a member from others of its JSON type."""
    return _member_name(one, entry) not in ("union", one.kind)


def _entry(one: Alternative, kept: frozenset[Node]) -> Node:
    """Where a union lists a member: the outermost of unions in each other of which nothing is on the other side."""
    apart = [entry for entry in one.entries if entry not in kept]
    return apart[-1] if apart else one.schema.place
