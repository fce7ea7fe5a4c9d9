"""Renames that are asked for in the terms of Python, such as `pets.list=pets.all`, applied to the kept names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from clientsmith.api.model.naming import (
    ARGUMENT_RESERVED,
    CLASS_RESERVED,
    FIELD_RESERVED,
    METHOD_RESERVED,
    RESOURCE_RESERVED,
)
from clientsmith.api.names.keeper import NameKeeper, can_have_alias
from clientsmith.api.names.kept import Alias, Kind, Names, Thing
from clientsmith.config.values import did_you_mean, identifier_problem
from clientsmith.diagnostics.model import Diagnostics

_RESERVED: Mapping[Kind, frozenset[str]] = {
    "arguments": ARGUMENT_RESERVED,
    "classes": CLASS_RESERVED,
    "client": CLASS_RESERVED,
    "fields": FIELD_RESERVED,
    "methods": METHOD_RESERVED,
}


@dataclass(frozen=True, slots=True)
class _Term:
    """Something that has a name: `owner` is what the name is written behind, such as `pets.list` of an argument."""

    kind: Kind
    thing: Thing
    owner: str
    name: str

    @property
    def text(self) -> str:
        return f"{self.owner}.{self.name}" if self.owner else self.name


def renamed(kept: Names, keeper: NameKeeper, wanted: Sequence[str], diagnostics: Diagnostics) -> Names | None:
    """The kept names with those renames (`OLD=NEW`) of things of a build; None after reporting what is wrong.

    Things that were released keep their old names beside the new ones, as far as there can be two.
    """
    terms: dict[str, list[_Term]] = {}
    for term in _terms(keeper):
        terms.setdefault(term.text, []).append(term)
    for text in wanted:
        old, _, new = text.partition("=")
        found = terms.get(old) or _of_resource(old, terms)
        if not found:
            message = f"--rename: the package has nothing that is called {old!r:.200}"
            diagnostics.error("unknown-name", message, hint=did_you_mean(old, terms))
        is_resource = old not in terms
        for term in found:
            name = f"{new}.{term.name.partition('.')[2]}" if is_resource else _own_part(term, new)
            problem = _problem(term, name, keeper)
            if problem is not None:
                diagnostics.error("wrong-rename", f"--rename {text:.200}: {problem}")
            else:
                kept = _with(kept, term, name, keeper)
    return None if diagnostics.has_errors else kept


def _terms(keeper: NameKeeper) -> Iterator[_Term]:
    """Everything of a build that has a name which callers write."""
    methods = {base: name for (base, _), name in keeper.things("methods").items()}
    yield from (_Term("methods", thing, "", name) for thing, name in keeper.things("methods").items())
    for thing, name in keeper.things("arguments").items():
        if thing[0] in methods:
            yield _Term("arguments", thing, methods[thing[0]], name)
    classes = keeper.things("classes")
    yield from (_Term("classes", thing, "", name) for thing, name in classes.items())
    for (base, rest), name in keeper.things("fields").items():
        way = rest.rpartition("#")[0]
        owners = {classes.get((base, f"{direction}{way}")) for direction in ("request", "response")}
        yield from (_Term("fields", (base, rest), owner, name) for owner in sorted(filter(None, owners)))
    yield from (
        _Term("client", thing, "", name)
        for thing, name in keeper.things("client").items()
        if thing[1] == "class"
    )


def _of_resource(old: str, terms: Mapping[str, Sequence[_Term]]) -> list[_Term]:
    """The methods of a resource that is to be renamed as a whole."""
    every: Iterable[_Term] = (one for listed in terms.values() for one in listed)
    return [one for one in every if one.kind == "methods" and one.name.partition(".")[0] == old]


def _own_part(term: _Term, new: str) -> str:
    """The name alone, which may be written with its owner before it."""
    return new.removeprefix(f"{term.owner}.") if term.owner else new


def _problem(term: _Term, name: str, keeper: NameKeeper) -> str | None:
    """Why something cannot have a name, or None if it can."""
    parts = name.split(".")
    if len(parts) != (2 if term.kind == "methods" else 1):
        shape = (
            "resource.method" if term.kind == "methods" else f"{term.owner}.NAME" if term.owner else "NAME"
        )
        return f"the new name must read {shape}"
    for part in parts:
        problem = identifier_problem(part)
        if problem is not None:
            return f"{part!r:.80} {problem}"
    is_class = term.kind in ("classes", "client")
    if parts[-1] in _RESERVED[term.kind] or (term.kind == "methods" and parts[0] in RESOURCE_RESERVED):
        return f"{name!r:.80} means something else in the package"
    if is_class and not name[0].isupper():
        return f"{name!r:.80} does not start with a capital"
    if keeper.is_chosen(term.kind, term.thing):
        return f"the configuration says what {term.text:.200} is called: change it there"
    if keeper.is_of_another(term.kind, term.thing, name):
        return f"{name!r:.80} is or was the name of something else"
    return None


def _with(kept: Names, term: _Term, name: str, keeper: NameKeeper) -> Names:
    base, rest = keeper.identities.before(term.thing[0]), term.thing[1]
    table = kept.tables.get(term.kind, {})
    names = table.get(base, {}).get(rest, ())
    entries = {**table.get(base, {}), rest: (name, *(one for one in names if one != name))}
    tables = {**kept.tables, term.kind: {**table, base: entries}}
    own = (term.kind, base, rest, name)
    aliases = tuple(one for one in kept.aliases if (one.kind, one.base, one.rest, one.name) != own)
    if names and names[0] != name and can_have_alias(term.kind, term.thing):
        aliases = (*aliases, Alias(term.kind, base, rest, names[0]))
    return replace(kept, tables=tables, aliases=aliases)
