"""The files of the SQLite journals: which are taken, how they are read, pruned and shared."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from clientsmith.conform.promises.journal.sqlite_written import Written
from clientsmith.conform.promises.promise_case import PromiseCase
from clientsmith.conform.promises.time_bounds import is_slow, until_on_time

_PAGE = 100
"""Records that are read at a time."""
_LOCKED = (0.05, 0.1, 0.2, 0.4)
"""Seconds to wait for a file that another process has locked, until it takes no longer on a busy machine."""
_BEGUN = {"old": ("rejected", "succeeded"), "open": ("rejected", ""), "done": ("succeeded",)}
"""Intents with the outcomes of their runs."""


class _Damage(NamedTuple):
    """A column of a record, and a value that no journal writes there; SQLite takes it whatever its type."""

    column: str
    value: object


_DAMAGE = (
    _Damage("attempts", "many"),
    _Damage("body", 7),
    _Damage("body", "text"),
    _Damage("error", b"text"),
    _Damage("status", "text"),
    _Damage("outcome", 7),
    _Damage("outcome", "other"),
    _Damage("ended", "text"),
)
_UNFIT = {
    "folder": ("not a regular file",),
    "text.db": ("cannot be opened", "name another file"),
    "other.db": ("not a journal", "name another file"),
    "newer.db": ("format 2", "format 1"),
    "open.db": ("chmod o=",),
    "missing/x.db": ("cannot be opened",),
    "text.db/x.db": ("cannot be opened", "name another file"),
}
"""Files that a journal must not take, and the words that say why."""


def check_sqlite_files(case: PromiseCase) -> None:
    """Give a journal files that it must not take, many intents, and other users of its file."""
    with tempfile.TemporaryDirectory() as folder:
        part = _FilePart.of_case(case, folder=Path(folder))
        part.pruned()
        part.pages()
        part.files()
        part.vanished()
        part.damaged()
        part.locked()
        part.racing()


class _FilePart(Written):
    def pruned(self) -> None:
        """An intent is forgotten with all of its runs, and only if none of them is unresolved or too young."""
        with self.journal("pruned.db") as journal:
            for id, outcomes in _BEGUN.items():
                for name in outcomes:
                    intent = self.intent(id)
                    journal.before_send(intent)
                    if name:
                        journal.after_outcome(intent, self.outcome(name))
            now = datetime.now(UTC)
            self.refused("ValueError", ("time zone",), journal.prune, now.replace(tzinfo=None))
            numbers = [journal.prune(now - timedelta(hours=1)), journal.prune(journal.get("done").began)]
            self.remembers(numbers == [0, 2], f"pruning forgets {numbers} runs, not none and then two")
            left = [(one.id, one.run) for one in journal.records()]
            self.remembers(left == [("open", 1), ("open", 2), ("done", 1)], f"after pruning {left} are left")

    def pages(self) -> None:
        with self.journal("pages.db") as journal:
            self.remembers(list(journal.records()) == [], "an empty journal has records")
            ids = [f"id {number}" for number in range(_PAGE + 2)]
            for id in ids:
                journal.before_send(self.intent(id))
            got = [one.id for one in journal.records()]
            self.remembers(got == ids, f"of {len(ids)} intents {len(got)} are read, {got[-3:]} last")
            got = [one.id for one in journal.unresolved()]
            self.remembers(
                got == ids, f"of {len(ids)} unresolved intents {len(got)} are read, {got[:3]} first"
            )

    def files(self) -> None:
        """A file that is no journal, is one of another version, or is not to be had, is refused and left as it is."""
        for name in ("", ":memory:"):
            self.refused("JournalError", ("has to be a file",), self.kind, name)
        place = self.folder
        (place / "folder").mkdir()
        (place / "text.db").write_bytes(b"no database at all " * 100)
        with closing(sqlite3.connect(place / "other.db")) as other:
            other.execute("CREATE TABLE t (x)")
        with self.journal("newer.db"), closing(sqlite3.connect(place / "newer.db")) as newer:
            newer.execute("PRAGMA user_version = 2")
        with self.journal("open.db"), self.journal("group.db"):
            pass
        for name, mode in (("text.db", 0o660), ("other.db", 0o660), ("open.db", 0o604), ("group.db", 0o660)):
            (place / name).chmod(mode)
        for name, words in _UNFIT.items():
            before = _content(place / name)
            self.refused("JournalError", (str(place / name), *words), self.kind, place / name)
            self.check(before == _content(place / name), "journal-damages", f"{name} was changed")
        with self.journal("group.db") as journal:
            self.remembers(list(journal.records()) == [], "a journal that a group may read is refused")

    def vanished(self) -> None:
        with self.journal("gone.db") as journal:
            (self.folder / "gone.db").unlink()
            words = ("could not take intent 'x'", "does it still exist")
            self.refused("JournalError", words, journal.before_send, self.intent("x"))
            self.refused("JournalError", ("could not be read",), journal.get, "x")
            self.check(
                not (self.folder / "gone.db").exists(), "journal-damages", "a vanished file is made again"
            )

    def damaged(self) -> None:
        """A record of other types than a journal writes is reported, and not read as one."""
        with self.journal("damaged.db") as journal:
            for number, (column, value) in enumerate(_DAMAGE):
                journal.before_send(self.intent(str(number)))
                with closing(sqlite3.connect(self.folder / "damaged.db")) as other, other:
                    other.execute(f"UPDATE runs SET {column} = ? WHERE id = ?", (value, str(number)))
                self.refused("JournalError", ("could not be read",), journal.get, str(number))

    def locked(self) -> None:
        """Who is locked out is told in time, and gets through later."""
        with ExitStack() as opened:
            # A journal cannot be opened while its file is locked.
            journals = {
                bound: opened.enter_context(self.journal("locked.db", lock_timeout=bound))
                for bound in _LOCKED
            }
            journal = journals[_LOCKED[0]]
            other = opened.enter_context(closing(sqlite3.connect(self.folder / "locked.db")))
            other.execute("BEGIN EXCLUSIVE")
            waits = partial(self._locked_out, journals)
            bound, took = until_on_time(waits, lambda found: is_slow(found[1], found[0]), _LOCKED)
            passed = bound / 2 <= took and not is_slow(took, bound)
            self.check(passed, "journal-hangs", f"a lock was waited for {took:.2f} s, not {bound} s")
            other.execute("COMMIT")
            other.execute("BEGIN IMMEDIATE")
            read = journal.get("x"), journal.unresolved(), list(journal.records())
            self.remembers(read == (None, (), []), f"while another process writes, {read} is read")
            other.execute("COMMIT")
            journal.before_send(self.intent("x"))
            self.remembers(journal.get("x") is not None, "what is written down after a lock is lost")

    def _locked_out(self, journals: Mapping[float, Any], bound: float) -> tuple[float, float]:
        """How long a journal has to wait for its locked file, and how long it does."""
        began = time.monotonic()
        self.refused("JournalError", ("busy for too long",), journals[bound].before_send, self.intent("x"))
        return bound, time.monotonic() - began

    def racing(self) -> None:
        """Of any number of callers with one id a single one gets through."""
        with self.journal("racing.db") as first, self.journal("racing.db") as second:
            ended: list[str] = []

            def take(number: int) -> None:
                try:
                    (first, second)[number % 2].before_send(self.intent("same"))
                except Exception as error:
                    ended.append(type(error).__name__)
                else:
                    ended.append("taken")

            threads = [threading.Thread(target=take, args=(number,)) for number in range(4)]
            for one in threads:
                one.start()
            for one in threads:
                one.join()
        expected = ["IntentRefusedError"] * 3 + ["taken"]
        self.check(sorted(ended) == expected, "journal-accepts", f"four callers with one id end in {ended}")


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
