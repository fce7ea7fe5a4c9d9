"""Promises that no schema makes: how often a call is tried, and what an error says of the request and its attempts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import httpx

from clientsmith.conform.client.calls import Called
from clientsmith.conform.client.scripted import always, failing
from clientsmith.conform.model import MODES
from clientsmith.conform.promises.credentials_part import check_credentials
from clientsmith.conform.promises.extras_part import check_headers
from clientsmith.conform.promises.journal.journal_part import check_journal
from clientsmith.conform.promises.partial_part import check_partial_success
from clientsmith.conform.promises.promise_case import PromiseCase
from clientsmith.conform.promises.settings_part import check_error_objects
from clientsmith.conform.run.context import Context, Findings
from clientsmith.conform.run.outcomes import error_name, gives_redirect, outcome
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.traffic.message import HttpRequest, HttpResponse

_ATTEMPTS = 3
_NOT_SENT = (
    (httpx.ConnectError, "ConnectError"), (httpx.ConnectTimeout, "ConnectTimeoutError"),
    (httpx.PoolTimeout, "PoolTimeoutError"),
)  # fmt: skip
_UNKNOWN = (
    (httpx.ReadTimeout, "ReadTimeoutError"), (httpx.ReadError, "ReadError"), (httpx.WriteError, "WriteError"),
    (httpx.WriteTimeout, "WriteTimeoutError"), (httpx.RemoteProtocolError, "ProtocolError"),
)  # fmt: skip
_STATUSES = (
    300, 302, 307, 400, 401, 404, 405, 408, 409, 413, 422, 429, 451, 500, 501, 502, 503, 504, 505, 599,
)  # fmt: skip


def check_promises(context: Context, operation: DescribedOperation) -> Findings:
    """Hold one operation against what the client promises whatever the API."""
    findings = Findings(context, "promises", operation)
    usual = context.usual_inputs(operation)
    if usual is not None:
        for mode in MODES:
            part = _PromisesPart(context, operation, findings, usual, mode)
            part.attempts()
            part.doubt()
            part.statuses()
            part.recovery()
            part.waiting()
            check_headers(part)
            check_credentials(part)
            check_error_objects(part)
            check_journal(part)
            check_partial_success(part)
    return findings


@dataclass
class _PromisesPart(PromiseCase):
    placed: HttpResponse | str | None = None
    """What the calls being looked at are answered with, for the script that repeats them."""

    def _call(self, respond: Callable[[HttpRequest], HttpResponse], **retries: Any) -> Called:
        chosen = {"attempts": _ATTEMPTS, "first_delay": 0.0, "longest_delay": 0.05} | retries
        caller = self.context.caller(self.mode, unlimited=True)
        return caller.call(
            self.operation.id, self.inputs, respond, retries=self.context.package.get("Retries")(**chosen)
        )

    def _holds(self, passed: bool, id: str, message: str, called: Called, **more: Any) -> bool:
        request = called.requests[0] if called.requests else None
        more.setdefault("response", self.placed)
        return self.findings.check(
            passed,
            id,
            message,
            mode=self.mode,
            inputs=self.inputs,
            request=request,
            attempts=_ATTEMPTS,
            **more,
        )

    def attempts(self) -> None:
        """A failure before the request left is tried again, one after it only where twice is once."""
        for cases, expected, expected_outcome in (
            (_NOT_SENT, _ATTEMPTS, "not_sent"),
            (_UNKNOWN, None, "unknown"),
        ):
            for failure, name in cases:
                self.placed = failure.__name__
                called = self._call(failing(failure))
                number = (
                    expected
                    if expected is not None
                    else _ATTEMPTS
                    if self.is_repeatable(self.operation)
                    else 1
                )
                self._holds(
                    len(called.requests) == number, "wrong-number-of-attempts",
                    f"after {failure.__name__} there were {len(called.requests)} attempts, not {number}", called,
                    status=failure.__name__,
                )  # fmt: skip
                self._error(called, name, expected_outcome, failure.__name__, number)

    def doubt(self) -> None:
        """What may have been done by an earlier attempt is not known, whatever became of the last one."""
        if self.is_repeatable(self.operation):
            failures = [httpx.ReadError("placed"), httpx.ConnectError("placed"), httpx.ConnectError("placed")]

            def respond(_: HttpRequest) -> HttpResponse:
                raise failures.pop(0)

            called = self._call(respond)
            reported = str(getattr(called.error, "outcome", ""))
            self._holds(
                reported == "unknown",
                "wrong-outcome",
                f"after a doubtful attempt the outcome is {reported}",
                called,
            )

    def statuses(self) -> None:
        """The same for statuses, documented or not; a redirect is never followed."""
        for status in _STATUSES:
            headers = (("Location", "https://elsewhere.example/x"), ("Content-Type", "text/html"))
            self.placed = HttpResponse(status, headers, b"<p>busy</p>")
            called = self._call(always(self.placed))
            expected_outcome = outcome(self.operation, status)
            again = expected_outcome == "not_processed" or (
                expected_outcome == "unknown"
                and self.is_repeatable(self.operation)
                and (status == 408 or status >= 500)
                and status not in (501, 505)
            )
            number = _ATTEMPTS if again else 1
            self._holds(
                len(called.requests) == number, "wrong-number-of-attempts",
                f"after {status} there were {len(called.requests)} attempts, not {number}", called,
                status=str(status),
            )  # fmt: skip
            if not gives_redirect(self.operation, status):
                self._error(called, error_name(status), expected_outcome, str(status), number)
            hosts = {request.header("host") for request in called.requests}
            self._holds(
                "elsewhere.example" not in hosts, "redirect-followed", f"{status} was followed", called
            )

    def _error(self, called: Called, name: str, expected_outcome: str, cause: str, number: int) -> None:
        error = called.error
        if not self._holds(
            isinstance(error, self.context.package.get(name)), "wrong-error",
            f"{cause} ends in {type(error).__name__ if error else 'a result'}, not in {name}", called, status=cause,
        ):  # fmt: skip
            return
        self._holds(
            str(getattr(error, "outcome", "")) == expected_outcome, "wrong-outcome",
            f"{cause} is {getattr(error, 'outcome', '')}, not {expected_outcome}", called, status=cause,
        )  # fmt: skip
        earlier = cast("tuple[object, ...]", getattr(error, "earlier", ()))
        facts = getattr(error, "attempts", None), len(earlier), getattr(error, "operation", None)
        self._holds(
            facts == (number, number - 1, self.operation.id), "error-miscounts",
            f"attempts, earlier errors, operation of the error are {facts}", called, status=cause,
        )  # fmt: skip
        named = getattr(error, "method", "") == self.operation.method and bool(getattr(error, "url", ""))
        self._holds(named, "error-says-nothing", "method and URL are not in the error", called, status=cause)
        same = {(one.method, one.target, one.headers, one.body) for one in called.requests}
        self._holds(
            len(same) <= 1, "attempts-differ", "a second attempt sent other bytes", called, status=cause
        )

    def recovery(self) -> None:
        """Limited, then answered: one result; the pause that was asked for is kept, up to the longest allowed."""
        success = self.success()
        if success is None:
            return
        answers = [
            HttpResponse(429, (("Retry-After", "1"),)), HttpResponse(429), success
        ]  # fmt: skip
        self.placed = answers[0]
        left = list(answers)
        called = self._call(lambda _: left.pop(0) if len(left) > 1 else left[0])
        self._holds(
            called.error is None and len(called.requests) == 3, "limit-not-waited-for",
            f"after two 429 the call ends in {called.error!r:.200} and {len(called.requests)} requests", called,
        )  # fmt: skip
        self._holds(
            0.04 <= called.seconds < 0.9, "retry-after-ignored",
            f"Retry-After with a longest delay of 0.05 s took {called.seconds:.3f} s", called,
        )  # fmt: skip

    def waiting(self) -> None:
        """Without a deadline each step of an attempt still has a timeout, unless a caller asks for none."""
        caller = self.context.caller(self.mode, unlimited=True)
        called = caller.call(self.operation.id, self.inputs, lambda _: HttpResponse(404), deadline=None)
        steps = [cast("dict[str, object]", one) for one in caller.wire.timeouts if isinstance(one, dict)]
        passed = bool(steps) and all(
            one and all(value is not None for value in one.values()) for one in steps
        )
        self._holds(passed, "no-timeout", f"the steps of an attempt may take {caller.wire.timeouts}", called)
