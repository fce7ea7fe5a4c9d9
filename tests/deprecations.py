"""What code says is deprecated, apart from all other warnings.

Whatever an earlier test left open is closed by the garbage collector at any moment, and warns then: a test that
counts all warnings fails now and then for another one's sake.
"""

from __future__ import annotations

import warnings
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def deprecations() -> Generator[list[warnings.WarningMessage]]:
    """The deprecations that the block warns of, each as often as it does."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", DeprecationWarning)
        yield caught
