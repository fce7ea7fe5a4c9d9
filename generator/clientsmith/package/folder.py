"""What is in a package folder on disk: a listing that never follows a symbolic link; nothing is written here."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from clientsmith.diagnostics.model import Diagnostics, Place, Span
from clientsmith.package.parts import BrokenMarkError

Kind: TypeAlias = Literal["file", "link", "special"]

_BY_PRODUCTS = (
    # Version control, for a package folder that is a repository or a submodule of its own.
    ".git", ".hg", ".svn", ".bzr", ".jj", "*.orig", "*.rej",
    # macOS, Windows, and file systems of Linux.
    ".DS_Store", "._*", ".AppleDouble", ".LSOverride", "Thumbs.db", "ehthumbs.db", "desktop.ini", ".directory",
    ".nfs*", ".fuse_hidden*",
    # Editors: swap files, locks and backups (vim, Emacs, nano, Kate, JetBrains, GTK), and settings of a folder.
    "*~", "*.sw[a-p]", "*.un~", "#*#", ".#*", "*.bak", "*.save", "*.tmp", ".*.kate-swp", "*___jb_???___",
    ".goutputstream-*", ".idea", ".vscode", ".vs", ".fleet", ".zed", ".history", ".ropeproject", ".spyproject",
    # Caches of checkers, formatters, test runners and notebooks.
    ".mypy_cache", ".dmypy.json", ".ruff_cache", ".pytest_cache", ".pytype", ".pyre", ".hypothesis", ".cache",
    ".coverage", ".coverage.*", ".benchmarks", ".tox", ".nox", ".ipynb_checkpoints",
)  # fmt: skip
"""Names of files and folders that systems, editors and other tools leave beside sources. No import statement can reach
one, as none is an identifier with `.py` or the ending of a compiled module behind it."""
_BY_PRODUCT = re.compile("|".join(map(fnmatch.translate, _BY_PRODUCTS)), re.IGNORECASE)
_BYTECODE = re.compile(r"(?:.*/)?__pycache__/[^/]+\.pyc(?:\.[0-9]+)?")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything below a folder but folders, by relative POSIX path, sorted; a by-product may be a whole folder."""

    entries: Mapping[str, Kind]
    by_products: tuple[str, ...] = ()
    """What other tools left there, which is neither part of a package nor in the way of one."""
    bytecode: tuple[str, ...] = ()
    """The folders of what Python compiled."""


def list_folder(root: Path) -> Listing:
    """What is below `root`. Raises OSError if a folder cannot be read."""
    found: dict[str, Kind] = {}
    by_products: list[str] = []
    bytecode: set[str] = set()
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        with os.scandir(root / prefix) as entries:
            for entry in entries:
                path = prefix + entry.name
                if _BY_PRODUCT.fullmatch(entry.name):
                    by_products.append(path)
                elif entry.is_symlink():
                    found[path] = "link"
                elif entry.is_dir(follow_symlinks=False):
                    waiting.append(path + "/")
                elif not entry.is_file(follow_symlinks=False):
                    found[path] = "special"
                elif _BYTECODE.fullmatch(path):
                    bytecode.add(prefix.rstrip("/"))
                else:
                    found[path] = "file"
    ordered: dict[str, Kind] = {path: found[path] for path in sorted(found)}
    return Listing(ordered, tuple(sorted(by_products)), tuple(sorted(bytecode)))


def report_broken_mark(folder: Path, path: str, error: BrokenMarkError, diagnostics: Diagnostics) -> None:
    """Say which mark of a file that is generated in parts only is at fault."""
    message = f"the generated parts of {path} cannot be told from what people wrote: this line {error}"
    hint = "restore the mark; or move what you wrote elsewhere and remove the file, and it is generated anew"
    diagnostics.error("broken-mark", message, Place(span=Span(str(folder / path), error.line, 1)), hint=hint)


def note_left_alone(folder: Path, paths: tuple[str, ...], diagnostics: Diagnostics) -> None:
    """Say what in a package folder is not part of the package and is left as it is."""
    if paths:
        more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
        message = f"not part of the package, and left alone: {', '.join(paths[:_SHOWN])}{more}"
        diagnostics.note("left-alone", message, Place(span=Span(str(folder / paths[0]), 1, 1)))
