"""Where the files that findings name are in the repository; nothing is read but whether there is one."""

from __future__ import annotations

import os
from pathlib import Path

from clientsmith.input_file import stream_number


def repository_root(folder: Path) -> Path | None:
    """The root of the git working tree that a folder is in; without one, what GitHub says that it checked out."""
    for above in (folder, *folder.parents):
        if (above / ".git").exists():
            return above
    workspace = os.environ.get("GITHUB_WORKSPACE")
    return Path(workspace).resolve() if workspace else None


def path_in_repository(file: str, root: Path | None) -> str:
    """A path as seen from the root; as it is if it leads out of there, or is a URL or a stream."""
    if root is None or "://" in file or stream_number(file) is not None:
        return file
    # The folder is resolved and the file is not: git knows a link by its own name.
    folder, name = os.path.split(file)
    try:
        place = Path(os.path.realpath(folder), name)
    except ValueError:  # A name that no file can have.
        return file
    return place.relative_to(root).as_posix() if place.is_relative_to(root) else file
