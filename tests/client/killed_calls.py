"""Makes a billing call in a child process that is killed with SIGKILL at one of its steps; run as a program by the tests.

Reads one JSON object for each call on stdin and answers on stdout whether the call was killed or came to its end. A
step is a system call (Linux: nothing but those changes files and sockets, so that these are all the points there are)
or an instruction of SQLite's virtual machine (anywhere).
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import json
import os
import signal
import sqlite3
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from clientsmith.runtime import CallOptions, ConnectError
from clientsmith.runtime.sqlite.async_sqlite_journal import AsyncSqliteJournal
from clientsmith.runtime.sqlite.sqlite_journal import SqliteJournal
from tests.unit.runtime.small_api import ITEM, AsyncSmallClient, Client

ITEMS = [{"sid": ITEM, "quantity": Decimal("12.355")}]
_TRACEME, _SYSCALL, _SETOPTIONS, _EXITKILL = 0, 24, 0x4200, 0x100000


@dataclass(frozen=True)
class Call:
    """A call to make and kill; its steps are counted from the opening of the journal on, or only after it."""

    path: str
    address: str
    intent_id: str
    from_opening: bool
    asynchronous: bool


def bill(path: str, address: str, intent_id: str, count_from_here: Callable[[], None]) -> None:
    """The call under test, of the blocking client."""
    with Client("key", "secret", base_url=f"http://{address}", journal=SqliteJournal(path)) as client:
        count_from_here()
        client.usages.report(
            intent_id, billable_items=ITEMS, options=CallOptions(intent_id=intent_id, retries=None)
        )


def bill_async(path: str, address: str, intent_id: str, count_from_here: Callable[[], None]) -> None:
    """The call under test, of the asyncio client."""

    async def call() -> None:
        journal = AsyncSqliteJournal(path)
        async with AsyncSmallClient("key", "secret", base_url=f"http://{address}", journal=journal) as client:
            count_from_here()
            await client.usages.report(
                intent_id, billable_items=ITEMS, options=CallOptions(intent_id=intent_id)
            )

    asyncio.run(call())


def _ptrace(*arguments: object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)
    libc.ptrace.restype = ctypes.c_long
    result: int = libc.ptrace(*arguments)
    return result


def can_trace() -> bool:
    """Whether a process may trace its own children here; some sandboxes forbid it."""
    if sys.platform != "linux":
        return False
    child = os.fork()
    if child == 0:
        os._exit(1 if _ptrace(_TRACEME, 0, None, None) else 0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def killed_at_system_call(call: Call, number: int) -> bool:
    """Whether the call was killed as it was about to make its system call of that number; False if it makes fewer."""
    child = os.fork()
    if child == 0:

        def stop() -> None:
            _ptrace(_TRACEME, 0, None, None)
            os.kill(os.getpid(), signal.SIGSTOP)

        _run(call, stop)
    os.waitpid(child, 0)
    if _ptrace(_SETOPTIONS, child, None, _EXITKILL):
        raise OSError(ctypes.get_errno(), "a process cannot trace its own children here")
    pending = 0
    stops = 0
    while True:
        _ptrace(_SYSCALL, child, None, pending)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            return _ended(status)
        pending = 0 if os.WSTOPSIG(status) == signal.SIGTRAP else os.WSTOPSIG(status)
        stops += not pending
        if stops == 2 * number + 1:  # a call stops twice: before and after
            os.kill(child, signal.SIGKILL)
            return _ended(os.waitpid(child, 0)[1])


def killed_at_instruction(call: Call, number: int) -> bool:
    """Whether the call was killed at the instruction of that number of SQLite's machine; False if it makes fewer."""
    child = os.fork()
    if child == 0:
        left = number
        connect = sqlite3.connect

        def step() -> int:
            nonlocal left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
            return 0

        def watched(*arguments: Any, **options: Any) -> sqlite3.Connection:
            connection = connect(*arguments, **options)
            connection.set_progress_handler(step, 1)
            return connection

        def watch() -> None:
            sqlite3.connect = watched

        _run(call, watch)
    return _ended(os.waitpid(child, 0)[1])


def _run(call: Call, count: Callable[[], None]) -> None:
    try:
        if call.from_opening:
            count()
        make = bill_async if call.asynchronous else bill
        make(call.path, call.address, call.intent_id, (lambda: None) if call.from_opening else count)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _ended(status: int) -> bool:
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return True
    if os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError("the call failed")
    return False


STEPS = {"system call": killed_at_system_call, "instruction": killed_at_instruction}


def main() -> None:
    # Load all that is loaded by a first call: those are steps that no later call makes.
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(ConnectError):
        bill(f"{folder}/journal", "127.0.0.1:9", "warm-up", lambda: None)
    for line in sys.stdin:
        request = json.loads(line)
        killed = STEPS[request["step"]](Call(**request["call"]), request["number"])
        sys.stdout.write(json.dumps(killed) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
