"""Goes through a document and finds what became of each member, given what the stages used and what they reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from clientsmith.diagnostics.catalogue import rules
from clientsmith.diagnostics.model import Diagnostic, Severity
from clientsmith.document.model import Node, parse_pointer
from clientsmith.document.resolved import Identity, ResolvedDocument
from clientsmith.document.uses import DIRECTIONS, Direction, Uses
from clientsmith.document.walk import all_objects
from clientsmith.lint.account.members import (
    is_documentation,
    is_named_by_others,
    is_whole,
    keyword_of,
    objects_in,
)
from clientsmith.lint.account.model import (
    FORMAT_NOT_CHECKED,
    NOT_CARRIED_OUT,
    NOT_REACHED,
    OWN,
    Account,
    Fate,
    LeftOut,
)

_ONE_SIDED: Mapping[str, Direction] = {"readOnly": "request", "writeOnly": "response"}
"""Keywords that say something about one direction only."""
_UNSENT = "readOnly"
"""What a property says that is not part of requests: there, nothing else that it says decides anything."""
_Cover = Mapping[Direction, Fate]
_OPEN: _Cover = {}
_RANKED: tuple[Fate, ...] = ("refused", "noted", "carried out")


def read_account(resolved: ResolvedDocument, uses: Uses, diagnostics: Iterable[Diagnostic]) -> Account:
    """What became of every member, given what was used and what was reported."""
    reader = _Reader(uses, _reported(resolved, diagnostics))
    reader.walk(resolved.node(), "document", "", _OPEN)
    walked = {identity for identity, _ in reader.seen}
    if any(target.identity not in walked for target in resolved.references.values()):
        for node, kind in all_objects(resolved):
            reader.walk(node, kind, node.key, _OPEN)
    return Account(reader.totals, (*reader.left_out, *reader.reported_elsewhere(resolved)))


@dataclass(frozen=True, slots=True)
class _Reported:
    id: str
    cover: _Cover

    @property
    def direction(self) -> Direction | None:
        return next(iter(self.cover)) if len(self.cover) == 1 else None


def _reported(resolved: ResolvedDocument, diagnostics: Iterable[Diagnostic]) -> dict[Identity, _Reported]:
    """The findings that say that what is at their place is left out, and the errors."""
    found: dict[Identity, _Reported] = {}
    for one in diagnostics:
        scope = "both" if one.severity is Severity.ERROR else rules()[one.id].leaves_out
        fate: Fate = "refused" if one.severity is Severity.ERROR else "noted"
        directions: list[Direction] = [direction for direction in DIRECTIONS if scope in (direction, "both")]
        for place in (one.place, *(related.place for related in one.related)) if directions else ():
            uri, _, pointer = (place.pointer or "").rpartition("#")
            steps = parse_pointer(pointer)
            if steps:
                known = found.get((uri or resolved.root.uri, steps))
                cover: _Cover = {**(known.cover if known else _OPEN), **dict.fromkeys(directions, fate)}
                found[uri or resolved.root.uri, steps] = _Reported(one.id, cover)
    return found


@dataclass(slots=True)
class _Reader:
    uses: Uses
    reported: Mapping[Identity, _Reported]
    totals: Counter[tuple[str, Fate]] = field(default_factory=Counter[tuple[str, Fate]])
    left_out: list[LeftOut] = field(default_factory=list[LeftOut])
    met: set[Identity] = field(default_factory=set[Identity])
    seen: dict[tuple[Identity, str], bool] = field(default_factory=dict[tuple[Identity, str], bool])

    def walk(self, node: Node, kind: str, key: str, cover: _Cover, *, is_member: bool = False) -> bool:
        """Go through an object that is the value of `key` or in it; True if anything in it is carried out."""
        state = (node.identity, kind)
        if state in self.seen or kind == "example":
            return self.seen.get(state, False)
        self.seen[state] = True
        cover = cover if is_member else self._covered(node, kind, key, cover)
        if cover and (kind != "schema" or len(cover) == len(DIRECTIONS)):
            self._count(node, kind, _worst(cover.values()))
            carried = False
        elif kind == "schema":
            carried = self._schema(node, key, cover)
        else:
            carried = self._object(node, kind, key)
        self.seen[state] = carried
        return carried

    def reported_elsewhere(self, resolved: ResolvedDocument) -> Iterator[LeftOut]:
        """The places of findings that are neither members nor objects, such as an item of a list."""
        for uri, pointer in sorted(self.reported.keys() - self.met):
            reported, document = self.reported[uri, pointer], resolved.documents.get(uri)
            if document is not None and reported.cover:
                yield LeftOut(
                    reported.id, keyword_of(pointer), reported.direction, "", Node(document, pointer, None)
                )

    def _covered(self, node: Node, kind: str, key: str, cover: _Cover) -> _Cover:
        reported = self.reported.get(node.identity)
        if reported is None:
            return cover
        self.met.add(node.identity)
        self.left_out.append(LeftOut(reported.id, key, reported.direction, kind, node))
        return {**cover, **reported.cover}

    def _walk_all(self, member: Node, inner: list[tuple[Node, str]], key: str, cover: _Cover) -> bool:
        """Go through all objects of a member, even if the first ones are carried out."""
        carried = [
            self.walk(one, kind, key, cover, is_member=one.identity == member.identity) for one, kind in inner
        ]
        return True in carried

    def _object(self, node: Node, kind: str, key: str) -> bool:
        start, carried = len(self.left_out), False
        for name in node.value if isinstance(node.value, dict) else ():
            if not name.startswith("x-"):
                carried = self._member(node, kind, name) or carried
        if not carried and is_whole(kind) and len(self.left_out) > start and not self._reported_since(start):
            self._report_as_one(
                start, LeftOut(NOT_REACHED if _is_component(node) else NOT_CARRIED_OUT, key, None, kind, node)
            )
        return carried

    def _member(self, node: Node, kind: str, key: str) -> bool:
        member = node.child(key)
        if is_documentation(kind, key, member.value):
            self.totals[key, "documentation only"] += 1
            return False
        inner = list(objects_in(node, kind, key))
        if is_named_by_others(kind) and key != "$ref":
            return True in [self.walk(one, below, node.key, _OPEN) for one, below in inner]
        start = len(self.left_out)
        cover = self._covered(member, kind, key, _OPEN)
        carried = self._walk_all(member, inner, key, cover)
        is_reported = bool(cover) or (bool(inner) and all(one.identity in self.reported for one, _ in inner))
        carried = carried or (self._is_used(node, key) and not is_reported)
        self.totals[key, "carried out" if carried else _worst(cover.values() or ("noted",))] += 1
        is_reported = is_reported or self._reported_since(start)
        if not carried and not is_reported and "components" not in (kind, key):
            self._report_as_one(start, LeftOut(NOT_CARRIED_OUT, key, None, kind, member))
        return carried

    def _is_used(self, node: Node, key: str) -> bool:
        member = (node.document.uri, (*node.pointer, key))
        return (
            member in self.uses.members
            or member in self.uses.resolution
            or any(key in self.uses.schemas.of(node.identity, one) for one in DIRECTIONS)
        )

    def _schema(self, node: Node, key: str, cover: _Cover) -> bool:
        reached: list[Direction] = [
            one for one in DIRECTIONS if node.identity in self.uses.reached[one] and one not in cover
        ]
        if not reached and not cover:
            self._count(node, "schema", "noted")
            self.left_out.append(
                LeftOut(NOT_REACHED if _is_component(node) else NOT_CARRIED_OUT, key, None, "schema", node)
            )
            return False
        carried = [self._keyword(node, name, reached, cover) for name in node.mapping if name == _UNSENT]
        if node.mapping.get(_UNSENT) is True:
            cover = {"request": "documentation only", **cover}
        carried += [self._keyword(node, name, reached, cover) for name in node.mapping if name != _UNSENT]
        return True in carried

    def _keyword(self, node: Node, key: str, reached: list[Direction], cover: _Cover) -> bool:
        if key.startswith("x-") and not key.startswith("x-enum"):
            return False
        member = node.child(key)
        if is_documentation("schema", key, member.value):
            self.totals[key, "documentation only"] += 1
            return False
        inner = list(objects_in(node, "schema", key))
        cover = self._covered(member, "schema", key, cover)
        start = len(self.left_out)
        spoken: list[Direction] = [one for one in reached if _ONE_SIDED.get(key, one) == one]
        unused: list[Direction] = [
            one for one in spoken if one not in cover and key not in self.uses.schemas.of(node.identity, one)
        ]
        if self._walk_all(member, inner, key, cover) or member.identity in self.uses.resolution:
            unused = []
        if unused:
            direction = unused[0] if len(unused) == 1 else None
            self._report_as_one(
                start,
                LeftOut(
                    FORMAT_NOT_CHECKED if key == "format" else NOT_CARRIED_OUT,
                    key,
                    direction,
                    "schema",
                    member,
                ),
            )
        fate = _worst([cover.get(one, "noted" if one in unused else "carried out") for one in spoken])
        if not key.startswith("x-"):
            self.totals[key, fate] += 1
        return fate == "carried out"

    def _reported_since(self, start: int) -> bool:
        """Whether a stage has reported one of the last places."""
        return any(one.id not in OWN for one in self.left_out[start:])

    def _report_as_one(self, start: int, whole: LeftOut) -> None:
        """Replace the places inside `whole` that no stage has reported by `whole` itself."""
        self.left_out[start:] = [*(one for one in self.left_out[start:] if one.id not in OWN), whole]

    def _count(self, node: Node, kind: str, fate: Fate) -> None:
        """Count every member below an object that is left out as a whole."""
        for key in node.value if isinstance(node.value, dict) else ():
            if key.startswith("x-"):
                continue
            documented = is_documentation(kind, key, node.child(key).value)
            if not is_named_by_others(kind):
                self.totals[key, "documentation only" if documented else fate] += 1
            for inner, below in objects_in(node, kind, key) if not documented else ():
                if (inner.identity, below) not in self.seen:
                    self.seen[inner.identity, below] = False
                    self._count(inner, below, fate)


def _is_component(node: Node) -> bool:
    return node.pointer[:1] == ("components",) and len(node.pointer) == 3


def _worst(fates: Iterable[Fate]) -> Fate:
    """The fate of a member that has several, one for each direction that it speaks of."""
    found = set(fates)
    for fate in _RANKED:
        if fate in found:
            return fate
    return "documentation only"
