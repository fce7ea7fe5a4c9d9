"""Builds what is to come beside its target, and takes away what is no longer needed."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Collection, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from clientsmith.exchange.journal import Replaced, digest_of, flush


@dataclass(frozen=True, slots=True)
class Staging:
    """A target without links in its path, and what makes the file or folder to come at the path that it is given."""

    target: Path
    make: Callable[[Path], None]
    written: tuple[str, ...] = ("",)
    """The files of the new folder that the old one does not have with that content; the target itself if it is one."""
    removed: tuple[str, ...] = ()
    """The files of the old folder that go."""

    def replaced(self, new: Path) -> tuple[Replaced, ...]:
        """What is replaced by what was made at `new`; raises OSError."""
        paths = (*self.written, *self.removed)
        return tuple(Replaced(path, digest_of(self.target / path), digest_of(new / path)) for path in paths)


def real_path(path: str | Path) -> Path:
    """Where a path leads without links: what a target is known by."""
    return Path(os.path.realpath(path))


def file_staging(target: Path, data: bytes) -> Staging:
    """The staging of a file with that content, with the mode and the owner of the one that it replaces."""

    def make(new: Path) -> None:
        new.write_bytes(data)
        take_after(new, target)

    return Staging(target, make)


def take_after(new: Path, target: Path) -> None:
    """Give what is to come the mode and the owner of what it replaces, if there is something."""
    if not target.exists():
        return
    ours, theirs = new.stat(), target.stat()
    if (ours.st_uid, ours.st_gid) != (theirs.st_uid, theirs.st_gid):
        os.chown(new, theirs.st_uid, theirs.st_gid)
    new.chmod(stat.S_IMODE(theirs.st_mode))


def missing_above(target: Path) -> list[Path]:
    """The folders that are missing above a target, the deepest first."""
    return [folder for folder in target.parents if not folder.exists()]


@contextmanager
def parents(target: Path) -> Generator[None]:
    """The folders above a target, for as long as it is written; those made here go again if it is not there then."""
    missing = missing_above(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield
    finally:
        if not target.exists():
            remove_empty(missing)


def remove_empty(folders: Collection[Path]) -> None:
    """Remove those folders that hold nothing, the deepest first."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def flush_all(path: Path) -> None:
    """Wait until a file or all of a folder is on the device; files with a second name were there before."""
    if path.is_dir() and not path.is_symlink():
        for below in path.iterdir():
            flush_all(below)
        flush(path)
    elif path.lstat().st_nlink == 1 and path.is_file() and not path.is_symlink():
        flush(path)


def discard(replaced: Path | None, target: Path, removed: Collection[str]) -> None:
    """Delete what was replaced; a file that came into the folder while we worked moves over to the new one."""
    if replaced is None:
        return
    if replaced.is_dir() and not replaced.is_symlink():
        for folder, below, files in os.walk(replaced):
            below[:] = [name for name in below if name != "__pycache__"]
            for name in files:
                path = (Path(folder) / name).relative_to(replaced)
                if path.as_posix() not in removed and not os.path.lexists(target / path):
                    (target / path).parent.mkdir(parents=True, exist_ok=True)
                    (replaced / path).rename(target / path)
    remove(replaced)


def remove(path: Path) -> None:
    """Remove a file or a folder, if there is one."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
