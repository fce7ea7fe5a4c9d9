"""Finds the start of a quote that is not closed: parsers stop at what follows, lines further down."""

from __future__ import annotations

import re

import yaml

from clientsmith.document.text.yaml_parsers import event_source

MESSAGE = "the quote that begins here is not closed where it should be"

_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)


def in_json(source: str, position: int) -> int | None:
    """The start of the string that is around `position`, or that ends right before a word there; None without one."""
    start = source.find('"')
    while 0 <= start < position:
        found = _STRING.match(source, start)
        end = len(source) if found is None else found.end()
        if position < end or (position == end and source[end : end + 1].isalnum()):
            return start
        start = source.find('"', end)
    return None


def described(source: str, error: yaml.MarkedYAMLError) -> tuple[str, int]:
    """What is wrong with a text that is not YAML, and where."""
    start = _in_yaml(source, error)
    if start is not None:
        return MESSAGE, start
    mark = error.problem_mark or error.context_mark
    message = ", ".join(part for part in (error.context, error.problem) if part)
    return message, int(mark.index) if mark else 0


def _in_yaml(source: str, error: yaml.MarkedYAMLError) -> int | None:
    """The start of the quoted scalar without an end, or of the last one before what was not expected; else None."""
    mark, ends = error.problem_mark, (error.problem or "").startswith("found unexpected")
    if ends and "quoted scalar" in (error.context or "") and error.context_mark is not None:
        return int(error.context_mark.index)  # an escape that is none is another fault, at its own place
    quoted = _last_quoted(source)
    start, stop = (None, None) if quoted is None else (quoted.start_mark, quoted.end_mark)
    if start is None or stop is None or mark is None:
        return None
    end, position = int(stop.index), int(mark.index)
    is_long = start.line < stop.line == mark.line and not source[end:position].strip()
    is_adjacent = position == end and source[end : end + 1].isalnum()
    return int(start.index) if is_long or is_adjacent else None


def _last_quoted(source: str) -> yaml.ScalarEvent | None:
    """The last quoted scalar before the fault of a text that is not YAML."""
    parser, last = event_source(source), None
    try:
        while (event := parser.get_event()) is not None:
            if isinstance(event, yaml.ScalarEvent) and event.style in ("'", '"'):
                last = event
    except yaml.MarkedYAMLError:
        return last
    return None
