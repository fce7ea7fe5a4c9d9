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
from clientsmith.conform.promises.network import BREAKDOWNS
from clientsmith.conform.promises.partial_part import check_partial_success
from clientsmith.conform.promises.promise_case import PromiseCase, outcome_of
from clientsmith.conform.promises.settings_part import check_error_objects
from clientsmith.conform.run.context import Context
from clientsmith.conform.run.findings import Findings
from clientsmith.conform.run.status_meaning import error_name, gives_redirect, outcome
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.traffic.message import HttpRequest, HttpResponse

_ATTEMPTS = 3
_TRIED = (
    *(httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout),
    *(httpx.ReadTimeout, httpx.ReadError, httpx.WriteError, httpx.WriteTimeout, httpx.RemoteProtocolError),
)
"""Failures of the network that are tried with every operation; `failures_part` tries all of them with one."""
_STATUSES = (
    *(300, 302, 307),
    *(400, 401, 404, 405, 408, 409, 413, 422, 429, 451),
    *(500, 501, 502, 503, 504, 505, 599),
)
_FINAL = (501, 505)
"""Server errors that another attempt would meet again."""


def check_promises(context: Context, operation: DescribedOperation) -> Findings:
    """Check one operation against what the client promises whatever the API."""
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

    def _call(self, respond: Callable[[HttpRequest], HttpResponse]) -> Called:
        retries = self.get("Retries")(attempts=_ATTEMPTS, first_delay=0.0, longest_delay=0.05)
        return self.call(self.context.caller(self.mode, unlimited=True), respond, retries=retries)

    def check(self, passed: bool, id: str, message: str, called: Called | None = None, **more: Any) -> bool:
        """As for all parts, with the answer that was placed."""
        given: dict[str, Any] = {"response": self.placed, "attempts": _ATTEMPTS, **more}
        return super().check(passed, id, message, called, **given)

    def attempts(self) -> None:
        """A failure before the request was sent is retried, a later one only if the call may be made twice."""
        by_kind = {one.raised: one for one in BREAKDOWNS}
        for failure in _TRIED:
            self.placed = failure.__name__
            again = by_kind[failure].known == "not_sent" or self.is_repeatable(self.operation)
            number = _ATTEMPTS if again else 1
            called = self._call(failing(failure))
            self._number(called, failure.__name__, number)
            self._error(called, by_kind[failure].becomes, by_kind[failure].known, failure.__name__, number)

    def doubt(self) -> None:
        """What may have been done by an earlier attempt is not known, whatever became of the last one."""
        if self.is_repeatable(self.operation):
            failures = [httpx.ReadError("placed"), httpx.ConnectError("placed"), httpx.ConnectError("placed")]

            def respond(_: HttpRequest) -> HttpResponse:
                raise failures.pop(0)

            called = self._call(respond)
            reported = outcome_of(called.error)
            said = f"after a doubtful attempt the outcome is {reported}"
            self.check(reported == "unknown", "wrong-outcome", said, called)

    def statuses(self) -> None:
        """The same for statuses, documented or not; a redirect is never followed."""
        for status in _STATUSES:
            headers = (("Location", "https://elsewhere.example/x"), ("Content-Type", "text/html"))
            self.placed = HttpResponse(status, headers, b"<p>busy</p>")
            called = self._call(always(self.placed))
            known = outcome(self.operation, status)
            is_passing = status == 408 or (status >= 500 and status not in _FINAL)
            in_doubt = known == "unknown" and is_passing and self.is_repeatable(self.operation)
            number = _ATTEMPTS if known == "not_processed" or in_doubt else 1
            self._number(called, str(status), number)
            if not gives_redirect(self.operation, status):
                self._error(called, error_name(status), known, str(status), number)
            hosts = {request.header("host") for request in called.requests}
            is_kept = "elsewhere.example" not in hosts
            self.check(is_kept, "redirect-followed", f"{status} was followed", called)

    def _number(self, called: Called, cause: str, number: int) -> None:
        said = f"after {cause} there were {len(called.requests)} attempts, not {number}"
        self.check(len(called.requests) == number, "wrong-number-of-attempts", said, called, status=cause)

    def _error(self, called: Called, name: str, known: str, cause: str, number: int) -> None:
        error = called.error
        said = f"{cause} ends in {type(error).__name__ if error else 'a result'}, not in {name}"
        if not self.check(isinstance(error, self.get(name)), "wrong-error", said, called, status=cause):
            return
        said = f"{cause} is {outcome_of(error)}, not {known}"
        self.check(outcome_of(error) == known, "wrong-outcome", said, called, status=cause)
        earlier = cast("tuple[object, ...]", getattr(error, "earlier", ()))
        facts = getattr(error, "attempts", None), len(earlier), getattr(error, "operation", None)
        passed = facts == (number, number - 1, self.operation.id)
        said = f"attempts, earlier errors, operation of the error are {facts}"
        self.check(passed, "error-miscounts", said, called, status=cause)
        passed = getattr(error, "method", "") == self.operation.method and bool(getattr(error, "url", ""))
        said = "method and URL are not in the error"
        self.check(passed, "error-says-nothing", said, called, status=cause)
        sent = {(one.method, one.target, one.headers, one.body) for one in called.requests}
        said = "a second attempt sent other bytes"
        self.check(len(sent) <= 1, "attempts-differ", said, called, status=cause)

    def recovery(self) -> None:
        """Limited, then answered: one result; the pause that was asked for is kept, up to the longest allowed."""
        success = self.success()
        if success is None:
            return
        self.placed = HttpResponse(429, (("Retry-After", "1"),))
        left = [self.placed, HttpResponse(429), success]
        called = self._call(lambda _: left.pop(0) if len(left) > 1 else left[0])
        passed = called.error is None and len(called.requests) == 3
        said = f"after two 429 the call ends in {called.error!r:.200} and {len(called.requests)} requests"
        self.check(passed, "limit-not-waited-for", said, called)
        said = f"Retry-After with a longest delay of 0.05 s took {called.seconds:.3f} s"
        self.check(0.04 <= called.seconds < 0.9, "retry-after-ignored", said, called)

    def waiting(self) -> None:
        """Without a deadline each step of an attempt still has a timeout, unless a caller asks for none."""
        caller = self.context.caller(self.mode, unlimited=True)
        called = caller.call(self.operation.id, self.inputs, lambda _: HttpResponse(404), deadline=None)
        steps = [cast("dict[str, object]", one) for one in caller.wire.timeouts if isinstance(one, dict)]
        passed = bool(steps) and all(one and None not in one.values() for one in steps)
        self.check(passed, "no-timeout", f"the steps of an attempt may take {caller.wire.timeouts}", called)
