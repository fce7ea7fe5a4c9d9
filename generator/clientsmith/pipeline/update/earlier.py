"""The package that callers have when an update begins."""

from __future__ import annotations

from pathlib import Path

from clientsmith.config.request import PackageRequest
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.diff.joined import Description
from clientsmith.diff.last_release import open_release
from clientsmith.diff.released import Released
from clientsmith.document.digest import digest
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.package.check import read_package
from clientsmith.package.kept_surface import read_kept_surface
from clientsmith.package.manifest import NAME
from clientsmith.pipeline.policies import policies_of
from clientsmith.state.file import read_state


def earlier_package(
    request: PackageRequest, old: ResolvedDocument, diagnostics: Diagnostics
) -> tuple[Released, Description, bool] | None:
    """That of the last release, or before the first one that on disk, and whether the new one keeps its names.

    None if there is none, or after reporting why it cannot be read.
    """
    state = read_state(request.config, diagnostics)
    if state is not None and state.release is not None:
        opened = open_release(state.release, request.config, policies_of(request.config), diagnostics)
        return None if opened is None else (opened[0], Description(opened[2], opened[1].api), True)
    released = package_on_disk(request, old, diagnostics)
    if released is None or released.surface is None:
        return None
    return released, Description(old, released.surface.api), False


def package_on_disk(
    request: PackageRequest, old: ResolvedDocument, diagnostics: Diagnostics
) -> Released | None:
    """The package in its folder, if it has a typed surface; None if not, or after reporting what is wrong with it."""
    folder = Path(request.out)
    manifest = read_package(folder, diagnostics) if folder.exists() else None
    surface = None if manifest is None else read_kept_surface(folder, manifest, diagnostics)
    if manifest is None or surface is None:
        return None
    return Released(str(folder), str(folder / NAME), manifest.inputs.document, digest(old), surface)
