"""The stages in order: document -> API model -> files -> files with a manifest; nothing is printed or written here.

Each stage is imported when it is due: a check that generates nothing must not pay for loading the generator.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clientsmith.accepted.places import Places
    from clientsmith.api.model.api import Api
    from clientsmith.config.model import Config
    from clientsmith.config.request import DiffRequest, PackageRequest
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.diff.model import Change
    from clientsmith.diff.released import Released
    from clientsmith.diff.sides import Side
    from clientsmith.document.load import Policies, Validation
    from clientsmith.document.resolved import ResolvedDocument
    from clientsmith.emit.models.worker import ModelsWorker
    from clientsmith.emit.templates.template_source import TemplateSource
    from clientsmith.lint.account.model import Account
    from clientsmith.package.file_tree import FileTree
    from clientsmith.package.manifest import Inputs
    from clientsmith.runtime_copy.features import RuntimeChoice


@dataclass(frozen=True, slots=True)
class Generated:
    """A generated package in memory, with the model that it was rendered from."""

    api: Api
    operations: int
    """How many the document has; the model holds those that became methods."""
    inputs: Inputs
    tree: FileTree
    account: Account
    """What became of each member of the document."""


def generate(request: PackageRequest, worker: ModelsWorker, diagnostics: Diagnostics) -> Generated | None:
    """The package that is asked for; None if a stage found an error."""
    from clientsmith.api.builder import build
    from clientsmith.api.surface.surface import surface_bytes, surface_json
    from clientsmith.document.operations import count_operations
    from clientsmith.emit.package import render
    from clientsmith.lint.account.reader import read_account
    from clientsmith.package.file_tree import FileTree
    from clientsmith.package.kept_surface import SURFACE
    from clientsmith.package.manifest import with_manifest
    from clientsmith.package.runtime import needs_of
    from clientsmith.package.surface import surface_of

    templates, resolved = _read(request, diagnostics, validated=True)
    if templates is None or resolved is None or diagnostics.has_errors:
        return None
    built = build(resolved, request.config, diagnostics)
    api = built.api
    if api is None or diagnostics.has_errors:
        return None
    account = read_account(resolved, built.uses, diagnostics)
    runtime = _runtime(request.config, diagnostics)
    rendered = render(api, templates, worker, diagnostics, runtime)
    if rendered is None or diagnostics.has_errors:
        return None
    inputs = _inputs(resolved, request.config, templates)
    tree = with_manifest(
        FileTree({**rendered.files, SURFACE: surface_bytes(surface_json(api))}),
        inputs,
        needs_of(rendered.features, runtime.shared),
        surface_of(api, diagnostics),
        account.to_json(),
    )
    return Generated(api, count_operations(resolved), inputs, tree, account)


def _runtime(config: Config, diagnostics: Diagnostics) -> RuntimeChoice:
    """What the config says of the runtime; unknown features are reported and left out."""
    from clientsmith.config.values import did_you_mean
    from clientsmith.runtime_copy.features import FEATURES, RuntimeChoice

    unknown = [name for name in config.runtime_features if name not in FEATURES]
    if unknown:
        message = f"the runtime has no feature {', '.join(map(repr, unknown)):.200}"
        hint = did_you_mean(unknown[0], FEATURES)
        diagnostics.error("config-unknown-name", message, config.place("runtime", "features"), hint=hint)
    return RuntimeChoice(
        config.runtime_from, tuple(name for name in config.runtime_features if name in FEATURES)
    )


def read_inputs(request: PackageRequest, diagnostics: Diagnostics) -> Inputs | None:
    """What the package would be made from, without making it; None after an error."""
    templates, resolved = _read(request, diagnostics, validated=False)
    if resolved is None or templates is None or diagnostics.has_errors:
        return None
    return _inputs(resolved, request.config, templates)


@dataclass(frozen=True, slots=True)
class Linted:
    """Whether a document can be read with the work that it may take, and the account of one that is valid.

    `places` are those of a document that could be looked at with every rule.
    """

    is_readable: bool
    account: Account | None = None
    places: Places | None = None


def lint(path: str, config: Config, diagnostics: Diagnostics) -> Linted:
    """Collect every finding in the document at `path`, what generating would find among them."""
    from clientsmith.accepted.places import Places
    from clientsmith.api.builder import build
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.document.budget import is_over_budget
    from clientsmith.document.load import examine
    from clientsmith.document.text.parse import load
    from clientsmith.lint.account.notes import merged, notes
    from clientsmith.lint.account.reader import read_account
    from clientsmith.lint.lint import lint as find
    from clientsmith.lint.published_validator import second_opinion

    document = load(path, diagnostics)
    if document is None:
        return Linted(False)
    account: Account | None = None
    resolved = examine(document, diagnostics, policies_of(config), validation="all")
    if resolved is not None and not diagnostics.has_errors:
        built = Diagnostics()
        uses = build(resolved, config, built).uses
        if not is_over_budget(built):
            find(resolved, diagnostics)
        if not is_over_budget(diagnostics) and not is_over_budget(built):
            second_opinion(resolved, diagnostics, allow_invalid=config.allow_invalid)
        if not is_over_budget(built):
            account = read_account(resolved, uses, (*diagnostics, *built))
        for found in (*merged(built), *(notes(account, diagnostics) if account is not None else ())):
            diagnostics.add(found)
    if account is None or resolved is None:
        return Linted(not is_over_budget(diagnostics))
    places = Places(resolved.root, resolved.documents, resolved.references)
    return Linted(not is_over_budget(diagnostics), account, places)


@dataclass(frozen=True, slots=True)
class Compared:
    """Both sides of a comparison, the changes between them, and whether they say different things at all.

    `notes` say why the level of callers is missing, if one side makes no package.
    """

    sides: tuple[Side, Side]
    changes: tuple[Change, ...]
    differs: bool
    notes: Diagnostics


def compare(request: DiffRequest, diagnostics: Diagnostics) -> Compared | None:
    """Open both sides and compare them; None after reporting the errors of both, and those of the package."""
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.diff.levels import compare_levels
    from clientsmith.diff.sides import open_sides
    from clientsmith.document.digest import digest

    sides = open_sides(request.old, request.new, policies_of(request.config), diagnostics)
    old_digest = None if sides is None else digest(sides[0].document)
    released = None if request.package is None else _released(request.package, old_digest, diagnostics)
    if sides is None or diagnostics.has_errors:
        return None
    old, new = (side.document for side in sides)
    notes = Diagnostics()
    changes = compare_levels(old, new, request.config, request.level, notes, released)
    return Compared(sides, tuple(changes), old_digest != digest(new), notes)


def _released(folder: str, old: str | None, diagnostics: Diagnostics) -> Released | None:
    """The package that callers have; `old` is the digest of OLD. None after an error."""
    from pathlib import Path

    from clientsmith.diff.released import Released
    from clientsmith.package.check import read_package
    from clientsmith.package.kept_surface import read_kept_surface
    from clientsmith.package.manifest import NAME

    manifest = read_package(Path(folder), diagnostics)
    if manifest is None:
        return None
    surface = read_kept_surface(Path(folder), manifest, diagnostics)
    return Released(folder, str(Path(folder) / NAME), manifest.inputs.document, old or "", surface)


def _read(
    request: PackageRequest, diagnostics: Diagnostics, *, validated: bool
) -> tuple[TemplateSource | None, ResolvedDocument | None]:
    from clientsmith.document.load import open_document
    from clientsmith.emit.templates.template_source import open_templates

    templates = open_templates(request.templates, diagnostics)
    policies = policies_of(request.config)
    validation: Validation = "root" if validated else "none"
    return templates, open_document(request.document, diagnostics, policies, validation=validation)


def policies_of(config: Config) -> Policies:
    """What the config, and the flags over it, accept of a document."""
    from clientsmith.document.load import Policies

    place = config.place("document", "overlapping")
    return Policies(
        allow_invalid=config.allow_invalid,
        skip_unsupported=config.unsupported == "skip",
        allow_remote_refs=config.allow_remote_refs,
        remote_hosts=config.remote_hosts,
        root=config.document_root,
        root_place=config.place("document", "root"),
        overlapping=dict.fromkeys(config.overlapping, place),
    )


def _inputs(resolved: ResolvedDocument, config: Config, templates: TemplateSource) -> Inputs:
    from clientsmith.document.digest import digest
    from clientsmith.package.inputs import read_inputs

    return read_inputs(document=digest(resolved), config=config.digest(), templates=templates.digest)
