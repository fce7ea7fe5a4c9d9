"""The working folder beside a package: one process at a time owns it; what a crash left in it is found by the next."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_LOCK = "lock"


class BusyError(Exception):
    """Another process is writing the same package at this moment."""


@contextmanager
def working_folder(package: Path) -> Generator[Path]:
    """A folder of our own beside `package`, on the same file system; gone afterwards. Raises BusyError, OSError.

    It may hold what an interrupted run left. The lock is a `flock` on a file in it, which dies with its process.
    """
    folder = package.parent / f".{package.name}.clientsmith"
    descriptor = _acquire(folder)
    try:
        yield folder
    finally:
        # The file goes while it is locked: whoever waits for it sees afterwards that it is no longer the lock.
        try:
            (folder / _LOCK).unlink()
            folder.rmdir()
        finally:
            os.close(descriptor)


def _acquire(folder: Path) -> int:
    file = folder / _LOCK
    while True:
        folder.mkdir(exist_ok=True)
        if folder.is_symlink():
            raise NotADirectoryError(20, "is a symbolic link", str(folder))
        try:
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:
            continue
        if _owns(descriptor, file):
            return descriptor
        os.close(descriptor)


def _owns(descriptor: int, file: Path) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise BusyError from None
    try:
        return os.path.samestat(os.fstat(descriptor), file.stat())
    except FileNotFoundError:
        return False
