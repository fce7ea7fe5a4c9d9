"""One run of ruff over the Python in a package, that in Markdown included, with settings of our own; nothing is written
outside a temporary folder.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

# --isolated and explicit files: neither a user's settings nor ignore rules around the temporary folder count.
_COMMAND = ("format", "--isolated", "--no-cache", "--line-length", "110", "--target-version", "py310")


class FormatError(Exception):
    """Ruff is not there, or a file is not Python."""


def format_sources(files: dict[str, str]) -> dict[str, str]:
    """The same files, with their Python formatted. Raises `FormatError`."""
    sources = sorted(name for name in files if name.endswith((".py", ".md")))
    if not sources:
        return dict(files)
    with tempfile.TemporaryDirectory(prefix="clientsmith-") as folder:
        root = Path(folder)
        for name in sources:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(files[name].encode())
        _run_ruff(root, sources)
        return files | {name: (root / name).read_bytes().decode() for name in sources}


def _run_ruff(root: Path, sources: list[str]) -> None:
    command = [_ruff(), *_COMMAND, "--", *sources]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RUFF_")}
    try:
        done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    except OSError as error:
        raise FormatError(f"ruff could not be started: {error}") from error
    if done.returncode != 0:
        raise FormatError(
            done.stderr.strip().replace(str(root) + os.sep, "") or f"ruff ended with {done.returncode}"
        )


def _ruff() -> str:
    try:
        from ruff import find_ruff_bin  # type: ignore[import-untyped]
    except ImportError:
        raise FormatError("ruff is not installed beside clientsmith: pip install ruff") from None
    try:
        program: str = find_ruff_bin()
    except FileNotFoundError as error:
        raise FormatError(f"the ruff program is missing: {error}; reinstall ruff") from None
    return program
