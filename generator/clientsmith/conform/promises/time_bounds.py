"""Promises about time, checked so that a busy machine changes no verdict.

What lateness alone explains is tried again with a longer bound. A fault shows at every bound, and so at the last one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

T = TypeVar("T")
BOUNDS: Final = (0.1, 0.5, 2.0, 6.0)
"""Seconds that a call may take if it is to be cut off, one after the other until the call is not late."""
AMPLE: Final = 20.0
"""Seconds to wait for what must come, and of a timeout that must not pass. Only a fault takes this long."""
_POLL: Final = 0.001
TRIES: Final = 5
"""How often a call is made whose ending depends on which of two things comes first."""


def until_on_time(
    attempt: Callable[[float], T], is_late: Callable[[T], bool], bounds: Sequence[float] = BOUNDS
) -> T:
    """The first attempt that is not late, each with the next longer bound; otherwise the one with the last bound."""
    *shorter, longest = bounds
    for bound in shorter:
        found = attempt(bound)
        if not is_late(found):
            return found
    return attempt(longest)


async def until(is_so: Callable[[], bool]) -> None:
    """Let the event loop work until that is so, or has not become so for long."""
    latest = time.monotonic() + AMPLE
    while not is_so() and time.monotonic() < latest:
        await asyncio.sleep(_POLL)


def is_slow(seconds: float, bound: float) -> bool:
    """Whether a call took much longer than its bound, for a fault of the package or because the machine is busy."""
    return seconds > 5 * bound + 1
