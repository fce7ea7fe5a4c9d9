"""Damaged, foreign and special files in the place of a journal: a JournalError with a remedy, never another error.

And never silence: a journal that can still be read has every intent that was in it.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from clientsmith.runtime.observe import intent_record
from clientsmith.runtime.observe.journal import JournalError
from clientsmith.runtime.results.errors import Outcome
from clientsmith.runtime.sqlite import sqlite_journal
from clientsmith.runtime.sqlite.async_sqlite_journal import AsyncSqliteJournal
from clientsmith.runtime.sqlite.sqlite_journal import SqliteJournal
from tests.unit.runtime.billing_intents import ended, intent

UNRESOLVED = 4


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A small journal: two intents that are open, two unknown, two that succeeded."""
    path = tmp_path_factory.mktemp("whole") / "journal"
    journal = SqliteJournal(path)
    for number in range(6):
        begun = intent(f"id-{number}")
        journal.before_send(begun)
        if number % 3:
            journal.after_outcome(begun, ended(Outcome.UNKNOWN if number % 3 == 1 else Outcome.SUCCEEDED))
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA page_size = 512")
    connection.execute("VACUUM")
    connection.close()
    return path.read_bytes()


def looked_at(path: Path, content: bytes) -> str:
    """What reading a file as a journal ends in; refuses every error but one, and a journal with less in it."""
    path.write_bytes(content)
    path.chmod(0o600)
    try:
        journal = SqliteJournal(path, lock_timeout=0.2)
        unresolved = journal.unresolved()
        every = list(journal.records())
        journal.history("id-1")
    except JournalError as error:
        refused = error
    else:
        refused = None
    if refused is not None:
        assert str(refused).isprintable() and re.search("; |: use the version", str(refused))
        assert str(path) in str(refused)
        return "refused"
    assert len(unresolved) >= UNRESOLVED and len(every) == 6, "an intent went without a word"
    return "read"


def test_a_file_cut_off_anywhere_is_refused(whole: bytes, path: Path) -> None:
    assert looked_at(path, whole) == "read"
    cuts = {0, 1, 15, 16, 99, 100, 511, 512, 513, len(whole) - 1, *range(0, len(whole), 61)}
    assert {looked_at(path, whole[:cut]) for cut in cuts} == {"refused"}


@pytest.mark.parametrize(
    "change", [lambda old: old ^ 0xFF, lambda old: old ^ 0x01, lambda _: 0], ids=["not", "bit", "0"]
)
def test_a_changed_byte_is_refused_or_loses_nothing(
    change: Callable[[int], int], whole: bytes, path: Path
) -> None:
    for place in (*range(100), *range(100, len(whole), 31)):
        looked_at(path, whole[:place] + bytes([change(whole[place])]) + whole[place + 1 :])


def test_many_changed_bytes_are_refused_or_lose_nothing(whole: bytes, path: Path) -> None:
    drawn = random.Random(20261129)
    for _ in range(60):
        content = bytearray(whole)
        for _ in range(drawn.choice((2, 5, 50))):
            content[drawn.randrange(len(content))] = drawn.randrange(256)
        looked_at(path, bytes(content))


def in_a_loop(path: Path) -> None:
    path.symlink_to(path)


def in_a_ring(path: Path) -> None:
    other = path.with_name("other")
    other.symlink_to(path)
    path.symlink_to(other)


def to_a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def beside(name: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        SqliteJournal(path)
        path.with_name(f"journal-{name}").write_bytes(b"\x37\x7f\x06\x82" + bytes(100))

    return make


def with_a_write_ahead_log(path: Path) -> None:
    SqliteJournal(path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


def with_a_trigger(path: Path) -> None:
    SqliteJournal(path)
    connection = sqlite3.connect(path)
    connection.execute("CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM runs; END")
    connection.close()


def with_other_tables(path: Path) -> None:
    SqliteJournal(path)
    connection = sqlite3.connect(path)
    connection.execute("ALTER TABLE runs RENAME COLUMN note TO remark")
    connection.close()


SPECIAL: dict[str, tuple[Callable[[Path], object], str]] = {
    "folder": (lambda path: path.mkdir(), "not a regular file; name another"),
    "fifo": (lambda path: os.mkfifo(path, 0o600), "not a regular file; name another"),
    "device": (to_a_device, "not a regular file; name another"),
    "loop": (in_a_loop, "links lead in a circle"),
    "ring": (in_a_ring, "links lead in a circle"),
    "empty": (lambda path: path.touch(0o600), "the file is empty.*remove the file"),
    "another's log": (beside("wal"), "move it away"),
    "another's memory": (beside("shm"), "move it away"),
    "another mode": (with_a_write_ahead_log, "journal mode is wal.*keep a copy"),
    "a trigger": (with_a_trigger, "tables are not those of a journal.*keep a copy"),
    "another table": (with_other_tables, "tables are not those of a journal.*keep a copy"),
}


@pytest.mark.parametrize("case", SPECIAL)
def test_what_is_not_a_journal_is_refused_with_a_remedy(case: str, path: Path) -> None:
    make, remedy = SPECIAL[case]
    make(path)
    for kind in (SqliteJournal, AsyncSqliteJournal):
        with pytest.raises(JournalError, match=remedy):
            kind(path)


@pytest.mark.parametrize("name", ["a\0b", "\ud800", b"bytes\0", None, 7, "x" * 300, "journal/below"])
def test_what_cannot_be_a_path_is_refused_with_a_remedy(name: Any, path: Path) -> None:
    SqliteJournal(path)
    with pytest.raises(JournalError, match="name another file") as caught:
        SqliteJournal(path.parent / name if isinstance(name, str) else name)
    assert str(caught.value).isprintable()


def swapped(path: Path, make: Callable[[Path], object]) -> None:
    path.unlink()
    make(path)


CHANGES: dict[str, Callable[[Path], object]] = {
    "deleted": lambda path: path.unlink(),
    "a fifo": lambda path: swapped(path, lambda it: os.mkfifo(it, 0o600)),
    "a folder": lambda path: swapped(path, lambda it: it.mkdir()),
    "a device": lambda path: swapped(path, to_a_device),
    "emptied": lambda path: os.truncate(path, 0),
    "cut": lambda path: os.truncate(path, 5000),
    "overwritten": lambda path: path.write_bytes(b"\xff" * 20_000),
    "for everybody": lambda path: path.chmod(0o666),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_changes_in_use_ends_every_method_in_a_journal_error(change: str, path: Path) -> None:
    journal, begun = SqliteJournal(path), intent("begun")
    journal.before_send(begun)
    twin = AsyncSqliteJournal(path)
    CHANGES[change](path)
    uses: tuple[Callable[[], object], ...] = (
        lambda: journal.before_send(intent("new")),
        lambda: journal.after_outcome(begun, ended(Outcome.SUCCEEDED)),
        journal.unresolved,
        lambda: journal.get("begun"),
        lambda: list(journal.records()),
        lambda: journal.resolve("begun", Outcome.SUCCEEDED),
        lambda: journal.prune(datetime.now(UTC)),
        lambda: asyncio.run(twin.before_send(intent("new"))),
        lambda: asyncio.run(twin.unresolved()),
    )
    for use in uses:
        with pytest.raises(JournalError, match="; "):
            use()


@pytest.mark.parametrize(
    ("column", "value"),
    [("began", "2026-13-01"), ("began", 7), ("outcome", "perhaps"), ("outcome", 1), ("run", "x"), ("attempts", "x"),
     ("digest", b"\xff"), ("body", "text"), ("ended", "\ud800".encode("utf-8", "surrogatepass"))],
)  # fmt: skip
def test_a_column_that_no_journal_writes_is_refused(column: str, value: Any, path: Path) -> None:
    journal = SqliteJournal(path)
    journal.before_send(intent())
    with sqlite3.connect(path) as connection:
        connection.execute(f"UPDATE runs SET {column} = ?", (value,))
    connection.close()
    for use in (
        lambda: journal.before_send(intent()),
        lambda: journal.get("a"),
        lambda: list(journal.records()),
    ):
        with pytest.raises(JournalError, match="keep a copy"):
            use()


class Clock:
    """A clock that can be put forward and back."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = timedelta(0)
        monkeypatch.setattr(sqlite_journal, "_now", lambda: datetime.now(UTC) + self.ahead)


@pytest.mark.parametrize("ahead", [timedelta(seconds=5), timedelta(hours=2), timedelta(days=4000)])
@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_an_intent_begun_while_the_clock_was_ahead_is_listed(
    ahead: timedelta, asynchronous: bool, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    journal = SqliteJournal(path)
    journal.before_send(intent("now"))
    clock.ahead = ahead
    later = intent("later")
    journal.before_send(later)
    journal.before_send(intent("open"))
    journal.after_outcome(later, ended(Outcome.UNKNOWN))
    clock.ahead = timedelta(0)

    def listed(older_than: float) -> list[str]:
        if not asynchronous:
            return [record.id for record in journal.unresolved(older_than=older_than)]
        return [
            record.id for record in asyncio.run(AsyncSqliteJournal(path).unresolved(older_than=older_than))
        ]

    assert listed(0) == ["now", "later", "open"]
    assert listed(3600) == listed(1e30) == ["later", "open"]
    clock.ahead = -ahead
    assert listed(0) == ["now", "later", "open"]


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf")])
def test_an_age_that_is_none_is_refused(seconds: float, path: Path) -> None:
    with pytest.raises(ValueError, match="older_than"):
        SqliteJournal(path).unresolved(older_than=seconds)


def test_a_record_is_read_from_where_it_is_kept() -> None:
    assert sqlite_journal.IntentRecord is intent_record.IntentRecord
