# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""What a journal knows of an intent, as it is read from its file; writing and deciding are `sqlite_journal`'s."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Final

from ..results.errors import Outcome


@dataclass(frozen=True)
class IntentRecord:
    """What the journal knows of an intent, or of one of its runs: `run` counts how often it was begun.

    `outcome` is None while it is open: in flight, or cut off by a crash. `body` is what was to be sent, `answer` the
    first 64 KiB of the `answer_length` bytes that came back; both are None where bodies are not kept. `error` says
    what ended it, `note` and `resolved` what was found out later, and when.
    """

    id: str
    run: int
    operation: str
    method: str
    url: str
    digest: str
    body: bytes | None = field(repr=False)
    began: datetime
    ended: datetime | None
    outcome: Outcome | None
    attempts: int
    status: int | None
    request_id: str | None
    answer: bytes | None = field(repr=False)
    answer_length: int | None
    error: str
    resolved: datetime | None
    note: str

    @property
    def is_resolved(self) -> bool:
        """Whether it is known what became of it."""
        return self.outcome not in (None, Outcome.UNKNOWN)


COLUMNS: Final = ", ".join(column.name for column in fields(IntentRecord))


_MAY_BE_MISSING: Final = frozenset(
    {"body", "ended", "outcome", "status", "request_id", "answer", "answer_length", "resolved"}
)
_NUMBERS: Final = frozenset({"run", "attempts", "status", "answer_length"})
_CONTENTS: Final = frozenset({"body", "answer"})


def select(connection: Any, condition: str, *values: str | float) -> tuple[IntentRecord, ...]:
    """The records that meet a condition of SQL."""
    rows = connection.execute(f"SELECT {COLUMNS} FROM runs WHERE {condition}", values)
    return tuple(map(record_of, rows.fetchall()))


def record_of(row: tuple[Any, ...]) -> IntentRecord:
    """A record from its columns. Raises ValueError for what only a damaged file holds: SQLite checks no types."""
    for column, value in zip(fields(IntentRecord), row, strict=True):
        kind = int if column.name in _NUMBERS else bytes if column.name in _CONTENTS else str
        if not (isinstance(value, kind) or (value is None and column.name in _MAY_BE_MISSING)):
            raise ValueError(f"a {column.name} is not what a journal writes")
    values = dict(zip((column.name for column in fields(IntentRecord)), row, strict=True))
    for name in ("began", "ended", "resolved"):
        values[name] = values[name] and datetime.fromisoformat(values[name])
    values["outcome"] = values["outcome"] and Outcome(values["outcome"])
    return IntentRecord(**values)
