"""Stricter numbers for requests: pydantic core schemas are rewritten so that no value changes on its way out.

bool is no number, a float is no Decimal unless integral, NaN and infinity are refused. Responses: see `received`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, cast

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from .schema_rewrite import rewrite

_LARGEST_EXACT: Final = 2**53
_STRICT: Final[Mapping[str, Mapping[str, object]]] = {
    "str": {"strict": True},
    "int": {"strict": True},
    "bool": {"strict": True},
    "float": {"strict": True, "allow_inf_nan": False},
    # A number is no point in time, and text goes out as it is; RFC 3339 section 5.6 demands the offset.
    "datetime": {"strict": True, "tz_constraint": "aware"},
    "date": {"strict": True},
}


def exact_decimal(value: Any) -> Any:
    """Pass what a Decimal takes without loss (Decimal, int, str, an integral float); refuse the rest, with advice."""
    if isinstance(value, bool):
        raise PydanticCustomError("decimal_from_bool", "a bool is not a number")
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise PydanticCustomError("decimal_not_finite", "NaN and infinity cannot be sent")
        return value
    if isinstance(value, float):
        return _from_float(value)
    if not isinstance(value, (int, str)):
        raise PydanticCustomError("decimal_type", "an amount must be a Decimal or an int")
    return value


def _from_float(value: float) -> Decimal:
    if not math.isfinite(value):
        raise PydanticCustomError("decimal_not_finite", "NaN and infinity cannot be sent")
    if value.is_integer() and abs(value) < _LARGEST_EXACT:
        return Decimal(int(value))
    raise PydanticCustomError(
        "decimal_from_float",
        'a float does not hold a decimal amount exactly; pass Decimal("{shown}") instead',
        {"shown": repr(value)},
    )


class _ExactLiteral:
    """Refuses numbers and bools that only Python takes for a listed value: to it 1, 1.0 and True are equal."""

    def __init__(self, expected: Sequence[Any]) -> None:
        self._expected = {(_number_kind(value), value) for value in expected}

    def __call__(self, value: Any) -> Any:
        if isinstance(value, (int, float)) and (_number_kind(value), value) not in self._expected:
            raise PydanticCustomError("literal_error", "Input should be a listed value of the same type")
        return value


def _number_kind(value: object) -> type:
    return next((kind for kind in (bool, int, float) if isinstance(value, kind)), object)


def exact_literal(schema: dict[str, Any]) -> dict[str, Any]:
    """A literal schema whose numbers and bools are told apart."""
    if all(type(value) is str for value in schema["expected"]):
        return schema
    inner = cast(CoreSchema, {key: value for key, value in schema.items() if key != "ref"})
    guard = _ExactLiteral(schema["expected"])
    outer = core_schema.no_info_before_validator_function(guard, inner, ref=schema.get("ref"))
    return cast("dict[str, Any]", outer)


def tighten(schema: CoreSchema, handler: GetCoreSchemaHandler, stop: type) -> CoreSchema:
    """The schema with strict numbers; classes derived from `stop` are left alone, as they do this for themselves."""
    return rewrite(schema, _exact, handler, stop)


def _exact(schema: dict[str, Any]) -> dict[str, Any] | None:
    kind: str = schema.get("type", "")
    if kind == "decimal":
        return _before_decimal(schema)
    if kind in _STRICT:
        return {**schema, **_STRICT[kind]}
    if kind == "literal":
        return exact_literal(schema)
    return schema if is_exact(schema) else None


def is_exact(schema: dict[str, Any]) -> bool:
    """Whether a schema is what was made of a number or a literal here."""
    if schema.get("type") != "function-before":
        return False
    function: object = schema["function"].get("function")
    return function is exact_decimal or isinstance(function, _ExactLiteral)


def _before_decimal(schema: dict[str, Any]) -> dict[str, Any]:
    inner = {key: value for key, value in schema.items() if key != "ref"}
    outer = core_schema.no_info_before_validator_function(
        exact_decimal, cast(CoreSchema, {**inner, "allow_inf_nan": False}), ref=schema.get("ref")
    )
    return cast("dict[str, Any]", outer)
