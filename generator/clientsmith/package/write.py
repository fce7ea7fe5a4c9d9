"""Puts a FileTree on disk as a whole or not at all; the only module that writes a package.

The new folder is built beside the old one on the same file system; then the old one is renamed away, the new one is
renamed into its place, and the old one is deleted. A failure or an interrupt before that leaves the old package whole.
Killed between the two renames, the old package waits in `.<name>.clientsmith/old`, and the next run puts it back first.
Files are not flushed to the device: after a power cut `clientsmith check` tells, and `generate --force` repairs.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.package.file_tree import FileTree
from clientsmith.package.folder import list_folder
from clientsmith.package.lock import BusyError, working_folder
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
        with _parents(target), working_folder(target) as work:
            _recover(target, work)
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
    new, old = work / "new", work / "old"
    try:
        _stage(tree, plan, target, new)
        _swap(new, target, old)
    finally:
        _remove(new)
    _discard(old, target, {*plan.write, *plan.unchanged, *plan.kept, *plan.removed, *plan.left_alone})


def _holds_working_directory(target: Path) -> bool:
    try:
        return Path.cwd().is_relative_to(target)
    except FileNotFoundError:
        return False


@contextmanager
def _parents(target: Path) -> Generator[None]:
    """The folders above the package, for as long as it is written; those made here go again where it fails."""
    missing = [folder for folder in target.parents if not folder.exists()]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield
    finally:
        if not target.exists():
            with suppress(OSError):
                for folder in missing:
                    folder.rmdir()


def _recover(target: Path, work: Path) -> None:
    old = work / "old"
    if old.exists() and not target.exists():
        old.rename(target)
    _remove(work / "new")
    _remove(old)


def _stage(tree: FileTree, plan: Plan, target: Path, new: Path) -> None:
    new.mkdir()
    if target.exists():
        new.chmod(stat.S_IMODE(target.stat().st_mode))
    for path in (*plan.write, *plan.unchanged, *plan.kept, *plan.left_alone):
        (new / path).parent.mkdir(parents=True, exist_ok=True)
    for path in plan.write:
        (new / path).write_bytes(plan.merged.get(path, tree[path]))
    for path in (*plan.unchanged, *plan.kept):
        _carry_over(target / path, new / path)
    for path in plan.left_alone:
        # Another tool may remove its files at any moment.
        with suppress(FileNotFoundError):
            _carry_over_all(target / path, new / path)


def _carry_over(source: str | Path, target: str | Path) -> None:
    try:
        # One file under two names for a moment: content, owner, mode and times stay as they are.
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def _carry_over_all(source: Path, target: Path) -> None:
    """A file, or a folder with all that is in it, empty folders too."""
    if source.is_symlink() or not source.is_dir():
        _carry_over(source, target)
        return

    def carry_over(path: str, to: str) -> None:
        with suppress(FileNotFoundError):
            _carry_over(path, to)

    shutil.copytree(source, target, symlinks=True, copy_function=carry_over)


def _swap(new: Path, target: Path, old: Path) -> None:
    try:
        if target.exists():
            target.rename(old)
        new.rename(target)
    except BaseException:
        if old.exists() and not target.exists():
            old.rename(target)
        raise


def _discard(old: Path, target: Path, known: set[str]) -> None:
    """Delete the replaced folder; a file that came into it while we worked moves over to the new one."""
    if not old.exists():
        return
    listing = list_folder(old)
    for path in (*listing.entries, *listing.by_products):
        if path not in known and not os.path.lexists(target / path):
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (old / path).rename(target / path)
    _remove(old)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
