"""Is a package of the release that the state says it is?"""

from __future__ import annotations

import re
from pathlib import Path

from clientsmith.diagnostics.model import Diagnostics, Place, Span
from clientsmith.emit.version import MODULE
from clientsmith.input_file import InputFileError, read_file

_VERSION = re.compile(rb"^__version__ = \"([^\"\n]*)\"", re.MULTILINE)

_REMEDY = (
    "run `clientsmith generate`, which takes the version from the state; if the state file is older than the package, "
    "restore it from version control first"
)


def check_version(folder: Path, version: str, drift: Diagnostics) -> None:
    """Compare `__version__` with the version of the state; a module that is missing is reported as any other file."""
    try:
        data = read_file(folder / MODULE)
    except InputFileError:
        return
    found = _VERSION.search(data)
    stated = "not stated" if found is None else found[1].decode("utf-8", "replace")
    if stated != version:
        line = 1 if found is None else data.count(b"\n", 0, found.start()) + 1
        drift.error(
            "version-differs",
            f"__version__ is {stated:.40}, and the last release in the state is {version}",
            Place(span=Span(str(folder / MODULE), line, 1)),
            hint=_REMEDY,
        )
