"""Bytecode in a package that Python would run although the module beside it says something else."""

from __future__ import annotations

import importlib.util
import marshal
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import CodeType

_HEADER = 16
_HASHED, _CHECKED = 1, 2
"""Flags of bytecode (PEP 552): it holds a hash of its source, not time and size; and that hash counts."""
_LEVEL = re.compile(r"\.opt-([12])\.pyc")


def foreign_bytecode(folders: Iterable[Path]) -> Iterator[Path]:
    """The files in folders called `__pycache__` that are run instead of the modules beside them, and are not theirs."""
    for folder in sorted(folders):
        for path in sorted(folder.glob("*.pyc")):
            source = _module_of(path)
            if source is not None and source.is_file() and path.is_file() and _is_foreign(path, source):
                yield path


def _module_of(path: Path) -> Path | None:
    try:
        return Path(importlib.util.source_from_cache(str(path)))
    except ValueError:
        return None  # no name that Python looks for


def _is_foreign(path: Path, module: Path) -> bool:
    data, source = path.read_bytes(), module.read_bytes()
    flags = int.from_bytes(data[4:8], "little")
    if (
        data[:4] != importlib.util.MAGIC_NUMBER
    ):  # of another Python, which runs it unseen if the hash does not count
        return len(data) >= _HEADER and flags & (_HASHED | _CHECKED) == _HASHED
    return _is_run(data, flags, source, module) and not _is_made_of(data, path, source)


def _is_run(data: bytes, flags: int, source: bytes, module: Path) -> bool:
    """Whether Python takes the bytecode without compiling the module again."""
    if len(data) < _HEADER:
        return False
    if flags & _HASHED:
        return not flags & _CHECKED or data[8:_HEADER] == importlib.util.source_hash(source)
    state = module.stat()
    times = (int(state.st_mtime), state.st_size)
    return data[8:_HEADER] == b"".join((one & 0xFFFFFFFF).to_bytes(4, "little") for one in times)


def _is_made_of(data: bytes, path: Path, source: bytes) -> bool:
    """Whether the bytecode is what the module compiles to; where its files were then does not matter."""
    level = _LEVEL.search(path.name)
    try:
        held = marshal.loads(data[_HEADER:])  # builds objects, and runs nothing
        compiled = compile(source, "", "exec", dont_inherit=True, optimize=int(level[1]) if level else 0)
    except (ValueError, EOFError, TypeError, SyntaxError):
        return False
    return isinstance(held, CodeType) and _bare(held) == _bare(compiled)


def _bare(code: CodeType) -> CodeType:
    """Code without the places that it was written in."""
    constants = tuple(_bare(one) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_filename="", co_linetable=b"", co_consts=constants)
