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
            value = scalar.string
            if scalar.is_key and value is not None:
                return self._key(place, scalar.pointer, value)
            if any(step in self.names for step in scalar.pointer):
                return self._named_scalar(place, scalar, schema_of)
            return self._other_string(place, value, schema_of, scalar.pointer) if value else None

        return replace_scalars(text, replacement)

    def _named_scalar(self, place: Place, scalar: Scalar, schema_of: SchemaOf) -> str | None:
        where, value = place.below(*scalar.pointer), scalar.string
        if value:
            return json.dumps(self.string(where, value, schema_of(scalar.pointer)), ensure_ascii=False)
        return self._number(where, schema_of(scalar.pointer)) if scalar.is_number else None

    def text(self, place: Place, text: str) -> str:
        """Text in any other notation; lines that are JSON, such as those of an event stream, are taken as JSON."""
        parts: list[str] = []
        prose: list[str] = []
        for line in text.splitlines(keepends=True):
            mark = "data:" if line.startswith("data:") else ""
            value = line.removeprefix(mark)
            if value.lstrip()[:1] in ("{", "[") and is_json(value):
                parts += (self._prose(place, "".join(prose)), mark, self.json(place, value, no_schemas))
                prose = []
            else:
                prose.append(line)
        return "".join((*parts, self._prose(place, "".join(prose))))

    def _prose(self, place: Place, text: str) -> str:
        return self.scrub(place, named_in_text(text, self.names, self._named(place)))

    def _key(self, place: Place, pointer: tuple[str, ...], key: str) -> str | None:
        """A key stays as it is but for secrets that were seen, such as in a map by token."""
        kept = self.seen.scrub(key)
        if kept == key:
            return None
        self._note(place.below(*pointer[:-1]), fits=True)
        return json.dumps(kept, ensure_ascii=False)

    def _other_string(
        self, place: Place, value: str, schema_of: SchemaOf, pointer: tuple[str, ...]
    ) -> str | None:
        if value[0] in "{[" and is_json(value):
            inner = self.json(place.below(*pointer), value, no_schemas)
        elif self.seen.may_be_in(value):
            inner = self.scrub(place.below(*pointer), value)
        else:
            return None
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
