# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""The package's log: one record for each attempt, with nothing in it that is secret. Messages of people live here only.

The logger is called as the package is imported. Levels: DEBUG for an attempt, INFO for a retry, WARNING for a billing
call whose outcome is unknown or whose connection may be shared and for a field that may be too large, ERROR for a hook
that failed, or a journal.
"""

from __future__ import annotations

import logging
from typing import Any, Final

from ..values.plain_text import excerpt, printable
from .hooks import Attempt, AttemptResult

_LONGEST: Final = 2000
"""Bytes of an error in a record."""
LOGGER: Final = logging.getLogger(__name__.rsplit(".", 3)[0])


def wants(pause: float | None) -> bool:
    """Whether anyone listens to the end of an attempt that is followed by this pause, or by none."""
    return LOGGER.isEnabledFor(_level(pause))


def _level(pause: float | None) -> int:
    return logging.DEBUG if pause is None else logging.INFO


def attempt_ended(attempt: Attempt, result: AttemptResult) -> None:
    """Log how an attempt ended."""
    after = "" if result.retry_in is None else f"; trying again in {result.retry_in:.3f} s"
    LOGGER.log(
        _level(result.retry_in),
        "%s %s %s: attempt %d %s in %.3f s%s",
        attempt.operation,
        attempt.method,
        attempt.path,
        attempt.number,
        result.status if result.status is not None else result.outcome,
        result.duration,
        after,
        extra=_fields(attempt) | _result_fields(result),
    )


def outcome_unknown(attempt: Attempt | None, operation: str, intent_id: str) -> None:
    """Log that a billing call ended without a clear answer; `intent_id` is empty if no journal knows of it."""
    LOGGER.warning(
        "%s: the outcome is unknown; find out what was billed before sending it again%s",
        operation,
        f" (intent {printable(intent_id)})" if intent_id else "",
        extra=_fields(attempt) if attempt else {"operation": operation},
    )


def large_field(name: str, size: int, limit: int) -> None:
    """Log that a field of a body is larger than the API's description takes without a warning."""
    LOGGER.warning(
        "the field %s has %d bytes: more than %d may be refused; it is sent as it is",
        printable(name),
        size,
        limit,
        extra={"field": name, "bytes": size},
    )


def shared_connection(attempt: Attempt) -> None:
    """Log that a billing call was answered on a connection that may have carried others."""
    LOGGER.warning(
        "%s: succeeded on a connection that other calls may share; a transport or proxy hides whose answer it is",
        attempt.operation,
        extra=_fields(attempt),
    )


def hook_failed(attempt: Attempt, error: Exception) -> None:
    """Log an exception out of a hook, without the frames that held what it was given."""
    LOGGER.error("a hook failed at %s: %s", attempt.operation, kind(error), extra=_fields(attempt))


def kind(error: Exception) -> str:
    """An exception in one line."""
    text = excerpt(str(error), _LONGEST)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _fields(attempt: Attempt) -> dict[str, Any]:
    return {
        "operation": attempt.operation,
        "method": attempt.method,
        "path": attempt.path,
        "attempt": attempt.number,
    }


def _result_fields(result: AttemptResult) -> dict[str, Any]:
    return {
        "status": result.status,
        "request_id": result.request_id,
        "duration": result.duration,
        "outcome": str(result.outcome),
    }
