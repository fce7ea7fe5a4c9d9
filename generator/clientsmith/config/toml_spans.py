"""What `tomllib` does not say of a TOML text: where each key is, what is too much for it, and values in words.

Meaning and validity stay with `tomllib`.
"""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

KeyPath = tuple[str, ...]
Position = tuple[int, int]
"""Line and column, both from 1."""

TYPE_NAMES: Mapping[type, str] = {str: "a text", bool: "true or false", dict: "a table", list: "an array"}

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'',
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\n]+")
_INLINE_SPACE = re.compile(r"[ \t]*")

MAX_NESTING = 8
"""How many parts a key, and how many brackets a value, may have: far beyond any config, and cheap at any length."""

_MAX_DIGITS = 4300
_SHOWN = 80
_TOKEN = re.compile(
    r"""(?P<plain>[^#"'\[\]{}.=,\n]*+)"""
    r"""(?P<sign>\#[^\n]*+|\"{3}(?:[^\\]|\\.)*?\"{3,5}|'{3}.*?'{3,5}|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'|["'\[\]{}.=,\n]|\Z)""",
    re.DOTALL,
)
_LONG_NUMBER = re.compile(rf"\s*[+-]?[0-9][0-9A-Za-z_+-]{{{_MAX_DIGITS}}}")
_ERROR_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def locate_keys(text: str) -> dict[KeyPath, Position]:
    """The first position of every table and key of a text that `tomllib` accepts; tables of an array by number."""
    return _Locator(text).run()


def excess(text: str) -> tuple[str, Position] | None:
    """What of a text `tomllib` would take very long for, or fail at without a place; None if there is nothing.

    The text need not be valid: from the first fault on, nothing that is found here matters.
    """
    depth = parts = 0
    for token in _TOKEN.finditer(text):
        sign = token["sign"]
        if _LONG_NUMBER.match(token["plain"]):
            return f"a number has more than {_MAX_DIGITS} digits", _Lines(text).position(token.start("plain"))
        if sign in ('"', "'"):
            return None  # A string without an end.
        if sign == ".":
            parts += 1
        elif sign and sign in "=,\n[]{}":
            parts = 0
            depth = depth + 1 if sign in "[{" else max(0, depth - 1) if sign in "]}" else depth
        if parts >= MAX_NESTING or depth > MAX_NESTING:
            what = "brackets nest" if depth > MAX_NESTING else "the parts of a key nest"
            return f"{what} more than {MAX_NESTING} levels deep", _Lines(text).position(token.start("sign"))
    return None


def unclosed_quote(text: str) -> Position | None:
    """Where the first string without an end begins."""
    for token in _TOKEN.finditer(text):
        sign, start = token["sign"], token.start("sign")
        if sign in ('"', "'"):
            return _Lines(text).position(start - 2 if text[start - 2 : start] == 2 * sign else start)
    return None


def split_error(message: str, text: str) -> tuple[str, Position]:
    """The bare message of a `tomllib.TOMLDecodeError` and the position named at its end."""
    found = _ERROR_PLACE.search(message)
    if found is None:
        return message, (1, 1)
    bare = message[: found.start()]
    if found[1] is None:
        return bare, _Lines(text).position(len(text))
    return bare, (int(found[1]), int(found[2]))


def dotted(path: KeyPath) -> str:
    """A key path as it would stand in a TOML text."""
    return ".".join(key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key) for key in path)


def described(value: object) -> str:
    """A value in words: itself where it is short, else its type."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "an array"
    if isinstance(value, bool):
        return "true or false"
    text = json.dumps(value, default=str)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


class _Lines:
    """Positions by offset; the line ends of the text are found once."""

    def __init__(self, text: str) -> None:
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def position(self, offset: int) -> Position:
        line = bisect.bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


@dataclass(slots=True)
class _Locator:
    text: str
    at: int = 0
    found: dict[KeyPath, Position] = field(default_factory=dict[KeyPath, Position])
    counts: dict[KeyPath, int] = field(default_factory=dict[KeyPath, int])
    lines: _Lines = field(init=False)

    def __post_init__(self) -> None:
        self.lines = _Lines(self.text)

    def run(self) -> dict[KeyPath, Position]:
        table: KeyPath = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                start, is_item = self.at, self.text.startswith("[[", self.at)
                self._advance("[")
                table = self._key(())
                self._advance("]")
                if is_item:
                    table = self._item(table, start)
            else:
                self._entry(table)
            self._skip(_BLANK)
        return self.found

    def _item(self, array: KeyPath, start: int) -> KeyPath:
        number = self.counts[array] = self.counts.get(array, -1) + 1
        item = (*array, str(number))
        self.found[item] = self.lines.position(start)
        return item

    def _entry(self, table: KeyPath) -> None:
        key = self._key(table)
        self.at += 1  # the equals sign
        self._value(key)

    def _key(self, table: KeyPath) -> KeyPath:
        path = table
        while True:
            self._skip(_INLINE_SPACE)
            start = self.at
            path = (*path, self._key_part())
            if path not in self.found:
                self.found[path] = self.lines.position(start)
            self._skip(_INLINE_SPACE)
            if not self.text.startswith(".", self.at):
                return path
            self.at += 1

    def _key_part(self) -> str:
        start = self.at
        if self.text[start] in "\"'":
            self._skip(_STRING)
            return _unquote(self.text[start : self.at])
        self._skip(_BARE_KEY)
        return self.text[start : self.at]

    def _value(self, key: KeyPath) -> None:
        self._skip(_INLINE_SPACE)
        opening = self.text[self.at]
        if opening == "[":
            self._items("]", key)
        elif opening == "{":
            self._items("}", key)
        elif opening in "\"'":
            self._skip(_STRING)
        else:
            self._skip(_SCALAR)

    def _items(self, closing: str, key: KeyPath) -> None:
        self.at += 1
        while True:
            self._skip(_BLANK)
            if self.text[self.at] == closing:
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
            elif closing == "}":
                self._entry(key)
            else:
                self._value(key)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self.at)
        if found is not None:
            self.at = found.end()

    def _advance(self, bracket: str) -> None:
        while self.text.startswith(bracket, self.at):
            self.at += 1


def _unquote(quoted: str) -> str:
    if quoted[0] == "'" or "\\" not in quoted:
        return quoted[1:-1]
    import tomllib

    value = tomllib.loads(f"key = {quoted}")["key"]
    return value if isinstance(value, str) else quoted[1:-1]
