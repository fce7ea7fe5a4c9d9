"""The keywords of JSON Schema that speak of one value alone: types, bounds, lengths, patterns, equality.

Arithmetic is exact and never expands a number: `1E+999999999` costs no more than 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from pydantic_core import SchemaError, SchemaValidator, core_schema

from ..values.exact_numbers import is_multiple
from ..values.shapes import is_array, is_object
from .violations import UNSURE, Path, Unsure, Violation, shown


def is_number(value: Any) -> bool:
    """Whether a value is a JSON number."""
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def is_integer(value: Any) -> bool:
    """Whether a value is a whole number, as 1.0 and 1E2 are (JSON Schema 2020-12, section 4.2.3)."""
    if isinstance(value, Decimal):
        return value == value.to_integral_value()
    return isinstance(value, int) and not isinstance(value, bool)


_TYPES: Final[dict[str, Callable[[Any], bool]]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "number": is_number,
    "integer": is_integer,
    "array": is_array,
    "object": is_object,
}


def of_type(value: Any, kinds: list[str]) -> bool:
    """Whether a value is of one of the JSON Schema types."""
    return any(_TYPES[kind](value) for kind in kinds)


def equal(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal: 1 is 1.0 but not true, and members have no order."""
    if is_array(one) and is_array(other):
        return len(one) == len(other) and all(map(equal, one, other))
    if is_object(one) and is_object(other):
        return one.keys() == other.keys() and all(equal(item, other[name]) for name, item in one.items())
    return bool(one == other) and isinstance(one, bool) is isinstance(other, bool)


def identity(value: Any) -> Any:
    """A hashable form that is equal for equal JSON values.

    Numbers become text: one can choose numbers that all have the same hash, so that a set of them takes for ever.
    """
    if is_array(value):
        return ("array", *map(identity, value))
    if is_object(value):
        return "object", frozenset((name, identity(item)) for name, item in value.items())
    return ("number", _canonical(value)) if is_number(value) else (type(value), value)


def _canonical(number: int | Decimal) -> str:
    sign, digits, exponent = Decimal(number).as_tuple()
    text = "".join(map(str, digits))
    kept = text.rstrip("0")
    places = exponent if isinstance(exponent, int) else 0
    return f"{sign} {kept} {places + len(text) - len(kept)}" if kept else "0"


@lru_cache(maxsize=1024)
def _engine(pattern: str) -> SchemaValidator | None:
    try:
        return SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))
    except SchemaError:
        return None


def matches(text: str, pattern: str) -> bool | None:
    """Whether some part of a text matches a pattern (of Rust's `regex`, which takes linear time); None: no telling."""
    engine = _engine(pattern)
    if engine is None:
        return None
    if engine.isinstance_python(text):
        return True
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair, which the engine does not take
        return None
    return False


@dataclass(frozen=True)
class Assertion:
    """A keyword about values that `applies` picks out; `holds` is None if it is not certain."""

    keyword: str
    applies: Callable[[Any], bool]
    holds: Callable[[Any, Any], bool | None]
    reason: str

    def check(self, value: Any, limit: Any, path: Path) -> Violation | Unsure | None:
        """What there is to say about a value; None where all is well."""
        if not self.applies(value):
            return None
        result = self.holds(value, limit)
        if result is None:
            return UNSURE
        return None if result else Violation(path, self.keyword, self.reason.format(_worded(limit)))


def _worded(limit: Any) -> str:
    if is_array(limit):
        return str(len(limit))
    return shown(str(limit)) if isinstance(limit, (str, int, Decimal)) else ""


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _always(value: Any) -> bool:
    return True


_ALL: Final = (
    Assertion("enum", _always, lambda value, listed: any(equal(value, one) for one in listed), "is none of {} values"),
    Assertion("const", _always, equal, "is not the only value allowed"),
    Assertion("minimum", is_number, lambda value, limit: value >= limit, "is less than {}"),
    Assertion("maximum", is_number, lambda value, limit: value <= limit, "is greater than {}"),
    Assertion("exclusiveMinimum", is_number, lambda value, limit: value > limit, "is not greater than {}"),
    Assertion("exclusiveMaximum", is_number, lambda value, limit: value < limit, "is not less than {}"),
    Assertion("multipleOf", is_number, is_multiple, "is no multiple of {}"),
    Assertion("minLength", _is_text, lambda value, least: len(value) >= least, "has fewer than {} characters"),
    Assertion("maxLength", _is_text, lambda value, most: len(value) <= most, "has more than {} characters"),
    Assertion("pattern", _is_text, matches, "does not match {}"),
    Assertion("minItems", is_array, lambda value, least: len(value) >= least, "has fewer than {} items"),
    Assertion("maxItems", is_array, lambda value, most: len(value) <= most, "has more than {} items"),
    Assertion(
        "uniqueItems",
        is_array,
        lambda value, unique: not unique or len(set(map(identity, value))) == len(value),
        "has an item twice",
    ),
    Assertion("minProperties", is_object, lambda value, least: len(value) >= least, "has fewer than {} members"),
    Assertion("maxProperties", is_object, lambda value, most: len(value) <= most, "has more than {} members"),
    # Written by the generator for what it could not put into a schema of this kind.
    Assertion("unchecked", _always, lambda value, unchecked: None, ""),
)  # fmt: skip
ASSERTIONS: Final = {assertion.keyword: assertion for assertion in _ALL}
"""By keyword."""
