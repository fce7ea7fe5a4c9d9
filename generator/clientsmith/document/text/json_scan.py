"""A slow second reading of JSON text that knows where it is: finds what json.loads cannot place."""

from __future__ import annotations

import re

from clientsmith.document.model import MAX_DEPTH, Pointer
from clientsmith.document.text.source import Report, scan_string
from clientsmith.document.text.yaml_scalars import NumberError, finite, integer

_TOKEN = re.compile(r"[ \t\n\r,:]*(?:([{\[\]}])|(\")|(-?Infinity|NaN)|(-?[0-9][0-9.eE+-]*)|([a-z]+))")


class _Open:
    """A container that is still open: the offsets of its keys, or the count of its items."""

    __slots__ = ("expects_key", "is_mapping", "key", "keys", "length")

    def __init__(self, is_mapping: bool) -> None:
        self.is_mapping = is_mapping
        self.keys: dict[str, int] = {}
        self.key = ""
        self.length = 0
        self.expects_key = is_mapping

    def value_ended(self) -> None:
        self.length += 1
        self.expects_key = self.is_mapping


class _Scan:
    def __init__(self, source: str, report: Report) -> None:
        self.source = source
        self.report = report
        self.open: list[_Open] = []
        self.failed = False

    def pointer(self) -> Pointer:
        return tuple(level.key if level.is_mapping else str(level.length) for level in self.open)

    def find(self, *args: object, **more: object) -> None:
        self.failed = True
        self.report(*args, **more)  # type: ignore[arg-type]

    def string(self, start: int) -> int:
        """Take a key or a string value; returns where it ends."""
        text, end = scan_string(self.source, start)
        level = self.open[-1] if self.open else None
        if level is None or not level.expects_key:
            self.value_ended()
            return end
        level.key = text
        level.expects_key = False
        if text in level.keys:
            message = f"the key {text!r:.80} occurs twice in this object"
            self.find("duplicate-key", message, self.pointer(), start, "keep one of them", level.keys[text])
        level.keys.setdefault(text, start)
        return end

    def number(self, text: str, start: int) -> None:
        try:
            if any(sign in text for sign in ".eE"):
                finite(text)
            else:
                integer(text)
        except NumberError as error:
            self.find("invalid-number", str(error), self.pointer(), start)
        self.value_ended()

    def value_ended(self) -> None:
        if self.open:
            self.open[-1].value_ended()

    def bracket(self, sign: str, start: int) -> bool:
        """Take an opening or closing bracket; False where nesting is too deep to go on."""
        if sign in "{[":
            if len(self.open) >= MAX_DEPTH:
                self.find("too-deep", f"more than {MAX_DEPTH} levels of nesting", (), start)
                return False
            self.open.append(_Open(sign == "{"))
        else:
            self.open.pop()
            self.value_ended()
        return True


def scan(source: str, report: Report) -> bool:
    """Report duplicate keys, numbers that JSON cannot hold and too deep nesting; True where there are none."""
    state = _Scan(source, report)
    position = 0
    while (token := _TOKEN.match(source, position)) is not None:
        position = token.end()
        bracket, quote, constant, number, _word = token.groups()
        if bracket and not state.bracket(bracket, position - 1):
            break
        if quote:
            position = state.string(position - 1)
        elif constant:
            state.find(
                "invalid-number",
                f"{constant} is not a number that JSON can hold",
                state.pointer(),
                token.start(3),
            )
            state.value_ended()
        elif number:
            state.number(number, token.start(4))
        elif not bracket:
            state.value_ended()
    return not state.failed
