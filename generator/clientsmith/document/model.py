"""What a loaded document is: its tree, its nodes and the place of each of them in the file; no reading of files."""

from __future__ import annotations

import bisect
from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol, TypeAlias

from clientsmith.diagnostics.model import Place, Span
from clientsmith.document.files.folder import Files

JSON: TypeAlias = "bool | int | float | Decimal | str | list[JSON] | dict[str, JSON] | None"
"""A value of a document; a number is a Decimal if no float has its digits."""
Pointer: TypeAlias = tuple[str, ...]

MAX_DEPTH = 200
"""How deep a document may nest: far beyond any real one, and safe for every recursive reader after this stage."""


_SHOWN_POINTER = 2000
"""How many characters of a pointer, and of a step, a place has: keys may be megabytes long, and findings many."""


def _cut(text: str) -> str:
    half = _SHOWN_POINTER // 2
    return text if len(text) <= _SHOWN_POINTER else f"{text[:half]}…{text[-half:]}"


def render_pointer(pointer: Pointer) -> str:
    """A JSON pointer as RFC 6901 writes it: `/paths/~1pets/get`."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in pointer)


def parse_pointer(text: str) -> Pointer | None:
    """The reverse of `render_pointer`; None for text that is not a JSON pointer."""
    if not text:
        return ()
    if not text.startswith("/"):
        return None
    return tuple(key.replace("~1", "/").replace("~0", "~") for key in text[1:].split("/"))


class Locator(Protocol):
    """Finds the character offset at which a node starts."""

    def offset(self, pointer: Pointer) -> int | None:
        """For the member of a mapping where its key starts; for an array item where its value starts."""
        ...

    def moved(self, old: JSON, new: JSON) -> None:
        """Take note that a container replaces another one of the same places."""
        ...


class NoLocator:
    """The locator of a tree that was not read from a file."""

    def offset(self, pointer: Pointer) -> int | None:
        """Always None."""
        return None

    def moved(self, old: JSON, new: JSON) -> None:
        """There are no places to keep."""


@dataclass(slots=True, eq=False)
class Document:
    """One file of the description.

    `uri` names it independently of machine and working directory: the path relative to the root document's
    directory, or the URL of a remote document. `file` is how a reader finds it: the path as it was given.
    """

    uri: str
    file: str
    text: bytes
    tree: JSON
    source: str = ""
    """The decoded text without a byte order mark."""
    locator: Locator = field(default_factory=NoLocator)
    files: Files | None = None
    """Where a root document finds the files that it refers to; None is the working directory."""
    is_root: bool = True
    reads: set[Pointer] | None = None
    """Where nodes record which members decided something, in the view that `ResolvedDocument.recorded` gives."""
    _lines: list[int] | None = None

    def span(self, pointer: Pointer) -> Span | None:
        """Where a node starts: for the member of a mapping its key, for an array item its value."""
        offset = self.locator.offset(pointer)
        return None if offset is None else self.span_at(offset)

    def nearest_span(self, pointer: Pointer) -> Span | None:
        """The span of the node or, where the node does not exist, of the closest ancestor that does."""
        for end in range(len(pointer), -1, -1):
            span = self.span(pointer[:end])
            if span is not None:
                return span
        return None

    def span_at(self, offset: int) -> Span:
        """The line and column of a character offset; lines end at LF, CRLF or CR."""
        if self._lines is None:
            self._lines = line_starts(self.source)
        line = bisect.bisect_right(self._lines, offset)
        return Span(self.file, line, offset - self._lines[line - 1] + 1)

    def place(self, pointer: Pointer) -> Place:
        """The place of a node that may or may not exist, for a diagnostic."""
        return Place(self.shown_pointer(pointer), self.nearest_span(pointer))

    def shown_pointer(self, pointer: Pointer) -> str:
        """The pointer as a place states it: behind the URI in documents that are referred to, and cut if very long."""
        text = _cut(render_pointer(tuple(_cut(step) for step in pointer)))
        return text if self.is_root else f"{self.uri}#{text}"

    @property
    def root(self) -> Node:
        """The node at the empty pointer."""
        return Node(self, (), self.tree)


def line_starts(source: str) -> list[int]:
    """The offset of the first character of every line; a line ends with LF, CRLF or CR."""
    starts = [0]
    if "\r" not in source:
        position = source.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = source.find("\n", position + 1)
        return starts
    for line in source.replace("\r\n", "\0\n").replace("\r", "\n").split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts[:-1]


class _RecordedMapping(Mapping[str, JSON]):
    """A mapping that records the members that are asked for by key; walking over it records nothing."""

    __slots__ = ("_node", "_value")

    def __init__(self, node: Node, value: dict[str, JSON]) -> None:
        self._node = node
        self._value = value

    def __getitem__(self, key: str) -> JSON:
        self._node.record(key)
        return self._value[key]

    def __contains__(self, key: object) -> bool:
        self._node.record(str(key))
        return key in self._value

    def __iter__(self) -> Iterator[str]:
        return iter(self._value)

    def __len__(self) -> int:
        return len(self._value)

    def items(self) -> ItemsView[str, JSON]:
        """The members with their values."""
        return self._value.items()

    def values(self) -> ValuesView[JSON]:
        """The values."""
        return self._value.values()


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A value of a document together with its place in it; equal to any other node of the same identity.

    In a recorded document, `get`, `text` and `mapping` record the member that they are asked for; the others walk.
    """

    document: Document
    pointer: Pointer
    value: JSON

    @property
    def identity(self) -> tuple[str, Pointer]:
        """What tells this node from every other: the document's URI and the pointer."""
        return self.document.uri, self.pointer

    @property
    def place(self) -> Place:
        """The place for a diagnostic; the span is looked up on every call."""
        return self.document.place(self.pointer)

    @property
    def key(self) -> str:
        """The last step of the pointer, empty at the root."""
        return self.pointer[-1] if self.pointer else ""

    @property
    def mapping(self) -> Mapping[str, JSON]:
        """The value where it is a mapping, otherwise an empty one."""
        value = self.value
        if not isinstance(value, dict):
            return {}
        return value if self.document.reads is None else _RecordedMapping(self, value)

    def record(self, key: str) -> None:
        """Record that the member of that key decided something, if anyone wants to know."""
        if self.document.reads is not None:
            self.document.reads.add((*self.pointer, key))

    def get(self, key: str) -> Node | None:
        """The member of that key, or None if there is none."""
        value = self.value
        if isinstance(value, dict) and key in value:
            self.record(key)
            return Node(self.document, (*self.pointer, key), value[key])
        return None

    def child(self, step: str | int) -> Node:
        """The member of that key or the item of that index; KeyError or IndexError if there is none."""
        value = self.value
        if isinstance(value, list):
            return Node(self.document, (*self.pointer, str(step)), value[int(step)])
        if isinstance(value, dict):
            return Node(self.document, (*self.pointer, str(step)), value[str(step)])
        raise KeyError(step)

    def items(self) -> Iterator[tuple[str, Node]]:
        """The members in sorted key order; none if the value is not a mapping."""
        value = self.value
        if isinstance(value, dict):
            for key in sorted(value):
                yield key, Node(self.document, (*self.pointer, key), value[key])

    def elements(self) -> Iterator[Node]:
        """The items in their own order; none if the value is not a list."""
        if isinstance(self.value, list):
            for index, item in enumerate(self.value):
                yield Node(self.document, (*self.pointer, str(index)), item)

    def text(self, key: str, default: str = "") -> str:
        """The member of that key where it is a string, otherwise the default."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        self.record(key)
        return value if isinstance(value, str) else default

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and self.identity == other.identity

    def __hash__(self) -> int:
        return hash(self.identity)

    def __repr__(self) -> str:
        return f"Node({self.document.uri}#{render_pointer(self.pointer)})"
