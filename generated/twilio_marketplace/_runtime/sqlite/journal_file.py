# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""The SQLite file of a journal: making it, opening it, telling it from others, and putting its failures into words.

What is kept in it is for `sqlite_journal` to say. Each transaction opens the file anew, so that nothing has to survive
a fork or a file that is moved away. Next to two syncs of the disk that costs nothing. The file has SQLite's default
rollback journal, not a write-ahead log: it is complete in itself and needs no memory shared between processes. Whatever
is wrong with a file or its path ends in JournalError with a remedy.
"""

from __future__ import annotations

import os
import stat
import threading
import uuid
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..observe.journal import JournalError
from ..values.forks import renew_in_children, whole_at_a_fork

if TYPE_CHECKING:  # sqlite3 is imported where a file is opened: most who import this package need no journal
    import sqlite3

_APPLICATION: Final = 0x636C736A  # "clsj" in the header says that the file is a journal of such a client
_VERSION: Final = 1

_RECOVER: Final = "keep a copy, then recover what it holds with `sqlite3 FILE .recover`"
_ANOTHER: Final = "name another file"
_HINTS: Final = {
    "unable to open": "does it still exist, and may this process read and write it and make files beside it?",
    "locked": "another process kept it busy for too long",
    "readonly": "this process may not write to it",
    "full": "free some space",
    "No space": "free some space",
    "malformed": f"it is damaged: {_RECOVER}",
    "not a database": _ANOTHER,
    "Permission denied": "let this process read and write it and make files beside it, or name another file",
    "Read-only": "name a file on a disk that can be written to",
    "No such file": "make its folder first, or name another file",
    "symbolic links": "its links lead in a circle: name the file itself",
}
_READING: Final = (OSError, ValueError, TypeError, LookupError, ArithmeticError, MemoryError)
"""What Python raises, beyond SQLite's own errors, for what a damaged file holds and for paths that cannot be."""


class JournalFile:
    """A file of this schema at `path`, made if it is not there; `lock_timeout` is how many seconds to wait for it."""

    def __init__(self, path: str | os.PathLike[str], schema: Sequence[str], lock_timeout: float) -> None:
        if path in ("", ":memory:"):
            raise JournalError("a journal has to be a file: what is in memory is lost in a crash")
        self.path = _absolute(path)
        self._schema = schema
        self._lock_timeout = lock_timeout
        self.after_fork()
        renew_in_children(self)
        import sqlite3

        try:
            self._make()
            self._check_access()
        except (sqlite3.Error, *_READING) as error:
            raise self._failed("cannot be opened", error) from error
        self._prepare()

    def after_fork(self) -> None:
        """Make the lock anew: another thread may have held it as this process was forked."""
        # SQLite's locks are enough; this spares threads its polling.
        self._turn = threading.RLock()

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

        # SQLite keeps in memory which locks of the file this process holds, and a child would believe that for ever.
        with self._own_turn(), whole_at_a_fork():
            try:
                with suppress(FileNotFoundError):  # which SQLite reports in words of its own
                    self._check_access()  # again: opening what took its place could wait for ever
                with self._opened(self.path) as connection:
                    yield connection
            except (sqlite3.Error, *_READING) as error:
                raise self._failed(otherwise, error) from error

    @contextmanager
    def _opened(self, path: Path) -> Generator[sqlite3.Connection]:
        import sqlite3

        uri = path.as_uri() + "?mode=rw"  # never makes the file: one that vanished is an error
        with closing(
            sqlite3.connect(uri, uri=True, timeout=self._lock_timeout, isolation_level=None)
        ) as connection:
            # As FULL, and the folder is synced as well: else a power cut could bring the rollback journal of a
            # finished transaction back.
            connection.execute("PRAGMA synchronous = EXTRA")
            connection.execute("PRAGMA fullfsync = ON")  # macOS: fsync alone stops at the disk's cache
            connection.execute("PRAGMA trusted_schema = OFF")  # it may yet prove to be no journal
            yield connection

    def _own_turn(self) -> threading.RLock:
        return self._turn

    def _make(self) -> None:
        # A whole journal with its permissions gets its name last, so that an empty file is never one in the making.
        # The file is never opened under its own name but by SQLite: in POSIX, closing a file drops all locks of this
        # process on it, those of other connections too.
        if os.path.lexists(self.path):
            return
        draft = self.path.with_name(f"{self.path.name}.{uuid.uuid4().hex}")
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            with self._opened(draft) as connection:
                connection.execute("BEGIN IMMEDIATE")
                for statement in self._schema:
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {_APPLICATION}")
                connection.execute(f"PRAGMA user_version = {_VERSION}")
                connection.execute("COMMIT")
            os.link(draft, self.path)
        except FileExistsError:
            pass  # someone else was faster
        finally:
            draft.unlink()

    def _check_access(self) -> None:
        found = self.path.stat()
        mode = found.st_mode
        if not stat.S_ISREG(mode):
            raise JournalError(
                f"the journal {self.path} cannot be opened: it is not a regular file; name another file"
            )
        if found.st_size == 0:
            raise JournalError(
                f"{self.path} is not a journal: the file is empty, and if it was one, what it held is lost; find out "
                "what was billed, then remove the file so that a new one is made"
            )
        for other in ("-wal", "-shm"):  # SQLite would read them, and bring what they hold into the file
            if os.path.lexists(f"{self.path}{other}"):
                raise JournalError(
                    f"the journal {self.path} cannot be opened: beside it is {self.path.name}{other}, which belongs to "
                    "another database or another use of this one; move it away, or name another file"
                )
        if os.name == "posix" and mode & stat.S_IRWXO:
            raise JournalError(
                f"the journal {self.path} cannot be opened: every user of this machine has access to it, "
                f"and it holds billing data; take that away with `chmod o= {self.path}`"
            )

    def _prepare(self) -> None:
        with self._connection("cannot be opened") as connection:
            connection.execute("BEGIN")
            self._recognise(connection)
            # Indexes included: an intent that its index does not lead to would be sent again.
            [(finding,)] = connection.execute("PRAGMA integrity_check(1)").fetchall()
            connection.execute("COMMIT")
        if finding != "ok":
            raise self._damaged(str(finding))

    def _recognise(self, connection: sqlite3.Connection) -> None:
        """Refuse what is not a journal, or is no longer one: the file may have been replaced or damaged meanwhile."""
        [(application,)] = connection.execute("PRAGMA application_id")
        [(version,)] = connection.execute("PRAGMA user_version")
        if application != _APPLICATION:
            raise JournalError(f"{self.path} is not a journal but another SQLite file; name another file")
        if version != _VERSION:
            raise JournalError(
                f"the journal {self.path} has format {version}, and this client knows format {_VERSION}: "
                "use the version of the client that wrote it"
            )
        [(mode,)] = connection.execute("PRAGMA journal_mode")
        if mode != "delete":
            raise self._damaged(f"its journal mode is {mode}")
        found = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
        if [" ".join(str(text).split()) for (text,) in found] != [
            " ".join(text.split()) for text in self._schema
        ]:
            raise self._damaged("its tables are not those of a journal")

    def _damaged(self, finding: str) -> JournalError:
        return JournalError(f"the journal {self.path} cannot be used: {finding}; {_HINTS['malformed']}")

    def _failed(self, otherwise: str, error: Exception) -> JournalError:
        reason = (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
        found = (hint for sign, hint in _HINTS.items() if sign in reason)
        default = _HINTS["malformed"] if not isinstance(error, OSError) else _ANOTHER
        return JournalError(f"the journal {self.path} {otherwise}: {reason}; {next(found, default)}")


def _absolute(path: str | os.PathLike[str]) -> Path:
    """The path as it is to be used from now on. Raises JournalError for what cannot be one."""
    try:
        text = os.fspath(path)
        whole = Path(text).absolute()
        os.fsencode(whole)
    except (TypeError, ValueError, OSError):
        whole = None
    if whole is None or "\0" in str(whole):
        raise JournalError("the path of a journal must be a str that a file can be called; name another file")
    return whole
