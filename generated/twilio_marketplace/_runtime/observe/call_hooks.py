# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Calls the hooks of an application; what they get is described in `hooks`.

A hook never decides over a call: whatever it raises is logged and goes no further.
"""

from __future__ import annotations

from ..http.headers import HeaderTable, add_given
from ..results.errors import RequestValidationError
from . import log
from .hooks import Attempt, AttemptEnd, AttemptHook, AttemptResult


def begin(hooks: tuple[AttemptHook, ...], attempt: Attempt) -> tuple[list[AttemptEnd], HeaderTable]:
    """Tell every hook that an attempt starts; gives what to call as it ends, and the headers that they added."""
    ends = [end for hook in hooks if (end := _start(hook, attempt)) is not None]
    table: HeaderTable = {}
    for name, value in attempt.headers.items():
        _add(table, name, value, attempt)
    return ends, table


def _start(hook: AttemptHook, attempt: Attempt) -> AttemptEnd | None:
    try:
        return hook(attempt)
    except Exception as error:
        log.hook_failed(attempt, error)
        return None


def _add(table: HeaderTable, name: str, value: str, attempt: Attempt) -> None:
    try:
        add_given(table, {name: value})
    except RequestValidationError as error:
        log.hook_failed(attempt, error)


def finish(ends: list[AttemptEnd], attempt: Attempt, result: AttemptResult) -> None:
    """Tell the hooks that the attempt is over, the last one first."""
    for end in reversed(ends):
        _end(end, attempt, result)


def _end(end: AttemptEnd, attempt: Attempt, result: AttemptResult) -> None:
    try:
        end(result)
    except Exception as error:
        log.hook_failed(attempt, error)
