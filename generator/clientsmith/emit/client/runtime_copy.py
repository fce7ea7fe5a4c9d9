"""The runtime as bytes, its licence included: what every package gets a copy of. The tool never imports it."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).resolve().parent.parent.parent / "runtime"


def runtime_files() -> dict[str, bytes]:
    """The runtime's modules and the text of its licence by file name, byte for byte, in sorted order."""
    return {path.name: path.read_bytes() for path in sorted((*_FOLDER.glob("*.py"), _FOLDER / "LICENSE"))}
