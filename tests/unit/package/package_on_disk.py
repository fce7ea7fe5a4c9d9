"""A small package and its inputs, for the tests of writing and checking."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.package.file_tree import FileTree, sha256
from clientsmith.package.manifest import NAME, Inputs, with_manifest
from clientsmith.package.write import write

INPUTS = Inputs("0.1.0", "d" * 64, "c" * 64, "t" * 64, "r" * 64, {"ruff": "1"})
FILES = {"__init__.py": b"one\n", "sub/mod.py": b"two\n", "sub/deep/x.py": b"x\n", "py.typed": b""}


def tree(**changes: bytes | None) -> FileTree:
    """FILES with changes: `sub__mod_py=None` would be awkward, so keys are paths given by `**{path: data}`."""
    files = {path: data for path, data in {**FILES, **changes}.items() if data is not None}
    return with_manifest(FileTree(files), INPUTS)


def written(folder: Path) -> Path:
    """The package, on disk."""
    assert write(tree(), folder, Diagnostics()) is not None
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def older_manifest(data: bytes) -> bytes:
    """The manifest as an earlier version wrote it, which did not know `needs`, `surface` and `account`."""
    members = json.loads(data)
    later = ("manifest", "needs", "surface", "account")
    body = {name: value for name, value in members.items() if name not in later}
    return _canonical(body | {"manifest": sha256(_canonical(body))})


def _canonical(value: Mapping[str, object]) -> bytes:
    return (json.dumps(value, indent=2, sort_keys=True) + "\n").encode()


__all__ = ["FILES", "INPUTS", "NAME", "contents", "older_manifest", "tree", "written"]
