"""How the properties of a form or multipart body are written (OpenAPI Encoding Object)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ..values.first_use import once
from .body import Body
from .operation import Style


@dataclass(frozen=True)
class Encoding:
    """How one property is written."""

    wire: str
    content_type: str | None = None
    style: Style | None = None
    explode: bool | None = None
    allow_reserved: bool = False


DEFAULT: Final = Encoding("")


@dataclass(frozen=True)
class EncodedBody(Body):
    """A body whose properties are written one by one."""

    encodings: tuple[Encoding, ...] = ()

    @once
    def encoding(self) -> dict[str, Encoding]:
        """The encodings by property name."""
        return {encoding.wire: encoding for encoding in self.encodings}
