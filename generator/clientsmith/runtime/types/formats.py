"""Strings with a format: which objects of Python are sent as their text; those of another format are refused.

A Decimal is a number everywhere else, so only a string of that format makes it text, and other numbers stay refused:
an int or a float would leave open how many digits were meant.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, TypeAlias, cast

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ..values.json_codec import ObjectText, decimal_token
from .request_types import FINISH
from .schema_rewrite import LAST


class ObjectsOf:
    """Marks a string that takes the text of objects of one class, or of none."""

    __slots__ = ("_kind",)

    def __init__(self, kind: str = "") -> None:
        self._kind = kind

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = cast("dict[str, Any]", handler(source))
        return cast(
            "CoreSchema", {**schema, "metadata": {**schema.get("metadata", {}), FINISH: self._guarded}}
        )

    def _guarded(self, schema: CoreSchema) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._own, schema)

    def _own(self, value: Any) -> Any:
        if isinstance(value, ObjectText) and value.kind != self._kind:
            message = "{kind} objects do not have the format of this string; pass text instead"
            raise PydanticCustomError("object_of_other_format", message, {"kind": value.kind})
        return value


class DecimalText(ObjectsOf):
    """Marks a string that takes the plain digits of a Decimal, which a union takes for a number if it can."""

    __slots__ = ()

    def _guarded(self, schema: CoreSchema) -> CoreSchema:
        guarded = cast("dict[str, Any]", super()._guarded(schema))
        return cast("CoreSchema", {**guarded, "metadata": {LAST: True}})

    def _own(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            if not value.is_finite():
                raise PydanticCustomError("decimal_not_finite", "NaN and infinity cannot be sent")
            return decimal_token(value)
        if isinstance(value, (int, float)):
            raise PydanticCustomError("decimal_text_type", "Input should be a Decimal or text")
        return super()._own(value)


FormattedStr: TypeAlias = Annotated[str, ObjectsOf()]
"""A string of a format that no class of objects has."""
UuidStr: TypeAlias = Annotated[str, ObjectsOf("UUID")]
Ipv4Str: TypeAlias = Annotated[str, ObjectsOf("IPv4Address")]
Ipv6Str: TypeAlias = Annotated[str, ObjectsOf("IPv6Address")]
TimeStr: TypeAlias = Annotated[str, ObjectsOf("time")]
DurationStr: TypeAlias = Annotated[str, ObjectsOf("timedelta")]
DecimalStr: TypeAlias = Annotated[str, DecimalText()]
