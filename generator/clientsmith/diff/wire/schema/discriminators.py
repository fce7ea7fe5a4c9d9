"""Compares discriminators: those of unions by what names each member, those of base classes by their mappings."""

from __future__ import annotations

from clientsmith.diff.wire.differences import Difference
from clientsmith.diff.wire.schema.model import Allowed
from clientsmith.diff.wire.schema.normal import SchemaNormalizer
from clientsmith.diff.wire.schema.pairs import PairReport
from clientsmith.document.model import Node, Pointer
from clientsmith.jsonschema.discriminator import component_key


def compare_discriminators(report: PairReport, old: Allowed, new: Allowed) -> None:
    """Tell of another property, or of other values of it; what names a member is told with the member."""
    if old.discriminator is not None or new.discriminator is not None:
        _compare_unions(report, old, new)
        return
    bases = _base(old), _base(new)
    if bases[0] is not None and bases[1] is not None:
        _compare_bases(report, bases[0], bases[1])


def _base(side: Allowed) -> Node | None:
    """The discriminator of a schema that others build on by `allOf`."""
    found = (node.get("discriminator") for node in side.schema.nodes)
    return next((node for node in found if node is not None), None)


def _compare_bases(report: PairReport, old: Node, new: Node) -> None:
    names = old.text("propertyName"), new.text("propertyName")
    if names[0] != names[1]:
        report.tell(Difference("discriminator-changed", old, new, new, new, "discriminator", *names))
        return
    before, after = _mapped(report.pairs.old, old), _mapped(report.pairs.new, new)
    for value in sorted(before.keys() | after.keys()):
        if before.get(value) != after.get(value):
            rule = "added" if value not in before else "removed" if value not in after else "changed"
            was, now = (value if value in side else "" for side in (before, after))
            report.tell(
                Difference(f"discriminator-value-{rule}", old, new, new, new, "discriminator", was, now)
            )


def _mapped(side: SchemaNormalizer, discriminator: Node) -> dict[str, Pointer]:
    """What the values of a mapping mean, except those that mean the component of that name without it."""
    targets = side.tags.targets(discriminator)
    return {value: node.pointer for value, node, _ in targets if component_key(node) != value}


def _compare_unions(report: PairReport, old: Allowed, new: Allowed) -> None:
    """A property that tells the members of a union apart, unless they list its values themselves."""
    names = [
        "" if one.discriminator is None else one.discriminator.text("propertyName") for one in (old, new)
    ]
    tagged = [any(one.is_tagged for one in side.kinds.get("object", ())) for side in (old, new)]
    if names[0] == names[1] or not any(tagged):
        return
    rule = "discriminator-added" if not names[0] else "discriminator-removed" if not names[1] else ""
    places = old.discriminator or old.schema.place, new.discriminator or new.schema.place
    at = new.schema.place
    rule = rule or "discriminator-changed"
    report.tell(Difference(rule, *places, at, at, "discriminator", was=names[0], now=names[1]))
