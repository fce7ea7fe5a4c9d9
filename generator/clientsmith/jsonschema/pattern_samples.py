"""A text that a regular expression matches, for those in everyday use; the caller checks the result.

Read are ECMA-262 and what `pattern_syntax` makes of it for Rust.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CLASSES = {"d": "0", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a"}
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "0": "\0"}
_CODE = re.compile(r"([0-9A-Fa-f]{2,4})|\{([0-9A-Fa-f]{1,6})\}")
_CANDIDATES = "aA0-_. /:@+bB1cC2" + "".join(chr(code) for code in range(33, 127)) + "é\n"
_MAX_REPEAT = 10_000
_MAX_LENGTH = 100_000
"""How long the texts of all groups may be together: repetitions of repetitions multiply."""
_MAX_DEPTH = 50


class PatternError(ValueError):
    """A pattern uses what is not understood here."""


def example(pattern: str, extra: int = 0) -> str:
    """A text that the pattern probably matches; `extra` is how often its first open repetition goes on."""
    parser = _Parser(pattern, extra)
    text = parser.alternatives(0)
    if parser.position < len(pattern):
        raise PatternError("an unexpected bracket")
    return text


def examples(pattern: str, shortest: int = 0) -> Iterator[str]:
    """Texts that the pattern probably matches, among them one that is just as long as it has to be."""
    try:
        missing = max(shortest - len(example(pattern)), 0)
        for extra in dict.fromkeys((0, missing, 1, shortest, max(shortest - 1, 0), 2, 3, 8)):
            yield example(pattern, extra)
    except PatternError:
        return


@dataclass(slots=True)
class _Parser:
    pattern: str
    extra: int
    position: int = 0
    length: int = 0

    def alternatives(self, depth: int) -> str:
        """The text of the first of the alternatives up to the end of a group."""
        if depth > _MAX_DEPTH:
            raise PatternError("it nests too deep")
        first = self._sequence(depth)
        while self._peek() == "|":
            self.position += 1
            kept, self.extra = self.extra, 0
            self._sequence(depth)
            self.extra = kept
        return first

    def _peek(self) -> str:
        return self.pattern[self.position : self.position + 1]

    def _next(self) -> str:
        if self.position >= len(self.pattern):
            raise PatternError("it ends early")
        self.position += 1
        return self.pattern[self.position - 1]

    def _sequence(self, depth: int) -> str:
        parts: list[str] = []
        while self._peek() not in ("", "|", ")"):
            atom = self._atom(depth)
            count = 0 if atom is None else self._count()
            self.length += count * len(atom or "")
            if self.length > _MAX_LENGTH:
                raise PatternError("its texts are too long")
            parts.append((atom or "") * count)
        return "".join(parts)

    def _atom(self, depth: int) -> str | None:
        """The text of one atom; None for an assertion, which stands for no text."""
        sign = self._next()
        if sign in "^$":
            return None
        if sign == "(":
            return self._group(depth)
        if sign == "[":
            return self._set()
        if sign == "\\":
            escaped = self._next()
            return None if escaped in "bB" else self._escape(escaped)
        return "a" if sign == "." else sign

    def _group(self, depth: int) -> str | None:
        is_assertion = False
        if self._peek() == "?":
            self._next()
            kind = self._next()
            if kind == "P" and self._peek() == "<":
                kind = self._next()
            if kind == "<" and self._peek() not in "=!":
                while self._next() != ">":
                    pass
            elif kind == "-" or kind.isalpha():
                if self._end_of_flags() == ")":
                    return None
            elif kind in "=!<":
                is_assertion = True
                if kind == "<":
                    self._next()
            elif kind != ":":
                raise PatternError("an unknown kind of group")
        text = self.alternatives(depth + 1)
        if self._next() != ")":
            raise PatternError("a group without an end")
        if is_assertion:
            self._count()
            return None
        return text

    def _end_of_flags(self) -> str:
        """What follows the flags of Rust and Python: a colon in `(?-u:\\b)`, the end of the group in `(?i)`."""
        while (sign := self._next()) not in ":)":
            pass
        return sign

    def _escape(self, sign: str) -> str:
        if sign in _CLASSES:
            return _CLASSES[sign]
        if sign in _CONTROLS:
            return _CONTROLS[sign]
        if sign in "pP":
            name = self._property()
            return (
                "a"
                if sign == "P" or name.startswith(("L", "Alpha"))
                else "0"
                if name.startswith("N")
                else "-"
            )
        if sign in "xu":
            code = _CODE.match(self.pattern, self.position)
            if code is not None and (code[2] or len(code[0]) >= (2 if sign == "x" else 4)):
                digits = code[2] or code[1][: 2 if sign == "x" else 4]
                self.position += len(digits) + 2 * bool(code[2])
                return chr(min(int(digits, 16), 0x10FFFF))
        if sign.isalnum():
            raise PatternError(f"an unknown escape \\{sign}")
        return sign

    def _property(self) -> str:
        if self._next() != "{":
            raise PatternError("a property without a name")
        name = ""
        while (sign := self._next()) != "}":
            name += sign
        return name

    def _set(self) -> str:
        """A member of a character class: the first one if that is a letter or a digit, else the nicest one."""
        negated = self._peek() == "^"
        if negated:
            self._next()
        ranges: list[tuple[str, str]] = []
        classes: set[str] = set()
        while self._peek() != "]":
            low = self._member(classes)
            if low is None:
                continue
            high = low
            if self._peek() == "-" and self.pattern[self.position + 1 : self.position + 2] != "]":
                self._next()
                high = self._member(classes) or low
            ranges.append((low, high))
        self._next()
        if ranges and not negated and ranges[0][0].isalnum():
            return ranges[0][0]

        def has(sign: str) -> bool:
            return any(low <= sign <= high for low, high in ranges) or any(
                _in_class(sign, one) for one in classes
            )

        for sign in _CANDIDATES:
            if has(sign) != negated:
                return sign
        if ranges and not negated:
            return ranges[0][0]
        raise PatternError("a class without a printable member")

    def _member(self, classes: set[str]) -> str | None:
        sign = self._next()
        if sign != "\\":
            return sign
        escaped = self._next()
        if escaped in _CLASSES:
            classes.add(escaped)
            return None
        return "\b" if escaped == "b" else self._escape(escaped)

    def _count(self) -> int:
        """How often the atom before a quantifier stands: as seldom as it may, once more where `extra` says so."""
        sign = self._peek()
        low, high = 1, 1
        if sign and sign in "*+?":
            self._next()
            low, high = (1 if sign == "+" else 0), (1 if sign == "?" else _MAX_REPEAT)
        elif sign == "{":
            end = self.pattern.find("}", self.position)
            bounds = self.pattern[self.position + 1 : end].split(",") if end > 0 else []
            if not bounds or not bounds[0].isdecimal() or len(bounds) > 2:
                raise PatternError("a quantifier that is none")
            low = int(bounds[0])
            high = low if len(bounds) == 1 else int(bounds[1]) if bounds[1].isdecimal() else _MAX_REPEAT
            self.position = end + 1
        if self._peek() == "?" and (low, high) != (1, 1):
            self._next()
        more = min(self.extra, high - low)
        self.extra -= more
        return min(low + more, _MAX_REPEAT)


def _in_class(sign: str, name: str) -> bool:
    inside = {
        "d": sign.isdecimal(),
        "w": sign.isascii() and (sign.isalnum() or sign == "_"),
        "s": sign.isspace(),
    }[name.lower()]
    return inside is name.islower()
