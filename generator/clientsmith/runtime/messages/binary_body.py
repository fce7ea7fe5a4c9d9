"""Request bodies that are one file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from ..results.errors import RequestValidationError
from ..types.schemas import RequestCheck
from ..values.json_codec import write_bytes
from .body import SUBJECT, Body, Encoded, refuse_extra
from .files import read_file

_BINARY: Final = "application/octet-stream"
_DELIMITER: Final = re.compile(rb"--([0-9A-Za-z'()+_,./:=?-]{1,70})\r?\n")


class AnyBody(Body):
    """A body of any media type: the bytes of a file, in the content type that it names, and other values as JSON."""

    reads_files = True

    def _written(self, value: Any, extra: Mapping[str, Any] | None, check: RequestCheck | None) -> Encoded:
        file = read_file(value, SUBJECT)
        if file is None:
            return self.media_type, write_bytes(self._checked(value, extra, check))
        refuse_extra(extra)
        return file.content_type or _BINARY, file.content


class BinaryBody(Body):
    """A body of bytes, which a file argument may give a content type."""

    reads_files = True

    def _written(self, value: Any, extra: Mapping[str, Any] | None, check: RequestCheck | None) -> Encoded:
        refuse_extra(extra)
        file = read_file(value, SUBJECT)
        if file is None and not isinstance(value, str):
            raise RequestValidationError.because(SUBJECT, "has to be bytes or a file")
        content = value.encode() if file is None else file.content
        declared = _BINARY if "*" in self.media_type else self.media_type
        return _with_boundary(file.content_type if file and file.content_type else declared, content), content


def _with_boundary(content_type: str, content: bytes) -> str:
    """The content type; without it nobody can read parts, so the boundary that they begin with is added to it.

    See RFC 2046, section 5.1.1.
    """
    if not content_type.lower().startswith("multipart/") or ";" in content_type:
        return content_type
    opening = _DELIMITER.match(content)
    return content_type if opening is None else f'{content_type}; boundary="{opening[1].decode("ascii")}"'
