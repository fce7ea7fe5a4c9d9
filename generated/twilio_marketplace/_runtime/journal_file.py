"""The SQLite file of a journal: making it, opening it, telling it from others, and putting its failures into words.

What is kept in it is for `sqlite_journal` to say. Each transaction opens the file anew, so that nothing has to survive
a fork or a file that is moved away. Next to two syncs of the disk that costs nothing. The file has SQLite's default
rollback journal, not a write-ahead log: it is complete in itself and needs no memory shared between processes.
"""

from __future__ import annotations

import os
import stat
import threading
import uuid
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .errors import JournalError

if TYPE_CHECKING:  # sqlite3 is imported where a file is opened: most who import this package need no journal
    import sqlite3

_APPLICATION: Final = 0x636C736A  # "clsj" in the header says that the file is a journal of such a client
_VERSION: Final = 1

_HINTS: Final = {
    "unable to open": "does it still exist, and may this process read and write it and make files beside it?",
    "locked": "another process kept it busy for too long",
    "readonly": "this process may not write to it",
    "full": "free some space",
    "malformed": "it is damaged: keep a copy, then recover what it holds with `sqlite3 FILE .recover`",
    "not a database": "name another file",
}


class JournalFile:
    """A file of this schema at `path`, made if it is not there; `lock_timeout` is how many seconds to wait for it."""

    def __init__(self, path: str | os.PathLike[str], schema: Sequence[str], lock_timeout: float) -> None:
        if os.fspath(path) in ("", ":memory:"):
            raise JournalError("a journal has to be a file: what is in memory is lost in a crash")
        self.path = Path(path).absolute()
        self._schema = schema
        self._lock_timeout = lock_timeout
        self._pid = 0
        self._turn = threading.RLock()
        try:
            self._make()
            self._check_access()
        except OSError as error:
            raise self._failed("cannot be opened", error) from error
        self._prepare()

    @contextmanager
    def transaction(self, otherwise: str, *, write: bool = True) -> Generator[sqlite3.Connection]:
        """A transaction that is durable when the block ends, and undone by any exception in it.

        Raises JournalError, with `otherwise` as what could not be done.
        """
        with self._connection(otherwise) as connection:
            connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            self._recognise(connection)
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def _connection(self, otherwise: str) -> Generator[sqlite3.Connection]:
        import sqlite3

        with self._own_turn():
            try:
                uri = self.path.as_uri() + "?mode=rw"  # never makes the file: one that vanished is an error
                with closing(
                    sqlite3.connect(uri, uri=True, timeout=self._lock_timeout, isolation_level=None)
                ) as connection:
                    # As FULL, and the folder is synced as well: else a power cut could bring the rollback journal of a
                    # finished transaction back.
                    connection.execute("PRAGMA synchronous = EXTRA")
                    connection.execute(
                        "PRAGMA fullfsync = ON"
                    )  # macOS: fsync alone stops at the disk's cache
                    connection.execute("PRAGMA trusted_schema = OFF")  # it may yet prove to be no journal
                    yield connection
            except sqlite3.Error as error:
                raise self._failed(otherwise, error) from error

    def _own_turn(self) -> threading.RLock:
        # SQLite's locks are enough; this spares threads its polling. A lock taken at a fork would stay taken for ever.
        if self._pid != os.getpid():
            self._turn, self._pid = threading.RLock(), os.getpid()
        return self._turn

    def _make(self) -> None:
        # An empty file gets its permissions before its name. It is never opened under its own name but by SQLite: in
        # POSIX, closing a file drops all locks of this process on it, those of other connections too.
        if os.path.lexists(self.path):
            return
        draft = self.path.with_name(f"{self.path.name}.{uuid.uuid4().hex}")
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            os.link(draft, self.path)
        except FileExistsError:
            pass  # someone else was faster
        finally:
            draft.unlink()

    def _check_access(self) -> None:
        mode = self.path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise JournalError(f"the journal {self.path} cannot be opened: it is not a regular file")
        if os.name == "posix" and mode & stat.S_IRWXO:
            raise JournalError(
                f"the journal {self.path} cannot be opened: every user of this machine has access to it, "
                f"and it holds billing data; take that away with `chmod o= {self.path}`"
            )

    def _prepare(self) -> None:
        with self._connection("cannot be opened") as connection:
            connection.execute("BEGIN")
            if self._is_blank(connection):
                connection.execute("COMMIT")
                connection.execute("BEGIN IMMEDIATE")
                if self._is_blank(connection):  # still: no other process was faster
                    for statement in self._schema:
                        connection.execute(statement)
                    connection.execute(f"PRAGMA application_id = {_APPLICATION}")
                    connection.execute(f"PRAGMA user_version = {_VERSION}")
            self._recognise(connection)
            [(finding,)] = connection.execute("PRAGMA quick_check(1)").fetchall()
            connection.execute("COMMIT")
        if finding != "ok":
            raise JournalError(f"the journal {self.path} cannot be opened: {finding}; {_HINTS['malformed']}")

    @staticmethod
    def _is_blank(connection: sqlite3.Connection) -> bool:
        [(tables,)] = connection.execute("SELECT count(*) FROM sqlite_master")
        [(application,)] = connection.execute("PRAGMA application_id")
        [(version,)] = connection.execute("PRAGMA user_version")
        return (tables, application, version) == (0, 0, 0)

    def _recognise(self, connection: sqlite3.Connection) -> None:
        [(application,)] = connection.execute("PRAGMA application_id")
        [(version,)] = connection.execute("PRAGMA user_version")
        if application != _APPLICATION:
            raise JournalError(f"{self.path} is not a journal but another SQLite file; name another file")
        if version != _VERSION:
            raise JournalError(
                f"the journal {self.path} has format {version}, and this client knows format {_VERSION}: "
                "use the version of the client that wrote it"
            )

    def _failed(self, otherwise: str, error: Exception) -> JournalError:
        reason = (isinstance(error, OSError) and error.strerror) or str(error)
        hint = next((f"; {hint}" for sign, hint in _HINTS.items() if sign in reason), "")
        return JournalError(f"the journal {self.path} {otherwise}: {reason}{hint}")
