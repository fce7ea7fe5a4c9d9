"""A YAML container that is still open, between the event that starts it and the event that ends it."""

from __future__ import annotations

from clientsmith.document.model import JSON


class Frame:
    """A container that is still open."""

    __slots__ = ("anchor", "count", "items", "key", "key_offset", "mapping", "marks", "merges", "offset")

    def __init__(self, mapping: dict[str, JSON] | None, anchor: str | None, offset: int, count: int) -> None:
        self.mapping = mapping
        self.items: list[JSON] = []
        self.marks: list[int] = []
        self.key: str | None = None
        self.key_offset = 0
        self.merges: list[tuple[JSON, int]] = []
        self.anchor = anchor
        self.offset = offset
        self.count = count


class MergeKey(str):
    """The key `<<` where it stands unquoted."""
