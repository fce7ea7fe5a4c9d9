"""Puts a package on disk, and with a new release the state that records it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clientsmith.config.request import PackageRequest
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.package.plan import Plan
    from clientsmith.package.write import Beside
    from clientsmith.pipeline.generation import Generated


def write(
    request: PackageRequest, package: Generated, diagnostics: Diagnostics, *, force: bool
) -> Plan | None:
    """Write both or neither; return what was done to the folder of the package. None after reporting why it was not.

    Killed between the two, every command recognizes that, and `clientsmith update` settles it.
    """
    from clientsmith.package.write import write as write_tree

    return write_tree(
        package.tree, Path(request.out), diagnostics, force=force, beside=beside_of(request, package)
    )


def knows_release(request: PackageRequest, diagnostics: Diagnostics) -> bool:
    """Whether the state, if it can be read, knows the release of the package that is to be replaced; else reports."""
    from clientsmith.package.release import released_version, report_lost_state
    from clientsmith.state.file import read_state, state_path
    from clientsmith.state.model import UNRELEASED

    folder = Path(request.out)
    released = released_version(folder)
    if released == UNRELEASED:
        return True
    state = read_state(request.config, diagnostics)
    if state is None:
        return False
    path = state_path(request.config)
    return not report_lost_state(folder, released, state.version, path, diagnostics)


def beside_of(
    request: PackageRequest, package: Generated, files: Mapping[Path, bytes] | None = None
) -> Beside:
    """What is replaced together with the package: the state if it changes, and other files."""
    from clientsmith.input_file import stream_number
    from clientsmith.package.write import Beside
    from clientsmith.state.file import state_bytes, state_path

    path = state_path(request.config)
    state = {path: state_bytes(package.state, path)} if path is not None and package.writes_state else {}
    document = () if stream_number(request.document) is not None else (Path(request.document),)
    return Beside({**(files or {}), **state}, document)
