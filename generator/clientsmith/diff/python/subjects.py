"""What callers call the places of a description: a field of a class, an argument of a method, or the method."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from clientsmith.api.model.api import Api
from clientsmith.api.model.types import ModelClass, Schema
from clientsmith.api.signatures import arguments_of
from clientsmith.diff.model import Change, Level
from clientsmith.diff.python.classes import by_name
from clientsmith.diff.python.methods import Method, methods_of
from clientsmith.diff.python.reach import Reach
from clientsmith.diff.python.spots import Spots
from clientsmith.document.model import Node, parse_pointer

_TOKEN = re.compile(
    r"(?<![\w.\[|\"'])(?<!\| )[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?:\(\))?(?![\w\]\[|,.\"'])(?! \|)"
)
_BY_PLACE = re.compile(
    r"\b(new (?:required )?arguments?|takes no|takes(?= [\w, ]+ instead of )|instead of|argument(?= \w+ of )"
    r"|demands a|below|is now|(?:imported|passed) as|package(?= \w+ is now)|exports no|in the order|credentials are)"
    r" (\w+(?:(?:, | and )\w+)*)"
)
"""How findings name arguments, and what else is known by its place in a sentence alone."""
_LISTED = re.compile(r"\b(?!(?:and|none)\b)\w+")
_NONE = "no credential"
_MOST = 3
"""Methods that are named; the others are counted."""


def methods_text(names: Sequence[str]) -> str:
    """`client.pets.list()` and others, in backticks."""
    shown = [f"`client.{name}()`" for name in names[:_MOST]]
    return ", ".join(shown) + (f" and {len(names) - _MOST} more" if len(names) > _MOST else "")


class NameMarks:
    """Puts names of two packages in backticks, methods with the client before them."""

    def __init__(self, old: Api, new: Api) -> None:
        methods = [method for api in (old, new) for method in methods_of(api).values()]
        self._methods = {name for one in methods for name in (one.name, *one.old_names)}
        self._classes = {*by_name(old), *by_name(new)}
        self._classes |= {name for api in (old, new) for name in (api.client_class, api.async_client_class)}

    def marked(self, text: str) -> str:
        """The text of a finding with its names in backticks; types stay as they are."""
        return _BY_PLACE.sub(_listed, _TOKEN.sub(self._marked, text))

    def _marked(self, found: re.Match[str]) -> str:
        token = found[0]
        if token.endswith("()") and token[:-2] in self._methods:
            return f"`client.{token}`"
        is_known = token in self._methods or token.partition(".")[0] in self._classes
        return f"`{token}`" if is_known else token


def _listed(found: re.Match[str]) -> str:
    names = _LISTED.sub(r"`\g<0>`", found[2])
    return f"{found[1]} {names}"


@dataclass(frozen=True, slots=True)
class CredentialNames:
    """Puts the arguments for credentials, by which callers know them, in the place of the keys of schemes."""

    by_key: Mapping[str, str]

    @classmethod
    def of(cls, old: Api, new: Api) -> CredentialNames:
        """Those of two packages; what both have is called as the new one calls it."""
        schemes = (*old.security_schemes, *new.security_schemes)
        return cls({one.key: " and ".join(f"`{name}`" for name in one.arguments) for one in schemes})

    def text(self, change: Change) -> str:
        """What a change of credentials says, with the methods that it reaches."""
        said = change.text.removeprefix(f"{change.at}: ")
        written = change.values[0 if change.rule == "security-scheme-changed" else -1]
        schemes = (part.partition(" (") for part in written.split(" and "))
        shown = " and ".join(f"{self.by_key.get(key, key)}{mark}{scopes}" for key, mark, scopes in schemes)
        names = [one.python for one in change.operations if one.python]
        reached = f" for {methods_text(names)}" if names else ""
        return said.replace(written, shown, 1).replace(_NONE, "calling without one") + reached


@dataclass(frozen=True, slots=True)
class Subjects:
    """The names of one side."""

    spots: Spots
    reach: Reach
    schemas: Mapping[str, Schema]
    methods: Mapping[str, Method]

    @classmethod
    def of(cls, api: Api, spots: Spots, reach: Reach) -> Subjects:
        """Those of a package."""
        return cls(spots, reach, by_name(api), methods_of(api))

    def name(self, pointer: str, change: Change) -> str:
        """What callers call the shown pointer of a change on this side; empty if it has no name of its own."""
        names = [one.python for one in change.operations if one.python]
        places = list(_split(pointer))
        sources = (_source(self.spots.node(place), place, below) for place, below in places)
        arguments = (self._argument(*source, change) for source in sources if source is not None)
        argument = next(filter(None, arguments), "")
        if argument:
            return f"argument `{argument}` of {methods_text(names)}"
        nearest = ""
        for place, below in places:
            schemas = _used([self.schemas[name] for name in self.reach.at.get(place, ())], change)
            nearest = nearest or (_members(schemas, below) if schemas else "")
            if any(isinstance(one, ModelClass) for one in schemas):
                # An alias inside of a class is known by the field that has it.
                return _members(schemas, below) if place != pointer and _property(below) else nearest
        return nearest or methods_text(names)

    def _argument(self, place: str, wire: str, change: Change) -> str:
        """The name of an argument of the first method that has one of that place and wire name; empty if none has."""
        methods = [self.methods[one.id] for one in change.operations if one.id in self.methods]
        names = (
            argument.name
            for method in methods
            for argument in arguments_of(method.operation)
            if (argument.place, argument.wire.lower()) == (place, wire.lower())
        )
        return next(names, "")


def _source(node: Node | None, pointer: str, below: Sequence[str]) -> tuple[str, str] | None:
    """Place and wire name of what a Parameter Object, or a property of a Request Body Object, becomes."""
    value = None if node is None else node.value
    if node is not None and isinstance(value, dict) and {"in", "name"} <= value.keys():
        return node.text("in"), node.text("name")
    wire = _property(below)
    return ("body", wire) if wire and pointer.endswith("/requestBody") else None


def _property(steps: Sequence[str]) -> str:
    """The first property that steps lead through."""
    return next((wire for key, wire in itertools.pairwise(steps) if key == "properties"), "")


def _used(schemas: Sequence[Schema], change: Change) -> Sequence[Schema]:
    """Of several that one place makes, those of the direction that the change is about."""
    levels = {"request": change.request, "response": change.response}
    used = [schema for schema in schemas if levels[schema.direction] is not Level.NONE]
    return used or schemas


def _members(schemas: Iterable[Schema], below: Sequence[str]) -> str:
    """Their fields if the steps below their place lead to a property that some have, else the schemas."""
    wire = _property(below)
    fields = [
        f"{schema.name}.{field.name}"
        for schema in schemas
        for field in (schema.fields if isinstance(schema, ModelClass) else ())
        if wire and field.wire == wire
    ]
    names = fields or [schema.name for schema in schemas]
    return " and ".join(f"`{name}`" for name in sorted(set(names)))


def _split(pointer: str) -> Iterator[tuple[str, Sequence[str]]]:
    """The pointer and those above it, each with the steps below."""
    file, mark, text = pointer.rpartition("#") if not pointer.startswith("/") else ("", "", pointer)
    parts = text.split("/")
    for length in range(len(parts), 1, -1):
        above, below = "/".join(parts[:length]), "/" + "/".join(parts[length:])
        yield f"{file}{mark}{above}", parse_pointer(below) or ()
