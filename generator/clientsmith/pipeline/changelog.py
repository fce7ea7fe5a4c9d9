"""The changelog of a package: what the state keeps of it, a new entry, and the file that it makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from clientsmith.state.model import UNRELEASED

if TYPE_CHECKING:
    from datetime import date

    from clientsmith.config.model import Config
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.diff.changelog.entry import Entry
    from clientsmith.pipeline.release import Bump
    from clientsmith.state.model import State


def read_changelog(state: State, config: Config, diagnostics: Diagnostics) -> list[Entry] | None:
    """The entries in the state, the newest first; None after reporting what is wrong with them."""
    from clientsmith.diff.changelog.entry import ChangelogError, read_entries
    from clientsmith.state.file import RESTORE, place_in_state

    try:
        entries = read_entries(state.changelog)
        if state.release is not None and not entries:
            raise ChangelogError(f"it has no entry of the last release, {state.version}")
        return entries
    except ChangelogError as error:
        place = place_in_state(config, ("changelog", *error.pointer))
        message = f"the changelog in the state is damaged: {error}"
        diagnostics.error("state-damaged", message, place, hint=RESTORE)
        return None


def logged(
    bump: Bump, entries: Sequence[Entry], published: date | None, diagnostics: Diagnostics
) -> Bump | None:
    """The release with its entry before those that are there.

    If nothing changed since the last release and that has no date yet, it gets the one that is given; None after
    reporting that it has another one.
    """
    from clientsmith.diff.changelog.lines import entry_of, first_entry

    if bump.step != "none":
        is_first = bump.old == UNRELEASED
        new = first_entry(bump.new, published) if is_first else entry_of(bump.new, bump.changes, published)
        changed = [new, *entries]
    elif published is None or not entries or entries[0].date == published:
        return bump
    elif entries[0].date is None:
        changed = [replace(entries[0], date=published), *entries[1:]]
    else:
        message = (
            f"nothing changed since release {bump.old}, which has the date {entries[0].date}, not {published}"
        )
        hint = "leave --date out: the date of a release that is published does not change"
        diagnostics.error("usage", message, hint=hint)
        return None
    state = replace(bump.state, changelog=tuple(entry.to_json() for entry in changed))
    return replace(bump, state=state, is_dated=bump.step == "none")


def changelog_file(state: State) -> dict[str, bytes]:
    """The file of a changelog that was read, by its name; nothing before the first release."""
    from clientsmith.diff.changelog.entry import read_entries
    from clientsmith.diff.changelog.page import render
    from clientsmith.package.parts import composed
    from clientsmith.state.model import CHANGELOG

    entries = read_entries(state.changelog)
    return {CHANGELOG: composed(render(entries))} if entries else {}
