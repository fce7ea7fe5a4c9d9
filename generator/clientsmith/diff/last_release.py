"""What changed since the last release, whose document and surface are read from the state."""

from __future__ import annotations

from dataclasses import dataclass, replace

from clientsmith.api.names.kept import Names
from clientsmith.api.surface.codec import SurfaceError
from clientsmith.api.surface.surface import NewerSurfaceError, Surface, read_surface
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics, Severity
from clientsmith.diff.joined import Description
from clientsmith.diff.judged import weighed
from clientsmith.diff.levels import compare_described, described
from clientsmith.diff.model import Change
from clientsmith.diff.released import Released
from clientsmith.diff.step import is_unstable, next_version, step_of
from clientsmith.document.digest import digest
from clientsmith.document.files.stored import StoredFiles
from clientsmith.document.load import Policies, examine
from clientsmith.document.model import parse_pointer
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.document.text.parse import load_stored
from clientsmith.state.file import RESTORE, UPGRADE, place_in_state, state_path
from clientsmith.state.model import Release, StoredDocument


def stored_document(document: ResolvedDocument) -> StoredDocument:
    """A document as a release keeps it."""
    texts = {uri: one.source for uri, one in document.documents.items()}
    return StoredDocument(document.root.uri, texts)


@dataclass(frozen=True, slots=True)
class Since:
    """The document of the last release, and the changes on both levels since then as the config weighs them.

    Ignored ones are among them; those that weigh most come first.
    """

    document: ResolvedDocument
    changes: tuple[Change, ...]


def since_release(
    release: Release, new: Description, config: Config, policies: Policies, diagnostics: Diagnostics
) -> Since | None:
    """What changed since a release; None after reporting why it cannot be compared."""
    opened = open_release(release, config, policies, diagnostics)
    if opened is None:
        return None
    released, surface, document = opened
    if surface.lacking:
        message = f"not compared, as release {release.version} does not say it: {', '.join(surface.lacking)}"
        diagnostics.warning("older-surface", message, place_in_state(config, ("release", "surface")))
    found = compare_described(Description(document, surface.api), new, released)
    changes = (weighed(change, config.changed_levels) for change in found)
    return Since(document, tuple(sorted(changes, key=_order)))


def open_release(
    release: Release, config: Config, policies: Policies, diagnostics: Diagnostics
) -> tuple[Released, Surface, ResolvedDocument] | None:
    """The package of a release, what its callers saw, and its document; None after reporting what cannot be read."""
    document = _opened(release, policies, diagnostics)
    surface = _surface(release, config, diagnostics)
    if document is None or surface is None:
        return None
    own, path = digest(document), state_path(config)
    return Released(f"release {release.version}", str(path), own, own, surface), surface, document


def _order(change: Change) -> tuple[object, ...]:
    return -change.level, change.at, change.rule, change.values, change.text


def next_release(
    release: Release,
    new: ResolvedDocument,
    config: Config,
    policies: Policies,
    notes: Diagnostics,
    kept: Names,
) -> str | None:
    """The version that a document makes, given the last release; None, and why, if it is not known."""
    found = Diagnostics()
    after = described(new, config, found, kept)
    since = None if after is None else since_release(release, after, config, policies, found)
    if since is None:
        first = next(one for one in found if one.severity is not Severity.NOTE)
        message = f"the next version is not known: {first.message}"
        notes.warning("release-not-compared", message, first.place, hint=first.hint)
        return None
    levels = (change.level for change in since.changes)
    differs = digest(since.document) != digest(new)
    step = step_of(levels, differs=differs, is_unstable=is_unstable(release.version))
    return next_version(release.version, step)


def _opened(release: Release, policies: Policies, diagnostics: Diagnostics) -> ResolvedDocument | None:
    """The document of a release; None after reporting why it cannot be read any more."""
    found = Diagnostics()
    files = StoredFiles(release.version, release.document.texts)
    root = load_stored(files, release.document.file, found)
    # It was valid, or let pass, when it was released, whatever is let pass now.
    document = None if root is None else examine(root, found, policies, validation="none")
    if document is None and root is not None:
        lenient = replace(policies, allow_invalid=True)
        document = examine(root, found, lenient, validation="none")
    if document is None:
        first = next(one for one in found if one.severity is Severity.ERROR)
        message = f"release {release.version} cannot be compared: {first.message}"
        diagnostics.error("release-not-compared", message, first.place, hint=first.hint)
    return document


def _surface(release: Release, config: Config, diagnostics: Diagnostics) -> Surface | None:
    """What callers of a release saw; None after reporting what is wrong with it."""
    try:
        return read_surface(dict(release.surface))
    except SurfaceError as error:
        place = place_in_state(config, ("release", "surface", *(parse_pointer(error.pointer) or ())))
        if isinstance(error, NewerSurfaceError):
            message = f"a later clientsmith wrote the surface of release {release.version}: {error}"
            diagnostics.error("state-newer", message, place, hint=UPGRADE)
        else:
            message = f"the surface of release {release.version} is damaged: {error}"
            diagnostics.error("state-damaged", message, place, hint=RESTORE)
    return None
