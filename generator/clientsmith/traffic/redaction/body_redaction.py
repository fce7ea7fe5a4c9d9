"""Bodies without their secrets: multipart, text of any notation in any character set, compressed files, other bytes."""

from __future__ import annotations

import base64
import binascii
import gzip
import quopri
import re

from clientsmith.document.model import Node
from clientsmith.openapi.media_type import essence, parameter
from clientsmith.traffic.body_text import BodyText, body_text
from clientsmith.traffic.content_coding import UnreadableBodyError, decoded
from clientsmith.traffic.redaction.notations.multipart import BodyPart, boundary_of, parts_of
from clientsmith.traffic.redaction.redaction import DEEPEST, Redaction, SecretPlace
from clientsmith.traffic.redaction.substitutes import schemas_at
from clientsmith.traffic.redaction.text_redaction import redact_text

_BINARY = (
    "image/",
    "audio/",
    "video/",
    "font/",
    "application/pdf",
    "application/zip",
    "application/octet-stream",
)
_GZIP = b"\x1f\x8b\x08"
_LOOKS_MULTIPART = re.compile(rb"\s*--[^\r\n]+\r?\n(?:[^\r\n]+\r?\n){0,20}?content-", re.IGNORECASE)


def redact_body(
    redaction: Redaction,
    place: SecretPlace,
    body: bytes,
    content_type: str,
    media: Node | None,
    depth: int = 0,
) -> bytes:
    """The body without its secrets, the very same bytes if there are none; `depth` is in how many others it is."""
    if not body:
        return body
    kind = essence(content_type)
    if body.startswith(_GZIP) and depth < DEEPEST:
        return _compressed(redaction, place, body, content_type, media, depth)
    if kind.startswith("multipart/") or _LOOKS_MULTIPART.match(body):
        boundary = boundary_of(body, parameter(content_type, "boundary"))
        if boundary is not None and depth < DEEPEST:
            return _multipart(redaction, place, body, boundary, media, depth)
    read = body_text(body, parameter(content_type, "charset"))
    if kind.startswith(_BINARY) and not read.is_readable:
        text = body.decode("latin-1")
        kept = redaction.scrub(place, text)
        return body if kept == text else kept.encode("latin-1")
    return _text(redaction, place, body, read, kind, media)


def _text(
    redaction: Redaction, place: SecretPlace, body: bytes, read: BodyText, kind: str, media: Node | None
) -> bytes:
    schema = media.get("schema") if media is not None else None
    kept = redact_text(redaction, place, read.text, kind=kind, schema_of=redaction.schema_of(schema))
    return body if kept == read.text else read.written(kept)


def _compressed(
    redaction: Redaction, place: SecretPlace, body: bytes, content_type: str, media: Node | None, depth: int
) -> bytes:
    try:
        plain = decoded(body, "gzip")
    except UnreadableBodyError:
        text = body.decode("latin-1")
        return redaction.scrub(place, text).encode("latin-1")
    kept = redact_body(redaction, place, plain, content_type, media, depth + 1)
    return body if kept == plain else gzip.compress(kept, mtime=0)


def _multipart(
    redaction: Redaction, place: SecretPlace, body: bytes, boundary: bytes, media: Node | None, depth: int
) -> bytes:
    pieces: list[bytes] = []
    done = 0
    for part in parts_of(body, boundary):
        head, content = body[part.start : part.head_end], body[part.head_end : part.end]
        pieces += (body[done : part.start], _head(redaction, place, head))
        pieces.append(_part(redaction, place.below(part.name), part, content, media, depth))
        done = part.end
    # What is before, between and after the parts is read by nobody, and may hold anything.
    pieces.append(body[done:])
    whole = b"".join(pieces)
    text = whole.decode("latin-1")
    kept = redaction.scrub(place, text)
    return whole if kept == text else kept.encode("latin-1")


def _head(redaction: Redaction, place: SecretPlace, head: bytes) -> bytes:
    text = head.decode("latin-1")
    kept = redaction.prose(place, text, depth=1)
    return head if kept == text else kept.encode("latin-1", "replace")


def _part(
    redaction: Redaction, place: SecretPlace, part: BodyPart, content: bytes, media: Node | None, depth: int
) -> bytes:
    coding = part.headers.get("content-transfer-encoding", "").lower()
    if coding == "base64":
        try:
            plain = base64.b64decode(content)
        except (binascii.Error, ValueError):
            plain = content
        kept = _decoded_part(redaction, place, part, plain, media, depth)
        return content if kept == plain else base64.encodebytes(kept).rstrip(b"\n")
    if coding == "quoted-printable":
        plain = quopri.decodestring(content)
        kept = _decoded_part(redaction, place, part, plain, media, depth)
        return content if kept == plain else quopri.encodestring(kept)
    return _decoded_part(redaction, place, part, content, media, depth)


def _decoded_part(
    redaction: Redaction, place: SecretPlace, part: BodyPart, content: bytes, media: Node | None, depth: int
) -> bytes:
    schema = media.get("schema") if media is not None else None
    content_type = part.headers.get("content-type", "text/plain")
    read = body_text(content, parameter(content_type, "charset"))
    if redaction.names.hides((part.name,), read.text):
        schemas = schemas_at(redaction.resolved, schema, (part.name,))
        kept = redaction.string(place, read.text, schemas)
        return content if kept == read.text else read.written(kept)
    return redact_body(redaction, place, content, content_type, None, depth + 1)
