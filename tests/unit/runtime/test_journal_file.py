"""The file of a journal: who may read it, what is no journal, and what every failure of the disk looks like."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clientsmith.runtime.observe.journal import JournalError
from clientsmith.runtime.results.errors import ClientError, Outcome
from clientsmith.runtime.sqlite.sqlite_journal import SqliteJournal
from tests.unit.runtime.billing_intents import intent


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def journal(path: Path) -> SqliteJournal:
    return SqliteJournal(path)


def test_only_its_owner_can_read_the_file_and_those_beside_it(path: Path) -> None:
    umask = os.umask(0)
    try:
        journal = SqliteJournal(path)
        journal.before_send(intent("old"))
        with journal._file.transaction("could not be held") as connection:
            connection.execute("UPDATE runs SET note = 'x'")
            modes = {each.name: each.stat().st_mode & 0o777 for each in path.parent.iterdir()}
    finally:
        os.umask(umask)
    assert modes == {"journal": 0o600, "journal-journal": 0o600}
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_everybody_can_read_is_refused(journal: SqliteJournal, path: Path) -> None:
    path.chmod(0o644)
    with pytest.raises(JournalError, match=r"every user of this machine has access to it.*chmod o="):
        SqliteJournal(path)
    path.chmod(0o640)
    SqliteJournal(path)


def test_every_commit_is_synced_with_its_folder(journal: SqliteJournal) -> None:
    with journal._file.transaction("could not be read", write=False) as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (3,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_path_may_hold_what_an_address_may_not(tmp_path: Path) -> None:
    path = tmp_path / "a b?mode=ro#c%41é"
    SqliteJournal(path).before_send(intent())
    assert list(tmp_path.iterdir()) == [path]


def test_a_relative_path_stays_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    journal = SqliteJournal("journal")
    monkeypatch.chdir("/")
    journal.before_send(intent())
    assert SqliteJournal(tmp_path / "journal").get("a") is not None


def other_database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE customers (name TEXT)")
    connection.close()


def newer_journal(path: Path) -> None:
    SqliteJournal(path)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 2")
    connection.close()


def damaged_journal(path: Path) -> None:
    journal = SqliteJournal(path)
    for number in range(50):
        journal.before_send(intent(f"{number}", b"x" * 1000))
    content = bytearray(path.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    path.write_bytes(content)


def cut_journal(path: Path) -> None:
    damaged_journal(path)
    os.truncate(path, 8192)


UNUSABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "text": (lambda path: path.write_text("to do\n" * 1000), "not a database; name another file"),
    "short text": (lambda path: path.write_text("to do"), "not a database"),
    "another database": (other_database, "is not a journal but another SQLite file"),
    "newer": (newer_journal, "has format 2, and this client knows format 1"),
    "damaged": (damaged_journal, "malformed|quick_check|btreeInitPage|Tree"),
    "cut off": (cut_journal, "malformed"),
    "folder": (lambda path: path.mkdir(mode=0o700), "not a regular file"),
    "dangling link": (lambda path: path.symlink_to("nowhere"), "No such file"),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_what_is_no_usable_journal_is_refused_and_left_as_it_is(path: Path, case: str) -> None:
    make, message = UNUSABLE[case]
    make(path)
    if path.is_file():
        path.chmod(0o600)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(JournalError, match=message) as caught:
        SqliteJournal(path)
    assert str(path) in str(caught.value)
    assert isinstance(caught.value, ClientError) and caught.value.outcome is Outcome.NOT_SENT
    assert before == (path.read_bytes() if path.is_file() else None)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match=r"no-folder/journal cannot be opened: No such file or directory"):
        SqliteJournal(tmp_path / "no-folder" / "journal")


@pytest.mark.parametrize("path", ["", ":memory:"])
def test_memory_is_no_journal(path: str) -> None:
    with pytest.raises(JournalError, match="has to be a file"):
        SqliteJournal(path)


def test_a_file_that_vanished_takes_no_intent_and_is_not_made_anew(
    journal: SqliteJournal, path: Path
) -> None:
    path.unlink()
    with pytest.raises(JournalError, match=r"could not take intent 'a': unable to open.*does it still exist"):
        journal.before_send(intent())
    path.touch(0o600)
    with pytest.raises(JournalError, match="is not a journal"):
        journal.before_send(intent())


def test_an_intent_is_not_taken_while_another_holds_the_file_too_long(path: Path) -> None:
    holder, journal = SqliteJournal(path), SqliteJournal(path, lock_timeout=0.05)
    with (
        holder._file.transaction("could not be held"),
        pytest.raises(
            JournalError, match="could not take intent 'a': database is locked; another process"
        ) as caught,
    ):
        journal.before_send(intent())
    assert (caught.value.operation, caught.value.method) == ("reportUsage", "POST")
    assert journal.get("a") is None
    journal.before_send(intent())


def test_damage_that_comes_later_is_a_journal_error(journal: SqliteJournal, path: Path) -> None:
    path.write_bytes(b"\xff" * 20_000)
    for use in (lambda: journal.before_send(intent()), journal.unresolved, lambda: journal.get("a")):
        with pytest.raises(JournalError, match="not a database"):
            use()


LIMITED = """
import resource, sys
from clientsmith.runtime.observe.journal import JournalError
from clientsmith.runtime.results.errors import Outcome
from clientsmith.runtime.observe.journal import Intent, IntentOutcome
from clientsmith.runtime.sqlite.sqlite_journal import SqliteJournal
journal = SqliteJournal(sys.argv[1])
begun = Intent.of("o", "POST", "u", b"", "a")
journal.before_send(begun)
resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, -1))
try:
    journal.before_send(Intent.of("o", "POST", "u", bytes(100_000), "b"))
except JournalError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
journal.after_outcome(begun, IntentOutcome(Outcome.SUCCEEDED, 1))
"""


def test_a_full_disk_takes_no_intent_and_loses_none(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", LIMITED, path], capture_output=True, text=True, check=True)
    assert "could not take intent 'b'" in done.stdout
    assert [record.id for record in SqliteJournal(path).records()] == ["a"]


def test_a_full_file_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = SqliteJournal(path)
    connect = sqlite3.connect

    def small(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*arguments, **options)
        connection.execute("PRAGMA max_page_count = 6")
        return connection

    monkeypatch.setattr(sqlite3, "connect", small)
    with pytest.raises(JournalError, match="database or disk is full; free some space"):
        journal.before_send(intent(body=bytes(100_000)))
    assert journal.unresolved() == ()


READ_ONLY = """
import os, sqlite3, sys
from clientsmith.runtime.observe.journal import Intent
from clientsmith.runtime.observe.journal import JournalError
from clientsmith.runtime.sqlite.sqlite_journal import SqliteJournal
if os.getuid() == 0:
    os.setuid(65534)  # nothing is read-only for root
journal = SqliteJournal(sys.argv[1])
print([record.id for record in journal.unresolved()])
try:
    journal.before_send(Intent.of("o", "POST", "u", b"", "b"))
except JournalError as error:
    print(error)
"""


def test_a_read_only_journal_can_be_read_and_takes_no_intent() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal"
        SqliteJournal(path).before_send(intent())
        if os.getuid() == 0:
            os.chown(path, 65534, 65534)
        path.chmod(0o400)
        Path(folder).chmod(0o755)
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, path], capture_output=True, text=True, check=True
        )
    read, refused = done.stdout.splitlines()
    assert read == "['a']"
    assert (
        "could not take intent 'b': attempt to write a readonly database; this process may not write"
        in refused
    )


def test_importing_the_journal_does_not_load_sqlite3() -> None:
    program = (
        "import sys, clientsmith.runtime.sqlite.async_sqlite_journal; "
        "sys.exit(bool({'sqlite3', 'concurrent.futures.thread'} & sys.modules.keys()))"
    )
    # Coverage would be measured with sqlite3.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
