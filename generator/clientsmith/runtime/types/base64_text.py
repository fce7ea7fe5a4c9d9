"""Bytes that travel as text in base64 (RFC 4648 section 4): encoded when sent, decoded when a caller asks for it."""

from __future__ import annotations

import base64
from typing import Annotated, Any, TypeAlias, cast

from pydantic import PlainValidator
from pydantic_core import PydanticCustomError


def _written(value: Any) -> str:
    """Bytes in base64; text counts as encoded already."""
    if isinstance(value, str):
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(bytes(cast("bytes | bytearray | memoryview", value))).decode("ascii")
    raise PydanticCustomError("bytes_type", "Input should be bytes, or text in base64")


Base64Str: TypeAlias = Annotated[bytes | str, PlainValidator(_written)]
"""What is taken where text in base64 is sent."""


def base64_bytes(text: str) -> bytes:
    """The bytes that a text in base64 encodes. Raises ValueError for other text (RFC 4648 section 3.3)."""
    return base64.b64decode(text, validate=True)
