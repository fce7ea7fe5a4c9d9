"""What one run is asked for: the flags of the command line laid over the config; nothing is printed or run here."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from clientsmith.config.load import DEFAULT_NAME, load_config
from clientsmith.config.model import Config
from clientsmith.config.values import identifier_problem
from clientsmith.diagnostics.model import Diagnostics

if TYPE_CHECKING:
    import argparse


@dataclass(frozen=True, slots=True)
class Request:
    """The document, the folder of the package, the settings, and a folder of templates that override ours."""

    document: str
    out: str
    config: Config
    templates: str | None


def read_request(options: argparse.Namespace, diagnostics: Diagnostics) -> Request | None:
    """The request of a parsed `generate` or `check`; None where the config, a flag, or both together are at fault."""
    config = config_of(options.spec, options.config, diagnostics)
    if config is None:
        return None
    document = config.document_path if options.spec is None else options.spec
    out = config.out if options.out is None else options.out
    problem = None if options.package is None else identifier_problem(options.package)
    if problem is not None:
        diagnostics.error("usage", f"--package: {options.package!r} {problem}")
    if not document:
        hint = f"name it: clientsmith {options.command} openapi.yaml, or document.path in {DEFAULT_NAME}"
        diagnostics.error("usage", "no document given", hint=hint)
    if not out:
        hint = f"name it: --out DIR, or package.out in {DEFAULT_NAME}"
        diagnostics.error("usage", "no package folder given", hint=hint)
    if problem is not None or not document or not out:
        return None
    return Request(document, out, _overlaid(config, options), options.templates)


def config_of(document: str | None, path: str | None, diagnostics: Diagnostics) -> Config | None:
    """The config to read a document with: the one named, else the default file unless it is about another document."""
    config = load_config(path, diagnostics)
    if config is None or path is not None or document is None:
        return config
    other = config.document_path is not None and not _same_file(config.document_path, document)
    return Config() if other else config


def with_remote(config: Config, options: argparse.Namespace) -> Config:
    """The config with what the flag `--allow-remote-refs[=HOST]` allows besides."""
    named = tuple(host for host in options.allow_remote_refs if host)
    return replace(
        config,
        allow_remote_refs=config.allow_remote_refs or "" in options.allow_remote_refs,
        remote_hosts=(*config.remote_hosts, *named),
    )


def _same_file(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _overlaid(config: Config, options: argparse.Namespace) -> Config:
    return replace(
        with_remote(config, options),
        package_name=config.package_name if options.package is None else options.package,
        unsupported="skip" if options.skip_unsupported else config.unsupported,
        allow_invalid=options.allow_invalid or config.allow_invalid,
    )
