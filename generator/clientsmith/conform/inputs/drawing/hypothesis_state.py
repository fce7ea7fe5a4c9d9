"""Prepares hypothesis, which would spend seconds of CPU in each process and draw from constants of our own source."""

from __future__ import annotations

import gzip
import json
import unicodedata
from pathlib import Path
from typing import Any, Final

from hypothesis.internal.conjecture import providers

_UTF_8: Final = [[[0, 0xD7FF], [0xE000, 0x10FFFF]], []]
"""The code points that UTF-8 encodes, all but the surrogates; and those of them that do not come back: none."""


def write_alphabet(folder: Path) -> None:
    """Put the code points of UTF-8 in the storage directory of hypothesis, which tries all of them otherwise.

    A version of hypothesis that looks for another file tries them all, with the same result.
    """
    file = folder / "unicode_data" / unicodedata.unidata_version / "codec-v2-utf-8.json.gz"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress(json.dumps(_UTF_8).encode(), mtime=1))


def leave_source_alone() -> None:
    """Keep hypothesis from drawing constants of source code that happens to be imported.

    Those are mostly of this tool, and only if it runs from a checkout; draws depend on document and seed alone.
    """
    inner: Any = providers
    if hasattr(inner, "_get_local_constants"):
        inner._get_local_constants = lambda: inner._local_constants
