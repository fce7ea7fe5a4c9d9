"""Calls of one method that run side by side: in threads, or in an event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

_LONGEST: Final = 20.0
"""Seconds to wait for things to be ready, which only a fault can keep from it."""
_POLL: Final = 0.002
"""Seconds between two looks at whether things are ready."""


@dataclass(frozen=True, slots=True)
class CallsTogether:
    """Calls with those arguments. All but the first wait until things are `ready`; `done` is called as each ends."""

    method: Callable[..., Any]
    arguments: Sequence[dict[str, Any]]
    ready: Callable[[], bool]
    done: Callable[[], None]

    def in_threads(self) -> list[object]:
        """The results and errors of calls that block."""
        latest = time.monotonic() + _LONGEST

        def call(number: int) -> object:
            while number and self._has_to_wait(latest):
                time.sleep(_POLL)
            try:
                return self.method(**self.arguments[number])
            except Exception as error:
                return error
            finally:
                self.done()

        with ThreadPoolExecutor(len(self.arguments)) as threads:
            return list(threads.map(call, range(len(self.arguments))))

    async def in_loop(self) -> list[object]:
        """The results and errors of calls that are awaited."""
        latest = time.monotonic() + _LONGEST

        async def call(number: int) -> object:
            while number and self._has_to_wait(latest):
                await asyncio.sleep(_POLL)
            try:
                return await self.method(**self.arguments[number])
            finally:
                self.done()

        return await asyncio.gather(*map(call, range(len(self.arguments))), return_exceptions=True)

    def _has_to_wait(self, latest: float) -> bool:
        return not self.ready() and time.monotonic() < latest
