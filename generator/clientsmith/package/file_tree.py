"""FileTree: the files of a package in memory, by safe relative POSIX path; nothing here touches a disk."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath

from clientsmith.characters import file_name_key
from clientsmith.package.parts import read_parts

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\\:*?\"<>|]")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)

_LONGEST = 255
"""Bytes of a name: what file systems of Linux, macOS and Windows take alike."""


def path_problem(path: str) -> str | None:
    """Why a path is not safe to join to a folder on any system, or None where it is."""
    if not path or path.startswith("/"):
        return "is not a relative path"
    if _UNSAFE.search(path):
        return "holds a character that is not portable"
    for part in path.split("/"):
        if part in ("", ".", ".."):
            return "is not in its plain form"
        if _RESERVED.fullmatch(part):
            return f"holds {part!r}, a device name on Windows"
        if len(part.encode()) > _LONGEST:
            return "holds a name that is too long for a file"
        if part.endswith((".", " ")):
            return f"holds {part!r}, which Windows would rename"
    return None


def parents(path: str) -> list[str]:
    """The folders above a relative path, the package folder itself left out."""
    return [str(folder) for folder in PurePosixPath(path).parents][:-1]


def sha256(data: bytes) -> str:
    """The SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


class FileTree(Mapping[str, bytes]):
    """Path -> content in sorted order. An unsafe or contradictory path is a bug of the emitter: ValueError.

    `partly` are the files of which only marked parts are generated (`parts`).
    """

    __slots__ = ("_files", "_parts")

    def __init__(self, files: Mapping[str, bytes], partly: Collection[str] = ()) -> None:
        folders = {folder for path in files for folder in parents(path)}
        spellings: dict[str, str] = {}
        for path in sorted(files):
            problem = path_problem(path)
            if problem is None and path in folders:
                problem = "is a file and a folder at once"
            if problem is None and spellings.setdefault(file_name_key(path), path) != path:
                problem = "differs from another path only in a way that some file systems do not see"
            if problem is not None:
                raise ValueError(f"{path!r} {problem}")
        self._files = {path: files[path] for path in sorted(files)}
        self._parts = {
            path: {name: part.digest for name, part in read_parts(files[path]).items()}
            for path in sorted(partly)
        }

    def __getitem__(self, path: str) -> bytes:
        return self._files[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __repr__(self) -> str:
        return f"FileTree({len(self)} files, {self.size} bytes)"

    @property
    def size(self) -> int:
        """The sum of all file sizes in bytes."""
        return sum(map(len, self._files.values()))

    def digests(self) -> dict[str, str]:
        """The SHA-256 of every file that is generated as a whole, by path."""
        return {path: sha256(data) for path, data in self._files.items() if path not in self._parts}

    @property
    def parts(self) -> Mapping[str, Mapping[str, str]]:
        """The SHA-256 of each part by its name, in order, by path: of the files that are generated in parts only."""
        return self._parts
