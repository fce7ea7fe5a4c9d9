"""The names that things have had, by what they are: the value that outlives a release, and its form in JSON.

A thing is known by a base and by what of it is meant: an operation or a component, and an argument, a field or a schema
inside it. Which name a thing gets is decided in `keeper`.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias, TypeVar, cast

from clientsmith.api.names.union_members import Marks
from clientsmith.openapi.identity import OperationIdentity

Kind: TypeAlias = Literal["arguments", "classes", "client", "credentials", "fields", "methods", "resources"]
KINDS: tuple[Kind, ...] = (
    "arguments", "classes", "client", "credentials", "fields", "methods", "resources",
)  # fmt: skip
Thing: TypeAlias = tuple[str, str]
"""A base and the rest: `GET /pets/{}` and `query limit`, `/components/schemas/Pet` and `response`."""
Table: TypeAlias = Mapping[str, Mapping[str, tuple[str, ...]]]
"""The names by base and rest: the one that a thing has, then those that it had."""
Chosen: TypeAlias = Mapping[str, Mapping[str, str]]
"""One name by base and rest."""
T = TypeVar("T")


class DamagedNamesError(ValueError):
    """What was read are not the names of a release; `pointer` leads to what is wrong."""

    def __init__(self, message: str, pointer: tuple[str, ...]) -> None:
        super().__init__(message)
        self.pointer = pointer


@dataclass(frozen=True, slots=True, order=True)
class Alias:
    """An old name that still works; `since` is the version that brought it, None before that is released."""

    kind: Kind
    base: str
    rest: str
    name: str
    since: str | None = None

    def to_json(self) -> dict[str, object]:
        """The alias as plain JSON."""
        return {
            "kind": self.kind,
            "base": self.base,
            "rest": self.rest,
            "name": self.name,
            "since": self.since,
        }


Unions: TypeAlias = Mapping[str, Mapping[str, Mapping[str, Marks]]]
"""The members of unions by base, place below it, and key."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names by kind of thing, what recognizes the same thing in another description, and the old names that work."""

    tables: Mapping[Kind, Table] = field(default_factory=dict["Kind", "Table"])
    operations: Mapping[str, OperationIdentity] = field(default_factory=dict[str, OperationIdentity])
    """The operations of the release, by base."""
    meanings: Mapping[str, str] = field(default_factory=dict[str, str])
    """Digests of what the components of the release mean, by base."""
    unions: Unions = field(default_factory=dict[str, Mapping[str, Mapping[str, Marks]]])
    aliases: tuple[Alias, ...] = ()
    chosen: Mapping[Kind, Chosen] = field(default_factory=dict["Kind", "Chosen"])
    """The names that `--rename` gave, by base and rest; those that no release has yet are in no table."""
    constructor: tuple[str, ...] = ()
    """The credentials of the constructor, in the order that they have in the release."""

    def of(self, kind: Kind, base: str, rest: str) -> tuple[str, ...]:
        """The names that a thing has and had, none of one that was not there."""
        return self.tables.get(kind, {}).get(base, {}).get(rest, ())

    def current(self, kind: Kind, base: str, rest: str) -> str | None:
        """The name that a thing has: the one that was chosen since the release, else that of the release."""
        released = self.of(kind, base, rest)[:1]
        return self.chosen.get(kind, {}).get(base, {}).get(rest) or next(iter(released), None)

    def unreleased(self) -> Iterator[Alias]:
        """The names of the release that other ones were chosen for since then."""
        for kind, table in self.chosen.items():
            for base, entries in table.items():
                for rest, name in entries.items():
                    released = self.of(kind, base, rest)
                    if released and released[0] != name and can_have_alias(kind, rest):
                        yield Alias(kind, base, rest, released[0])

    def to_json(self) -> dict[str, object]:
        """The names as plain JSON; the aliases are `aliases_json`."""
        tables: dict[str, object] = {
            kind: {
                base: {rest: list(names) for rest, names in entries.items()}
                for base, entries in table.items()
            }
            for kind, table in self.tables.items()
            if table
        }
        operations = {
            base: {"method": one.method, "path": one.path, "effective": one.effective}
            for base, one in self.operations.items()
        }
        unions = {
            base: {
                place: {key: marks.to_json() for key, marks in members.items()}
                for place, members in places.items()
            }
            for base, places in self.unions.items()
        }
        chosen = {
            kind: {base: dict(entries) for base, entries in table.items()}
            for kind, table in self.chosen.items()
            if table
        }
        others: dict[str, object] = {
            "operations": operations,
            "meanings": dict(self.meanings),
            "unions": unions,
            "chosen": chosen,
            "constructor": list(self.constructor),
        }
        return tables | {name: value for name, value in others.items() if value}

    def aliases_json(self) -> list[dict[str, object]]:
        """The old names that work, as plain JSON in a fixed order."""
        return [one.to_json() for one in sorted(self.aliases)]

    @classmethod
    def from_json(cls, names: object, aliases: object = ()) -> Names:
        """The names and aliases of a state. Raises DamagedNamesError."""
        members = _table(names, ("names",))
        known = {*KINDS, "operations", "meanings", "unions", "chosen", "constructor"}
        for name in members.keys() - known:
            raise DamagedNamesError(f"'{name:.80}' is not a kind of names", ("names", name))
        return cls(
            chosen=_chosen(members.get("chosen", {})),
            constructor=_order(members.get("constructor", [])),
            tables={kind: _names(members[kind], kind) for kind in KINDS if kind in members},
            operations=_each(members.get("operations", {}), ("names", "operations"), _operation),
            meanings=_each(members.get("meanings", {}), ("names", "meanings"), _text),
            unions=_each(members.get("unions", {}), ("names", "unions"), _places),
            aliases=tuple(
                _alias(one, ("aliases", str(index))) for index, one in enumerate(_list(aliases, ("aliases",)))
            ),
        )


NONE: Final = Names()
"""Nothing was released yet: each thing gets its name by rule."""


def scope_of(kind: Kind, thing: Thing) -> str:
    """Things of the same scope need different names."""
    base, rest = thing
    if kind == "fields":
        return f"{base} {rest.rpartition('#')[0]}"
    return base if kind == "arguments" else rest if kind == "client" else ""


def can_have_alias(kind: Kind, rest: str) -> bool:
    """Whether an old name can go on working beside the new one."""
    return kind in ("arguments", "classes", "methods") or (kind == "client" and rest == "class")


def aliases_after(aliases: Sequence[Alias], version: str) -> tuple[Alias, ...]:
    """The aliases of the release `version`, which new ones came with."""
    return tuple(replace(one, since=one.since or version) for one in aliases)


def _names(value: object, kind: Kind) -> Table:
    def listed(found: object, pointer: tuple[str, ...]) -> tuple[str, ...]:
        every = tuple(
            _name(one, (*pointer, str(index)), kind) for index, one in enumerate(_list(found, pointer))
        )
        if not every:
            raise DamagedNamesError("a thing without a name", pointer)
        return every

    pointer = ("names", kind)
    return _each(value, pointer, lambda found, below: _each(found, below, listed))


def _chosen(value: object) -> dict[Kind, Chosen]:
    pointer = ("names", "chosen")
    members = _table(value, pointer)
    for name in members.keys() - {*KINDS}:
        raise DamagedNamesError(f"'{name:.80}' is not a kind of names", (*pointer, name))
    return {kind: _chosen_of(members[kind], kind) for kind in KINDS if kind in members}


def _chosen_of(value: object, kind: Kind) -> Chosen:
    def named(one: object, pointer: tuple[str, ...]) -> str:
        return _name(one, pointer, kind)

    return _each(value, ("names", "chosen", kind), lambda found, below: _each(found, below, named))


def _order(value: object) -> tuple[str, ...]:
    pointer = ("names", "constructor")
    return tuple(
        _name(one, (*pointer, str(index)), "credentials") for index, one in enumerate(_list(value, pointer))
    )


def _name(value: object, pointer: tuple[str, ...], kind: Kind) -> str:
    text = _text(value, pointer)
    parts = text.split(".") if kind == "methods" else [text]
    is_dotted = kind != "methods" or len(parts) == 2
    if not is_dotted or not all(part.isidentifier() and not keyword.iskeyword(part) for part in parts):
        what = "resource.method" if kind == "methods" else "a name of Python"
        raise DamagedNamesError(f"'{text:.80}' is not {what}", pointer)
    return text


def _operation(value: object, pointer: tuple[str, ...]) -> OperationIdentity:
    table = _table(value, pointer)
    return OperationIdentity(
        *(_text(table.get(key), (*pointer, key)) for key in ("method", "path", "effective"))
    )


def _places(value: object, pointer: tuple[str, ...]) -> Mapping[str, Mapping[str, Marks]]:
    return _each(value, pointer, lambda found, below: _each(found, below, _marks))


def _marks(value: object, pointer: tuple[str, ...]) -> Marks:
    table = _table(value, pointer)

    def text(key: str) -> str:
        return _text(table.get(key, ""), (*pointer, key))

    def texts(key: str) -> tuple[str, ...]:
        listed = _list(table.get(key, []), (*pointer, key))
        return tuple(_text(one, (*pointer, key, str(index))) for index, one in enumerate(listed))

    return Marks(
        text("meaning"), texts("tags"), text("ref"), text("title"), texts("kinds"), texts("properties")
    )


def _alias(value: object, pointer: tuple[str, ...]) -> Alias:
    table = _table(value, pointer)
    kind = table.get("kind")
    if kind not in ("arguments", "classes", "client", "methods"):
        raise DamagedNamesError("an old name of that kind cannot go on working", (*pointer, "kind"))
    base, rest = (_text(table.get(key), (*pointer, key)) for key in ("base", "rest"))
    since = table.get("since")
    name = _name(table.get("name"), (*pointer, "name"), kind)
    return Alias(kind, base, rest, name, None if since is None else _text(since, (*pointer, "since")))


def _each(
    value: object, pointer: tuple[str, ...], read: Callable[[object, tuple[str, ...]], T]
) -> dict[str, T]:
    return {key: read(one, (*pointer, key)) for key, one in _table(value, pointer).items()}


def _table(value: object, pointer: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise DamagedNamesError(f"'{pointer[-1]:.80}' must be an object", pointer)
    return cast("Mapping[str, object]", value)


def _list(value: object, pointer: tuple[str, ...]) -> Sequence[object]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise DamagedNamesError(f"'{pointer[-1]:.80}' must be an array", pointer)
    return cast("Sequence[object]", value)


def _text(value: object, pointer: tuple[str, ...]) -> str:
    if not isinstance(value, str):
        raise DamagedNamesError(f"'{pointer[-1]:.80}' must be a string", pointer)
    return value
