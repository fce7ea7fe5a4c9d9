"""Billing intents as a client makes them and what a test wants to know of them; shared by the journal's tests."""

from __future__ import annotations

from typing import Any

import pytest

from clientsmith.runtime.observe.journal import Intent, IntentOutcome
from clientsmith.runtime.results.errors import Outcome
from clientsmith.runtime.sqlite.sqlite_journal import IntentRecord, IntentRefusedError, SqliteJournal

MAY_BE_REPEATED = (Outcome.NOT_SENT, Outcome.NOT_PROCESSED, Outcome.REJECTED)
MAY_NOT = (Outcome.SUCCEEDED, Outcome.UNKNOWN)


def intent(intent_id: str | None = "a", body: bytes = b"{}") -> Intent:
    return Intent.of("reportUsage", "POST", "https://api.example.com/Usage", body, intent_id)


def ended(outcome: Outcome, **more: Any) -> IntentOutcome:
    return IntentOutcome(outcome, 1, **more)


def known(record: IntentRecord | None) -> IntentRecord:
    assert record is not None
    return record


def end(journal: SqliteJournal, outcome: Outcome, intent_id: str = "a", **more: Any) -> IntentRecord:
    """Begin an intent and end it."""
    begun = intent(intent_id)
    journal.before_send(begun)
    journal.after_outcome(begun, ended(outcome, **more))
    return known(journal.get(intent_id))


def refusal(journal: SqliteJournal, again: Intent) -> IntentRefusedError:
    with pytest.raises(IntentRefusedError) as caught:
        journal.before_send(again)
    return caught.value
