"""How a command that runs until it is told to stop is told so."""

from __future__ import annotations

import asyncio
import signal


def stopped_by_signal() -> asyncio.Event:
    """Set by the first SIGINT or SIGTERM; the second one kills, as if nobody listened for it."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGINT, signal.SIGTERM)

    def stop() -> None:
        stopped.set()
        for number in numbers:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)

    for number in numbers:
        loop.add_signal_handler(number, stop)
    return stopped
