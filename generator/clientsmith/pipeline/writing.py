"""Puts a package on disk, and with a new release the state that records it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clientsmith.config.request import PackageRequest
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.package.plan import Plan
    from clientsmith.pipeline.generation import Generated


def write(
    request: PackageRequest, package: Generated, diagnostics: Diagnostics, *, force: bool
) -> Plan | None:
    """Write both or neither; return what was done to the folder of the package. None after reporting why it was not.

    The state is complete on disk before the package is replaced, so that a full disk is known by then. Killed between
    the two, the package is of a release that the state does not know: `check` says so.
    """
    from clientsmith.package.write import write as write_tree
    from clientsmith.state.file import staged_state, state_path

    out, path = Path(request.out), state_path(request.config)
    if path is None or not package.writes_state:
        return write_tree(package.tree, out, diagnostics, force=force)
    try:
        with staged_state(package.state, path) as put_in_place:
            plan = write_tree(package.tree, out, diagnostics, force=force)
            if plan is not None:
                put_in_place()
            return plan
    except OSError as error:
        message = f"cannot write the state file {path.as_posix():.200}: {error.strerror or error}"
        hint = "without it no release can be recorded; see to the permissions of its folder, and to room on the disk"
        diagnostics.error("state-unwritable", message, hint=hint)
    return None
