"""YAML text to a tree with the offset of every node, from parser events and without recursion; no file access."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import yaml
from yaml.reader import ReaderError

from clientsmith.document.model import JSON, MAX_DEPTH, Pointer
from clientsmith.document.text import unclosed
from clientsmith.document.text.source import Marks, Report
from clientsmith.document.text.yaml_frame import Frame, MergeKey
from clientsmith.document.text.yaml_parsers import (
    MAX_TAG_DIRECTIVES,
    EventSource,
    event_source,
    surplus_tag_directive,
)
from clientsmith.document.text.yaml_scalars import NumberError, finite, resolve_plain

MAX_NODES = 2_000_000
"""How many nodes a document may hold, aliases expanded: eight times those of the largest document known."""

MAX_COPIES = 20_000
"""How many nodes aliases may stand for, each of them counted like a copy of its anchor. A long document has more."""

_COPY_CHARACTERS = 8
"""A document has one more copy for every so many characters, so that its cost stays in proportion to its length."""

_NODE_CHARACTERS = 100
"""A long string counts as one more node for every so many characters: aliases multiply those as well."""

_CORE = "tag:yaml.org,2002:"
_MERGE = "<<"


class _AbortError(Exception):
    """Nothing after this point can be read; the reason has been reported."""


class TreeBuilder:
    """Takes parser events one by one and grows the tree and its marks."""

    def __init__(self, report: Report, length: int) -> None:
        """`length` is that of the text in characters."""
        self.report = report
        self._copies = MAX_COPIES + length // _COPY_CHARACTERS
        self.marks = Marks()
        self.documents = 0
        self._frames: list[Frame] = []
        self._anchors: dict[str, tuple[JSON, int] | None] = {}
        self._count = 0
        self._plain: dict[str, JSON] = {}
        self._take: dict[type[yaml.Event], Callable[..., None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._open,
            yaml.SequenceStartEvent: self._open,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }

    def feed(self, parser: EventSource) -> None:
        """Take every event of the stream."""
        take = self._take
        event = parser.get_event()
        while event is not None:
            handler = take.get(event.__class__)
            if handler is not None:
                handler(event)
            event = parser.get_event()

    def _pointer(self) -> Pointer:
        steps = (frame.key if frame.mapping is not None else str(len(frame.items)) for frame in self._frames)
        return tuple(step for step in steps if step is not None)

    def _document(self, event: yaml.Event) -> None:
        self.documents += 1
        if self.documents > 1:
            message = "the file holds more than one YAML document"
            self.report("multiple-documents", message, (), _offset(event), "keep one document per file")
            raise _AbortError

    def _grow(self, by: int, event: yaml.Event) -> None:
        self._count += by
        if self._count > MAX_NODES:
            self._refuse_nodes(
                f"the document has more than {MAX_NODES} nodes once aliases are expanded", event
            )

    def _copy(self, size: int, event: yaml.Event) -> None:
        self._copies -= size
        if self._copies < 0:
            self._refuse_nodes(
                "the aliases up to here stand for more nodes than a document of this length may copy", event
            )
        self._grow(size, event)

    def _refuse_nodes(self, message: str, event: yaml.Event) -> None:
        hint = "write shared parts as $ref instead of YAML aliases"
        self.report("too-many-nodes", message, self._pointer(), _offset(event), hint)
        raise _AbortError

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        frame = self._frames[-1] if self._frames else None
        if frame is not None and frame.mapping is not None and frame.key is None:
            self.report(
                "invalid-key", "a key is a mapping or a list", self._pointer(), _offset(event), "use a string"
            )
            raise _AbortError
        if len(self._frames) >= MAX_DEPTH:
            self.report("too-deep", f"more than {MAX_DEPTH} levels of nesting", (), _offset(event))
            raise _AbortError
        if event.tag not in (None, "!", _CORE + ("map" if is_mapping else "seq")):
            self._refuse_tag(event)
        self._grow(1, event)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        self._frames.append(Frame({} if is_mapping else None, event.anchor, _offset(event), self._count))

    def _close(self, event: yaml.Event) -> None:
        frame = self._frames.pop()
        value: JSON
        if frame.mapping is None:
            value = frame.items
        else:
            if frame.merges:
                self._merge(frame, frame.mapping)
            value = frame.mapping
        if frame.marks:
            self.marks.members[id(value)] = frame.marks
        if frame.anchor is not None:
            self._anchors[frame.anchor] = (value, self._count - frame.count + 1)
        self._add(value, frame.offset)

    def _merge(self, frame: Frame, mapping: dict[str, JSON]) -> None:
        for merged, offset in frame.merges:
            sources = merged if isinstance(merged, list) else [merged]
            for source in sources:
                if not isinstance(source, dict):
                    self.report("invalid-merge", "the value of << is not a mapping", self._pointer(), offset)
                    continue
                marks = self.marks.members.get(id(source), [])
                for (key, value), mark in zip(source.items(), marks, strict=True):
                    if key not in mapping:
                        frame.add(key, value, mark)

    def _alias(self, event: yaml.AliasEvent) -> None:
        found = self._anchors.get(str(event.anchor))
        if found is None:
            known = str(event.anchor) in self._anchors
            message = f"the alias *{event.anchor} " + (
                "contains itself" if known else "has no anchor before it"
            )
            self.report("invalid-alias", message, self._pointer(), _offset(event))
            raise _AbortError
        value, size = found
        self._copy(size, event)
        if self._frames and self._frames[-1].mapping is not None and self._frames[-1].key is None:
            text = f"*{event.anchor}" if isinstance(value, dict | list) else str(value)
            self._key(value, text, event)
        else:
            self._add(value, _offset(event))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        frame = self._frames[-1] if self._frames else None
        in_key = frame is not None and frame.mapping is not None and frame.key is None
        if in_key and event.value == _MERGE and event.tag is None and not event.style:
            value: JSON = MergeKey(_MERGE)
        else:
            value = self._value(event)
        size = 1 + len(event.value) // _NODE_CHARACTERS
        self._grow(size, event)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, size)
        if in_key:
            self._key(value, event.value, event)
        else:
            self._add(value, _offset(event))

    def _value(self, event: yaml.ScalarEvent) -> JSON:
        text = event.value
        if event.tag is None:
            if event.style:
                return text
            if text in self._plain:
                return self._plain[text]
        elif event.tag in ("!", _CORE + "str"):
            return text
        value = self._number(event, lambda: resolve_plain(text))
        if event.tag is not None:
            return self._tagged(event, value)
        self._plain[text] = value
        return value

    def _number(self, event: yaml.ScalarEvent, read: Callable[[], JSON]) -> JSON:
        try:
            return read()
        except NumberError as error:
            hint = "put it in quotes if it is a string"
            self.report("invalid-number", str(error), self._pointer(), _offset(event), hint)
            return None

    def _tagged(self, event: yaml.ScalarEvent, value: JSON) -> JSON:
        kind = (event.tag or "").removeprefix(_CORE)
        kinds = {"int": (int,), "float": (float, Decimal), "bool": (bool,), "null": (type(None),)}.get(kind)
        if kinds is None:
            self._refuse_tag(event)
            return event.value
        if kind == "float" and type(value) is int:
            return self._number(event, lambda: finite(str(value)))
        if type(value) not in kinds:
            self.report(
                "invalid-tag", f"{event.value!r:.60} is not of type {kind}", self._pointer(), _offset(event)
            )
        return value

    def _refuse_tag(self, event: yaml.NodeEvent) -> None:
        tag = str(getattr(event, "tag", "")).replace(_CORE, "!!")
        self.report(
            "unsupported-tag",
            f"the YAML tag {tag:.60} means nothing in an OpenAPI document",
            self._pointer(),
            _offset(event),
            "remove the tag",
        )

    def _key(self, value: JSON, text: str, event: yaml.Event) -> None:
        frame = self._frames[-1]
        assert frame.mapping is not None
        offset = _offset(event)
        if type(value) is int:
            value = text
        if not isinstance(value, str):
            message = f"the key {text!r:.60} is not a string"
            self.report("invalid-key", message, self._pointer(), offset, "put it in quotes")
            value = text
        if value in frame.mapping and not isinstance(value, MergeKey):
            self.report(
                "duplicate-key",
                f"the key {value!r:.80} occurs twice in this mapping",
                (*self._pointer(), value),
                offset,
                "keep one of them",
                frame.first(value),
            )
        frame.key, frame.key_offset = value, offset

    def _add(self, value: JSON, offset: int) -> None:
        if not self._frames:
            self.marks.tree, self.marks.start = value, offset
            return
        frame = self._frames[-1]
        if frame.mapping is None:
            frame.items.append(value)
            frame.marks.append(offset)
            return
        key = frame.key
        assert key is not None
        frame.key = None
        if isinstance(key, MergeKey):
            frame.merges.append((value, offset))
            return
        frame.add(key, value, frame.key_offset)


def _offset(event: yaml.Event) -> int:
    mark = event.start_mark
    return 0 if mark is None else mark.index


def parse_yaml(source: str, report: Report) -> Marks | None:
    """The tree (`Marks.tree`) and the offsets of its nodes; None after reporting why there is none."""
    surplus = surplus_tag_directive(source)
    if surplus is not None:
        hint = "remove them: tags mean nothing in an OpenAPI document"
        report("unsupported-tag", f"there are more than {MAX_TAG_DIRECTIVES} %TAG lines", (), surplus, hint)
        return None
    builder = TreeBuilder(report, len(source))
    try:
        builder.feed(event_source(source))
    except _AbortError:
        return None
    except ReaderError as error:
        report("not-text", f"{error.reason}: character {error.character!r:.20}", (), int(error.position))
        return None
    except yaml.MarkedYAMLError as error:
        message, offset = unclosed.described(source, error)
        report("syntax-error", f"this is not valid YAML: {message}", (), offset)
        return None
    if builder.documents == 0:
        report("empty-document", "the file is empty", (), 0, "write an OpenAPI document into it")
        return None
    return builder.marks
