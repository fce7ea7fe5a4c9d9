"""Environment variables that a client reads, set for as long as something is looked at."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Final

PROXIES: Final = tuple(
    name for kind in ("http", "https", "all", "no") for name in (f"{kind}_proxy", f"{kind}_PROXY".upper())
)
"""What sends requests elsewhere, those to the loopback included."""


@contextmanager
def variables_set(names: Sequence[str], values: dict[str, str]) -> Generator[None]:
    """Those variables and no others of the names, for as long as it takes to make a client."""
    before = {name: os.environ.pop(name) for name in names if name in os.environ}
    os.environ.update(values)
    try:
        yield
    finally:
        for name in names:
            os.environ.pop(name, None)
        os.environ.update(before)
