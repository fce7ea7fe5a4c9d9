"""Media types: how each is read or written, and which one a client uses where the document offers several."""

from __future__ import annotations

from collections.abc import Iterable

from clientsmith.api.model.api import Codec
from clientsmith.document.model import Node

_ORDER: dict[Codec, int] = {"json": 0, "form": 1, "multipart": 2, "text": 3, "binary": 4}


def essence(media_type: str) -> str:
    """Type and subtype in lower case, without parameters (RFC 9110, section 8.3.1)."""
    return media_type.split(";", 1)[0].strip().lower()


def codec(media_type: str) -> Codec:
    """How a body of that media type is written; `*/*` and `application/*` are taken for JSON."""
    name = essence(media_type)
    if name in ("application/json", "*/*", "application/*") or name.endswith(("+json", "/json")):
        return "json"
    if name == "application/x-www-form-urlencoded":
        return "form"
    if name == "multipart/form-data":
        return "multipart"
    return "text" if name.startswith("text/") else "binary"


def preferred(content: Node) -> Node | None:
    """The media type object a client uses: plain JSON first, then by codec, then by name."""

    def rank(item: tuple[str, Node]) -> tuple[bool, int, bool, str]:
        name, _ = item
        return (essence(name) != "application/json", _ORDER[codec(name)], "*" in name, name)

    found = sorted(content.items(), key=rank)
    return found[0][1] if found else None


def concrete(media_type: str, fallbacks: Iterable[tuple[str, str]] = (("json", "application/json"),)) -> str:
    """A media type that can stand in a request header: wildcards become what their codec writes."""
    if "*" not in media_type:
        return media_type
    name = essence(media_type)
    if name == "text/*":
        return "text/plain"
    return dict(fallbacks).get(codec(media_type), "application/octet-stream")
