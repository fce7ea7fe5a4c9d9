"""What changed since the last release, whose document is read from the state."""

from __future__ import annotations

from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics, Severity
from clientsmith.diff.joined import Description
from clientsmith.diff.judged import weighed
from clientsmith.diff.levels import compare_described, described
from clientsmith.diff.model import Change
from clientsmith.document.files.stored import StoredFiles
from clientsmith.document.load import Policies, examine
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.document.text.parse import load_stored
from clientsmith.state.model import Release, StoredDocument


def stored_document(document: ResolvedDocument) -> StoredDocument:
    """A document as a release keeps it."""
    texts = {uri: one.source for uri, one in document.documents.items()}
    return StoredDocument(document.root.uri, texts)


def open_released(release: Release, policies: Policies, diagnostics: Diagnostics) -> ResolvedDocument | None:
    """The document of a release; None after reporting why it cannot be read any more."""
    files = StoredFiles(release.version, release.document.texts)
    root = load_stored(files, release.document.file, diagnostics)
    # It was valid, or let pass, when it was released.
    return None if root is None else examine(root, diagnostics, policies, validation="none")


def changes_since(
    release: Release, new: Description, config: Config, policies: Policies, diagnostics: Diagnostics
) -> list[Change] | None:
    """The changes on both levels as the config weighs them, ignored ones included, those that weigh most first.

    None after reporting why the release cannot be compared.
    """
    found = Diagnostics()
    document = open_released(release, policies, found)
    old = None if document is None else described(document, config, found)
    if old is None:
        first = min(found, key=lambda one: one.severity is not Severity.ERROR)
        message = f"release {release.version} cannot be compared: {first.message}"
        diagnostics.error("release-not-compared", message, first.place, hint=first.hint)
        return None
    changes = (weighed(change, config.changed_levels) for change in compare_described(old, new))
    return sorted(changes, key=lambda one: (-one.level, one.at, one.rule, one.values, one.text))
