"""The recorder: passes each request on, holds both directions against the document, redacts, and writes the tape.

The tape is written before the caller gets the answer: what was answered is on disk.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol

from clientsmith.replay.content_coding import UnreadableBodyError, decoded
from clientsmith.replay.exchange import Finding, HttpRequest, HttpResponse
from clientsmith.replay.front_connection import problem
from clientsmith.replay.redact import Redactor
from clientsmith.replay.traffic import Traffic
from clientsmith.replay.upstream import UpstreamError, origin_form


@dataclass(frozen=True, slots=True)
class TapedExchange:
    """An exchange without secrets, as it goes on tape; `started` in seconds since the epoch, `duration` in seconds."""

    request: HttpRequest
    response: HttpResponse
    started: float
    duration: float
    operation: str | None
    redacted: tuple[str, ...]


class Tape(Protocol):
    """Where exchanges go."""

    def append(self, exchange: TapedExchange) -> None:
        """Write one exchange, so that it is there after a crash; raises OSError, and the tape is as before."""
        ...


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


@dataclass(slots=True)
class Totals:
    """What came of a run."""

    exchanges: int = 0
    taped: int = 0
    findings: int = 0
    failures: int = 0
    redacted: int = 0


class Recorder:
    """Answers requests by asking the service behind it; used in one event loop."""

    def __init__(
        self,
        traffic: Traffic,
        redactor: Redactor,
        send: Callable[[HttpRequest], Awaitable[HttpResponse]],
        tape: Tape | None,
        observe: Callable[[Passed], None],
        stop: Callable[[], None],
        *,
        conforming_only: bool = False,
    ) -> None:
        """Without a tape nothing is written; with `conforming_only` no exchange that has findings is.

        `stop` is called when the tape cannot be written any more.
        """
        self._traffic = traffic
        self._redactor = redactor
        self._send = send
        self._tape = tape
        self._observe = observe
        self._stop = stop
        self._conforming_only = conforming_only
        self.totals = Totals()
        self.tape_error: OSError | None = None
        """Why the tape could not be written; nothing is recorded after that."""

    async def respond(self, request: HttpRequest) -> HttpResponse:
        """The answer of the service, byte for byte; a problem of our own where there is none."""
        self.totals.exchanges += 1
        number = self.totals.exchanges
        if request.target == "*" or request.method == "CONNECT":
            return problem(501, f"{request.method} {request.target:.100} is not passed on")
        request = replace(request, target=origin_form(request.target))
        started, clock = time.time(), time.perf_counter()
        try:
            response = await self._send(request)
        except UpstreamError as error:
            self._failed(number, request, error, time.perf_counter() - clock)
            return problem(error.status, str(error))
        self._passed(number, request, response, started, time.perf_counter() - clock)
        return response

    def _failed(self, number: int, request: HttpRequest, error: UpstreamError, duration: float) -> None:
        self.totals.failures += 1
        path = self._redactor.text(request.target.partition("?")[0])
        self._observe(
            Passed(number, request.method, path, error.status, None, duration, False, failure=str(error))
        )

    def _passed(
        self, number: int, request: HttpRequest, response: HttpResponse, started: float, duration: float
    ) -> None:
        try:
            plain, received = _plain_request(request), _plain_response(response)
        except UnreadableBodyError as error:
            failure = UpstreamError(response.status, f"neither checked nor recorded: {error}")
            self._failed(number, request, failure, duration)
            return
        seen = self._traffic.check(plain, received)
        redacted = self._redactor.redact(plain, received, seen.operation, seen.path_texts)
        name = seen.operation.id if seen.operation is not None else None
        is_taped = self._write(
            TapedExchange(redacted.request, redacted.response, started, duration, name, redacted.places),
            has_findings=bool(seen.findings),
        )
        self.totals.findings += len(seen.findings)
        self.totals.taped += is_taped
        self.totals.redacted += len(redacted.places) if is_taped else 0
        self._observe(
            Passed(
                number,
                request.method,
                redacted.request.target,
                response.status,
                name,
                duration,
                is_taped,
                tuple(self._told(one) for one in seen.findings),
                redacted.places,
                tuple(f"what stands for the {place} breaks its schema" for place in redacted.unfit),
            )
        )

    def _told(self, finding: Finding) -> Finding:
        text = self._redactor.text
        return Finding(finding.id, text(finding.part), text(finding.pointer), text(finding.message))

    def _write(self, exchange: TapedExchange, *, has_findings: bool) -> bool:
        if self._tape is None or self.tape_error is not None or (has_findings and self._conforming_only):
            return False
        try:
            self._tape.append(exchange)
        except OSError as error:
            self.tape_error = error
            self._stop()
            return False
        return True


def _plain_request(request: HttpRequest) -> HttpRequest:
    """A request as a HAR holds it, whose readers undo no coding of a request."""
    coding = request.header("content-encoding")
    if coding is None:
        return request
    body = decoded(request.body, coding)
    lengths = {"content-encoding": None, "content-length": str(len(body))}
    headers = [(name, lengths.get(name.lower(), value)) for name, value in request.headers]
    return replace(
        request, headers=tuple((name, value) for name, value in headers if value is not None), body=body
    )


def _plain_response(response: HttpResponse) -> HttpResponse:
    """A response as a HAR holds it: the body without the coding that the headers still tell of."""
    return replace(response, body=decoded(response.body, response.header("content-encoding")))
