"""Validators for the schemas of a document, one per schema and direction, compiled when first used."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import cast

import jsonschema_rs

from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity, ResolvedDocument
from clientsmith.document.validation.specification import MASK, PATTERNS
from clientsmith.document.validation.violations import Violation, violations
from clientsmith.json_values.codec import Value
from clientsmith.jsonschema.dialect import Direction, JsonSchemaExport
from clientsmith.jsonschema.evaluation_cost import EvaluationCost, multiplies
from clientsmith.jsonschema.keywords import Plain
from clientsmith.jsonschema.large_values import is_large, violations_of_large
from clientsmith.jsonschema.satisfiability.one_direction import COUNTED, Counted

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_MAX_VIOLATIONS = 10
_MAX_LOOKS = 200_000
"""How often a validator may look at parts of one value."""


class Schemas:
    """Checks values against schemas; a schema that no validator can be made of accepts everything.

    For several threads at once.
    """

    def __init__(self, resolved: ResolvedDocument) -> None:
        self._resolved = resolved
        self._plain = {
            direction: _Closures(JsonSchemaExport(resolved, direction))
            for direction in ("request", "response")
        }
        self._validators: dict[tuple[Identity, Direction], _Bounded | None] = {}
        self._lock = threading.RLock()

    def is_valid(self, schema: Node, value: Value, direction: Direction) -> bool:
        """Whether a schema accepts a value."""
        validator = self._validator(schema, direction)
        return validator is None or validator.is_valid(value)

    def check(self, schema: Node, value: Value, direction: Direction) -> list[Violation]:
        """What a schema has against a value; at most ten violations, none if it accepts it."""
        validator = self._validator(schema, direction)
        if validator is None or validator.is_valid(value):
            return []
        found = (
            violations_of_large(validator, value)
            if is_large(value)
            else violations(validator.iter_errors(value))
        )
        return found[:_MAX_VIOLATIONS]

    def encodings(
        self, schema: Node, value: Value, direction: Direction
    ) -> Mapping[str, frozenset[str]] | None:
        """What the schemas that hold say of bytes, by the places inside a value; None if they do not accept it."""
        validator = self._validator(schema, direction)
        return None if validator is None else validator.encodings(value)

    def document(self, schema: Node, direction: Direction) -> dict[str, Plain]:
        """A JSON Schema document (2020-12) of its own for one schema; what it refers to is in its `$defs`."""
        with self._lock:
            return self._plain[direction].of(schema)

    def _validator(self, schema: Node, direction: Direction) -> _Bounded | None:
        key = (schema.identity, direction)
        if key not in self._validators:
            with self._lock:
                document = self.document(schema, direction)
                compiled = _compile(document)
                counted = self._plain[direction].multiplies(document)
                self._validators[key] = (
                    None if compiled is None else _Bounded(compiled, document if counted else None)
                )
        return self._validators[key]


class _Bounded:
    """A validator that leaves unchecked what it would look at too often, as schemas that multiply make it do."""

    def __init__(self, validator: jsonschema_rs.Validator, counted: dict[str, Plain] | None) -> None:
        self._validator = validator
        self._counted = counted

    def is_valid(self, value: Value) -> bool:
        """Whether the value is valid, or too dear to look at."""
        return not self._is_affordable(value) or self._validator.is_valid(value)

    def iter_errors(self, value: Value) -> Iterator[jsonschema_rs.ValidationError]:
        """What is wrong with a value that `is_valid` refuses."""
        return iter(self._validator.iter_errors(value))

    def encodings(self, value: Value) -> dict[str, frozenset[str]] | None:
        """Every `contentEncoding` that holds, by JSON pointer; None for an invalid value."""
        found = self._validator.evaluate(value) if self._is_affordable(value) else None
        if found is None or not found.valid:
            return None
        said: dict[str, frozenset[str]] = {}
        for one in found.annotations():
            if one["schemaLocation"].endswith("/contentEncoding"):
                place = one["instanceLocation"]
                said[place] = said.get(place, frozenset()) | {str(one["annotations"])}
        return said

    def _is_affordable(self, value: Value) -> bool:
        if self._counted is None:
            return True
        definitions = cast("dict[str, Plain]", self._counted["$defs"])
        return EvaluationCost(definitions, _MAX_LOOKS).of(self._counted, cast("Plain", value)) is not None


class _Closures:
    """The translated schemas of one direction; hands out each with what it refers to, and no more."""

    def __init__(self, schemas: JsonSchemaExport) -> None:
        self._schemas = schemas
        self._references: dict[str, frozenset[str]] = {}
        self._multiplies: dict[str, bool] = {}

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

    def multiplies(self, document: dict[str, Plain]) -> bool:
        """Whether any of the definitions of a document that was handed out makes looks at values multiply."""
        needed = cast("dict[str, Plain]", document["$defs"])
        for number, definition in needed.items():
            if number not in self._multiplies:
                self._multiplies[number] = multiplies(definition, needed)
        return any(self._multiplies[number] for number in needed)


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
            keywords={COUNTED: Counted},
            offline=True,
        )
    except (ValueError, RecursionError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError):
        return None
