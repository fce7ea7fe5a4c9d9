"""`generate` and `check`: the package of a document in memory, as the release that its state says it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientsmith.pipeline.policies import policies_of

if TYPE_CHECKING:
    from datetime import date

    from clientsmith.api.model.api import Api
    from clientsmith.config.model import Config
    from clientsmith.config.request import PackageRequest
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.document.load import Validation
    from clientsmith.document.resolved import ResolvedDocument
    from clientsmith.emit.models.worker import ModelsWorker
    from clientsmith.emit.templates.template_source import TemplateSource
    from clientsmith.lint.account.model import Account
    from clientsmith.package.file_tree import FileTree
    from clientsmith.package.manifest import Inputs, Needs
    from clientsmith.pipeline.release import Bump, BumpTo
    from clientsmith.runtime_copy.features import RuntimeChoice
    from clientsmith.state.model import State


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
    state: State
    """What the package says of releases; it is not written yet if `bump` is about a new one."""
    bump: Bump | None = None
    """What became of the release that was asked for."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A package that does not say yet which release it is."""

    document: ResolvedDocument
    api: Api
    account: Account
    files: dict[str, bytes]
    needs: Needs
    templates: str
    """Their digest."""


def generate(
    request: PackageRequest,
    worker: ModelsWorker,
    diagnostics: Diagnostics,
    bump: BumpTo | None = None,
    published: date | None = None,
) -> Generated | None:
    """The package that is asked for, released anew with `bump`, and `published` on a day if that is known.

    None if a stage found an error.
    """
    from clientsmith.pipeline.changelog import read_changelog
    from clientsmith.state.file import read_state

    state = read_state(request.config, diagnostics)
    entries = None if state is None else read_changelog(state, request.config, diagnostics)
    made = None if entries is None else _made(request, worker, diagnostics)
    if state is None or entries is None or made is None:
        return None
    if bump is None:
        return _finished(made, request.config, state, diagnostics)
    from clientsmith.diff.joined import Description
    from clientsmith.package.file_tree import FileTree
    from clientsmith.pipeline.changelog import logged
    from clientsmith.pipeline.release import released
    from clientsmith.state.model import content_digest

    content = content_digest(FileTree(made.files).digests())
    description = Description(made.document, made.api)
    done = released(state, bump, description, content, request.config, diagnostics)
    if done is None:
        return None
    done = logged(done, entries, published)
    return _finished(made, request.config, done.state, diagnostics, done)


def _made(request: PackageRequest, worker: ModelsWorker, diagnostics: Diagnostics) -> _Made | None:
    from clientsmith.api.builder import build
    from clientsmith.api.surface.surface import surface_bytes, surface_json
    from clientsmith.emit.package import render
    from clientsmith.lint.account.reader import read_account
    from clientsmith.package.kept_surface import SURFACE
    from clientsmith.package.runtime import needs_of

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
    needs = needs_of(rendered.features, runtime.shared)
    files = {**rendered.files, SURFACE: surface_bytes(surface_json(api))}
    return _Made(resolved, api, account, files, needs, templates.digest)


def _finished(
    made: _Made, config: Config, state: State, diagnostics: Diagnostics, bump: Bump | None = None
) -> Generated:
    """The package as the release that the state says it is."""
    from clientsmith.document.operations import count_operations
    from clientsmith.emit.version import MODULE, version_module
    from clientsmith.package.file_tree import FileTree
    from clientsmith.package.manifest import with_manifest
    from clientsmith.package.surface import surface_of
    from clientsmith.pipeline.changelog import changelog_file
    from clientsmith.state.model import COPY

    changelog = changelog_file(state)
    files = made.files | changelog | {MODULE: version_module(state.version)}
    if not state.is_empty:
        files[COPY] = state.copy()
    inputs = _inputs(made.document, config, made.templates, state)
    surface = surface_of(made.api, diagnostics)
    tree = with_manifest(FileTree(files, changelog), inputs, made.needs, surface, made.account.to_json())
    operations = count_operations(made.document)
    return Generated(made.api, operations, inputs, tree, made.account, state, bump)


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
    from clientsmith.state.file import read_state

    state = read_state(request.config, diagnostics)
    templates, resolved = _read(request, diagnostics, validated=False)
    if state is None or resolved is None or templates is None or diagnostics.has_errors:
        return None
    return _inputs(resolved, request.config, templates.digest, state)


def _read(
    request: PackageRequest, diagnostics: Diagnostics, *, validated: bool
) -> tuple[TemplateSource | None, ResolvedDocument | None]:
    from clientsmith.document.load import open_document
    from clientsmith.emit.templates.template_source import open_templates

    templates = open_templates(request.templates, diagnostics)
    policies = policies_of(request.config)
    validation: Validation = "root" if validated else "none"
    return templates, open_document(request.document, diagnostics, policies, validation=validation)


def _inputs(resolved: ResolvedDocument, config: Config, templates: str, state: State) -> Inputs:
    from clientsmith.document.digest import digest
    from clientsmith.package.inputs import read_inputs

    return read_inputs(document=digest(resolved), config=config.digest(), templates=templates, state=state)
