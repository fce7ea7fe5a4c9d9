# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""One call from its first attempt to its end, without I/O: what to send, what came of it, whether to try again.

Both clients drive it the same way: `start` gives a request, `answered` or `failure` say what became of it,
`pause_after` gives the pause before the next attempt, `go_on` ends the attempt or raises, `ended` sums up.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic

import httpx
from typing_extensions import TypeVar

from ..http.following import Following, is_multiplexed
from ..http.link import SHARED, Link
from ..http.sockets.attempt_state import AttemptState
from ..http.transport import from_other, without_frames
from ..messages.answered import ResponseCheck
from ..messages.operation import Operation
from ..messages.request import PreparedRequest
from ..messages.response import REPEATABLE, decode, outcome_of, put_in_doubt
from ..observe import call_hooks, log
from ..observe.hooks import Attempt, AttemptEnd, AttemptResult
from ..results.api_response import ApiResponse
from ..results.errors import CallTimeoutError, ClientError, DeadlineExceededError, Outcome
from ..results.status_errors import StatusError
from .plan import Plan
from .retry import may_retry, pause_before

T = TypeVar("T")


class Call(Generic[T]):
    """The state of one call. Its repr, like that of everything in it, holds no credentials."""

    def __init__(self, operation: Operation[T], prepared: PreparedRequest, plan: Plan) -> None:
        self.operation = operation
        self.prepared = prepared
        self.plan = plan
        self.attempt_state = AttemptState()
        self.number = 0
        self._earlier: list[ClientError] = []
        self._in_progress = False
        self._last: Outcome | None = None
        self.outcome = Outcome.UNKNOWN  # until it has ended
        self._started = 0.0
        self.answer: ApiResponse | None = None
        self._attempt: Attempt | None = None
        self._ends: list[AttemptEnd] = []
        self._link = SHARED
        self.followed: Following | None = None
        self.held: httpx.Response | None = None

    def start(self, link: Link) -> httpx.Request:
        """The request of the next attempt, for a transport that is reached in this way."""
        alone = link.closes and self.operation.bills
        is_fresh = not self.operation.repeatable
        self.attempt_state = AttemptState(self.plan.deadline, fresh=is_fresh, alone=alone)
        self._link = link
        self.followed = None
        if not link.trace:
            self.attempt_state.sent = False
        if self.attempt_state.expired:
            raise self._past_deadline(Outcome.NOT_SENT)
        self._in_progress = True
        self.number += 1
        self._last = self.answer = self._attempt = None
        self._started = time.perf_counter()
        headers = self.prepared.headers
        if self.plan.hooks:
            self._ends, more = call_hooks.begin(self.plan.hooks, self.attempt)
            headers = self.prepared.headers_with(more)
        extensions = self.attempt_state.extensions(self.plan.timeouts)
        if link.trace:
            extensions["trace"] = getattr(self.attempt_state, link.trace)
        return self.prepared.request(headers, extensions, close=link.says_close(bills=self.operation.bills))

    @property
    def attempt(self) -> Attempt:
        """The current attempt, for hooks and the log."""
        if self._attempt is None:
            prepared = self.prepared
            operation, url = self.operation, prepared.shown_url
            self._attempt = Attempt(operation.id, prepared.method, operation.path, url, self.number)
        return self._attempt

    def arrived(self, answer: ApiResponse) -> None:
        """Note that a complete answer is there: whatever happens from now on, the outcome is known."""
        self.answer = answer

    def answered(self, answer: ApiResponse) -> T:
        """The result of a complete answer. Raises StatusError or ResponseDecodeError."""
        result: T = self._decoded(answer, self.plan.check)
        if self.operation.bills and self._is_shared(answer):
            log.shared_connection(self.attempt)
        self._finish_attempt(Outcome.SUCCEEDED, None, None)
        self.plan.budget.earn()
        return result

    def _decoded(self, answer: ApiResponse, check: ResponseCheck | None) -> T:
        try:
            result: T = decode(self.operation, answer, self.prepared.content, check, self.prepared.secrets)
        except StatusError as error:
            doubt = self._doubt(answer)
            if doubt and error.outcome in REPEATABLE:
                put_in_doubt(error, doubt)
            raise
        return result

    def must_end(self, answer: ApiResponse) -> bool:
        """Whether the answer counts only if its connection ends after it: a refusal of a call that bills."""
        return (
            self.attempt_state.alone
            and outcome_of(self.operation, answer.status) in REPEATABLE
            and not self._is_by_itself(answer)
            and self.attempt_state.opened is True
        )

    def hold(self, response: httpx.Response) -> bool:
        """Keep the connection of a refusal aside, to be watched before the refusal is believed.

        That of a call that may be made twice is believed at once. True if the response must not be closed yet: it is
        `held` until it has been looked at.
        """
        answer = self.answer
        if answer is None or self.operation.repeatable:
            return False
        self.attempt_state.spoiled = outcome_of(self.operation, answer.status) is not Outcome.SUCCEEDED
        if not self._has_to_be_watched(answer):
            return False
        self.held = response
        set_aside: Callable[[], None] | None = getattr(response.stream, "set_aside", None)
        if set_aside is not None:
            set_aside()
        return True

    def _has_to_be_watched(self, answer: ApiResponse) -> bool:
        """Whether the answer is a refusal that is believed only once nothing has followed it for a while."""
        return (
            not self.operation.repeatable
            and not self.attempt_state.alone
            and outcome_of(self.operation, answer.status) in REPEATABLE
            and not self._is_by_itself(answer)
        )

    def _doubt(self, answer: ApiResponse) -> str:
        """Why a refusal may be the answer to another call; empty if it cannot be."""
        if self.attempt_state.early:
            return "it came before the request was through, on a connection that had carried others"
        if not self.attempt_state.alone or self._is_by_itself(answer):
            return ""
        if not self.attempt_state.opened:
            return "its connection may have carried other calls"
        return (self.followed or Following.HIDDEN).value

    def _is_shared(self, answer: ApiResponse) -> bool:
        return self.attempt_state.alone and not self.attempt_state.opened and not self._is_by_itself(answer)

    def _is_by_itself(self, answer: ApiResponse) -> bool:
        """Whether no connection leads to the service, or one on which every answer names its request."""
        return self._link.in_process or is_multiplexed(answer.http_version)

    def failure(self, error: Exception, *, foreign: bool) -> ClientError:
        """The error that names what a transport raised, or ran into the deadline with."""
        if isinstance(error, ClientError):
            without_frames(error)  # they hold the headers of the request
            return error
        prepared = self.prepared
        named = from_other(
            error,
            self.operation.id,
            prepared.method,
            prepared.shown_url,
            sent=self.attempt_state.sent,
            foreign=foreign,
        )
        if isinstance(named, CallTimeoutError) and self.attempt_state.expired:
            return self._past_deadline(named.outcome)
        return named

    def past_deadline(self) -> ClientError:
        """The error of an attempt that was cut off by the deadline."""
        return self._past_deadline(Outcome.NOT_SENT if self.attempt_state.sent is False else Outcome.UNKNOWN)

    def _past_deadline(self, outcome: Outcome) -> DeadlineExceededError:
        prepared = self.prepared
        where = f"{prepared.method} {prepared.shown_url}; outcome: {outcome}"
        return DeadlineExceededError(
            f"{self.operation.id}: the deadline of the call has passed ({where})",
            outcome=outcome,
            operation=self.operation.id,
            method=prepared.method,
            url=prepared.shown_url,
        )

    def pause_after(self, error: ClientError) -> float | None:
        """Seconds until the next attempt, None if there is none."""
        # First of all: whatever interrupts the rest, this is known. A refusal that has to be watched is not yet.
        self._last = error.outcome if self.held is None else Outcome.UNKNOWN
        return self._pause(error)

    def watched(self, error: ClientError, followed: Following, *, long_enough: bool) -> None:
        """Take back what a refusal says about the request if it may be the answer to another call."""
        if followed is Following.DATA or followed is Following.UNSIZED or not long_enough:
            put_in_doubt(error, followed.value)

    def go_on(self, error: ClientError, pause: float | None) -> None:
        """End the attempt, to be followed by another one after so many seconds. Raises the error if there is none."""
        self._last = error.outcome
        if error.outcome is Outcome.UNKNOWN and not self.operation.repeatable:
            pause = None
        self._finish_attempt(error.outcome, error, pause)
        if pause is None:
            raise self._final(error)
        self._earlier.append(error)

    def taken_back(self) -> ClientError:
        """The error of the call if something follows the refusal after which it was to be made again."""
        error = self._earlier.pop()
        self._last = Outcome.UNKNOWN
        put_in_doubt(error, Following.DATA.value)
        return self._final(error)

    def _pause(self, error: ClientError) -> float | None:
        plan = self.plan
        if self.number >= plan.retries.attempts or not may_retry(self.operation, error):
            return None
        pause = pause_before(self.number + 1, error, plan.retries)
        if plan.deadline is not None and time.monotonic() + pause >= plan.deadline:
            return None
        return pause if plan.budget.spend() else None

    def _final(self, error: ClientError) -> ClientError:
        """The error as the caller sees it: the whole call's, not only the last attempt's."""
        error.attempts = self.number
        error.earlier = tuple(self._earlier)
        if not self._earlier:
            return error
        outcome = self._overall(error.outcome)
        note = f"attempt {self.number}"
        if outcome is not error.outcome:
            note += f"; an earlier one left the outcome {outcome}"
            error.outcome = outcome
        error.args = (f"{error.message} [{note}]", *error.args[1:])
        return error

    def _overall(self, last: Outcome) -> Outcome:
        doubtful = any(earlier.outcome is Outcome.UNKNOWN for earlier in self._earlier)
        return Outcome.UNKNOWN if doubtful and last is not Outcome.SUCCEEDED else last

    def ended(self, error: BaseException | None) -> None:
        """Note how the call ended; `error` is what the caller sees, also if it came from outside."""
        if error is None:
            outcome = Outcome.SUCCEEDED
        elif isinstance(error, ClientError):
            outcome = error.outcome
        else:
            outcome = self._overall(self._outcome_when_broken_off())
            if self._in_progress:
                self._finish_attempt(outcome, error, None)
        if outcome is Outcome.UNKNOWN and self.operation.bills:
            log.outcome_unknown(self.attempt if self.number else None, self.operation.id, self.plan.intent_id)
        self.outcome = outcome

    def _outcome_when_broken_off(self) -> Outcome:
        if self._last is not None:
            return self._last
        if self.answer is not None:
            if self._has_to_be_watched(self.answer):
                return Outcome.UNKNOWN
            try:
                self._decoded(self.answer, None)
            except ClientError as error:
                return error.outcome
            return Outcome.SUCCEEDED
        if self._in_progress:
            return Outcome.NOT_SENT if self.attempt_state.sent is False else Outcome.UNKNOWN
        return Outcome.NOT_SENT if self.number == 0 else self._last or Outcome.UNKNOWN

    def _finish_attempt(self, outcome: Outcome, error: BaseException | None, pause: float | None) -> None:
        """Tell hooks and log that the attempt is over."""
        flying, self._in_progress = self._in_progress, False
        if not flying or not (self._ends or log.wants(pause)):
            return
        answer = self.answer
        result = AttemptResult(
            outcome,
            time.perf_counter() - self._started,
            answer.status if answer else None,
            self.prepared.shown(answer.request_id) if answer else None,
            error,
            pause,
        )
        call_hooks.finish(self._ends, self.attempt, result)
        self._ends = []
        log.attempt_ended(self.attempt, result)
