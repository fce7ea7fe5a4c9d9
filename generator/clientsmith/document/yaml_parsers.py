"""The two parsers that YAML events come from, libyaml and PyYAML's own; what events mean is decided elsewhere."""

from __future__ import annotations

import importlib
from typing import Protocol, cast

import yaml
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner


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
