"""Validators for the schemas of a document, one per schema and direction, compiled when first used."""

from __future__ import annotations

import threading
from typing import cast

import jsonschema_rs

from clientsmith.document.model import Node
from clientsmith.document.plain_schema import Direction, Plain, PlainSchemas
from clientsmith.document.resolved import Identity, ResolvedDocument
from clientsmith.document.specification import MASK, PATTERNS
from clientsmith.document.violations import Violation, violations
from clientsmith.replay.exact_json import Value
from clientsmith.replay.large_values import is_large, violations_of_large

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_MAX_VIOLATIONS = 10


class Schemas:
    """Checks values against schemas; a schema that no validator can be made of accepts everything.

    For several threads at once.
    """

    def __init__(self, resolved: ResolvedDocument) -> None:
        self._resolved = resolved
        self._plain = {
            direction: _Closures(PlainSchemas(resolved, direction)) for direction in ("request", "response")
        }
        self._validators: dict[tuple[Identity, Direction], jsonschema_rs.Validator | None] = {}
        self._lock = threading.Lock()

    def is_valid(self, schema: Node, value: Value, direction: Direction) -> bool:
        """Whether a schema accepts a value."""
        validator = self._validator(schema, direction)
        return validator is None or validator.is_valid(value)

    def check(self, schema: Node, value: Value, direction: Direction) -> list[Violation]:
        """What a schema has against a value; at most ten violations, none where it accepts it."""
        validator = self._validator(schema, direction)
        if validator is None or validator.is_valid(value):
            return []
        found = (
            violations_of_large(validator, value)
            if is_large(value)
            else violations(validator.iter_errors(value))
        )
        return found[:_MAX_VIOLATIONS]

    def document(self, schema: Node, direction: Direction) -> dict[str, Plain]:
        """A JSON Schema document (2020-12) of its own for one schema; what it refers to is in its `$defs`."""
        return self._plain[direction].of(schema)

    def _validator(self, schema: Node, direction: Direction) -> jsonschema_rs.Validator | None:
        key = (schema.identity, direction)
        if key not in self._validators:
            with self._lock:
                self._validators[key] = _compile(self.document(schema, direction))
        return self._validators[key]


class _Closures:
    """The translated schemas of one direction; hands out each with what it refers to, and no more."""

    def __init__(self, schemas: PlainSchemas) -> None:
        self._schemas = schemas
        self._references: dict[str, frozenset[str]] = {}

    def of(self, schema: Node) -> dict[str, Plain]:
        """A JSON Schema document of its own for one schema."""
        reference = self._schemas.reference(schema)
        definitions = self._schemas.finish()
        needed: dict[str, Plain] = {}
        waiting = [str(reference["$ref"]).rpartition("/")[2]]
        while waiting:
            number = waiting.pop()
            if number in needed:
                continue
            needed[number] = definitions[number]
            if number not in self._references:
                self._references[number] = frozenset(_references(definitions[number]))
            waiting.extend(self._references[number])
        return {"$schema": _DIALECT, **reference, "$defs": needed}


def _references(plain: Plain) -> set[str]:
    found: set[str] = set()
    waiting = [plain]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            reference = value.get("$ref")
            if isinstance(reference, str):
                found.add(reference.rpartition("/")[2])
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return found


def _compile(schema: dict[str, Plain]) -> jsonschema_rs.Validator | None:
    try:
        return jsonschema_rs.validator_for(
            cast("dict[str, object]", schema),
            validate_formats=False,
            mask=MASK,
            pattern_options=PATTERNS,
            offline=True,
        )
    except (ValueError, RecursionError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError):
        return None
