"""The SQLite journal under asyncio: the order of what it does, cancellation, several event loops, a fork."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clientsmith.runtime.observe.journal import AsyncJournal, JournalError
from clientsmith.runtime.results.errors import Outcome
from clientsmith.runtime.sqlite.async_sqlite_journal import AsyncSqliteJournal
from clientsmith.runtime.sqlite.sqlite_journal import IntentRefusedError, SqliteJournal
from tests.unit.runtime.billing_intents import ended, intent, known


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


def test_the_async_journal_is_the_same_file(path: Path) -> None:
    async def use() -> None:
        async with AsyncSqliteJournal(path) as journal:
            also: AsyncJournal = journal
            for outcome in Outcome:
                begun = intent(outcome.value)
                await also.before_send(begun)
                await also.after_outcome(begun, ended(outcome))
            with pytest.raises(IntentRefusedError):
                await journal.before_send(intent("succeeded"))
            [unknown] = await journal.unresolved(older_than=0)
            assert await journal.get(unknown.id) == unknown
            assert (
                await journal.resolve(unknown.id, Outcome.SUCCEEDED, "x")
                == (await journal.history(unknown.id))[-1]
            )
            assert [record.id async for record in journal.records()] == [each.value for each in Outcome]
            assert await journal.prune(datetime.now(UTC)) == 5
            flying = intent("flying")
            await journal.before_send(flying)
        with pytest.raises(JournalError, match="has been closed"):
            await journal.before_send(intent("late"))
        await journal.after_outcome(flying, ended(Outcome.REJECTED))

    asyncio.run(use())
    assert [record.id for record in SqliteJournal(path).records()] == ["flying"]


def test_the_async_journal_serves_one_event_loop_after_the_other(path: Path) -> None:
    journal = AsyncSqliteJournal(path)

    async def begin(number: int) -> None:
        await asyncio.gather(*(journal.before_send(intent(f"{number}-{n}")) for n in range(3)))

    for number in range(2):
        asyncio.run(begin(number))
    assert len(SqliteJournal(path).unresolved()) == 6


def test_the_event_loop_goes_on_while_the_journal_waits(path: Path) -> None:
    holder = SqliteJournal(path)

    async def use() -> int:
        journal = AsyncSqliteJournal(path)
        with holder._file.transaction("could not be held"):
            waiting = asyncio.ensure_future(journal.before_send(intent()))
            turns = 0
            while turns < 20:
                await asyncio.sleep(0.001)
                turns += not waiting.done()
        await waiting
        return turns

    assert asyncio.run(use()) == 20
    assert known(holder.get("a")).outcome is None


@pytest.mark.parametrize("pause", [0, 0.05])
def test_a_cancelled_beginning_is_ended_as_not_sent_whenever_it_comes(path: Path, pause: float) -> None:
    holder = SqliteJournal(path)

    async def use() -> None:
        async with AsyncSqliteJournal(path) as journal:
            with holder._file.transaction("could not be held"):  # it writes only after it was cancelled
                task = asyncio.ensure_future(journal.before_send(intent()))
                await asyncio.sleep(pause)
                task.cancel()
                await asyncio.sleep(0)
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(use())
    assert holder.unresolved() == ()
    assert known(holder.get("a")).outcome is Outcome.NOT_SENT
    holder.before_send(intent())


def test_the_end_of_a_call_is_written_though_the_task_is_cancelled_while_it_is(path: Path) -> None:
    async def use() -> None:
        async with AsyncSqliteJournal(path) as journal:
            begun = intent()
            await journal.before_send(begun)
            task = asyncio.ensure_future(journal.after_outcome(begun, ended(Outcome.UNKNOWN)))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(use())
    assert known(SqliteJournal(path).get("a")).outcome is Outcome.UNKNOWN


def test_an_async_journal_goes_on_in_a_forked_process(path: Path) -> None:
    journal = AsyncSqliteJournal(path)
    asyncio.run(journal.before_send(intent("parent")))
    child = os.fork()
    if child == 0:
        status = 1
        with suppress(BaseException):
            asyncio.run(journal.before_send(intent("child")))
            status = 0
        os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert [record.id for record in SqliteJournal(path).records()] == ["parent", "child"]
