"""The parsed tree of a config as a Config; every wrong value is a diagnostic with its line and column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from clientsmith.config.model import (
    CHANGE_LEVELS,
    FAIL_ON,
    LEVELS,
    ChangedLevel,
    ChangeLevel,
    Config,
    CredentialConfig,
    FailOn,
    LintRule,
    Numbers,
    Unsupported,
    place_of,
)
from clientsmith.config.tables import TableReader, TooManyFindingsError
from clientsmith.config.toml_spans import KeyPath, Position, described
from clientsmith.config.values import (
    did_you_mean,
    host_problem,
    package_problem,
)
from clientsmith.diagnostics.catalogue import may_be_changed, rules
from clientsmith.diagnostics.model import Diagnostics

_NAME_GROUPS = ("resources", "methods", "schemas", "parameters")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MOST_ARGUMENTS = 2


def read_config(
    tree: Mapping[str, object], file: str, positions: Mapping[KeyPath, Position], diagnostics: Diagnostics
) -> Config | None:
    """The config that a tree means; paths in it start at `file`. None after reporting what is wrong."""
    reader = _Reader(file, positions, Diagnostics())
    config = None
    with suppress(TooManyFindingsError):
        config = reader.config(tree)
    for diagnostic in reader.diagnostics:
        diagnostics.add(diagnostic)
    return None if reader.diagnostics.has_errors else config


@dataclass(slots=True)
class _Reader(TableReader):
    """Walks the parsed tree once; a wrong value is reported and replaced by its default: all are found."""

    def _sections(self, tree: Mapping[str, object]) -> tuple[Mapping[str, object], ...]:
        known = (
            *("document", "package", "tapes", "record", "names", "credentials"),
            *("runtime", "lint", "diff", "upstream", "custom"),
        )
        self._known((), tree, known)
        return (
            self._section(
                tree, "document", "path", "root", "allow_remote_refs", "allow_invalid", "overlapping"
            ),
            self._section(tree, "package", "name", "client", "out", "unsupported", "numbers", "allow_http"),
            self._section(tree, "tapes", "paths"),
            self._section(tree, "record", "upstream", "tape"),
            self._section(tree, "names", *_NAME_GROUPS),
            self._section(tree, "runtime", "from", "features"),
            self._section(tree, "lint", "baseline", "rules"),
            self._section(tree, "diff", "ignore", "fail_on", "levels"),
            self._section(tree, "upstream", "document", "deviations"),
            self._section(tree, "custom", "paths", "root"),
        )

    def config(self, tree: Mapping[str, object]) -> Config:
        document, package, tapes, record, names, runtime, lint, diff, upstream, custom = self._sections(tree)
        resources, methods, schemas, parameters = (self._names(names, group) for group in _NAME_GROUPS)
        return Config(
            document_path=self._path(document, "document", "path"),
            document_root=self._path(document, "document", "root"),
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
            lint_rules=self._lint_rules(lint),
            baseline=self._path(lint, "lint", "baseline"),
            diff_ignore=self._path(diff, "diff", "ignore"),
            fail_on=cast("FailOn | None", self._choice(diff, ("diff", "fail_on"), FAIL_ON)),
            changed_levels=self._changed_levels(diff),
            official=self._path(upstream, "upstream", "document"),
            deviations=self._path(upstream, "upstream", "deviations"),
            custom_paths=self._paths(custom, "custom", "paths"),
            custom_root=self._path(custom, "custom", "root"),
            file=self.file,
            positions=self.positions,
        )

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

    def _unsupported(self, package: Mapping[str, object]) -> Unsupported:
        return (
            "skip"
            if self._choice(package, ("package", "unsupported"), ("error", "skip")) == "skip"
            else "error"
        )

    def _numbers(self, package: Mapping[str, object]) -> Numbers:
        return (
            "decimal"
            if self._choice(package, ("package", "numbers"), ("float", "decimal")) == "decimal"
            else "float"
        )

    def _lint_rules(self, lint: Mapping[str, object]) -> tuple[LintRule, ...]:
        listed = self._tables(("lint", "rules"), lint.get("rules", []))
        found = (self._lint_rule(path, table) for path, table in listed)
        return tuple(rule for rule in found if rule is not None)

    def _reason(self, table: Mapping[str, object], path: KeyPath) -> str | None:
        text = self._text(table, path)
        if text is not None and not text.strip():
            self._error("config-bad-value", path, "must say why")
        return text

    def _lint_rule(self, path: KeyPath, table: Mapping[str, object]) -> LintRule | None:
        self._known(path, table, ("rule", "level", "place", "reason"))
        for key in ("rule", "level", "reason"):
            if key not in table:
                self._error("config-bad-value", (*path, key), "is missing; every entry has one")
        id = self._text(table, (*path, "rule"))
        level = self._choice(table, (*path, "level"), LEVELS)
        reason, pattern = self._reason(table, (*path, "reason")), self._pattern(table, (*path, "place"))
        if id is not None and id not in rules():
            message = f"no finding has the id {id!r:.80}"
            self._error("config-unknown-name", (*path, "rule"), message, did_you_mean(id, rules()))
        elif id is not None and not may_be_changed(id):
            message = f"{id!r} makes `generate` refuse, and cannot be changed"
            self._error("config-bad-value", (*path, "rule"), message)
        elif id is not None and level in LEVELS and reason is not None:
            return LintRule(id, level, reason, pattern, place_of(self.file, self.positions, path))
        return None

    def _changed_levels(self, diff: Mapping[str, object]) -> tuple[ChangedLevel, ...]:
        """Levels by rule, or tables of them by the level that a change of the rule would have."""
        path = ("diff", "levels")
        table = self._table(diff, *path)
        found: list[ChangedLevel] = []
        for rule, value in table.items():
            if not isinstance(value, dict):
                found += self._changed_level(table, (*path, rule), rule, None)
                continue
            inner = self._table(table, *path, rule)
            self._known((*path, rule), inner, CHANGE_LEVELS)
            for level in CHANGE_LEVELS:
                found += self._changed_level(inner, (*path, rule, level), rule, level)
        return tuple(found)

    def _changed_level(
        self, table: Mapping[str, object], path: KeyPath, rule: str, instead_of: ChangeLevel | None
    ) -> list[ChangedLevel]:
        level = cast("ChangeLevel | None", self._choice(table, path, CHANGE_LEVELS))
        place = place_of(self.file, self.positions, path)
        return [] if level not in CHANGE_LEVELS else [ChangedLevel(rule, level, instead_of, place)]

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
