"""The names of the last release for a build, out of the state, and the names that a build leaves, into it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clientsmith.api.names.kept import Alias, Names
    from clientsmith.config.model import Config
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.document.resolved import ResolvedDocument
    from clientsmith.state.model import State


@dataclass(frozen=True, slots=True)
class NameChanges:
    """What is asked of names: `OLD=NEW` in the terms of Python, and whether old names of releases go."""

    renames: tuple[str, ...] = ()
    drops_aliases: bool = False


def names_of(state: State, config: Config, diagnostics: Diagnostics) -> Names | None:
    """The names that a state keeps; None after reporting that they are damaged."""
    from clientsmith.api.names.consistency import check_names, check_surface
    from clientsmith.api.names.kept import DamagedNamesError, Names
    from clientsmith.state.file import RESTORE, place_in_state

    try:
        names = Names.from_json(state.names, state.aliases)
        check_names(names, is_released=state.release is not None)
        if state.release is not None:
            check_surface(names, state.release.surface)
    except DamagedNamesError as error:
        message = f"this is not a state that clientsmith wrote: {error}"
        diagnostics.error("state-damaged", message, place_in_state(config, error.pointer), hint=RESTORE)
        return None
    return names


def with_names(state: State, names: Names) -> State:
    """The state with those names and aliases."""
    return replace(state, names=names.to_json(), aliases=tuple(names.aliases_json()))


def changed_names(
    kept: Names, changes: NameChanges, document: ResolvedDocument, config: Config, diagnostics: Diagnostics
) -> Names | None:
    """The kept names with the changes that are asked for; None after reporting what is wrong with them."""
    from clientsmith.api.builder import build
    from clientsmith.api.names.renames import renamed
    from clientsmith.diagnostics.model import Diagnostics

    old = without_old_names(kept) if changes.drops_aliases else kept
    names: Names | None = old
    if changes.renames:
        # What the build finds is reported when it is built under the new names.
        keeper = build(document, config, Diagnostics(), old).keeper
        names = renamed(old, keeper, changes.renames, diagnostics)
    if names is not None and changes.drops_aliases:
        _note_unreleased(names, diagnostics)
    return names


def _note_unreleased(names: Names, diagnostics: Diagnostics) -> None:
    """Old names that the last release has as the only ones cannot go yet."""
    listed = sorted(one.name for one in names.unreleased())
    if listed:
        message = f"the renames of {', '.join(listed):.400} are in no release yet: these names go on working"
        hint = "release them, then run `clientsmith generate --drop-aliases`"
        diagnostics.note("alias-not-dropped", message, hint=hint)


def without_old_names(names: Names) -> Names:
    """The names without the aliases of releases."""
    return replace(names, aliases=tuple(one for one in names.aliases if one.since is None))


def are_released(aliases: tuple[Alias, ...]) -> bool:
    """Whether some aliases are of a release, and may go."""
    return any(one.since is not None for one in aliases)
