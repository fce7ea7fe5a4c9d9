"""What changes with the document to come, against the one that it takes the place of, and what is ignored of that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from clientsmith.accepted.file import AcceptedFile, open_accepted
from clientsmith.api.names.kept import NONE, Names
from clientsmith.config.request import PackageRequest
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.diff.judged import DEFAULT_IGNORE, check_levels, judge, list_kind, weighed
from clientsmith.diff.last_release import since_release
from clientsmith.diff.levels import compare_levels, described
from clientsmith.diff.model import Change, Level
from clientsmith.diff.sides import are_different, open_side
from clientsmith.document.load import open_document
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.pipeline.naming import names_of
from clientsmith.pipeline.policies import policies_of
from clientsmith.pipeline.update.earlier import package_on_disk
from clientsmith.pipeline.update.source import Source
from clientsmith.state.file import read_state

if TYPE_CHECKING:
    from clientsmith.state.model import Release


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes at the levels of the config, those that weigh most first, and how many of them are ignored.

    `old` is the document that the new one is compared with. `pruned` is the file of ignored changes without the entries
    that match nothing, by its path; empty if all match. `is_other_api` if no operation is in both documents.
    """

    old: ResolvedDocument
    found: tuple[Change, ...]
    ignored: int
    pruned: dict[Path, bytes]
    is_other_api: bool

    @property
    def text(self) -> str:
        """How many there are of each level."""
        counts = [(level.word, sum(one.level is level for one in self.found)) for level in reversed(Level)]
        listed = [f"{count} {word}" for word, count in counts if count]
        ignored = f"; {self.ignored} of them ignored" if self.ignored else ""
        return f"{', '.join(listed) or 'nothing changes for clients or callers'}{ignored}"


def find_changes(
    request: PackageRequest, source: Source, today: date, diagnostics: Diagnostics
) -> Changes | None:
    """Compare; None after reporting what cannot be read.

    A document that was edited in place is compared with that of the last release, and with its last commit before the
    first release.
    """
    config = request.config
    check_levels(config.changed_levels, diagnostics)
    file = open_accepted(config.diff_ignore, DEFAULT_IGNORE, list_kind(), diagnostics, is_written=False)
    state = read_state(config, diagnostics)
    new = open_document(
        source.request.document, Diagnostics(), policies_of(source.request.config), validation="none"
    )
    kept = None if state is None else names_of(state, config, diagnostics)
    if file is None or state is None or kept is None or new is None or diagnostics.has_errors:
        return None
    if source.is_in_place and state.release is not None:
        compared = _since(state.release, new, request, kept, diagnostics)
    else:
        before = "HEAD:" if source.is_in_place else request.document
        compared = _between(before, new, request, None if state.release is None else kept, diagnostics)
    if compared is None:
        return None
    old, changes = compared
    notes = Diagnostics()
    judged, stale = judge(changes, file.entries, today, notes)
    ignored = sum(one.ignored is not None for one in judged)
    pruned = _pruned(file.without(stale)) if changes and stale else {}
    return Changes(old, tuple(changes), ignored, pruned, are_different(old, new))


def _since(
    release: Release, new: ResolvedDocument, request: PackageRequest, kept: Names, diagnostics: Diagnostics
) -> tuple[ResolvedDocument, list[Change]] | None:
    after = described(new, request.config, diagnostics, kept)
    policies = policies_of(request.config)
    since = None if after is None else since_release(release, after, request.config, policies, diagnostics)
    return None if since is None else (since.document, list(since.changes))


def _between(
    old: str, new: ResolvedDocument, request: PackageRequest, kept: Names | None, diagnostics: Diagnostics
) -> tuple[ResolvedDocument, list[Change]] | None:
    """The changes since OLD; after a release, which leaves `kept` names, callers have the package that is on disk."""
    side = open_side(old, request.document, policies_of(request.config), diagnostics)
    if side is None:
        return None
    config = request.config
    released = None if kept is None else package_on_disk(request, side.document, Diagnostics())
    found = compare_levels(side.document, new, config, "both", diagnostics, released, kept or NONE)
    changes = [weighed(change, config.changed_levels) for change in found]
    changes.sort(key=lambda one: (-one.level, one.at, one.rule, one.values, one.text))
    return side.document, changes


def _pruned(file: AcceptedFile) -> dict[Path, bytes]:
    return {Path(file.file): file.text.encode("utf-8")}
