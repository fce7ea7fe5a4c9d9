# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""A durable journal in an SQLite file: what it keeps of billing calls, and which of them it lets be sent again.

One row for each time an intent was begun (a run), so that no outcome is ever overwritten by a later run. The file
itself is `journal_file`'s business, asyncio is `async_sqlite_journal`'s.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any, Final, NoReturn

from typing_extensions import Self

from ..observe.intent_record import COLUMNS, IntentRecord, record_of, select
from ..observe.journal import Intent, IntentOutcome, JournalError
from ..results.errors import Outcome
from ..values.plain_text import printable
from .journal_file import JournalFile

ANSWER_BYTES: Final = 64 * 1024
"""How much of an answer's body is kept."""
_ERROR_CHARACTERS: Final = 4096
_PAGE: Final = 100
_LONGEST_AGE: Final = 1e9
"""Seconds, 31 years: no journal is older."""

_SCHEMA: Final = (
    """CREATE TABLE runs (
        number INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE,
        id TEXT NOT NULL, run INTEGER NOT NULL, operation TEXT NOT NULL, method TEXT NOT NULL, url TEXT NOT NULL,
        digest TEXT NOT NULL, body BLOB, began TEXT NOT NULL, ended TEXT, outcome TEXT, attempts INTEGER NOT NULL,
        status INTEGER, request_id TEXT, answer BLOB, answer_length INTEGER, error TEXT NOT NULL, resolved TEXT,
        note TEXT NOT NULL, UNIQUE (id, run))""",
    "CREATE INDEX unresolved ON runs (began) WHERE outcome IS NULL OR outcome = 'unknown'",
)
_UNRESOLVED: Final = "(outcome IS NULL OR outcome = 'unknown')"


class IntentRefusedError(JournalError):
    """An intent of this id was or may have been processed, `record` is what is known of it; nothing was sent."""

    def __init__(self, message: str, *, record: IntentRecord) -> None:
        super().__init__(message)
        self.record = record


class SqliteJournal:
    """A journal for blocking clients in the file at `path`, which is made if needed, for its owner alone.

    Threads and processes may share the file, and a process may go on with a journal after a fork. Where `keep_bodies`
    is false, of bodies only the digest of the request is kept. `lock_timeout` is how many seconds to wait while
    another process writes. Every method raises JournalError where the file cannot be used, the constructor too.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, keep_bodies: bool = True, lock_timeout: float = 10.0
    ) -> None:
        self._file = JournalFile(path, _SCHEMA, lock_timeout)
        self._keep_bodies = keep_bodies
        self._closed = False
        # By identity: of two calls under the same id, only the one that was begun may say how it ended.
        self._begun: dict[int, tuple[Intent, str]] = {}

    def before_send(self, intent: Intent) -> None:
        """Write the intent down, durably. Raises IntentRefusedError where one of this id is unresolved or succeeded."""
        try:
            self._begin(intent)
        except JournalError as error:
            error.operation, error.method, error.url = intent.operation, intent.method, intent.url
            raise

    def after_outcome(self, intent: Intent, outcome: IntentOutcome) -> None:
        """Write down how the call ended. Does nothing for an intent that was not taken and so was not sent."""
        _, token = self._begun.pop(id(intent), (intent, None))
        if token is None and outcome.outcome is Outcome.NOT_SENT:
            return
        with self._file.transaction(f"could not write the outcome of intent {intent.id!r}") as connection:
            found = connection.execute("SELECT outcome FROM runs WHERE token = ?", (token,)).fetchone()
            if found is not None:
                connection.execute(
                    "UPDATE runs SET ended = ?, outcome = ?, attempts = ?, status = ?, request_id = ?, answer = ?,"
                    " answer_length = ?, error = ? WHERE token = ?",
                    (_text(_now()), outcome.outcome.value, *self._end(outcome), token),
                )
        if found is None and outcome.outcome is not Outcome.NOT_SENT:
            raise JournalError(f"the journal {self._file.path} got the end of an intent it never took")
        if found is not None and found[0] not in (None, outcome.outcome.value):
            raise JournalError(
                f"intent {intent.id!r} was resolved as {found[0]} while it was in flight, but it has ended as "
                f"{outcome.outcome}, which the journal {self._file.path} now says: was it sent again meanwhile?"
            )

    def unresolved(self, *, older_than: float = 0.0) -> tuple[IntentRecord, ...]:
        """The intents that may or may not have taken effect, oldest first: open ones and those that ended as unknown.

        One that is open may be in flight in another thread or process. Seconds of `older_than` beyond the deadline of
        a call leave those out. One that began later than now, when the clock was ahead, is never left out. Raises
        ValueError for an `older_than` that is not a number of seconds.
        """
        if not 0 <= older_than < float("inf"):
            raise ValueError("older_than must be a number of seconds, and not negative")
        now = _now()
        latest = _text(now - timedelta(seconds=min(older_than, _LONGEST_AGE)))
        old = "(? = 0 OR began <= ? OR began > ?)"
        with self._file.transaction("could not be read", write=False) as connection:
            order = "ORDER BY began, number"
            return select(connection, f"{_UNRESOLVED} AND {old} {order}", older_than, latest, _text(now))

    def get(self, intent_id: str) -> IntentRecord | None:
        """The last run of an intent, None where there is no such intent."""
        runs = self.history(intent_id)
        return runs[-1] if runs else None

    def history(self, intent_id: str) -> tuple[IntentRecord, ...]:
        """Every run of an intent, in order."""
        with self._file.transaction("could not be read", write=False) as connection:
            return select(connection, "id = ? ORDER BY run", intent_id)

    def records(self) -> Iterator[IntentRecord]:
        """Every run of every intent, in the order of their beginning; nobody is locked out between one and the next."""
        page = self._records_after(0)
        while page:
            yield from (record for _, record in page)
            page = self._records_after(page[-1][0])

    def resolve(self, intent_id: str, outcome: Outcome, note: str = "") -> IntentRecord:
        """Write down what was found out about an unresolved intent, and in the note how and by whom.

        As NOT_PROCESSED, NOT_SENT or REJECTED it may be sent again under its id, as SUCCEEDED it may not. Raises
        ValueError for UNKNOWN, JournalError where there is nothing to resolve.
        """
        if outcome is Outcome.UNKNOWN:
            raise ValueError("an intent cannot be resolved as unknown")
        with self._file.transaction(f"could not resolve intent {intent_id!r}") as connection:
            changed = connection.execute(
                f"UPDATE runs SET outcome = ?, note = ?, resolved = ? WHERE id = ? AND {_UNRESOLVED}",
                (outcome.value, note, _text(_now()), intent_id),
            ).rowcount
            runs = select(connection, "id = ? ORDER BY run DESC", intent_id)
            if not changed:
                state = f"is {runs[0].outcome} already" if runs else "is not in it"
                raise JournalError(
                    f"the journal {self._file.path} has nothing to resolve: intent {intent_id!r} {state}"
                )
        return runs[0]

    def prune(self, before: datetime) -> int:
        """Forget the intents whose last run began before that time, save unresolved ones; how many runs that were.

        A forgotten id is refused no more: keep intents for as long as your application could repeat one.
        """
        if before.tzinfo is None:
            raise ValueError("the time before which to forget has no time zone: datetime.now(timezone.utc)")
        with self._file.transaction("could not be pruned") as connection:
            return connection.execute(
                f"DELETE FROM runs WHERE id NOT IN (SELECT id FROM runs WHERE {_UNRESOLVED} OR began >= ?)",
                (_text(before),),
            ).rowcount

    def close(self) -> None:
        """Take no new intents; how those in flight end is still written down, and everything can be read."""
        self._closed = True

    def _begin(self, intent: Intent) -> None:
        if self._closed:
            raise JournalError(f"the journal {self._file.path} has been closed")
        token = uuid.uuid4().hex
        with self._file.transaction(f"could not take intent {intent.id!r}") as connection:
            runs = select(connection, "id = ? ORDER BY run DESC", intent.id)
            for record in runs:
                if record.outcome in (None, Outcome.UNKNOWN, Outcome.SUCCEEDED):
                    raise IntentRefusedError(_refusal(intent, record), record=record)
            connection.execute(
                "INSERT INTO runs (token, id, run, operation, method, url, digest, body, began, attempts, error, note)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', '')",
                (
                    *(token, intent.id, len(runs) + 1, intent.operation, intent.method, intent.url),
                    *(intent.digest, intent.body if self._keep_bodies else None, _text(_now())),
                ),
            )
            # Before the commit: should that fail and leave the row all the same, its end can be written down.
            self._begun[id(intent)] = (intent, token)

    def _records_after(self, number: int) -> list[tuple[int, IntentRecord]]:
        with self._file.transaction("could not be read", write=False) as connection:
            rows = connection.execute(
                f"SELECT number, {COLUMNS} FROM runs WHERE number > ? ORDER BY number LIMIT {_PAGE}",
                (number,),
            ).fetchall()
            return [(row[0], record_of(row[1:])) for row in rows]

    def _end(self, outcome: IntentOutcome) -> tuple[Any, ...]:
        """attempts, status, request_id, answer, answer_length, error"""
        response, error = outcome.response, outcome.error
        # Printable: how the call ended has to be written, also when its text holds what UTF-8 cannot.
        message = "" if error is None else printable(f"{type(error).__name__}: {error}"[:_ERROR_CHARACTERS])
        if response is None:
            return outcome.attempts, None, None, None, None, message
        kept = response.content[:ANSWER_BYTES] if self._keep_bodies else None
        return outcome.attempts, response.status, response.request_id, kept, len(response.content), message

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self._file.path)!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"a {type(self).__name__} cannot be pickled: open the file in each process, they may share it"
        )


def _refusal(intent: Intent, record: IntentRecord) -> str:
    find_out = (
        "; find out from the service's own records what became of it, then write it into the journal: "
        f"resolve({record.id!r}, Outcome.SUCCEEDED), or Outcome.NOT_PROCESSED, after which it may be sent again"
    )
    if record.outcome is None:
        what = f"was begun at {record.began} and has no outcome: it is in flight, or a crash cut it off{find_out}"
    elif record.outcome is Outcome.UNKNOWN:
        what = f"ended at {record.ended} and may have taken effect{find_out}"
    else:
        when = record.resolved or record.ended
        what = (
            f"succeeded, says the journal since {when}; what else is to be done needs an intent_id of its own"
        )
    other = "" if record.digest == intent.digest else " (its body was not the one of this call)"
    return f"nothing was sent: intent {record.id!r}{other} {what}"


def _now() -> datetime:
    return datetime.now(timezone.utc)


def _text(moment: datetime) -> str:
    """In UTC and of one width, so that texts sort as the times do."""
    return moment.astimezone(timezone.utc).isoformat(timespec="microseconds")
