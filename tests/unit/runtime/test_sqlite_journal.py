"""The SQLite journal: which intents it takes and refuses, what it keeps of them, and how a person resolves them."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from clientsmith.runtime.observe.journal import Journal, JournalError
from clientsmith.runtime.results.api_response import ApiResponse
from clientsmith.runtime.results.errors import ClientError, Outcome
from clientsmith.runtime.sqlite import sqlite_journal
from clientsmith.runtime.sqlite.async_sqlite_journal import AsyncSqliteJournal
from clientsmith.runtime.sqlite.sqlite_journal import SqliteJournal
from tests.unit.runtime.billing_intents import MAY_BE_REPEATED, MAY_NOT, end, ended, intent, known, refusal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def journal(path: Path) -> SqliteJournal:
    return SqliteJournal(path)


def test_an_intent_is_on_file_before_it_is_sent(path: Path) -> None:
    journal: Journal = SqliteJournal(path)
    begun = intent(None, b'{"quantity":12.355}')
    journal.before_send(begun)
    record = known(SqliteJournal(path).get(begun.id))
    assert (record.id, record.run, record.operation, record.method) == (begun.id, 1, "reportUsage", "POST")
    assert (record.url, record.digest, record.body) == (begun.url, begun.digest, begun.body)
    assert (record.outcome, record.ended, record.is_resolved) == (None, None, False)
    assert abs(datetime.now(UTC) - record.began) < timedelta(seconds=10)
    assert SqliteJournal(path).unresolved() == (record,)


def test_what_came_back_is_kept_without_its_headers(journal: SqliteJournal, path: Path) -> None:
    headers = httpx.Headers({"X-Request-Id": "RQ1", "Set-Cookie": "canary"})
    answer = ApiResponse(202, headers, b'{"total_submitted":44.02}', "POST", "https://api.example.com/Usage")
    record = end(journal, Outcome.SUCCEEDED, response=answer)
    assert (record.status, record.request_id, record.answer) == (202, "RQ1", answer.content)
    assert (record.outcome, record.attempts, record.error) == (Outcome.SUCCEEDED, 1, "")
    assert known(record.ended) >= record.began
    assert b"canary" not in path.read_bytes()


def test_a_long_answer_is_cut_and_a_long_error_too(journal: SqliteJournal) -> None:
    answer = ApiResponse(500, httpx.Headers(), b"x" * 200_000, "POST", "https://api.example.com")
    record = end(journal, Outcome.UNKNOWN, response=answer, error=ClientError("y" * 200_000))
    assert record.answer == b"x" * 65_536
    assert record.answer_length == 200_000
    assert record.error.startswith("ClientError: yyy") and len(record.error) == 4096


def test_an_error_that_is_no_utf8_is_kept_escaped(journal: SqliteJournal) -> None:
    assert end(journal, Outcome.UNKNOWN, error=OSError("\udcff")).error == "OSError: \\udcff"


def test_bodies_need_not_be_kept(path: Path) -> None:
    answer = ApiResponse(202, httpx.Headers(), b"canary", "POST", "https://api.example.com")
    journal = SqliteJournal(path, keep_bodies=False)
    begun = intent(body=b"canary")
    journal.before_send(begun)
    journal.after_outcome(begun, ended(Outcome.SUCCEEDED, response=answer))
    record = known(journal.get("a"))
    assert (record.body, record.answer, record.answer_length) == (None, None, 6)
    assert record.digest == begun.digest
    assert b"canary" not in path.read_bytes()


def test_bodies_are_in_no_repr(journal: SqliteJournal) -> None:
    journal.before_send(intent(body=b"canary"))
    assert "canary" not in repr(journal.get("a"))


@pytest.mark.parametrize("outcome", MAY_BE_REPEATED)
def test_what_had_no_effect_may_be_sent_again_with_another_body_too(
    journal: SqliteJournal, outcome: Outcome
) -> None:
    first = end(journal, outcome, error=ClientError("why"))
    again = intent(body=b'{"other":1}')
    journal.before_send(again)
    before, now = journal.history("a")
    assert before == first
    assert (now.run, now.outcome, now.digest) == (2, None, again.digest)
    assert journal.get("a") == now


@pytest.mark.parametrize("outcome", [*MAY_NOT, None])
def test_what_had_or_may_have_had_an_effect_is_refused(
    journal: SqliteJournal, outcome: Outcome | None
) -> None:
    if outcome is None:
        journal.before_send(intent())
    else:
        end(journal, outcome)
    kept = journal.history("a")
    again = intent()
    error = refusal(journal, again)
    assert (error.record, error.outcome) == (kept[0], Outcome.NOT_SENT)
    assert (error.operation, error.method, error.url) == ("reportUsage", "POST", again.url)
    assert pickle.loads(pickle.dumps(error)).record == error.record
    # The client tells the end of a call that was refused; that is not the end of the one on file.
    journal.after_outcome(again, ended(Outcome.NOT_SENT, error=error))
    assert journal.history("a") == kept


def test_a_refusal_says_why_and_what_to_do(journal: SqliteJournal) -> None:
    journal.before_send(intent("open"))
    end(journal, Outcome.UNKNOWN, "unknown")
    end(journal, Outcome.SUCCEEDED, "done")
    opened = str(refusal(journal, intent("open")))
    assert opened.startswith("nothing was sent: intent 'open' was begun at 20")
    assert "a crash cut it off" in opened
    unknown = str(refusal(journal, intent("unknown")))
    assert "may have taken effect" in unknown
    for message in (opened, unknown):
        assert "resolve(" in message and "Outcome.NOT_PROCESSED" in message
    done = str(refusal(journal, intent("done", b"other")))
    assert "(its body was not the one of this call) succeeded" in done
    assert "needs an intent_id of its own" in done
    assert "its body" not in str(refusal(journal, intent("done")))


def test_an_older_run_that_is_unresolved_refuses_too(journal: SqliteJournal) -> None:
    early = intent()
    journal.before_send(early)
    journal.resolve("a", Outcome.NOT_PROCESSED)
    end(journal, Outcome.REJECTED)
    with pytest.raises(JournalError, match="was resolved as not_processed while it was in flight"):
        journal.after_outcome(early, ended(Outcome.UNKNOWN))
    assert [record.outcome for record in journal.history("a")] == [Outcome.UNKNOWN, Outcome.REJECTED]
    assert refusal(journal, intent()).record.run == 1


def test_the_end_of_an_intent_that_was_never_taken_is_an_error_unless_it_was_not_sent(
    journal: SqliteJournal,
) -> None:
    journal.after_outcome(intent(), ended(Outcome.NOT_SENT))
    assert journal.get("a") is None
    with pytest.raises(JournalError, match="an intent it never took"):
        journal.after_outcome(intent(), ended(Outcome.SUCCEEDED))


def test_another_call_of_the_same_id_cannot_end_the_one_in_flight(journal: SqliteJournal, path: Path) -> None:
    journal.before_send(intent())
    for other in (journal, SqliteJournal(path)):
        other.after_outcome(intent(), ended(Outcome.NOT_SENT))
    assert known(journal.get("a")).outcome is None


@pytest.mark.parametrize("outcome", [Outcome.SUCCEEDED, *MAY_BE_REPEATED])
@pytest.mark.parametrize("unknown", [True, False])
def test_a_person_resolves_what_is_open_or_unknown(
    journal: SqliteJournal, outcome: Outcome, unknown: bool
) -> None:
    if unknown:
        end(journal, Outcome.UNKNOWN, error=ClientError("the line broke"))
    else:
        journal.before_send(intent())
    record = journal.resolve("a", outcome, "billed, says the invoice; Jo")
    assert record == journal.get("a")
    assert (record.outcome, record.note) == (outcome, "billed, says the invoice; Jo")
    assert record.is_resolved and known(record.resolved) >= record.began
    assert record.error == ("ClientError: the line broke" if unknown else "")
    assert journal.unresolved() == ()
    if outcome is Outcome.SUCCEEDED:
        assert "succeeded" in str(refusal(journal, intent()))
    else:
        journal.before_send(intent())


def test_only_what_is_unresolved_can_be_resolved_and_never_as_unknown(journal: SqliteJournal) -> None:
    with pytest.raises(JournalError, match="nothing to resolve: intent 'b' is not in it"):
        journal.resolve("b", Outcome.SUCCEEDED)
    end(journal, Outcome.SUCCEEDED)
    with pytest.raises(JournalError, match="intent 'a' is succeeded already"):
        journal.resolve("a", Outcome.NOT_PROCESSED)
    end(journal, Outcome.UNKNOWN, "c")
    with pytest.raises(ValueError, match="cannot be resolved as unknown"):
        journal.resolve("c", Outcome.UNKNOWN)
    assert [record.id for record in journal.unresolved()] == ["c"]


def test_unresolved_can_leave_out_what_may_be_in_flight(
    journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    for age in (30, 600, 60):
        monkeypatch.setattr(sqlite_journal, "_now", lambda age=age: now - timedelta(seconds=age))
        journal.before_send(intent(f"{age}"))
    monkeypatch.setattr(sqlite_journal, "_now", lambda: now)
    assert [record.id for record in journal.unresolved()] == ["600", "60", "30"]
    assert [record.id for record in journal.unresolved(older_than=45)] == ["600", "60"]


def test_pruning_forgets_old_intents_but_no_unresolved_ones(
    journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    monkeypatch.setattr(sqlite_journal, "_now", lambda: now - timedelta(days=100))
    journal.before_send(intent("open"))
    for outcome in Outcome:
        end(journal, outcome, outcome.value)
    end(journal, Outcome.REJECTED, "lately again")
    monkeypatch.setattr(sqlite_journal, "_now", lambda: now)
    end(journal, Outcome.SUCCEEDED, "lately again")
    assert journal.prune(now - timedelta(days=50)) == 4
    left = [record.id for record in journal.records()]
    assert left == ["open", "unknown", "lately again", "lately again"]
    with pytest.raises(ValueError, match="no time zone"):
        journal.prune(datetime(2026, 1, 1))


def test_every_record_can_be_walked_while_others_write(journal: SqliteJournal, path: Path) -> None:
    for number in range(3):
        end(journal, Outcome.SUCCEEDED, f"{number}")
    walk = journal.records()
    assert next(walk).id == "0"
    end(SqliteJournal(path, lock_timeout=0), Outcome.SUCCEEDED, "late")
    assert [record.id for record in walk] == ["1", "2", "late"]


def test_walking_goes_on_beyond_a_page(journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_journal, "_PAGE", 2)
    for number in range(5):
        end(journal, Outcome.SUCCEEDED, f"{number}")
    assert [record.id for record in journal.records()] == ["0", "1", "2", "3", "4"]


def test_closed_it_takes_no_intent_but_writes_how_those_in_flight_end(path: Path) -> None:
    with SqliteJournal(path) as journal:
        begun = intent()
        journal.before_send(begun)
    with pytest.raises(JournalError, match="has been closed"):
        journal.before_send(intent("b"))
    journal.after_outcome(begun, ended(Outcome.SUCCEEDED))
    assert known(journal.get("a")).outcome is Outcome.SUCCEEDED


@pytest.mark.parametrize("kind", [SqliteJournal, AsyncSqliteJournal])
def test_it_shows_its_path_and_cannot_be_pickled_or_copied(
    path: Path, kind: type[SqliteJournal | AsyncSqliteJournal]
) -> None:
    journal = kind(path)
    assert repr(journal) == f"{kind.__name__}({str(path)!r})"
    for duplicate in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="cannot be pickled: open the file in each process"):
            duplicate(journal)
