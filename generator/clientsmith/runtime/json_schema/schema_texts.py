"""The JSON Schemas that come with a package, parsed one by one as they are first needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from ..values.first_use import once
from ..values.forks import whole_at_a_fork
from ..values.json_codec import parse
from .violations import Violation

if TYPE_CHECKING:
    from .json_schema import Checker

_MOST: Final = 1000
"""Violations that are collected of one value: it could be made to have as many as it has bytes."""


class SchemaTexts:
    """Schemas by key; `load` gives them as texts."""

    def __init__(self, load: Callable[[], Mapping[str, str]]) -> None:
        self._load = load
        self._parsed: dict[str, Any] = {}

    def broken(self, key: str, value: Any) -> tuple[Violation, ...]:
        """Every place, up to 1,000, in which a JSON value breaks the schema of that key."""
        try:
            return tuple(islice(self.checker().violations(key, value), _MOST))
        except RecursionError:
            return (Violation((), "depth", "is nested too deeply to be checked"),)

    def checker(self) -> Checker:
        """What checks one value."""
        with whole_at_a_fork():
            from .json_schema import Checker
        return Checker(self._schema)

    @once
    def _texts(self) -> Mapping[str, str]:
        with whole_at_a_fork():
            return self._load()

    def _schema(self, key: str) -> Any:
        """A schema by its key, None if the package has none of that key."""
        if key not in self._parsed:
            text = self._texts.get(key)
            self._parsed[key] = None if text is None else parse(text.encode())
        return self._parsed[key]
