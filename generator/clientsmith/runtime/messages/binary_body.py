"""Request bodies that are one file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..types.schemas import RequestCheck
from ..values.json_codec import scalar_text
from .body import SUBJECT, Body, Encoded, refuse_extra
from .files import read_file

_BINARY: Final = "application/octet-stream"


class BinaryBody(Body):
    """A body of bytes, which a file argument may give a content type."""

    def _written(self, value: Any, extra: Mapping[str, Any] | None, check: RequestCheck | None) -> Encoded:
        refuse_extra(extra)
        file = read_file(value, SUBJECT)
        content = _bytes(self.schema.encode(file.content if file else value, SUBJECT))
        declared = _BINARY if "*" in self.media_type else self.media_type
        return (file.content_type if file and file.content_type else declared), content


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else scalar_text(value).encode()
