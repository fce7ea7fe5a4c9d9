# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""The SQLite journal for asyncio clients: the blocking one, in a thread of its own so that the event loop goes on."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from typing_extensions import ParamSpec, Self, TypeVar

from ..observe.intent_record import IntentRecord
from ..observe.journal import Intent, IntentOutcome
from ..results.errors import Outcome
from .sqlite_journal import SqliteJournal

if TYPE_CHECKING:  # loaded where it is used: most who import this package need no journal
    from concurrent.futures import ThreadPoolExecutor

P = ParamSpec("P")
T = TypeVar("T")


class AsyncSqliteJournal:
    """As `SqliteJournal`, awaited; both may share a file. The constructor opens the file and waits for it.

    What was asked of it is done in order and to the end, also where the asking task is cancelled: the end of a call
    never overtakes its beginning.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, keep_bodies: bool = True, lock_timeout: float = 10.0
    ) -> None:
        self._journal = SqliteJournal(path, keep_bodies=keep_bodies, lock_timeout=lock_timeout)
        from concurrent.futures import ThreadPoolExecutor

        self._executor = ThreadPoolExecutor  # not imported by a call: a fork could cut that in two
        self._worker: ThreadPoolExecutor | None = None
        self._pid = 0

    async def before_send(self, intent: Intent) -> None:
        """Write the intent down, durably. Raises IntentRefusedError where one of this id is unresolved or succeeded."""
        import asyncio

        try:
            await self._in_order(self._journal.before_send, intent)
        except asyncio.CancelledError as error:
            # The thread may have taken it, and whoever was cancelled here sends nothing.
            outcome = IntentOutcome(Outcome.NOT_SENT, 0, error=error)
            self._thread().submit(self._journal.after_outcome, intent, outcome)
            raise

    async def after_outcome(self, intent: Intent, outcome: IntentOutcome) -> None:
        """Write down how the call ended. Does nothing for an intent that was not taken and so was not sent."""
        await self._in_order(self._journal.after_outcome, intent, outcome)

    async def unresolved(self, *, older_than: float = 0.0) -> tuple[IntentRecord, ...]:
        """The intents that may or may not have taken effect; see `SqliteJournal.unresolved`."""
        return await self._in_order(self._journal.unresolved, older_than=older_than)

    async def get(self, intent_id: str) -> IntentRecord | None:
        """The last run of an intent, None where there is no such intent."""
        return await self._in_order(self._journal.get, intent_id)

    async def history(self, intent_id: str) -> tuple[IntentRecord, ...]:
        """Every run of an intent, in order."""
        return await self._in_order(self._journal.history, intent_id)

    async def records(self) -> AsyncIterator[IntentRecord]:
        """Every run of every intent, in the order of their beginning."""
        records = self._journal.records()
        while (record := await self._in_order(next, records, None)) is not None:
            yield record

    async def resolve(self, intent_id: str, outcome: Outcome, note: str = "") -> IntentRecord:
        """Write down what was found out about an unresolved intent; see `SqliteJournal.resolve`."""
        return await self._in_order(self._journal.resolve, intent_id, outcome, note)

    async def prune(self, before: datetime) -> int:
        """Forget the resolved intents whose last run began before that time; see `SqliteJournal.prune`."""
        return await self._in_order(self._journal.prune, before)

    async def aclose(self) -> None:
        """Take no new intents, once all that was asked before is done."""
        await self._in_order(self._journal.close)
        if self._worker is not None:
            self._worker.shutdown(wait=False)
            self._worker = None  # the end of a call that is in flight gets a new one

    async def _in_order(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        import asyncio

        done = asyncio.get_running_loop().run_in_executor(self._thread(), partial(work, *args, **kwargs))
        return await asyncio.shield(done)

    def _thread(self) -> ThreadPoolExecutor:
        if self._worker is None or self._pid != os.getpid():  # threads do not survive a fork
            self._worker, self._pid = self._executor(1, "journal"), os.getpid()
        return self._worker

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"Async{self._journal!r}"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"an {type(self).__name__} cannot be pickled: open the file in each process, they may share it"
        )
