"""The parsed tree of a config as a Config; every wrong value is a diagnostic with its line and column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from clientsmith.config.model import Config, CredentialConfig, Numbers, Unsupported, place_of
from clientsmith.config.toml_spans import TYPE_NAMES, KeyPath, Position, described, dotted
from clientsmith.config.values import (
    did_you_mean,
    host_problem,
    identifier_problem,
    package_problem,
    path_problem,
)
from clientsmith.diagnostics.model import Diagnostics

_NAME_GROUPS = ("resources", "methods", "schemas", "parameters")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MOST_ARGUMENTS = 2
_MAX_FINDINGS = 100


def read_config(
    tree: Mapping[str, object], file: str, positions: Mapping[KeyPath, Position], diagnostics: Diagnostics
) -> Config | None:
    """The config that a tree means; paths in it start at `file`. None after reporting what is wrong."""
    reader = _Reader(file, positions, Diagnostics())
    config = None
    with suppress(_TooManyFindingsError):
        config = reader.config(tree)
    for diagnostic in reader.diagnostics:
        diagnostics.add(diagnostic)
    return None if reader.diagnostics.has_errors else config


class _TooManyFindingsError(Exception):
    """The config is not looked at any further; everything so far has been reported."""


@dataclass(slots=True)
class _Reader:
    """Walks the parsed tree once; a wrong value is reported and replaced by its default: all are found."""

    file: str
    positions: Mapping[KeyPath, Position]
    diagnostics: Diagnostics

    def config(self, tree: Mapping[str, object]) -> Config:
        self._known((), tree, ("document", "package", "tapes", "record", "names", "credentials", "runtime"))
        document = self._section(
            tree, "document", "path", "allow_remote_refs", "allow_invalid", "overlapping"
        )
        package = self._section(
            tree, "package", "name", "client", "out", "unsupported", "numbers", "allow_http"
        )
        tapes = self._section(tree, "tapes", "paths")
        record = self._section(tree, "record", "upstream", "tape")
        names = self._section(tree, "names", *_NAME_GROUPS)
        runtime = self._section(tree, "runtime", "from", "features")
        resources, methods, schemas, parameters = (self._names(names, group) for group in _NAME_GROUPS)
        return Config(
            document_path=self._path(document, "document", "path"),
            allow_remote_refs=document.get("allow_remote_refs") is True,
            remote_hosts=self._hosts(document, ("document", "allow_remote_refs")),
            allow_invalid=self._flag(document, "document", "allow_invalid"),
            overlapping=self._overlapping(document),
            package_name=self._identifier(package, "package", "name"),
            client_class=self._identifier(package, "package", "client"),
            out=self._path(package, "package", "out"),
            unsupported=self._unsupported(package),
            numbers=self._numbers(package),
            allow_http=self._flag(package, "package", "allow_http"),
            tapes=self._paths(tapes, "tapes", "paths"),
            upstream=self._text(record, ("record", "upstream")),
            tape_file=self._path(record, "record", "tape"),
            resource_names=resources,
            method_names=methods,
            schema_names=schemas,
            parameter_names=parameters,
            credentials=self._credentials(tree),
            runtime_from=self._runtime_from(runtime),
            runtime_features=self._runtime_features(runtime),
            file=self.file,
            positions=self.positions,
        )

    def _error(self, rule: str, path: KeyPath, message: str, hint: str | None = None) -> None:
        place = place_of(self.file, self.positions, path)
        if len(self.diagnostics) >= _MAX_FINDINGS:
            message = f"there are more than {_MAX_FINDINGS} findings; the rest was not looked at"
            self.diagnostics.error("config-too-much", message, place)
            raise _TooManyFindingsError
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

    def _runtime_from(self, table: Mapping[str, object]) -> str | None:
        path = ("runtime", "from")
        text = self._text(table, path)
        problem = None if text is None else package_problem(text)
        if problem is not None:
            self._error("config-bad-value", path, f"{text!r:.80} {problem}")
        elif text is not None and "features" in table:
            self._error(
                "config-bad-value",
                path,
                "cannot stand beside features: they belong to the package that it names",
            )
        return text

    def _overlapping(self, document: Mapping[str, object]) -> tuple[str, ...]:
        return self._texts(document.get("overlapping", []), ("document", "overlapping"), lambda _: True)

    def _runtime_features(self, table: Mapping[str, object]) -> tuple[str, ...]:
        return self._texts(table.get("features", []), ("runtime", "features"), bool)

    def _flag(self, table: Mapping[str, object], *path: str) -> bool:
        value = table.get(path[-1], False)
        return self._is(path, value, bool) and bool(value)

    def _hosts(self, table: Mapping[str, object], path: KeyPath) -> tuple[str, ...]:
        """The hosts that are named in place of `true`, which allows all public ones."""
        value = table.get(path[-1], False)
        if isinstance(value, bool):
            return ()
        if not isinstance(value, list):
            message = f"must be true, false or an array of hosts, not {described(value)}"
            self._error("config-wrong-type", path, message)
            return ()
        return self._texts(cast("list[object]", value), path, lambda text: self._is_host(path, text))

    def _is_host(self, path: KeyPath, text: str) -> bool:
        problem = host_problem(text)
        if problem is not None:
            self._error("config-bad-value", path, f"{text!r:.80} {problem}")
        return problem is None

    def _identifier(self, table: Mapping[str, object], *path: str) -> str | None:
        text = self._text(table, path)
        return text if text is not None and self._is_identifier(path, text) else None

    def _is_identifier(self, path: KeyPath, text: str) -> bool:
        problem = identifier_problem(text)
        if problem is not None:
            self._error("config-bad-name", path, f"{text!r} {problem}")
        return problem is None

    def _unsupported(self, package: Mapping[str, object]) -> Unsupported:
        return "skip" if self._choice(package, "unsupported", ("error", "skip")) == "skip" else "error"

    def _numbers(self, package: Mapping[str, object]) -> Numbers:
        return "decimal" if self._choice(package, "numbers", ("float", "decimal")) == "decimal" else "float"

    def _choice(self, package: Mapping[str, object], key: str, known: tuple[str, str]) -> str | None:
        path = ("package", key)
        text = self._text(package, path)
        if text is not None and text not in known:
            self._error("config-bad-value", path, f'must be "{known[0]}" or "{known[1]}", not {text!r}')
        return text

    def _names(self, names: Mapping[str, object], group: str) -> dict[str, str]:
        path = ("names", group)
        found: dict[str, str] = {}
        table = self._table(names, *path)
        for key in table:
            value = self._identifier(table, *path, key)
            if group == "parameters" and "." not in key:
                self._error("config-bad-value", (*path, key), 'must read "operationId.parameter"')
            elif value is not None:
                found[key] = value
        return found

    def _credentials(self, tree: Mapping[str, object]) -> dict[str, CredentialConfig]:
        schemes = self._table(tree, "credentials")
        return {scheme: self._credential(schemes, ("credentials", scheme)) for scheme in schemes}

    def _credential(self, schemes: Mapping[str, object], path: KeyPath) -> CredentialConfig:
        table = self._table(schemes, *path)
        self._known(path, table, ("arguments", "environment"))
        arguments = self._arguments(table, (*path, "arguments"))
        environment = self._environment(table, (*path, "environment"))
        wanted = {len(row) for row in environment} | ({len(arguments)} if arguments else set[int]())
        if len(wanted) > 1 and not self.diagnostics.has_errors:
            message = "every row must name one variable for each argument"
            self._error("config-bad-value", (*path, "environment"), message)
        return CredentialConfig(arguments, environment)

    def _arguments(self, table: Mapping[str, object], path: KeyPath) -> tuple[str, ...] | None:
        if "arguments" not in table:
            return None
        texts = self._texts(table["arguments"], path, lambda text: self._is_identifier(path, text))
        wrong = not 1 <= len(texts) <= _MOST_ARGUMENTS or len(set(texts)) != len(texts)
        if wrong and not self.diagnostics.has_errors:
            self._error("config-bad-value", path, "must hold one or two different names")
        return texts

    def _environment(self, table: Mapping[str, object], path: KeyPath) -> tuple[tuple[str, ...], ...]:
        value = table.get("environment", [])
        rows = (
            self._texts(row, path, lambda text: self._is_variable(path, text))
            for row in self._list(path, value)
        )
        return tuple(row for row in rows if row)

    def _is_variable(self, path: KeyPath, text: str) -> bool:
        if _VARIABLE.fullmatch(text):
            return True
        self._error("config-bad-name", path, f"{text!r} cannot be the name of an environment variable")
        return False

    def _texts(self, value: object, path: KeyPath, accept: Callable[[str], bool]) -> tuple[str, ...]:
        texts = (str(text) for text in self._list(path, value) if self._is(path, text, str))
        return tuple(text for text in texts if accept(text))

    def _list(self, path: KeyPath, value: object) -> list[object]:
        return cast("list[object]", value) if self._is(path, value, list) else []
