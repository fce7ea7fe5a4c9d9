"""What the SQLite journals keep of an intent, and which intents they let be sent again under their id."""

from __future__ import annotations

import asyncio
import pickle
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from clientsmith.conform.promises.journal.sqlite_written import Written
from clientsmith.conform.promises.promise_case import PromiseCase, outcome_of
from clientsmith.conform.promises.time_bounds import AMPLE

_KEPT, _LONGEST_ERROR = 64 * 1024, 4096
"""Bytes of an answer and characters of an error that are kept."""
_AGAIN = ("not_sent", "not_processed", "rejected")
"""Outcomes after which an intent may be sent again under its id."""
_WHY = {"succeeded": "succeeded", "unknown": "may have taken effect", "": "has no outcome"}
"""Outcomes after which it may not, and how that is told."""


def check_sqlite_runs(case: PromiseCase) -> None:
    """Take intents through their lives in a journal: begun, ended, resolved, begun again."""
    with tempfile.TemporaryDirectory() as folder:
        part = _RunsPart.of_case(case, folder=Path(folder))
        part.kept()
        part.again()
        part.resolved()
        part.limits()
        part.ends()
        if case.mode == "async":
            part.cancelled()


class _RunsPart(Written):
    def kept(self) -> None:
        began, path = datetime.now(UTC), self.folder / "kept.db"
        intent, error = self.intent("kept"), ValueError("words \ud800")
        reported = ("kept", 1, "conformed", "POST", intent.url, intent.digest, intent.body)
        with self.journal("kept.db") as journal:
            mode = path.stat().st_mode & 0o777
            self.check(mode == 0o600, "journal-readable", f"the file has the permissions {mode:o}")
            journal.before_send(intent)
            record = journal.get("kept")
            expected: tuple[object, ...] = (*reported, None, 0, None, None, None, None, "", "")
            said = f"of an open intent the journal says {_facts(record)}, not {expected}"
            self.remembers(_facts(record) == expected, said)
            left = record.ended, record.resolved, record.is_resolved
            self.remembers(left == (None, None, False), f"an open intent has {left}")
            journal.after_outcome(intent, self.outcome("rejected", 3, b"answer", error))
        with self.journal("kept.db") as journal:
            record = journal.get("kept")
            expected = (*reported, "rejected", 3, 202, "id-1", b"answer", 6, "ValueError: words \\ud800", "")
            self.remembers(_facts(record) == expected, f"the journal says {_facts(record)}, not {expected}")
            times = [began, record.began, record.ended, datetime.now(UTC)]
            self.remembers(times == sorted(times) and record.is_resolved, f"the times are {times}")
            hidden = "b'" not in repr(record)
            self.check(hidden, "secret-shown", f"a record shows its bodies: {record!r:.400}")
            own = self.own(journal)
            self.check(repr(own).endswith(f"SqliteJournal({str(path)!r})"), "error-says-nothing", f"{own!r}")
            self.refused("TypeError", ("cannot be pickled",), pickle.dumps, own)
        latest = time.monotonic() + AMPLE
        while (left_over := _threads()) and time.monotonic() < latest:
            time.sleep(0.005)
        self.check(not left_over, "journal-leaves", f"a journal that is closed leaves {left_over} behind")
        names = sorted(one.name for one in self.folder.iterdir())
        self.check(names == ["kept.db"], "journal-leaves", f"the folder holds {names}")

    def again(self) -> None:
        """What was or may have been processed is refused under its id, anything else begins another run."""
        with self.journal("again.db") as journal:
            for name in (*_WHY, *_AGAIN):
                intent = self.intent(f"id {name}")
                journal.before_send(intent)
                if name:
                    journal.after_outcome(intent, self.outcome(name))
                if name in _AGAIN:
                    self._another_run(journal, name)
                else:
                    self._no_other_run(journal, name)
            open_ones = [one.id for one in journal.unresolved()]
            self.remembers(open_ones == ["id unknown", "id "], f"unresolved are {open_ones}")
            self.remembers(
                journal.unresolved(older_than=3_600) == (), "an intent of now is older than an hour"
            )
            nothing = journal.get("no such"), journal.history("no such")
            self.remembers(
                nothing == (None, ()), f"of an intent that it never saw the journal says {nothing}"
            )

    def _another_run(self, journal: Any, name: str) -> None:
        twice = self.intent(f"id {name}")
        journal.before_send(twice)
        journal.after_outcome(twice, self.outcome("succeeded", 2))
        runs = [(one.run, str(one.outcome), one.attempts) for one in journal.history(twice.id)]
        self.remembers(runs == [(1, name, 1), (2, "succeeded", 2)], f"the runs are {runs}")
        self.refused("IntentRefusedError", ("succeeded",), journal.before_send, twice)

    def _no_other_run(self, journal: Any, name: str) -> None:
        twice = self.intent(f"id {name}")
        words = repr(twice.id), _WHY[name]
        error = self.refused("IntentRefusedError", words, journal.before_send, twice)
        facts = outcome_of(error), error.operation, error.method, error.url, error.record.id, error.record.run
        expected = ("not_sent", "conformed", "POST", twice.url, twice.id, 1)
        self.check(facts == expected, "error-says-nothing", f"a refusal says {facts}, not {expected}")
        advises, same_body = "resolve(" in str(error), "body was not" not in str(error)
        self.check(
            advises is (name != "succeeded") and same_body, "error-says-nothing", f"a refusal says {error}"
        )
        other = self.intent(twice.id, b"other")
        self.refused("IntentRefusedError", ("body was not the one",), journal.before_send, other)
        journal.after_outcome(twice, self.outcome("not_sent"))
        runs = [(one.run, str(one.outcome)) for one in journal.history(twice.id)]
        self.remembers(runs == [(1, name or "None")], f"after a refusal the runs are {runs}")

    def resolved(self) -> None:
        """What was found out decides whether an intent may be sent again; it is found out once."""
        outcome = self.get("Outcome")
        with self.journal("resolved.db") as journal:
            for name in ("succeeded", *_AGAIN):
                for ended in ("unknown", ""):
                    intent = self.intent(f"{name} {ended}")
                    journal.before_send(intent)
                    if ended:
                        journal.after_outcome(intent, self.outcome(ended))
                    record = journal.resolve(intent.id, outcome(name), "looked up")
                    facts = (str(record.outcome), record.note, record.run, record.is_resolved)
                    passed = facts == (name, "looked up", 1, True) and record.resolved is not None
                    self.remembers(passed, f"a resolved intent is {facts}")
                    words = (f"is {name} already",)
                    self.refused("JournalError", words, journal.resolve, intent.id, outcome("rejected"))
                    if name == "succeeded":
                        words = (str(record.resolved),)
                        self.refused("IntentRefusedError", words, journal.before_send, intent)
                    else:
                        journal.before_send(self.intent(intent.id))
                        run = journal.get(intent.id).run
                        self.remembers(run == 2, f"a resolved intent that is sent again is in its run {run}")
            self.refused("JournalError", ("is not in it",), journal.resolve, "no such", outcome("rejected"))
            self.refused("ValueError", ("unknown",), journal.resolve, "succeeded ", outcome("unknown"))

    def limits(self) -> None:
        content, error = b"x" * _KEPT + b"y", ValueError("w" * 2 * _LONGEST_ERROR)
        for keeps in (True, False):
            with self.journal(f"limits {keeps}.db", keep_bodies=keeps) as journal:
                intent = self.intent("large")
                journal.before_send(intent)
                journal.after_outcome(intent, self.outcome("unknown", 1, content, error))
                record = journal.get("large")
                facts = record.body, record.answer, record.answer_length, len(record.error), record.digest
                kept = (intent.body, content[:_KEPT]) if keeps else (None, None)
                passed = facts == (*kept, _KEPT + 1, _LONGEST_ERROR, intent.digest)
                self.remembers(passed, f"with keep_bodies={keeps} the journal keeps {facts!s:.200}")

    def ends(self) -> None:
        """Ends of what was never taken, of what was resolved meanwhile, and of what is in flight at the close."""
        with self.journal("ends.db") as journal:
            never = self.intent("never")
            journal.after_outcome(never, self.outcome("not_sent"))
            self.refused(
                "JournalError", ("never took",), journal.after_outcome, never, self.outcome("rejected")
            )
            for name in ("rejected", "succeeded"):
                intent, end = self.intent(f"meanwhile {name}"), self.outcome(name)
                journal.before_send(intent)
                journal.resolve(intent.id, self.get("Outcome")("rejected"))
                if name == "rejected":
                    journal.after_outcome(intent, end)
                else:
                    words = ("resolved as rejected", name)
                    self.refused("JournalError", words, journal.after_outcome, intent, end)
                found = str(journal.get(intent.id).outcome)
                self.remembers(found == name, f"an intent that ended as {name} is {found}")
            flying = self.intent("flying")
            journal.before_send(flying)
            (journal.close if self.mode == "sync" else journal.aclose)()
            error = self.refused(
                "JournalError", ("has been closed",), journal.before_send, self.intent("late")
            )
            passed = error.operation == "conformed" and journal.get("late") is None
            self.check(passed, "journal-accepts", "a journal that is closed takes intents")
            journal.after_outcome(flying, self.outcome("succeeded"))
            found = str(journal.get("flying").outcome)
            self.remembers(found == "succeeded", f"an end after the close is {found}")

    def cancelled(self) -> None:
        """Who is cancelled while an intent is written down sends nothing, and the journal says so in the end."""
        journal = self.kind(self.folder / "cancelled.db")

        async def run() -> tuple[bool, str]:
            task: asyncio.Future[Any] = asyncio.ensure_future(journal.before_send(self.intent("x")))
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
            record = await journal.get("x")
            return task.cancelled(), str(record.outcome if record is not None else "nothing")

        found = asyncio.run(run())
        asyncio.run(journal.aclose())
        passed = found in ((True, "not_sent"), (True, "nothing"))
        self.remembers(passed, f"a beginning that is cancelled leaves {found}")


def _threads() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith("journal")]


def _facts(record: Any) -> tuple[object, ...]:
    outcome = str(record.outcome) if record.outcome is not None else None
    names = ("id", "run", "operation", "method", "url", "digest", "body")
    ends = ("attempts", "status", "request_id", "answer", "answer_length", "error", "note")
    return *(getattr(record, one) for one in names), outcome, *(getattr(record, one) for one in ends)
