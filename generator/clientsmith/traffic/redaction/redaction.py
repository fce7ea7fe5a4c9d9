"""One pass of redaction: what counts as secret, what takes its place, and a list of the places; no HTTP here."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote_plus, unquote, unquote_plus

from clientsmith.document.model import Node, render_pointer
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.traffic.redaction.known_secrets import KnownSecrets, replaced
from clientsmith.traffic.redaction.notations.lines import line_spots
from clientsmith.traffic.redaction.notations.named_text import (
    Named,
    in_prose,
    in_queries,
    in_settings,
    in_speech,
    is_oauth_code,
)
from clientsmith.traffic.redaction.notations.spots import Spot, replace_spots
from clientsmith.traffic.redaction.secret_names import SecretNames, looks_random
from clientsmith.traffic.redaction.substitutes import REDACTED, Substitutes, is_listed, schemas_at
from clientsmith.traffic.redaction.token_search import shape_spans

SchemaOf = Callable[[tuple[str, ...]], list[Node]]
"""The schemas that a value is checked against, by its place."""
DEEPEST = 6
"""How many notations inside of each other are read."""
_NO_PASSWORDS = frozenset({"api_token", "password", "x-oauth-basic", "x-token-auth"})
"""What some services take in the place of a password if the user is a key."""
_IN_FRONT = re.compile(
    r"\s*(?:(?:apikey|basic|bearer|digest|dpop|hawk|negotiate|oauth|ssws|token)|[&!]\S{0,60})\s+",
    re.IGNORECASE,
)
"""A scheme in front of credentials, an anchor or a tag of YAML."""
_PARAMETER = re.compile(r"([\w-]+)=\s?\"?([^\",\s]{8,})")
_PROSE = re.compile(r"[^\W\d_A-Z]{1,11}|[^\W\d_]+[.,;:!?]?\s.*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SecretPlace:
    """Where a secret was, in the words of findings: `request body /login/password`, `response header Set-Cookie`."""

    part: str
    pointer: tuple[str, ...] = ()

    def below(self, *steps: str) -> SecretPlace:
        """A place inside of this one."""
        return SecretPlace(self.part, (*self.pointer, *steps))

    def __str__(self) -> str:
        return f"{self.part} {render_pointer(self.pointer)}".rstrip()


def no_schemas(_: tuple[str, ...]) -> list[Node]:
    """The `SchemaOf` of values that no document describes."""
    return []


@dataclass(slots=True)
class Redaction:
    """Takes secrets out of texts and notes where they were.

    `places` are in the order of finding; `unfit` are those whose substitute breaks the schema.
    """

    resolved: ResolvedDocument
    names: SecretNames
    known_secrets: KnownSecrets
    substitutes: Substitutes
    places: dict[str, None] = field(default_factory=dict[str, None])
    unfit: dict[str, None] = field(default_factory=dict[str, None])

    def string(self, place: SecretPlace, value: str, schemas: list[Node], *, shortest: int = 8) -> str:
        """What replaces the value of something named secret; the value is remembered."""
        if not value or value.startswith(REDACTED) or is_listed(value, schemas):
            return value
        self.learn(value, shortest=shortest)
        substitute, fits = self.substitutes.string(value, schemas)
        self.note(place, fits=fits)
        return substitute

    def learn(self, value: str, *, shortest: int = 8) -> None:
        """Remember a secret, and the credentials that it is made of."""
        self.known_secrets.remember(value, shortest=shortest)
        if len(value) > 4096:
            return
        if "%" in value:
            self.known_secrets.remember(unquote(value), shortest=shortest)
        _, colon, password = value.partition(":")
        if colon and "//" not in password and "{" not in value:
            self.known_secrets.remember(unquote(password))
        front = _IN_FRONT.match(value)
        credentials = value[front.end() :].strip() if front is not None else value
        self.known_secrets.remember(credentials, shortest=shortest)
        self.learn_basic(credentials)
        for name, part in _PARAMETER.findall(value) if "," in value else ():
            self.known_secrets.remember(part, shortest=8 if self.names.hides((name,), part) else 16)

    def learn_basic(self, encoded: str) -> None:
        """Remember the password in base64 of `user:password` (RFC 7617), or a user without one, which may be a key."""
        try:
            user, colon, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            return
        if colon:
            self.known_secrets.remember(password)
            if len(password) < 8 or password.lower() in _NO_PASSWORDS:
                self.known_secrets.remember(user)

    def scrub(self, place: SecretPlace, text: str) -> str:
        """Text without what looks like a credential and without secrets that were met before."""
        spans = shape_spans(text)
        for start, end in spans:
            self.learn(text[start:end])
        scrubbed = self.known_secrets.redact(replaced(text, spans))
        if scrubbed != text:
            self.note(place)
        return scrubbed

    def addresses(self, place: SecretPlace, text: str) -> str:
        """Text without the secrets in the queries of addresses, nor any that `scrub` finds."""
        return self.scrub(place, in_queries(text, lambda named: self._in_query(place, named, text)))

    def prose(self, place: SecretPlace, text: str, depth: int = 0) -> str:
        """Text in whatever notation without values behind secret names, in lines or within them."""

        is_sentence = depth > 0 and "\n" not in text.strip()

        def line(spot: Spot) -> str:
            if not self.names.hides(spot.path, spot.value) or (is_sentence and _is_prose(spot.value)):
                return spot.value
            return self.string(place, spot.value, [])

        def redacted(named: Named) -> str:
            is_prose = named.has_colon and not named.is_quoted and _is_prose(named.value)
            if named.is_spoken and not named.is_quoted and not looks_random(named.value.rstrip(".")):
                return named.value
            if (is_sentence and is_prose) or not self.names.hides(name_steps(named.name), named.value):
                return named.value
            return self.string(place, named.value, [])

        if ":" in text or "=" in text:
            text = in_settings(text, redacted)
            text = in_prose(replace_spots(text, line_spots(text), line), redacted)
        text = in_speech(text, redacted)
        return self.addresses(place, text)

    def _in_query(self, place: SecretPlace, named: Named, around: str) -> str:
        name = unquote_plus(named.name)
        if self.names.hides(name_steps(name), unquote_plus(named.value)) or is_oauth_code(name, around):
            return self.string(place, named.value, [])
        if "%" in named.value and len(named.value) < 10_000:
            inner = unquote_plus(named.value)
            kept = self.addresses(place, inner) if inner != named.value else inner
            return named.value if kept == inner else quote_plus(kept)
        return named.value

    def aside(self) -> Redaction:
        """A redaction that learns for this one, and notes nothing here."""
        return Redaction(self.resolved, self.names, self.known_secrets, self.substitutes)

    def note(self, place: SecretPlace, *, fits: bool = True) -> None:
        """Remember that something was taken out there."""
        self.places[str(place)] = None
        if not fits:
            self.unfit[str(place)] = None

    def schema_of(self, schema: Node | None) -> SchemaOf:
        """The `SchemaOf` of a value that is described by that schema."""
        return lambda pointer: schemas_at(self.resolved, schema, pointer)


def name_steps(name: str) -> tuple[str, ...]:
    """The names in one that is written like `filter[token]` or `login.password`."""
    return tuple(step for step in re.split(r"[\[\].]+", name) if step) or (name,)


def _is_prose(value: str) -> bool:
    """Whether a value behind a colon goes on in words: `token: the one that you got`."""
    return _PROSE.fullmatch(value) is not None
