"""The scalars of a JSON text with their places and offsets, so that some can be replaced and every other byte stays."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r'[ \t\n\r,:]*(?:([{\[\]}])|("[^"\\]*(?:\\.[^"\\]*)*")|([^ \t\n\r,:{}\[\]"]+))', re.DOTALL
)
_ANY = json.JSONDecoder(parse_int=str, parse_float=str)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A string, number, boolean or null: the steps that lead to it (keys and indexes), and its text; or a key."""

    pointer: tuple[str, ...]
    token: str
    start: int
    end: int
    is_key: bool = False

    @property
    def string(self) -> str | None:
        """The value where it is a string."""
        return _string(self.token) if self.token[0] == '"' else None

    @property
    def is_number(self) -> bool:
        """Whether the value is a number."""
        return self.token[0] in "-0123456789"


def _string(token: str) -> str:
    return str(json.loads(token)) if "\\" in token else token[1:-1]


def is_json(text: str) -> bool:
    """Whether a text is one JSON value that can be read; nested too deeply counts as no."""
    try:
        _ANY.decode(text)
    except (ValueError, RecursionError):
        return False
    return True


def scalars(text: str) -> Iterator[Scalar]:
    """Every scalar and key of a text for which `is_json` holds, in its order; of repeated keys all values."""
    pointer: list[str] = []
    counts: list[int | None] = []  # per open container: how many items came so far, None for an object
    key_is_due = False
    position = 0
    while (token := _TOKEN.match(text, position)) is not None:
        position = token.end()
        bracket = token[1]
        if bracket and bracket in "{[":
            counts.append(None if bracket == "{" else 0)
            pointer.append("" if bracket == "{" else "0")
            key_is_due = bracket == "{"
            continue
        if bracket:
            counts.pop()
            pointer.pop()
        elif key_is_due:
            pointer[-1] = _string(token[2])
            key_is_due = False
            yield Scalar(tuple(pointer), token[2], position - len(token[2]), position, is_key=True)
            continue
        else:
            written = token[2] or token[3]
            yield Scalar(tuple(pointer), written, position - len(written), position)
        if counts:
            count = counts[-1]
            key_is_due = count is None
            if count is not None:
                counts[-1] = count + 1
                pointer[-1] = str(count + 1)


def replace_scalars(text: str, replacement: Callable[[Scalar], str | None]) -> str:
    """The text with those scalars and keys replaced for which a new token is given; all else as it stood."""
    parts: list[str] = []
    done = 0
    for scalar in scalars(text):
        token = replacement(scalar)
        if token is not None and token != scalar.token:
            parts += (text[done : scalar.start], token)
            done = scalar.end
    return "".join((*parts, text[done:])) if parts else text
