"""Compares discriminators: those of unions by what names each member, those of base classes by their mappings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from clientsmith.diff.wire.differences import Difference
from clientsmith.diff.wire.schema.alternatives import entry_of
from clientsmith.diff.wire.schema.model import Allowed
from clientsmith.diff.wire.schema.normal import SchemaNormalizer
from clientsmith.diff.wire.schema.pairs import PairReport
from clientsmith.diff.wire.schema.unions.left import takes_all
from clientsmith.document.model import Node, Pointer
from clientsmith.jsonschema.discriminator import component_key


def compare_discriminators(report: PairReport, old: Allowed, new: Allowed) -> None:
    """Report another property, or other values of it; the name of a member is reported there."""
    if old.discriminator is not None or new.discriminator is not None:
        _compare_unions(report, old, new)
        return
    bases = base_of(old), base_of(new)
    if bases[0] is not None and bases[1] is not None:
        _compare_bases(report, bases[0], bases[1])


def base_of(side: Allowed) -> Node | None:
    """The schema with a discriminator that others build on by `allOf`, null beside it or not."""
    objects = side.kinds.get("object", ())
    inner = (node for one in objects[:1] if len(objects) == 1 for node in one.schema.nodes)
    return next((node for node in (*side.schema.nodes, *inner) if "discriminator" in node.mapping), None)


def _compare_bases(report: PairReport, old: Node, new: Node) -> None:
    places = old.child("discriminator"), new.child("discriminator")
    names = places[0].text("propertyName"), places[1].text("propertyName")
    if names[0] != names[1]:
        at = places[1]
        report.tell(Difference("discriminator-changed", *places, at, at, "discriminator", *names))
    sides = report.pairs.old, report.pairs.new
    before, after = (meant_by(side, base) for side, base in zip(sides, (old, new), strict=True))
    stated = [_stated(side, place) for side, place in zip(sides, places, strict=True)]
    same = {value for value in before.keys() & after.keys() if _means_the_same(value, before, after)}
    if names[0] == names[1]:
        _tell_values(
            report, places, (before, after), stated[0] ^ stated[1] | (before.keys() & after.keys()) - same
        )
    _compare_subtypes(report, before, after, same)


def _tell_values(
    report: PairReport,
    places: tuple[Node, Node],
    sides: tuple[Mapping[str, Node], Mapping[str, Node]],
    changed: Iterable[str],
) -> None:
    """Values that lead elsewhere, one by one; those that a schema has lost and got instead are one change."""
    before, after = sides
    changed = sorted(changed)
    for value in changed:
        if value in before and value in after:
            _tell_value(report, places, [value], [value])
    gone = _by_target(before, [value for value in changed if value not in after])
    added = _by_target(after, [value for value in changed if value not in before])
    for pointer in sorted(gone.keys() | added.keys()):
        was, now = gone.get(pointer, []), added.get(pointer, [])
        pairs = (
            [(was, now)]
            if was and now
            else [([one], list[str]()) for one in was] + [([], [one]) for one in now]
        )
        for pair in pairs:
            _tell_value(report, places, *pair)


def _by_target(named: Mapping[str, Node], values: Iterable[str]) -> dict[Pointer, list[str]]:
    found: dict[Pointer, list[str]] = {}
    for value in values:
        found.setdefault(named[value].pointer, []).append(value)
    return found


def _tell_value(report: PairReport, places: tuple[Node, Node], was: list[str], now: list[str]) -> None:
    rule = "changed" if was and now else "removed" if was else "added"
    stated = entry_of(places[0], was), entry_of(places[1], now)
    values = ", ".join(was), ", ".join(now)
    at = places[1]
    report.tell(Difference(f"discriminator-value-{rule}", *stated, at, at, "discriminator", *values))


def _compare_subtypes(
    report: PairReport, old: Mapping[str, Node], new: Mapping[str, Node], same: Iterable[str]
) -> None:
    """Compare the schemas that values lead to: by value, and by place if a value is another one now."""
    pairs = {(old[value].identity, new[value].identity): (old[value], new[value]) for value in sorted(same)}
    places = {node.pointer: node for _, node in sorted(new.items())}
    for _, node in sorted(old.items()):
        other = places.get(node.pointer)
        if other is not None:
            pairs[node.identity, other.identity] = node, other
    for mine, theirs in pairs.values():
        report.compare([mine], [theirs], (mine, theirs))


def meant_by(side: SchemaNormalizer, base: Node) -> dict[str, Node]:
    """What each value of a base class means: a schema that builds on the base, or one that the mapping names."""
    subtypes = side.subtypes.get(base.identity, [])
    tags = side.tags.of_subtypes(base, subtypes)
    found = {value: node for node, own in zip(subtypes, tags, strict=True) for value in own}
    return found | {value: node for value, node, _ in side.tags.targets(base.child("discriminator"))}


def _stated(side: SchemaNormalizer, discriminator: Node) -> set[str]:
    """The values of a mapping, except those that mean the component of that name without it."""
    return {value for value, node, _ in side.tags.targets(discriminator) if component_key(node) != value}


def _means_the_same(value: str, old: Mapping[str, Node], new: Mapping[str, Node]) -> bool:
    """Whether a value leads to the same schema, which may have another key now; not if that one has another value."""
    was, now = old[value].pointer, new[value].pointer
    return was == now or not (
        any(node.pointer == was for node in new.values()) or any(node.pointer == now for node in old.values())
    )


def _compare_unions(report: PairReport, old: Allowed, new: Allowed) -> None:
    """A property that tells the members of a union apart, unless they list its values themselves."""
    names = [
        "" if one.discriminator is None else one.discriminator.text("propertyName") for one in (old, new)
    ]
    tagged = [any(one.is_tagged for one in side.kinds.get("object", ())) for side in (old, new)]
    is_opened, was_open = (takes_all(side.kinds.get("object", ())) for side in (new, old))
    if names[0] == names[1] or not any(tagged) or is_opened != was_open:
        return
    rule = "discriminator-added" if not names[0] else "discriminator-removed" if not names[1] else ""
    places = old.discriminator or old.schema.place, new.discriminator or new.schema.place
    at = new.schema.place
    rule = rule or "discriminator-changed"
    report.tell(Difference(rule, *places, at, at, "discriminator", was=names[0], now=names[1]))
