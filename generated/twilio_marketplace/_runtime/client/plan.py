# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""What is decided for a call before its first attempt."""

from __future__ import annotations

from ..messages.answered import ResponseCheck
from ..messages.options import Retries
from ..observe.hooks import AttemptHook
from .retry import RetryBudget


class Plan:
    """The settings of a call: those of the client, overridden by those of its options."""

    __slots__ = ("budget", "check", "deadline", "hooks", "intent_id", "retries", "timeouts")

    def __init__(
        self,
        retries: Retries,
        budget: RetryBudget,
        hooks: tuple[AttemptHook, ...],
        timeouts: dict[str, float | None],
        deadline: float | None,
        check: ResponseCheck | None,
        intent_id: str,
    ) -> None:
        self.retries = retries
        self.budget = budget
        self.hooks = hooks
        self.timeouts = timeouts
        self.deadline = deadline
        self.check = check
        self.intent_id = intent_id
