"""Names the places of changes so that neither the order of lists nor what else changed there alters them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from clientsmith.accepted.places import Places
from clientsmith.diff.wire.differences import Difference
from clientsmith.diff.wire.messages.identity import match_operations
from clientsmith.diff.wire.schema.members import names_of
from clientsmith.diff.wire.schema.model import Alternative
from clientsmith.document.grammar import METHODS
from clientsmith.document.model import JSON, Node, render_pointer
from clientsmith.document.operations import bare_template
from clientsmith.document.resolved import Identity, ResolvedDocument
from clientsmith.jsonschema.keywords import listed_values

_ITEM = re.compile(r"/allOf/[^/]+")
"""A member of an `allOf`, which is merged with the others and so has no name that stays."""
_LONGEST, _DIGITS = 60, 8


@dataclass(slots=True)
class MemberNames:
    """Names members of unions that both sides have by what they have in common."""

    _members: dict[Identity, tuple[Node, Node, str]] = field(
        default_factory=dict[Identity, tuple[Node, Node, str]]
    )
    """By where a union of OLD lists a member: that, where NEW lists it, and what both have in common."""

    def add(self, members: Iterable[tuple[Alternative, Alternative]]) -> None:
        """Take in members of OLD with those that they are in NEW."""
        for old, new in members:
            if len(old.entries) == len(new.entries):
                for mine, theirs in zip(old.entries, new.entries, strict=True):
                    self._members[mine.identity] = mine, theirs, _common(mine, theirs, old, new)

    def found(self) -> dict[int, str]:
        """The names by the identity of the values; of several that are alike in one union with the position in OLD."""
        alike: dict[tuple[str, object, str], list[tuple[Node, Node]]] = {}
        for mine, theirs, name in self._members.values():
            union = mine.document.uri, mine.pointer[:-1], name
            alike.setdefault(union, []).append((mine, theirs))
        return {
            id(node.value): name if name and len(pairs) == 1 else f"{name} {mine.key}".strip()
            for (_, _, name), pairs in alike.items()
            for mine, theirs in pairs
            for node in (mine, theirs)
            if isinstance(node.value, dict)
        }


def _common(mine: Node, theirs: Node, old: Alternative, new: Alternative) -> str:
    """What tells a member from others on both sides: a name, the value of a property, properties, or the JSON type."""
    for keyword in ("$ref", "title"):
        if mine.text(keyword) == theirs.text(keyword) != "":
            return mine.text(keyword)
    if old.tags & new.tags:
        return _shortened(sorted(old.tags & new.tags))
    names = sorted(_names(old) & _names(new))
    values = [f"{name}={value}" for name in names if (value := _only_value(name, old, new)) is not None]
    return _shortened(values or names) or (old.kind if old.kind == new.kind else "")


def _names(one: Alternative) -> set[str]:
    return set() if one.members is None else names_of(one.members)


def _only_value(name: str, *sides: Alternative) -> str | None:
    """The one value that both sides list for a property."""
    listed = {json.dumps(_listed(one, name), default=str) for one in sides}
    values: JSON = json.loads(next(iter(listed)))
    is_one = len(listed) == 1 and isinstance(values, list) and len(values) == 1
    return str(values[0]) if is_one and isinstance(values, list) else None


def _listed(one: Alternative, name: str) -> list[JSON] | None:
    layers = () if one.members is None else one.members.layers
    nodes = (layer.properties.get(name) for layer in layers)
    return next((found for node in nodes if node is not None and (found := listed_values(node))), None)


def _shortened(words: list[str]) -> str:
    text = ",".join(words)
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST]}…{hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]}"


class EffectivePlaces:
    """Where changes are, whatever the order of lists, the names of parameters in paths, and files."""

    def __init__(self, old: ResolvedDocument, new: ResolvedDocument, names: Mapping[int, str]) -> None:
        self._documents = (old, new)
        self._sides = [
            (side, Places(side.root, side.documents, side.references, dict(names))) for side in (old, new)
        ]

    @cached_property
    def _paths(self) -> dict[tuple[str, ...], str]:
        """The path in NEW of each operation of OLD that has another one there: a server may have a part of it."""
        both = match_operations(*self._documents).both
        return {
            (one.found.path, one.found.method): other.found.path
            for one, other in both
            if one.found.path != other.found.path
        }

    def of(self, finding: Difference) -> str:
        """The place of what a finding is about."""
        for number, (side, _) in enumerate(self._sides):
            if side.documents.get(finding.at.document.uri) is finding.at.document:
                return self.named(finding.at, number)
        return render_pointer(finding.at.pointer)

    def named(self, node: Node, side: int) -> str:
        """The place of a node of OLD (0) or NEW (1)."""
        places = self._sides[side][1]
        shown = _ITEM.sub("/allOf", places.effective_place(node.document.shown_pointer(node.pointer)))
        if (
            node.document.is_root
            and node.pointer[:1] == ("paths",)
            and len(node.pointer) > 2
            and node.pointer[2] in METHODS
        ):
            start = f"{node.pointer[2].upper()} {node.pointer[1]}"
            path = node.pointer[1] if side == 1 else self._paths.get(node.pointer[1:3], node.pointer[1])
            return f"{node.pointer[2].upper()} {bare_template(path)}{shown.removeprefix(start)}"
        return shown
