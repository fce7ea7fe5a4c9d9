"""A text that a simple pattern matches, for documentation examples; None where the pattern is not simple."""

from __future__ import annotations

import re

from clientsmith.jsonschema.pattern_syntax import finds

_LONGEST = 200
_CLASSES = {"d": "0", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a", "t": "\t", "n": "\n"}
_LITERAL = re.compile(r"[^\\\[\](){}|*+?.^$]")
_REPEAT = re.compile(r"\{(\d+)(?:,\d*)?\}")


def matching_text(pattern: str) -> str | None:
    """A text of which `pattern` matches some part, found by taking the first choice everywhere."""
    reader = _Reader(pattern)
    text = reader.alternatives()
    if text is None or not reader.done:
        return None
    return text if matches(pattern, text) else None


def matches(pattern: str, text: str) -> bool:
    """Whether some part of a text matches a pattern of Rust `regex`; False where that engine cannot read it."""
    return finds(pattern, text) is True


class _Reader:
    """Reads a pattern once, from left to right."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    @property
    def done(self) -> bool:
        """Whether all of the pattern has been read."""
        return self._at == len(self._pattern)

    def alternatives(self, depth: int = 0) -> str | None:
        """The text of the first of some alternatives; the others are read over."""
        first = self._sequence(depth)
        while first is not None and self._take("|"):
            if self._sequence(depth) is None:
                return None
        return first

    def _sequence(self, depth: int) -> str | None:
        text = ""
        while not self.done and self._pattern[self._at] not in "|)":
            piece = self._piece(depth)
            if piece is None or len(text) + len(piece) > _LONGEST:
                return None
            text += piece
        return text

    def _piece(self, depth: int) -> str | None:
        atom = self._atom(depth)
        if atom is None:
            return None
        if self._take("*") or self._take("?"):
            self._take("?")
            return ""
        if self._take("+"):
            self._take("?")
            return atom
        repeat = _REPEAT.match(self._pattern, self._at)
        if repeat:
            self._at = repeat.end()
            return atom * min(int(repeat[1][:4]), _LONGEST + 1)
        return atom

    def _atom(self, depth: int) -> str | None:
        character = self._next()
        if character in "^$":
            return ""
        if character == ".":
            return "a"
        if character == "\\":
            return self._escaped()
        if character == "[":
            return self._choice()
        if character == "(":
            return self._group(depth)
        return character if _LITERAL.match(character) else None

    def _group(self, depth: int) -> str | None:
        if depth > 20:
            return None
        if self._take("?") and not self._take(":"):
            return None
        text = self.alternatives(depth + 1)
        return text if self._take(")") else None

    def _escaped(self) -> str | None:
        character = self._next()
        return _CLASSES.get(character) or (character if character and not character.isalnum() else None)

    def _choice(self) -> str | None:
        end = self._pattern.find("]", self._at + 1)
        inside = self._pattern[self._at : end]
        if end < 0 or inside.startswith("^") or "[" in inside:
            return None
        self._at = end + 1
        if inside.startswith("\\"):
            return _CLASSES.get(inside[1:2]) or inside[1:2]
        return inside[0]

    def _next(self) -> str:
        character = self._pattern[self._at : self._at + 1]
        self._at += 1
        return character

    def _take(self, character: str) -> bool:
        if self._pattern.startswith(character, self._at):
            self._at += 1
            return True
        return False
