"""Puts one file or folder in the place of another, without a moment at which there is neither if the system can do so.

Linux exchanges two names in one step (renameat2), and so does macOS (renamex_np). Elsewhere, and on file systems that
cannot do it, a file is replaced in one step as well, and a folder is renamed away first.
"""

from __future__ import annotations

import functools
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_CURRENT_FOLDER, _EXCHANGE = -100, 2
"""AT_FDCWD and RENAME_EXCHANGE of Linux; RENAME_SWAP of macOS has the same value."""


def swap(new: Path, target: Path, old: Path) -> Path | None:
    """Move `new` to `target`; returns where what was there is now (`new` or `old`), None if nothing was there.

    A failure leaves both as they were. Killed between two renames, a folder waits at `old`.
    """
    if not os.path.lexists(target):
        new.rename(target)
        return None
    if exchange_names(new, target):
        return new
    if not target.is_dir():
        with suppress(FileNotFoundError):
            old.unlink()
        keep(target, old)
        new.replace(target)
        return old
    try:
        target.rename(old)
        new.rename(target)
    except BaseException:
        if old.exists() and not target.exists():
            old.rename(target)
        raise
    return old


def exchange_names(one: Path, other: Path) -> bool:
    """Let two paths change what they name, in one step; False if that cannot be done here."""
    function = _system_call()
    return function is not None and function(os.fsencode(one), os.fsencode(other)) == 0


@functools.cache
def _system_call() -> Callable[[bytes, bytes], int] | None:
    import ctypes  # Only who replaces something pays for loading it.

    library = ctypes.CDLL(None)
    name = "renamex_np" if sys.platform == "darwin" else "renameat2"
    function = getattr(library, name, None)
    if function is None:
        return None
    if sys.platform == "darwin":
        return lambda one, other: function(one, other, _EXCHANGE)
    return lambda one, other: function(_CURRENT_FOLDER, one, _CURRENT_FOLDER, other, _EXCHANGE)


def keep(source: str | Path, target: str | Path) -> None:
    """Give a file a second name; a copy if the file system has no links. No symbolic link is followed."""
    try:
        # One file under two names for a moment: content, owner, mode and times stay as they are.
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)
