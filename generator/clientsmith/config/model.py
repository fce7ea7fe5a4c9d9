"""The settings of one run as frozen data, each with its place in `clientsmith.toml`; reading the file is `load`'s.

What the names refer to in a document is not known here: the API builder tells which of them match nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from clientsmith.config.toml_spans import KeyPath, Position
from clientsmith.diagnostics.model import Place, Span

Unsupported: TypeAlias = Literal["error", "skip"]
Level: TypeAlias = Literal["off", "note", "warning", "error"]
Numbers: TypeAlias = Literal["float", "decimal"]

FailOn: TypeAlias = Literal["breaking", "warning", "info", "never"]
ChangeLevel: TypeAlias = Literal["breaking", "warning", "info", "none"]

LEVELS: tuple[Level, ...] = ("off", "note", "warning", "error")
FAIL_ON: tuple[FailOn, ...] = ("breaking", "warning", "info", "never")
CHANGE_LEVELS: tuple[ChangeLevel, ...] = ("breaking", "warning", "info", "none")


@dataclass(frozen=True, slots=True)
class CredentialConfig:
    """How a security scheme shows up in the client: constructor arguments and environment variables for them."""

    arguments: tuple[str, ...] | None = None
    environment: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class LintRule:
    """What a finding weighs in `lint`, everywhere or at the places that a pattern of JSON pointers names."""

    id: str
    level: Level
    reason: str
    pattern: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class ChangedLevel:
    """What changes of a rule weigh in `diff`: all of them, or those that would have one certain level."""

    rule: str
    level: ChangeLevel
    instead_of: ChangeLevel | None
    place: Place


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one run. Paths are relative to the working directory, no longer to the config file."""

    document_path: str | None = None
    document_root: str | None = None
    """The folder that references may lead to files of; without it that of the document."""
    allow_remote_refs: bool = False
    """Whether documents of public hosts are fetched."""
    remote_hosts: tuple[str, ...] = ()
    """The hosts whose documents are fetched wherever these hosts are."""
    allow_invalid: bool = False
    overlapping: tuple[str, ...] = ()
    """The places of `oneOf`s of which a value may fit several members."""
    package_name: str | None = None
    client_class: str | None = None
    out: str | None = None
    unsupported: Unsupported = "error"
    numbers: Numbers = "float"
    """What a received number is read as if its schema does not say `format: decimal`."""
    allow_http: bool = False
    """Whether clients may use plain http beyond this machine by default."""
    tapes: tuple[str, ...] = ()
    """HAR files, or folders of them, that `serve` and `conform` replay."""
    upstream: str | None = None
    """The URL of the service that `record` passes calls on to."""
    tape_file: str | None = None
    """The HAR file that `record` writes."""
    resource_names: Mapping[str, str] = field(default_factory=dict[str, str])
    method_names: Mapping[str, str] = field(default_factory=dict[str, str])
    schema_names: Mapping[str, str] = field(default_factory=dict[str, str])
    parameter_names: Mapping[str, str] = field(default_factory=dict[str, str])
    credentials: Mapping[str, CredentialConfig] = field(default_factory=dict[str, CredentialConfig])
    runtime_from: str | None = None
    """The package whose runtime is shared: an absolute name, or one relative to the package, as in `..other`."""
    runtime_features: tuple[str, ...] = ()
    """Features of the runtime beyond those that the package itself needs, for packages that share it."""
    lint_rules: tuple[LintRule, ...] = ()
    baseline: str | None = None
    """The file of findings that `lint` accepts."""
    diff_ignore: str | None = None
    """The file of changes that `diff` ignores."""
    fail_on: FailOn | None = None
    """The level from which on a change makes `diff` fail."""
    changed_levels: tuple[ChangedLevel, ...] = ()
    custom_paths: tuple[str, ...] = ()
    """Code of the team beside the package: `generate` and `check` never touch it."""
    custom_root: str | None = None
    """The folder that its imports start at, if that is not above the topmost package around the generated one."""
    official: str | None = None
    """The vendor's own document, which `upstream` compares with ours."""
    deviations: str | None = None
    """The file of differences from it that are there on purpose."""
    file: str | None = None
    positions: Mapping[KeyPath, Position] = field(default_factory=dict[KeyPath, Position], repr=False)

    def place(self, *path: str) -> Place:
        """Where a key stands in the config file, such as `place("names", "methods", "listPets")`."""
        return place_of(self.file, self.positions, path)

    def digest(self) -> str:
        """A sha256 (hex) of what shapes the output: not of comments, key order, or where the files are."""
        meaning: dict[str, object] = {
            "allow_remote_refs": self.allow_remote_refs or bool(self.remote_hosts),
            "allow_invalid": self.allow_invalid,
            "package_name": self.package_name,
            "client_class": self.client_class,
            "unsupported": self.unsupported,
            "numbers": self.numbers,
            "allow_http": self.allow_http,
            "resource_names": dict(self.resource_names),
            "method_names": dict(self.method_names),
            "schema_names": dict(self.schema_names),
            "parameter_names": dict(self.parameter_names),
            "runtime": [self.runtime_from, sorted(self.runtime_features)],
            "credentials": {key: [c.arguments, c.environment] for key, c in self.credentials.items()},
        }
        if self.overlapping:
            meaning["overlapping"] = sorted(self.overlapping)
        return hashlib.sha256(json.dumps(meaning, sort_keys=True).encode()).hexdigest()


def place_of(file: str | None, positions: Mapping[KeyPath, Position], path: KeyPath) -> Place:
    """Where a key is, or else the closest table above it that the file has."""
    if file is None:
        return Place()
    for length in range(len(path), 0, -1):
        if path[:length] in positions:
            return Place(span=Span(file, *positions[path[:length]]))
    return Place(span=Span(file, 1, 1))
