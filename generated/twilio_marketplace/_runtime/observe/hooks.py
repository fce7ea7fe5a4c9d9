# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""What an application may watch, for tracing and metrics: every attempt of every call, as it starts and as it ends.

Hooks decide nothing: an exception out of one is logged and the call goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..results.errors import Outcome


@dataclass(frozen=True)
class Attempt:
    """One attempt of a call, about to be sent. `number` counts from 1, `path` is the template of the API's document.

    What a hook puts into `headers` is sent with this attempt, `traceparent` for instance.
    """

    operation: str
    method: str
    path: str
    url: str
    number: int
    headers: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class AttemptResult:
    """How an attempt ended, `duration` in seconds. `error` is None where the call succeeded.

    `error` is also what ended it from outside, such as a cancellation. `retry_in` is the pause in seconds before the
    next attempt, None where there is none.
    """

    outcome: Outcome
    duration: float
    status: int | None = None
    request_id: str | None = None
    error: BaseException | None = None
    retry_in: float | None = None


AttemptEnd = Callable[[AttemptResult], None]
AttemptHook = Callable[[Attempt], AttemptEnd | None]
"""Called as an attempt starts; what it returns is called as the attempt ends."""
