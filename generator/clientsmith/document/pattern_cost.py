"""What an automaton for a pattern costs to build, told from the text of the pattern: counted repetitions multiply.

The unit is a tenth of a microsecond, about. Nothing is compiled here: compiling is what costs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_MOST = 1_000_000
"""Where the engine gives up, because the automaton would take more than its 10 MB."""
_TOKEN = re.compile(
    r"(?P<property>\\[pP]\{[^{}]{0,80}\})|(?P<escape>\\.)|(?P<count>\{(?P<least>[0-9]+)(?P<open>,(?P<most>[0-9]*))?\})|(?P<other>.)",
    re.DOTALL,
)
_PROPERTY, _ANY, _SINGLE = 3_500, 45, 2
_ANY_OF = frozenset("DWS")


@dataclass(slots=True)
class _Level:
    """What a group has cost so far, and what its last piece did, which a quantifier may multiply."""

    total: int = 0
    last: int = 0

    def add(self, cost: int) -> None:
        self.total += cost
        self.last = cost

    def repeat(self, times: int) -> None:
        more = min(self.last * max(times - 1, 0), _MOST)
        self.total += more
        self.last += more


@dataclass(slots=True)
class _Reader:
    levels: list[_Level] = field(default_factory=lambda: [_Level()])
    in_class: int = -1
    """What the members of the class that is being read have cost; -1 outside of one."""

    def read(self, token: re.Match[str]) -> None:
        text = token.group()
        if self.in_class >= 0:
            self._member(token, text)
        elif token.group("count") is not None:
            most = token.group("most") or token.group("least")
            self.levels[-1].repeat(_count(max(most, token.group("least"), key=len)))
        elif text == "(":
            self.levels.append(_Level(total=_SINGLE))
        elif text == ")" and len(self.levels) > 1:
            inner = self.levels.pop().total
            self.levels[-1].add(min(inner, _MOST))
        elif text == "[":
            self.in_class = _SINGLE
        else:
            self.levels[-1].add(_cost(token, text))

    def _member(self, token: re.Match[str], text: str) -> None:
        if text == "]":
            self.levels[-1].add(self.in_class)
            self.in_class = -1
        else:
            self.in_class += _cost(token, text) if text != "^" else _ANY


def pattern_cost(pattern: str) -> int:
    """An estimate of the time that it takes to compile a pattern, in tenths of a microsecond; at most a million."""
    reader = _Reader()
    for token in _TOKEN.finditer(pattern):
        reader.read(token)
    return min(_MOST, sum(level.total for level in reader.levels))


def _count(digits: str) -> int:
    return int(digits) if len(digits) < 8 else _MOST


def _cost(token: re.Match[str], text: str) -> int:
    if token.group("property") is not None:
        return _PROPERTY
    if text == "." or (text[0] == "\\" and text[1] in _ANY_OF):
        return _ANY
    return _SINGLE if text.isascii() else 2 * _SINGLE
