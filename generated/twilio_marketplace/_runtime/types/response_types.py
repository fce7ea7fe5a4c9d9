# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Scalars of responses: pydantic core schemas are rewritten so that no value changes by being read.

Text is no number and no bool, a bool is no number. What is sent has rules of its own in `request_types`.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final, cast

from pydantic import GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from ..values.exact_numbers import with_floats
from ..values.shapes import is_object, is_tuple
from .request_types import exact_literal, is_exact
from .schema_rewrite import chosen, rewrite

_EXACT_FLOAT: Final = float(2**53)
_MOST_DIGITS: Final = 4300
"""As many as Python reads in an integer; beyond it `1E+999999999` would become gigabytes of digits."""
_DONE: Final = "clientsmith"
FLOATS: Final = object()
"""The context of validation in which numbers without a type are read as floats; without it they stay Decimals."""
_SCALARS: Final = frozenset(
    {"bool", "decimal", "float", "function-before", "int", "literal", "none", "str", "union"}
)


def keep_values(schema: CoreSchema, handler: GetCoreSchemaHandler, stop: type) -> CoreSchema:
    """The schema without lossy conversions; classes derived from `stop` do this for themselves and are left alone."""
    return rewrite(schema, _received, handler, stop, partial(_written, handler))


def _received(schema: dict[str, Any]) -> dict[str, Any] | None:
    kind: str = schema.get("type", "")
    if kind == "int":
        return _one_of(schema, _INTEGER, "int_type")
    if kind == "float":
        return _one_of(schema, _NUMBER, "float_type")
    if kind == "decimal":
        return _one_of(schema, _DECIMAL, "float_type")
    if kind == "any":
        return _untyped(schema)
    if kind == "bool":
        return {**schema, "strict": True}
    if kind == "literal":
        return exact_literal(schema)
    return schema if is_exact(schema) or _is_done(schema) else None


def _written(handler: GetCoreSchemaHandler, schema: dict[str, Any]) -> dict[str, Any]:
    """In a union, a model writes itself: as one of several types, pydantic warns of one whose members are absent."""
    if schema.get("type") not in ("union", "tagged-union") or "serialization" in schema:
        return schema
    schema = chosen(schema, handler) if schema["type"] == "union" else schema
    choices: Any = schema["choices"]
    kinds = {_kind(one) for one in (choices.values() if is_object(choices) else choices)}
    return schema if kinds <= _SCALARS else {**schema, "serialization": core_schema.simple_ser_schema("any")}


def _kind(choice: Any) -> str:
    return cast("str", (choice[0] if is_tuple(choice) else choice)["type"])


# Numbers with a fraction or an exponent arrive as Decimal, which a strict float takes, the others as int.
_INTEGER: Final = (
    core_schema.int_schema(strict=True),
    core_schema.chain_schema(
        [core_schema.decimal_schema(strict=True, max_digits=_MOST_DIGITS), core_schema.int_schema()]
    ),
)
_NUMBER: Final = (
    core_schema.float_schema(strict=True, gt=-_EXACT_FLOAT, lt=_EXACT_FLOAT),
    core_schema.int_schema(strict=True),  # too large for a float to hold all of its digits
    core_schema.float_schema(strict=True, allow_inf_nan=False),
)
_DECIMAL: Final = (
    core_schema.decimal_schema(strict=True),
    core_schema.chain_schema([core_schema.int_schema(strict=True), core_schema.decimal_schema()]),
)


def _untyped(schema: dict[str, Any]) -> dict[str, Any]:
    # A schema of its own: a definition is replaced in place, and would be inside of itself.
    inner = cast("CoreSchema", {key: part for key, part in schema.items() if key != "ref"})
    read = core_schema.with_info_before_validator_function(
        _as_floats, inner, metadata={_DONE: True}, ref=schema.get("ref")
    )
    return cast("dict[str, Any]", read)


def _as_floats(value: Any, info: ValidationInfo) -> Any:
    return with_floats(value) if info.context is FLOATS else value


def with_untyped_extras(schema: CoreSchema) -> CoreSchema:
    """The schema of a model whose members without a field are read as what has no type."""
    fields = cast("dict[str, Any]", schema)
    if fields["type"] != "model-fields":
        return cast("CoreSchema", {**fields, "schema": with_untyped_extras(fields["schema"])})
    extras = _untyped(cast("dict[str, Any]", core_schema.any_schema()))
    return cast("CoreSchema", {"extras_schema": extras, **fields})


def _one_of(schema: dict[str, Any], choices: tuple[CoreSchema, ...], error: str) -> dict[str, Any]:
    union = core_schema.union_schema(
        list(choices),
        mode="left_to_right",
        custom_error_type=error,
        metadata={_DONE: True},
        ref=schema.get("ref"),
    )
    return cast("dict[str, Any]", union)


def _is_done(schema: dict[str, Any]) -> bool:
    metadata: object = schema.get("metadata")
    return is_object(metadata) and _DONE in metadata
