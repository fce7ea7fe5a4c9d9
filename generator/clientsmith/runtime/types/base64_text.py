"""Bytes that travel as text in base64 (RFC 4648 section 4): encoded when sent, decoded when a caller asks for it."""

from __future__ import annotations

import base64
from typing import Annotated, Any, TypeAlias

from pydantic import GetCoreSchemaHandler, PlainValidator, SerializerFunctionWrapHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ..values.json_codec import BYTES, ObjectText, base64_text
from ..values.shapes import is_array, is_object


def _is_bytes(value: Any) -> bool:
    return isinstance(value, (bytes, bytearray, memoryview))


def _written(value: Any) -> str:
    """Bytes in base64; text counts as encoded already."""
    if _is_bytes(value):
        return base64_text(bytes(value))
    if isinstance(value, str) and not (isinstance(value, ObjectText) and value.kind != BYTES):
        return value
    raise PydanticCustomError("bytes_type", "Input should be bytes, or text in base64")


Base64Str: TypeAlias = Annotated[bytes | str, PlainValidator(_written)]
"""What is taken where text in base64 is sent."""


class Base64At:
    """Sends bytes in base64 at places that no type describes: below a condition, or under a name without a field.

    A step of a place is a name, or None for any name and any index.
    """

    __slots__ = ("_places",)

    def __init__(self, *places: tuple[str | None, ...]) -> None:
        self._places = places

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        dump = core_schema.wrap_serializer_function_ser_schema(self._dumped)
        return core_schema.no_info_after_validator_function(self._whole, handler(source), serialization=dump)

    def _whole(self, value: Any) -> Any:
        return self._encoded(value, self._places) if _is_bytes(value) else value

    def _dumped(self, value: Any, dump: SerializerFunctionWrapHandler) -> Any:
        return self._encoded(dump(value), self._places)

    def _encoded(self, value: Any, places: tuple[tuple[str | None, ...], ...]) -> Any:
        """A plain value with text for bytes; `places` are counted from it."""
        if _is_bytes(value):
            return _written(value) if () in places else value
        if is_object(value):
            return {name: self._encoded(item, _below(places, name)) for name, item in value.items()}
        return [self._encoded(item, _below(places, None)) for item in value] if is_array(value) else value


def _below(
    places: tuple[tuple[str | None, ...], ...], step: str | None
) -> tuple[tuple[str | None, ...], ...]:
    return tuple(place[1:] for place in places if place and place[0] in (None, step))


def base64_bytes(text: str) -> bytes:
    """The bytes that a text in base64 encodes. Raises ValueError for other text (RFC 4648 section 3.3)."""
    return base64.b64decode(text, validate=True)
