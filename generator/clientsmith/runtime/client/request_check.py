"""The check of requests against what their schemas say beyond the models; a refusal lists every violation."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from ..json_schema.schema_texts import SchemaTexts
from ..json_schema.violations import Path, Violation
from ..results.errors import Invalid
from ..types.taken_apart import CannotBeSentError, Plain
from ..values.forks import whole_at_a_fork
from ..values.json_codec import BYTES, JsonError, parse, scalar_text, write_bytes
from ..values.shapes import is_array, is_object, is_tuple
from .sent_objects import FORMATS, encoded_bytes, is_field, kind_of, objects_in, put, raw_bytes

if TYPE_CHECKING:
    from ..json_schema.json_said import Said

_OF_MODELS = frozenset(
    {
        "$ref", "additionalProperties", "anyOf", "const", "depth", "enum", "exclusiveMaximum", "exclusiveMinimum",
        "false", "maxItems", "maxLength", "maximum", "minItems", "minLength", "minimum", "multipleOf",
        "pattern", "required", "type",
    }
)  # fmt: skip
"""Keywords that a model has something to say about when it refuses a value."""
_NO_BYTES: Final = "bytes cannot be sent here; pass text, such as their base64"
_ONLY_BYTES: Final = "should be bytes, or text in base64"
_NO_OBJECT: Final = "{} objects do not have the format of this string; pass text instead"


class RequestSchemas(SchemaTexts):
    """The JSON Schemas of bodies and parameters that say more than the models; `load` gives them as texts by key."""

    def problems(self, key: str, value: Any) -> list[Invalid]:
        """Everything in which a plain value breaks a schema."""
        try:
            return list(map(_problem, self.broken(key, _as_read(value))))
        except JsonError:  # the encoder reports what cannot be written
            return []

    def settled(self, key: str, value: Any, *, files: bool) -> tuple[Any, list[Invalid]]:
        """A plain value with its bytes in the form that they are sent in, and everything in which it breaks a schema.

        Bytes are text if a schema that holds at their place says base64; `files` says whether fields may be raw.
        Objects that are sent as text must have the format of their place.
        """
        given = dict(objects_in(value))
        encoded = {
            path: encoded_bytes(item)
            for path, item in given.items()
            if kind_of(item) == BYTES and not (files and is_field(path) and isinstance(item, bytes))
        }
        value = put(value, encoded)
        try:
            read = _as_read(value)
        except JsonError:  # the encoder reports what cannot be written
            return value, []
        problems = list(map(_problem, self.broken(key, read)))
        if problems or not given:
            return value, problems
        return self._with_objects(key, value, read, given, files=files)

    def _with_objects(
        self, key: str, value: Any, read: Any, given: dict[Path, Any], *, files: bool
    ) -> tuple[Any, list[Invalid]]:
        """The same for a value that breaks nothing if its objects do not."""
        with whole_at_a_fork():
            from ..json_schema.json_said import said_of
        changed, wrong = dict[Path, Any](), list[Invalid]()
        for path, said in said_of(self.checker(), key, read, given).items():
            kind, item = kind_of(given[path]), given[path]
            may_be_raw = files and is_field(path) and ("binary" in said.encodings or not said.is_typed)
            if kind != BYTES:
                if said.formats.isdisjoint(FORMATS[kind]):
                    wrong += _misplaced(path, kind, said)
            elif "base64" in said.encodings:
                changed[path] = encoded_bytes(item)
            elif may_be_raw:
                changed[path] = raw_bytes(item)
            else:
                wrong.append(Invalid(path, _NO_BYTES, "contentEncoding"))
        return put(value, changed), wrong

    def more_problems(self, key: str, value: Any, found: Sequence[Invalid]) -> list[Invalid]:
        """What else is wrong with a value that a model refuses for the problems `found`."""
        try:
            every = self.problems(key, Plain().of(value))
        except (CannotBeSentError, RecursionError):
            return []
        return [one for one in every if one.kind not in _OF_MODELS and not _is_explained(one, found)]


def _misplaced(path: Path, kind: str, said: Said) -> list[Invalid]:
    """What is wrong with an object as text if no format at its place is that of its kind."""
    if "base64" in said.encodings:
        return [Invalid(path, _ONLY_BYTES, "contentEncoding")]
    return [Invalid(path, _NO_OBJECT.format(kind), "format")] if said.formats else []


def _is_explained(problem: Invalid, found: Sequence[Invalid]) -> bool:
    """Whether a value fits no member of a union for problems found inside it; one that fits several has none inside."""
    place = problem.location
    return problem.kind == "oneOf" and any((one.path or ())[: len(place)] == place for one in found)


def _problem(violation: Violation) -> Invalid:
    return Invalid(violation.path, violation.reason, violation.keyword)


def _as_read(value: Any) -> Any:
    """A plain value as the service reads it: numbers by the digits that are sent, the bytes of a file as text."""
    if is_object(value):
        return {scalar_text(key): _as_read(item) for key, item in value.items()}
    if is_array(value) or is_tuple(value):
        return [_as_read(item) for item in value]
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if value is None or type(value) in (str, bool, int):
        return value
    if isinstance(value, Decimal) and value.is_finite():
        return value
    return parse(write_bytes(value))
