"""Compares the members of objects: by name and by pattern, those that are required, and all others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clientsmith.diff.wire.differences import Difference
from clientsmith.diff.wire.schema.implied import keeps_dependent, keeps_names
from clientsmith.diff.wire.schema.members import (
    described,
    may_overlap,
    names_of,
    of_name,
    of_others,
    of_pattern,
    of_texts,
    patterns_of,
    refuses_all,
)
from clientsmith.diff.wire.schema.model import Alternative, Members
from clientsmith.diff.wire.schema.normal import SchemaNormalizer
from clientsmith.diff.wire.schema.pairs import PairReport, changed_in
from clientsmith.diff.wire.schema.sides import stated_in
from clientsmith.document.model import Node
from clientsmith.jsonschema.keywords import required_entries
from clientsmith.jsonschema.pattern_syntax import searches

_DEPENDENT = ("dependentRequired", "dependentSchemas")


def compare_members(report: PairReport, old: Alternative, new: Alternative) -> None:
    """Tell what changes in the members of objects."""
    if old.members is None or new.members is None:
        return
    objects = _Objects(report, old, new, old.members, new.members)
    for name in sorted(names_of(old.members) | names_of(new.members)):
        objects.compare_name(name)
    for pattern in sorted(patterns_of(old.members) | patterns_of(new.members)):
        objects.compare_pattern(pattern)
    objects.compare_others()
    objects.compare_names()
    objects.compare_dependent()


@dataclass(frozen=True, slots=True)
class _Objects:
    report: PairReport
    old: Alternative
    new: Alternative
    before: Members
    after: Members

    @property
    def places(self) -> tuple[Node, Node]:
        return self.report.aligned_alternatives(self.old, self.new)[:2]

    def tell(
        self,
        rule: str,
        old: Node | None,
        new: Node | None,
        *,
        name: str,
        was: str = "",
        now: str = "",
        severe: bool = False,
    ) -> None:
        at = new or old or self.places[1]
        self.report.tell(Difference(rule, old, new, at, self.places[1], name, was, now, severe))

    def compare_name(self, name: str) -> None:
        """A property by its name; one that its direction does not have is left out."""
        schemas = of_name(self.before, name), of_name(self.after, name)
        refused = [any(map(refuses_all, side)) for side in schemas]
        stated = [
            name in names_of(side) and not refused[index]
            for index, side in enumerate((self.before, self.after))
        ]
        hidden = name in self.before.hidden, name in self.after.hidden
        if self._follows_from_closing(name, refused):
            return
        if all(refused) and not any(hidden):
            self._compare_required(name, self.places)  # nothing fits what is both required and refused
        elif all(stated):
            self._compare_both(name, schemas, hidden)
        elif stated[0] and not hidden[0]:
            self._compare_one(name, schemas, is_added=False)
        elif stated[1] and not hidden[1]:
            self._compare_one(name, schemas, is_added=True)

    def _follows_from_closing(self, name: str, refused: list[bool]) -> bool:
        """Whether a property that both sides describe is refused on one of them because that one is closed."""
        sides = self.before, self.after
        if refused[0] == refused[1] or not all(name in names_of(side) for side in sides):
            return False
        closed = [any(map(refuses_all, of_others(side))) for side in sides]
        stated = self._stated(sides[refused.index(True)], name)
        return closed == refused and not (stated is not None and refuses_all(stated))

    def _compare_both(
        self, name: str, schemas: tuple[list[Node], list[Node]], hidden: tuple[bool, bool]
    ) -> None:
        required = name in self.before.required, name in self.after.required
        stated = described(self.before, name), described(self.after, name)
        homes = self.report.places_of(self.old, self.new, *stated)
        places = stated[0] or homes.old, stated[1] or homes.new
        if hidden[0] or hidden[1]:
            if hidden[0] != hidden[1]:
                word = "read-only" if self.report.direction == "request" else "write-only"
                rule = f"{word}-set" if hidden[1] else f"{word}-lost"
                self.tell(rule, *places, name=name, severe=required[0 if hidden[1] else 1])
            return
        self._compare_required(name, places)
        self.report.compare(*schemas, places, is_text=self._are_texts(schemas))

    def _are_texts(self, schemas: tuple[list[Node], list[Node]]) -> bool:
        """Whether members are written without quotes; one that is an object or has some is a document of its own."""
        if not self.report.pair.is_text:
            return False
        pairs = self.report.pairs
        return not any(
            self._has_objects(side, nodes)
            for side, nodes in ((pairs.old, schemas[0]), (pairs.new, schemas[1]))
        )

    def _has_objects(self, side: SchemaNormalizer, nodes: Iterable[Node]) -> bool:
        kinds = side.allowed(side.schema(nodes, self.places[0]), self.report.direction).kinds
        items = [
            node for one in kinds.get("array", ()) for row in one.rows for node in (*row.first, row.others)
        ]
        inner = side.allowed(
            side.schema([one for one in items if one], self.places[0]), self.report.direction
        )
        return "object" in kinds or (bool(items) and "object" in inner.kinds)

    def _compare_required(self, name: str, places: tuple[Node, Node]) -> None:
        is_required = name in self.after.required
        if is_required != (name in self.before.required):
            old, new, at = self._requiring(name) or (*places, places[1])
            rule = "property-required" if is_required else "property-optional"
            self.report.tell(Difference(rule, old, new, at, self.places[1], name))

    def _requiring(self, name: str) -> tuple[Node | None, Node | None, Node] | None:
        """The property in the object that requires it on one side only, whatever others say of the property."""
        known = {part.node.pointer: part.node for part in self.new.parts}
        for part in self.old.parts:
            other = known.get(part.node.pointer)
            if other is not None and (name in required_entries(part.node)) != (
                name in required_entries(other)
            ):
                new = _property_of(other, name)
                return _property_of(part.node, name), new, new
        return self._requiring_alone(name)

    def _requiring_alone(self, name: str) -> tuple[Node | None, Node | None, Node] | None:
        """The same if the other side does not have the object that requires the property."""
        sides = self.old.parts, self.new.parts
        stated = [
            next((part.node for part in side if name in required_entries(part.node)), None) for side in sides
        ]
        old, new, at = self.report.places_of(self.old, self.new, *stated)
        if at not in (old, new):
            return (at, None, at) if stated[1] is None else (None, at, at)
        return _property_of(old, name), _property_of(new, name), _property_of(new, name)

    def _compare_one(self, name: str, schemas: tuple[list[Node], list[Node]], *, is_added: bool) -> None:
        """A property that only one side describes; what the other says of any such name is compared with it."""
        holder, members = (self.new, self.after) if is_added else (self.old, self.before)
        place, is_required = self._stated(members, name) or holder.schema.place, name in members.required
        others = schemas[0] if is_added else schemas[1]
        is_refused = any(map(refuses_all, others))
        if others and not is_refused and self._differs_inside(schemas, place, is_required=is_required):
            return
        word = "required-property" if is_required else "property"
        if is_added:
            is_response = self.report.direction == "response"
            self.tell(f"{word}-added", None, place, name=name, severe=is_refused and is_response)
        else:
            is_severe = is_refused and self.report.direction == "request"
            self.tell(f"{word}-removed", place, None, name=name, severe=is_severe)

    def _differs_inside(
        self, schemas: tuple[list[Node], list[Node]], place: Node, *, is_required: bool
    ) -> bool:
        """Compare a property with what the other side says of all others; returns whether that is all."""
        pair = self.report.inner(*schemas, (place, place))
        if not self.report.pairs.differs(pair):
            return False
        self.report.compare(*schemas, (place, place))
        return not is_required

    def _stated(self, members: Members, name: str) -> Node | None:
        return described(members, name) or members.required.get(name)

    def compare_pattern(self, pattern: str) -> None:
        """The members whose names match a pattern; if only one side has it, with what the other says of all others."""
        schemas = of_pattern(self.before, pattern), of_pattern(self.after, pattern)
        is_known = pattern in patterns_of(self.before), pattern in patterns_of(self.after)
        others = schemas[0] if is_known[1] else schemas[1]
        if all(is_known):
            self.report.compare(*schemas, self.places)
            return
        is_refused = any(map(refuses_all, others))
        if others and not is_refused:
            self.report.compare(*schemas, self.places)
            return
        mine = schemas[1] if is_known[1] else schemas[0]
        if any(map(refuses_all, mine)) or self._is_told_by_name(pattern, is_added=is_known[1]):
            return
        if self._overlaps(pattern, patterns_of(self.before if is_known[1] else self.after)):
            self.tell("condition-changed", *self.places, name="patternProperties")
        elif is_known[1]:
            severe = is_refused and self.report.direction == "response"
            self.tell("property-added", None, mine[0], name=pattern, severe=severe)
        else:
            severe = is_refused and self.report.direction == "request"
            self.tell("property-removed", mine[0], None, name=pattern, severe=severe)

    def _overlaps(self, pattern: str, others: Iterable[str]) -> bool:
        """Whether names may match a pattern of one side and some other pattern of the other side."""
        return any(may_overlap(pattern, other) for other in others)

    def _is_told_by_name(self, pattern: str, *, is_added: bool) -> bool:
        """Whether a pattern of one side changes a property that the other side describes, where it is reported."""
        names = names_of(self.before if is_added else self.after)
        return any(
            self.report.pairs.differs(
                self.report.inner(of_name(self.before, name), of_name(self.after, name), self.places)
            )
            for name in sorted(names)
            if searches(pattern, name)
        )

    def compare_others(self) -> None:
        """What is said of members without a name and a pattern of their own."""
        old, new = of_others(self.before), of_others(self.after)
        closed = any(map(refuses_all, old)), any(map(refuses_all, new))
        stated = old[0] if old else None, new[0] if new else None
        homes = self.report.places_of(self.old, self.new, *stated)
        places = stated[0] or homes.old, stated[1] or homes.new
        if closed[0] != closed[1]:
            rule = "object-closed" if closed[1] else "object-opened"
            self.report.tell(Difference(rule, *places, homes.at, name="additionalProperties"))
        elif not closed[0] and (old or new):
            places = _others(self.old) or places[0], _others(self.new) or places[1]
            self.report.compare(old, new, places)

    def compare_names(self) -> None:
        """The schemas of names."""
        names = self.before.names, self.after.names
        stated = (side[0] if side else None for side in names)
        places = self.report.places_of(self.old, self.new, *stated)[:2]
        if not any(names) or not self._differ(names, places):
            return
        pairs = self.report.pairs
        old = () if self._keeps_names(self.after, pairs.new, names[0], pairs.old) else names[0]
        new = () if self._keeps_names(self.before, pairs.old, names[1], pairs.new) else names[1]
        if old or new:
            self.report.compare(of_texts(old, places[0]), of_texts(new, places[1]), places)

    def _differ(self, names: tuple[tuple[Node, ...], tuple[Node, ...]], places: tuple[Node, Node]) -> bool:
        old, new = (of_texts(side, place) for side, place in zip(names, places, strict=True))
        return self.report.pairs.differs(self.report.inner(old, new, places))

    def _keeps_names(
        self, members: Members, own: SchemaNormalizer, names: tuple[Node, ...], side: SchemaNormalizer
    ) -> bool:
        """Whether all names that members of one side may have fit what the other side says of names."""
        if not names:
            return False
        stated = own.allowed(own.schema(members.names, self.places[0]), self.report.direction)
        return keeps_names(
            members, stated, side.allowed(side.schema(names, self.places[0]), self.report.direction)
        )

    def compare_dependent(self) -> None:
        """What is required beside a member."""
        changed = changed_in(self.old.parts, self.new.parts, _DEPENDENT) or self.places
        places = [stated_in([one], _DEPENDENT) or one for one in changed]
        for name, needed in sorted(self.before.dependent ^ self.after.dependent):
            is_added = (name, needed) in self.after.dependent
            if keeps_dependent(self.before if is_added else self.after, name, needed):
                continue
            rule = "bound-narrowed" if is_added else "bound-widened"
            text = f"{needed} beside {name}"
            was, now = ("", text) if is_added else (text, "")
            sides, at = (places[0], places[1]), changed[1]
            self.report.tell(Difference(rule, *sides, at, at, "dependentRequired", was=was, now=now))


def _others(one: Alternative) -> Node | None:
    """Where members of any name are described, although they may be anything."""
    stated = (part.node.get("additionalProperties") for part in one.parts)
    return next((node for node in stated if node is not None), None)


def _property_of(schema: Node, name: str) -> Node:
    properties = schema.get("properties")
    return (None if properties is None else properties.get(name)) or schema
