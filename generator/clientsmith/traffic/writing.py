"""Values written as the bodies and headers of responses; the way back from `body_decoder`."""

from __future__ import annotations

from urllib.parse import quote_plus

from clientsmith.document.model import Node
from clientsmith.json_values.codec import Value, write
from clientsmith.openapi import media_type as media_types

_CONCRETE = {
    "*/*": "application/json",
    "*": "application/json",
    "application/*": "application/json",
    "text/*": "text/plain",
    "image/*": "image/png",
    "audio/*": "audio/mpeg",
    "video/*": "video/mp4",
}


def concrete(media_type: str, value: Value) -> str:
    """A media type that can stand in a Content-Type header, for a declared one that may be a range."""
    if "*" not in media_type:
        return media_type
    essence = media_types.essence(media_type)
    if essence in ("*/*", "*") and isinstance(value, str):
        return "text/plain"
    return _CONCRETE.get(essence) or essence.replace("*+", "").replace("*", "octet-stream")


def body(value: Value, media_type: str) -> bytes:
    """The bytes of a value in a media type; text stands as it is in all that are not JSON."""
    if isinstance(value, bytes):
        return value
    if media_types.is_json(media_type):
        return write(value).encode("utf-8", "replace")
    if isinstance(value, str):
        return value.encode("utf-8", "replace")
    if media_types.essence(media_type) == media_types.FORM and isinstance(value, dict):
        return "&".join(f"{quote_plus(key)}={quote_plus(text(item))}" for key, item in value.items()).encode()
    return b"" if value is None else write(value).encode("utf-8", "replace")


def text(value: Value) -> str:
    """A value in style `simple`, as a header holds it."""
    if isinstance(value, dict):
        return ",".join(f"{key},{text(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ",".join(text(item) for item in value)
    if isinstance(value, bool) or value is None:
        return write(value)
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def header(value: Value) -> str | None:
    """A value as it may stand in a header (RFC 9110 section 5.5); None where it may not."""
    shown = text(value).strip()
    return shown if all(" " <= sign <= "~" or sign == "\t" for sign in shown) else None


def minimal_xml(schema: Node | None) -> str:
    """An element of the name that a schema gives itself, without content."""
    name = "" if schema is None or (xml := schema.get("xml")) is None else xml.text("name")
    return f"<{name}/>" if name.isidentifier() else "<root/>"
