"""JSON text to a tree at the speed of the standard library, and a locator that reads on demand; no file access."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from itertools import islice
from typing import cast

from clientsmith.document.model import JSON, MAX_DEPTH, Pointer
from clientsmith.document.text import unclosed
from clientsmith.document.text.json_scan import scan
from clientsmith.document.text.source import Report, scan_string
from clientsmith.document.text.yaml_scalars import NumberError, finite, integer

_SPACE = re.compile(r"[ \t\n\r]*")
_SKIP = json.JSONDecoder(parse_int=str, parse_float=str)


_BRACKET = re.compile(r'(?:[^"{}\[\]]++|"(?:[^"\\]++|\\.)*+")*+([{}\[\]])', re.DOTALL)
"""Up to the next bracket that is not in a string."""


MAX_VALUES = 8_000_000
"""How many values a text may hold: those of a tape of the largest size that is read."""

_SIGN = re.compile(
    r'(?:[^",{\[]++|"(?:[^"\\]++|\\.)*+"|[{\[][ \t\n\r]*+[}\]])*+(?:,|[{\[](?![ \t\n\r]*+[}\]]))', re.DOTALL
)
"""Up to the next sign that a value is behind: a comma, or the bracket of a container that is not empty."""


class JsonLocator:
    """Finds offsets by walking the text along a pointer; each container is indexed once, and none within it is read.

    So all lookups together cost as much as one reading of the text, however deep it nests.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._indexes: dict[int, dict[str, tuple[int, int]]] = {}
        self._ends: dict[int, int] | None = None

    def offset(self, pointer: Pointer) -> int | None:
        """For the member of a mapping where its key starts; for an array item where its value starts."""
        value = shown = self._skip_space(0)
        for step in pointer:
            found = self._index(value).get(step)
            if found is None:
                return None
            shown, value = found
        return shown

    def moved(self, old: JSON, new: JSON) -> None:
        """Places are found in the text, which stays as it is."""

    def _skip_space(self, position: int) -> int:
        found = _SPACE.match(self._source, position)
        return found.end() if found else position

    def _index(self, start: int) -> dict[str, tuple[int, int]]:
        """For every member of the container that starts there: the offset shown to readers and that of its value."""
        index = self._indexes.get(start)
        if index is None:
            opening = self._source[start : start + 1]
            index = self._members(start) if opening == "{" else self._items(start) if opening == "[" else {}
            self._indexes[start] = index
        return index

    def _members(self, start: int) -> dict[str, tuple[int, int]]:
        index: dict[str, tuple[int, int]] = {}
        position: int | None = self._skip_space(start + 1)
        while position is not None and self._source[position] == '"':
            key, end = scan_string(self._source, position)
            value = self._skip_space(self._skip_space(end) + 1)
            index[key] = (position, value)
            position = self._next(value)
        return index

    def _items(self, start: int) -> dict[str, tuple[int, int]]:
        index: dict[str, tuple[int, int]] = {}
        position: int | None = self._skip_space(start + 1)
        while position is not None and self._source[position] != "]":
            index[str(len(index))] = (position, position)
            position = self._next(position)
        return index

    def _next(self, value: int) -> int | None:
        """Where the member or item after the value starts; None if the value is the last one."""
        if self._source[value] in "{[":
            end = self._end(value)
        else:
            _, end = _SKIP.raw_decode(self._source, value)
        position = self._skip_space(end)
        return self._skip_space(position + 1) if self._source[position] == "," else None

    def _end(self, start: int) -> int:
        """Behind the closing bracket of the container that starts there; all are found at the first question."""
        if self._ends is None:
            self._ends = {}
            waiting: list[int] = []
            for found in _BRACKET.finditer(self._source):
                position = found.end()
                if found[1] in "{[":
                    waiting.append(position - 1)
                else:
                    self._ends[waiting.pop()] = position
        return self._ends[start]


class _Hooks:
    """What json.loads came across but cannot place, since it gives its hooks no position."""

    def __init__(self) -> None:
        self.suspicious = False

    def mapping(self, pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
        made = dict(pairs)
        if len(made) != len(pairs):
            self.suspicious = True
        return made

    def number(self, text: str) -> int | float | Decimal:
        """The value of an integer or a float; the ways in which json.loads could fail are left to the scan."""
        try:
            return finite(text) if any(sign in text for sign in ".eE") else integer(text)
        except NumberError:
            self.suspicious = True
            return 0

    def constant(self, text: str) -> float:
        """NaN, Infinity and -Infinity, which are not JSON."""
        self.suspicious = True
        return 0.0


def parse_json(source: str, report: Report) -> tuple[JSON, JsonLocator] | None:
    """The tree and a locator for its nodes; None after reporting why there is none."""
    if _has_too_many_nodes(source, report):
        return None
    hooks = _Hooks()
    try:
        tree: JSON = json.loads(
            source,
            object_pairs_hook=hooks.mapping,
            parse_int=hooks.number,
            parse_float=hooks.number,
            parse_constant=hooks.constant,
        )
    except json.JSONDecodeError as error:
        start = unclosed.in_json(source, error.pos)
        why = unclosed.MESSAGE if start is not None else f"{error.msg[:1].lower()}{error.msg[1:]}"
        report("syntax-error", f"this is not valid JSON: {why}", (), error.pos if start is None else start)
        return None
    except RecursionError:
        scan(source, report)
        return None
    if (hooks.suspicious or is_deeper(tree, MAX_DEPTH)) and not scan(source, report):
        return None
    return tree, JsonLocator(source)


def _has_too_many_nodes(source: str, report: Report) -> bool:
    """Report a text with more than MAX_VALUES values, before any of them takes memory.

    The signs that values are behind are counted exactly only if all such signs, those in strings included, are many.
    """
    if sum(map(source.count, ",[{")) < MAX_VALUES:
        return False
    surplus = next(islice(_SIGN.finditer(source), MAX_VALUES, None), None)
    if surplus is None:
        return False
    message = f"the document has more than {MAX_VALUES} values"
    report("too-many-nodes", message, (), surplus.end() - 1, "leave out large examples")
    return True


def is_json(source: str) -> bool:
    """Whether a text that starts like JSON is JSON, and not YAML in flow style."""
    try:
        _SKIP.decode(source)
    except (json.JSONDecodeError, RecursionError):
        return False
    return True


def is_deeper(tree: JSON, limit: int) -> bool:
    """Whether containers nest more than `limit` levels deep; breadth first, so never deep in calls."""
    level: list[JSON] = [tree] if isinstance(tree, dict | list) else []
    for _ in range(limit):
        if not level:
            return False
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else cast("list[JSON]", outer))
            if inner.__class__ is dict or inner.__class__ is list
        ]
    return bool(level)
