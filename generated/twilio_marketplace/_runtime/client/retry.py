# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""When a failed attempt is followed by another one, after which pause, and how many of them a client may afford."""

from __future__ import annotations

import random
import threading
import time
from email.utils import parsedate_to_datetime
from typing import Any, Final

from ..messages.operation import Operation
from ..messages.options import Retries
from ..results.errors import (
    ClientError,
    ConfigurationError,
    ConnectError,
    ConnectTimeoutError,
    Outcome,
    PoolTimeoutError,
    TransportError,
)
from ..results.status_errors import RequestTimeout, ServerError, StatusError
from ..values.forks import renew_in_children
from ..values.unset import UNSET, Unset

_NOT_SENT: Final = (ConnectError, ConnectTimeoutError, PoolTimeoutError)
"""Failures before the first byte that the next attempt may not meet; refused arguments stay refused."""
_FINAL: Final = frozenset({501, 505})
"""Server errors that say that the request will never be served."""
_DAY: Final = 86_400
_SUCCESSES_PER_RETRY: Final = 10
ONCE: Final = Retries(attempts=1)


def checked_retries(retries: Retries | Unset | None) -> Retries:
    """The settings to use; None means a single attempt. Raises ConfigurationError."""
    if retries is UNSET:
        return Retries()
    if retries is None:
        return ONCE
    if not isinstance(retries, Retries):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError("retries must be a Retries object, or None for a single attempt")
    for name, least in (("attempts", 1), ("budget", 0)):
        value = getattr(retries, name)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise ConfigurationError(f"Retries.{name} must be a whole number of at least {least}")
    for name in ("first_delay", "longest_delay"):
        value = getattr(retries, name)
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= _DAY:
            raise ConfigurationError(f"Retries.{name} must be a number of seconds, between 0 and a day")
    return retries


def may_retry(operation: Operation[Any], error: ClientError) -> bool:
    """Whether another attempt can do no harm and some good.

    No setting widens this: what may have been done is repeated only where doing it twice is doing it once.
    """
    if error.outcome is Outcome.NOT_SENT:
        return isinstance(error, _NOT_SENT)
    if error.outcome is Outcome.NOT_PROCESSED:
        return True
    if error.outcome is not Outcome.UNKNOWN or not operation.repeatable:
        return False
    if isinstance(error, ServerError):
        return error.status not in _FINAL
    return isinstance(error, (TransportError, RequestTimeout))


def pause_before(attempt: int, error: ClientError, retries: Retries) -> float:
    """Seconds to wait before an attempt, which is at least the second: as Retry-After says, else at random.

    Full jitter: anything between 0 and a bound that doubles, so that clients that failed together come back apart.
    """
    asked = retry_after(error) if isinstance(error, StatusError) else None
    if asked is not None:
        return min(asked, retries.longest_delay)
    doublings = min(attempt - 2, 64)
    return random.uniform(0.0, min(retries.longest_delay, retries.first_delay * 2.0**doublings))


def retry_after(error: StatusError) -> float | None:
    """The Retry-After header in seconds (RFC 9110 section 10.2.3), not negative; None without a usable one."""
    text = str(error.headers.get("retry-after", "")).strip()
    if text.isascii() and text.isdigit():
        return float(text[:15])
    try:
        moment = parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None
    return max(0.0, moment - time.time())


class RetryBudget:
    """Retries that the calls of a client share, so that an outage is not multiplied; safe to share between threads."""

    def __init__(self, retries: int) -> None:
        self._most = retries * _SUCCESSES_PER_RETRY
        self._left = self._most
        self.after_fork()
        renew_in_children(self)

    def after_fork(self) -> None:
        """Make the lock anew: another thread may have held it as this process was forked."""
        self._lock = threading.Lock()

    def spend(self) -> bool:
        """Take one retry; False where none is left."""
        with self._lock:
            if self._left < _SUCCESSES_PER_RETRY:
                return False
            self._left -= _SUCCESSES_PER_RETRY
            return True

    def earn(self) -> None:
        """Count a call that succeeded."""
        if self._left < self._most:
            with self._lock:
                self._left = min(self._most, self._left + 1)
