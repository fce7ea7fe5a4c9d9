"""`diff`: two descriptions opened and compared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clientsmith.pipeline.policies import policies_of

if TYPE_CHECKING:
    from clientsmith.api.names.kept import Names
    from clientsmith.config.model import Config
    from clientsmith.config.request import DiffRequest
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.diff.model import Change
    from clientsmith.diff.released import Released
    from clientsmith.diff.sides import Side
    from clientsmith.document.resolved import ResolvedDocument
    from clientsmith.state.model import Release


@dataclass(frozen=True, slots=True)
class Compared:
    """Both sides of a comparison, the changes between them, and whether they say different things at all.

    `notes` say why the level of callers is missing, if one side makes no package; `level` is what was asked for.
    `version` is that of the last release, and the one that NEW makes; None if nothing was released.
    """

    sides: tuple[Side, Side]
    changes: tuple[Change, ...]
    differs: bool
    notes: Diagnostics
    level: str
    version: tuple[str, str] | None = None

    @property
    def levels(self) -> frozenset[str]:
        """The levels of which all changes are known."""
        if any(side.left_out for side in self.sides):
            return frozenset()
        asked = frozenset({"wire", "python"}) if self.level == "both" else frozenset({self.level})
        return asked - {"python"} if self._is_without_python else asked

    @property
    def only_level(self) -> str:
        """The one level that was compared; empty if both were."""
        if self.level == "both":
            return "wire" if self._is_without_python else ""
        return self.level

    @property
    def _is_without_python(self) -> bool:
        return any(one.id == "python-not-compared" for one in self.notes)


def compare(request: DiffRequest, diagnostics: Diagnostics) -> Compared | None:
    """Open both sides and compare them; None after reporting the errors of both, those of package and state too."""
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.diff.levels import compare_levels
    from clientsmith.diff.sides import open_sides
    from clientsmith.diff.unread import without_unread
    from clientsmith.document.digest import digest
    from clientsmith.pipeline.naming import names_of
    from clientsmith.state.file import read_state

    state = read_state(request.config, diagnostics)
    policies = policies_of(request.config)
    sides = open_sides(request.old, request.new, policies, diagnostics, request.document)
    old_digest = None if sides is None else digest(sides[0].document)
    released = None if request.package is None else _released(request.package, old_digest, diagnostics)
    kept = None if state is None else names_of(state, request.config, diagnostics)
    if state is None or kept is None or sides is None or diagnostics.has_errors:
        return None
    old, new = (side.document for side in sides)
    notes = Diagnostics()
    changes = compare_levels(old, new, request.config, request.level, notes, released, kept)
    changes = without_unread(changes, sides)
    version = None if state.release is None else _version(state.release, new, request.config, notes, kept)
    return Compared(sides, tuple(changes), old_digest != digest(new), notes, request.level, version)


def _version(
    release: Release, new: ResolvedDocument, config: Config, notes: Diagnostics, kept: Names
) -> tuple[str, str] | None:
    from clientsmith.diff.last_release import next_release

    to = next_release(release, new, config, policies_of(config), notes, kept)
    return None if to is None else (release.version, to)


def _released(folder: str, old: str | None, diagnostics: Diagnostics) -> Released | None:
    """The package that callers have; `old` is the digest of OLD. None after an error."""
    from clientsmith.diff.released import Released
    from clientsmith.package.check import read_package
    from clientsmith.package.kept_surface import read_kept_surface
    from clientsmith.package.manifest import NAME

    manifest = read_package(Path(folder), diagnostics)
    if manifest is None:
        return None
    surface = read_kept_surface(Path(folder), manifest, diagnostics)
    return Released(folder, str(Path(folder) / NAME), manifest.inputs.document, old or "", surface)
