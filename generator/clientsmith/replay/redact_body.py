"""Bodies without their secrets: JSON, forms, multipart, text in any other notation, bytes; no content codings."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote_plus, unquote_plus

from clientsmith.document.model import Node
from clientsmith.replay.json_text import is_json as is_json_text
from clientsmith.replay.media_types import FORM, essence, is_json, parameter
from clientsmith.replay.redaction import Place, Redaction
from clientsmith.replay.stand_in import schemas_at

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


def redact_body(
    redaction: Redaction, place: Place, body: bytes, content_type: str, media: Node | None
) -> bytes:
    """The body without its secrets, the very same bytes where there are none."""
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
    if redacted == text:
        return body
    try:
        return redacted.encode(charset)
    except ValueError:
        return redacted.encode()


def _text(redaction: Redaction, place: Place, text: str, kind: str, media: Node | None) -> str:
    schema = media.get("schema") if media is not None else None
    if kind == FORM:
        return form(
            redaction, place.below, text, lambda name: schemas_at(redaction.resolved, schema, (name,))
        )
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    bare = text.removeprefix(mark)
    if (is_json(kind) or bare.lstrip()[:1] in ("{", "[")) and is_json_text(bare):
        return mark + redaction.json(place, bare, redaction.schema_of(schema))
    return redaction.text(place, text)


def form(
    redaction: Redaction, place_of: Callable[[str], Place], text: str, schemas_of: Callable[[str], list[Node]]
) -> str:
    """A query or a form, `a=1&b=2`; values that hold JSON are searched too, and what has no secret keeps its bytes."""

    def pair(written: str) -> str:
        name, equals, value = written.partition("=")
        plain, bare = unquote_plus(value), unquote_plus(name)
        where = place_of(bare)
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


def _multipart(redaction: Redaction, place: Place, body: bytes, boundary: bytes, media: Node | None) -> bytes:
    delimiter = b"--" + boundary
    parts = body.split(delimiter)
    for number, part in enumerate(parts[1:], 1):
        head, blank, content = part.partition(b"\r\n\r\n")
        if not blank:
            continue
        content, ending = (content[:-2], b"\r\n") if content.endswith(b"\r\n") else (content, b"")
        disposition, kind = _DISPOSITION_NAME.search(head), _PART_TYPE.search(head)
        name = disposition[1].decode("utf-8", "replace") if disposition else ""
        kept = redaction.seen.forget_seen(head.decode("latin-1")).encode("latin-1")
        parts[number] = kept + blank + _part(redaction, place, name, content, kind, media) + ending
    return delimiter.join(parts)


def _part(
    redaction: Redaction,
    place: Place,
    name: str,
    content: bytes,
    kind: re.Match[bytes] | None,
    media: Node | None,
) -> bytes:
    where = place.below(name)
    schema = media.get("schema") if media is not None else None
    if name in redaction.names:
        schemas = schemas_at(redaction.resolved, schema, (name,))
        return redaction.string(where, content.decode("utf-8", "replace"), schemas).encode()
    content_type = kind[1].decode("latin-1") if kind else "text/plain"
    return redact_body(redaction, where, content, content_type, None)
