"""multipart/form-data request bodies (RFC 7578).

The boundary follows from the content, so that equal calls give equal bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from ..results.errors import RequestValidationError
from ..types.schemas import RequestCheck
from ..types.taken_apart import Plain
from ..values.json_codec import JsonError, scalar_text, write_bytes
from ..values.media_type import is_json
from ..values.shapes import is_array, is_mapping
from .body import Encoded, object_of
from .encoding import DEFAULT, EncodedBody, Encoding
from .files import File, take_files
from .parameters import not_null, raw

_BINARY: Final = "application/octet-stream"
_UNSAFE_NAME: Final = re.compile(r'["\r\n]')
_ESCAPES: Final = {'"': "%22", "\r": "%0D", "\n": "%0A"}


@dataclass(frozen=True)
class Part:
    """One part: a text part has no file name."""

    name: str
    content: bytes
    content_type: str | None = None
    file_name: str | None = None


@dataclass(frozen=True)
class MultipartBody(EncodedBody):
    """A body of parts, files among them."""

    reads_files = True

    def _written(self, value: Any, extra: Mapping[str, Any] | None, check: RequestCheck | None) -> Encoded:
        if isinstance(value, BaseModel):
            value = Plain().of(value)
        files: dict[str, list[File]] = {}
        fields = take_files(value, files) if is_mapping(value) else value
        more = take_files(extra, files) if extra else None
        parts: list[Part] = []
        checked = object_of(self._checked(fields, more, check))
        for name, item in checked.items():
            encoding = self.encoding.get(name, DEFAULT)
            if item is None and not is_json(encoding.one_type or ""):
                self.refuse_null(checked, name)
            self.refuse_others(encoding, name, item)
            written = _parts(name, item, encoding, files.get(name, []))
            self.demand(name, written)
            self._sized(encoding, sum(len(part.content) for part in written))
            parts += written
        return write_multipart(parts, self.media_type)


def _parts(name: str, value: Any, encoding: Encoding, files: list[File]) -> list[Part]:
    if encoding.style is not None and not files:
        # As query parameters, but nothing is percent-encoded (OpenAPI 3.1.1, section 4.8.15).
        return [Part(key, text.encode()) for key, text in encoding.pairs(name, value, raw, raw)]
    if files and is_array(value) and encoding.style is not None and not encoding.explodes:
        raise JsonError(f"{name}: files cannot be joined into one part")
    declared = encoding.one_type
    if declared is not None and is_json(declared) and not files:
        return [Part(name, write_bytes(value), declared)]
    waiting = iter(files)
    values = not_null(value) if is_array(value) else [value]
    return [
        _part(name, item, declared, next(waiting, None) if type(item) is bytes else None) for item in values
    ]


def _part(name: str, value: Any, declared: str | None, file: File | None) -> Part:
    if isinstance(value, bytes):
        # A part counts as a file only if it has a file name (RFC 7578 section 4.2).
        file = file or File(value)
        return Part(name, value, file.content_type or declared or _BINARY, file.name or name)
    if isinstance(value, (dict, list)):
        return Part(name, write_bytes(value), declared or "application/json")
    return Part(name, scalar_text(value).encode(), declared)


def write_multipart(parts: list[Part], media_type: str) -> tuple[str, bytes]:
    """The Content-Type with its boundary, and the body."""
    heads = [_head(part) for part in parts]
    digest = hashlib.sha256()
    for head, part in zip(heads, parts, strict=True):
        digest.update(head)
        digest.update(part.content)
    boundary = digest.hexdigest()[:32]
    delimiter = b"--" + boundary.encode()
    chunks: list[bytes] = []
    for head, part in zip(heads, parts, strict=True):
        chunks += (delimiter, b"\r\n", head, b"\r\n", part.content, b"\r\n")
    chunks += (delimiter, b"--\r\n")
    return f"{media_type}; boundary={boundary}", b"".join(chunks)


def _head(part: Part) -> bytes:
    disposition = f'Content-Disposition: form-data; name="{_escaped(part.name)}"'
    if part.file_name is not None:
        disposition += f'; filename="{_escaped(part.file_name)}"'
    lines = [disposition]
    if part.content_type is not None:
        if not part.content_type.isascii() or not part.content_type.isprintable():
            raise RequestValidationError.because(
                f"field {part.name!r}", "its content type cannot be sent in a header"
            )
        lines.append(f"Content-Type: {part.content_type}")
    try:
        return "".join(f"{line}\r\n" for line in lines).encode()
    except UnicodeEncodeError:
        raise RequestValidationError.because(f"field {part.name!r}", "text with a lone surrogate") from None


def _escaped(name: str) -> str:
    """As browsers do it (WHATWG HTML, multipart form data)."""
    return _UNSAFE_NAME.sub(lambda match: _ESCAPES[match[0]], name)
