"""What one run is asked for: the flags of the command line laid over the config; nothing is printed or run here."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from clientsmith.config.load import DEFAULT_NAME, load_config
from clientsmith.config.model import Config
from clientsmith.config.values import folder_problem, importable
from clientsmith.diagnostics.model import NOWHERE, Diagnostics
from clientsmith.exchange.mix import report_mix
from clientsmith.input_file import stream_number

if TYPE_CHECKING:
    import argparse

DEFAULT_DEVIATIONS = "deviations.yaml"

_FIELDS = {
    "spec": "document_path",
    "out": "out",
    "name": "package_name",
    "upstream": "upstream",
    "tape_file": "tape_file",
    "allow_invalid": "allow_invalid",
}
"""The flags, as argparse stores them, that replace a setting of the config when they are given."""


@dataclass(frozen=True, slots=True)
class Request:
    """The document of a run, and the config with the flags over it."""

    document: str
    config: Config


@dataclass(frozen=True, slots=True)
class PackageRequest(Request):
    """The same with the package folder, and with a folder of templates that override ours."""

    out: str
    templates: str | None = None


def read_request(options: argparse.Namespace, diagnostics: Diagnostics) -> Request | None:
    """The request of any parsed command; None after reporting what is wrong with the config or missing."""
    config = _config(options, diagnostics, options.spec)
    if config is None or not _has_document(config, options, diagnostics):
        return None
    return Request(config.document_path or "", config)


def read_package_request(options: argparse.Namespace, diagnostics: Diagnostics) -> PackageRequest | None:
    """The request of a command that is about a package as well."""
    config = _config(options, diagnostics, options.spec)
    return None if config is None else _package_request(config, options, diagnostics)


def read_update_request(options: argparse.Namespace, diagnostics: Diagnostics) -> PackageRequest | None:
    """The request of `update`, which settles what an interrupted one left itself."""
    config = _overlaid_config(options, diagnostics)
    return None if config is None else _package_request(config, options, diagnostics)


def _package_request(
    config: Config, options: argparse.Namespace, diagnostics: Diagnostics
) -> PackageRequest | None:
    has_document = _has_document(config, options, diagnostics)
    if config.out is None:
        flag = "--package" if options.command == "conform" else "--out"
        hint = f"name it: {flag} DIR, or package.out in {DEFAULT_NAME}"
        diagnostics.error("usage", "no package folder given", hint=hint)
    if config.out is not None and options.command in ("generate", "update"):
        _check_folder(config.out, config, options, diagnostics)
    if config.out is not None:
        _check_custom(config.out, config, diagnostics)
    if not has_document or config.out is None or diagnostics.has_errors:
        return None
    templates = getattr(options, "templates", None)
    return PackageRequest(config.document_path or "", config, config.out, templates)


@dataclass(frozen=True, slots=True)
class DiffRequest:
    """Both sides of a comparison, as they are named, and for whom: `wire`, `python` (callers) or `both`.

    The config has the flags over it. `package` is the folder of the package that callers of OLD have. `document` is the
    file of a revision alone (`REV:`) if NEW names no file either.
    """

    old: str
    new: str
    config: Config
    level: str
    package: str | None = None
    document: str | None = None


def read_diff_request(options: argparse.Namespace, diagnostics: Diagnostics) -> DiffRequest | None:
    """The request of `diff`; None after reporting what is wrong with the config or missing."""
    is_of_config = options.new is None or _are_without_file(options.old, options.new)
    named = () if is_of_config else (options.old, options.new)
    config = _config(options, diagnostics, *named)
    if config is None or (options.new is None and not _has_document(config, options, diagnostics)):
        return None
    new, document = options.new or config.document_path or "", config.document_path if is_of_config else None
    return DiffRequest(options.old or "HEAD:", new, config, options.level, options.package, document)


def _are_without_file(old: str, new: str) -> bool:
    """Whether one side is a revision alone, as in `HEAD:`, and the other one names no file that it could be of."""
    revisions = [one for one in (old, new) if one.endswith(":") and not os.path.lexists(one)]
    streams = [one for one in (old, new) if stream_number(one) is not None]
    return bool(revisions) and len(revisions) + len(streams) == len((old, new))


@dataclass(frozen=True, slots=True)
class UpstreamRequest:
    """The vendor's document and ours, and the file of deviations."""

    documents: DiffRequest
    deviations: str


def read_upstream_request(options: argparse.Namespace, diagnostics: Diagnostics) -> UpstreamRequest | None:
    """The request of `upstream`; None after reporting what is wrong with the config or missing."""
    named = () if options.against is None else (options.against,)
    config = _config(options, diagnostics, *named)
    if config is None:
        return None
    official, ours = options.official or config.official, options.against or config.document_path
    if official is None:
        hint = f"name it: clientsmith upstream official.yaml, or upstream.document in {DEFAULT_NAME}"
        diagnostics.error("usage", "no document of the vendor given", hint=hint)
    if ours is None:
        hint = f"name it: --against openapi.yaml, or document.path in {DEFAULT_NAME}"
        diagnostics.error("usage", "no document of ours given", hint=hint)
    if official is None or ours is None or report_mix([official], diagnostics):
        return None
    deviations = options.deviations or config.deviations or DEFAULT_DEVIATIONS
    return UpstreamRequest(DiffRequest(official, ours, config, "wire"), deviations)


def _check_folder(out: str, config: Config, options: argparse.Namespace, diagnostics: Diagnostics) -> None:
    """Report a folder name that no program can import, unless the config or a flag gives another import name."""
    path = Path(os.path.normpath(Path(out).absolute()))  # links keep their own names
    folder, problem = path.name, folder_problem(path.name)
    place = NOWHERE if options.out else config.place("package", "out")
    if problem is None:
        if folder in sys.stdlib_module_names and not (path.parent / "__init__.py").exists():
            message = f"the folder {folder} has the name of a module of the standard library"
            hint = (
                "a program that imports one of them may get the other, unless the folder is inside a package"
            )
            diagnostics.warning("folder-name", message, place, hint=hint)
    elif config.package_name is None:
        better = (Path(out).parent / importable(folder)).as_posix()
        message = f"the folder name {folder!r:.80} {problem}: no program could import the package"
        hint = f"call it {better!r:.200}, or say what it is imported as: --name, or package.name in {DEFAULT_NAME}"
        diagnostics.error("folder-name", message, place, hint=hint)
    else:
        message = f"the folder name {folder!r:.80} {problem}: the package can be imported only as {config.package_name}"
        hint = f"install it under that name, or in a folder that is called {config.package_name}"
        diagnostics.note("folder-name", message, place, hint=hint)


def _check_custom(out: str, config: Config, diagnostics: Diagnostics) -> None:
    """Report custom code that is inside the package folder, or holds it, and a root that the folder is not below."""
    package = Path(os.path.realpath(out))
    for path in config.custom_paths:
        code = Path(os.path.realpath(path))
        if code.is_relative_to(package) or package.is_relative_to(code):
            how = "is inside" if code.is_relative_to(package) else "holds"
            message = f"custom.paths: {path!r:.200} {how} the package folder {out!r:.200}, which is generated"
            hint = "keep custom code in a folder beside the package"
            diagnostics.error("config-bad-value", message, config.place("custom", "paths"), hint=hint)
    root = config.custom_root
    if root is not None and Path(os.path.realpath(root)) not in package.parents:
        message = f"custom.root: the package folder {out!r:.200} is not below {root!r:.200}"
        diagnostics.error("config-bad-value", message, config.place("custom", "root"))


def _has_document(config: Config, options: argparse.Namespace, diagnostics: Diagnostics) -> bool:
    if config.document_path is None:
        named = "old.yaml new.yaml" if options.command == "diff" else "openapi.yaml"
        hint = f"name it: clientsmith {options.command} {named}, or document.path in {DEFAULT_NAME}"
        diagnostics.error("usage", "no document given", hint=hint)
    return config.document_path is not None


def _config(options: argparse.Namespace, diagnostics: Diagnostics, *documents: str | None) -> Config | None:
    """The settings of the run; None, too, if an interrupted update left the document or the package half replaced."""
    config = _overlaid_config(options, diagnostics, *documents)
    if config is None:
        return None
    files = (config.document_path, config.out, *documents)
    return None if report_mix(filter(None, files), diagnostics) else config


def _overlaid_config(
    options: argparse.Namespace, diagnostics: Diagnostics, *documents: str | None
) -> Config | None:
    """The config that was named, else the default file unless it is about other documents; flags over it."""
    config = load_config(options.config, diagnostics)
    if config is None:
        return None
    named = [document for document in documents if document is not None]
    path = config.document_path
    if options.config is None and named and path is not None and not any(_is_of(path, one) for one in named):
        config = Config()
    return _overlaid(config, options)


def _is_of(path: str, document: str) -> bool:
    """Whether a document is the file of that path, or is at that path in a git revision."""
    place = os.path.realpath(path)
    if place == os.path.realpath(document):
        return True
    revision, _, inside = document.rpartition(":")
    return bool(revision) and place.endswith(f"/{inside.removeprefix('./')}")


def _overlaid(config: Config, options: argparse.Namespace) -> Config:
    flags = vars(options)
    hosts: list[str] = flags["allow_remote_refs"]
    return replace(
        config,
        allow_remote_refs=config.allow_remote_refs or "" in hosts,
        remote_hosts=(*config.remote_hosts, *filter(None, hosts)),
        unsupported="skip" if flags.get("skip_unsupported") else config.unsupported,
        tapes=() if flags.get("no_tapes") else tuple(flags.get("tape") or config.tapes),
        **{field: flags[flag] for flag, field in _FIELDS.items() if flags.get(flag)},
    )
