# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Running a step of an asynchronous call to its end, whatever cancels the task meanwhile."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any


async def to_its_end(step: Coroutine[Any, Any, None]) -> None:
    """Run the step, which must not raise; a cancellation that arrives meanwhile is raised after it."""
    import asyncio

    import anyio

    # The scope keeps off cancellations of anyio, and all that trio knows.
    with anyio.CancelScope(shield=True):
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            await step
        else:
            await _in_a_task(step)


async def _in_a_task(step: Coroutine[Any, Any, None]) -> None:
    """asyncio cancels tasks, not scopes: so the step gets a task that nobody else knows."""
    import asyncio

    async def wait() -> asyncio.CancelledError | None:
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            return error
        return None

    task = asyncio.ensure_future(step)
    cancelled = None
    while not task.done():
        cancelled = await wait() or cancelled
    if cancelled is not None:
        raise cancelled
    await task
