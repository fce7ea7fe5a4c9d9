"""JSON values as the arguments that a caller would write, and such arguments as JSON again."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import cast

from clientsmith.conform.inputs.values import has_format, is_decimal, says
from clientsmith.document.model import Node, Pointer, render_pointer
from clientsmith.json_values.codec import Value
from clientsmith.jsonschema.keywords import elements
from clientsmith.traffic.check import MessageChecker

_DEEPEST = 60


def argument(checker: MessageChecker, schema: Node | None, value: Value, *, files: bool = False) -> Value:
    """What a caller would pass: a Decimal for an amount or for digits that no float has, bytes for base64 and files.

    With `files`, a body and its fields may be files.
    """
    return _Argument(checker, schema, value).at(schema, value, (), files=files)


@dataclass(frozen=True)
class _Argument:
    """One argument, which is a value of a schema."""

    checker: MessageChecker
    schema: Node | None
    whole: Value

    def at(self, schema: Node | None, value: Value, path: Pointer, *, files: bool) -> Value:
        """What a caller would pass at a place."""
        checker, branches = self.checker, self.checker.branches
        if len(path) > _DEEPEST:
            return value
        if isinstance(value, dict):
            return {
                key: self.at(branches.property(schema, key), item, (*path, key), files=files and not path)
                for key, item in value.items()
            }
        if isinstance(value, list):
            # Only a list of files is sent as parts; deeper, or in `prefixItems`, a file is text in JSON.
            has_places = any(elements(part, "prefixItems") for part in branches.of(schema))
            parts = files and len(path) <= 1 and not has_places
            return [
                self.at(branches.item(schema, place), item, (*path, str(place)), files=parts)
                for place, item in enumerate(value)
            ]
        if isinstance(value, str):
            is_file = files and has_format(checker, schema, "binary")
            return value.encode() if is_file else self._unwrapped(schema, value, path)
        if not isinstance(value, Decimal) or is_decimal(checker, schema):
            return value
        if _is_whole(value) and says(checker, schema, "integer"):
            return int(value)
        double = float(value)
        return double if math.isfinite(double) and Decimal(repr(double)) == value else value

    def _unwrapped(self, schema: Node | None, value: str, path: Pointer) -> Value:
        """The bytes that a text encodes, if its schema says base64 and encoding them gives the text again."""
        if not has_format(self.checker, schema, "byte"):
            return value
        if self._encodings is not None and "base64" not in self._encodings.get(render_pointer(path), ()):
            return value
        try:
            content = base64.b64decode(value, validate=True)
        except ValueError:
            return value
        return content if base64.b64encode(content).decode() == value else value

    @cached_property
    def _encodings(self) -> Mapping[str, frozenset[str]] | None:
        """Where base64 is what holds, which other values decide; None for an invalid value."""
        if self.schema is None:
            return None
        return self.checker.schemas.encodings(self.schema, self.whole, "request")


def wrapped(value: object) -> object:
    """An argument as it is in JSON: bytes in base64."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {key: wrapped(item) for key, item in cast("dict[str, object]", value).items()}
    return [wrapped(item) for item in cast("list[object]", value)] if isinstance(value, list) else value


def _is_whole(value: Decimal) -> bool:
    return abs(value.adjusted()) < 400 and value == value.to_integral_value()
