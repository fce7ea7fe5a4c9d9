"""One thread beside the event loop for what takes longer than a moment: other connections go on meanwhile.

One thread, so that things happen in the order in which they were asked for; what it may cost is bounded by budgets.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


class WorkerThread:
    """Runs functions one after the other; for one event loop."""

    def __init__(self) -> None:
        self._thread: ThreadPoolExecutor | None = None

    def run(self, function: Callable[[], Result]) -> asyncio.Future[Result]:
        """The result of a function, in its turn; cancelling the future takes back what has not begun."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="clientsmith-worker")
        return asyncio.get_running_loop().run_in_executor(self._thread, function)

    async def close(self) -> None:
        """Wait for all that was asked for and not taken back."""
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.to_thread(thread.shutdown)
