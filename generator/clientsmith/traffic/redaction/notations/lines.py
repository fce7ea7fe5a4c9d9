"""The values in lines of `name: value` and `name=value`: YAML, properties, `.env`, INI, dumped headers.

YAML (1.2) as far as redaction needs it: nesting by indentation, lists, quoted and block scalars. Any text may be read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from clientsmith.traffic.redaction.notations.spots import Spot, as_is

_LINE = re.compile(
    r"(?P<indent>[ \t]*(?:[-?][ \t]+)*)(?:export[ \t]+|set[ \t]+|const[ \t]+|let[ \t]+|var[ \t]+)?"
    r"(?P<quote>[\"']?)(?P<name>[^\W\d][\w.$\[\] -]{0,80}?)(?P=quote)[ \t]*(?:=>|:=|[:=])(?P<value>[^\r\n]*)"
)
_ITEM = re.compile(r"(?P<indent>[ \t]*)-[ \t]+(?P<value>[^\r\n]+)")
_BLOCK = re.compile(r"[ \t]*(?:![\w!]+[ \t]+)?(?:&\w+[ \t]+)?[|>][-+0-9]{0,2}[ \t]*(?:#.*)?")
_HEREDOC = re.compile(r"[ \t]*<<[-~]?[ \t]*[\"']?(\w{1,40})[\"']?[ \t]*")
_LONGEST_HEREDOC = 10_000
_EMPTY = re.compile(r"[ \t]*(?:![\w!]+|&\w+)?[ \t]*(?:#.*)?")
_DOUBLE = re.compile(r"[ \t]*\"((?:[^\"\\]|\\.)*)\"", re.DOTALL)
_SINGLE = re.compile(r"[ \t]*'((?:[^']|'')*)'")
_PLAIN = re.compile(r"[ \t]*(?P<value>.*?)[ \t\r\n,;]*(?:[ \t]#[^\r\n]*)?\Z", re.DOTALL)
_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class _Parent:
    """A name with lines of a deeper indentation below it."""

    depth: int
    name: str


def line_spots(text: str) -> Iterator[Spot]:
    """The values of a text, in its order."""
    around: list[_Parent] = []
    position = 0
    while position < len(text):
        end = _line_end(text, position)
        named = _LINE.match(text, position, end)
        line = named or _ITEM.match(text, position, end)
        if line is not None:
            depth = len(line["indent"])
            while around and (around[-1].depth > depth or (named and around[-1].depth == depth)):
                around.pop()
            steps = tuple(parent.name for parent in around) + ((named["name"].strip(),) if named else ())
            if named and _EMPTY.fullmatch(named["value"]):
                if len(around) < _DEEPEST:
                    around.append(_Parent(depth, steps[-1]))
            elif steps:
                spot = _value(text, *line.span("value"), steps, depth)
                yield spot
                end = _line_end(text, spot.end) if spot.end > end else end
        position = end


def _value(text: str, start: int, end: int, steps: tuple[str, ...], depth: int) -> Spot:
    if _BLOCK.fullmatch(text, start, end):
        last = _block_end(text, _line_end(text, end), depth)
        lines = [line.strip() for line in text[end:last].splitlines()]
        return Spot(steps, start, last, "\n".join(lines).strip(), _as_line)
    heredoc = _HEREDOC.fullmatch(text, start, end)
    if heredoc is not None:
        first = _line_end(text, end)
        last = text.find(f"\n{heredoc[1]}", first - 1, first + _LONGEST_HEREDOC)
        if last >= first:
            return Spot(steps, first, last, text[first:last], as_is)
    quote = text[start:end].lstrip()[:1]
    if quote in ("'", '"'):
        pattern = _DOUBLE if quote == '"' else _SINGLE
        quoted = pattern.match(text, start, end)
        if quoted is None:
            quoted = pattern.match(text, start, _block_end(text, _line_end(text, end), depth))
        if quoted is not None:
            value = _unquoted(quoted[1]) if quote == '"' else quoted[1].replace("''", "'")
            return Spot(steps, *quoted.span(1), value, _in_double if quote == '"' else _in_single)
    end = _folded_end(text, end, depth)
    plain = _PLAIN.match(text, start, end)
    assert plain is not None
    return Spot(steps, *plain.span("value"), plain["value"], as_is)


def _line_end(text: str, position: int) -> int:
    line_feed = text.find("\n", position)
    return len(text) if line_feed < 0 else line_feed + 1


def _folded_end(text: str, end: int, depth: int) -> int:
    """Where a value without quotes ends that goes on in lines which are indented deeper and have no name."""
    position = _line_end(text, end)
    while position < len(text):
        after = _line_end(text, position)
        line = text[position:after]
        is_deeper = line.strip() != "" and len(line) - len(line.lstrip()) > depth
        if not is_deeper or _LINE.match(text, position, after) or _ITEM.match(text, position, after):
            break
        position, end = after, position + len(line.rstrip())
    return end


def _block_end(text: str, position: int, depth: int) -> int:
    """Where the lines end that are empty or indented deeper."""
    while position < len(text):
        end = _line_end(text, position)
        line = text[position:end]
        if line.strip() and len(line) - len(line.lstrip()) <= depth:
            break
        position = end
    return position


def _unquoted(inner: str) -> str:
    try:
        return str(json.loads(f'"{inner}"', strict=False))
    except ValueError:
        return inner


def _in_double(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _in_single(value: str) -> str:
    return value.replace("'", "''")


def _as_line(value: str) -> str:
    return f" {json.dumps(value, ensure_ascii=False)}\n"
