"""What the YAML and the JSON reader share: decoding of bytes, the report of a finding, and kept offsets."""

from __future__ import annotations

import codecs
import json
from typing import Protocol

from clientsmith.document.model import JSON, Pointer


class Report(Protocol):
    """Takes a finding: id, message, pointer, offset, and the offset of a first occurrence where there is one."""

    def __call__(
        self,
        id: str,
        message: str,
        pointer: Pointer,
        offset: int,
        hint: str | None = None,
        first: int | None = None,
    ) -> None: ...


class Marks:
    """The offsets of all nodes, kept beside the tree: one list per container, in the order of its members."""

    def __init__(self) -> None:
        self.tree: JSON = None
        self.start = 0
        self.members: dict[int, list[int]] = {}
        """By `id()` of the container, which the tree keeps alive."""
        self._positions: dict[int, dict[str, int]] = {}
        """Of mappings that were asked about: which member each key is, by `id()` of the mapping."""

    def offset(self, pointer: Pointer) -> int | None:
        """For the member of a mapping where its key starts; for an array item where its value starts."""
        value, found = self.tree, self.start
        for step in pointer:
            marks = self.members.get(id(value), [])
            if isinstance(value, dict) and step in value:
                found = marks[self._position(value, step)]
                value = value[step]
            elif isinstance(value, list) and step.isdecimal() and len(step) < 10 and int(step) < len(value):
                found, value = marks[int(step)], value[int(step)]
            else:
                return None
        return found

    def moved(self, old: JSON, new: JSON) -> None:
        """Take note that a container replaces another one of the same places."""
        self.members[id(new)] = self.members.get(id(old), [])

    def _position(self, mapping: dict[str, JSON], key: str) -> int:
        positions = self._positions.get(id(mapping))
        if positions is None:
            positions = self._positions[id(mapping)] = {name: index for index, name in enumerate(mapping)}
        return positions[key]


def decode(data: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 with a byte order mark; raises UnicodeDecodeError."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    return data.decode("utf-8-sig")


_ANY_VALUE = json.JSONDecoder(parse_int=str, parse_float=str)


def scan_string(source: str, start: int) -> tuple[str, int]:
    """The JSON string whose opening quote is at that offset, and the offset after its closing quote."""
    text, end = _ANY_VALUE.raw_decode(source, start)
    return str(text), end
