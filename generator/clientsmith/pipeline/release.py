"""`generate --bump`: which version the changes since the last release make, and the state that records it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from clientsmith.diff.model import Level
from clientsmith.pipeline.policies import policies_of

if TYPE_CHECKING:
    from clientsmith.api.names.kept import Names
    from clientsmith.config.model import Config
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.diff.joined import Description
    from clientsmith.diff.model import Change
    from clientsmith.diff.report.model import Lowered
    from clientsmith.diff.step import Step
    from clientsmith.state.model import State

BumpTo: TypeAlias = Literal["auto", "major", "minor", "patch"]

_FIRST: Final[dict[BumpTo, Step]] = {"auto": "minor", "major": "major", "minor": "minor", "patch": "patch"}
"""From 0.0.0: an API that nobody uses yet promises nothing."""
_MOST = 10
"""How many reasons an error lists."""


@dataclass(frozen=True, slots=True)
class NewRelease:
    """What is to be released: document and model, the names of its things, and the digest of its files."""

    description: Description
    names: Names
    content: str


@dataclass(frozen=True, slots=True)
class Bump:
    """What became of the release that was asked for.

    `state` is that to be written, the old one if nothing changed; `needed` the smallest step that the changes since the
    last release allow, `reasons` those of them that need it, `lowered` the rules that the config makes weigh less;
    `changes` are all of them.
    """

    state: State
    old: str
    step: Step
    needed: Step
    reasons: tuple[Change, ...]
    lowered: tuple[Lowered, ...]
    changes: tuple[Change, ...] = ()
    is_dated: bool = False
    """Whether there is no new release, and the last one got its date."""

    @property
    def is_recorded(self) -> bool:
        """Whether the state has to be written."""
        return self.step != "none" or self.is_dated

    @property
    def new(self) -> str:
        """The version after it."""
        return self.state.version

    @property
    def is_breaking(self) -> bool:
        """Whether something that worked with the last release does not work any more."""
        return any(change.level is Level.BREAKING for change in self.reasons)


def released(
    state: State, bump: BumpTo, new: NewRelease, config: Config, diagnostics: Diagnostics
) -> Bump | None:
    """The release of a package; None after reporting why there is none, such as a step that is too small."""
    from clientsmith.diff.judged import check_levels
    from clientsmith.diff.last_release import since_release
    from clientsmith.diff.report.model import lowered_rules
    from clientsmith.diff.step import STEPS, is_unstable, next_version, step_of

    check_levels(config.changed_levels, diagnostics)
    if diagnostics.has_errors:
        return None
    last, lowered = state.release, lowered_rules(config.changed_levels)
    if last is None:
        version = next_version(state.version, _FIRST[bump])
        first = _recorded(state, version, new)
        return Bump(first, state.version, _FIRST[bump], "none", (), lowered)
    since = since_release(last, new.description, config, policies_of(config), diagnostics)
    if since is None:
        return None
    unstable = is_unstable(last.version)
    levels = [change.level for change in since.changes]
    needed = step_of(levels, differs=new.content != last.content, is_unstable=unstable)
    reasons = tuple(
        change
        for change in since.changes
        if step_of([change.level], differs=False, is_unstable=unstable) == needed
    )
    # To declare an API stable is a decision; once it is, the same run again changes nothing.
    if needed == "none" and not (unstable and bump == "major"):
        return Bump(state, last.version, "none", "none", (), lowered)
    step = needed if bump == "auto" else bump
    if STEPS.index(step) < STEPS.index(needed):
        _refuse(step, needed, last.version, reasons, diagnostics)
        return None
    recorded = _recorded(state, next_version(last.version, step), new)
    return Bump(recorded, last.version, step, needed, reasons, lowered, since.changes)


def _refuse(
    step: Step, needed: Step, version: str, reasons: Sequence[Change], diagnostics: Diagnostics
) -> None:
    from clientsmith.diagnostics.model import NOWHERE, Related

    listed = [
        Related(f"{change.level.word}[{change.rule}]: {change.text}", change.place)
        for change in reasons[:_MOST]
    ]
    if len(reasons) > _MOST:
        listed.append(Related(f"and {len(reasons) - _MOST} more", NOWHERE))
    message = f"{step} is too small a step: what changed since {version} makes it a {needed} one"
    hint = f"--bump {needed}, or --bump auto"
    diagnostics.error("step-too-small", message, hint=hint, related=tuple(listed))


def _recorded(state: State, version: str, new: NewRelease) -> State:
    """The state with the release of that version; the entry of the changelog comes later (`changelog`)."""
    from clientsmith.api.names.kept import aliases_after
    from clientsmith.api.surface.surface import surface_json
    from clientsmith.diff.last_release import stored_document
    from clientsmith.pipeline.naming import with_names
    from clientsmith.state.model import Release

    document, surface = stored_document(new.description.document), surface_json(new.description.api)
    names = replace(new.names, aliases=aliases_after(new.names.aliases, version))
    return replace(with_names(state, names), release=Release(version, document, surface, new.content))
