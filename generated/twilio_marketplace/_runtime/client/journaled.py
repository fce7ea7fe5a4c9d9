# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""The clients of an API that bills: they write a billing call down before it is sent and after it ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
from typing_extensions import TypeVar

from ..http.uncancelled import to_its_end
from ..messages.options import Configuration
from ..observe.journal import (
    AsyncJournal,
    Intent,
    IntentOutcome,
    Journal,
    checked_journal,
    log_refused_outcome,
    refused_by_journal,
)
from ..results.errors import ClientError
from .async_client import AsyncClient
from .call import Call
from .client import SyncClient
from .core import DEFAULTS, Settings

T = TypeVar("T")


class JournaledClient(SyncClient):
    """Base of generated clients with operations that bill."""

    def __init__(
        self,
        *,
        configuration: Configuration,
        credentials: Mapping[str, tuple[str | None, ...]],
        settings: Settings = DEFAULTS,
        journal: Journal | None = None,
        http_client: httpx.Client | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._journal = checked_journal(journal, asynchronous=False)
        super().__init__(
            configuration=configuration,
            credentials=credentials,
            settings=settings,
            http_client=http_client,
            transport=transport,
        )
        self._core.journaled = journal is not None

    def _make(self, call: Call[T]) -> T:
        journal = self._journal
        if journal is None or not call.operation.bills:
            return super()._make(call)
        intent = _intent_of(call)
        _write_ahead(journal, intent)
        try:
            result = super()._make(call)
        except BaseException as error:
            _record(journal, intent, _outcome_of(call, error))
            raise
        _record(journal, intent, _outcome_of(call, None))
        return result


class AsyncJournaledClient(AsyncClient):
    """Base of generated asyncio clients with operations that bill."""

    def __init__(
        self,
        *,
        configuration: Configuration,
        credentials: Mapping[str, tuple[str | None, ...]],
        settings: Settings = DEFAULTS,
        journal: AsyncJournal | None = None,
        http_client: httpx.AsyncClient | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._journal = checked_journal(journal, asynchronous=True)
        super().__init__(
            configuration=configuration,
            credentials=credentials,
            settings=settings,
            http_client=http_client,
            transport=transport,
        )
        self._core.journaled = journal is not None

    async def _make(self, call: Call[T]) -> T:
        journal = self._journal
        if journal is None or not call.operation.bills:
            return await super()._make(call)
        intent = _intent_of(call)
        await _async_write_ahead(journal, intent)
        try:
            result = await super()._make(call)
        except BaseException as error:
            await to_its_end(_async_record(journal, intent, _outcome_of(call, error)))
            raise
        await to_its_end(_async_record(journal, intent, _outcome_of(call, None)))
        return result


def _intent_of(call: Call[Any]) -> Intent:
    prepared = call.prepared
    body = prepared.content or b""
    intent = Intent.of(call.operation.id, prepared.method, prepared.shown_url, body, call.plan.intent_id)
    call.plan.intent_id = intent.id
    return intent


def _outcome_of(call: Call[Any], error: BaseException | None) -> IntentOutcome:
    return IntentOutcome(call.outcome, call.number, call.answer, error)


def _write_ahead(journal: Journal, intent: Intent) -> None:
    try:
        journal.before_send(intent)
    except ClientError:
        raise
    except Exception as error:
        raise refused_by_journal(intent, error) from error


async def _async_write_ahead(journal: AsyncJournal, intent: Intent) -> None:
    try:
        await journal.before_send(intent)
    except ClientError:
        raise
    except Exception as error:
        raise refused_by_journal(intent, error) from error


def _record(journal: Journal, intent: Intent, outcome: IntentOutcome) -> None:
    try:
        journal.after_outcome(intent, outcome)
    except Exception as failed:  # the call is over, and its result counts for more
        log_refused_outcome(intent, failed)


async def _async_record(journal: AsyncJournal, intent: Intent, outcome: IntentOutcome) -> None:
    try:
        await journal.after_outcome(intent, outcome)
    except Exception as failed:  # the call is over, and its result counts for more
        log_refused_outcome(intent, failed)
