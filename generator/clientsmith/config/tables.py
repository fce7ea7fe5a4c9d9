"""The tables of a parsed TOML file, read key by key; every wrong value is a diagnostic with its line and column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from clientsmith.config.model import place_of
from clientsmith.config.toml_spans import TYPE_NAMES, KeyPath, Position, described, dotted
from clientsmith.config.values import did_you_mean, identifier_problem, path_problem
from clientsmith.diagnostics.model import Diagnostics

_MAX_FINDINGS = 100


class TooManyFindingsError(Exception):
    """The config is not looked at any further; everything so far has been reported."""


@dataclass(slots=True)
class TableReader:
    """Reads values of a tree; a wrong one is reported and replaced by its default, so that all are found."""

    file: str
    positions: Mapping[KeyPath, Position]
    diagnostics: Diagnostics

    def _error(self, rule: str, path: KeyPath, message: str, hint: str | None = None) -> None:
        place = place_of(self.file, self.positions, path)
        if len(self.diagnostics) >= _MAX_FINDINGS:
            message = f"there are more than {_MAX_FINDINGS} findings; the rest was not looked at"
            self.diagnostics.error("config-too-much", message, place)
            raise TooManyFindingsError
        self.diagnostics.error(rule, f"{dotted(path):.200}: {message}", place, hint=hint)

    def _known(self, path: KeyPath, table: Mapping[str, object], known: Iterable[str]) -> None:
        for key in table:
            if key not in known:
                where = f"[{dotted(path)}]" if path else "the config"
                self._error(
                    "config-unknown-key", (*path, key), f"unknown key in {where}", did_you_mean(key, known)
                )

    def _is(self, path: KeyPath, value: object, kind: type) -> bool:
        if type(value) is kind:
            return True
        self._error("config-wrong-type", path, f"must be {TYPE_NAMES[kind]}, not {described(value)}")
        return False

    def _table(self, tree: Mapping[str, object], *path: str) -> Mapping[str, object]:
        value = tree.get(path[-1], {})
        return cast("Mapping[str, object]", value) if self._is(path, value, dict) else {}

    def _section(self, tree: Mapping[str, object], name: str, *known: str) -> Mapping[str, object]:
        table = self._table(tree, name)
        self._known((name,), table, known)
        return table

    def _tables(self, path: KeyPath, value: object) -> list[tuple[KeyPath, Mapping[str, object]]]:
        """The tables of an array, each with its path."""
        paths = [((*path, str(index)), one) for index, one in enumerate(self._list(path, value))]
        return [(at, cast("Mapping[str, object]", one)) for at, one in paths if self._is(at, one, dict)]

    def _pattern(self, table: Mapping[str, object], path: KeyPath) -> str | None:
        text = self._text(table, path)
        if text is not None and not text.partition("#")[2 if "#" in text else 0].startswith("/"):
            message = (
                f"{text!r:.80} is not a pattern of JSON pointers such as /paths/~1pets/** or file.yaml#/Pet"
            )
            self._error("config-bad-value", path, message)
        return text

    def _text(self, table: Mapping[str, object], path: KeyPath) -> str | None:
        if path[-1] not in table:
            return None
        value = table[path[-1]]
        if not self._is(path, value, str):
            return None
        if not value:
            self._error("config-bad-value", path, "must not be empty")
            return None
        return str(value)

    def _path(self, table: Mapping[str, object], *path: str) -> str | None:
        text = self._text(table, path)
        return str(Path(self.file).parent / text) if text is not None and self._is_path(path, text) else None

    def _paths(self, table: Mapping[str, object], *path: str) -> tuple[str, ...]:
        texts = self._texts(table.get(path[-1], []), path, lambda text: self._is_path(path, text))
        return tuple(str(Path(self.file).parent / text) for text in texts)

    def _is_path(self, path: KeyPath, text: str) -> bool:
        problem = path_problem(text)
        if problem is not None:
            self._error("config-bad-value", path, problem)
        return problem is None

    def _flag(self, table: Mapping[str, object], *path: str) -> bool:
        value = table.get(path[-1], False)
        return self._is(path, value, bool) and bool(value)

    def _identifier(self, table: Mapping[str, object], *path: str) -> str | None:
        text = self._text(table, path)
        return text if text is not None and self._is_identifier(path, text) else None

    def _is_identifier(self, path: KeyPath, text: str) -> bool:
        problem = identifier_problem(text)
        if problem is not None:
            self._error("config-bad-name", path, f"{text!r} {problem}")
        return problem is None

    def _choice(self, table: Mapping[str, object], path: KeyPath, known: tuple[str, ...]) -> str | None:
        text = self._text(table, path)
        if text is not None and text not in known:
            choices = " or ".join(f'"{one}"' for one in known)
            self._error("config-bad-value", path, f"must be {choices}, not {text!r}")
        return text

    def _texts(self, value: object, path: KeyPath, accept: Callable[[str], bool]) -> tuple[str, ...]:
        texts = (str(text) for text in self._list(path, value) if self._is(path, text, str))
        return tuple(text for text in texts if accept(text))

    def _list(self, path: KeyPath, value: object) -> list[object]:
        return cast("list[object]", value) if self._is(path, value, list) else []
