"""Encoding Objects: how one property of a form or multipart body is written (OpenAPI 3.1.1, section 4.8.15)."""

from __future__ import annotations

from dataclasses import dataclass

from clientsmith.document.model import Node
from clientsmith.document.noted_values import read_warn_above
from clientsmith.openapi import media_type
from clientsmith.openapi.parameter import STYLES, Style, known_style
from clientsmith.openapi.parameter import explode as exploded

_STYLED_PARTS = (3, 1)
"""The version since which `style`, `explode` and `allowReserved` count for parts: before it they SHALL be ignored."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of a property. With `style` it is written as a query parameter is, and has no `content_type`.

    `explode` is what is stated; `is_exploded` knows the default. Nothing in a part is percent-encoded, so that
    `allow_reserved` is about forms alone.
    """

    name: str
    content_type: str = ""
    style: Style | None = None
    explode: bool | None = None
    allow_reserved: bool = False
    warn_above: int | None = None

    @property
    def is_exploded(self) -> bool:
        """Whether items and members are pairs of their own."""
        return exploded(self.explode, self.style or "form")

    @property
    def is_json(self) -> bool:
        """Whether the content type is JSON; a list of several leaves the choice to the sender."""
        return "," not in self.content_type and media_type.is_json(self.content_type)


def lacks_fields(content_type: str, kinds: frozenset[str]) -> bool:
    """Whether a body is a form by its media type but not an object by its schema, whose JSON types are `kinds`.

    Fields have names (RFC 7578 section 4.2), and only an object has any, so that any object is taken.
    """
    is_form = media_type.codec(content_type) in ("form", "multipart")
    return is_form and bool(kinds) and "object" not in kinds


@dataclass(frozen=True, slots=True)
class Encodings:
    """The encodings of a body of one media type in a document of one version."""

    media: Node
    content_type: str
    version: tuple[int, int]

    def every(self) -> dict[str, Encoding]:
        """By property that the document states one for, in sorted order."""
        listed = self.media.get("encoding")
        return {name: self._read(name, node) for name, node in (listed.items() if listed is not None else ())}

    def of(self, name: str) -> Encoding:
        """That of one property, the default one if the document has none for it."""
        listed = self.media.get("encoding")
        node = listed.get(name) if listed is not None else None
        return Encoding(name) if node is None else self._read(name, node)

    def place(self, name: str) -> Node:
        """Where the document states the encoding of a property, else the Media Type Object."""
        listed = self.media.get("encoding")
        return (listed.get(name) if listed is not None else None) or self.media

    def _read(self, name: str, node: Node) -> Encoding:
        """Style, explode and allowReserved count if any of them is stated, whatever its value."""
        kind, warn_above = media_type.codec(self.content_type), read_warn_above(node)
        is_part = kind == "multipart"
        if kind != "form" and not (is_part and self.version >= _STYLED_PARTS):
            return Encoding(name, node.text("contentType"), warn_above=warn_above)
        style = known_style(node.text("style"), "query")
        explode = node.mapping.get("explode")
        explode = explode if isinstance(explode, bool) else None
        is_styled = style is not None or explode is not None
        reserved = None if is_part and is_styled else node.mapping.get("allowReserved")
        if not is_styled and reserved is None:
            return Encoding(name, node.text("contentType"), warn_above=warn_above)
        chosen = style or STYLES["query"][0]
        return Encoding(name, "", chosen, explode, reserved is True and not is_part, warn_above)
