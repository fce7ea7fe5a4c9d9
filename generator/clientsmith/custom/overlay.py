"""Shows the folder that imports start at as it would be with another package in it: links to all that is there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Overlay:
    """A folder of links in place of the folder `root`; `package` is the one in place of the package."""

    folder: Path
    root: Path
    package: Path

    def show(self, package: Path) -> None:
        """Put a package in its place, instead of the one before. Raises OSError."""
        self.package.unlink(missing_ok=True)
        self.package.symlink_to(absolute(package))

    def inside(self, path: Path) -> Path:
        """The path through the links; one outside of the root stays as it is."""
        return self.folder / path.relative_to(self.root) if path.is_relative_to(self.root) else path

    def original(self, path: Path) -> Path:
        """The other way round."""
        return self.root / path.relative_to(self.folder) if path.is_relative_to(self.folder) else path


def absolute(path: str | Path) -> Path:
    """An absolute path in plain form; links keep their own names."""
    return Path(os.path.normpath(Path(path).absolute()))


def import_root(path: Path) -> Path:
    """The folder above the topmost package around a file or folder."""
    above = path.parent
    while (above / "__init__.py").exists():
        above = above.parent
    return above


def overlay(folder: Path, root: Path, place: Path) -> Overlay:
    """Make `folder` show what is in `root` but for the package at `place`, which is below it. Raises OSError."""
    above, shown = root, folder
    for name in place.relative_to(root).parts:
        shown.mkdir()
        for entry in os.scandir(above) if above.is_dir() else ():
            if entry.name != name:
                (shown / entry.name).symlink_to(entry.path)
        above, shown = above / name, shown / name
    return Overlay(folder, root, shown)
