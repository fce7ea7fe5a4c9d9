"""A YAML container that is still open, between the event that starts it and the event that ends it."""

from __future__ import annotations

from clientsmith.document.model import JSON


class Frame:
    """A container that is still open."""

    __slots__ = (
        "anchor",
        "count",
        "firsts",
        "items",
        "key",
        "key_offset",
        "mapping",
        "marks",
        "merges",
        "offset",
    )

    def __init__(self, mapping: dict[str, JSON] | None, anchor: str | None, offset: int, count: int) -> None:
        self.mapping = mapping
        self.items: list[JSON] = []
        self.marks: list[int] = []
        self.key: str | None = None
        self.key_offset = 0
        self.firsts: dict[str, int] | None = None
        self.merges: list[tuple[JSON, int]] = []
        self.anchor = anchor
        self.offset = offset
        self.count = count

    def add(self, key: str, value: JSON, offset: int) -> None:
        """Take a member of the mapping whose key is at that offset; a duplicate replaces the value."""
        mapping = self.mapping
        assert mapping is not None
        if key not in mapping:
            self.marks.append(offset)
            if self.firsts is not None:
                self.firsts[key] = offset
        mapping[key] = value

    def first(self, key: str) -> int:
        """The offset at which a key of the mapping occurred first; the keys are gone through once in all."""
        if self.firsts is None:
            self.firsts = dict(zip(self.mapping or (), self.marks, strict=True))
        return self.firsts[key]


class MergeKey(str):
    """The key `<<` where it stands unquoted."""
