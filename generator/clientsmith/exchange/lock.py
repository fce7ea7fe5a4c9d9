"""The working folder beside a target: one process at a time owns it; what a crash left in it is found by the next."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_LOCK = "lock"


class BusyError(Exception):
    """Another process is writing the target at this moment."""

    def __init__(self, target: Path) -> None:
        super().__init__(str(target))
        self.target = target


def working_folder_of(target: Path) -> Path:
    """Where the working folder of a target is, or would be."""
    return target.parent / f".{target.name}.clientsmith"


@contextmanager
def working_folder(target: Path) -> Generator[Path]:
    """A folder of our own beside `target`, on the same file system. Raises BusyError, OSError.

    It may hold what an interrupted run left, and is gone afterwards unless something is left in it. The lock is a
    `flock` on a file in it, which dies with its process.
    """
    folder = working_folder_of(target)
    try:
        descriptor = _acquire(folder)
    except BlockingIOError:
        raise BusyError(target) from None
    try:
        yield folder
    finally:
        # The file goes while it is locked: whoever waits for it sees afterwards that it is no longer the lock.
        try:
            (folder / _LOCK).unlink()
            if not any(folder.iterdir()):
                folder.rmdir()
        finally:
            os.close(descriptor)


def is_owned(folder: Path) -> bool:
    """Whether a process that is alive owns a working folder; raises OSError."""
    try:
        descriptor = os.open(folder / _LOCK, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _acquire(folder: Path) -> int:
    """The descriptor of the lock, which is held. No link that somebody put in the way is followed."""
    file = folder / _LOCK
    while True:
        folder.mkdir(exist_ok=True)
        _refuse_link(folder)
        try:
            descriptor = os.open(
                file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600
            )
        except FileNotFoundError:
            continue
        except OSError:
            _refuse_link(file)
            raise
        if _owns(descriptor, file):
            break
        os.close(descriptor)
    try:
        for path in sorted(folder.iterdir()):
            _refuse_link(path)
    except OSError:
        file.unlink()
        os.close(descriptor)
        raise
    return descriptor


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        raise OSError(errno.ELOOP, "is a symbolic link", str(path))


def _owns(descriptor: int, file: Path) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise
    try:
        return os.path.samestat(os.fstat(descriptor), file.lstat())
    except FileNotFoundError:
        return False
