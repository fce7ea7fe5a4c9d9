"""JSON text without its secrets: strings and numbers under secret names, and what is in the other strings and keys."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from clientsmith.json_values.tokens import Scalar, replace_scalars, scalars
from clientsmith.traffic.redaction.notations.wrapped import from_base64
from clientsmith.traffic.redaction.redaction import Redaction, SchemaOf, SecretPlace
from clientsmith.traffic.redaction.secret_names import Verdict, looks_random
from clientsmith.traffic.redaction.substitutes import REDACTED
from clientsmith.traffic.redaction.token_search import may_hold_shapes

_NAMING = frozenset(
    {"name", "key", "field", "header", "param", "parameter", "property", "variable", "attribute", "id"}
)
_HOLDING = frozenset(
    {"value", "values", "val", "content", "data", "text", "default", "stringvalue", "string_value"}
)
_PAIR = re.compile(r"\"(?:" + "|".join(sorted(_NAMING)) + r")\"\s*:|\[\s*\[\s*\"", re.IGNORECASE)
_PLAIN = re.compile(r"[\w .,/+-]{0,15}")
"""Too short for what looks like a credential, and without a sign of another notation."""
_HARMLESS = re.compile(r"[0-9TZ:. +-]*|https?://[\w.:/~+-]*")
"""Times, and addresses without a user and a query."""
_ANOTHER_NOTATION = re.compile(r"[=:<{\[\"'`%\n]|(?i:pass|secret|token|key|--)")

Inner = Callable[[SecretPlace, str], str]
"""How the text in a string is redacted, whatever its notation is."""


@dataclass(slots=True)
class _Json:
    redaction: Redaction
    place: SecretPlace
    schema_of: SchemaOf
    inner: Inner
    spans: list[tuple[int, int]]
    """Where secrets are that were met before."""
    has_shapes: bool
    labels: dict[tuple[str, ...], str]
    has_grant: bool
    _next: int = field(default=0)

    def replacement(self, scalar: Scalar) -> str | None:
        """The token to take the place of one, if any."""
        value = scalar.string
        is_hit = self._is_hit(scalar)
        if scalar.is_key:
            return self._key(scalar, value, is_hit=is_hit) if value else None
        if value is None:
            return self._number(scalar, is_hit=is_hit) if scalar.is_number else None
        if value and self._is_named(scalar, value):
            return self._string(scalar, value)
        return self._other(scalar, value, is_hit=is_hit)

    def _is_hit(self, scalar: Scalar) -> bool:
        while self._next < len(self.spans) and self.spans[self._next][1] <= scalar.start:
            self._next += 1
        return self._next < len(self.spans) and self.spans[self._next][0] < scalar.end

    def _is_named(self, scalar: Scalar, value: str) -> bool:
        pointer, names = scalar.pointer, self.redaction.names
        if names.hides(pointer, value) or (self.has_grant and pointer[-1:] == ("code",)):
            return True
        label = self.labels.get(pointer[:-1]) if self.labels else None
        if label is None or pointer[-1].lower() not in (*_HOLDING, "1"):
            return False
        return names.hides((*pointer[:-1], label), value)

    def _string(self, scalar: Scalar, value: str) -> str | None:
        where, schemas = self.place.below(*scalar.pointer), self.schema_of(scalar.pointer)
        substitute = self.redaction.string(where, value, schemas)
        return json.dumps(substitute, ensure_ascii=False) if substitute != value else None

    def _number(self, scalar: Scalar, *, is_hit: bool) -> str | None:
        if not is_hit and not self.redaction.names.hides_number(scalar.pointer, scalar.token):
            return None
        self.redaction.known_secrets.remember(scalar.token)
        substitute, fits = self.redaction.substitutes.number(self.schema_of(scalar.pointer))
        self.redaction.note(self.place.below(*scalar.pointer), fits=fits)
        return substitute

    def _key(self, scalar: Scalar, key: str, *, is_hit: bool) -> str | None:
        """A key stays as it is but for secrets in it, such as in a map by token."""
        outer = scalar.pointer[:-1]
        if looks_random(key) and any(map(self.redaction.names.holds_secrets, outer[-1:])):
            kept = self.redaction.string(self.place.below(*outer), key, [])
        elif is_hit or self.has_shapes:
            kept = self.redaction.scrub(self.place.below(*outer), key)
        else:
            return None
        return json.dumps(kept, ensure_ascii=False) if kept != key else None

    def _other(self, scalar: Scalar, value: str, *, is_hit: bool) -> str | None:
        if not is_hit and not self._may_hold_more(value):
            return None
        where = self.place.below(*scalar.pointer)
        kept = self.inner(where, value)
        if is_hit and kept == value:
            kept = REDACTED
            self.redaction.note(where)
        if kept == value:
            return None
        if kept == REDACTED:
            kept, fits = self.redaction.substitutes.string(value, self.schema_of(scalar.pointer))
            self.redaction.note(where, fits=fits)
        return json.dumps(kept, ensure_ascii=False)

    def _may_hold_more(self, value: str) -> bool:
        if self.has_shapes and not _PLAIN.fullmatch(value):
            return True
        if _HARMLESS.fullmatch(value):
            return False
        return _ANOTHER_NOTATION.search(value) is not None or from_base64(value) is not None


def redact_json(
    redaction: Redaction, place: SecretPlace, text: str, schema_of: SchemaOf, inner: Inner
) -> str:
    """JSON text with the secrets in it replaced, and every other byte as it was."""
    has_shapes = may_hold_shapes(text)
    labels = _labels(redaction, text) if _PAIR.search(text) else {}
    reader = _Json(
        redaction,
        place,
        schema_of,
        inner,
        redaction.known_secrets.spans(text),
        has_shapes,
        labels,
        '"grant_type"' in text,
    )
    return replace_scalars(text, reader.replacement)


def _labels(redaction: Redaction, text: str) -> dict[tuple[str, ...], str]:
    """The secret names among the values, by the object or pair: `{"name": "token", "value": ...}`."""
    names: dict[tuple[str, ...], str] = {}
    for scalar in scalars(text):
        pointer = scalar.pointer
        if scalar.is_key or not pointer or scalar.token[0] != '"' or len(scalar.token) > 100:
            continue
        *outer, last = pointer
        is_pair = last == "0" and bool(outer) and outer[-1].isdecimal()
        if is_pair or last.lower() in _NAMING:
            name = scalar.string or ""
            if redaction.names.verdict(name) is not Verdict.HARMLESS:
                names[tuple(outer)] = name
    return names
