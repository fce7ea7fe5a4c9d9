"""The two parsers that YAML events come from, libyaml and PyYAML's own; what events mean is decided elsewhere."""

from __future__ import annotations

import importlib
import re
from itertools import islice
from typing import Protocol, cast

import yaml
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

MAX_TAG_DIRECTIVES = 100
"""libyaml compares every `%TAG` line with all lines before it."""

_TAG_DIRECTIVE = re.compile(r"^%TAG", re.MULTILINE)


class _PureParser(Reader, Scanner, Parser):
    """PyYAML's own parser, for where libyaml is missing."""

    def __init__(self, source: str) -> None:
        Reader.__init__(self, source)
        Scanner.__init__(self)
        Parser.__init__(self)


class EventSource(Protocol):
    """The part of a YAML parser that is used here."""

    def get_event(self) -> yaml.Event | None: ...


def event_source(source: str, *, pure: bool = False) -> EventSource:
    """A parser of the text: libyaml where it is installed and not refused by `pure`, else the slow one."""
    if not pure:
        try:
            return cast("EventSource", importlib.import_module("yaml._yaml").CParser(source))
        except ImportError:
            pass
    return _PureParser(source)


def surplus_tag_directive(source: str) -> int | None:
    """The offset of the first `%TAG` line beyond those that a text may have; None if there is none."""
    found = next(islice(_TAG_DIRECTIVE.finditer(source), MAX_TAG_DIRECTIVES, None), None)
    return None if found is None else found.start()
