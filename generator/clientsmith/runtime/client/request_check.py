"""The check of requests against what their schemas say beyond the models; a refusal lists every violation."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ..json_schema.schema_texts import SchemaTexts
from ..json_schema.violations import Violation
from ..results.errors import Invalid
from ..types.taken_apart import CannotBeSentError, Plain
from ..values.json_codec import JsonError, parse, scalar_text, write_bytes
from ..values.shapes import is_array, is_object, is_tuple

_OF_MODELS = frozenset(
    {
        "$ref", "additionalProperties", "anyOf", "const", "depth", "enum", "exclusiveMaximum", "exclusiveMinimum",
        "false", "maxItems", "maxLength", "maximum", "minItems", "minLength", "minimum", "multipleOf",
        "pattern", "required", "type",
    }
)  # fmt: skip
"""Keywords that a model has something to say about when it refuses a value."""


class RequestSchemas(SchemaTexts):
    """The JSON Schemas of bodies and parameters that say more than the models; `load` gives them as texts by key."""

    def problems(self, key: str, value: Any) -> list[Invalid]:
        """Everything in which a plain value breaks a schema."""
        try:
            return list(map(_problem, self.broken(key, _as_read(value))))
        except JsonError:  # the encoder reports what cannot be written
            return []

    def more_problems(self, key: str, value: Any, found: Sequence[Invalid]) -> list[Invalid]:
        """What else is wrong with a value that a model refuses for the problems `found`."""
        try:
            every = self.problems(key, Plain().of(value))
        except (CannotBeSentError, RecursionError):
            return []
        return [one for one in every if one.kind not in _OF_MODELS and not _is_explained(one, found)]


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
