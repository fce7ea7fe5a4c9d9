"""Encoding Objects: how one property of a form or multipart body is written (OpenAPI 3.1.1, section 4.8.15)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from clientsmith.document.model import Node
from clientsmith.document.noted_values import read_warn_above
from clientsmith.openapi import media_type
from clientsmith.openapi.parameter import STYLES, Style, known_style
from clientsmith.openapi.parameter import explode as exploded


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of a property. With `style` it is written as a query parameter is, and `content_type` is ignored.

    `explode` is what is stated; `is_exploded` knows the default.
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


def encodings(media: Node, *, with_styles: bool = True) -> dict[str, Encoding]:
    """The encodings of a Media Type Object by property, in sorted order; parts of a body have no style."""
    listed = media.get("encoding")
    read = _read if with_styles else _unstyled
    return {name: read(name, node) for name, node in (listed.items() if listed is not None else ())}


def encoding(media: Node, name: str) -> Encoding:
    """The encoding of one property, the default one if the document has none for it."""
    listed = media.get("encoding")
    node = listed.get(name) if listed is not None else None
    return Encoding(name) if node is None else _read(name, node)


def _read(name: str, node: Node) -> Encoding:
    """Style, explode and allowReserved count if any of them is stated, whatever its value."""
    style = known_style(node.text("style"), "query")
    explode = node.mapping.get("explode")
    is_styled = style is not None or isinstance(explode, bool) or "allowReserved" in node.mapping
    return replace(
        _unstyled(name, node),
        style=style or (STYLES["query"][0] if is_styled else None),
        explode=explode if isinstance(explode, bool) else None,
        allow_reserved=node.mapping.get("allowReserved") is True,
    )


def _unstyled(name: str, node: Node) -> Encoding:
    return Encoding(name, node.text("contentType"), warn_above=read_warn_above(node))
