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
from clientsmith.api.names.keeper import NameKeeper
from clientsmith.api.names.kept import Kind, Names, Thing, scope_of
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """A thing and the name that it is to have; `text` is the rename that says so."""

    term: _Term
    name: str
    text: str


def renamed(kept: Names, keeper: NameKeeper, wanted: Sequence[str], diagnostics: Diagnostics) -> Names | None:
    """The kept names with those renames (`OLD=NEW`) of things of a build; None after reporting what is wrong.

    Things that were released keep their old names beside the new ones, as far as there can be two.
    """
    asked: list[_Asked] = []
    for one in _asked(wanted, keeper, diagnostics):
        problem = _problem(one.term, one.name, keeper) or _conflict(one, asked)
        asked.append(one)
        if problem is not None:
            diagnostics.error("wrong-rename", f"--rename {one.text:.200}: {problem}")
        else:
            kept = _with(kept, one.term, one.name, keeper)
    return None if diagnostics.has_errors else kept


def _asked(wanted: Sequence[str], keeper: NameKeeper, diagnostics: Diagnostics) -> list[_Asked]:
    """What is asked for of each thing; the rename of a resource takes its methods along, under names of their own."""
    terms = [*_terms(keeper)]
    by_text: dict[str, list[_Term]] = {}
    for term in terms:
        by_text.setdefault(term.text, []).append(term)
    found: list[_Asked] = []
    resources: list[tuple[str, str, str]] = []
    for text in dict.fromkeys(wanted):
        old, _, new = text.partition("=")
        if old in by_text:
            found += (_Asked(term, _own_part(term, new), text) for term in by_text[old])
        elif _of_resource(old, terms):
            resources.append((old, new, text))
        else:
            _report_unknown(old, by_text, keeper, diagnostics)
    return _with_resources(_with_halves(found, terms), resources, terms)


def _with_halves(asked: list[_Asked], terms: Iterable[_Term]) -> list[_Asked]:
    """With the other half of a class that is sent and received: `Pet=Animal` makes `PetInput` an `AnimalInput`."""
    known = {term.thing: term for term in terms if term.kind == "classes"}
    named = {one.term.thing for one in asked}
    found = list(asked)
    for one in asked:
        half = known.get(_other_half(one.term.thing)) if one.term.kind == "classes" else None
        if half is not None and half.thing not in named and half.name.startswith(one.term.name):
            found.append(_Asked(half, one.name + half.name.removeprefix(one.term.name), one.text))
    return found


def _other_half(thing: Thing) -> Thing:
    """The schema of a class as it is in messages of the other direction."""
    base, rest = thing
    is_request = rest.startswith("request")
    way = rest.removeprefix("request" if is_request else "response")
    return base, f"{'response' if is_request else 'request'}{way}"


def _with_resources(
    asked: list[_Asked], resources: Iterable[tuple[str, str, str]], terms: Sequence[_Term]
) -> list[_Asked]:
    """With the methods of `resources` that get new names; each of those is an old name, a new one, and the rename."""
    direct = {one.term.thing: one for one in asked if one.term.kind == "methods"}
    found = list(asked)
    for old, new, text in resources:
        for term in _of_resource(old, terms):
            own = direct.get(term.thing)
            resource, _, name = (term.name if own is None else own.name).partition(".")
            if resource == old:
                found = [one for one in found if one is not own]
                found.append(_Asked(term, f"{new}.{name}", text))
    return found


def _report_unknown(old: str, known: Iterable[str], keeper: NameKeeper, diagnostics: Diagnostics) -> None:
    owner, _, name = old.rpartition(".")
    client = keeper.things("client").get(("", "class"), "")
    is_of_client = owner in ("", client, f"Async{client}")
    message = f"--rename: the package has nothing that is called {old!r:.200}"
    hint = did_you_mean(old, known)
    if is_of_client and name in keeper.things("credentials").values():
        message = f"--rename: {name!r:.200} is an argument for credentials, which the configuration names"
        hint = "set arguments under [credentials.KEY] in it; KEY is that of the security scheme"
    diagnostics.error("unknown-name", message, hint=hint)


def _conflict(one: _Asked, earlier: Iterable[_Asked]) -> str | None:
    """Why a rename cannot be beside those before it, or None if it can."""
    for other in earlier:
        if one.term.kind != other.term.kind:
            continue
        if one.term.thing == other.term.thing and one.name != other.name:
            return f"'--rename {other.text:.200}' gives the same thing another name"
        is_same = one.name == other.name and one.term.name != other.term.name
        if is_same and scope_of(one.term.kind, one.term.thing) == scope_of(other.term.kind, other.term.thing):
            return f"'--rename {other.text:.200}' gives that name to something else"
    return None


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


def _of_resource(old: str, terms: Iterable[_Term]) -> list[_Term]:
    """The methods of a resource that is to be renamed as a whole."""
    return [one for one in terms if one.kind == "methods" and one.name.partition(".")[0] == old]


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
    table = kept.chosen.get(term.kind, {})
    others = {one: other for one, other in table.get(base, {}).items() if one != rest}
    is_released = kept.of(term.kind, base, rest)[:1] == (name,)
    entries = others if is_released else {**others, rest: name}
    chosen = {one: other for one, other in table.items() if one != base} | (
        {base: entries} if entries else {}
    )
    tables = {kind: other for kind, other in kept.chosen.items() if kind != term.kind}
    return replace(kept, chosen=tables | ({term.kind: chosen} if chosen else {}))
