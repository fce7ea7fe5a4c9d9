"""What becomes of an exchange that was passed on: checked against the document, redacted, and written to the tape.

All of it takes a while and happens in a thread; nothing here waits for the network.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from clientsmith.traffic.content_coding import UnreadableBodyError
from clientsmith.traffic.exchange_check import CheckedExchange, ExchangeChecker
from clientsmith.traffic.message import Finding, HttpRequest, HttpResponse
from clientsmith.traffic.redaction import opaque
from clientsmith.traffic.redaction.exchanges import RedactedExchange, Redactor
from clientsmith.traffic.redaction.known_secrets import TooManySecretsError
from clientsmith.traffic.tapes.har_tape import RecordedExchange

_LOGGER = logging.getLogger("clientsmith.record")


class Tape(Protocol):
    """Where exchanges go."""

    def append(self, exchange: RecordedExchange) -> None:
        """Write one exchange, so that it is there after a crash; raises OSError, and the tape is as before."""
        ...


@dataclass(frozen=True, slots=True)
class PassedExchange:
    """A request that was passed on, and the response of the service: `started` in Unix time, `duration` in seconds."""

    number: int
    request: HttpRequest
    response: HttpResponse
    started: float
    duration: float


@dataclass(frozen=True, slots=True)
class Passed:
    """What an observer is told of one request: nothing in it is secret.

    `failure` says why there was no answer, or why the exchange is not on the tape. `notes` are for the reader.
    """

    number: int
    method: str
    target: str
    status: int
    operation: str | None
    duration: float
    is_taped: bool
    findings: tuple[Finding, ...] = ()
    redacted: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """The result for one request; `is_opaque` if a body of the exchange could not be read."""

    passed: Passed
    is_opaque: bool = False


_Redact = Callable[..., RedactedExchange]


class Examiner:
    """Examines one exchange after the other; used in one thread."""

    def __init__(
        self,
        checker: ExchangeChecker,
        redactor: Redactor,
        tape: Tape | None,
        *,
        conforming_only: bool = False,
        keep_opaque: bool = False,
    ) -> None:
        """Without a tape nothing is written; with `conforming_only` no exchange that has findings is.

        Exchanges whose bodies cannot be searched for secrets are written with `keep_opaque` only.
        """
        self._checker = checker
        self._redactor = redactor
        self._tape = tape
        self._conforming_only = conforming_only
        self._keep_opaque = keep_opaque
        self.tape_error: OSError | None = None
        """Why the tape could not be written; nothing is recorded after that."""
        self.redaction_error: TooManySecretsError | None = None
        """Why no exchange can be redacted any more; nothing is recorded or reported of one after that."""

    @property
    def has_ended(self) -> bool:
        """Whether nothing can be recorded any more."""
        return self.tape_error is not None or self.redaction_error is not None

    def failure(
        self, number: int, request: HttpRequest, status: int, reason: str, duration: float
    ) -> Examined:
        """A request without an exchange that could be checked and recorded."""
        path = self._redactor.text(request.target.partition("#")[0].partition("?")[0])
        return Examined(Passed(number, request.method, path, status, None, duration, False, failure=reason))

    def examine(self, exchange: PassedExchange) -> Examined:
        """Check, redact and record an exchange; never raises."""
        try:
            return self._examine(exchange)
        except Exception:
            method, target = exchange.request.method, exchange.request.target
            _LOGGER.exception("%s %.200s was passed on and not recorded", method, target)
            reason = "neither checked nor recorded, by a bug in clientsmith; its standard error says more"
            return self._failed(exchange, reason)

    def _failed(self, exchange: PassedExchange, reason: str) -> Examined:
        status = exchange.response.status
        return self.failure(exchange.number, exchange.request, status, reason, exchange.duration)

    def _examine(self, exchange: PassedExchange) -> Examined:
        unreadable: UnreadableBodyError | None = None
        request, response = exchange.request, exchange.response
        try:
            request, response = opaque.readable_request(request), opaque.readable_response(response)
        except UnreadableBodyError as error:
            if not self._keep_opaque:
                failed = self._failed(exchange, f"neither checked nor recorded: {error}")
                return replace(failed, is_opaque=True)
            unreadable = error
        checked = self._checker.check(request, response)
        redact = self._redactor.redact if unreadable is None else self._redact_bytes
        redacted = self._redacted(redact, request, response, checked)
        if redacted is None:
            return self._unredacted(exchange)
        notes = [f"what stands for the {place} breaks its schema" for place in redacted.unfit]
        if unreadable is not None:
            notes.append(f"kept without a search for secrets: {unreadable}")
        passed = self._recorded(exchange, checked, redacted)
        return Examined(replace(passed, notes=tuple(notes)), unreadable is not None)

    def _recorded(
        self, exchange: PassedExchange, checked: CheckedExchange, redacted: RedactedExchange
    ) -> Passed:
        """Write an exchange to the tape, if it belongs there."""
        request, response = redacted.request, redacted.response
        operation = checked.operation.id if checked.operation is not None else None
        is_wanted = self._tape is not None and not (checked.findings and self._conforming_only)
        is_taped = is_wanted and self._write(
            RecordedExchange(
                request, response, exchange.started, exchange.duration, operation, redacted.places
            )
        )
        return Passed(
            exchange.number,
            exchange.request.method,
            request.target,
            exchange.response.status,
            operation,
            exchange.duration,
            is_taped,
            tuple(self._without_secrets(finding) for finding in checked.findings),
            redacted.places,
            failure="not recorded: the tape cannot be written" if is_wanted and not is_taped else None,
        )

    def _redact_bytes(self, request: HttpRequest, response: HttpResponse, *about: Any) -> RedactedExchange:
        """The redaction of bodies that are not text, or not in a character set that is known."""
        hidden_request = replace(request, headers=opaque.hidden(request.headers))
        hidden_response = replace(response, headers=opaque.hidden(response.headers))
        redacted = self._redactor.redact(hidden_request, hidden_response, *about)
        sent, received = redacted.request, redacted.response
        return replace(
            redacted,
            request=replace(sent, headers=opaque.shown(sent.headers, request.headers)),
            response=replace(received, headers=opaque.shown(received.headers, response.headers)),
        )

    def _redacted(
        self, redact: _Redact, request: HttpRequest, response: HttpResponse, checked: CheckedExchange
    ) -> RedactedExchange | None:
        """The exchange without secrets; None once there are more secrets than can be looked for."""
        if self.redaction_error is None:
            try:
                return redact(request, response, checked.operation, checked.path_texts)
            except TooManySecretsError as error:
                self.redaction_error = error
        return None

    def _unredacted(self, exchange: PassedExchange) -> Examined:
        """An exchange of which nothing may be shown."""
        failure = f"neither checked nor recorded: {self.redaction_error}"
        number, status = exchange.number, exchange.response.status
        return Examined(Passed(number, "-", "-", status, None, exchange.duration, False, failure=failure))

    def _without_secrets(self, finding: Finding) -> Finding:
        text = self._redactor.text
        return Finding(finding.id, text(finding.part), text(finding.pointer), text(finding.message))

    def _write(self, exchange: RecordedExchange) -> bool:
        if self._tape is None or self.tape_error is not None:
            return False
        try:
            self._tape.append(exchange)
        except OSError as error:
            self.tape_error = error
            return False
        return True
