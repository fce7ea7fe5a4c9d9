# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Stricter numbers for requests: pydantic core schemas are rewritten so that no value changes on its way out.

Text and bool are not numbers, a float is not a Decimal unless integral, NaN and infinity are refused. Bounds are
compared with the token that is sent. Responses: see `response_types`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Final, TypeAlias, cast

from pydantic import GetCoreSchemaHandler, SerializerFunctionWrapHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ..values.exact_numbers import exact, is_multiple
from .listed_objects import ListedObjects, listed_objects
from .schema_rewrite import chosen, rewrite

FINISH: Final = "clientsmith_finish"
"""In the metadata of a string: what is done to its schema once its bounds are part of it."""
_LARGEST_EXACT: Final = 2**53
_STRICT: Final[Mapping[str, Mapping[str, object]]] = {
    "str": {"strict": True},
    "int": {"strict": True},
    "bool": {"strict": True},
    # A number is not a point in time, and text goes out as it is; RFC 3339 section 5.6 demands the offset.
    "datetime": {"strict": True, "tz_constraint": "aware"},
    "date": {"strict": True},
}


_Bound: TypeAlias = "Callable[[Any, Any], bool | None]"
_BOUNDS: Final[Mapping[str, tuple[_Bound, str, str]]] = {
    "ge": (operator.ge, "greater_than_equal", "greater than or equal to"),
    "gt": (operator.gt, "greater_than", "greater than"),
    "le": (operator.le, "less_than_equal", "less than or equal to"),
    "lt": (operator.lt, "less_than", "less than"),
    "multiple_of": (is_multiple, "multiple_of", "a multiple of"),
}


class _AnyNumber:
    """Builds `ExactNumber` as a float, to which bounds apply and which `tighten` rewrites."""

    @staticmethod
    def __get_pydantic_core_schema__(source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.float_schema()


ExactNumber: TypeAlias = Annotated[float | Decimal, _AnyNumber()]
"""A number to send: a Decimal goes out digit by digit, an int as an integer, a float in its shortest form."""


def exact_number(value: Any) -> Any:
    """Pass a finite number as it is: its token is what was meant."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise PydanticCustomError("float_type", "Input should be a valid number")
    finite = math.isfinite(value) if isinstance(value, float) else isinstance(value, int) or value.is_finite()
    if not finite:
        raise PydanticCustomError("finite_number", "NaN and infinity cannot be sent")
    return value


def _held(value: Any) -> Any:
    """Refuse what is used up by reading it, since a check may read twice, and bytes, which are no list of numbers."""
    if isinstance(value, Iterator):
        raise PydanticCustomError("read_once", "an iterator can be read only once; pass a list")
    if isinstance(value, memoryview):
        raise PydanticCustomError("list_type", "Input should be a valid list")
    return value


def _as_list(value: Any, dump: SerializerFunctionWrapHandler) -> list[Any]:
    return list(dump(value))


_AS_LIST: Final = core_schema.wrap_serializer_function_ser_schema(_as_list)


def exact_decimal(value: Any) -> Any:
    """Pass what a Decimal takes without loss (Decimal, int, an integral float); refuse the rest, with advice."""
    if isinstance(value, bool):
        raise PydanticCustomError("decimal_from_bool", "a bool is not a number")
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise PydanticCustomError("decimal_not_finite", "NaN and infinity cannot be sent")
        return value
    if isinstance(value, float):
        return _from_float(value)
    if not isinstance(value, int):
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
        {"shown": float.__repr__(value)},
    )


class _Number:
    """Reads a number with `take` and refuses it if its token breaks a bound."""

    def __init__(self, take: Callable[[Any], Any], bounds: Mapping[str, int | Decimal]) -> None:
        self._take = take
        self._bounds = bounds
        self.__name__ = "number"  # how pydantic names a member of a union in the place of a problem

    def __call__(self, value: Any) -> Any:
        number = self._take(value)
        for key, bound in self._bounds.items():
            holds, kind, words = _BOUNDS[key]
            if not holds(exact(number), bound):
                raise PydanticCustomError(
                    kind, "Input should be {words} {bound}", {"words": words, "bound": str(bound)}
                )
        return number


class _ExactLiteral:
    """Refuses numbers and bools that only Python takes for a listed value: to it 1, 1.0 and True are equal."""

    def __init__(self, expected: Sequence[Any]) -> None:
        self._expected = {(_number_kind(value), value) for value in expected}
        self.__name__ = "exact_literal"

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


def _listed(schema: dict[str, Any]) -> dict[str, Any]:
    """A literal schema that takes objects for the texts that stand for them."""
    literal = exact_literal(schema)
    objects = listed_objects(text for text in schema["expected"] if isinstance(text, str))
    if objects is None:
        return literal
    inner = cast(CoreSchema, {key: value for key, value in literal.items() if key != "ref"})
    outer = core_schema.no_info_before_validator_function(objects, inner, ref=schema.get("ref"))
    return cast("dict[str, Any]", outer)


def tighten(schema: CoreSchema, handler: GetCoreSchemaHandler, stop: type) -> CoreSchema:
    """The schema with strict numbers; classes derived from `stop` are left alone, as they do this for themselves."""
    return rewrite(schema, _exact, handler, stop, partial(_written, handler))


def _written(handler: GetCoreSchemaHandler, schema: dict[str, Any]) -> dict[str, Any]:
    """What a schema is in a request, once its inner ones are.

    A tuple is sent as a list, the form in which arrays travel here; neither is made of what it cannot be twice.
    """
    if schema.get("type") == "union":
        return chosen(schema, handler)
    if schema.get("type") not in ("list", "tuple"):
        return schema
    inner, ref = {key: value for key, value in schema.items() if key != "ref"}, schema.get("ref")
    if inner["type"] == "tuple":
        inner["serialization"] = _AS_LIST
    held = core_schema.no_info_before_validator_function(_held, cast(CoreSchema, inner), ref=ref)
    return cast("dict[str, Any]", held)


def _exact(schema: dict[str, Any]) -> dict[str, Any] | None:
    kind: str = schema.get("type", "")
    if kind in ("decimal", "float"):
        return _number(schema)
    if kind in _STRICT:
        return _finished({**schema, **_STRICT[kind]})
    if kind == "literal":
        return _listed(schema)
    return schema if is_exact(schema) else None


def _finished(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema as its annotation wants it, which has its say when bounds and strictness are there."""
    finish: Any = schema.get("metadata", {}).get(FINISH)
    if finish is None:
        return schema
    ref = schema.get("ref")
    done = finish({key: value for key, value in schema.items() if key not in ("metadata", "ref")})
    return done if ref is None else {**done, "ref": ref}


def is_exact(schema: dict[str, Any]) -> bool:
    """Whether a schema is what was made of a number, a literal or a list here."""
    if schema.get("type") not in ("function-before", "function-plain"):
        return False
    function: object = schema["function"].get("function")
    return function in (exact_decimal, _held) or isinstance(function, (_Number, _ExactLiteral, ListedObjects))


def _number(schema: dict[str, Any]) -> dict[str, Any]:
    """A Decimal is compared with its bounds by pydantic, but for `multiple_of`, which it rounds to 28 digits."""
    is_decimal, ref = schema["type"] == "decimal", schema.get("ref")
    own = ("multiple_of",) if is_decimal else _BOUNDS
    bounds = {key: exact(schema[key]) for key in own if schema.get(key) is not None}
    left = ("ref", *bounds) if is_decimal else ("ref",)
    inner = cast(CoreSchema, {key: value for key, value in schema.items() if key not in left})
    if is_decimal:
        decimal = _Number(exact_decimal, bounds) if bounds else exact_decimal
        return cast("dict[str, Any]", core_schema.no_info_before_validator_function(decimal, inner, ref=ref))
    number = core_schema.no_info_plain_validator_function(
        _Number(exact_number, bounds), ref=ref, json_schema_input_schema=inner
    )
    return cast("dict[str, Any]", number)
