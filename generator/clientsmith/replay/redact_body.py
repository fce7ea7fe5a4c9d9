"""Bodies without their secrets: content codings undone and done again, then JSON, forms, multipart, text or bytes."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable
from urllib.parse import quote_plus, unquote_plus

from clientsmith.document.model import Node
from clientsmith.replay.json_text import is_json as is_json_text
from clientsmith.replay.media_types import FORM, essence, is_json, parameter
from clientsmith.replay.redaction import Redaction
from clientsmith.replay.stand_in import schemas_at

MAX_DECODED = 64 * 1024 * 1024
CODINGS = frozenset({"gzip", "x-gzip", "deflate", "identity"})
"""The content codings that can be looked into."""

_BINARY = (
    "image/",
    "audio/",
    "video/",
    "font/",
    "application/pdf",
    "application/zip",
    "application/octet-stream",
)
_DISPOSITION_NAME = re.compile(rb'\r\ncontent-disposition:[^\r\n]*?[; ]name="?([^";\r\n]*)', re.IGNORECASE)
_PART_TYPE = re.compile(rb"\r\ncontent-type:[ \t]*([^\r\n]*)", re.IGNORECASE)


class UnreadableBodyError(Exception):
    """A body that cannot be searched for secrets; its message says why."""


def redact_body(
    redaction: Redaction,
    place: str,
    body: bytes,
    content_type: str,
    coding: str | None,
    media: Node | None,
) -> bytes:
    """The body without its secrets, the very same bytes where there are none; raises UnreadableBodyError."""
    if not body:
        return body
    plain = decoded(body, coding)
    redacted = _redact_plain(redaction, place, plain, content_type, media)
    if redacted == plain:
        return body
    for name in _codings(coding):
        redacted = _encoded(redacted, name)
    return redacted


def decoded(body: bytes, coding: str | None) -> bytes:
    """A body without its content codings (RFC 9110, section 8.4); raises UnreadableBodyError."""
    if body:
        for name in reversed(_codings(coding)):
            body = _decoded(body, name)
    return body


def _codings(coding: str | None) -> list[str]:
    return [name.strip().lower() for name in (coding or "").split(",") if name.strip()]


def _decoded(data: bytes, coding: str) -> bytes:
    if coding == "identity":
        return data
    if coding not in CODINGS:
        raise UnreadableBodyError(f"the content coding {coding!r:.40} cannot be read")
    window = 47 if coding != "deflate" else zlib.MAX_WBITS if data[0] & 0x0F == 8 else -zlib.MAX_WBITS
    decoder = zlib.decompressobj(window)
    try:
        plain = decoder.decompress(data, MAX_DECODED)
    except zlib.error as error:
        raise UnreadableBodyError(f"the body is not {coding}: {error}") from None
    if not decoder.eof and not decoder.unconsumed_tail:
        raise UnreadableBodyError(f"the {coding} body ends too early")
    if decoder.unconsumed_tail or decoder.unused_data:
        raise UnreadableBodyError(
            f"the body is more than {MAX_DECODED // 1024**2} MiB, or more than one {coding}"
        )
    return plain


def _encoded(data: bytes, coding: str) -> bytes:
    if coding == "identity":
        return data
    return zlib.compress(data) if coding == "deflate" else gzip.compress(data, mtime=0)


def _redact_plain(
    redaction: Redaction, place: str, body: bytes, content_type: str, media: Node | None
) -> bytes:
    kind = essence(content_type)
    if kind.startswith("multipart/") and (boundary := parameter(content_type, "boundary")):
        return _multipart(redaction, place, body, boundary.encode("latin-1", "replace"), media)
    charset = parameter(content_type, "charset") or "utf-8"
    try:
        text = body.decode(charset)
    except (LookupError, ValueError):
        charset = "latin-1"
        text = body.decode(charset)
    if kind.startswith(_BINARY):
        redacted = redaction.seen.forget_seen(text)
    else:
        redacted = _text(redaction, place, text, kind, media)
    return body if redacted == text else redacted.encode(charset, "replace")


def _text(redaction: Redaction, place: str, text: str, kind: str, media: Node | None) -> str:
    schema = media.get("schema") if media is not None else None
    if kind == FORM:
        return form(redaction, place, text, lambda name: schemas_at(redaction.resolved, schema, (name,)))
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    bare = text.removeprefix(mark)
    if (is_json(kind) or bare.lstrip()[:1] in ("{", "[")) and is_json_text(bare):
        return mark + redaction.json(place, bare, redaction.schema_of(schema))
    return redaction.text(place, text)


def form(redaction: Redaction, place: str, text: str, schemas_of: Callable[[str], list[Node]]) -> str:
    """A query or a form, `a=1&b=2`; values that hold JSON are searched too, and what has no secret keeps its bytes."""

    def pair(written: str) -> str:
        name, equals, value = written.partition("=")
        plain, bare = unquote_plus(value), unquote_plus(name)
        where = f"{place} {bare}"
        if any(part in redaction.names for part in (bare, *re.split(r"[\[\].]+", bare))):
            redacted = redaction.string(where, plain, schemas_of(bare))
        elif plain[:1] in ("{", "[") and is_json_text(plain):
            field = schemas_of(bare)
            schema_of = redaction.schema_of(field[0] if field else None)
            redacted = redaction.json(where, plain, schema_of)
        else:
            redacted = redaction.scrub(where, plain)
        kept = redaction.seen.forget_seen(name)
        return kept + equals + (value if redacted == plain else quote_plus(redacted))

    return "&".join(pair(written) for written in text.split("&"))


def _multipart(redaction: Redaction, place: str, body: bytes, boundary: bytes, media: Node | None) -> bytes:
    delimiter = b"--" + boundary
    parts = body.split(delimiter)
    for number, part in enumerate(parts[1:], 1):
        head, blank, content = part.partition(b"\r\n\r\n")
        if not blank:
            continue
        content, ending = (content[:-2], b"\r\n") if content.endswith(b"\r\n") else (content, b"")
        disposition, kind = _DISPOSITION_NAME.search(head), _PART_TYPE.search(head)
        name = disposition[1].decode("utf-8", "replace") if disposition else ""
        parts[number] = head + blank + _part(redaction, place, name, content, kind, media) + ending
    return delimiter.join(parts)


def _part(
    redaction: Redaction,
    place: str,
    name: str,
    content: bytes,
    kind: re.Match[bytes] | None,
    media: Node | None,
) -> bytes:
    where = f"{place} {name}".rstrip()
    schema = media.get("schema") if media is not None else None
    if name in redaction.names:
        schemas = schemas_at(redaction.resolved, schema, (name,))
        return redaction.string(where, content.decode("utf-8", "replace"), schemas).encode()
    content_type = kind[1].decode("latin-1") if kind else "text/plain"
    return _redact_plain(redaction, where, content, content_type, None)
