"""Puts a FileTree on disk as a whole or not at all; the only module that writes a package.

The new folder is built beside the old one on the same file system; then the two are exchanged, and the old one is
deleted. A failure or an interrupt before that leaves the old package whole. If the system cannot exchange two folders
in one step, the old one is renamed away first: killed between the two renames, it waits in `.<name>.clientsmith/old`,
and the next run puts it back first. Files are not flushed to the device: after a power cut `clientsmith check` tells,
and `generate --force` repairs.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.exchange.journal import NEW, OLD
from clientsmith.exchange.lock import BusyError, working_folder
from clientsmith.exchange.mix import report_mix
from clientsmith.exchange.recovery import recover
from clientsmith.exchange.staging import Staging, discard, parents, remove, take_after
from clientsmith.exchange.swap import keep, swap
from clientsmith.package.file_tree import FileTree
from clientsmith.package.manifest import NAME
from clientsmith.package.plan import Plan, make_plan


def write(tree: FileTree, out: Path, diagnostics: Diagnostics, *, force: bool = False) -> Plan | None:
    """Make the folder `out` hold exactly the tree (which includes its manifest); return what was done.

    A symbolic link at `out` itself is followed. Files that are the same already keep their time of modification. None
    where the folder refuses it or cannot be written, with a diagnostic for each reason.
    """
    # A link above or at the folder must not make the working folder land on another file system.
    target = Path(os.path.realpath(out))
    if not target.name or (os.path.lexists(target) and not target.is_dir()):
        diagnostics.error("output-not-a-folder", f"{out} is not a folder", hint="choose another --out")
        return None
    try:
        if report_mix([str(target)], diagnostics):
            return None
        with parents(target), working_folder(target) as work:
            recover(target, completes=False)
            plan = make_plan(target, out, tree, diagnostics, force=force)
            if plan is None or not (plan.write or plan.removed):
                return plan
            if not _holds_working_directory(target):
                _carry_out(plan, tree, target, work)
                return plan
        message = f"{out} is the working directory, or holds it; it is replaced as a whole"
        hint = "run clientsmith from a folder outside of the package"
        diagnostics.error("output-in-use", message, hint=hint)
    except BusyError:
        message = f"another clientsmith is writing {out} at this moment"
        diagnostics.error("output-busy", message, hint="wait for it to end, then run this again")
    except OSError as error:
        place = f" ({error.filename})" if error.filename is not None else ""
        message = f"cannot write {out}: {error.strerror or error}{place}"
        diagnostics.error("output-unwritable", message, hint=_state(target))
    return None


def _state(target: Path) -> str:
    """What can be said of a folder that could not be written."""
    if os.path.lexists(target / NAME):
        return "the package there is whole, as it was or as it should be"
    return "choose another --out, or see to the permissions of that folder and those above it"


def _carry_out(plan: Plan, tree: FileTree, target: Path, work: Path) -> None:
    new, old = work / NEW, work / OLD
    try:
        staging = package_staging(plan, tree, target)
        staging.make(new)
        replaced = swap(new, target, old)
    except BaseException:
        remove(new)
        raise
    discard(replaced, target, staging.removed)


def package_staging(plan: Plan, tree: FileTree, target: Path) -> Staging:
    """How a package that a plan changes comes to replace the one in its folder."""
    return Staging(target, lambda new: _stage(tree, plan, target, new), plan.write[0], plan.removed)


def _holds_working_directory(target: Path) -> bool:
    try:
        return Path.cwd().is_relative_to(target)
    except FileNotFoundError:
        return False


def _stage(tree: FileTree, plan: Plan, target: Path, new: Path) -> None:
    new.mkdir()
    take_after(new, target)
    for path in (*plan.write, *plan.unchanged, *plan.kept, *plan.left_alone):
        (new / path).parent.mkdir(parents=True, exist_ok=True)
    for path in plan.write:
        (new / path).write_bytes(plan.merged.get(path, tree[path]))
    for path in (*plan.unchanged, *plan.kept):
        keep(target / path, new / path)
    for path in plan.left_alone:
        # Another tool may remove its files at any moment.
        with suppress(FileNotFoundError):
            _carry_over(target / path, new / path)


def _carry_over(source: Path, target: Path) -> None:
    """A file, or a folder with all that is in it, empty folders too."""
    if source.is_symlink() or not source.is_dir():
        keep(source, target)
        return

    def carry_over(path: str, to: str) -> None:
        with suppress(FileNotFoundError):
            keep(path, to)

    shutil.copytree(source, target, symlinks=True, copy_function=carry_over)
