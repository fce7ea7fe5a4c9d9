"""What `tomllib` does not tell of a TOML text: where each key stands, and keys and values in words for a message.

Meaning and validity stay with `tomllib`.
"""

from __future__ import annotations

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
_ERROR_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def locate_keys(text: str) -> dict[KeyPath, Position]:
    """The first position of every table and key of a text that `tomllib` accepts."""
    return _Locator(text).run()


def split_error(message: str, text: str) -> tuple[str, Position]:
    """The bare message of a `tomllib.TOMLDecodeError` and the position named at its end."""
    found = _ERROR_PLACE.search(message)
    if found is None:
        return message, (1, 1)
    bare = message[: found.start()]
    if found[1] is None:
        return bare, _position(text, len(text))
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
    return "true or false" if isinstance(value, bool) else json.dumps(value, default=str)


def _position(text: str, offset: int) -> Position:
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


@dataclass(slots=True)
class _Locator:
    text: str
    at: int = 0
    found: dict[KeyPath, Position] = field(default_factory=dict[KeyPath, Position])

    def run(self) -> dict[KeyPath, Position]:
        table: KeyPath = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                self._advance("[")
                table = self._key(())
                self._advance("]")
            else:
                self._entry(table)
            self._skip(_BLANK)
        return self.found

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
            self.found.setdefault(path, _position(self.text, start))
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
