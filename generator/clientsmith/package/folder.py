"""What stands in a package folder on disk: a listing that never follows a symbolic link; nothing is written here."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["file", "link", "special"]


def list_folder(root: Path) -> Mapping[str, Kind]:
    """Every entry below `root` but folders and what Python compiled, by relative POSIX path, sorted.

    Only `__pycache__/*.pyc` is left out. Raises OSError where a folder cannot be read.
    """
    found: dict[str, Kind] = {}
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        with os.scandir(root / prefix) as entries:
            for entry in entries:
                path = prefix + entry.name
                if entry.is_symlink():
                    found[path] = "link"
                elif entry.is_dir(follow_symlinks=False):
                    waiting.append(path + "/")
                elif not entry.is_file(follow_symlinks=False):
                    found[path] = "special"
                elif not is_bytecode(path):
                    found[path] = "file"
    return {path: found[path] for path in sorted(found)}


def is_bytecode(path: str) -> bool:
    """Whether Python itself puts a file of this path beside the sources."""
    return path.endswith(".pyc") and path.rpartition("/")[0].rpartition("/")[2] == "__pycache__"
