"""Bounds of a schema (`minimum`, `maxLength` and the like): merged over a conjunction, written as constraints."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from clientsmith.api.model.api import Constraints

NUMERIC = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
LENGTHS = ("minLength", "maxLength")
COUNTS = ("minItems", "maxItems")
_LOWER = frozenset({"minimum", "minLength", "minItems", "exclusiveMinimum"})
_SPELLED = {
    "minimum": "minimum", "maximum": "maximum", "exclusiveMinimum": "exclusive_minimum",
    "exclusiveMaximum": "exclusive_maximum", "multipleOf": "multiple_of", "minLength": "min_length",
    "maxLength": "max_length", "minItems": "min_items", "maxItems": "max_items",
}  # fmt: skip
_LARGEST_COUNT = 2**63 - 1
"""What a length can be held against; nothing is that long, so a larger bound says nothing."""
_LARGEST_NUMBER = 10**400
"""What a number can be held against: a literal of more digits would only cost time."""


@dataclass(slots=True)
class Bounds:
    """The tightest bounds met so far, by keyword."""

    _numbers: dict[str, int | float] = field(default_factory=dict[str, "int | float"])

    def merge(self, schema: Mapping[str, Any]) -> None:
        """Take in the bounds of one more schema object."""
        bounds: dict[str, int | float] = {}
        for key in (*NUMERIC, *LENGTHS, *COUNTS):
            bound = schema.get(key)
            if isinstance(bound, int | float) and not isinstance(bound, bool) and _is_usable(bound):
                bounds[key] = bound
        for inclusive, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if schema.get(exclusive) is True and inclusive in bounds:  # the 3.0 form
                bounds[exclusive] = bounds.pop(inclusive)
        for key, bound in bounds.items():
            known = self._numbers.get(key, bound)
            self._numbers[key] = max(known, bound) if key in _LOWER else min(known, bound)

    def constraints(self, pattern: str | None, keys: Iterable[str]) -> Constraints | None:
        """The bounds among `keys` and the pattern as constraints; None where there are none."""
        found: dict[str, Any] = {}
        for key in keys:
            number = self._numbers.get(key)
            if number is None:
                continue
            if key not in NUMERIC:
                if number == int(number) and 0 <= number <= _LARGEST_COUNT:
                    found[_SPELLED[key]] = int(number)
            elif key != "multipleOf" or number > 0:
                found[_SPELLED[key]] = repr(number)
        if pattern is not None:
            found["pattern"] = pattern
        return Constraints(**found) if found else None


def _is_usable(bound: int | float) -> bool:
    """Whether a bound is a number that Python can write and compare; JSON has larger ones."""
    return abs(bound) <= _LARGEST_NUMBER if isinstance(bound, int) else math.isfinite(bound)
