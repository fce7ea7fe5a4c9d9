"""Puts a FileTree on disk as a whole or not at all; the only module that writes a package.

The new folder is built beside the old one on the same file system; then the two are exchanged, and the old one is
deleted. A failure or an interrupt before that leaves the old package whole. If the system cannot exchange two folders
in one step, the old one is renamed away first: killed between the two renames, it waits in `.<name>.clientsmith/old`,
and the next run puts it back first. Files are not flushed to the device: after a power cut `clientsmith check`
reports what is wrong, and `generate --force` repairs it.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.exchange.journal import NEW, OLD
from clientsmith.exchange.lock import BusyError, working_folder, working_folder_of
from clientsmith.exchange.mix import UnsettledError, report, report_mix
from clientsmith.exchange.recovery import recover
from clientsmith.exchange.run import exchange
from clientsmith.exchange.staging import (
    Staging,
    discard,
    file_staging,
    parents,
    real_path,
    remove,
    take_after,
)
from clientsmith.exchange.swap import keep, swap
from clientsmith.input_file import read_file
from clientsmith.package.file_tree import FileTree
from clientsmith.package.manifest import NAME
from clientsmith.package.plan import Plan, make_plan


@dataclass(frozen=True, slots=True)
class Beside:
    """What belongs to a package: files that are replaced together with it, and files that stay as they are."""

    files: Mapping[Path, bytes] = field(default_factory=dict[Path, bytes])
    witnesses: tuple[Path, ...] = ()

    def changed(self) -> dict[Path, bytes]:
        """The files that have another content now; raises OSError."""
        return {path: data for path, data in self.files.items() if not _holds(path, data)}


ALONE = Beside()


def write(
    tree: FileTree, out: Path, diagnostics: Diagnostics, *, force: bool = False, beside: Beside = ALONE
) -> Plan | None:
    """Make the folder `out` hold exactly the tree (which includes its manifest); return what was done.

    What is beside it is replaced as well: all of it or nothing. A symbolic link at `out` itself is followed. Files that
    are the same already keep their time of modification. None if the folder refuses it or cannot be written, with a
    diagnostic for each reason.
    """
    target, plan = target_of(out, diagnostics), None
    with reporting(out, diagnostics):
        if target is None or report_mix([str(target)], diagnostics):
            return None
        with parents(target), working_folder(target):
            recover(target, completes=False)
            plan = write_owned(tree, target, out, diagnostics, force=force, beside=beside)
    return plan


def write_owned(
    tree: FileTree, target: Path, out: Path, diagnostics: Diagnostics, *, force: bool = False, beside: Beside
) -> Plan | None:
    """The same for a target whose working folder is owned, and settled; raises BusyError, OSError."""
    plan = make_plan(target, out, tree, diagnostics, force=force)
    if plan is None:
        return None
    is_changed = bool(plan.write or plan.removed)
    if is_changed and _holds_working_directory(target):
        message = f"{out} is the working directory, or holds it; it is replaced as a whole"
        hint = "run clientsmith from a folder outside of the package"
        diagnostics.error("output-in-use", message, hint=hint)
        return None
    stagings = [file_staging(real_path(path), data) for path, data in beside.changed().items()]
    package = [_staging(plan, tree, target)] if is_changed else []
    if stagings:
        exchange(target, [*stagings, *package], (target, *map(real_path, (*beside.files, *beside.witnesses))))
    elif package:
        _carry_out(package[0])
    return plan


def target_of(out: Path, diagnostics: Diagnostics) -> Path | None:
    """The folder of a package without links; None after reporting that something else is there."""
    # A link above or at the folder must not make the working folder land on another file system.
    target = real_path(out)
    if target.name and (target.is_dir() or not os.path.lexists(target)):
        return target
    diagnostics.error("output-not-a-folder", f"{out} is not a folder", hint="choose another --out")
    return None


@contextmanager
def reporting(out: Path, diagnostics: Diagnostics) -> Generator[None]:
    """Reports why a package, or what is beside it, cannot be written; that ends the block."""
    try:
        yield
    except BusyError as busy:
        other = out if busy.target == real_path(out) else busy.target
        message = f"another clientsmith is writing {other} at this moment"
        diagnostics.error("output-busy", message, hint="wait for it to end, then run this again")
    except UnsettledError as error:
        report(error.mix, diagnostics)
    except OSError as error:
        place = f" ({error.filename})" if error.filename is not None else ""
        message = f"cannot write {out}: {error.strerror or error}{place}"
        diagnostics.error("output-unwritable", message, hint=_state(out))


def _holds(path: Path, data: bytes) -> bool:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    return path.exists() and read_file(path) == data


def _state(out: Path) -> str:
    """What can be said of a folder that could not be written."""
    if os.path.lexists(out / NAME):
        return "the package there is whole, as it was or as it should be"
    return "choose another --out, or see to the permissions of that folder and those above it"


def _carry_out(staging: Staging) -> None:
    work = working_folder_of(staging.target)
    new, old = work / NEW, work / OLD
    try:
        staging.make(new)
        replaced = swap(new, staging.target, old)
    except BaseException:
        remove(new)
        raise
    discard(replaced, staging.target, staging.removed)


def _staging(plan: Plan, tree: FileTree, target: Path) -> Staging:
    """How a package that a plan changes comes to replace the one in its folder."""
    return Staging(target, lambda new: _stage(tree, plan, target, new), plan.write, plan.removed)


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
