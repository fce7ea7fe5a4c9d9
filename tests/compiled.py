"""Modules below the temporary folder are compiled once per content: the runtime is the same in nearly every package."""

from __future__ import annotations

import sys
import tempfile
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

_COMPILED: dict[bytes, CodeType] = {}
_TEMPORARY = Path(tempfile.gettempdir()).resolve()
_INSTALLED = (Path(sys.prefix).resolve(), Path(__file__).resolve().parent.parent)
"""The environment and the checkout, which may be below the temporary folder too."""


class Loader(SourceFileLoader):
    """Compiles what nobody has compiled yet."""

    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> CodeType:
        source = bytes(data)
        if source not in _COMPILED:
            _COMPILED[source] = super().source_to_code(data, path, _optimize=_optimize)
        return _in_file(_COMPILED[source], path)

    def set_data(self, path: Any, data: Any, *, _mode: int = 0o666) -> None:
        """Leave nothing beside the source: `check` would mention it."""


def _in_file(code: CodeType, path: str) -> CodeType:
    """The same code as that of another file, for tracebacks and warnings."""
    parts = (_in_file(one, path) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_filename=path, co_consts=tuple(parts))


_find = FileFinder.path_hook((Loader, SOURCE_SUFFIXES))


def _hook(folder: str) -> Any:
    place = Path(folder).resolve()
    if not place.is_relative_to(_TEMPORARY) or any(map(place.is_relative_to, _INSTALLED)):
        raise ImportError("the interpreter finds modules there", path=folder)
    return _find(folder)


def install() -> None:
    """Let this process import so; other processes import as ever."""
    sys.path_hooks.insert(0, _hook)
