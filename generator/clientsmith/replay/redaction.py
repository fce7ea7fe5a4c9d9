"""One pass of redaction: what counts as secret, what takes its place, and a list of the places; no HTTP here."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from clientsmith.document.model import Node, render_pointer
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.replay.json_text import Scalar, is_json, replace_scalars
from clientsmith.replay.secret_names import SecretNames
from clientsmith.replay.secrets_seen import SecretsSeen, named_in_query, named_in_text
from clientsmith.replay.stand_in import REDACTED, StandIns, schemas_at

SchemaOf = Callable[[tuple[str, ...]], list[Node]]
"""The schemas that a value is held against, by its place."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a secret was, in the words of findings: `request body /login/password`, `response header Set-Cookie`."""

    part: str
    pointer: tuple[str, ...] = ()

    def below(self, *steps: str) -> Place:
        """A place inside of this one."""
        return Place(self.part, (*self.pointer, *steps))

    def __str__(self) -> str:
        return f"{self.part} {render_pointer(self.pointer)}".rstrip()


def no_schemas(_: tuple[str, ...]) -> list[Node]:
    """The `SchemaOf` of values that no document describes."""
    return []


@dataclass(slots=True)
class Redaction:
    """Takes secrets out of texts and notes where: `places` in the order of finding, `unfit` those whose stand-in breaks
    the schema."""

    resolved: ResolvedDocument
    names: SecretNames
    seen: SecretsSeen
    stand_ins: StandIns
    places: list[str] = field(default_factory=list[str])
    unfit: list[str] = field(default_factory=list[str])

    def string(self, place: Place, value: str, schemas: list[Node], *, shortest: int = 8) -> str:
        """What stands for the value of something named secret; the value is remembered."""
        if not value:
            return value
        self.seen.remember(value, shortest=shortest)
        stand_in, fits = self.stand_ins.string(value, schemas)
        self._note(place, fits)
        return stand_in

    def scrub(self, place: Place, text: str) -> str:
        """Text of no secret name without the secrets in it: those seen, those in addresses, those known by shape."""
        scrubbed = self.seen.scrub(named_in_query(text, self.names, self._named(place)))
        if scrubbed != text:
            self._note(place, fits=True)
        return scrubbed

    def json(self, place: Place, text: str, schema_of: SchemaOf) -> str:
        """JSON text with the scalars under secret names replaced, and the other strings scrubbed."""

        def replacement(scalar: Scalar) -> str | None:
            where = place.below(*scalar.pointer)
            value = scalar.string
            if scalar.is_key and value is not None:
                return self._key(where, value)
            if any(step in self.names for step in scalar.pointer):
                schemas = schema_of(scalar.pointer)
                if value is not None:
                    return json.dumps(self.string(where, value, schemas)) if value else None
                return self._number(where, schemas) if scalar.is_number else None
            return self._scrubbed_string(where, value, schema_of, scalar.pointer) if value else None

        return replace_scalars(text, replacement)

    def text(self, place: Place, text: str) -> str:
        """Text in any other notation; lines that are JSON, such as those of an event stream, are taken as JSON."""
        return "".join(self._line(place, line) for line in _joined_prose(text))

    def _line(self, place: Place, line: str) -> str:
        mark, value = ("data:", line[5:]) if line.startswith("data:") else ("", line)
        if value.lstrip()[:1] in ("{", "[") and is_json(value):
            return mark + self.json(place, value, no_schemas)
        return self.scrub(place, named_in_text(line, self.names, self._named(place)))

    def _key(self, place: Place, key: str) -> str | None:
        """A key stays as it is but for secrets that were seen, such as in a map by token."""
        kept = self.seen.scrub(key)
        if kept == key:
            return None
        self._note(Place(place.part, place.pointer[:-1]), fits=True)
        return json.dumps(kept, ensure_ascii=False)

    def _scrubbed_string(
        self, place: Place, value: str, schema_of: SchemaOf, pointer: tuple[str, ...]
    ) -> str | None:
        if value[:1] in ("{", "[") and is_json(value):
            inner = self.json(place, value, no_schemas)
        else:
            inner = self.scrub(place, value)
        if inner == value:
            return None
        stand_in, _ = self.stand_ins.string(value, schema_of(pointer)) if inner == REDACTED else (inner, True)
        return json.dumps(stand_in, ensure_ascii=False)

    def _number(self, place: Place, schemas: list[Node]) -> str:
        stand_in, fits = self.stand_ins.number(schemas)
        self._note(place, fits)
        return stand_in

    def _named(self, place: Place) -> Callable[[str, str], str]:
        def found(name: str, value: str) -> str:
            return value if value.startswith(REDACTED) else self.string(place, value, [])

        return found

    def _note(self, place: Place, fits: bool) -> None:
        if str(place) not in self.places:
            self.places.append(str(place))
        if not fits and str(place) not in self.unfit:
            self.unfit.append(str(place))

    def schema_of(self, schema: Node | None) -> SchemaOf:
        """The `SchemaOf` of a value that is described by that schema."""
        return lambda pointer: schemas_at(self.resolved, schema, pointer)


def _joined_prose(text: str) -> list[str]:
    """The lines of a text where any of them holds JSON, otherwise the text as one: keys and elements span lines."""
    lines = text.splitlines(keepends=True)
    if any(line.removeprefix("data:").lstrip()[:1] in ("{", "[") for line in lines):
        return lines
    return [text]
