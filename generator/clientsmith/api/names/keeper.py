"""Gives each thing the name that it had, and a name that nothing else had to each thing that is new."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from clientsmith.api.model.naming import Scope
from clientsmith.api.names.identities import Identities
from clientsmith.api.names.kept import (
    KINDS,
    NONE,
    Alias,
    Chosen,
    Kind,
    Names,
    Table,
    Thing,
    can_have_alias,
    scope_of,
)
from clientsmith.diagnostics.model import Diagnostics, Place
from clientsmith.document.model import Node


@dataclass(frozen=True, slots=True)
class Wish:
    """A thing and the name that it gets by rule, or that the configuration `chose`; `others` if both are taken."""

    thing: Thing
    name: str
    label: str
    place: Node | Place
    chosen: bool = False
    others: tuple[str, ...] = ()

    def place_shown(self) -> Place:
        """The place for a diagnostic."""
        return self.place.place if isinstance(self.place, Node) else self.place


class NameKeeper:
    """The names of one build."""

    def __init__(self, identities: Identities, kept: Names, diagnostics: Diagnostics) -> None:
        self.identities = identities
        self._kept = kept
        self._diagnostics = diagnostics
        self._given: dict[Kind, dict[Thing, str]] = {kind: {} for kind in KINDS}
        self._chosen: set[tuple[Kind, Thing]] = set()
        self._holders: dict[Kind, dict[str, dict[str, set[Thing]]]] = {}
        self.is_bound = kept != NONE
        """Whether anything has a name already."""

    def settle(
        self,
        kind: Kind,
        wishes: Sequence[Wish],
        *,
        reserved: Collection[str] = (),
    ) -> list[str]:
        """The names of things that need different ones, in their order. Without kept names these are those by rule."""
        names = self._settled(kind, wishes, reserved) if self.is_bound else [wish.name for wish in wishes]
        self._chosen |= {(kind, wish.thing) for wish in wishes if wish.chosen}
        self._given[kind] |= {wish.thing: name for wish, name in zip(wishes, names, strict=True)}
        return names

    def settle_one(self, kind: Kind, wish: Wish, scope: Scope) -> str:
        """The name of one thing whose name must be free in a scope; the scope holds it afterwards."""
        kept = self.kept(kind, wish.thing)
        if not self.is_bound:
            name = scope.claim(wish.name, *wish.others)
        elif kept is not None and kept not in scope.taken:
            name = kept
            if wish.name not in scope.taken:
                self._note_kept(kind, wish, kept)
        else:
            name = self._free(kind, wish, scope.taken)
        scope.taken.add(name)
        self.record(kind, wish.thing, name)
        return name

    def record(self, kind: Kind, thing: Thing, name: str) -> None:
        """Note that a thing has a name which was decided for another one."""
        self._given[kind][thing] = name

    def kept(self, kind: Kind, thing: Thing) -> str | None:
        """The name that a thing had in the last release, or that was chosen since then."""
        return self._kept.current(kind, *self._before(thing))

    @property
    def constructor(self) -> tuple[str, ...]:
        """The credentials that the constructor of the last release takes, in order."""
        return self._kept.constructor

    def things(self, kind: Kind) -> Mapping[Thing, str]:
        """Everything of a kind that this build has, with its name."""
        return self._given[kind]

    def is_chosen(self, kind: Kind, thing: Thing) -> bool:
        """Whether the configuration gave a thing its name."""
        return (kind, thing) in self._chosen

    def is_of_another(self, kind: Kind, thing: Thing, name: str) -> bool:
        """Whether a name is or was that of another thing from which this one has to differ."""
        own, scope = self._before(thing), scope_of(kind, thing)
        held = self._held(kind, own).get(name)
        others = (one for one, given in self._given[kind].items() if given == name and one != thing)
        return (held is not None and own not in held) or any(scope_of(kind, one) == scope for one in others)

    def given(self, one: Alias) -> str:
        """The name that the thing of an old name has."""
        return self._given[one.kind][one.base, one.rest]

    def bases(self, kind: Kind) -> Collection[str]:
        """What had something of a kind in the last release."""
        return self._kept.tables.get(kind, {})

    def rests(self, kind: Kind, base: str) -> Collection[str]:
        """What of a base had names in the last release."""
        return self._kept.tables.get(kind, {}).get(self.identities.before(base), {})

    def aliases(self) -> tuple[Alias, ...]:
        """The old names of things that are still there: those of the last release, and those that a rename leaves."""
        kept = (replace(one, base=self.identities.after(one.base)) for one in self._kept.aliases)
        found = {replace(one, since=None): one for one in (*self._old(), *kept)}
        given = {one: self._given[one.kind].get((one.base, one.rest)) for one in found.values()}
        return tuple(sorted(one for one, name in given.items() if name not in (None, one.name)))

    def names(self) -> Names:
        """The names after this build: those of things that are gone stay taken."""
        tables: dict[Kind, Table] = {kind: table for kind in KINDS if (table := self._table(kind))}
        chosen: dict[Kind, Chosen] = {
            kind: one for kind in KINDS if (one := self._still_chosen(kind, tables.get(kind, {})))
        }
        names = Names(tables, chosen=chosen, constructor=tuple(self._given["credentials"].values()))
        return replace(self.identities.names(names), aliases=self.aliases())

    # -- deciding ----------------------------------------------------------------------------------------------

    def _settled(self, kind: Kind, wishes: Sequence[Wish], reserved: Collection[str]) -> list[str]:
        names: dict[int, str] = {}
        used: set[str] = set()
        for index, wish in enumerate(wishes):
            if wish.chosen and wish.name not in used:
                names[index] = wish.name
                used.add(wish.name)
                self._check_chosen(kind, wish)
        for index, wish in enumerate(wishes):
            kept = self.kept(kind, wish.thing)
            if not wish.chosen and kept is not None and kept not in used and kept not in reserved:
                names[index] = kept
                used.add(kept)
                self._note_kept(kind, wish, kept)
        for index, wish in enumerate(wishes):
            if index not in names:
                names[index] = self._free(kind, wish, used.union(reserved))
                used.add(names[index])
        return [names[index] for index in range(len(wishes))]

    def _free(self, kind: Kind, wish: Wish, used: set[str]) -> str:
        own = self._before(wish.thing)
        held = self._held(kind, own)
        others = {name for name, holders in held.items() if own not in holders}
        name = Scope(used | others).claim(wish.name, *wish.others)
        if name != wish.name and wish.name in others:
            message = f"{wish.label} is called '{name}': '{wish.name}' was the name of something else"
            self._diagnostics.note("name-taken", message, wish.place_shown())
        return name

    def _note_kept(self, kind: Kind, wish: Wish, kept: str) -> None:
        base, rest = self._before(wish.thing)
        if kept != wish.name and self._kept.chosen.get(kind, {}).get(base, {}).get(rest) != kept:
            message = (
                f"{wish.label} keeps the name '{kept}'; without a release before it would be '{wish.name}'"
            )
            self._diagnostics.note("name-kept", message, wish.place_shown())

    def _check_chosen(self, kind: Kind, wish: Wish) -> None:
        """A name that is chosen instead of another one is a rename; it must not be one of another thing."""
        own = self._before(wish.thing)
        holders = self._held(kind, own).get(wish.name)
        if holders is not None and own not in holders:
            self._diagnostics.error(
                "name-reused",
                f"the configuration calls {wish.label} '{wish.name}', which was the name of something else",
                wish.place_shown(),
                hint="choose another name: programs that use the old one would get something else",
            )

    def _old(self) -> Iterator[Alias]:
        """The names of the release that things lose in this build on purpose."""
        for one in self._kept.unreleased():
            yield replace(one, base=self.identities.after(one.base))
        for kind, thing in self._chosen:
            released = self._kept.of(kind, *self._before(thing))
            if released and can_have_alias(kind, thing[1]):
                yield Alias(kind, *thing, released[0])

    def _before(self, thing: Thing) -> Thing:
        return self.identities.before(thing[0]), thing[1]

    def _held(self, kind: Kind, thing: Thing) -> Mapping[str, set[Thing]]:
        """Who has or had each of the names that must differ from that of a thing of the last release."""
        if kind not in self._holders:
            scopes: dict[str, dict[str, set[Thing]]] = {}
            for base, entries in self._kept.tables.get(kind, {}).items():
                for rest, names in entries.items():
                    held = scopes.setdefault(scope_of(kind, (base, rest)), {})
                    for name in names:
                        held.setdefault(name, set()).add((base, rest))
            for base, chosen in self._kept.chosen.get(kind, {}).items():
                for rest, name in chosen.items():
                    held = scopes.setdefault(scope_of(kind, (base, rest)), {})
                    held.setdefault(name, set()).add((base, rest))
            self._holders[kind] = scopes
        return self._holders[kind].get(scope_of(kind, thing), {})

    def _table(self, kind: Kind) -> Table:
        """The names of a kind, those of the last release that are not given any more among them."""
        table: dict[str, dict[str, tuple[str, ...]]] = {
            self.identities.after(base): dict(entries)
            for base, entries in self._kept.tables.get(kind, {}).items()
        }
        for (base, rest), name in self._given[kind].items():
            entries = table.setdefault(base, {})
            entries[rest] = (name, *(one for one in entries.get(rest, ()) if one != name))
        return table

    def _still_chosen(self, kind: Kind, table: Table) -> Chosen:
        """The names that were chosen and that things have in a release."""
        found: dict[str, dict[str, str]] = {}
        for base, entries in self._kept.chosen.get(kind, {}).items():
            after = self.identities.after(base)
            for rest, name in entries.items():
                if table.get(after, {}).get(rest, ())[:1] == (name,):
                    found.setdefault(after, {})[rest] = name
        return found
