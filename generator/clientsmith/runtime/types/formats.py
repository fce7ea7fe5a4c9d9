"""Strings with a format: which objects of Python are sent as their text; those of another format are refused."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias, cast

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ..values.json_codec import ObjectText
from .request_types import FINISH


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


FormattedStr: TypeAlias = Annotated[str, ObjectsOf()]
"""A string of a format that no class of objects has."""
UuidStr: TypeAlias = Annotated[str, ObjectsOf("UUID")]
Ipv4Str: TypeAlias = Annotated[str, ObjectsOf("IPv4Address")]
Ipv6Str: TypeAlias = Annotated[str, ObjectsOf("IPv6Address")]
TimeStr: TypeAlias = Annotated[str, ObjectsOf("time")]
DurationStr: TypeAlias = Annotated[str, ObjectsOf("timedelta")]
