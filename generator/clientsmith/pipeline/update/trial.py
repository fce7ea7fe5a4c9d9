"""The new package in the scratch folder: laid out as what is tried with it needs it."""

from __future__ import annotations

import shutil
from pathlib import Path

from clientsmith.package.file_tree import FileTree
from clientsmith.package.runtime import owner_of


def lay_out(tree: FileTree, folder: Path, target: Path, shared: str | None = None) -> Path:
    """Write the package that is to come to `target` below `folder`; returns its own folder there.

    The other package whose runtime it shares is copied beside it if it is named from there (`..one`); one with an
    absolute name is found in the folders above, as the scratch folder is beside the target.
    """
    dots = len(shared) - len(shared.lstrip(".")) if shared is not None else 0
    package = folder.joinpath(*target.parts[-max(dots, 1) :])
    for path, data in tree.items():
        (package / path).parent.mkdir(parents=True, exist_ok=True)
        (package / path).write_bytes(data)
    owner = owner_of(target, shared) if shared is not None and dots else None
    if owner is not None:
        beside = package.parents[dots - 2] / owner.relative_to(target.resolve().parents[dots - 2])
        shutil.copytree(owner, beside, ignore=shutil.ignore_patterns("__pycache__"))
    return package
