"""`generate` and `check`: the package of a document in memory, as the release that its state says it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientsmith.pipeline.naming import NameChanges
from clientsmith.pipeline.policies import policies_of

if TYPE_CHECKING:
    from datetime import date

    from clientsmith.api.model.api import Api
    from clientsmith.api.names.keeper import NameKeeper
    from clientsmith.api.names.kept import Names
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

    document: ResolvedDocument
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
    writes_state: bool = False
    """Whether the state is another one than that in its file."""


@dataclass(frozen=True, slots=True)
class _Source:
    """What a package is made from."""

    request: PackageRequest
    templates: TemplateSource
    document: ResolvedDocument


@dataclass(frozen=True, slots=True)
class _Made:
    """A package that does not say yet which release it is."""

    source: _Source
    api: Api
    keeper: NameKeeper
    account: Account
    files: dict[str, bytes]
    needs: Needs


_UNCHANGED = NameChanges()


def generate(
    request: PackageRequest,
    worker: ModelsWorker,
    diagnostics: Diagnostics,
    bump: BumpTo | None = None,
    published: date | None = None,
    changes: NameChanges = _UNCHANGED,
) -> Generated | None:
    """The package that is asked for, released anew with `bump`, and `published` on a day if that is known.

    None if a stage found an error.
    """
    from clientsmith.pipeline.changelog import logged, read_changelog
    from clientsmith.pipeline.naming import changed_names, names_of, with_names
    from clientsmith.state.file import read_state

    state = read_state(request.config, diagnostics)
    entries = None if state is None else read_changelog(state, request.config, diagnostics)
    kept = None if state is None else names_of(state, request.config, diagnostics)
    if state is None or entries is None or kept is None:
        return None
    source = _source(request, diagnostics)
    names = (
        None if source is None else changed_names(kept, changes, source.document, request.config, diagnostics)
    )
    if source is None or names is None:
        return None
    if names != kept:
        state = with_names(state, names)
    made = _made(source, names, worker, diagnostics)
    if made is None:
        return None
    if bump is None:
        return _finished(made, state, diagnostics, writes_state=names != kept)
    released = _released(made, names, state, bump, worker, diagnostics)
    done = None if released is None else logged(released[1], entries, published, diagnostics)
    if released is None or done is None:
        return None
    writes_state = names != kept or done.is_recorded
    return _finished(released[0], done.state, diagnostics, done, writes_state=writes_state)


def _source(request: PackageRequest, diagnostics: Diagnostics) -> _Source | None:
    templates, resolved = _read(request, diagnostics, validated=True)
    if templates is None or resolved is None or diagnostics.has_errors:
        return None
    return _Source(request, templates, resolved)


def _released(
    made: _Made, names: Names, state: State, bump: BumpTo, worker: ModelsWorker, diagnostics: Diagnostics
) -> tuple[_Made, Bump] | None:
    """The package as a new release; one that breaks something is made without the old names of earlier ones."""
    from clientsmith.pipeline.naming import are_released, without_old_names

    done = _release_of(made, state, bump, diagnostics)
    if done is not None and done.is_breaking and are_released(names.aliases):
        again = _made(made.source, without_old_names(names), worker, diagnostics)
        if again is None:
            return None
        made, done = again, _release_of(again, state, bump, diagnostics)
    return None if done is None else (made, done)


def _release_of(made: _Made, state: State, bump: BumpTo, diagnostics: Diagnostics) -> Bump | None:
    from clientsmith.diff.joined import Description
    from clientsmith.package.file_tree import FileTree
    from clientsmith.pipeline.release import NewRelease, released
    from clientsmith.state.model import content_digest

    content = content_digest(FileTree(made.files).digests())
    new = NewRelease(Description(made.source.document, made.api), made.keeper.names(), content)
    return released(state, bump, new, made.source.request.config, diagnostics)


def _made(source: _Source, names: Names, worker: ModelsWorker, diagnostics: Diagnostics) -> _Made | None:
    from clientsmith.api.builder import build
    from clientsmith.api.surface.surface import surface_bytes, surface_json
    from clientsmith.emit.package import render
    from clientsmith.lint.account.reader import read_account
    from clientsmith.package.kept_surface import SURFACE
    from clientsmith.package.runtime import needs_of

    config, resolved = source.request.config, source.document
    built = build(resolved, config, diagnostics, names)
    api = built.api
    if api is None or diagnostics.has_errors:
        return None
    account = read_account(resolved, built.uses, diagnostics)
    runtime = _runtime(config, diagnostics)
    rendered = render(api, source.templates, worker, diagnostics, runtime)
    if rendered is None or diagnostics.has_errors:
        return None
    needs = needs_of(rendered.features, runtime.shared)
    files = {**rendered.files, SURFACE: surface_bytes(surface_json(api))}
    return _Made(source, api, built.keeper, account, files, needs)


def _finished(
    made: _Made, state: State, diagnostics: Diagnostics, bump: Bump | None = None, *, writes_state: bool
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
    document, config = made.source.document, made.source.request.config
    inputs = _inputs(document, config, made.source.templates.digest, state)
    surface = surface_of(made.api, diagnostics)
    tree = with_manifest(FileTree(files, changelog), inputs, made.needs, surface, made.account.to_json())
    operations = count_operations(document)
    return Generated(document, made.api, operations, inputs, tree, made.account, state, bump, writes_state)


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
    from clientsmith.pipeline.naming import names_of
    from clientsmith.state.file import read_state

    state = read_state(request.config, diagnostics)
    if state is not None:
        names_of(state, request.config, diagnostics)
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
