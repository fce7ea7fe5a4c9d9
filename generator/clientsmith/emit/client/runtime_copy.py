"""The runtime as bytes, its licence included: what every package gets a copy of. The tool never imports it."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).resolve().parent.parent.parent / "runtime"


def runtime_files() -> dict[str, bytes]:
    """The runtime's modules and the text of its licence by path, byte for byte, in sorted order."""
    paths = sorted((*_FOLDER.rglob("*.py"), _FOLDER / "LICENSE"))
    return {path.relative_to(_FOLDER).as_posix(): path.read_bytes() for path in paths}
