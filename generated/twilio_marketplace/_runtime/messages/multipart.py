"""multipart/form-data (RFC 7578) as bytes; the boundary follows from the content, so equal calls give equal bytes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from ..results.errors import RequestValidationError

_UNSAFE_NAME: Final = re.compile(r'["\r\n]')
_ESCAPES: Final = {'"': "%22", "\r": "%0D", "\n": "%0A"}


@dataclass(frozen=True)
class Part:
    """One part: a text part has no file name."""

    name: str
    content: bytes
    content_type: str | None = None
    file_name: str | None = None


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
