"""`clientsmith.toml` read into a frozen Config; every mistake in it is a diagnostic with its line and column.

What the names refer to in a document is not known here: the API builder tells which of them match nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from clientsmith.diagnostics import Diagnostics, Place, Span
from clientsmith.input_file import InputFileError, read_input
from clientsmith.toml_spans import (
    KeyPath,
    Position,
    excess,
    locate_keys,
    split_error,
)

Unsupported: TypeAlias = Literal["error", "skip"]

DEFAULT_NAME = "clientsmith.toml"
_MAX_BYTES = 1024 * 1024
"""The largest config that is read: room for 10,000 names."""


@dataclass(frozen=True, slots=True)
class CredentialConfig:
    """How a security scheme shows up in the client: constructor arguments and environment variables for them."""

    arguments: tuple[str, ...] | None = None
    environment: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one run. Paths are relative to the working directory, no longer to the config file."""

    document_path: str | None = None
    allow_remote_refs: bool = False
    """Whether documents of public hosts are fetched."""
    remote_hosts: tuple[str, ...] = ()
    """The hosts whose documents are fetched wherever these hosts are."""
    allow_invalid: bool = False
    package_name: str | None = None
    client_class: str | None = None
    out: str | None = None
    unsupported: Unsupported = "error"
    resource_names: Mapping[str, str] = field(default_factory=dict[str, str])
    method_names: Mapping[str, str] = field(default_factory=dict[str, str])
    schema_names: Mapping[str, str] = field(default_factory=dict[str, str])
    parameter_names: Mapping[str, str] = field(default_factory=dict[str, str])
    credentials: Mapping[str, CredentialConfig] = field(default_factory=dict[str, CredentialConfig])
    file: str | None = None
    positions: Mapping[KeyPath, Position] = field(default_factory=dict[KeyPath, Position], repr=False)

    def place(self, *path: str) -> Place:
        """Where a key stands in the config file, such as `place("names", "methods", "listPets")`."""
        return place_of(self.file, self.positions, path)

    def digest(self) -> str:
        """A sha256 (hex) of what shapes the output: not of comments, key order, or where the files are."""
        meaning = {
            "allow_remote_refs": self.allow_remote_refs or bool(self.remote_hosts),
            "allow_invalid": self.allow_invalid,
            "package_name": self.package_name,
            "client_class": self.client_class,
            "unsupported": self.unsupported,
            "resource_names": dict(self.resource_names),
            "method_names": dict(self.method_names),
            "schema_names": dict(self.schema_names),
            "parameter_names": dict(self.parameter_names),
            "credentials": {key: [c.arguments, c.environment] for key, c in self.credentials.items()},
        }
        return hashlib.sha256(json.dumps(meaning, sort_keys=True).encode()).hexdigest()


def load_config(path: str | None, diagnostics: Diagnostics) -> Config | None:
    """The config in `path`, else that of the working directory, else defaults; None where the file is at fault."""
    file = path or DEFAULT_NAME
    if path is None and not Path(file).exists():
        return Config()
    try:
        text = read_input(file, _MAX_BYTES).decode("utf-8-sig").replace("\r\n", "\n")
    except InputFileError as error:
        diagnostics.error("config-unreadable", f"the config file {file} {error}", hint=error.hint)
        return None
    except UnicodeDecodeError as error:
        diagnostics.error(
            "config-unreadable", f"the config file {file} is not UTF-8 text (byte {error.start})"
        )
        return None
    return parse_config(text, file, diagnostics)


def parse_config(text: str, file: str, diagnostics: Diagnostics) -> Config | None:
    """The config of a TOML text; `file` names it in diagnostics, and its folder is where paths in it start."""
    import tomllib

    surplus = excess(text)
    if surplus is not None:
        message, (line, column) = surplus
        diagnostics.error("config-too-much", message, Place(span=Span(file, line, column)))
        return None
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, (line, column) = split_error(str(error), text)
        diagnostics.error("config-syntax", f"not valid TOML: {message}", Place(span=Span(file, line, column)))
        return None
    from clientsmith.config_reader import read_config

    return read_config(tree, file, locate_keys(text), diagnostics)


def place_of(file: str | None, positions: Mapping[KeyPath, Position], path: KeyPath) -> Place:
    """Where a key is, or else the closest table above it that the file has."""
    if file is None:
        return Place()
    for length in range(len(path), 0, -1):
        if path[:length] in positions:
            return Place(span=Span(file, *positions[path[:length]]))
    return Place(span=Span(file, 1, 1))
