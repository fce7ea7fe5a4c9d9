# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Where billing calls are written down before they are sent and after they ended; what a journal keeps is its business.

A journal sees an intent before the first byte leaves and its outcome when nothing more will happen. An intent without
an outcome is a call that a crash cut off: it may or may not have taken effect.
"""

from __future__ import annotations

import hashlib
import inspect
import uuid
from dataclasses import dataclass, field
from typing import Protocol

from typing_extensions import TypeVar

from ..results.api_response import ApiResponse
from ..results.errors import ClientError, ConfigurationError, Outcome
from ..values.plain_text import excerpt, printable
from .log import LOGGER, kind


class JournalError(ClientError):
    """The journal did not take the intent of a billing call; nothing was sent."""

    outcome = Outcome.NOT_SENT


@dataclass(frozen=True)
class Intent:
    """A billing call that is about to be made.

    `id` is local: the caller's `CallOptions.intent_id`, else a new UUID. `url` has secrets in it replaced. `body` is
    what will be sent, byte for byte, and `digest` its SHA-256 as `sha256:` and 64 hexadecimal digits.
    """

    id: str
    operation: str
    method: str
    url: str
    digest: str
    body: bytes = field(repr=False)

    @classmethod
    def of(cls, operation: str, method: str, url: str, body: bytes, intent_id: str | None) -> Intent:
        """The intent of a call with this body."""
        digest = "sha256:" + hashlib.sha256(body).hexdigest()
        return cls(intent_id or str(uuid.uuid4()), operation, method, url, digest, body)


@dataclass(frozen=True)
class IntentOutcome:
    """How a billing call ended: `attempts` is how often it was tried, `error` is None where it succeeded.

    `error` is also what ended it from outside, such as a cancellation or an interrupt. `response` is the answer, if a
    complete one arrived.
    """

    outcome: Outcome
    attempts: int
    response: ApiResponse | None = None
    error: BaseException | None = None


class Journal(Protocol):
    """What a blocking client wants of a journal.

    An exception out of `before_send` stops the call: nothing is sent, the caller sees a `JournalError`, and
    `after_outcome` is not called, because what is on file may be another call's. An exception out of `after_outcome`
    is logged as an error and changes nothing for the caller, whose call is over: the intent then looks as it would
    after a crash.
    """

    def before_send(self, intent: Intent) -> None:
        """Write the intent down; it has to be durable on return."""
        ...

    def after_outcome(self, intent: Intent, outcome: IntentOutcome) -> None:
        """Write down how the call ended."""
        ...


class AsyncJournal(Protocol):
    """What an asyncio client wants of a journal; as `Journal`, awaited."""

    async def before_send(self, intent: Intent) -> None:
        """Write the intent down; it has to be durable on return. Where it is cancelled, nothing is sent."""
        ...

    async def after_outcome(self, intent: Intent, outcome: IntentOutcome) -> None:
        """Write down how the call ended; runs to its end even where the call was cancelled."""
        ...


def refused_by_journal(intent: Intent, error: Exception) -> JournalError:
    """The error of a call that was not made because the journal failed."""
    text = excerpt(str(error), 2000)
    reason = f"{type(error).__name__}: {text}" if text else type(error).__name__
    message = f"{intent.operation}: the journal did not take the intent, so nothing was sent: {reason}"
    return JournalError(message, operation=intent.operation, method=intent.method, url=intent.url)


def log_refused_outcome(intent: Intent, error: Exception) -> None:
    """Log that the journal did not take an outcome."""
    LOGGER.error(
        "the journal did not take the outcome of intent %s (%s): %s; it stays open there",
        printable(intent.id),
        intent.operation,
        kind(error),
        extra={"operation": intent.operation},
    )


J = TypeVar("J", Journal, AsyncJournal)


def checked_journal(journal: J | None, *, asynchronous: bool) -> J | None:
    """The journal of a client. Raises ConfigurationError for one of the other kind, which would write nothing."""
    if journal is None:
        return None
    for name in ("before_send", "after_outcome"):
        method = getattr(journal, name, None)
        if not callable(method) or inspect.iscoroutinefunction(method) is not asynchronous:
            kind = "a coroutine function" if asynchronous else "a function that blocks"
            raise ConfigurationError(f"journal.{name} must be {kind}")
    return journal
